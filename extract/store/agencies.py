"""Which body published each report: identified from what it says of itself and where it was found, never guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extract.identity.breadcrumb import breadcrumb_of
from extract.identity.identify import Clues, Site, identify
from extract.identity.links import agency_links
from extract.store.wanted import batched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlite_utils import Database

    from extract.identity.identify import Identity
    from extract.store.basis import Basis

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
_UNNAMED = "（未署名）"
_BEGIN = 4_000
_END = 2_000
"""How much of a text may say who it is from: its head with the way of columns, and its end with the contact block."""
_PAGE = f"""
    select substr(d.text, 1, {_BEGIN}), substr(d.text, -{_END})
    from report_leads w join leads a on a.id = w.lead_id join captures c on c.url = a.url
      join documents d on d.sha256 = c.sha256 and d.member = ''
    where w.report_id = ? and c.sha256 <> ? and c.failure is null and d.text <> ''
    order by c.fetched_at desc, c.sha256 limit 1"""


def assign(db: Database, basis: Basis) -> None:
    """Say of each report that changed who published it; agencies are added as they are found."""
    sites = registered(db)
    changed = [number for (number,) in db.execute("select distinct report_id from temp.changed order by 1")]
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
            (row for number, who in found for row in _evidence(number, who)),
        )
    db.execute(
        "insert into temp.changed select r.id, r.agency_id, r.year "
        "from temp.changed c join reports r on r.id = c.report_id"
    )
    _note_names(db)


def registered(db: Database) -> dict[str, Site]:
    """The sites by id, as the registry describes them."""
    columns = ", ".join(f"coalesce({name}, '')" for name in ("name", "agency", "level", "region_code"))
    return {row[0]: Site(*row) for row in db.execute(f"select id, {columns} from sites")}


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
                issuer="" if issuer == _UNNAMED else issuer,
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


def _evidence(number: int, who: Identity) -> Iterator[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [(e.source, e.says, e.region_id or None, e.weight) for e in who.evidence]
    if who.status != "resolved":
        rows += [("candidate", who.why, division.id, None) for division in who.candidates]
        if not who.candidates:
            rows.append((who.status, who.why, None, None))
    return ((number, position, *row) for position, row in enumerate(dict.fromkeys(rows)))


def _note_names(db: Database) -> None:
    """The names under which each changed agency signed, and the years of each."""
    changed = "in (select agency_id from temp.changed)"
    db.execute(f"delete from agency_names where agency_id {changed}")
    db.execute(
        f"""insert into agency_names (agency_id, name, first_year, last_year)
            select agency_id, issuer_printed, min(year), max(year) from reports
            where agency_id {changed} group by agency_id, issuer_printed"""
    )


def drop_unused(db: Database) -> None:
    """Agencies that no report, site or division stands behind any more."""
    unused = """select id from agencies where id in (select agency_id from temp.changed)
      and basis = 'reports' and id not in (select agency_id from reports where agency_id is not null)"""
    for table in ("agency_names", "expected"):
        db.execute(f"delete from {table} where agency_id in ({unused})")
    db.execute(f"delete from agencies where id in ({unused})")


def link(db: Database, basis: Basis) -> None:
    """Which bodies follow which: made anew when agencies came or went."""
    keys = [key for (key,) in db.execute("select agency_key from agencies")]
    links = agency_links(keys, basis.divisions, basis.decided)
    db.execute("delete from agency_links")
    db.conn.executemany(
        "insert into agency_links (from_key, to_key, kind, year, reason) values (?, ?, ?, ?, ?) on conflict do nothing",
        ((each.from_key, each.to_key, each.kind, each.year, each.reason) for each in links),
    )
