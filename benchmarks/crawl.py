"""What a crawl that knows only home pages finds, what it costs, how polite it is: ``python -m benchmarks.crawl``.

Two worlds of sample sites are served on loopback (see sample/world.py) and crawled three times with a clock that is
handed in: from nothing, the next day with only what is due, and after reports were changed, removed and added. What
the servers' own log shows is held against what was to be found. Exit status 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.families.twins import canonical
from crawler.items import Capture, Failure, Listing, Relisted, Site
from crawler.run import crawl
from extract.reading import read
from sample.elsewhere import Elsewhere
from sample.province import Province

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.items import Run
    from sample.world import Asked, Changes, World

Noted = TypeVar("Noted", Listing, Capture, Failure)
WORLDS: dict[str, Callable[[], World]] = {"province": Province, "elsewhere": Elsewhere}
DELAY = 0.1
_LATE = 0.015  # seconds that a request may take longer to the server than the one after it: it opened the connection
_OPEN = ("127.0.0.0/8",)
_SETTINGS = {"DOWNLOAD_DELAY_JITTER": 0, "CONTACT": "desk@archive.example", "RETRY_TIMES": 1}


def first_day() -> dt.datetime:
    """A day in the season of reports."""
    return dt.datetime(2025, 3, 3, 8, tzinfo=dt.UTC)


def next_day() -> dt.datetime:
    """The day after."""
    return first_day() + dt.timedelta(days=1)


def later_day() -> dt.datetime:
    """When the world has turned; a few days on, so that sites are not searched anew."""
    return first_day() + dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``holds`` is None where there is nothing to hold it against."""

    what: str
    result: str
    limit: str
    holds: bool | None


@dataclass(frozen=True)
class Crawled:
    """One run over all sites of a world: the runs, and the requests that the servers saw."""

    runs: Sequence[Run]
    asked: Sequence[Asked]

    @property
    def run_ids(self) -> set[str]:
        """The ids of its runs."""
        return {run.run_id for run in self.runs}


class Visit:
    """A world and the archive of its crawls."""

    def __init__(self, world: World, root: Path, delay: float) -> None:
        self.world, self.root, self.delay = world, root, delay
        self.sites = [Site(id=site, start_url=home) for site, home in world.homes.items()]

    def crawl(self, now: Callable[[], dt.datetime], *, only_due: bool = False) -> Crawled:
        """Once over all sites."""
        begun = len(self.world.log)
        settings = {**_SETTINGS, "DOWNLOAD_DELAY": self.delay, "ONLY_DUE": only_due}
        runs = crawl(
            self.sites,
            archive_root=self.root,
            holds="sample",
            allow_addresses=_OPEN,
            workers=2,
            settings=settings,
            now=now,
        )
        return Crawled(runs, self.world.log[begun:])

    def records(self, crawled: Crawled, kind: type[Noted]) -> Iterator[Noted]:
        """What a run noted, of one kind."""
        archive = Archive(self.root)
        for site in self.sites:
            for _, record in archive.records(site.id):
                if isinstance(record, kind) and record.run_id in crawled.run_ids:
                    yield record

    def listed(self, crawled: Crawled) -> dict[str, Listing]:
        """Address (one of its twins') -> what was listed as a report."""
        archive = Archive(self.root)
        found: dict[str, Listing] = {}
        for site in self.sites:
            newest: dict[str, Listing] = {}
            for _, record in archive.records(site.id):
                if isinstance(record, Listing) and record.verdict != "column":
                    newest[record.url] = record
                if getattr(record, "run_id", "") in crawled.run_ids and isinstance(record, Listing | Relisted):
                    urls = record.entries if isinstance(record, Relisted) else (record.url,)
                    found |= {canonical(url): newest[url] for url in urls if url in newest}
        return {key: one for key, one in found.items() if one.verdict == "report"}

    def read_as_reports(self, crawled: Crawled) -> dict[str, Listing]:
        """Those whose page or one of whose documents is read as a report: the sure decision after the cheap one."""
        archive = Archive(self.root)
        kept = {one.url: one for one in self.records(crawled, Capture) if one.size or one.location}
        found = {}
        for key, listing in self.listed(crawled).items():
            addresses = (listing.url, *listing.attachments)
            captures = [capture for url in addresses if (capture := _landed(kept, url)) is not None]
            readings = (read(archive.get(capture)).report for capture in captures if capture.status == 200)
            if any(report is not None and report.kind == "report" for report in readings):
                found[key] = listing
        return found


def _landed(kept: dict[str, Capture], url: str) -> Capture | None:
    for _ in range(6):
        capture = kept.get(url)
        if capture is None or not capture.location:
            return capture
        url = capture.location
    return None


def measure(visit: Visit) -> Iterator[Line]:
    """The three crawls of a world, line by line."""
    first = visit.crawl(first_day)
    yield from _found(visit, first)
    yield from _politeness(visit, first)
    second = visit.crawl(next_day, only_due=True)
    yield from _second(visit, first, second)
    changes = visit.world.turn_the_day()
    third = visit.crawl(later_day)
    yield from _changes(visit, (first, second), third, changes)


