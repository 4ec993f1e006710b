"""Rows of a Word file's table -> a grid: where each cell begins and how far it reaches ([MS-DOC] 2.6.3, 2.9.322).

A row knows the edges of its own cells in twips (1/1440 inch) and nothing of the other rows. The edges of all rows
together are the table's grid. WPS draws the rows of one table with edges that differ a little; such edges are one.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from struct import error as StructError  # noqa: N812
from struct import unpack_from
from typing import TYPE_CHECKING

from extract.decode.doc_modifiers import (
    COLUMN_WIDTH,
    DEFINE_ROW,
    DEFINE_ROW_10,
    DELETE_CELLS,
    INSERT_CELLS,
    MERGE_CELLS,
    MERGE_DOWN,
    SPLIT_CELLS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.records import TableCell

_MOST_CELLS = 255  # the format's own limit is 63
_CELL_BYTES = {DEFINE_ROW: 20, DEFINE_ROW_10: 10}
_ACROSS_FIRST, _ACROSS = 1, 3
_DOWN, _DOWN_FIRST, _DOWN_SHIFT = 1, 3, 5
_SAME_EDGE = (60, 15, 0)
"""Edges that are no further apart are one: the widest of these (twips) that leaves every row's own edges apart."""


@dataclass(slots=True)
class RowShape:
    """The cells of a row as its formatting defines them: the left edge, and for each cell width and merging.

    ``across``: 0, or the two bits of horizontal merging; ``down``: 0, 1 (continues the cell above), 3 (begins).
    """

    left: int = 0
    widths: list[int] = field(default_factory=list)
    across: list[int] = field(default_factory=list)
    down: list[int] = field(default_factory=list)

    def edges(self) -> list[int]:
        """Left edge of each cell, and the right edge of the last."""
        edges = [self.left]
        for width in self.widths:
            edges.append(edges[-1] + max(0, width))
        return edges

    def continues_across(self) -> list[bool]:
        """Whether each cell is merged with the one before it.

        The two published descriptions of the format differ on which of the two bits is the first cell's; what tells
        in either is that a merged row of cells begins with a first one.
        """
        first, open_, result = 0, False, []
        for flag in self.across:
            code = _ACROSS_FIRST if flag == _ACROSS else flag
            first = first or code
            result.append(bool(code) and code != first and open_)
            open_ = bool(code)
        return result


def read_shape(listed: Iterable[tuple[int, bytes]]) -> RowShape | None:
    """The row that the modifiers of its end mark define; None where they define none."""
    shape = RowShape()
    for code, operand in listed:
        try:
            _apply(shape, code, operand)
        except (StructError, IndexError):
            continue  # an operand that is cut off says nothing; a row whose cells are not as many is warned of
    return shape if shape.widths else None


def _apply(shape: RowShape, code: int, operand: bytes) -> None:
    if code in _CELL_BYTES:
        _define(shape, operand, _CELL_BYTES[code])
    elif code == INSERT_CELLS:
        first, count, width = unpack_from("<BBh", operand)
        first_new = min(first, len(shape.widths))
        count += first - first_new
        if len(shape.widths) + count <= _MOST_CELLS:
            shape.widths[first_new:first_new] = [width] * count
            shape.across[first_new:first_new] = [0] * count
            shape.down[first_new:first_new] = [0] * count
    elif code == DELETE_CELLS:
        cells = slice(operand[0], operand[1])
        del shape.widths[cells], shape.across[cells], shape.down[cells]
    elif code == COLUMN_WIDTH:
        first, end, width = unpack_from("<BBh", operand)
        for i in range(first, min(end, len(shape.widths))):
            shape.widths[i] = width
    elif code in (MERGE_CELLS, SPLIT_CELLS):
        for i in range(operand[0], min(operand[1], len(shape.widths))):
            shape.across[i] = 0 if code == SPLIT_CELLS else 1 if i == operand[0] else 2
    elif code == MERGE_DOWN:
        shape.down[operand[0]] = operand[1]


