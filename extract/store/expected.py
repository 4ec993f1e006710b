"""Who should have reported, year by year: whether the report was found, how late it was, and if not found, why.

Expected are the bodies of which a report was ever found, and the governments of the places that crawled sites are of,
with those right below. What is not here was "not found"; nobody says that it was not published.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.archive.ingest import SITE_ID as INGEST
from crawler.items import LISTED_AS
from extract.across.expected import FIRST_YEAR, Agency, Found, Known, expect_one, is_expected
from extract.identity.identify import Clues, Site, government_of, identify
from extract.store.agencies import add_agencies, registered
from extract.store.rollups import lower_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

    from extract.identity.divisions import Division
    from extract.store.basis import Basis
    from extract.store.leads import Until

_YEAR = re.compile(r"(20\d\d)\s*年")
_TOUCHED_SITES = (
    "select distinct site_id from captures where id > ? union select distinct site_id from listings where id > ?"
)
_AGENCIES = """
    select a.id, a.agency_key, a.kind, a.level, a.region_id, a.first_year, a.last_year,
      (select r.site_id from reports r where r.agency_id = a.id order by r.year desc, r.report_key limit 1)
    from agencies a order by a.id"""
_LEADING_NOWHERE = """
    select l.url,
      (select x.title from listings x where x.url = l.url and x.verdict = 'report' order by x.id desc limit 1)
    from leads l where l.site_id = ?1 and not exists (select 1 from report_leads r where r.lead_id = l.id)
    union
    select url, substr(message, instr(message, ?2) + length(?2)) from captures c
    where site_id = ?1 and failure is not null and instr(message, ?2)
      and not exists (select 1 from leads l join report_leads r on r.lead_id = l.id where l.url = c.url)
    order by 1, 2"""
_FAILURES = "select distinct failure from captures where url = ? and failure is not null order by 1"
_READ = """
    select r.kind, coalesce(r.error, r.reason, ''), r.numbers from captures c join readings r on r.sha256 = c.sha256
    where c.url = ? and c.failure is null order by r.id desc limit 1"""
_FOUND = """
    select r.year, r.report_key, coalesce(r.published_on, ''), coalesce(r.first_seen, ''), r.id from reports r
    where r.agency_id = ? and r.year is not null
    order by r.year, r.published_on is null, r.published_on, r.report_key"""


@dataclass(frozen=True, slots=True)
class _Body:
    """An agency, its row, and the site where its reports are looked for (empty: nobody knows one)."""

    number: int
    agency: Agency
    site_id: str


@dataclass(slots=True)
class _AtSite:
    """What is known of a site: its newest run, and what it lists and nobody could read, by agency key and year."""

    runs: tuple[tuple[str, str], ...] = ()
    listed: dict[tuple[str, int], Known] = field(default_factory=dict)


def expect(db: Database, basis: Basis, since: Until, *, anew: bool) -> None:
    """Bring the expected list up to date, for the agencies that changed or whose site was looked at again."""
    today = _as_of(db)
    first = db.execute("select min(year) from reports where year >= ?", [FIRST_YEAR]).fetchone()[0]
    if today is None or first is None:
        return
    sites = registered(db)
    _add_governments(db, basis, sites)
    _note_validity(db, basis)
    touched = {site for (site,) in db.execute(_TOUCHED_SITES, [since.captures, since.listings])}
    changed = {agency for (agency,) in db.execute("select agency_id from temp.changed where agency_id is not null")}
    at_site: dict[str, _AtSite] = {}
    for body in _bodies(db, basis, sites):
        if not (anew or body.number in changed or body.site_id in touched):
            continue
        if body.site_id not in at_site:
            at_site[body.site_id] = _look(db, basis, sites.get(body.site_id))
        _store(db, body, at_site[body.site_id], first, today)


def _as_of(db: Database) -> dt.date | None:
    """The day up to which the archive knows anything: a database made anew on another day is the same."""
    (last,) = db.execute("select max(started_at) from runs").fetchone()
    return dt.date.fromisoformat(last[:10]) if last else None


def _place(basis: Basis, site: Site) -> Division | None:
    """The division that a site is of, as the registry says."""
    if not site.region_code:
        return None
    return basis.divisions.by_code(site.region_code, basis.divisions.last_edition)


def _add_governments(db: Database, basis: Basis, sites: dict[str, Site]) -> None:
    """Agencies for the governments of the places of crawled sites, and of those right below them."""
    keys = dict(db.execute("select agency_key, id from agencies"))
    for site in sites.values():
        place = _place(basis, site)
        if place is None:
            continue
        below = lower_units(basis, place, basis.divisions.last_edition)
        governments = [government_of(each, basis.divisions) for each in (place, *below)]
        add_agencies(db, keys, governments, "divisions")


def _note_validity(db: Database, basis: Basis) -> None:
    """The years of each agency: a government's are its place's; another's begin with its first report or a link."""
    linked_from = dict(db.execute("select from_key, max(year) from agency_links where kind <> 'same' group by 1"))
    linked_to = dict(db.execute("select to_key, min(year) from agency_links where kind <> 'same' group by 1"))
    rows = []
    for number, key, kind, region_id, first in db.execute(
        "select a.id, a.agency_key, a.kind, a.region_id, (select min(year) from reports where agency_id = a.id) "
        "from agencies a"
    ):
        place = basis.divisions.get(region_id) if region_id else None
        begins: int | None = place.valid_from if place and place.valid_from > basis.divisions.first_edition else None
        ends: int | None = place.valid_to if place else None
        if kind not in ("government", "township", "subdistrict"):
            begins = max(filter(None, (begins, linked_to.get(key) or first)), default=None)
        if link := linked_from.get(key):
            ends = min(filter(None, (ends, link - 1)))
        rows.append((begins, ends, number, begins, ends))
    db.conn.executemany(
        "update agencies set first_year = ?, last_year = ? "
        "where id = ? and (first_year is not ? or last_year is not ?)",
        rows,
    )


