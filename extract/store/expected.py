"""Who should have reported, year by year: whether the report was found, how late it was, and if not found, why.

Expected are the bodies of which a report was ever found, and the governments of the places that crawled sites are of,
with those right below. What is not here was "not found"; nobody says that it was not published.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crawler.archive.ingest import SITE_ID as INGEST
from crawler.items import LISTED_AS
from extract.across.expected import FIRST_YEAR, Agency, Found, Known, expect_one, is_expected
from extract.identity.agency import government_of
from extract.identity.clues import Clues, Site
from extract.identity.identify import identify
from extract.store import agencies, state
from extract.store.changed import note_bodies, note_places
from extract.store.rollups import lower_units
from extract.store.sites import registered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlite_utils import Database

    from extract.identity.clues import Identity
    from extract.identity.divisions import Division
    from extract.store.basis import Basis
    from extract.store.sites import Standing

_YEAR = re.compile(r"(20\d\d)\s*年")
_PICTURE = re.compile(r"\bpictures?\b")
"""How the reader's errors speak of scans: what is needed to read them, or that nothing was on them."""
_AS_OF = "expected_as_of"
_TOUCHED_SITES = """
    select c.site_id from temp.touched t cross join captures c on c.url = t.address
    union select l.site_id from temp.touched t cross join leads l on l.url = t.address
    union select l.site_id from temp.touched t cross join lead_addresses a on a.address = t.address
      join leads l on l.id = a.lead_id"""
_TO_LOOK_AT = """
    select agency_id from temp.changed where agency_id is not null
    union select agency_id from reports where agency_id is not null
      and site_id in (select value from json_each(?))
    union select a.id from json_each(?) w cross join agencies a on a.region_id = w.value"""
_AGENCIES = """
    select a.id, a.agency_key, a.kind, a.level, a.region_id, a.first_year, a.last_year,
      (select r.site_id from reports r where r.agency_id = a.id order by r.year desc, r.report_key limit 1)
    from {} order by a.id"""
_LEADING_NOWHERE = """
    select l.site_id, l.url, null, l.id from leads l where l.site_id in (select value from json_each(?1))
      and not exists (select 1 from report_leads r where r.lead_id = l.id)
    union
    select site_id, url, substr(message, instr(message, ?2) + length(?2)), null from captures c
    where failure is not null and site_id in (select value from json_each(?1)) and instr(message, ?2)
      and not exists (select 1 from leads l join report_leads r on r.lead_id = l.id where l.url = c.url)
    order by 1, 2, 3"""
_TITLE = """
    select title from listings where url = ? and verdict = 'report'
    order by site_id <> ?, site_id, id desc limit 1"""
_NEWEST_RUNS = """
    select site_id, coalesce(verdict, ''), started_at from runs where site_id in (select value from json_each(?))
    order by started_at, run_id"""
_NEWEST = """
    select failure, sha256 from captures where url = ? and (failure is not null or status in (200, 304, 0))
    order by fetched_at desc, failure is null, failure, sha256 limit 1"""
_WITHHELD = "withheld"
"""The reason of a reading that a decision emptied begins with it."""
_READ = """
    select kind, coalesce(error, reason, '') from readings where sha256 = ? order by id desc limit 1"""
_FOUND = """
    select r.year, r.report_key, coalesce(r.published_on, ''), coalesce(r.first_seen, ''), r.id from reports r
    where r.agency_id = ? and r.year is not null
    order by r.year, r.published_on is null, r.published_on, r.report_key"""


@dataclass(frozen=True, slots=True)
class _Body:
    """An agency, its row, and the sites where its reports are looked for, the likeliest first."""

    number: int
    agency: Agency
    sites: tuple[str, ...]


@dataclass(slots=True)
class _AtSite:
    """What is known of a site: its newest run, and what it lists and nobody could read, by agency key and year."""

    runs: tuple[tuple[str, str], ...] = ()
    listed: dict[tuple[str, int], Known] = field(default_factory=dict)


def expect(
    db: Database, basis: Basis, before: Mapping[str, Standing], now: Mapping[str, Standing], *, anew: bool
) -> None:
    """Bring the expected list up to date, for the bodies that changed or whose site was looked at again.

    ``before`` and ``now``: the sites as they stood when this was done last, and as they stand.
    """
    _note_validity(db, basis)
    note_places(db, basis)
    today = _as_of(db)
    first = _first_year(db)
    if today is None or first is None:
        db.execute("delete from expected")
        state.put(db, _AS_OF, "")
        return
    every = _is_other_day(db, first, today) or anew
    sites = registered(db)
    if not every:
        others = {site for site in before.keys() | now.keys() if before.get(site) != now.get(site)}
        touched = others.union(site for (site,) in db.execute(_TOUCHED_SITES))
        _choose(db, basis, touched - {INGEST}, _codes(touched, before, now))
    bodies = _bodies(db, basis, sites, every=every)
    at_site = _look(db, basis, {site_id: sites[site_id] for body in bodies for site_id in body.sites})
    for body in bodies:
        _store(db, body, [at_site[site_id] for site_id in body.sites], first, today)


