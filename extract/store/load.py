"""The archive's records -> rows, a site in one transaction; the same twice changes nothing."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from crawler.items import Capture, Failure, Listing, Relisted, Run, Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

ArchiveRecord = Site | Run | Listing | Relisted | Failure | Capture

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


def insert_all(db: Database, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("?" for _ in rows[0])
        sql = f'insert into "{table}" ({names}) values ({marks})'  # our names
        db.conn.executemany(sql, [list(row.values()) for row in rows])