def _define(shape: RowShape, operand: bytes, cell_bytes: int) -> None:
    count = operand[0]
    edges = unpack_from(f"<{count + 1}h", operand, 1)
    shape.left = edges[0]
    shape.widths = [right - left for left, right in itertools.pairwise(edges)]
    cells = operand[1 + 2 * (count + 1) :]
    flags = [int.from_bytes(cells[i * cell_bytes :][:2], "little") for i in range(count)]  # those left out are 0
    shape.across = [flag & _ACROSS for flag in flags]
    shape.down = [flag >> _DOWN_SHIFT & 3 if cell_bytes == _CELL_BYTES[DEFINE_ROW] else 0 for flag in flags]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, not yet on the grid, and its shape where that is known and fits."""

    cells: tuple[TableCell, ...]
    shape: RowShape | None

    @property
    def fits(self) -> bool:
        """Whether the shape has as many cells as the row."""
        return self.shape is not None and len(self.shape.widths) == len(self.cells)


@dataclass(slots=True)
class Grid:
    """The rows of a table on their common grid. ``unprinted``: text found in cells that others are merged over."""

    rows: list[list[TableCell]] = field(default_factory=list)
    unprinted: bool = False


def on_grid(rows: Sequence[Row]) -> Grid:
    """The cells with their columns and spans; cells of a row without a shape that fits keep no column.

    A merged cell is given once, in its first row; one that continues nothing is a cell of its own.
    """
    edges = _common_edges([row.shape.edges() for row in rows if row.shape is not None and row.fits])
    grid = Grid()
    merged: dict[int, tuple[int, int]] = {}  # column -> where the cell stands that rows below may continue
    for row in rows:
        cells: list[TableCell] = []
        continues = False
        if row.shape is None or not row.fits:
            cells, merged = list(row.cells), {}
        else:
            for placed, down, across in _placed(row.cells, row.shape, edges):
                column = placed.column or 0
                if across:
                    grid.unprinted |= bool(placed.text)
                    if not continues:  # else it is beside one that the row above has already
                        cells[-1] = replace(cells[-1], columns=cells[-1].columns + placed.columns)
                    continue
                continues = down == _DOWN and column in merged and merged[column][0] < len(grid.rows)
                if continues:
                    r, position = merged[column]
                    grid.rows[r][position] = replace(grid.rows[r][position], rows=grid.rows[r][position].rows + 1)
                    grid.unprinted |= bool(placed.text)
                else:
                    merged.pop(column, None)
                    if down == _DOWN_FIRST:
                        merged[column] = (len(grid.rows), len(cells))
                    cells.append(placed)
        grid.rows.append(cells)
    return grid


def _placed(cells: Sequence[TableCell], shape: RowShape, edges: Sequence[int]) -> Iterator[tuple[TableCell, int, bool]]:
    columns = [bisect_right(edges, edge) - 1 for edge in shape.edges()]
    for i, (cell, across) in enumerate(zip(cells, shape.continues_across(), strict=True)):
        span = max(1, columns[i + 1] - columns[i])
        yield replace(cell, column=columns[i], columns=span), shape.down[i], across


def _common_edges(rows: Sequence[Sequence[int]]) -> list[int]:
    """The grid's left edges, ascending: an edge belongs to the last of them that is not right of it."""
    edges: list[int] = []
    for apart in _SAME_EDGE:
        edges = []
        for edge in sorted({edge for row in rows for edge in row}):
            if not edges or edge - edges[-1] > apart:
                edges.append(edge)
        if all(_stay_apart(row, edges) for row in rows):
            break
    return edges


def _stay_apart(row: Sequence[int], edges: Sequence[int]) -> bool:
    own = set(row)
    return len({bisect_right(edges, edge) for edge in own}) == len(own)
