"""Reports -> rows: written where something of them is new, left alone where nothing is, removed where nothing leads.

A report keeps its row number as long as it is there. What must follow a report that changed is in ``temp.changed``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract.store import changed, changes, search_index
from extract.store.leads import leads
from extract.store.load import insert_all
from extract.store.resolve import reports_of
from extract.store.wanted import batched, groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

    from extract.store.resolve import Part

_COLUMNS = (
    "id", "report_key", "site_id", "issuer_printed", "year", "scope", "form", "title", "published_on", "first_seen",
    "last_seen", "missed_at", "current_reading_id", "numbers_reading_id",
)  # fmt: skip
_UPSERT = (
    f"insert into reports ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))}) "
    f"on conflict (id) do update set {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])}"
)
_OWN_TABLES = ("changes", "report_documents", "report_leads", "agency_evidence", "rollups", "report_prints")
_MISSED = """
    select min(c.fetched_at) from captures c where c.url = ? and c.failure = 'gone' and c.fetched_at > ?
      and not exists (
        select 1 from captures l where l.url = c.url and l.failure is null and l.fetched_at > c.fetched_at
          and l.status < 400 and not exists (
            select 1 from captures g where g.url = l.url and g.run_id = l.run_id and g.failure = 'gone'))"""
"""The page that says that there is no such page is received, too, by each run anew: nothing came back with it."""


def write_reports(db: Database, touched: Sequence[int]) -> None:
    """Make the reports that the touched leads lead to, or led to, as the database knows them now.

    Works in pieces; a report that several leads lead to is made of all of them each time one of them is touched.
    """
    changed.begin(db)
    for piece in batched(touched):
        led_to = groups(db, leads(db, piece))
        found = reports_of(db, led_to)
        before = dict(_led_to(db, piece))
        ids = {**before, **_ids(db, found.keys())}
        further = _leads_of(db, ids.values()) - set(piece)
        for key, parts in reports_of(db, groups(db, leads(db, sorted(further)))).items():
            if key in found or key in before:
                found.setdefault(key, []).extend(parts)
        _remove(db, [ids[key] for key in sorted(before.keys() - found.keys())])
        _write(db, found, ids)
        _drop_leads(db, set(piece) - {group.lead_id for group in led_to})


def _drop_leads(db: Database, lead_ids: set[int]) -> None:
    """Leads that no listing makes any more: what was taken from elsewhere counts for another site now."""
    for table, column in (("lead_addresses", "lead_id"), ("leads", "id")):
        db.conn.executemany(f"delete from {table} where {column} = ?", ((each,) for each in sorted(lead_ids)))


def _led_to(db: Database, lead_ids: Sequence[int]) -> Iterable[tuple[str, int]]:
    """Key and row of the reports that the leads led to when they were last looked at."""
    return db.execute(
        "select distinct r.report_key, r.id from json_each(?) w cross join report_leads l on l.lead_id = w.value "
        "join reports r on r.id = l.report_id",
        [json.dumps(list(lead_ids))],
    )


def _ids(db: Database, keys: Iterable[str]) -> dict[str, int]:
    return dict(
        db.execute(
            "select r.report_key, r.id from json_each(?) w cross join reports r on r.report_key = w.value",
            [json.dumps(list(keys))],
        )
    )


def _leads_of(db: Database, report_ids: Iterable[int]) -> set[int]:
    return {
        lead
        for (lead,) in db.execute(
            "select l.lead_id from json_each(?) w cross join report_leads l on l.report_id = w.value",
            [json.dumps(list(report_ids))],
        )
    }


def _remove(db: Database, report_ids: Sequence[int]) -> None:
    """Reports that nothing leads to any more: their documents were read otherwise, or are withheld."""
    for number in report_ids:
        search_index.remove(db, number)
        _note_changed(db, number)
        for table in ("comparisons", "comparison_failures"):
            db.execute(f"delete from {table} where report_id = ?", [number])  # our names
        db.execute("update comparisons set other_report_id = null where other_report_id = ?", [number])
        db.execute("update expected set report_id = null where report_id = ?", [number])
        _clear(db, number)
        db.execute("delete from reports where id = ?", [number])


def _clear(db: Database, number: int) -> None:
    for table in _OWN_TABLES:
        db.execute(f"delete from {table} where report_id = ?", [number])


def _note_changed(db: Database, number: int) -> None:
    db.execute("insert into temp.changed select id, agency_id, year from reports where id = ?", [number])


def _write(db: Database, found: dict[str, list[Part]], ids: dict[str, int]) -> None:
    following = 1 + int(db.execute("select coalesce(max(id), 0) from reports").fetchone()[0])
    corrected = _corrected(db, found)
    rows: dict[str, list[Any]] = {"reports": [], "report_documents": [], "report_leads": [], "changes": []}
    for key, unordered in sorted(found.items()):
        parts = sorted(unordered, key=lambda part: part.place)
        number = ids.get(key)
        if number is None:
            number, following = following, following + 1
        else:
            search_index.remove(db, number)
            _note_changed(db, number)
            _clear(db, number)
        best = best_of(parts)
        rows["reports"].append(_report_row(db, number, key, parts, best, corrected))
        documents = {
            (part.seen.sha256, part.read.member, part.seen.url): _document_row(number, part, best) for part in parts
        }
        rows["report_documents"] += documents.values()
        rows["report_leads"] += sorted({(number, part.group.lead_id) for part in parts})
        rows["changes"] += changes.between_editions(db, number, parts)
    db.conn.executemany(_UPSERT, rows["reports"])
    insert_all(db, "report_documents", rows["report_documents"])
    db.conn.executemany("insert into report_leads (report_id, lead_id) values (?, ?)", rows["report_leads"])
    insert_all(db, "changes", rows["changes"])
    written = [row[0] for row in rows["reports"]]
    db.conn.executemany(
        "insert into temp.changed select id, null, year from reports where id = ?", ((number,) for number in written)
    )
    search_index.add(db, written)


def _corrected(db: Database, found: dict[str, list[Part]]) -> dict[int, int]:
    """By reading, the one of the same document that has the decided corrections applied."""
    digests = {part.read.sha256 for parts in found.values() for part in parts}
    return dict(
        db.execute(
            "select r.corrects, max(r.id) from json_each(?) w cross join readings r on r.sha256 = w.value "
            "where r.corrects is not null group by 1",
            [json.dumps(sorted(digests))],
        )
    )


def best_of(parts: Sequence[Part]) -> Part:
    """The document that speaks for a report: of those that stand, the one with most numbers, most sure, best format."""
    standing = [part for part in parts if part.role != "edition"]
    return max(standing or parts, key=lambda part: part.read.rank)


def _report_row(
    db: Database, number: int, key: str, parts: Sequence[Part], best: Part, corrected: dict[int, int]
) -> tuple[Any, ...]:
    stands = any(part.role != "edition" for part in parts)
    listed = best.group if stands else None  # of what once stood at an address the listing says nothing any more
    published = best.read.published_on or (listed.published_on if listed else "")
    published = published or next((p.read.published_on for p in parts if p.read.published_on), "")
    last_seen = max(part.seen.last_seen for part in parts)
    return (
        number,
        key,
        best.group.site_id,
        parts[0].issuer,
        parts[0].year,
        best.read.scope,
        best.read.form,
        best.read.title or (listed.title if listed else "") or None,
        published or None,
        min(part.seen.first_seen for part in parts),
        last_seen,
        db.execute(_MISSED, [best.group.url, last_seen]).fetchone()[0],
        best.read.id,
        corrected.get(best.read.id, best.read.id),
    )


def _document_row(number: int, part: Part, best: Part) -> dict[str, Any]:
    twin = part.role == "attachment" and part.read.numbers and best.role == "page" and best.read.numbers
    return {
        "report_id": number,
        "sha256": part.seen.sha256,
        "member": part.read.member,
        "role": "twin" if twin else part.role,
        "url": part.seen.url,
        "reading_id": part.read.id,
        "first_seen": part.seen.first_seen,
        "last_seen": part.seen.last_seen,
    }
