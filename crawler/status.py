"""How the crawl stands, from the archive's own records of its runs: what waits for a person, what is due, what ran.

The archive is asked and not archive.db, which is behind it until the next ``gongkai extract``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.archive import Archive, RecordError
from crawler.archive.runs import newest_runs
from crawler.schedule import Due, due_of, site_is_due
from crawler.verdicts import Matter, needs_a_person, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.items import Run, Site

_MONTH = dt.timedelta(days=30)
_AT_LEAST = 6  # runs read of each site, though they are older: a site that rests 28 days at a time still shows its row
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site: its newest run, what about it waits for a person, when it is due, and its runs of the last 30 days."""

    site_id: str
    name: str
    last_run: Run | None
    matter: Matter | None
    due: Due
    of_the_month: tuple[Run, ...] = ()

    @property
    def verdict(self) -> str:
        """Of the newest run; ``not_run`` where there is none, ``interrupted`` where it was cut off or is at work."""
        return verdict_of(self.last_run) if self.last_run else "not_run"

    def as_json(self) -> dict[str, Any]:
        """Plain values, the keys as docs/operating.md names them."""
        return {
            "site": self.site_id,
            "name": self.name,
            "last_run": self.last_run.started_at if self.last_run else None,
            "verdict": self.verdict,
            "counts": dict(self.last_run.counts) if self.last_run else {},
            "due": self.due.is_due,
            "due_at": self.due.next_at,
            "due_reason": self.due.reason,
        }


@dataclass(frozen=True, slots=True)
class CrawlStatus:
    """All sites of the registry (of a sample's archive: those it holds), as of a moment (UTC, ISO 8601, Z)."""

    as_of: str
    sites: tuple[SiteStatus, ...]
    beyond: tuple[str, ...]
    """Sites that the archive holds and the registry does not: taken out of it, or crawled with another."""
    problems: tuple[str, ...] = ()
    """What is wrong in the registry, a line each: until that is mended no crawl begins."""

    @property
    def waiting(self) -> list[tuple[SiteStatus, Matter]]:
        """The sites that wait for a person, longest first."""
        matters = [(site, site.matter) for site in self.sites if site.matter is not None]
        return sorted(matters, key=lambda one: (one[1].since, one[0].site_id))

    @property
    def due(self) -> list[str]:
        """The sites that a run of ``gongkai crawl --due`` would take."""
        return [site.site_id for site in self.sites if site.due.is_due]

    @property
    def verdicts(self) -> dict[str, int]:
        """The runs of the last 30 days, by verdict, the most frequent first."""
        return dict(Counter(verdict_of(run) for site in self.sites for run in site.of_the_month).most_common())

    @property
    def last_runs(self) -> dict[str, str]:
        """Site -> when its newest run began; empty where there is none."""
        return {site.site_id: site.last_run.started_at if site.last_run else "" for site in self.sites}

    def as_json(self) -> dict[str, Any]:
        """Plain values, the keys as docs/operating.md names them."""
        return {
            "as_of": self.as_of,
            "needs_a_person": [_matter_as_json(site, matter) for site, matter in self.waiting],
            "due_now": self.due,
            "runs_30_days": self.verdicts,
            "sites": [site.as_json() for site in self.sites],
            "sites_beyond_registry": list(self.beyond),
            "registry_problems": list(self.problems),
        }

    def as_text(self) -> str:
        """For people: first what waits for them, then the sites, then counts."""
        lines = [line for site, matter in self.waiting for line in _matter_as_text(site, matter)]
        if self.problems:
            lines.insert(0, f"the registry: {len(self.problems)} mistakes, and no crawl begins: gongkai sites check")
        if lines:
            lines = ["Waits for a person:", *lines, ""]
        last_runs = self.last_runs
        newest_first = sorted(self.sites, key=lambda site: last_runs[site.site_id], reverse=True)
        lines += shown([_site_as_text(site) for site in newest_first], "sites")
        if self.beyond:
            some = ", ".join(self.beyond[:5]) + (" ..." if len(self.beyond) > 5 else "")
            lines.append(f"{'not registered':<16}{len(self.beyond)} sites of the archive (--sites?): {some}")
        told = " · ".join(f"{number} {verdict}" for verdict, number in self.verdicts.items())
        lines.append(f"{'last 30 days':<16}{told or 'no run'}")
        lines.append(f"{'due now':<16}{len(self.due)} of {len(self.sites)} sites, as of {self.as_of}")
        return "\n".join(lines)


