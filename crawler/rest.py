"""A site that shows walls, or that is in trouble, is left to rest until the next run.

One page behind a wall says little: the others of a site often answer. So a few more are tried, each with the usual
pause. ``_IN_A_ROW`` walls one after the other are the whole site's answer; ``_IN_ALL`` are enough where pages answer
and documents do not. Asking on would look like an attempt to break in, and makes firewalls block longer.

A server that fails, is silent or refuses at ``_TROUBLES`` addresses, with no other answer between them, is down or
overloaded: asking on would not help it. Retries are no further addresses, and most come when all else was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawler.bounded_headers import TOLD
from crawler.walls import wall

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_IN_A_ROW = 3
_IN_ALL = 10
_TROUBLES = 5
_NO_ANSWER = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError)


class SiteRestsError(IgnoreRequest):
    """A request was not made, because the site answered others with walls."""


class DownError(IgnoreRequest):
    """A request was not made, because the server failed or was silent several times in a row.

    ``kind``: that of the last failure (crawler.items.Failure).
    """

    def __init__(self, message: str, kind: str = "refused") -> None:
        super().__init__(message)
        self.kind = kind


class RestAfterWallsMiddleware:
    """Counts the walls of one run, and its troubles; pages that come from the archive were counted when they came."""

    def __init__(self) -> None:
        self.in_a_row = 0
        self.in_all = 0
        self.troubled: set[str] = set()
        self.kind = ""

    @classmethod
    def from_crawler(cls, crawler: Any) -> RestAfterWallsMiddleware:  # noqa: ARG003  # Scrapy calls it so
        return cls()

    def process_request(self, request: Request) -> None:
        """Stops what would be one wall too many.

        Raises:
            SiteRestsError: there were too many walls.
            DownError: there were too many failures one after the other.
        """
        if self.in_a_row >= _IN_A_ROW or self.in_all >= _IN_ALL:
            raise SiteRestsError(
                f"{request.url} was not asked for: the site answered {self.in_all} requests with walls and rests until "
                "the next run"
            )
        if len(self.troubled) >= _TROUBLES:
            raise DownError(
                f"{request.url} was not asked for: {_TROUBLES} addresses in a row gave errors or no answer, and the "
                "site rests until the next run",
                self.kind,
            )

    def process_response(self, request: Request, response: Response) -> Response:
        if "archived" in response.flags or request.meta.get("dont_obey_robotstxt"):
            return response
        met = bool(wall(response.status, response.body))
        self.in_a_row = self.in_a_row + 1 if met else 0
        self.in_all += met
        if response.status >= 500 and not met:
            self._is_troubled(request, "server_error")
        else:
            self.troubled.clear()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Timeouts, and connections that are refused or end; what is too large or cut short is an answer."""
        if isinstance(exception, _NO_ANSWER) and TOLD not in str(exception):
            self._is_troubled(request, "timeout" if isinstance(exception, DownloadTimeoutError) else "refused")

    def _is_troubled(self, request: Request, kind: str) -> None:
        if not request.meta.get("dont_obey_robotstxt"):  # robots.txt itself: crawler.robots knows what to make of it
            self.troubled.add(request.url)
            self.kind = kind
