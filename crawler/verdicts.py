"""What a run came to, told from what it stored, and which of it waits for a person, with what to do.

Never from an exit code: that is 0 for a site that was down.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.items import Run

WITH_REPORTS = ("ok", "nothing_new", "fewer")
"""Verdicts of runs that came to the end of the site's lists and found reports."""

FEWER = 0.7
"""A run that finds a smaller share of the reports of the run before has lost some: sites take down a year at a time,
which of five years or more leaves three quarters."""

_SILENT = ("refused", "timeout", "server_error")
_UNREACHED = (*_SILENT, "truncated")


def judge_run(finish_reason: str, counts: Mapping[str, int], previous: Run | None) -> str:
    """The verdict of a run that ended so and counted this; ``previous``: the :func:`last_with_reports` before it.

    >>> judge_run("finished", {"captures": 9, "pages": 8, "new": 9, "reports": 5}, None)
    'ok'
    >>> judge_run("finished", {"captures": 1, "blocked": 3, "failures": 3}, None)
    'blocked'
    """
    if finish_reason == "archive_failed":
        return "archive_failed"
    if finish_reason != "finished" and not finish_reason.startswith("closespider"):
        return "interrupted"
    verdict = _judge_whole(counts, previous)
    is_cut = finish_reason != "finished" and (counts.get("reports") or verdict not in ("blocked", "robots", "down"))
    return "cut" if is_cut else verdict


def _judge_whole(counts: Mapping[str, int], previous: Run | None) -> str:
    reports, before = counts.get("reports", 0), previous.counts if previous else {}
    if reports:
        if reports >= FEWER * before.get("reports", 0):
            return "ok" if counts.get("new") or counts.get("changed") else "nothing_new"
        if _more(counts, before, "blocked"):
            return "blocked"
        lost = before["reports"] - reports
        return "down" if _sum(counts, _SILENT) - _sum(before, _SILENT) >= lost else "fewer"
    if counts.get("blocked"):
        return "blocked"
    if _more(counts, before, "robots"):
        return "robots"
    if counts.get("not_followed") and not counts.get("pages"):
        return "moved"  # no page came: all that was asked leads to another host
    if _sum(counts, _SILENT) > counts.get("pages", 0):
        return "down"
    if (previous or not counts.get("pages")) and any(_more(counts, before, kind) for kind in _UNREACHED):
        return "down"  # also where only its lists fail, and reports known before are still there
    return "redesigned" if previous else "empty"


def last_with_reports(runs: Iterable[Run]) -> Run | None:
    """The newest run that found reports, of runs with the newest first: what the next one is measured by.

    One that was cut saw a part of the site: it stands in only where there is no whole one.
    """
    part: Run | None = None
    for run in runs:
        if run.counts.get("reports"):
            if run.verdict in WITH_REPORTS:
                return run
            part = part or (run if run.verdict == "cut" else None)
    return part


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits for a person: the verdict, since when (start of the first such run, UTC), how many runs in a row."""

    verdict: str
    since: str
    runs: int
    what_to_do: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """From how many runs in a row on a person is asked, and to do what."""

    runs: int
    what_to_do: str


NEEDS_A_PERSON: Mapping[str, _Rule] = {
    "moved": _Rule(
        1,
        "its pages lead to another host: look in a browser whether that is its new home, and put it into start_url "
        "(and entry_points) of config/sites.csv",
    ),
    "redesigned": _Rule(
        1,
        "the site answers, but no reports are found there any more: find the column in a browser, and put its new "
        "address into entry_points of config/sites.csv",
    ),
    "empty": _Rule(
        1,
        "no report was ever found there: find the column in a browser, and put its address into entry_points of "
        "config/sites.csv, and the family if that was not recognised",
    ),
    "fewer": _Rule(
        1,
        "reports that were listed are not any more: look whether the site removed years, or whether its list's next "
        "pages are no longer found",
    ),
    "blocked": _Rule(
        3,
        "a wall has answered for three runs: look in a browser whether the site is open to people; write to its web "
        "team, or take the site out of config/sites.csv",
    ),
    "down": _Rule(
        3,
        "its lists have not answered for three runs: open start_url in a browser; if the site has moved, put its new "
        "address into config/sites.csv",
    ),
    "cut": _Rule(
        8,
        "most_pages or most_minutes of config/crawl.toml has ended eight runs, and each day the site goes on: look in "
        "crawl.log which pages it asks for; put the column's address into entry_points, or raise the bounds",
    ),
    "archive_failed": _Rule(
        1, "what came could not be stored: free space or mend the archive's folder, then run gongkai crawl again"
    ),
    "interrupted": _Rule(
        1, "the run was begun two days ago and did not end: crawl.log in the archive says why (memory, time, disk)"
    ),
}
"""Which verdict waits for a person. Not ``robots``: the site said so, and is asked again each week."""

_FEWER_IS_SHOWN = dt.timedelta(days=14)  # the runs after it are measured by it, and are ok
_LONGEST_RUN = dt.timedelta(days=2)


def needs_a_person(runs: Sequence[Run], now: dt.datetime) -> Matter | None:
    """What about a site waits for a person, from its runs, the newest first; None where nothing does."""
    if not runs:
        return None
    verdict = verdict_of(runs[0])
    if verdict == "interrupted":
        return _matter(runs[:1], verdict) if now - _started(runs[0]) > _LONGEST_RUN else None
    if verdict in WITH_REPORTS:
        return _fewer(runs, now)
    streak = [*takewhile(lambda run: verdict_of(run) == verdict, runs)]
    rule = NEEDS_A_PERSON.get(verdict)
    return _matter(streak, verdict) if rule and len(streak) >= rule.runs else None


def verdict_of(run: Run) -> str:
    """The verdict of a run; one without an end was cut off, or is at work."""
    return run.verdict if run.finished_at else "interrupted"


def _fewer(runs: Sequence[Run], now: dt.datetime) -> Matter | None:
    """A loss of the last two weeks, unless the newest run found as many reports as there were before it."""
    found = next((number for number, run in enumerate(runs) if run.verdict == "fewer"), None)
    if found is None or now - _started(runs[found]) > _FEWER_IS_SHOWN:
        return None
    before = last_with_reports(runs[found + 1 :])
    if before is not None and runs[0].counts.get("reports", 0) >= FEWER * before.counts["reports"]:
        return None
    return _matter(runs[found : found + 1], "fewer")


def _matter(streak: Sequence[Run], verdict: str) -> Matter:
    return Matter(verdict, streak[-1].started_at, len(streak), NEEDS_A_PERSON[verdict].what_to_do)


def _more(counts: Mapping[str, int], before: Mapping[str, int], kind: str) -> bool:
    """More of it than in the run before: one page that is always closed tells nothing about the site."""
    return counts.get(kind, 0) > before.get(kind, 0)


def _sum(counts: Mapping[str, int], kinds: Iterable[str]) -> int:
    return sum(counts.get(kind, 0) for kind in kinds)


def _started(run: Run) -> dt.datetime:
    return dt.datetime.fromisoformat(run.started_at)