def _bodies(db: Database, basis: Basis, sites: dict[str, Site]) -> list[_Body]:
    at_place: dict[str, str] = {}
    for site_id in sorted(sites, reverse=True):
        place = _place(basis, sites[site_id])
        if place is not None and site_id != INGEST:
            at_place[place.id] = site_id
    bodies = []
    for number, key, kind, level, region_id, first, last, site_id in db.execute(_AGENCIES):
        place = basis.divisions.get(region_id) if region_id else None
        near = at_place.get(place.id) or at_place.get(place.parent) if place else None
        home = site_id if site_id and site_id != INGEST else near
        agency = Agency(key, kind or "", level or "", region_id or "", first, last)
        bodies.append(_Body(number, agency, home or ""))
    return bodies


def _look(db: Database, basis: Basis, site: Site | None) -> _AtSite:
    if site is None:
        return _AtSite()
    runs = db.execute(
        "select coalesce(verdict, ''), started_at from runs where site_id = ? "
        "order by started_at desc, run_id desc limit 1",
        [site.id],
    ).fetchall()
    at = _AtSite(tuple(runs))
    failures: dict[tuple[str, int], list[str]] = defaultdict(list)
    read: dict[tuple[str, int], Any] = {}
    for url, title in db.execute(_LEADING_NOWHERE, [site.id, LISTED_AS]).fetchall():
        year = _YEAR.search(title or "")
        if not year:
            continue
        who = identify(
            Clues(title=title, url=url, site=site, year=int(year[1])), basis.divisions, basis.decided, basis.mirrors
        )
        if who.status != "resolved":
            continue
        key = who.agency_key, int(year[1])
        failures[key] += [kind for (kind,) in db.execute(_FAILURES, [url])]
        read[key] = _came_of(db.execute(_READ, [url]).fetchone()) or read.get(key, "")
    for key, kinds in failures.items():
        at.listed[key] = Known(at.runs, is_listed=True, failures=tuple(kinds), read=read.get(key, ""))
    return at


def _came_of(row: tuple[str, str, int] | None) -> str:
    """What came of a document that gave no report."""
    if row is None or row[0] != "error":
        return ""
    return "image_only" if "ocr" in row[1] else "unreadable"


def _store(db: Database, body: _Body, at: _AtSite, first: int, today: dt.date) -> None:
    found: dict[int, tuple[Found, int]] = {}
    for year, key, published_on, first_seen, number in db.execute(_FOUND, [body.number]):
        found.setdefault(year, (Found(key, published_on, first_seen), number))
    db.execute("delete from expected where agency_id = ?", [body.number])
    db.conn.executemany(
        "insert into expected (agency_id, year, region_id, basis, due_on, is_binding, status, days_after_due, "
        "report_id, why) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _rows(body, at, found, range(first, today.year), today),
    )


def _rows(
    body: _Body, at: _AtSite, found: dict[int, tuple[Found, int]], years: Iterable[int], today: dt.date
) -> Iterator[tuple[Any, ...]]:
    for year in years:
        if not is_expected(body.agency, year, today) and year not in found:
            continue
        known = at.listed.get((body.agency.key, year), Known(at.runs))
        report, number = found.get(year, (None, None))
        each = expect_one(body.agency, year, report, known)
        due_on = each.due_on.isoformat() if each.due_on else None
        yield (body.number, year, each.region or None, each.basis, due_on, int(each.is_binding), each.status,
               each.days_after_due, number, each.why or None)  # fmt: skip
