"""Document -> rows: the rows of all its tables in one sequence, each split into what it is called and what it states.

Pages cut tables, converters split and merge them: which table a row stood in says little, so tables are not stitched.
Rows follow each other, and the alignment finds the statutory ones among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze, words
from extract.interpret.values import is_na, looks_numeric
from extract.records import Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.records import Document

UNREAD = "\ufffd"
_LONGEST_FRAGMENT = 40
_HEADER_LABELS = 4
_FAILED_FORMULA = re.compile(r"\s*(?:#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|ERROR!)|=.)")


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: ``labels``, then ``values``.

    ``table``: which of the document's tables, from 0 (-1 for a paragraph between two tables that may continue a label).
    ``labels``: the words of its label cells, blanks left out, outermost group first. ``label_cells`` and ``values``:
    the cells themselves; ``values`` are numbers, blanks, marks, notes. ``numbers``: how many of them state something.
    """

    table: int
    label_cells: tuple[TableCell, ...]
    values: tuple[TableCell, ...]
    labels: tuple[str, ...]
    numbers: int

    @property
    def label(self) -> str:
        """The innermost label: what the row itself is called."""
        return self.labels[-1] if self.labels else ""

    @property
    def cells(self) -> tuple[TableCell, ...]:
        """All its cells, as printed."""
        return self.label_cells + self.values

    @property
    def is_header(self) -> bool:
        """Whether it only names columns."""
        return not self.numbers and len(self.labels) >= _HEADER_LABELS


def is_stated(cell: TableCell) -> bool:
    """Whether a cell states a value: a number, a mark, a failed formula, or ink that nobody can read."""
    return (
        looks_numeric(cell.text) or is_na(cell.text) or _FAILED_FORMULA.match(cell.text) is not None or is_unread(cell)
    )


def is_unread(cell: TableCell) -> bool:
    """Whether a cell holds ink that a decoder made nothing of."""
    return set(squeeze(cell.text)) == {UNREAD}


def is_blank(cell: TableCell) -> bool:
    """Whether nothing is printed in a cell."""
    return not squeeze(cell.text)


def flatten(document: Document) -> list[Row]:
    """The rows of all tables, in document order.

    Where the format has no grid (text renditions), a short line between two tables may be the rest of a label that a
    page end cut: it comes along as a row without values.
    """
    rows: list[Row] = []
    for index, block in enumerate(_tables_and_fragments(document)):
        if isinstance(block, Table):
            rows.extend(
                _row(index, cells) for cells in block.rows if any(not is_blank(c) for c in cells) or len(cells) > 1
            )
        elif block.place is not None:
            rows.append(_row(-1, (TableCell(block.text, block.place),)))
    return rows


def _tables_and_fragments(document: Document) -> Iterator[Table | Paragraph]:
    blocks = document.blocks
    for index, block in enumerate(blocks):
        if isinstance(block, Table) or (
            _between_tables(blocks, index) and len(block.text.strip()) <= _LONGEST_FRAGMENT
        ):
            yield block


def _between_tables(blocks: Sequence[Table | Paragraph], index: int) -> bool:
    if not 0 < index < len(blocks) - 1:
        return False
    before, after = blocks[index - 1], blocks[index + 1]
    return isinstance(before, Table) and isinstance(after, Table) and before.rows[0][0].column is None


def _row(table: int, cells: tuple[TableCell, ...]) -> Row:
    depth = _depth(cells)
    labels = tuple(w for cell in cells[:depth] if not is_unread(cell) and (w := words(cell.text)))
    return Row(table, cells[:depth], cells[depth:], labels, sum(is_stated(cell) for cell in cells[depth:]))


def _depth(cells: Sequence[TableCell]) -> int:
    """Where the label part ends: after the last label before the first number or mark, or after the last label.

    What cannot be read is a label that cannot be read if a label follows it, else a value.
    """
    depth = 0
    for index, cell in enumerate(cells):
        if is_unread(cell):
            continue
        if is_stated(cell):
            break
        if not is_blank(cell):
            depth = index + 1
    return depth


def continues(rows: Sequence[Row]) -> bool:
    """Whether consecutive rows may be one row that a page or line end cut: at most one of them states values."""
    stating = sum(row.numbers > 0 for row in rows)
    named = all(row.labels and not row.is_header for row in rows)
    return (
        named
        and stating <= 1
        and all(0 <= b.table - a.table <= 2 or -1 in (a.table, b.table) for a, b in pairwise(rows))
    )
