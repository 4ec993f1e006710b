"""Does archive.db say what the archive says: every row against its record, every document against its bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from crawler.archive import RecordError
from crawler.items import Relisted
from extract.store import wanted
from extract.store.database import open_for_reading
from extract.store.load import record_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlite_utils import Database

    from crawler.archive import Archive

_KEYS = {"sites": "id", "runs": "run_id"}
_ANEW = "make the database anew: gongkai rebuild"
_LOST = f"put a WARC file that is missing or damaged back from a copy; where none is, {_ANEW}"

Row = tuple[str, tuple[tuple[str, Any], ...]]
"""A table's name and a row of it as pairs of column and value, those without a value left out."""


def verify_rows(archive: Archive, db_path: Path) -> Iterator[str]:
    """What of the database does not agree with the archive: rows without record, records without row, other bytes.

    Records that were written after the database was made are not missed.

    Raises:
        DatabaseMissingError: there is no database.
    """
    db = open_for_reading(db_path)
    try:
        sites = {site for (site,) in db.execute("select id from sites")}
        for site_id in sorted(sites | set(archive.site_ids())):
            yield from _verify_site(archive, db, site_id)
        yield from _verify_documents(archive, db)
    finally:
        db.close()


def _verify_site(archive: Archive, db: Database, site_id: str) -> Iterator[str]:
    try:
        records = _records(archive, db, site_id)
    except RecordError as error:
        yield f"site {site_id}: {error}"
        return
    rows = _rows(db, site_id)
    for row in records - rows:
        yield f"{_name(row)}: the archive has this record, archive.db has no such row; {_ANEW}"
    for row in rows - records:
        yield f"{_name(row)}: archive.db has this row, the archive has no such record; {_LOST}"


def _records(archive: Archive, db: Database, site_id: str) -> Counter[Row]:
    """The rows that the site's records make, of those records that were loaded."""
    loaded = dict(db.execute("select warc, bytes_loaded from archive_files where site_id = ?", [site_id]).fetchall())
    rows: Counter[Row] = Counter()
    newest: dict[tuple[str, str], Row] = {}
    known = site_id in archive.site_ids()
    for (warc, offset), record in archive.records(site_id) if known else ():
        if offset >= loaded.get(warc, 0) or isinstance(record, Relisted):
            continue
        table, fields = record_row(record)
        if table in _KEYS:
            newest[table, fields[_KEYS[table]]] = _row(table, fields)
        else:
            rows[_row(table, fields)] = 1
    rows.update(newest.values())
    return rows


def _rows(db: Database, site_id: str) -> Counter[Row]:
    rows: Counter[Row] = Counter()
    for table in ("sites", "runs", "listings", "captures"):
        column = "id" if table == "sites" else "site_id"
        cursor = db.execute(f"select * from {table} where {column} = ?", [site_id])  # noqa: S608  # our names
        names = [description[0] for description in cursor.description]
        for values in cursor:
            fields = dict(zip(names, values, strict=True))
            if table in ("listings", "captures"):
                del fields["id"]
            rows[_row(table, fields)] += 1
    return rows


def _row(table: str, fields: Mapping[str, Any]) -> Row:
    return table, tuple(sorted((name, value) for name, value in fields.items() if value is not None))


def _name(row: Row) -> str:
    table, pairs = row
    fields = dict(pairs)
    what = fields.get("url") or fields.get("run_id") or fields.get("id")
    return f"{table}: {what}" + (f" of {fields['fetched_at']}" if "fetched_at" in fields else "")


def _verify_documents(archive: Archive, db: Database) -> Iterator[str]:
    # a ZIP once, however many documents it holds
    originals = db.execute("select sha256, min(first_capture_id) from documents group by sha256").fetchall()
    for sha256, capture_id in originals:
        try:
            data = archive.get(wanted.capture(db, capture_id))
        except RecordError as error:
            yield f"document {sha256}: {error}"
            continue
        if hashlib.sha256(data).hexdigest() != sha256:
            yield f"document {sha256}: the archive's bytes are others; {_LOST}"