def _first_year(db: Database) -> int | None:
    """The year with which the list begins: the first that reports of two bodies name, if there is such a year.

    A year that one report alone names may have been misread, and would make all others be missed through many years.
    """
    first, alone = db.execute(
        """select min(case when bodies > 1 then year end), min(year) from (
             select year, count(distinct coalesce('a' || agency_id, report_key)) as bodies from reports
             where year >= ? group by year)""",
        [FIRST_YEAR],
    ).fetchone()
    return int(first or alone) if alone else None


def _is_other_day(db: Database, first: int, today: dt.date) -> bool:
    """Whether the years that can be expected are others than the last time: a day passed by which reports are due."""
    days = today > dt.date(today.year, 1, 31), today > dt.date(today.year, 3, 31)
    as_of = json.dumps([first, today.year, *days])
    known = state.get(db, _AS_OF)
    state.put(db, _AS_OF, as_of)
    return known != as_of


def _codes(sites: Iterable[str], *standings: Mapping[str, Standing]) -> set[str]:
    """The codes of the regions that the sites are of, or were."""
    return {of[site].region_code for of in standings for site in sites if site in of}


def _choose(db: Database, basis: Basis, touched: Iterable[str], codes: Iterable[str]) -> None:
    """Into ``temp.bodies``: what changed, what reports on these sites, and what is looked for there."""
    places = [place for code in codes if (place := _place(basis, code)) is not None]
    regions = {each.id for place in places for each in (place, *_right_below(basis, place))}
    db.execute("drop table if exists temp.bodies")
    db.execute(
        f"create temp table bodies as {_TO_LOOK_AT}",
        [json.dumps(sorted(touched)), json.dumps(sorted(regions))],
    )


def _right_below(basis: Basis, place: Division) -> Iterator[Division]:
    """All that ever stood right below a place, and below those of its rows that only fill a level."""
    for child in basis.divisions.children(place.id):
        yield child
        if child.kind == "pseudo":
            yield from _right_below(basis, child)


def _as_of(db: Database) -> dt.date | None:
    """The day up to which the archive knows anything: a database made anew on another day is the same."""
    (last,) = db.execute("select max(started_at) from runs").fetchone()
    return dt.date.fromisoformat(last[:10]) if last else None


def _place(basis: Basis, code: str) -> Division | None:
    """The division that a site is of, by the code in the registry."""
    return basis.divisions.by_code(code, basis.divisions.last_edition) if code else None


def add_governments(db: Database, basis: Basis, before: Mapping[str, Standing], now: Mapping[str, Standing]) -> None:
    """Agencies for the governments of the places of crawled sites, and of those right below; what is unused goes."""
    ids = dict(db.execute("select agency_key, id from agencies"))
    known = set(ids.values())
    here = {of.region_code for of in now.values()}
    there = {of.region_code for of in before.values()}
    for code in sorted(here - there):
        agencies.add_agencies(db, ids, _governments(basis, code), "divisions")
    unused = agencies.unused(db, every=bool(there - here))
    if unused:
        wanted = {who.agency_key for code in here for who in _governments(basis, code)}
        agencies.drop(db, [number for number, key in unused if key not in wanted])
    note_bodies(db, set(ids.values()) - known)
    agencies.note_basis(db)


def _governments(basis: Basis, code: str) -> list[Identity]:
    place = _place(basis, code)
    if place is None:
        return []
    below = lower_units(basis, place, basis.divisions.last_edition)
    return [government_of(each, basis.divisions) for each in (place, *below)]


