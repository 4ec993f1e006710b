"""Readings -> rows. A reading is written whole or not at all, and never again; many of them in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from extract.store.rows import READING, reading_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

    from extract.records import Reading
    from extract.store.rows import ReadingRows

log = logging.getLogger(__name__)

NOT_HAD = "archive"
"""The reader of a document that nobody could read, because the archive did not give its bytes."""
_REFUSED = (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError)
_DOCUMENT = """
    insert into documents (sha256, member, size, media_type, text, first_capture_id) values (?, ?, ?, ?, ?, ?)
    on conflict do update set text = excluded.text, media_type = excluded.media_type"""
_CHILDREN = (
    ("reading_disclosure", "disclosure"),
    ("reading_requests", "requests"),
    ("reading_disputes", "disputes"),
    ("reading_statistics", "statistics"),
    ("printed_rows", "printed"),
    ("odd_cells", "odd"),
    ("sections", "sections"),
    ("reading_facts", "facts"),
    ("reading_findings", "findings"),
)
"""Tables that hang on a reading, and what gives their rows."""

Original = tuple["Reading", int | None]
"""A reading and the capture its document was first received with, if there is one."""


class ReadingWriter:
    """Writes readings to a database that nobody else writes; what it knows of the database it keeps between calls."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._row_ids = _known_rows(db)
        self._children = {table: _insert_sql(db, table) for table, _ in _CHILDREN}

    def write(self, originals: Sequence[Sequence[Original]]) -> list[list[str]]:
        """Store the readings of each original, all or none of an original's. The kinds that were stored.

        A reading that the database refuses is stored as an error, and costs the others nothing. A reading that is there
        already stays as it is.
        """
        try:
            return self._write_all(originals)
        except _REFUSED:
            self._row_ids = _known_rows(self._db)  # what was learned in that transaction is gone with it
            return [self._write_carefully(of_one) for of_one in originals]

    def _write_all(self, originals: Sequence[Sequence[Original]]) -> list[list[str]]:
        with self._db.atomic():
            given: dict[tuple[str, str, str], Original] = {}
            for original in chain.from_iterable(originals):
                given.setdefault(_name(original[0]), original)
            self._insert([original for original in given.values() if self.stored_id(original[0]) is None])
        return [[reading.kind for reading, _ in of_one] for of_one in originals]

    def _write_carefully(self, of_one: Sequence[Original]) -> list[str]:
        with self._db.atomic():
            return [self._write_one(reading, capture_id) for reading, capture_id in of_one]

    def _write_one(self, reading: Reading, capture_id: int | None) -> str:
        try:
            self._write_all([[(reading, capture_id)]])
        except _REFUSED as error:
            log.exception("storing %s %s failed", reading.sha256, reading.member)
            message = " ".join(f"what was read cannot be stored ({error!r}); please report it".split())
            reading = replace(reading, text="", report=None, findings=(), warnings=(), error=message)
            self._row_ids = _known_rows(self._db)
            self._write_all([[(reading, capture_id)]])
        return reading.kind

    def stored_id(self, reading: Reading) -> int | None:
        """The row of a reading that is stored already."""
        known = self._db.execute(
            "select id from readings where sha256 = ? and member = ? and reader = ?", _name(reading)
        ).fetchone()
        return int(known[0]) if known else None

    def _insert(self, fresh: Sequence[Original]) -> None:
        if not fresh:
            return
        run = self._db.conn.executemany
        run(_DOCUMENT, ((r.sha256, r.member, r.size, r.media_type, r.text, capture) for r, capture in fresh))
        self._drop_what_is_better_known([reading for reading, _ in fresh])
        first = 1 + int(self._db.execute("select coalesce(max(id), 0) from readings").fetchone()[0])
        rows = [reading_rows(reading) for reading, _ in fresh]
        numbered = list(enumerate(rows, first))
        names, marks = ", ".join(READING), ", ".join("?" * len(READING))
        run(f"insert into readings (id, {names}) values (?, {marks})", ((i, *of.reading) for i, of in numbered))
        for table, attribute in _CHILDREN:
            run(self._children[table], self._rows(numbered, table, attribute))

    def _rows(
        self, numbered: Iterable[tuple[int, ReadingRows]], table: str, attribute: str
    ) -> Iterable[tuple[Any, ...]]:
        if table == "printed_rows":
            row_ids = self._row_ids
            return [
                (i, row_ids.get(row[0]) or self._name_row(row[0]), *row[1:]) for i, of in numbered for row in of.printed
            ]
        return ((i, *row) for i, of in numbered for row in getattr(of, attribute))

    def _name_row(self, keys: tuple[str, ...]) -> int:
        """Learn a row of cells that no reading had before."""
        row_id = 1 + max(self._row_ids.values(), default=0)
        self._db.conn.executemany(
            "insert into cell_keys (row_id, position, key) values (?, ?, ?)",
            [(row_id, position, key) for position, key in enumerate(keys)],
        )
        self._row_ids[keys] = row_id
        return row_id

    def _drop_what_is_better_known(self, readings: Sequence[Reading]) -> None:
        """A document that could not be had before was read now; a ZIP that nobody could open is none of those in it."""
        had = [(r.sha256, NOT_HAD) for r in readings if r.reader != NOT_HAD]
        if self._db.execute(f"select 1 from readings where reader = '{NOT_HAD}' limit 1").fetchone():  # by its index
            self._db.conn.executemany("delete from readings where sha256 = ? and reader = ?", had)
        members = [(r.sha256,) for r in readings if r.member]
        self._db.conn.executemany(
            "delete from documents where sha256 = ? and member = '' and not exists "
            "(select 1 from readings where sha256 = documents.sha256 and member = '')",
            members,
        )


def load_reading(db: Database, reading: Reading, capture_id: int | None) -> int:
    """Store one reading; the id of its row."""
    writer = ReadingWriter(db)
    writer.write([[(reading, capture_id)]])
    return writer.stored_id(reading) or 0


def _known_rows(db: Database) -> dict[tuple[str, ...], int]:
    """The rows of cells that some reading had: the keys of each, and its id."""
    rows: dict[int, list[str]] = {}
    for row_id, key in db.execute("select row_id, key from cell_keys order by row_id, position"):
        rows.setdefault(row_id, []).append(key)
    return {tuple(keys): row_id for row_id, keys in rows.items()}


def _name(reading: Reading) -> tuple[str, str, str]:
    return reading.sha256, reading.member, reading.reader


def _insert_sql(db: Database, table: str) -> str:
    columns = [f'"{row[1]}"' for row in db.execute(f"pragma table_info({table})")]
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
