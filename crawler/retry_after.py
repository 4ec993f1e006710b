"""A server that says when to come again (Retry-After, RFC 9110 section 10.2.3) is left alone until then, or for good.

A crawler has one request at a time: while one waits here, its site rests. What would be longer than ``LONGEST`` is the
site's wish to be left until another day: the rest of its pages wait for the next run.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from crawler.rest import SiteRestsError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

LONGEST = 300.0
"""Seconds that a site is waited for, at each answer; the run's own bounds hold as well."""
_LOOK_SECONDS = 1.0
_STATUSES = (429, 503)

log = logging.getLogger(__name__)


def seconds_asked(value: str, now: dt.datetime) -> float:
    """How long a Retry-After asks to wait: it holds seconds, or a date. 0 for what is neither.

    >>> seconds_asked("120", dt.datetime.now(dt.UTC)), seconds_asked("soon", dt.datetime.now(dt.UTC))
    (120.0, 0.0)
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    date = date if date.tzinfo else date.replace(tzinfo=dt.UTC)
    return max(0.0, (date - now).total_seconds())


class RetryAfterMiddleware:
    """Nearer to the downloader than Scrapy's retries: they come when the wait is over.

    A 429 is not retried (RETRY_HTTP_CODES): there the wait is kept before the next page, and the next run asks again.
    """

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.asked_too_long = 0.0

    @classmethod
    def from_crawler(cls, crawler: Any) -> RetryAfterMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Stops what would come too early.

        Raises:
            SiteRestsError: the site asked for more time than a run waits.
        """
        if self.asked_too_long:
            raise SiteRestsError(
                f"{request.url} was not asked for: the site asks to come again in {self.asked_too_long:.0f} s "
                "(Retry-After)"
            )

    async def process_response(self, request: Request, response: Response) -> Response:
        value = response.headers.get("Retry-After")
        if response.status not in _STATUSES or value is None or "archived" in response.flags:
            return response
        asked = seconds_asked(value.decode("latin-1"), dt.datetime.now(dt.UTC))
        if asked > LONGEST:
            self.asked_too_long = asked
            return response
        log.info("%s: the server asks to wait %.0f s", request.url, asked)
        end = asyncio.get_running_loop().time() + asked
        while self.crawler.crawling and (left := end - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, _LOOK_SECONDS))
        return response