def summarise(
    archive_root: Path, sites: Sequence[Site], now: dt.datetime, problems: Sequence[object] = ()
) -> CrawlStatus:
    """How the crawl of these sites stands; those of an archive of the sample are its own.

    ``problems``: what is wrong in the registry. Where nothing is at ``archive_root`` no site was ever crawled.

    Raises:
        ArchiveError: what is there is no archive, or cannot be read.
    """
    archive = Archive(archive_root) if archive_root.exists() else None
    held = archive.site_ids() if archive else []
    is_sample = archive is not None and archive.holds == "sample"
    names = dict.fromkeys(held, "") if is_sample else {site.id: site.name for site in sites}
    return CrawlStatus(
        as_of=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        sites=tuple(_site(archive_root, site_id, name, now) for site_id, name in names.items()),
        beyond=tuple(site_id for site_id in held if site_id not in names and site_id != "ingest"),
        problems=tuple(str(problem) for problem in problems),
    )


def _site(archive_root: Path, site_id: str, name: str, now: dt.datetime) -> SiteStatus:
    since = (now - _MONTH).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        runs = [*_enough(newest_runs(archive_root, site_id), since)]
    except RecordError as error:
        return SiteStatus(site_id, name, None, Matter("damaged", "", 0, str(error)), due_of(archive_root, site_id, now))
    return SiteStatus(
        site_id=site_id,
        name=name,
        last_run=runs[0] if runs else None,
        matter=needs_a_person(runs, now),
        due=site_is_due(runs, now),
        of_the_month=tuple(run for run in runs if run.started_at >= since),
    )


def _enough(runs: Iterator[Run], since: str) -> Iterator[Run]:
    """Runs down to the month's beginning, and as long as all of them came to the same: to say since when."""
    first = ""
    for number, run in enumerate(runs):
        first = first or run.verdict
        if number >= _AT_LEAST and run.started_at < since and (run.verdict != first or first in ("ok", "nothing_new")):
            return
        yield run


def shown(lines: Sequence[str], what: str) -> list[str]:
    """A list as far as a terminal takes it."""
    rest = len(lines) - _MOST_SHOWN
    return [*lines[:_MOST_SHOWN], f"... and {rest} more {what}: gongkai status --json"] if rest > 0 else [*lines]


def _site_as_text(site: SiteStatus) -> str:
    counts: Mapping[str, int] = site.last_run.counts if site.last_run else {}
    told = " · ".join(f"{number} {what}" for what, number in counts.items() if number)
    started = site.last_run.started_at if site.last_run else "never run"
    return f"{site.site_id:<28} {site.verdict:<14}{started:<22}{told}".rstrip()


def _matter_as_text(site: SiteStatus, matter: Matter) -> list[str]:
    since = f"since {matter.since[:10]}, {matter.runs} run{'s' * (matter.runs > 1)}" if matter.since else ""
    return [f"{site.site_id:<28} {matter.verdict:<14}{since}".rstrip(), f"{'':<8}{matter.what_to_do}"]


def _matter_as_json(site: SiteStatus, matter: Matter) -> dict[str, Any]:
    return {
        "site": site.site_id,
        "name": site.name,
        "verdict": matter.verdict,
        "since": matter.since or None,
        "runs": matter.runs,
        "what_to_do": matter.what_to_do,
    }
