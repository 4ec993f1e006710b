"""A site that shows walls is left to rest until the next run.

One page behind a wall says little: the others of a site often answer. So a few more are tried, each with the usual
pause. ``_IN_A_ROW`` walls one after the other are the whole site's answer; ``_IN_ALL`` are enough where pages answer
and documents do not. Asking on would look like an attempt to break in, and makes firewalls block longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

from crawler.walls import wall

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_IN_A_ROW = 3
_IN_ALL = 10


class SiteRestsError(IgnoreRequest):
    """A request was not made, because the site answered others with walls."""


class RestAfterWallsMiddleware:
    """Counts the walls of one run; pages that come from the archive were counted when they were asked for."""

    def __init__(self) -> None:
        self.in_a_row = 0
        self.in_all = 0

    @classmethod
    def from_crawler(cls, crawler: Any) -> RestAfterWallsMiddleware:  # noqa: ARG003  # Scrapy calls it so
        return cls()

    def process_request(self, request: Request) -> None:
        """Stops what would be one wall too many.

        Raises:
            SiteRestsError: there were too many walls.
        """
        if self.in_a_row >= _IN_A_ROW or self.in_all >= _IN_ALL:
            raise SiteRestsError(
                f"{request.url} was not asked for: the site answered {self.in_all} requests with walls and rests until "
                "the next run"
            )

    def process_response(self, request: Request, response: Response) -> Response:
        if "archived" in response.flags or request.meta.get("dont_obey_robotstxt"):
            return response
        met = bool(wall(response.status, response.body))
        self.in_a_row = self.in_a_row + 1 if met else 0
        self.in_all += met
        return response
