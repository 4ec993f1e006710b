"""One crawl for benchmarks.throughput, in a process of its own: prints its CPU seconds and how many answers came.

With the archive, it is crawler's own spider as it is. Without, the same one on Scrapy's own handler and a recorder
that keeps nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawler.items import Capture, Run, Site

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class Plain(HTTP11DownloadHandler):
    """Scrapy's own handler; the spider is told that nothing was kept."""

    async def download_request(self, request: Request) -> Response:
        request.meta["capture"] = None
        return await super().download_request(request)


class _Nothing:
    """A recorder that keeps nothing."""

    resumed = False

    def __init__(self, site: Site) -> None:
        self.site = site
        self.run = Run(run_id="r", site_id=site.id, started_at="", code_version="")
        self.writer = self
        self.captured: dict[str, Capture] = {}
        self.now = lambda: dt.datetime.now(dt.UTC)

    def last(self, _: str) -> None:
        return None

    def note(self, *_: Any) -> None: ...

    fail = note

    def end(self, reason: str) -> Run:
        del reason
        return self.run


def main() -> None:
    """Crawl."""
    how, url, root = sys.argv[1:]
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    from crawler.spiders.column import ColumnSpider  # noqa: PLC0415  # after the settings are named

    class Bare(ColumnSpider):
        @classmethod
        def from_crawler(cls, crawler: Any, *_: Any, **kwargs: Any) -> Bare:
            recorder: Any = _Nothing(kwargs["site"])
            spider = cls(kwargs["site"], recorder)
            spider._set_crawler(crawler)  # as Spider.from_crawler does
            return spider

    settings = get_project_settings()
    Path(root).mkdir()
    settings.setdict(
        {
            "ARCHIVE_ROOT": root,
            "ALLOWED_ADDRESSES": ["127.3.0.0/16"],
            "CONTACT": "desk@archive.example",
            "DOWNLOAD_DELAY": 0.0005,  # 0 is refused
            "DOWNLOAD_DELAY_JITTER": 0,
            "MOST_PAGES": 0,
            "LOG_FILE": f"{root}/crawl.log",
        },
        priority="cmdline",
    )
    if how == "without":
        settings.set("DOWNLOAD_HANDLERS", {"http": Plain, "https": Plain}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ColumnSpider if how == "with" else Bare)
    measured: list[float] = []
    crawler.signals.connect(lambda: measured.append(time.process_time()), signals.spider_opened, weak=False)
    crawler.signals.connect(lambda: measured.append(time.process_time()), signals.engine_stopped, weak=False)
    process.crawl(crawler, site=Site(id="town", start_url=url))
    process.start()
    print(measured[1] - measured[0], crawler.stats.get_value("downloader/response_count"))


if __name__ == "__main__":
    main()
