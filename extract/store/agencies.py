"""Which body published each report: identified from what it says of itself and where it was found, never guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extract.identity.agency import plainly
from extract.identity.breadcrumb import breadcrumb_of
from extract.identity.clues import Clues
from extract.identity.identify import identify
from extract.identity.links import agency_links
from extract.store.changed import note_bodies, note_places
from extract.store.resolve import UNNAMED
from extract.store.sites import registered
from extract.store.wanted import batched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlite_utils import Database

    from extract.identity.clues import Identity, Site
    from extract.store.basis import Basis
    from extract.store.sites import Standing

_REPORTS = """
    select r.id, r.title, r.issuer_printed, r.year, r.site_id, min(p.url), d.sha256, d.member,
      (select l.publisher from report_leads w join leads a on a.id = w.lead_id join listings l on l.url = a.url
       where w.report_id = r.id and l.verdict = 'report' and l.publisher <> ''
       order by l.run_id desc, l.publisher limit 1),
      d.member <> '' or exists (
        select 1 from report_leads w join report_leads o on o.lead_id = w.lead_id join reports q on q.id = o.report_id
        where w.report_id = r.id and q.id <> r.id and q.year is r.year)
    from json_each(?) w cross join reports r on r.id = w.value
      join readings d on d.id = r.current_reading_id
      left join report_documents p on p.report_id = r.id
    group by r.id"""
_CALLED = "called"
_OF_CHANGED = """
    select id, agency_key, kind, level, name from agencies
    where id in (select agency_id from temp.changed) order by id"""
_AS_CALLED = f"""
    select r.agency_id, e.says from (select distinct agency_id from temp.changed where agency_id is not null) c
      join reports r on r.agency_id = c.agency_id
      join agency_evidence e on e.report_id = r.id and e.position = 0 and e.source = '{_CALLED}'
    group by 1, 2 order by 1, count(*) desc, 2"""
_BEGIN = 4_000
_END = 2_000
"""How much of a text may say who it is from: its head with the way of columns, and its end with the contact block."""
_PAGE = f"""
    select substr(d.text, 1, {_BEGIN}), substr(d.text, -{_END})
    from report_leads w join leads a on a.id = w.lead_id join captures c on c.url = a.url
      join documents d on d.sha256 = c.sha256 and d.member = ''
    where w.report_id = ? and c.sha256 <> ? and c.failure is null and d.text <> ''
    order by c.fetched_at desc, c.sha256 limit 1"""


def of_other_sites(db: Database, before: Mapping[str, Standing], now: Mapping[str, Standing]) -> list[int]:
    """The reports on sites of which the registry says something else than before."""
    others = [site for site, was in before.items() if site in now and was.described != now[site].described]
    if not others:
        return []
    rows = db.execute(
        "select id from reports where site_id in (select value from json_each(?)) order by id", [json.dumps(others)]
    )
    return [number for (number,) in rows]


def assign(db: Database, basis: Basis, further: Sequence[int] = ()) -> None:
    """Say of each report that changed, and of ``further`` ones, who published it; agencies are added as found."""
    for piece in batched(further):
        asked = json.dumps(list(piece))
        within = "in (select value from json_each(?))"
        db.execute(f"insert into temp.changed select id, agency_id, year from reports where id {within}", [asked])
        db.execute(f"delete from agency_evidence where report_id {within}", [asked])
    _forget(db)
    sites = registered(db)
    numbers = "select distinct report_id from temp.changed where report_id is not null order by 1"
    changed = [number for (number,) in db.execute(numbers)]
    keys = dict(db.execute("select agency_key, id from agencies"))
    for piece in batched(changed):
        found = [
            (number, identify(clues, basis.divisions, basis.decided, basis.mirrors))
            for number, clues in clues_of(db, piece, sites)
        ]
        add_agencies(db, keys, [who for _, who in found if who.status == "resolved"])
        db.conn.executemany(
            "update reports set agency_id = ?, agency_status = ? where id = ?",
            ((keys.get(who.agency_key), who.status, number) for number, who in found),
        )
        db.conn.executemany(
            "insert into agency_evidence (report_id, position, source, says, region_id, weight) "
            "values (?, ?, ?, ?, ?, ?)",
            (row for number, who in found for row in _evidence(number, who, basis)),
        )
    db.execute(
        "insert into temp.changed select r.id, r.agency_id, r.year "
        "from (select distinct report_id from temp.changed) c join reports r on r.id = c.report_id"
    )


def _forget(db: Database) -> None:
    """What comparisons said of the reports that changed: who they are from may not be known any more."""
    for table in ("comparisons", "comparison_failures", "rollups"):
        db.execute(f"delete from {table} where report_id in (select report_id from temp.changed)")  # our names


def clues_of(db: Database, numbers: Sequence[int], sites: Mapping[str, Site]) -> Iterator[tuple[int, Clues]]:
    """What is known of each of these reports that may tell who published it.

    A page that leads to the reports of several bodies says of none whose it is.
    """
    for row in db.execute(_REPORTS, [json.dumps(list(numbers))]).fetchall():
        number, title, issuer, year, site_id, url, sha256, member, publisher, is_bundled = row
        text = _text(db, sha256, member)
        breadcrumb, footer = breadcrumb_of(text), ""
        if not breadcrumb and not is_bundled:
            breadcrumb, footer = _of_page(db, number, sha256)
        yield (
            number,
            Clues(
                title=title or "",
                issuer="" if issuer == UNNAMED else issuer,
                year=year,
                host=_host(url),
                url=url or "",
                breadcrumb=breadcrumb,
                site=sites.get(site_id),
                text=f"{footer}\n{text}" if footer else text,
                publisher="" if is_bundled else publisher or "",
            ),
        )


def _text(db: Database, sha256: str, member: str) -> str:
    row = db.execute(
        f"select substr(text, 1, {_BEGIN}), case when length(text) > {_BEGIN} then substr(text, -{_END}) else '' end "
        "from documents where sha256 = ? and member = ?",
        [sha256, member],
    ).fetchone()
    return "\n".join(filter(None, row)) if row else ""


def _of_page(db: Database, number: int, sha256: str) -> tuple[str, str]:
    """Of the page that leads to the document: the way of columns that it shows, and its end: whose site it is.

    What the end of the document says (a signature) must stay the end: this goes before it.
    """
    row = db.execute(_PAGE, [number, sha256]).fetchone()
    return (breadcrumb_of(row[0]), row[1]) if row else ("", "")


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:  # "http://[": a site's mistake
        return ""


def add_agencies(db: Database, keys: dict[str, int], found: Sequence[Identity], basis: str = "reports") -> None:
    """Rows for bodies that had none; ``keys`` learns them."""
    for who in found:
        if who.agency_key not in keys:
            cursor = db.execute(
                "insert into agencies (agency_key, name, kind, level, region_id, basis) values (?, ?, ?, ?, ?, ?)",
                [who.agency_key, who.name, who.kind, who.level, who.division.id if who.division else None, basis],
            )
            keys[who.agency_key] = int(cursor.lastrowid or 0)


def _evidence(number: int, who: Identity, basis: Basis) -> Iterator[tuple[Any, ...]]:
    """The first row says how the body is called, where its key alone does not tell."""
    rows: list[tuple[Any, ...]] = [(e.source, e.says, e.region_id or None, e.weight) for e in who.evidence]
    if who.status != "resolved":
        rows += [("candidate", who.why, division.id, None) for division in who.candidates]
        rows += [] if who.candidates else [("nothing found", who.why, None, None)]
    elif (who.kind, who.level, who.name) != plainly(who.division, who.organ, basis.divisions):
        rows.insert(0, (_CALLED, f"{who.kind} {who.level} {who.name}", None, None))
    return ((number, position, *row) for position, row in enumerate(dict.fromkeys(rows)))


def settle(db: Database, basis: Basis) -> None:
    """Kind, name and names of each body that changed, from all its reports: whichever of them was known first."""
    note_places(db, basis)
    called: dict[int, str] = {}
    for agency, says in db.execute(_AS_CALLED):
        called.setdefault(agency, says)
    other_kind: list[tuple[int]] = []
    for agency, key, *row in db.execute(_OF_CHANGED).fetchall():
        place, _, organ = key.partition(":")
        plain = plainly(None if place == "cn" else basis.divisions[place], organ, basis.divisions)
        settled = tuple(called[agency].split(" ", 2)) if agency in called else plain
        if tuple(row) != settled:
            db.execute("update agencies set kind = ?, level = ?, name = ? where id = ?", [*settled, agency])
            other_kind += [(agency,)] if row[0] != settled[0] else []
    if other_kind:
        db.conn.executemany(
            "insert into temp.changed select distinct null, agency_id, year from reports where agency_id = ?",
            other_kind,
        )
        note_places(db, basis)
    _note_names(db)


def _note_names(db: Database) -> None:
    """The names under which each changed agency signed, and the years of each."""
    changed = "in (select agency_id from temp.changed)"
    db.execute(f"delete from agency_names where agency_id {changed}")
    db.execute(
        f"""insert into agency_names (agency_id, name, first_year, last_year)
            select agency_id, issuer_printed, min(year), max(year) from reports
            where agency_id {changed} and issuer_printed <> ? group by agency_id, issuer_printed""",
        [UNNAMED],
    )


def unused(db: Database, *, every: bool = False) -> list[tuple[int, str]]:
    """Bodies without any report, by row and key: of those that changed, or of all."""
    changed = "" if every else "a.id in (select agency_id from temp.changed) and "
    return db.execute(
        f"select a.id, a.agency_key from agencies a where {changed}"
        "not exists (select 1 from reports where agency_id = a.id) order by a.id"
    ).fetchall()


def drop(db: Database, numbers: Sequence[int]) -> None:
    """Take out bodies that no report, site or division stands behind any more."""
    for table, column in (("agency_names", "agency_id"), ("expected", "agency_id"), ("agencies", "id")):
        db.conn.executemany(f"delete from {table} where {column} = ?", ((number,) for number in numbers))


def note_basis(db: Database) -> None:
    """On what each body that changed is here: reports of its own, or only its place."""
    db.execute(
        """update agencies set basis = iif(basis = 'reports', 'divisions', 'reports')
           where id in (select agency_id from temp.changed) and (basis = 'reports') <>
             exists (select 1 from reports where agency_id = agencies.id)"""
    )


def link(db: Database, basis: Basis) -> None:
    """Which bodies follow which. Those of which this is not what it was have changed."""
    ids = dict(db.execute("select agency_key, id from agencies"))
    found = agency_links(ids, basis.divisions, basis.decided)
    named = {
        (each.from_key, each.to_key, each.kind): (each.year, each.reason)
        for each in sorted(found, key=lambda each: (each.year or 0, each.reason), reverse=True)  # the first one stands
    }
    links = {(*of, *why) for of, why in named.items()}
    before = set(db.execute("select from_key, to_key, kind, year, reason from agency_links"))
    db.conn.executemany(
        "delete from agency_links where from_key = ? and to_key = ? and kind = ?",
        (each[:3] for each in sorted(before - links, key=str)),
    )
    db.conn.executemany(
        "insert into agency_links (from_key, to_key, kind, year, reason) values (?, ?, ?, ?, ?)",
        sorted(links - before, key=str),
    )
    note_bodies(db, {ids[key] for each in before ^ links for key in each[:2] if key in ids})
