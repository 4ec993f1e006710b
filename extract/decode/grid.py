"""Spans -> columns: which grid columns the cells of a table cover, where only spans are written down.

The model is that of HTML (Living Standard, 4.9.12 "Forming a table"): a cell takes the first free columns of its row,
and cells above that span rows keep theirs taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.records import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.records import TableCell

# A span beyond this is a slip of the pen; the standard caps colspan likewise.
WIDEST = 1000


def lay_out(rows: Sequence[Sequence[TableCell]]) -> Table:
    """A table whose cells have their ``column``; ``columns`` and ``rows`` must be set, and rows that overrun are cut.

    Rows without a cell of their own are left out of the result after they have had their effect on spans.
    """
    taken: dict[int, int] = {}
    placed: list[tuple[TableCell, ...]] = []
    for index, row in enumerate(rows):
        free = _Cursor({column for column, below in taken.items() if below > index})
        placed_row = []
        for cell in row:
            column = free.take(cell.columns)
            height = min(cell.rows, len(rows) - index)
            taken.update(dict.fromkeys(range(column, column + cell.columns), index + height))
            placed_row.append(replace(cell, column=column, rows=height))
        placed.append(tuple(placed_row))
    return Table(tuple(row for row in placed if row))


@dataclass(slots=True)
class _Cursor:
    """Walks along a row, past columns that a cell from above covers."""

    covered: set[int]
    column: int = 0

    def take(self, columns: int) -> int:
        while self.column in self.covered:
            self.column += 1
        start = self.column
        self.column += columns
        return start
