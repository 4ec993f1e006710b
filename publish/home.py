"""``/``: what this is, what there is by issuer and year, what is new, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.across.expected import why_in_words
from publish import words
from publish.pages import language, page, page_number
from publish.questions import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasette.utils.asgi import Request, Response

    from publish.pages import Language
    from publish.site import PublicSite, Row

ISSUERS = 100
"""Rows of the coverage grid on one page."""
MOST_YEARS = 40
MOST_PAGES = 100_000

_COUNTS = """
    select (select count(*) from reports) as reports,
      (select count(*) from (select distinct site_id, issuer_printed from reports)) as issuers,
      (select count(distinct agency_id) from reports) as agencies,
      (select count(*) from documents) as documents,
      (select count(*) from sites) as sites,
      (select sum(d.numbers) from readings d join reports r on r.current_reading_id = d.id)
        as numbers,
      (select min(year) from reports) as first_year, (select max(year) from reports) as last_year"""
_ISSUERS = """
    select r.site_id, s.name as site_name, r.issuer_printed from reports r left join sites s on s.id = r.site_id
    group by r.site_id, r.issuer_printed order by r.site_id, r.issuer_printed limit ? offset ?"""
_REPORTS = """
    select r.report_key, r.site_id, r.issuer_printed, r.year, d.form,
      d.numbers > 0 as has_numbers, d.failed
    from reports r join readings d on d.id = r.current_reading_id
    where (r.site_id, r.issuer_printed) >= (?, ?) and (r.site_id, r.issuer_printed) <= (?, ?)
    order by r.site_id, r.issuer_printed, r.year, r.report_key"""
_LATEST = """
    select report_key, issuer_printed, year, title, published_on, first_seen from reports
    order by first_seen desc, year desc, report_key limit 12"""
_YEARS = "select distinct year from reports where year is not null order by year"
_FAILED = """
    select f.check_id, f.severity, count(*) as n, count(distinct report_key) as reports from failed_checks f
    where f.severity <> 'info' group by f.check_id, f.severity order by f.severity, n desc"""
_FAILURES = (
    "select failure, count(distinct url) as n from captures where failure is not null group by failure order by n desc"
)
_WAITING = """
    select
      (select count(*) from reports r join readings d on d.id = r.current_reading_id where d.form is null) as no_tables,
      (select count(*) from readings where kind = 'error') as documents_unreadable,
      (select sum(d.unreadable) from readings d join reports r on r.current_reading_id = d.id)
        as cells_unreadable,
      (select count(*) from reports where agency_status = 'ambiguous') as agencies_ambiguous,
      (select count(*) from reports where agency_id is null and agency_status <> 'ambiguous') as agencies_unknown"""
_EXPECTED = """
    select year, status, why, count(*) as n, sum(is_binding and days_after_due > 0) as late from expected
    where year = (select max(year) from expected) group by status, why order by status, n desc, why"""
_CHANGED = """
    select r.report_key, r.issuer_printed, r.year, c.key, f.row_label_zh, f.row_label_en, c.old_value, c.old_raw,
      c.new_value, c.new_raw, c.seen_at
    from changes c join reports r on r.id = c.report_id
      left join form_cells f on f.form = r.form and f.key = c.key
    order by c.seen_at desc, r.report_key, c.key limit 6"""


async def home_page(request: Request, datasette: PublicSite) -> Response:
    """The home page; ``?page=`` turns the pages of the coverage grid."""
    number = page_number(request, MOST_PAGES)
    issuers = await datasette.rows(_ISSUERS, [ISSUERS + 1, (number - 1) * ISSUERS])
    shown = issuers[:ISSUERS]
    years = _without_gaps([row["year"] for row in await datasette.kept(_YEARS)])
    coverage = _coverage(shown, await _reports(datasette, shown))
    context = {
        "counts": (await datasette.kept(_COUNTS))[0],
        "years": years,
        "coverage": coverage,
        "has_unknown_year": any(None in row["by_year"] for row in coverage),
        "page_number": number,
        "has_more": len(issuers) > ISSUERS,
        "latest": await datasette.rows(_LATEST),
        "failed": await datasette.kept(_FAILED),
        "failures": await datasette.kept(_FAILURES),
        "expected": _expected(await datasette.kept(_EXPECTED), language(request)),
        "changed": await datasette.kept(_CHANGED),
        "questions": questions(),
        "waiting": (await datasette.kept(_WAITING))[0],
        "kinds": words.FAILURES,
        "check_names": words.CHECKS,
        "marks": words.MARKS,
    }
    return await page(datasette, request, "gongkai_home.html", context)


def _expected(rows: Sequence[Row], t: Language) -> Row | None:
    """Of the last year whose day has passed: how many reports there should be, how many were found, why not."""
    if not rows:
        return None
    missing = [row for row in rows if row["status"] == "not_found"]
    return {
        "year": rows[0]["year"],
        "expected": sum(row["n"] for row in rows),
        "found": sum(row["n"] for row in rows if row["status"] == "found"),
        "not_found": sum(row["n"] for row in missing),
        "late": sum(row["late"] or 0 for row in rows),
        "why": [{"said": t(*why_in_words(row["why"])), "n": row["n"]} for row in missing],
    }


async def _reports(site: PublicSite, issuers: Sequence[Row]) -> list[Row]:
    if not issuers:
        return []
    first, last = issuers[0], issuers[-1]
    bounds = [first["site_id"], first["issuer_printed"], last["site_id"], last["issuer_printed"]]
    return await site.rows(_REPORTS, bounds)


def _coverage(issuers: Sequence[Row], reports: Sequence[Row]) -> list[Row]:
    """A row for each issuer at a site: its reports by year, each with the mark that says how it stands."""
    lines = {(row["site_id"], row["issuer_printed"]): {**row, "by_year": {}} for row in issuers}
    for report in reports:
        by_year = lines[report["site_id"], report["issuer_printed"]]["by_year"]
        by_year.setdefault(report["year"], []).append({**report, "mark": _mark(report)})
    return list(lines.values())


def _without_gaps(years: Sequence[int]) -> list[int]:
    """All years from the first to the last: one that nobody has is a gap to be seen. A misread year opens no abyss."""
    if years and years[-1] - years[0] <= MOST_YEARS:
        return list(range(years[0], years[-1] + 1))
    return list(years)


def _mark(report: Row) -> str:
    if report["failed"]:
        return "failed"
    return "read" if report["has_numbers"] else "no_numbers"
