"""``python -m crawler.process``: the process that holds Scrapy's reactor, and crawls many groups of sites at once.

It is told what to do on its standard input (a pickled :class:`crawler.tasks.Order` from its own parent), and says on
its standard output which sites it is done with, a line each. Its input stays open as long as the parent lives: killed
with -9, a parent leaves no one behind who writes on. It is no child of multiprocessing, because the workers of a
cluster may have none.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import pickle
import resource
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.address_lock import PATIENCE, AddressTakenError, alone_at
from crawler.archive import ArchiveError
from crawler.schedule import due_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crawler.items import Site
    from crawler.tasks import Order

_MOST_FILES = 65_536
_CRAWLERS_AT_ONCE = 50  # to a process: if each held the largest answer allowed, they would still fit MEMUSAGE_LIMIT_MB

log = logging.getLogger(__name__)


def main() -> None:
    """Read the order, crawl, say what is done."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own parent
    _end_with(sys.stdin.fileno())
    allow_files()
    answers = os.dup(1)
    os.dup2(2, 1)  # what others print is no answer
    logging.raiseExceptions = False  # a log on a full disk must not drown what else is said
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    crawl(order, lambda site, why: os.write(answers, f"{site.id}\t{' '.join(why.split())}\n".encode()))


def _end_with(life_line: int) -> None:
    def watch() -> None:
        os.read(life_line, 1)  # not by the buffered file, which is locked while its process ends
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def allow_files(most: int = _MOST_FILES) -> None:
    """As many open files as the machine lets us have: 50 crawlers hold connections, locks and WARC files at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _is_due(settings: Any, site: Site) -> bool:
    now = settings["NOW"] or (lambda: dt.datetime.now(dt.UTC))
    return due_of(Path(settings["ARCHIVE_ROOT"]), site.id, now()).is_due


def crawl(order: Order, done: Callable[[Site, str], Any]) -> None:
    """Many groups at once, the sites of a group one after the other; ``done`` is told of each, and why it was not."""
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415  # installs the reactor: only here
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    from crawler.spiders.column import ColumnSpider  # noqa: PLC0415

    class Process(AsyncCrawlerProcess):
        stopping = False

        async def stop(self) -> None:
            self.stopping = True  # Ctrl-C: what has not begun does not begin
            await super().stop()

    settings = get_project_settings()
    settings.setdict(dict(order.settings), priority="cmdline")
    process = Process(settings)
    at_once = asyncio.Semaphore(_CRAWLERS_AT_ONCE)
    pause = settings.getfloat("DOWNLOAD_DELAY") * (1 + settings.getfloat("DOWNLOAD_DELAY_JITTER"))
    locks = Path(order.locks)

    patience = settings.getfloat("ADDRESS_PATIENCE", PATIENCE)

    async def one(site: Site) -> None:
        host = urlsplit(site.start_url).hostname or ""
        async with at_once, alone_at(locks, host, patience=patience) as waited:  # no lock before its turn
            if waited and settings.getbool("ONLY_DUE") and not _is_due(settings, site):
                raise AddressTakenError("another crawl has asked it meanwhile, and it is not due any more")
            if not process.stopping:
                await process.crawl(ColumnSpider, site=site)
                ended(site)
                await asyncio.sleep(pause)  # the next site may be on the same address

    def ended(site: Site, why: str = "") -> None:
        if not process.stopping:  # else it was stopped
            done(site, why)

    async def one_after_the_other(group: Iterable[Site]) -> None:
        for site in group:
            try:
                await one(site)
            except (AddressTakenError, ArchiveError, OSError) as error:  # OSError: also of the log, on a full disk
                log.error("%s: %s", site.id, error)  # noqa: TRY400  # an answer, and no fault of ours
                ended(site, str(error))
            except Exception:  # one site that cannot begin must not keep the others from it
                log.exception("%s could not be crawled", site.id)
                ended(site)

    async def all_groups() -> None:
        from twisted.internet import reactor  # noqa: PLC0415

        await asyncio.gather(*(one_after_the_other(group) for group in order.groups))
        running: Any = reactor
        running.stop()

    crawling = asyncio.get_event_loop().create_task(all_groups())
    process.start(stop_after_crawl=False)
    crawling.cancel()


if __name__ == "__main__":
    main()