def _note_validity(db: Database, basis: Basis) -> None:
    """The years of each agency: a government's are its place's; another's begin with its first report or a link."""
    linked_from = dict(db.execute("select from_key, max(year) from agency_links where kind <> 'same' group by 1"))
    linked_to = dict(db.execute("select to_key, min(year) from agency_links where kind <> 'same' group by 1"))
    rows = []
    for number, key, kind, region_id, first in db.execute(
        "select a.id, a.agency_key, a.kind, a.region_id, (select min(year) from reports where agency_id = a.id) "
        "from agencies a where a.id in (select agency_id from temp.changed)"
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


def _bodies(db: Database, basis: Basis, sites: Mapping[str, Site], *, every: bool) -> list[_Body]:
    """What is to be looked at. A body is looked for on the site of its newest report, then on those of its place."""
    at_place: dict[str, list[str]] = defaultdict(list)
    for site_id, site in sorted(sites.items()):
        place = _place(basis, site.region_code)
        if place is not None and site_id != INGEST:
            at_place[place.id].append(site_id)
    bodies = []
    chosen = "agencies a" if every else "temp.bodies w cross join agencies a on a.id = w.agency_id"
    for number, key, kind, level, region_id, first, last, site_id in db.execute(_AGENCIES.format(chosen)).fetchall():
        place = basis.divisions.get(region_id) if region_id else None
        near = [*at_place.get(place.id, ()), *at_place.get(_above(basis, place), ())] if place else []
        home = [site_id] if site_id and site_id != INGEST else []
        agency = Agency(key, kind or "", level or "", region_id or "", first, last)
        bodies.append(_Body(number, agency, tuple(dict.fromkeys([*home, *near]))))
    return bodies


def _above(basis: Basis, place: Division) -> str:
    """The id of the place right above; a row that only fills a level is none."""
    above = basis.divisions.get(place.parent)
    while above is not None and above.kind == "pseudo":
        above = basis.divisions.get(above.parent)
    return above.id if above else ""


def _look(db: Database, basis: Basis, sites: Mapping[str, Site]) -> dict[str, _AtSite]:
    """What is known of each of these sites, in one pass: there are thousands of them, and a million captures."""
    asked = json.dumps(sorted(sites))
    at = {site_id: _AtSite() for site_id in sites}
    for site_id, verdict, started_at in db.execute(_NEWEST_RUNS, [asked]):
        at[site_id].runs = ((verdict, started_at),)
    failures: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    read: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for site_id, url, said, lead_id in db.execute(_LEADING_NOWHERE, [asked, LISTED_AS]).fetchall():
        title = said or _title(db, url, site_id)
        year = _YEAR.search(title)
        if not year:
            continue
        clues = Clues(title=title, url=url, site=sites[site_id], year=int(year[1]))
        who = identify(clues, basis.divisions, basis.decided, basis.mirrors)
        if who.status != "resolved":
            continue
        key = site_id, who.agency_key, int(year[1])
        for address in (url, *_addresses(db, lead_id)):
            failure, sha256 = db.execute(_NEWEST, [address]).fetchone() or (None, None)
            failures[key] += [failure] if failure else []
            if sha256 and not failure:
                read[key].add(_came_of(db.execute(_READ, [sha256]).fetchone()))
    for (site_id, agency, year_of), kinds in failures.items():
        came_of = read[site_id, agency, year_of]
        known = Known(
            at[site_id].runs,
            is_listed=True,
            failures=tuple(kinds),
            read=_nearest(came_of, kinds),
            is_withheld=_WITHHELD in came_of,
        )
        at[site_id].listed[agency, year_of] = known
    return at


def _title(db: Database, url: str, site_id: str) -> str:
    """What an address was listed as, by the site itself if it lists it."""
    row = db.execute(_TITLE, [url, site_id]).fetchone()
    return (row[0] or "") if row else ""


def _nearest(read: set[str], failures: Collection[str]) -> Literal["", "image_only", "unreadable"]:
    """What of all that came of the documents of one report is said; a page that leads to a lost one says nothing."""
    if "image_only" in read:
        return "image_only"
    return "unreadable" if "unreadable" in read or ("other" in read and not failures) else ""


def _addresses(db: Database, lead_id: int | None) -> list[str]:
    """Where else something of a lead is looked for: its attachments, and where redirects lead."""
    rows = db.execute("select address from lead_addresses where lead_id = ? order by 1", [lead_id])
    return [address for (address,) in rows]


def _came_of(row: tuple[str, str] | None) -> str:
    """What came of a document that gave no report; ``other``: it was read, and is none."""
    if row is None:
        return ""
    if row[0] != "error":
        return _WITHHELD if row[1].startswith(f"{_WITHHELD}:") else "other"
    return "image_only" if _PICTURE.search(row[1]) else "unreadable"


def _store(db: Database, body: _Body, at: Sequence[_AtSite], first: int, today: dt.date) -> None:
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
    body: _Body, at: Sequence[_AtSite], found: dict[int, tuple[Found, int]], years: Iterable[int], today: dt.date
) -> Iterator[tuple[Any, ...]]:
    runs = at[0].runs if at else ()
    for year in years:
        if not is_expected(body.agency, year, today) and year not in found:
            continue
        key = body.agency.key, year
        known = next((each.listed[key] for each in at if key in each.listed), Known(runs))
        report, number = found.get(year, (None, None))
        each = expect_one(body.agency, year, report, known)
        due_on = each.due_on.isoformat() if each.due_on else None
        yield (body.number, year, each.region or None, each.basis, due_on, int(each.is_binding), each.status,
               each.days_after_due, number, each.why or None)  # fmt: skip
