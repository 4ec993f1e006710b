"""archive.db as an export sees it: read only, in ranges of reports, without what is withheld."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

from publish.export.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BATCH = 1000
"""So many reports are held in memory at a time."""


class Source:
    """A database that is read from its first report to its last.

    ``kept`` is a view of its reports without those that are withheld; ``numbers_id`` of it is the reading whose numbers
    stand, corrections applied. ``withheld_passages`` are the reports of whose text something is withheld.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._keep()

    def rows(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row, None if there is none."""
        row = self.connection.execute(sql, values).fetchone()
        return row[0] if row else None

    def ranges(self, size: int = BATCH) -> Iterator[tuple[int, int]]:
        """The ids of reports in ranges (after, up to and with)."""
        last = self.one("select max(id) from reports") or 0
        for after in range(0, last, size):
            yield after, min(after + size, last)

    def release(self) -> str:
        """The date of what is newest in the archive: the only clock of an export."""
        newest = self.one("select max(fetched_at) from captures")
        return str(newest)[:10] if newest else "1970-01-01"

    def withheld(self) -> list[tuple[str, int]]:
        """How much is withheld, by what it is: report, document, passage."""
        sql = "select what, count(*) from withheld where follows is null group by what order by what"
        return self.rows(sql).fetchall()

    def _keep(self) -> None:
        """Make the view ``kept``, in a database of this connection alone."""
        self.connection.execute("create temp table withheld_reports (id integer primary key)")
        self.connection.execute(_WITHHELD)
        self.connection.execute("create temp table withheld_passages (id integer primary key)")
        self.connection.execute(_PASSAGES)
        self.connection.execute(_KEPT)


def columns_of(source: Source, table: str) -> list[str]:
    """The columns of a table, in its order."""
    return [name for (name,) in source.rows("select name from pragma_table_info(?) order by cid", table)]


_WITHHELD = """
    insert or ignore into withheld_reports select r.id from reports r join readings d on d.id = r.current_reading_id
    where r.report_key in (select target from withheld where what = 'report')
      or (d.member = '' and d.sha256 in (select target from withheld where what = 'document'))"""
"""What is withheld in a ZIP is no report any more; the other documents in it are."""
_PASSAGES = """
    insert or ignore into withheld_passages select r.id from reports r join readings d on d.id = r.current_reading_id
    where r.report_key in (select target from withheld) or d.sha256 in (select target from withheld)"""
_KEPT = """
    create temp view kept as
    select r.*, coalesce(r.numbers_reading_id, r.current_reading_id) as numbers_id from main.reports r
    where r.id not in (select id from temp.withheld_reports)"""


@contextlib.contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The database at ``path``, as it is at this moment: what is loaded meanwhile is not seen.

    Raises:
        ExportError: there is none, or the file is no database of ours.
    """
    if not path.exists():
        raise ExportError(f"there is no database at {path}; make it with: gongkai extract")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        try:
            connection.execute("begin")
            connection.execute("select id from reports limit 1")
            source = Source(connection)
        except sqlite3.Error as error:
            raise ExportError(
                f"{path} is no database of ours ({error}); make it with: gongkai extract or rebuild"
            ) from error
        yield source
    finally:
        connection.close()
