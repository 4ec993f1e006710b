"""Readings -> rows. A reading is written whole or not at all, and never again; many of them in one transaction."""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import sqlite3
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from extract.store.evidence import RowIds
from extract.store.rows import READING, reading_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from extract.records import Reading

log = logging.getLogger(__name__)

NOT_HAD = "archive"
"""The reader of a document that nobody could read, because the archive did not give its bytes."""
_REFUSED = (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError, UnicodeEncodeError)
_DOCUMENT = """
    insert into documents (sha256, member, size, media_type, text, first_capture_id) values (?, ?, ?, ?, ?, ?)
    on conflict do update set text = excluded.text, media_type = excluded.media_type"""
_TO_A_STATEMENT = 50
_READING = f"insert into readings ({', '.join(READING)}) values ({', '.join('?' * len(READING))})"
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
        self._inserts = {table: _Insert.into(db, table) for table, _ in _CHILDREN}

    def write(self, originals: Sequence[Sequence[Original]]) -> list[list[str]]:
        """Store the readings of each original, all or none of an original's. The kinds that were stored.

        A reading that the database refuses is stored as an error, and costs the others nothing. A reading that is there
        already stays as it is.
        """
        try:
            with _without_collecting():
                return self._write_all(originals)
        except _REFUSED:
            self._row_ids = _known_rows(self._db)  # what was learned in that transaction is gone with it
            return [self._write_carefully(of_one) for of_one in originals]

    def _write_all(self, originals: Sequence[Sequence[Original]]) -> list[list[str]]:
        with self._db.atomic():
            given: dict[tuple[str, str, str], Original] = {}
            for original in chain.from_iterable(originals):
                given.setdefault(_name(original[0]), original)
            stored = self._stored(given)
            self._insert([original for name, original in given.items() if name not in stored])
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

    def _stored(self, names: Iterable[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        """Those of these readings that are stored already."""
        rows = self._db.execute(
            "select r.sha256, r.member, r.reader from json_each(?) w cross join readings r on r.sha256 = w.value",
            [json.dumps([sha256 for sha256, _, _ in names])],
        )
        return set(rows)

    def _insert(self, fresh: Sequence[Original]) -> None:
        if not fresh:
            return
        run = self._db.conn.executemany
        run(_DOCUMENT, ((r.sha256, r.member, r.size, r.media_type, r.text, capture) for r, capture in fresh))
        first = 1 + int(self._db.execute("select coalesce(max(id), 0) from readings").fetchone()[0])
        self._drop_what_is_better_known([reading for reading, _ in fresh])
        rows = [reading_rows(number, reading, self._row_ids) for number, (reading, _) in enumerate(fresh, first)]
        run(_READING, [of.reading for of in rows])
        self._name_rows()
        for table, attribute in _CHILDREN:
            self._inserts[table].run(self._db, list(chain.from_iterable(map(attrgetter(attribute), rows))))

    def _name_rows(self) -> None:
        """Note the rows of cells that no reading had before."""
        self._db.conn.executemany(
            "insert into cell_keys (row_id, position, key) values (?, ?, ?)",
            [(self._row_ids[keys], position, key) for keys in self._row_ids.fresh for position, key in enumerate(keys)],
        )
        self._row_ids.fresh.clear()

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


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Without the cyclic garbage collector, which would look again and again at rows that hold no cycles."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _known_rows(db: Database) -> RowIds:
    """The rows of cells that some reading had: the keys of each, and its id."""
    rows: dict[int, list[str]] = {}
    for row_id, key in db.execute("select row_id, key from cell_keys order by row_id, position"):
        rows.setdefault(row_id, []).append(key)
    return RowIds({tuple(keys): row_id for row_id, keys in rows.items()})


def _name(reading: Reading) -> tuple[str, str, str]:
    return reading.sha256, reading.member, reading.reader


@dataclass(frozen=True, slots=True)
class _Insert:
    """How rows go into one table: many to a statement, which costs a third less than one to a statement."""

    one: str
    many: str

    @classmethod
    def into(cls, db: Database, table: str) -> _Insert:
        columns = [f'"{row[1]}"' for row in db.execute(f"pragma table_info({table})")]
        marks = f"({', '.join('?' * len(columns))})"
        head = f"insert into {table} ({', '.join(columns)}) values "
        return cls(head + marks, head + ", ".join([marks] * _TO_A_STATEMENT))

    def run(self, db: Database, rows: Sequence[tuple[Any, ...]]) -> None:
        whole = len(rows) - len(rows) % _TO_A_STATEMENT
        for start in range(0, whole, _TO_A_STATEMENT):
            db.conn.execute(self.many, list(chain.from_iterable(rows[start : start + _TO_A_STATEMENT])))
        db.conn.executemany(self.one, rows[whole:])
