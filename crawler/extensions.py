"""Begins and ends what a run needs around a spider: its end in the archive, and the delay that robots.txt asks for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals

if TYPE_CHECKING:
    from scrapy import Request

log = logging.getLogger(__name__)

_LONGEST_DELAY = 60.0


class RunKeeper:
    """Writes the run's end; a run that does not come to it is continued next time."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> RunKeeper:
        keeper = cls()
        crawler.signals.connect(keeper.spider_closed, signal=signals.spider_closed)
        return keeper

    def spider_closed(self, spider: Any, reason: str) -> None:
        run = spider.recorder.end(reason)
        log.info("%s: %s, %s", run.site_id, run.verdict or "interrupted, to be continued", dict(run.counts))


class CrawlDelay:
    """A Crawl-delay longer than ours is kept (up to a minute): not in RFC 9309, but the site asks for it."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> CrawlDelay:
        keeper = cls(crawler)
        crawler.signals.connect(keeper.robots_parsed, signal=signals.robots_parsed)
        return keeper

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        if asked:
            delay = min(float(asked), _LONGEST_DELAY)
            downloader = self.crawler.engine.downloader
            for key, slot in downloader.slots.items():
                if key == urlsplit(request.url).hostname:
                    slot.delay = max(slot.delay, delay)
