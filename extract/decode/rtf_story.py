r"""Paragraphs and cells as an RTF document ends them -> paragraphs and tables (RTF 1.9, "Table Definitions").

RTF has no tables, only paragraphs that say how deep in cells they stand (``\intbl``, ``\itap``), marks that end a cell
and a row (``\cell``, ``\row``; in nested tables ``\nestcell``, ``\nestrow``), and for each row the right edges of its
cells (``\cellx``). Rows that follow each other are a table; its grid columns lie between the edges of all its rows.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from extract.decode.errors import DamagedDocument
from extract.decode.nesting import Grid, GridCell, has_text
from extract.records import GridPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract.decode.nesting import Content

_SAME_EDGE = 30  # twips, 1.5 points: writers round each row's edges by themselves
_DEEPEST = 20
_MOST_TABLES = 20_000
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 0x7F])


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What a row's definition says of a cell: its right edge (twips), and how it is merged with its neighbours.

    ``across`` and ``down``: empty, ``restart`` or ``continue``.
    """

    edge: int = 0
    across: str = ""
    down: str = ""
    is_deleted: bool = False


@dataclass(slots=True)
class RowFormat:
    r"""A row's definition: ``left`` edge in twips (``\trleft``), and its cells; ``next`` is the one being defined."""

    left: int = 0
    cells: list[CellFormat] = field(default_factory=list)
    next: CellFormat = field(default_factory=CellFormat)

    def end_cell(self, edge: int) -> None:
        """The cell that is being defined ends there."""
        self.cells.append(replace(self.next, edge=edge))
        self.next = CellFormat()


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[tuple[Content, ...], ...]
    left: int
    formats: tuple[CellFormat, ...]
    is_struck: bool


@dataclass(slots=True)
class _OpenTable:
    number: int
    rows: list[_Row] = field(default_factory=list)
    cells: list[tuple[Content, ...]] = field(default_factory=list)
    cell: list[Content] = field(default_factory=list)
    is_struck: bool = False


class Story:
    """A run of paragraphs of its own: the body, a text box, the title.

    ``numbers`` counts the document's tables, ``warnings`` takes what was worked around. ``row`` is the definition that
    the next row has, ``inner_row`` that of the next row of a nested table.
    """

    def __init__(self, numbers: Iterator[int], warnings: dict[str, None]) -> None:
        self.row = RowFormat()
        self.inner_row = RowFormat()
        self._numbers = numbers
        self._warnings = warnings
        self._parts: list[str] = []
        self._boxes: list[Content] = []
        self._content: list[Content] = []
        self._tables: list[_OpenTable] = []
        self._is_struck = False

    def put(self, text: str) -> None:
        """Print text; halves of a surrogate pair may come one by one."""
        self._parts.append(text)

    def attach(self, content: Iterable[Content]) -> None:
        """A text box anchored in this paragraph: it follows it."""
        self._boxes.extend(content)

    def strike(self) -> None:
        """Something here was deleted by a tracked change."""
        self._is_struck = True

    def end_paragraph(self, level: int) -> None:
        r"""The paragraph ends, within that many cells.

        Some writers say ``\intbl`` only in a row's first paragraph: until the row ends, what follows is in it.
        """
        in_row = bool(self._tables) and bool(self._tables[0].cells)
        self._take(max(level, 1 if in_row else 0))

    def end_cell(self, level: int) -> None:
        """The paragraph and its cell end."""
        self._take(max(level, 1))
        table = self._tables[-1]
        table.cells.append(tuple(table.cell))
        table.cell = []

    def end_row(self, level: int) -> None:
        """The row ends, and has the cells that ended in it."""
        level = min(max(level, 1), _DEEPEST)
        if len(self._tables) < level:
            return
        if has_text(self._parts):
            self.end_cell(level)
        self._at(level)
        self._close_row(self._tables[-1], self.row if level == 1 else self.inner_row)

    def end(self) -> tuple[Content, ...]:
        """Everything ends: what was in it."""
        self.end_paragraph(0)
        self._close_to(0)
        return tuple(self._content)

    def _take(self, level: int) -> None:
        target = self._at(level)
        if self._tables:
            self._tables[-1].is_struck |= self._is_struck
        text = "".join(self._parts)
        if not text.isascii():
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        target.append(text.translate(_CONTROLS))
        target.extend(self._boxes)
        self._parts, self._boxes, self._is_struck = [], [], False

    def _at(self, level: int) -> list[Content]:
        """Where paragraphs of that level go, with tables opened and closed as needed; outer ones are numbered first."""
        level = min(level, _DEEPEST)
        self._close_to(level)
        while len(self._tables) < level:
            number = next(self._numbers)
            if number >= _MOST_TABLES:
                raise DamagedDocument("an RTF of more tables than any report; open and save it again in an editor")
            self._tables.append(_OpenTable(number))
        return self._tables[-1].cell if self._tables else self._content

    def _close_to(self, level: int) -> None:
        while len(self._tables) > level:
            table = self._tables[-1]
            if has_text(table.cell):
                table.cells.append(tuple(table.cell))
            if table.cells:
                self._warnings["a table's last row does not end: it may have been cut off"] = None
                self._close_row(table, self.row if len(self._tables) == 1 else self.inner_row)
            self._tables.pop()
            outer = self._tables[-1].cell if self._tables else self._content
            outer.append(_grid(table))

    def _close_row(self, table: _OpenTable, row: RowFormat) -> None:
        if len(row.cells) != len(table.cells):
            self._warnings["a row has more or fewer cells than its definition names"] = None
        struck = table.is_struck and not any(has_text(cell) for cell in table.cells)
        table.rows.append(_Row(tuple(table.cells), row.left, tuple(row.cells), struck))
        table.cells, table.cell, table.is_struck = [], [], False


def _grid(table: _OpenTable) -> Grid:
    """The rows with merged cells given once, in their first row; one that continues nothing is a cell of its own.

    Word does not print what is in a continuing cell. A row whose whole text was struck out is no row.
    """
    edges = _grid_edges(table.rows)
    grid: list[list[GridCell]] = []
    above: dict[int, tuple[int, int]] = {}
    for r, row in enumerate(table.rows):
        if row.is_struck:
            continue
        cells: list[GridCell] = []
        merged: dict[int, tuple[int, int]] = {}
        column, continues = _index(edges, row.left), False
        for c, content in enumerate(row.cells):
            cell = row.formats[c] if c < len(row.formats) else None
            end = column + 1 if cell is None else max(_index(edges, cell.edge), column + 1)
            if cell is not None and cell.is_deleted:
                column = end
                continue
            if cell is not None and cell.across == "continue" and (cells or continues):
                if not continues:
                    cells[-1] = replace(cells[-1], columns=end - cells[-1].column)
            elif cell is not None and cell.down == "continue" and column in above:
                first, position = merged[column] = above[column]
                grid[first][position] = replace(grid[first][position], rows=len(grid) - first + 1)
                continues = True
            else:
                cells.append(GridCell(content, GridPlace(table.number, r, c), column, end - column))
                continues = False
                if cell is not None and cell.down == "restart":
                    merged[column] = len(grid), len(cells) - 1
            column = end
        grid.append(cells)
        above = merged
    return Grid(tuple(tuple(cells) for cells in grid))


def _grid_edges(rows: Iterable[_Row]) -> list[int]:
    """Where grid columns begin, in twips; edges closer than 1.5 points are one."""
    edges: list[int] = []
    for edge in sorted({edge for row in rows for edge in (row.left, *(cell.edge for cell in row.formats))}):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    return edges


def _index(edges: list[int], edge: int) -> int:
    return bisect_right(edges, edge) - 1
