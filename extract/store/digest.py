"""What a database says, as one digest: the same for two that hold the same, whatever order their rows came in.

Row numbers are a file's own; each is replaced by what it stands for (a digest of bytes, an address, a public key), and
the rows of each table are sorted. Readings that a newer reader replaced do not count: a database made anew has none.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from extract.store.database import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

_READING = "(select json_array(sha256, member, reader, corrects is not null) from readings where id = {})"
_STANDS_FOR = {
    "reading_id": _READING,
    "current_reading_id": _READING,
    "numbers_reading_id": _READING,
    "old_reading_id": _READING,
    "new_reading_id": _READING,
    "corrects": _READING,
    "report_id": "(select report_key from reports where id = {})",
    "other_report_id": "(select report_key from reports where id = {})",
    "agency_id": "(select agency_key from agencies where id = {})",
    "lead_id": "(select json_array(site_id, url) from leads where id = {})",
    "first_capture_id": "(select json_array(url, fetched_at, record_id) from captures where id = {})",
}
_CURRENT = """
    select r.id from readings r where r.reader = (
      select x.reader from readings x where x.sha256 = r.sha256 and x.corrects is null
      order by x.reader = 'archive', x.id desc limit 1)
    union select c.id from readings c join readings r on r.id = c.corrects where r.id in (
      select current_reading_id from reports)"""
_OF_READINGS = (
    "reading_disclosure", "reading_requests", "reading_disputes", "reading_statistics", "cells", "sections",
    "reading_facts", "reading_findings",
)  # fmt: skip
_WHOLE = (
    "sites", "runs", "listings", "captures", "documents", "regions", "region_codes", "agencies", "agency_names",
    "agency_links", "reports", "report_leads", "report_documents", "agency_evidence", "changes",
    "comparisons", "comparison_failures", "rollups", "expected", "form_cells", "corrections", "withheld", "accuracy",
)  # fmt: skip


def table_digests(db: Database) -> Iterator[tuple[str, int, str]]:
    """Each table (the evidence as the view ``cells``): its name, how many rows count, and their digest."""
    db.execute("drop table if exists temp.current_readings")
    db.execute(f"create temp table current_readings as {_CURRENT}")
    chosen = "in (select id from temp.current_readings)"
    yield _digest(db, "readings", f"where id {chosen}")
    for table in _OF_READINGS:
        yield _digest(db, table, f"where reading_id {chosen}")
    for table in _WHOLE:
        yield _digest(db, table, "")


def content_digest(db: Database) -> str:
    """One digest over all tables."""
    whole = hashlib.sha256()
    for table, rows, digest in sorted(table_digests(db)):
        whole.update(f"{table} {rows} {digest}\n".encode())
    return whole.hexdigest()


def content_digest_of(path: Path) -> str:
    """The digest of the database at that place.

    Raises:
        DatabaseMissingError, DatabaseUnusableError: there is none of ours.
    """
    db = open_for_reading(path)
    try:
        db.execute("pragma query_only = off")  # for the temporary table
        return content_digest(db)
    finally:
        db.close()


def _digest(db: Database, table: str, where: str) -> tuple[str, int, str]:
    columns = [row[1] for row in db.execute(f"pragma table_xinfo({table})") if row[1] != "id" or table in _NAMED]
    selected = ", ".join(_STANDS_FOR.get(name, '"{}"').format(name) for name in columns)
    rows = sorted(json.dumps(row, ensure_ascii=False) for row in db.execute(f"select {selected} from {table} {where}"))
    digest = hashlib.sha256("\n".join(rows).encode())
    return table, len(rows), digest.hexdigest()


_NAMED = ("sites", "regions")
"""Their ids are names and not row numbers."""
