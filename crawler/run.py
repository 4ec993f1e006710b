"""Crawl sites: groups of sites that share an address, many crawlers to a process, one lock a site.

Scrapy's reactor lives in a child process that ends with its parent, so that callers stay free of it. What a run came to
is read from the archive, where the child wrote it: an exit code says nothing.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import multiprocessing.connection
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crawler.archive import Archive, RecordError
from crawler.child import end_with_parent
from crawler.config import ConfigError, load
from crawler.groups import by_address
from crawler.items import Run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from multiprocessing.sharedctypes import Synchronized
    from pathlib import Path

    from crawler.archive.stamp import Holds
    from crawler.items import Site

__all__ = ["ConfigError", "CrawlError", "crawl"]

_LOOK_SECONDS = 0.5
_CRAWLERS_AT_ONCE = 50  # to a process: if each held the largest answer allowed, they would still fit MEMUSAGE_LIMIT_MB


class CrawlError(Exception):
    """A crawl that cannot begin; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What a child process needs: groups of sites, and settings that differ from crawler/settings.py."""

    groups: tuple[tuple[Site, ...], ...]
    settings: Mapping[str, Any]


def crawl(
    sites: Sequence[Site],
    *,
    archive_root: Path,
    holds: Holds = "real",
    allow_addresses: Sequence[str] = (),
    workers: int = 1,
    settings: Mapping[str, Any] | None = None,
    now: Callable[[], dt.datetime] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    """Crawl each site once and return its runs as they are in the archive, in the order of ``sites``.

    ``now`` goes to child processes: it is a module's function, not a lambda.

    ``on_progress`` is called now and then with the sites done and all of them.

    Raises:
        CrawlError: there is nothing to crawl, a public site and no contact, or no delay between requests.
        ArchiveError: the archive holds something else.
    """
    if not sites:
        raise CrawlError("the registry has no site; add a line to config/sites.csv or name another with --sites")
    _require(sites, allow_addresses, settings or {})
    archive = Archive(archive_root, holds=holds)
    chosen: dict[str, Any] = {
        "ARCHIVE_ROOT": str(archive_root),
        "ARCHIVE_HOLDS": holds,
        "ALLOWED_ADDRESSES": list(allow_addresses),
        "LOG_FILE": str(archive_root / "crawl.log"),
        **(settings or {}),
    }
    if now is not None and now.__module__ != "__main__":
        chosen["NOW"] = now
    before = {site.id: _sizes(archive, site.id) for site in sites}
    groups = by_address(sites)
    jobs = [_Job(tuple(groups[i::workers]), chosen) for i in range(min(workers, len(groups)))]
    context = multiprocessing.get_context("spawn")
    done = context.Value("i", 0)
    children = [context.Process(target=_work, args=(job, done)) for job in jobs]
    for child in children:
        child.start()
    while any(child.is_alive() for child in children):
        multiprocessing.connection.wait([child.sentinel for child in children if child.is_alive()], _LOOK_SECONDS)
        if on_progress is not None:
            on_progress(done.value, len(sites))
    return [_run_since(before[site.id], archive, site) for site in sites]


def _require(sites: Iterable[Site], allowed: Sequence[str], settings: Mapping[str, Any]) -> None:
    from scrapy.exceptions import CloseSpider  # noqa: PLC0415  # imports of Scrapy stay out of the parent where they can

    from crawler.readiness import require_contact, require_delay  # noqa: PLC0415
    from crawler.safety import networks  # noqa: PLC0415

    try:
        networks(allowed)
    except ValueError as error:
        raise CrawlError(f"--allow-address: {error}; a network is written like 127.0.0.0/8") from error
    try:
        require_delay(float(settings.get("DOWNLOAD_DELAY", load().delay)))
        for site in sites:
            require_contact(site, settings.get("CONTACT", load().contact), list(allowed))
    except CloseSpider as error:
        raise CrawlError(error.reason) from error


def _work(job: _Job, done: Synchronized[int]) -> None:
    """Run in a child process: many groups at once, the sites of a group one after the other; ``done`` counts sites."""
    end_with_parent()
    logging.raiseExceptions = False  # a log on a full disk must not drown what else is said
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415  # installs the reactor: only here
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    from crawler.spiders.column import ColumnSpider  # noqa: PLC0415

    settings = get_project_settings()
    settings.setdict(dict(job.settings), priority="cmdline")
    process = AsyncCrawlerProcess(settings)

    at_once = asyncio.Semaphore(_CRAWLERS_AT_ONCE)

    async def one_after_the_other(group: Iterable[Site]) -> None:
        for site in group:
            async with at_once:
                try:
                    await process.crawl(ColumnSpider, site=site)
                except Exception:  # one site that cannot begin must not keep the others from it
                    logging.getLogger(__name__).exception("%s could not be crawled", site.id)
            with done.get_lock():
                done.value += 1

    async def all_groups() -> None:
        from twisted.internet import reactor  # noqa: PLC0415

        await asyncio.gather(*(one_after_the_other(group) for group in job.groups))
        running: Any = reactor
        running.stop()

    main = asyncio.get_event_loop().create_task(all_groups())
    process.start(stop_after_crawl=False)
    main.cancel()


def _sizes(archive: Archive, site_id: str) -> Mapping[str, int]:
    try:
        return archive.sizes(site_id)
    except RecordError:
        with archive.writer(site_id):  # which puts a damaged index right
            return archive.sizes(site_id)


def _run_since(before: Mapping[str, int], archive: Archive, site: Site) -> Run:
    """The run of this crawl, from what is in the archive beyond ``before``; where none began, one that says so."""
    run = None
    if archive.sizes(site.id) != before:  # else another process writes the site, or its own did not come to it
        run = _last_run(archive, site, before) or _last_run(archive, site, {})
    if run is None:
        return Run(run_id="", site_id=site.id, started_at="", code_version="", verdict="not_run")
    return run if run.finished_at else replace(run, verdict="interrupted")


def _last_run(archive: Archive, site: Site, after: Mapping[str, int]) -> Run | None:
    return next(
        (run for run in reversed([run for _, run in archive.records(site.id, after)]) if isinstance(run, Run)), None
    )
