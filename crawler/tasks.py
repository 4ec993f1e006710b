"""A piece of a crawl that one process takes on: groups of sites, here or on another machine.

Scrapy's reactor lives in a process of its own (crawler/process.py) that ends with its parent. What a run came to is
read from the archive, where that process wrote it: an exit code says nothing. Where it dies, what it had not done is
done by others, each with half of it, so that a site that kills its process is alone with its third one, and costs no
other site anything; the archive makes the rest cheap.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.address_lock import folder_of
from crawler.archive import Archive, RecordError
from crawler.archive.runs import newest_runs
from crawler.items import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crawler.archive.stamp import Holds
    from crawler.items import Site

Groups = tuple[tuple["Site", ...], ...]

_LIVES = 3  # processes that a site may kill
_ENDED = (0, -signal.SIGINT)  # in good order, or by Ctrl-C: nothing is begun again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """Groups of sites that share addresses, the archive that takes them, settings other than crawler/settings.py.

    ``archive_root`` is absolute, on the disk of the machine that does the task; the archive is made if missing.
    ``begun_at``: when the crawl was begun (UTC, ISO 8601), where a task may be begun again from its start: what ended
    since then is not crawled anew.
    """

    groups: Groups
    archive_root: str
    holds: Holds
    settings: Mapping[str, Any]
    begun_at: str = ""

    @property
    def sites(self) -> list[Site]:
        """All of them."""
        return [site for group in self.groups for site in group]


@dataclass(frozen=True, slots=True)
class Order:
    """What a crawling process is told: groups, settings, and the folder of its address locks."""

    groups: Groups
    settings: Mapping[str, Any]
    locks: str


def perform(task: Task, done: Callable[[str], object] = lambda _: None) -> list[Run]:
    """Crawl, and return each site's run as it is in the archive; ``done`` is told the id of each site as it ends.

    Raises:
        ArchiveError: the archive cannot be had, or holds something else.
    """
    root = Path(task.archive_root)
    archive = Archive(root, holds=task.holds)
    before = {site.id: _sizes(archive, site.id) for site in task.sites}
    ended = {site.id: run for site in task.sites if (run := _ended_since(task.begun_at, archive, site)) is not None}
    for name in ended:
        done(name)
    settings = {
        "ARCHIVE_ROOT": task.archive_root,
        "ARCHIVE_HOLDS": task.holds,
        "LOG_FILE": str(root / "crawl.log"),
        **task.settings,
    }

    def finished(site: Site) -> bool:
        return bool(run_since(before[site.id], archive, site).finished_at)

    order = Order(without(task.groups, set(ended)), settings, str(folder_of(root)))
    left: dict[str, str] = {}
    _crawl(order, done, finished, left)

    def came_to(site: Site) -> Run:
        run = ended.get(site.id) or run_since(before[site.id], archive, site)
        return run if run.finished_at or site.id not in left else not_run(site, left[site.id])

    return [came_to(site) for site in task.sites]


def _crawl(order: Order, done: Callable[[str], object], finished: Callable[[Site], bool], left: dict[str, str]) -> None:
    """Crawl until all is done, whatever dies. ``finished``: by what is in the archive.

    ``left`` takes who was left, and why.
    """
    deaths = 0
    while order.groups:
        ended, code = _process(order, done, left)
        if code in _ENDED:
            break
        for site in [site for group in order.groups for site in group]:
            if site.id not in ended and finished(site):  # the process died before it could say so
                ended.add(site.id)
                done(site.id)
        deaths = 1 if ended else deaths + 1
        order = replace(order, groups=without(order.groups, ended))
        log.warning("a crawling process died (%d); %d groups of sites go on", code, len(order.groups))
        if len(order.groups) > 1:
            parts = [replace(order, groups=order.groups[start::2]) for start in (0, 1)]
            with ThreadPoolExecutor(len(parts)) as both:
                list(both.map(lambda part: _crawl(part, done, finished, left), parts))
            return
        if order.groups and deaths >= _LIVES:
            poison = order.groups[0][0].id
            left[poison] = f"{_LIVES} processes died of it; crawl.log may say why, please report it"
            log.error("%s: left alone, %d processes died of it", poison, deaths)
            done(poison)
            order = replace(order, groups=without(order.groups, {poison}))
            deaths = 0


def without(groups: Groups, done: set[str]) -> Groups:
    """What is left of groups where those sites are done."""
    left = (tuple(site for site in group if site.id not in done) for group in groups)
    return tuple(group for group in left if group)


def _process(order: Order, done: Callable[[str], object], left: dict[str, str]) -> tuple[set[str], int]:
    """The sites that one process came to the end of, and its exit code.

    ``left`` takes those that could not be begun, and why.
    """
    ended: set[str] = set()
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},  # noqa: PTH109
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        try:
            child.stdin.write(pickle.dumps(order))
            child.stdin.flush()  # and left open: it is the child's life line
        except BrokenPipeError:  # dead already: its exit code tells
            pass
        for line in child.stdout:
            site_id, _, why = line.decode().rstrip("\n").partition("\t")
            if why:
                left[site_id] = why
            ended.add(site_id)
            done(site_id)
        return ended, child.wait()


def not_run(site: Site, reason: str) -> Run:
    """A run that did not take place, and why."""
    return Run(run_id="", site_id=site.id, started_at="", code_version="", verdict="not_run", finish_reason=reason)


def _sizes(archive: Archive, site_id: str) -> Mapping[str, int]:
    try:
        return archive.sizes(site_id)
    except RecordError:
        with archive.writer(site_id):  # which puts a damaged index right
            return archive.sizes(site_id)


def _ended_since(moment: str, archive: Archive, site: Site) -> Run | None:
    try:
        run = next(newest_runs(archive.root, site.id), None)
    except RecordError:  # it is crawled
        return None
    return run if run is not None and moment and run.finished_at > moment else None


def run_since(before: Mapping[str, int], archive: Archive, site: Site) -> Run:
    """The run of this crawl, from what is in the archive beyond ``before``; where none began, one that says so.

    One that has ended goes before a later one that has not: another crawl may have begun that since.
    """
    run = None
    if archive.sizes(site.id) != before:  # else another process writes the site, or its own did not come to it
        since = _runs(archive, site, before)
        ended = [run for run in since if run.finished_at]
        run = next(iter([*ended[-1:], *since[-1:], *_runs(archive, site, {})[-1:]]), None)
    if run is None:
        return not_run(site, "")
    return run if run.finished_at else replace(run, verdict="interrupted")


def _runs(archive: Archive, site: Site, after: Mapping[str, int]) -> list[Run]:
    return [run for _, run in archive.records(site.id, after) if isinstance(run, Run)]
