"""Begins and ends what a run needs around a spider: its end in the archive, and the delay that robots.txt asks for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

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
    """A Crawl-delay longer than ours is kept (up to a minute): not in RFC 9309, but the site asks for it.

    It is kept for slots to come too: a continued run takes robots.txt from the archive, before there is any.
    """

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> CrawlDelay:
        keeper = cls(crawler)
        crawler.signals.connect(keeper.robots_parsed, signal=signals.robots_parsed)
        return keeper

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        settings, downloader = self.crawler.settings, self.crawler.engine.downloader
        asked = min(float(robotparser.crawl_delay(settings["USER_AGENT"]) or 0), _LONGEST_DELAY)
        ours, jitter = settings.getfloat("DOWNLOAD_DELAY"), settings.getfloat("DOWNLOAD_DELAY_JITTER")
        if asked <= ours * (1 - jitter):
            return
        kept = {"delay": max(asked, ours), "jitter": 0.0}
        key = downloader.get_slot_key(request)
        downloader.per_slot_settings[key] = kept
        if (slot := downloader.slots.get(key)) is not None:
            slot.delay, slot.jitter = kept["delay"], kept["jitter"]
