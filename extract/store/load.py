"""Records -> rows. One transaction a document; the same twice changes nothing."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crawler.items import Capture, Failure, Listing, Run, Site
from extract.records import GridPlace, PageBox, Span
from extract.store.migrations import DISCLOSURE, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

    from extract.forms import Form, FormCell, FormRow
    from extract.records import Cell, Finding, Place, Reading, Report

ArchiveRecord = Site | Run | Listing | Failure | Capture


def load_records(db: Database, site_id: str, records: Iterable[ArchiveRecord], sizes: Mapping[str, int]) -> int:
    """A site's new archive records, and how far its files are read, in one transaction; the number of records."""
    count = 0
    with db.atomic():
        db.execute("insert into sites (id) values (?) on conflict do nothing", [site_id])
        for record in records:
            _load_record(db, record)
            count += 1
        for warc, size in sizes.items():
            db.execute(
                "insert into archive_files (warc, site_id, bytes_loaded) values (?, ?, ?) "
                "on conflict (warc) do update set bytes_loaded = excluded.bytes_loaded",
                [warc, site_id, size],
            )
    return count


def _load_record(db: Database, record: ArchiveRecord) -> None:
    row = dataclasses.asdict(record)
    if isinstance(record, Site):
        _replace(db, "sites", row, "id")
    elif isinstance(record, Run):
        _replace(db, "runs", {**row, "counts": json.dumps(dict(record.counts))}, "run_id")
    elif isinstance(record, Listing):
        insert(db, "listings", {**row, "attachments": json.dumps(list(record.attachments), ensure_ascii=False)})
    elif isinstance(record, Failure):
        kept = {name: row[name] for name in ("run_id", "site_id", "url", "status", "message")}
        insert(db, "captures", {**kept, "fetched_at": record.failed_at, "failure": record.kind})
    else:
        del row["payload_digest"]
        insert(db, "captures", {**row, "truncated": int(record.truncated)})


def insert(db: Database, table: str, row: Mapping[str, Any]) -> int:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    cursor = db.execute(f'insert into "{table}" ({names}) values ({marks})', list(row.values()))  # our names
    return int(cursor.lastrowid or 0)


def _replace(db: Database, table: str, row: Mapping[str, Any], key: str) -> None:
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
        reading_id = insert(db, "readings", _reading_row(reading))
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
    if not report.cells:
        return
    numbers = {key: _number(cell.value) for key, cell in report.cells.items()}
    insert(db, "reading_disclosure", {"reading_id": reading_id, **_take(numbers, "disclosure.", DISCLOSURE)})
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


def _finding_row(reading_id: int, finding: Finding) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "check_id": finding.check,
        "subject": _subject(finding),
        "verdict": finding.verdict,
        "left_value": _number(finding.left),
        "right_value": _number(finding.right),
        "keys": json.dumps(list(finding.keys)),
        "message": finding.message or None,
        "cause": finding.cause or None,
    }


def _subject(finding: Finding) -> str | None:
    """The column, row or route that the check is about, from its first key."""
    if not finding.keys:
        return None
    parts = finding.keys[0].split(".")
    if len(parts) == 2:
        return parts[1].rsplit("_", 1)[0] if parts[0] == "disputes" else parts[1]
    return parts[1] if "ROWSUM" in finding.check else parts[2]


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def load_forms(db: Database, forms: Sequence[Form]) -> None:
    """The codebook: every cell of every form that is read, in the form's order."""
    rows = [
        _form_cell_row(form.id, position, row, cell)
        for form in forms
        for position, (row, cell) in enumerate((row, cell) for row in form.rows() for cell in row.cells)
    ]
    with db.atomic():
        db.execute("delete from form_cells")
        insert_all(db, "form_cells", rows)


def _form_cell_row(form: str, position: int, row: FormRow, cell: FormCell) -> dict[str, Any]:
    return {
        "form": form,
        "key": cell.key,
        "table_key": row.table,
        "row_key": row.key,
        "column_key": cell.key.rsplit(".", 1)[1],
        "position": position,
        "row_label_zh": row.labels[0],
        "row_label_en": row.label_en,
        "column_label_zh": cell.column_labels[0],
        "column_label_en": cell.column_en,
        "group_zh": row.group,
        "number_zh": row.number,
        "unit": cell.unit,
        "law": row.law,
    }