def _found(visit: Visit, first: Crawled) -> Iterator[Line]:
    wanted = {canonical(url): one for one in visit.world.reports for url in (one.url, *one.twins)}
    listed, read_so = visit.listed(first), visit.read_as_reports(first)
    found = {wanted[key].url for key in read_so if key in wanted}
    total = {one.url for one in visit.world.reports}
    decoys = {one.url for one in visit.world.decoys if one.why == "captcha"}
    walled = {key for key, one in read_so.items() if decoys.intersection((one.url, *one.attachments))} - set(wanted)
    wrong = sorted(set(read_so) - set(wanted) - walled)
    yield _count("reports found", len(found), len(total))
    of = len(read_so) - len(walled)
    yield _count("of what was read as a report, are reports", of - len(wrong), of)
    yield Line("reports known, their document behind a wall", str(len(walled)), "", None)
    cheap = sum(key in wanted for key in listed)
    yield Line("of what was listed as a report, are reports", _share(cheap, len(listed)), "", None)
    yield Line("requests per report found", f"{len(first.asked) / max(len(found), 1):.2f}", "", None)
    for url in sorted(total - found)[:20]:
        yield Line("  missed", url, "", None)
    for url in wrong[:20]:
        yield Line("  no report", url, "", None)


def _politeness(visit: Visit, crawled: Crawled) -> Iterator[Line]:
    most = max(one.in_flight for one in crawled.asked)
    yield Line("requests at once to one address, at most", str(most), "1", most == 1)
    closed = [one for one in crawled.asked if _is_forbidden(visit.world, one)]
    yield Line("requests that robots.txt forbids", str(len(closed)), "0", not closed)
    short = [gap for gap in _gaps(crawled.asked) if gap < visit.delay - _LATE]
    yield Line(f"gaps under the delay of {visit.delay:g} s", str(len(short)), "0", not short)


def _is_forbidden(world: World, asked: Asked) -> bool:
    if asked.target == "/robots.txt":  # which is always asked for (RFC 9309 section 2.3)
        return False
    for site, prefixes in world.forbidden.items():
        home = urlsplit(world.homes[site])
        if (home.hostname, home.port) == (asked.address, asked.port) and asked.target.startswith(prefixes):
            return True
    return False


def _gaps(asked: Sequence[Asked]) -> Iterator[float]:
    by_address: dict[str, list[float]] = {}
    for one in asked:
        by_address.setdefault(one.address, []).append(one.began)
    for times in by_address.values():
        yield from (after - before for before, after in itertools.pairwise(sorted(times)))


def _second(visit: Visit, first: Crawled, second: Crawled) -> Iterator[Line]:
    unchanged = sum(one.status == 304 for one in second.asked)
    fresh = _new_documents(visit, (first,), second)
    yield Line("the next day: requests, of the first day's", _share(len(second.asked), len(first.asked)), "", None)
    yield Line("the next day: answered 304", _share(unchanged, len(second.asked)), "", None)
    yield Line("the next day: new documents", str(len(fresh)), "0", not fresh)
    lost = set(visit.listed(first)) - set(visit.listed(second))
    yield Line("the next day: reports no longer listed", str(len(lost)), "0", not lost)


def _new_documents(visit: Visit, earlier: Sequence[Crawled], now: Crawled) -> dict[str, str]:
    """Address -> digest of what no earlier run received there, of the addresses of reports."""
    wanted = {url for one in visit.world.reports for url in (one.url, *one.documents, *one.twins)}
    known = {(one.url, one.sha256) for run in earlier for one in visit.records(run, Capture) if _is_kept(one)}
    kept = [one for one in visit.records(now, Capture) if _is_kept(one)]
    return {one.url: one.sha256 for one in kept if one.url in wanted and (one.url, one.sha256) not in known}


def _is_kept(capture: Capture) -> bool:
    return capture.status in (200, 304) and capture.size > 0


def _changes(visit: Visit, earlier: Sequence[Crawled], third: Crawled, changes: Changes) -> Iterator[Line]:
    fresh = {canonical(url) for url in _new_documents(visit, earlier, third)}
    before = {key for run in earlier for key in visit.listed(run)}
    now = set(visit.listed(third))
    gone = {
        canonical(one.url) for one in visit.records(third, Failure) if isinstance(one, Failure) and one.kind == "gone"
    }
    yield _exactly("changed reports found", fresh & before, changes.changed)
    yield _exactly("removed reports found", gone & before, changes.removed)
    yield _exactly("new reports found", now - before, changes.new)


def _exactly(what: str, found: set[str], wanted: Sequence[str]) -> Line:
    expected = {canonical(url) for url in wanted}
    odd = "".join(f" +{url}" for url in sorted(found - expected)[:3]) + "".join(
        f" -{u}" for u in sorted(expected - found)[:3]
    )
    return Line(what, f"{len(found & expected)} of {len(expected)}{odd}", "exactly", found == expected)


def _count(what: str, count: int, of: int) -> Line:
    return Line(what, _share(count, of), "all", count == of)


def _share(count: int, of: int) -> str:
    return f"{count} of {of}"


def main(names: Sequence[str], delay: float) -> int:
    """Print the table of each world."""
    logging.getLogger().setLevel(logging.CRITICAL)
    missed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder, WORLDS[name]() as world:
            print(f"{name}: {len(world.homes)} sites, {len(world.reports)} reports, {len(world.decoys)} decoys")
            for line in measure(Visit(world, Path(folder) / "archive", delay)):
                verdict = {True: "holds", False: "MISSED", None: ""}[line.holds]
                print(f"  {line.what:<48}{line.result:<24}{line.limit:<10}{verdict}", flush=True)
                missed += line.holds is False
    return 1 if missed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", nargs="*", help=f"of {', '.join(WORLDS)}; all where none is named")
    parser.add_argument("--delay", type=float, default=DELAY, help="seconds between requests to one address")
    chosen = parser.parse_args()
    if unknown := set(chosen.worlds) - set(WORLDS):
        parser.error(f"no such world: {', '.join(unknown)}; there are {', '.join(WORLDS)}")
    sys.exit(main(chosen.worlds or list(WORLDS), chosen.delay))
