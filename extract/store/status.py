"""What there is and what waits for a person, from archive.db."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from extract.store.database import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from sqlite_utils import Database

_MOST_SHOWN = 20

_LAST_RUNS = """
    select s.id, s.name, r.started_at, r.verdict, r.counts
    from sites s left join runs r on r.run_id = (
      select run_id from runs where site_id = s.id order by started_at desc, run_id desc limit 1)
    order by s.id"""
_WAITING = {  # of the numbers that stand: what a correction settled waits no more
    "failed checks": "select count(*) from reports r join findings f on f.reading_id = r.numbers_reading_id "
    "where f.verdict = 'fail' and coalesce(f.severity, 'error') = 'error'",
    "reports without numbers": "select count(*) from reports r join readings d on d.id = r.current_reading_id "
    "where d.form is null and d.numbers = 0",
    "documents unreadable": "select count(*) from readings r where kind = 'error' and reader = "
    "(select reader from readings where sha256 = r.sha256 order by id desc limit 1)",
    "cells unreadable": "select coalesce(sum(d.unreadable), 0) from reports r "
    "join readings d on d.id = r.numbers_reading_id",
    "issuers ambiguous": "select count(*) from reports where agency_id is null and agency_status = 'ambiguous'",
    "issuers unknown": "select count(*) from reports where agency_id is null "
    "and coalesce(agency_status, '') <> 'ambiguous'",
    "corrections refused": "select count(*) from corrections where status = 'refused'",
    "numbers that differ between documents of a report": "select count(*) from comparison_failures "
    "where basis = 'documents' and coalesce(severity, 'error') = 'error'",
    "numbers that break off from the year before": "select count(*) from comparison_failures "
    "where basis = 'years' and coalesce(severity, 'error') = 'error'",
}
_EXPECTED = """
    select year, status, coalesce(why, ''), count(*) from expected where year = (select max(year) from expected)
    group by status, why order by count(*) desc, why"""


def summarise(db_path: Path, last_runs: Mapping[str, str] | None = None, year: int | None = None) -> dict[str, Any]:
    """Sites with their last run, reports by year, failures by kind, and counts of what waits.

    ``last_runs``: site -> when its newest run began by the archive (empty: never), for the sites that should be here;
    without it those of the database count. ``year``: which year's reports ``coverage`` is about.

    Raises:
        DatabaseMissingError: there is no database.
    """
    db = open_for_reading(db_path)
    sites = [
        {
            "site": site,
            "name": name,
            "last_run": started,
            "verdict": verdict or "not_run",
            "counts": json.loads(counts or "{}"),
        }
        for site, name, started, verdict, counts in db.execute(_LAST_RUNS)
    ]
    known = {site["site"]: site["last_run"] or "" for site in sites}
    wanted = known if last_runs is None else last_runs
    years = db.execute("select coalesce(year, 'no year'), count(*) from reports group by year order by year").fetchall()
    failures = db.execute(
        "select failure, url, site_id, message from captures where failure is not null "
        "group by failure, url order by 1, 2"
    )
    return {
        "sites": sites,
        "reports": {str(year): count for year, count in years},
        "failures": [{"kind": kind, "url": url, "site": site, "message": m} for kind, url, site, m in failures],
        "waiting": {what: db.execute(sql).fetchone()[0] for what, sql in _WAITING.items()},
        "archive_db": {
            "runs_until": max(known.values(), default="") or None,
            "sites_behind": sum(started > known.get(site, "") for site, started in wanted.items()),
        },
        "coverage": _coverage(db, wanted, year),
        "expected": _expected(db),
    }


def _coverage(db: Database, wanted: Collection[str], year: int | None) -> dict[str, Any] | None:
    if year is None:
        return None
    having = {site for (site,) in db.execute("select distinct site_id from reports where year = ?", [year])}
    without = [site for site in wanted if site not in having]
    return {"year": year, "sites": len(wanted), "with_reports": len(wanted) - len(without), "without": without}


def _expected(db: Database) -> dict[str, Any] | None:
    """Of the last year whose day has passed: reports that there should be, found, and why others were not found."""
    rows = db.execute(_EXPECTED).fetchall()
    if not rows:
        return None
    return {
        "year": rows[0][0],
        "expected": sum(count for *_, count in rows),
        "found": sum(count for _, status, _, count in rows if status == "found"),
        "not_found": {why: count for _, status, why, count in rows if status == "not_found"},
    }


def as_text(summary: dict[str, Any], *, with_sites: bool = True) -> str:
    """The summary as lines; the last one counts. ``with_sites``: also each site's last run."""
    lines = []
    for site in summary["sites"] if with_sites else ():
        counts = " · ".join(f"{n} {what}" for what, n in site["counts"].items() if n)
        lines.append(f"{site['site']:<16}{site['verdict']:<14}{site['last_run'] or 'never run':<22}{counts}")
    lines += [f"{failure['kind']:<16}{failure['url']}" for failure in summary["failures"][:_MOST_SHOWN]]
    if len(summary["failures"]) > _MOST_SHOWN:
        kinds = Counter(failure["kind"] for failure in summary["failures"])
        told = " · ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        lines.append(f"failed          {told} in all: gongkai status --json")
    if coverage := summary["coverage"]:
        have = f"{coverage['with_reports']} of {coverage['sites']} sites have reports"
        lines.append(f"{'coverage':<16}{have} for {coverage['year']}")
    if expected := summary["expected"]:
        missing = " · ".join(f"{count} {why}" for why, count in expected["not_found"].items())
        found = f"{expected['found']} of {expected['expected']} reports of {expected['year']} found"
        lines.append(f"{'expected':<16}{found}" + (f"; not found (not: not published): {missing}" if missing else ""))
    lines += [f"waiting         {count} {what}" for what, count in summary["waiting"].items() if count]
    if until := summary["archive_db"]["runs_until"]:
        lines.append(f"archive.db      holds what was stored up to the run of {until}")
    if behind := summary["archive_db"]["sites_behind"]:
        lines.append(f"archive.db      lacks the newest run of {behind} sites: gongkai extract")
    by_year = " · ".join(f"{year}: {count}" for year, count in summary["reports"].items())
    total = sum(summary["reports"].values())
    lines.append(f"{len(summary['sites'])} sites · {total} reports" + (f" ({by_year})" if by_year else ""))
    return "\n".join(lines)
