"""The rows of cells.parquet, a range of reports at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.cells import COLUMNS
from publish.export.parquet import batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publish.export.source import Source


def batches(source: Source) -> Iterator[Any]:
    """The cells of every report as record batches, in the order of the reports and of their forms."""
    for after, upto in source.ranges(_REPORTS):
        read = {
            (id_, key): (value, state) for id_, key, value, state in source.rows(_AS_READ, after, upto)
        }
        rows = [_row(row, read) for row in source.rows(_CELLS, after, upto)]
        yield batch(COLUMNS, rows)


def _row(row: tuple[Any, ...], read: dict[tuple[int, str], tuple[float | None, str]]) -> tuple[Any, ...]:
    """A cell with what was read of it before people corrected it."""
    id_, is_corrected, *cell = row
    key, value, state = cell[2], cell[3], cell[5]
    before = read.get((id_, key), (None, None)) if is_corrected else (value, state)
    return (*cell[:4], before[0], *cell[5:7], before != (value, state), *cell[8:])


_REPORTS = 500
_AS_READ = """
    select r.id, c.key, c.value, c.state from kept r join cells c on c.reading_id = r.current_reading_id
    where r.id > ? and r.id <= ? and r.numbers_id <> r.current_reading_id"""
_CELLS = """
    select r.id, r.numbers_id <> r.current_reading_id,
      r.report_key, d.form, c.key, c.value, null, c.state, c.raw, null, c.confidence, c.page, c."left", c.top,
      c."right", c.bottom, c.table_index, c.row_index, c.column_index, c.start, c."end", c.reason,
      d.sha256, d.member, l.url, l.first_seen, d.reader
    from kept r join readings d on d.id = r.current_reading_id
      left join report_documents l on l.rowid = (
        select rowid from report_documents
        where report_id = r.id and reading_id = r.current_reading_id order by role = 'edition', url limit 1)
      join cells c on c.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? order by r.id, c.key"""
