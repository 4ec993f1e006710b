"""Crawl sites: groups of sites that share an address, many crawlers to a process, one lock a site.

A group is never split: one process at a time crawls what is at an address. Processes of this machine do the tasks, or
with ``cluster`` the workers of a Dask cluster (crawler/cluster.py).
"""

from __future__ import annotations

import datetime as dt
import queue
import signal
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from crawler.archive import Archive
from crawler.cluster import ClusterError, TaskLostError, on_cluster
from crawler.config import ConfigError, load
from crawler.groups import by_address
from crawler.hours import OUTSIDE, HoursError, parse
from crawler.tasks import Task, not_run, perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from crawler.archive.stamp import Holds
    from crawler.items import Run, Site

__all__ = ["ConfigError", "CrawlError", "crawl"]

_LOOK_SECONDS = 0.5
_MOST_GROUPS = 50  # to a task on a cluster: what a process crawls at once, and what a lost worker costs


class CrawlError(Exception):
    """A crawl that cannot begin or go on; the message says what to do."""


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
    cluster: str = "",
) -> list[Run]:
    """Crawl each site once and return its runs as they are in the archive, in the order of ``sites``.

    ``now`` goes to other processes: it is a module's function, not a lambda.

    ``on_progress`` is called now and then with the sites done and all of them.

    ``cluster`` is the address of a Dask scheduler (``tcp://host:8786``). Its workers write to ``archive_root`` as they
    see it: on one machine all share the folder; on several each fills its own, whose closed WARC files are to be
    brought together. ``workers`` counts for this machine alone.

    Raises:
        CrawlError: there is nothing to crawl, a public site and no contact, or no delay between requests; the cluster
            is not there, or was lost.
        ArchiveError: the archive holds something else.
    """
    if not sites:
        raise CrawlError("the registry has no site; add a line to config/sites.csv or name another with --sites")
    _require(sites, allow_addresses, settings or {})
    Archive(archive_root, holds=holds)
    chosen: dict[str, Any] = {"ALLOWED_ADDRESSES": list(allow_addresses), **(settings or {})}
    if now is not None and now.__module__ != "__main__":
        chosen["NOW"] = now
    groups = by_address(sites)
    begun_at = (now or _now)().strftime("%Y-%m-%dT%H:%M:%SZ") if cluster else ""  # a task here is begun once

    def tasks(at_once: int, most: int) -> list[Task]:
        count = min(len(groups), max(at_once, -(-len(groups) // most)))
        root = str(archive_root.absolute())
        return [Task(tuple(groups[start::count]), root, holds, chosen, begun_at) for start in range(count)]

    ended: queue.SimpleQueue[str] = queue.SimpleQueue()
    told: Callable[[], object] = (
        (lambda: on_progress(ended.qsize(), len(sites))) if on_progress is not None else (lambda: None)
    )
    try:
        if cluster:
            try:
                with on_cluster(cluster) as (executor, slots):
                    runs = _all(executor, tasks(slots, _MOST_GROUPS), perform, ended.put, told)
            except ClusterError as error:
                raise CrawlError(str(error)) from error
        else:
            perform_here = partial(perform, done=ended.put)
            with ThreadPoolExecutor(workers) as threads, _stopped_once():  # each thread keeps a process
                runs = _all(threads, tasks(workers, len(groups)), perform_here, lambda _: None, told)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        raise
    finally:
        told()  # also after Ctrl-C: what came to its end while the rest was stopped
    found = {run.site_id: run for run in runs}
    if said := outside_hours((now or _now)(), chosen.get("HOURS")):
        found = {
            name: replace(run, finish_reason=said) if run.verdict == "interrupted" else run
            for name, run in found.items()
        }
    return [found[site.id] for site in sites]


@contextmanager
def _stopped_once() -> Iterator[None]:
    """After Ctrl-C the crawling processes, which had it too, are waited for, whatever Ctrl-C follows.

    A second one would end them with us, and what they are about to store would be lost: a thread whose join is
    interrupted counts as ended for Python 3.11. Pressed twice at a terminal it makes them hurry.
    """
    try:
        yield
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise


def outside_hours(now: dt.datetime, hours: str | None = None) -> str:
    """Why no site is asked now, if the window of hours is closed; else empty. Without ``hours``: the configured ones.

    Raises:
        ConfigError: config/crawl.toml cannot be used.
    """
    window = load().hours if hours is None else hours
    return "" if parse(window).is_open(now) else f"{OUTSIDE} of config/crawl.toml ({window}, China's time)"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _all(
    executor: Executor,
    tasks: Iterable[Task],
    function: Callable[[Task], list[Run]],
    ended: Callable[[str], object],
    look: Callable[[], object],
) -> list[Run]:
    """The runs of all tasks, as they come; a task that an executor has lost for good is reported as such."""
    waiting: dict[Future[list[Run]], Task] = {executor.submit(function, task): task for task in tasks}
    runs: list[Run] = []
    while waiting:
        for future in wait(waiting, _LOOK_SECONDS, return_when=FIRST_COMPLETED).done:
            task = waiting.pop(future)
            try:
                runs += future.result()
            except TaskLostError as error:
                runs += [not_run(site, str(error)) for site in task.sites]
            for site in task.sites:
                ended(site.id)
        look()
    return runs


def _require(sites: Iterable[Site], allowed: Sequence[str], settings: Mapping[str, Any]) -> None:
    from scrapy.exceptions import CloseSpider  # noqa: PLC0415  # imports of Scrapy stay out of the parent where they can

    from crawler.readiness import require_contact, require_delay  # noqa: PLC0415
    from crawler.safety import networks  # noqa: PLC0415

    try:
        networks(allowed)
    except ValueError as error:
        raise CrawlError(f"--allow-address: {error}; a network is written like 127.0.0.0/8") from error
    try:
        parse(settings.get("HOURS", ""))
        require_delay(float(settings.get("DOWNLOAD_DELAY", load().delay)))
        for site in sites:
            require_contact(site, settings.get("CONTACT", load().contact), list(allowed))
    except HoursError as error:
        raise CrawlError(str(error)) from error
    except CloseSpider as error:
        raise CrawlError(error.reason) from error
