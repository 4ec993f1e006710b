"""When a site is due again, and which of its pages: tables of days with their reasons; the clock is handed in.

Nothing here is random, so that two looks at the same archive say the same: what spreads a thousand sites over the day,
and a site's old reports over the year, is a digest of the site's id and of the page's address.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from crawler.archive import RecordError
from crawler.archive.runs import newest_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from crawler.items import Run, Site

DAY = dt.timedelta(days=1)

SEASON = (1, 4)
"""January to April: agencies publish by 31 January, governments by 31 March (Regulations on Open Government
Information of 2019, articles 49 and 50), and many are late. By the months of China, where the law holds."""

DAILY, WEEKLY = 1, 7
"""Days between two crawls of a site that answers: in the season, and in the rest of the year, when corrections come."""

REST_DAYS: Mapping[str, tuple[int, ...]] = {
    "blocked": (1, 3, 7, 14, 28),  # it does not want to be read so often: ask less each time, and never give it up
    "down": (1, 3, 7),  # a night's maintenance, a weekend, a move
    "robots": (7,),  # the site's own word; it may change
    "empty": (7,),  # a person looks at it; asking each day finds no more
    "redesigned": (7,),
    "moved": (7,),
    "cut": (*(DAILY,) * 7, WEEKLY),  # the next run goes on; what has no end after a week of runs is a trap
}
"""Days of rest after a run, by how many runs in a row came to the same; the last number holds for all that follow."""

_READ = max(len(days) for days in REST_DAYS.values()) + 1

FRESH_DAYS = 60
"""Reports are corrected, and their attachments added, within weeks of publication."""

FRESH_INTERVAL = 6.5 * DAY
"""Weekly; half a day less, so that the run of the same weekday finds it due though it began some minutes earlier."""

OLD_INTERVAL, OLD_SPREAD = 365 * DAY, 60 * DAY
"""Yearly; a site's old reports were all asked for on the day of its first crawl, and are not to be again."""

_CHINA = dt.timezone(8 * dt.timedelta(hours=1))
_LOCKSTEP = DAY / 2


@dataclass(frozen=True, slots=True)
class Due:
    """Whether a site is to be crawled now, why or why not (a few words), and from when on it is (UTC, ISO 8601, Z)."""

    is_due: bool
    reason: str
    next_at: str


def page_is_due(
    kind: str, published_on: str, last_asked_at: str, now: dt.datetime, *, url: str, first_seen_at: str = ""
) -> bool:
    """Whether a run that begins ``now`` asks for a page again.

    ``kind``: "list" (also a page on the way to the column) is asked for in every run, "report" and "document" by age.
    ``published_on``: ISO date, or empty or none: then ``first_seen_at`` counts, and where that is missing too the page
    is taken for new. ``last_asked_at``: of the last request that was answered; empty: never.

    >>> january = dt.datetime(2027, 1, 20, tzinfo=dt.UTC)
    >>> page_is_due("report", "2021-01-28", "2026-12-20T08:00:00Z", january, url="http://town.example/a.html")
    False

    Raises:
        ValueError: no such kind.
    """
    if kind not in ("list", "report", "document"):
        raise ValueError(f"no such kind of page: {kind!r}; there are list, report and document")
    asked = _moment(last_asked_at)
    if kind == "list" or asked is None:
        return True
    appeared = _moment(published_on) or _moment(first_seen_at)
    if appeared is None or now - appeared < FRESH_DAYS * DAY:
        return now - asked >= FRESH_INTERVAL
    return now - asked >= OLD_INTERVAL + (2 * _share(url) - 1) * OLD_SPREAD


def site_is_due(runs: Iterable[Run], now: dt.datetime) -> Due:
    """Whether a site is to be crawled, from its runs, the newest first.

    What is due stays so until a run is added: ``next_at`` depends on the runs alone.
    """
    last = [*islice(runs, _READ)]
    if not last:
        return Due(is_due=True, reason="never crawled", next_at=_text(now))
    newest = last[0]
    started = _moment(newest.started_at)
    if not newest.finished_at or started is None or newest.verdict in ("interrupted", "not_run", "archive_failed"):
        return Due(is_due=True, reason="its last run was cut off and goes on", next_at=_text(now))
    next_at, reason = _after(newest, last, started)
    return Due(is_due=now >= next_at, reason=reason, next_at=_text(next_at))


def due_of(archive_root: Path, site_id: str, now: dt.datetime) -> Due:
    """Whether a site of an archive is due. One whose index is damaged is: the crawl that opens it puts it right."""
    try:
        return site_is_due(newest_runs(archive_root, site_id), now)
    except RecordError:
        return Due(is_due=True, reason="its index is damaged and is put right by a crawl", next_at=_text(now))


def due_sites(archive_root: Path, sites: Iterable[Site], now: dt.datetime) -> list[tuple[Site, Due]]:
    """The sites that are due, in their order, with the reason. Of each no more than its last few runs are read."""
    asked = ((site, due_of(archive_root, site.id, now)) for site in sites)
    return [(site, due) for site, due in asked if due.is_due]


def _after(newest: Run, runs: Sequence[Run], started: dt.datetime) -> tuple[dt.datetime, str]:
    """When a site is due after a whole run, and why then."""
    if rests := REST_DAYS.get(newest.verdict):
        in_a_row = sum(1 for _ in takewhile(lambda run: run.verdict == newest.verdict, runs))
        days = rests[min(in_a_row, len(rests)) - 1]
        return _slot(newest.site_id, started + days * DAY), f"rests {_days(days)} after {newest.verdict}"
    daily = _slot(newest.site_id, started + DAILY * DAY)
    if in_season(daily):
        return daily, "daily from January to April"
    weekly = _slot(newest.site_id, started + WEEKLY * DAY)
    if in_season(weekly):  # the season has begun meanwhile
        return _first_of_season(newest.site_id, weekly), "daily from January to April"
    return weekly, "weekly from May to December"


def _slot(site_id: str, moment: dt.datetime) -> dt.datetime:
    """The site's own time of day that is nearest to a moment, at most half a day before or after it."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    first = moment - _LOCKSTEP
    own = midnight - DAY + dt.timedelta(seconds=int(_share(site_id) * DAY.total_seconds()))
    while own < first:
        own += DAY
    return own


def _first_of_season(site_id: str, moment: dt.datetime) -> dt.datetime:
    begin = moment.astimezone(_CHINA).replace(month=SEASON[0], day=1, hour=0, minute=0, second=0, microsecond=0)
    return min(moment, _slot(site_id, begin.astimezone(dt.UTC) + _LOCKSTEP))


def in_season(moment: dt.datetime) -> bool:
    return SEASON[0] <= moment.astimezone(_CHINA).month <= SEASON[1]


def _share(text: str) -> float:
    """A number from 0 to below 1 that belongs to a text: the same in every process and on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:6]) / 2**48


def _moment(text: str) -> dt.datetime | None:
    """An ISO date or time; None where it is empty or none: sites print the oddest dates."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _days(number: int) -> str:
    return f"{number} day" + "s" * (number > 1)


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
