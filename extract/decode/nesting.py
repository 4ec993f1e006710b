"""Cells that hold paragraphs and tables -> blocks, for the formats where they do (RTF, OpenDocument).

A table that contains a table is layout, as in docx.py and html.py: its inner tables are tables, its own text is
paragraphs, unless what it contains is a trifle in a large table (such as a divided head cell).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from extract.records import Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract.records import Block, GridPlace

_TRIFLE_CELLS = 6
_LARGE_TABLE_CELLS = 20


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell while nobody knows whether its table arranges the page: its paragraphs and tables, and where it is.

    ``column``, ``columns`` and ``rows`` as in ``TableCell``.
    """

    content: tuple[Content, ...]
    place: GridPlace
    column: int
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of such cells, in document order; a row without cells is none."""

    rows: tuple[tuple[GridCell, ...], ...]

    def cells(self) -> Iterator[GridCell]:
        """Its own cells, row by row."""
        return (cell for row in self.rows for cell in row)


Content: TypeAlias = str | Grid
"""A paragraph's text, or a table."""


def to_blocks(content: Iterable[Content]) -> Iterator[Block]:
    """Paragraphs that have text and tables that have cells, in order; layout tables dissolve into what is in them."""
    for part in content:
        if isinstance(part, str):
            if text := part.strip():
                yield Paragraph(text)
        elif _is_layout(part):
            for cell in part.cells():
                yield from to_blocks(cell.content)
        elif rows := tuple(tuple(_printed(cell) for cell in row) for row in part.rows if row):
            yield Table(rows)


def has_text(content: Iterable[Content]) -> bool:
    """Whether anything is printed in it."""
    return any(
        part.strip() if isinstance(part, str) else any(has_text(c.content) for c in part.cells()) for part in content
    )


def size_of(content: Iterable[Content]) -> int:
    """How many characters are in it; a cell counts as one more."""
    return sum(len(p) if isinstance(p, str) else sum(1 + size_of(c.content) for c in p.cells()) for p in content)


def _is_layout(grid: Grid) -> bool:
    own = list(grid.cells())
    inside = sum(len(list(nested.cells())) for cell in own for nested in cell.content if isinstance(nested, Grid))
    return inside > _TRIFLE_CELLS or (inside > 0 and len(own) < _LARGE_TABLE_CELLS)


def _printed(cell: GridCell) -> TableCell:
    return TableCell("\n".join(_lines(cell.content)), cell.place, cell.column, cell.columns, cell.rows)


def _lines(content: Iterable[Content]) -> Iterator[str]:
    for part in content:
        if isinstance(part, str):
            lines = (line.strip() for line in part.replace("\t", " ").split("\n"))
            yield from (line for line in lines if line)
        else:
            for cell in part.cells():
                yield from _lines(cell.content)
