"""Records -> rows. One transaction a document; the same twice changes nothing."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crawler.items import Capture, Failure, Listing, Relisted, Run, Site
from extract.records import GridPlace, PageBox, Span
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

    from extract.records import Cell, Fact, Finding, Place, Reading, Report, Statistic

ArchiveRecord = Site | Run | Listing | Relisted | Failure | Capture

NOT_HAD = "archive"
"""The reader of a document that nobody could read, because the archive did not give its bytes."""

_NEWEST_STANDS = {"sites": "id", "runs": "run_id"}


def load_records(db: Database, site_id: str, records: Iterable[ArchiveRecord], sizes: Mapping[str, int]) -> int:
    """A site's archive records, and how far its files are read, in one transaction; the number of records.

    A record that is there already changes nothing; of a site and of a run the newest record stands.
    """
    count = 0
    with db.atomic():
        db.execute("insert into sites (id) values (?) on conflict do nothing", [site_id])
        for record in records:
            if isinstance(record, Relisted):
                continue  # the listings that stand are rows already
            table, row = record_row(record)
            if table in _NEWEST_STANDS:
                replace_row(db, table, row, _NEWEST_STANDS[table])
            else:
                _insert_once(db, table, row)
            count += 1
        for warc, size in sizes.items():
            replace_row(db, "archive_files", {"warc": warc, "site_id": site_id, "bytes_loaded": size}, "warc")
    return count


def record_row(record: Site | Run | Listing | Failure | Capture) -> tuple[str, dict[str, Any]]:
    """The table that keeps such a record, and the record as its row (without the row's id)."""
    row = dataclasses.asdict(record)
    if isinstance(record, Site):
        return "sites", {**row, "entry_points": json.dumps(list(record.entry_points))}
    if isinstance(record, Run):
        return "runs", {**row, "counts": json.dumps(dict(record.counts), sort_keys=True)}
    if isinstance(record, Listing):
        return "listings", {**row, "attachments": json.dumps(list(record.attachments), ensure_ascii=False)}
    if isinstance(record, Failure):
        kept = {name: row[name] for name in ("run_id", "site_id", "url", "status", "message")}
        return "captures", {**kept, "fetched_at": record.failed_at, "failure": record.kind}
    del row["payload_digest"]
    return "captures", {**row, "truncated": int(record.truncated)}


def _insert_once(db: Database, table: str, row: Mapping[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    same = " and ".join(f'"{name}" is ?' for name in row)
    sql = f'insert into "{table}" ({names}) select {marks} where not exists (select 1 from "{table}" where {same})'
    db.execute(sql, [*row.values(), *row.values()])


def insert(db: Database, table: str, row: Mapping[str, Any]) -> int:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    cursor = db.execute(f'insert into "{table}" ({names}) values ({marks})', list(row.values()))  # our names
    return int(cursor.lastrowid or 0)


def replace_row(db: Database, table: str, row: Mapping[str, Any], key: str) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name != key)
    sql = f'insert into "{table}" ({names}) values ({marks}) on conflict ("{key}") do update set {changes}'
    db.execute(sql, list(row.values()))


def load_reading(db: Database, reading: Reading, capture_id: int | None) -> int:
    """One reading with all that hangs on it; the id of its row. A reading that is there already stays as it is."""
    with db.atomic():
        known = db.execute(
            "select id from readings where sha256 = ? and member = ? and reader = ?",
            [reading.sha256, reading.member, reading.reader],
        ).fetchone()
        if known:
            return int(known[0])
        db.execute(
            "insert into documents (sha256, member, size, media_type, text, first_capture_id) "
            "values (?, ?, ?, ?, ?, ?) "
            "on conflict do update set text = excluded.text, media_type = excluded.media_type",
            [reading.sha256, reading.member, reading.size, reading.media_type, reading.text, capture_id],
        )
        if reading.reader != NOT_HAD:
            db.execute("delete from readings where sha256 = ? and reader = ?", [reading.sha256, NOT_HAD])
        reading_id = insert(db, "readings", _reading_row(reading))
        if reading.member:  # a ZIP that nobody could open is not one of the documents in it
            db.execute(
                "delete from documents where sha256 = ? and member = '' and not exists "
                "(select 1 from readings where sha256 = documents.sha256 and member = '')",
                [reading.sha256],
            )
        if reading.report is not None:
            _load_report(db, reading_id, reading.report)
        insert_all(db, "findings", [_finding_row(reading_id, finding) for finding in reading.findings])
    return reading_id


def _reading_row(reading: Reading) -> dict[str, Any]:
    report = reading.report
    row: dict[str, Any] = {
        "sha256": reading.sha256,
        "member": reading.member,
        "reader": reading.reader,
        "kind": reading.kind,
        "error": reading.error or None,
        "warnings": json.dumps(list(reading.warnings), ensure_ascii=False),
    }
    if report is not None:
        row |= {
            "reason": report.reason or None,
            "form": report.form,
            "issuer_printed": report.issuer or None,
            "title": report.title or None,
            "year": report.year,
            "scope": report.scope or None,
            "scope_cue": report.scope_cue or None,
            "year_sources": json.dumps(dict(report.year_sources)),
            "document_number": report.document_number or None,
            "published_on": report.published_on or None,
            "signed_on": report.signed_on or None,
            "confidence": report.confidence,
        }
    return row


def _load_report(db: Database, reading_id: int, report: Report) -> None:
    insert_all(db, "cells", [_cell_row(reading_id, cell) for cell in report.cells.values()])
    insert_all(
        db, "sections", [{"reading_id": reading_id, "key": k, "text": text} for k, text in report.sections.items()]
    )
    insert_all(db, "facts", [_fact_row(reading_id, fact) for fact in report.facts])
    insert_all(
        db, "reading_statistics", [_statistic_row(reading_id, *numbered) for numbered in enumerate(report.statistics)]
    )
    for position, row in enumerate(report.statistics):
        insert_all(db, "cells", _statistic_cells(reading_id, position, row))
    if report.cells:
        _load_tables(db, reading_id, report)


def _load_tables(db: Database, reading_id: int, report: Report) -> None:
    """The statutory tables as people ask for them: a row a reading, an applicant, a route."""
    numbers = {key: _number(cell.value) for key, cell in report.cells.items()}
    disclosure = _take(numbers, "disclosure.", (*DISCLOSURE, *DISCLOSURE_2019))
    procurement = report.cells.get("disclosure.procurement_amount")
    unit = procurement.unit if procurement else ""
    insert(db, "reading_disclosure", {"reading_id": reading_id, **disclosure, "procurement_unit": unit or None})
    columns = list(dict.fromkeys(key.rsplit(".", 1)[1] for key in numbers if key.startswith("requests.")))
    insert_all(
        db,
        "reading_requests",
        [
            {"reading_id": reading_id, "applicant": c, **{r: numbers.get(f"requests.{r}.{c}") for r in REQUESTS}}
            for c in columns
        ],
    )
    routes = dict.fromkeys(key.split(".", 1)[1].rsplit("_", 1)[0] for key in numbers if key.startswith("disputes."))
    insert_all(
        db,
        "reading_disputes",
        [{"reading_id": reading_id, "route": r, **_take(numbers, f"disputes.{r}_", DISPUTES)} for r in routes],
    )


def _take(numbers: Mapping[str, Any], prefix: str, names: Sequence[str]) -> dict[str, Any]:
    return {name: numbers.get(prefix + name) for name in names}


def insert_all(db: Database, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("?" for _ in rows[0])
        sql = f'insert into "{table}" ({names}) values ({marks})'  # our names
        db.conn.executemany(sql, [list(row.values()) for row in rows])


def _cell_row(reading_id: int, cell: Cell) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "key": cell.key,
        "raw": cell.raw,
        "state": cell.state,
        "value": _number(cell.value),
        "confidence": cell.confidence,
        **_place(cell.place),
        "reason": cell.reason or None,
    }


def _place(place: Place | None) -> dict[str, Any]:
    names = ("page", "left", "top", "right", "bottom", "table_index", "row_index", "column_index", "start", "end")
    row: dict[str, Any] = dict.fromkeys(names)
    if isinstance(place, PageBox):
        row |= {"page": place.page, **dict(zip(("left", "top", "right", "bottom"), place.box, strict=True))}
    elif isinstance(place, GridPlace):
        row |= {"table_index": place.table, "row_index": place.row, "column_index": place.column}
    elif isinstance(place, Span):
        row |= {"start": place.start, "end": place.end}
    return row


def _fact_row(reading_id: int, fact: Fact) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "key": fact.key,
        "value": _number(fact.value),
        "raw": fact.raw,
        "unit": fact.unit,
        "sentence": fact.sentence,
        "start": fact.span.start,
        "end": fact.span.end,
        "stated_as": fact.stated_as,
        "approximate": int(fact.approximate),
        "part_of": fact.part_of or None,
        "period": fact.period,
        "scope": fact.scope or None,
        "section": fact.section or None,
    }


def _statistic_row(reading_id: int, position: int, row: Statistic) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "position": position,
        "key": row.key,
        "label": row.label,
        "unit": row.unit,
        "value": _number(row.value),
        "cumulative": _number(row.cumulative),
    }


def _statistic_cells(reading_id: int, position: int, row: Statistic) -> list[dict[str, Any]]:
    """The evidence of both figures, under keys of their own: the label alone may stand twice in such a table."""
    return [
        {**_cell_row(reading_id, cell), "key": f"statistics.{position}.{name}"}
        for name, cell in (("year", row.year), ("cumulative", row.total))
        if cell is not None
    ]


def _finding_row(reading_id: int, finding: Finding) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "check_id": finding.check,
        "subject": finding.subject or None,
        "verdict": finding.verdict,
        "left_value": _number(finding.left),
        "right_value": _number(finding.right),
        "keys": json.dumps(list(finding.keys)),
        "message": finding.message or None,
        "cause": finding.cause or None,
        "severity": finding.severity,
        "matched": finding.matched or None,
        "sentence": finding.sentence or None,
        "start": finding.span.start if finding.span else None,
        "end": finding.span.end if finding.span else None,
    }


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value
