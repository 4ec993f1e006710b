"""The rows of cells.parquet, a range of reports at a time, as arrays: there are two hundred for each report."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from publish.export.cells import COLUMNS
from publish.export.evidence import ABSENT, Dictionary, Printed, parsed
from publish.export.parquet import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.export.source import Source

_NONE = np.iinfo(np.int32).min
"""Where a place is not known, in arrays of whole numbers, which have no null."""
_STATES = ("number", "blank", "na_mark", "unreadable", "absent")
_SHARED = ("page", "top", "bottom", "table_index", "row_index")
"""Of a printed row: what all its cells share; top and bottom in tenths of a point."""
_TENTHS = ("left", "top", "right", "bottom")
_ABOUT = ("report_key", "form", "sha256", "member", "url", "captured_at", "reader")


def batches(source: Source) -> Iterator[Any]:
    """Record batches of ``COLUMNS``, in the order of the reports and of the rows of the form."""
    known = Dictionary(source)
    keys = pa.array(list(known.numbers), pa.string())
    for after, upto in source.ranges():
        about = source.rows(_REPORTS, after, upto).fetchall()
        if about:
            yield _Range(source, known, after, upto, [row[0] for row in about]).batch(about, keys)


class _Printed(dict[Any, int]):
    """Numbers the different things that are printed, and knows of each its text, its number and its state."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, int] = {}
        """Each text once, with its number: a dictionary that holds one twice is no dictionary to Parquet."""
        self.text: list[int] = []
        self.value: list[float] = []
        self.state: list[int] = []

    def __missing__(self, printed: Any) -> int:
        state = "absent"
        if isinstance(printed, (int, Printed)):
            state = "number"
        elif printed != ABSENT and printed is not None:
            state = "na_mark" if printed else "blank"
        self.text.append(self.number("" if state == "absent" else str(printed)))
        self.value.append(float(printed) if state == "number" else np.nan)
        self.state.append(_STATES.index(state))
        self[printed] = len(self.text) - 1
        return self[printed]

    def number(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


class _Range:
    """The cells of some reports: an array a column."""

    def __init__(self, source: Source, known: Dictionary, after: int, upto: int, reports: Sequence[int]) -> None:
        self._known = known
        at_report = {id_: at for at, id_ in enumerate(reports)}
        rows = source.rows(_PRINTED, after, upto).fetchall()
        self._rows = [(row[0], row[1]) for row in rows]
        self._lengths = np.array([len(known.keys[row_id]) for _, row_id in self._rows], np.int64)
        self._starts = np.concatenate([[0], np.cumsum(self._lengths)]).astype(np.int64)
        self.count = int(self._starts[-1])
        self.report = self._spread([at_report[id_] for id_, _ in self._rows], np.int32)
        self.key = self._keys()
        self._what_is_printed(known.cells((row[1], row[-1]) for row in rows))
        self.confidence = self._spread([np.nan if row[2] is None else row[2] for row in rows], np.float64)
        self.places = dict(
            zip(_SHARED, (self._spread(_whole(column), np.int64) for column in self._columns(rows)), strict=True)
        )
        self.places |= self._own_places(rows)
        self.reason: list[str | None] = [None] * self.count
        self._odd_cells(source.rows(_ODD, after, upto).fetchall())
        self.value_read = self.value.copy()
        self.corrected: Any = np.zeros(self.count, np.bool_)
        self._before_corrections(source.rows(_AS_READ, after, upto).fetchall())

    def batch(self, about: Sequence[tuple[Any, ...]], keys: Any) -> Any:
        """All columns; ``about``: of each report its id and ``_ABOUT``; ``keys``: those of all cells, by number."""
        of_reports = dict(zip(_ABOUT, list(zip(*about, strict=True))[1:], strict=True))
        columns: dict[str, Any] = {
            name: pa.array(values, pa.string()).dictionary_encode().take(pa.array(self.report))
            for name, values in of_reports.items()
        }
        number = self.state == 0
        columns |= {
            "key": pa.DictionaryArray.from_arrays(pa.array(self.key), keys),
            "value": pa.array(self.value, mask=~number),
            "value_read": pa.array(self.value_read, mask=np.isnan(self.value_read)),
            "state": pa.DictionaryArray.from_arrays(pa.array(self.state), pa.array(_STATES)),
            "raw": pa.DictionaryArray.from_arrays(pa.array(self.raw), pa.array(list(self._printed.texts), pa.string())),
            "corrected": pa.array(self.corrected),
            "confidence": pa.array(self.confidence, mask=np.isnan(self.confidence)),
            "reason": pa.array(self.reason, pa.string()).dictionary_encode(),
        }
        for name, values in self.places.items():
            given = values / 10 if name in _TENTHS else values.astype(np.int32)
            columns[name] = pa.array(given, mask=values == _NONE)
        return pa.RecordBatch.from_arrays([columns[column.name] for column in COLUMNS], schema=schema(COLUMNS))

    def _columns(self, rows: Sequence[tuple[Any, ...]]) -> list[Sequence[Any]]:
        """Of each printed row the columns ``_SHARED``."""
        return [[row[3 + at] for row in rows] for at in range(len(_SHARED))]

    def _spread(self, of_rows: Sequence[Any], kind: Any) -> Any:
        """What is said of each row, for each of its cells."""
        return np.repeat(np.array(of_rows, kind), self._lengths)

    def _keys(self) -> Any:
        numbers = {
            row_id: np.array([self._known.numbers[key] for key in keys], np.int32)
            for row_id, keys in self._known.keys.items()
        }
        return np.concatenate([np.array([], np.int32), *(numbers[row_id] for _, row_id in self._rows)])

    def _what_is_printed(self, cells: Sequence[Sequence[Any]]) -> None:
        self._printed = known = _Printed()
        things = np.fromiter(map(known.__getitem__, chain.from_iterable(cells)), np.int32, self.count)
        self.raw = np.array(known.text, np.int32)[things]
        self.value = np.array(known.value, np.float64)[things]
        self.state = np.array(known.state, np.int32)[things]

    def _own_places(self, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
        """What each cell of a row has of its own: on a page edges, on a grid its column, in text characters.

        A span holds a number a cell (columns), one more than cells (edges that neighbours share), or two a cell.
        """
        spans = parsed(row[-2] or "[]" for row in rows)
        sizes = np.fromiter(map(len, spans), np.int64, len(spans))
        flat = np.fromiter(chain.from_iterable(spans), np.int64, int(sizes.sum()))
        flat = np.append(flat, [_NONE, _NONE])  # where rows without a span look
        position = np.arange(self.count) - np.repeat(self._starts[:-1], self._lengths)
        stride = np.where((sizes == 2 * self._lengths) & (self._lengths > 1), 2, 1)
        first = np.where(sizes > 0, np.cumsum(sizes) - sizes, len(flat) - 2)
        at = np.repeat(first, self._lengths) + np.where(
            np.repeat(sizes > 0, self._lengths), position * np.repeat(stride, self._lengths), 0
        )
        one, other = flat[at], flat[np.minimum(at + 1, len(flat) - 1)]
        on_page, on_grid = self.places["page"] != _NONE, self.places["table_index"] != _NONE
        counted = self._spread(_whole([row[8] for row in rows]), np.int64)
        in_text = ~(on_page | on_grid)
        return {
            "left": np.where(on_page, one, _NONE),
            "right": np.where(on_page, other, _NONE),
            "column_index": np.where(on_grid, np.where(counted == _NONE, one, counted + position), _NONE),
            "start": np.where(in_text, one, _NONE),
            "end": np.where(in_text, other, _NONE),
        }

    def _odd_cells(self, odd: Sequence[tuple[Any, ...]]) -> None:
        """Each as it is told in full, in place of what its row says."""
        at = self._places_of({row[0] for row in odd})
        for id_, key, raw, state, value, confidence, *place, reason in odd:
            cell = at[id_, key]
            self.raw[cell] = self._printed.number(raw or "")
            self.state[cell] = _STATES.index(state)
            self.value[cell] = np.nan if value is None else value
            self.confidence[cell] = np.nan if confidence is None else confidence
            self.reason[cell] = reason
            for name, edge in zip(_PLACE, place, strict=True):
                tenths = 10 if name in _TENTHS else 1
                self.places[name][cell] = _NONE if edge is None else round(edge * tenths)

    def _before_corrections(self, read: Sequence[tuple[Any, ...]]) -> None:
        """Of reports with corrections: what was read, where that is something else."""
        at = self._places_of({row[0] for row in read})
        for id_, key, state, value in read:
            cell = at.get((id_, key))
            if cell is None:
                continue
            same = state == _STATES[self.state[cell]] and (value is None or value == self.value[cell])
            self.corrected[cell] = not same
            self.value_read[cell] = np.nan if value is None else value

    def _places_of(self, reports: set[int]) -> dict[tuple[int, str], int]:
        """Where the cells of these reports are in the arrays."""
        return {
            (id_, key): start + position
            for (id_, row_id), start in zip(self._rows, self._starts.tolist(), strict=False)
            if id_ in reports
            for position, key in enumerate(self._known.keys[row_id])
        }


def _whole(values: Sequence[int | None]) -> list[int]:
    return [_NONE if value is None else value for value in values]


_PLACE = ("page", "left", "top", "right", "bottom", "table_index", "row_index", "column_index", "start", "end")
_REPORTS = """
    select r.id, r.report_key, d.form, d.sha256, d.member,
      (select url from report_documents where report_id = r.id and reading_id = d.id
       order by role = 'edition', url limit 1),
      (select first_seen from report_documents where report_id = r.id and reading_id = d.id
       order by role = 'edition', url limit 1), d.reader
    from kept r join readings d on d.id = r.current_reading_id where r.id > ? and r.id <= ? order by r.id"""
_PRINTED = """
    select r.id, p.row_id, p.confidence, p.page, p.top, p.bottom, p.table_index, p.row_index, p.column_index, p.spans,
      p.printed
    from kept r join printed_rows p on p.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? order by r.id, p.row_id"""
_ODD = """
    select r.id, o.key, o.raw, o.state, o.value, o.confidence, o.page, o."left", o.top, o."right", o.bottom,
      o.table_index, o.row_index, o.column_index, o.start, o."end", o.reason
    from kept r join odd_cells o on o.reading_id = r.numbers_id where r.id > ? and r.id <= ?"""
_AS_READ = """
    select r.id, c.key, c.state, c.value from kept r join cells c on c.reading_id = r.current_reading_id
    where r.id > ? and r.id <= ? and r.numbers_id <> r.current_reading_id"""
