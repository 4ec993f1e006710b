"""robots.txt by RFC 9309: a server in trouble closes the site, a missing file opens it, a challenge page is no file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.walls import wall

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_CLOSED = b"User-agent: *\nDisallow: /\n"
_LARGEST = 500 * 1024


class RobotsForbidden(IgnoreRequest):  # reads as what it is
    """robots.txt closes the path."""


class Rfc9309Middleware(RobotsTxtMiddleware):
    """Scrapy's middleware with the standard's answers to what is no robots.txt (sections 2.3.1.3 and 2.3.1.4)."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body = rules(response.status, response.body)
        await super()._parse_robots(response.replace(status=200, body=body), netloc, request)

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, Exception] = {}

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Unreachable: complete disallow, for those too that wait for this answer."""
        self._unreachable[netloc] = exc
        waiting: Any = self._parsers[netloc]
        closed = self._parserimpl.from_crawler(self.crawler, _CLOSED)
        self._parsers[netloc] = closed
        waiting.callback(closed)

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Stops what is closed; where nobody answered, with what stood in the way."""
        if error := self._unreachable.get(urlsplit(request.url).netloc):
            raise error
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbidden(f"robots.txt closes {request.url}") from error


def rules(status: int, body: bytes) -> bytes:
    r"""The rules that an answer for /robots.txt stands for: 5xx closes all, 4xx opens all, markup or a wall is no file.

    >>> rules(503, b"") == b"User-agent: *\nDisallow: /\n", rules(404, b"not found"), rules(200, b"<html>")
    (True, b'', b'')
    """
    if status >= 500:
        return _CLOSED
    if status >= 400 or wall(status, body) or b"<html" in body[:1000].lower() or b"<!doctype" in body[:1000].lower():
        return b""
    return body[:_LARGEST]
