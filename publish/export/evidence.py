"""The two tables that keep the cells, read many rows at a time.

``printed_rows`` keeps a printed row of a report in one row (``[82, 14, "", "/", null]``), ``odd_cells`` in full what
is not plain; extract/store/evidence.py writes both. The view ``cells`` has a row a cell: too slow for all of them.
"""

from __future__ import annotations

import json
from itertools import starmap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publish.export.source import Source

Keys = tuple[str, ...]


class Printed(str):
    """A number with decimals, as it is printed: 26.50 is not 26.5."""

    __slots__ = ()


ABSENT = "\0absent"
"""In place of the cells of a row that the document lacks; no mark that is printed holds such a character."""


class Dictionary:
    """The rows of cells that any report has: their keys, by id; and the keys of all, each with a number."""

    def __init__(self, source: Source) -> None:
        self.keys: dict[int, Keys] = {}
        self.numbers: dict[str, int] = {}
        rows: dict[int, list[str]] = {}
        for row_id, key in source.rows("select row_id, key from cell_keys order by row_id, position"):
            rows.setdefault(row_id, []).append(key)
            self.numbers.setdefault(key, len(self.numbers))
        self.keys = {row_id: tuple(keys) for row_id, keys in rows.items()}
        self._absent = {row_id: json.dumps([ABSENT] * len(keys)) for row_id, keys in self.keys.items()}

    def cells(self, rows: Iterable[tuple[int, str | None]]) -> list[list[Any]]:
        """What is printed in each of these rows (row id, JSON), a value a cell.

        A whole number as such, one with decimals as ``Printed``, a mark or "" as text, None for an odd cell.
        """
        return parsed((printed or absent for printed, absent in starmap(self._of, rows)), exact=True)

    def _of(self, row_id: int, printed: str | None) -> tuple[str | None, str]:
        return printed, self._absent[row_id]


def parsed(texts: Iterable[str], *, exact: bool = False) -> list[Any]:
    """Many JSON texts at once: joined, one parse is several times as fast as many."""
    joined = f"[{','.join(texts)}]"
    return list(json.loads(joined, parse_float=Printed) if exact else json.loads(joined))


def not_numbers(
    source: Source, known: Dictionary, after: int, upto: int
) -> Iterator[tuple[int, Sequence[tuple[str, str]]]]:
    """By report, the keys and states of cells that are no number, a row or a single cell at a time."""
    rows = source.rows(_ROWS_WITHOUT_NUMBERS, after, upto).fetchall()
    of_rows = known.cells((row_id, printed) for _, row_id, printed in rows)
    for (id_, row_id, _), cells in zip(rows, of_rows, strict=True):
        keys = known.keys[row_id]
        states = ((key, _state(cell)) for key, cell in zip(keys, cells, strict=True) if type(cell) is str)
        yield id_, list(states)
    for id_, key, state in source.rows(_ODD_STATES, after, upto):
        yield id_, [(key, state)]


def _state(cell: str) -> str:
    if cell == ABSENT:
        return "absent"
    return "na_mark" if cell else "blank"


_ROWS_WITHOUT_NUMBERS = """
    select r.id, p.row_id, p.printed from kept r join printed_rows p on p.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? and (p.printed is null or instr(p.printed, '"'))"""
_ODD_STATES = """
    select r.id, o.key, o.state from kept r join odd_cells o on o.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? and o.state <> 'number'"""
