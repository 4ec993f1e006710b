"""Outside the hours of config/crawl.toml no request is started: the run ends, and is continued the next time."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

from crawler.hours import parse

if TYPE_CHECKING:
    from scrapy import Request

REASON = "outside_hours"

log = logging.getLogger(__name__)


class WithinHoursMiddleware:
    """First of all: sees a request before robots.txt is asked for it."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.window = parse(crawler.settings["HOURS"])
        self.now = crawler.settings.get("NOW") or (lambda: dt.datetime.now(dt.UTC))
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> WithinHoursMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ends the run where the window is closed, now or when the request's turn comes.

        Nobody is told that the request failed: it did not, it is made when the run goes on.

        Raises:
            IgnoreRequest: the window is closed.
        """
        if request.meta.get("dont_obey_robotstxt"):  # robots.txt, for a page that was let through a moment ago
            return
        now = self.now()
        if self.window.is_open(now) and self.window.is_open(now + dt.timedelta(seconds=self._longest_pause(request))):
            return
        if self._closing is None:
            site_id = self.crawler.spider.site.id
            log.info("%s: outside the hours of config/crawl.toml; the run goes on the next time", site_id)
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=REASON))
        request.errback = None
        raise IgnoreRequest("outside the hours of config/crawl.toml")

    def _longest_pause(self, request: Request) -> float:
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        settings = self.crawler.settings
        delay, jitter = (
            (slot.delay, slot.jitter)
            if slot is not None
            else (settings.getfloat("DOWNLOAD_DELAY"), settings.getfloat("DOWNLOAD_DELAY_JITTER"))
        )
        return float(delay * (1 + jitter))
