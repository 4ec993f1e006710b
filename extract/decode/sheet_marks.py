"""What a workbook's sheets hold beside values, seen before a library unpacks them.

python-calamine gives an error and a formula that was never worked out as an empty cell, says nothing of hidden rows
and columns, and makes a grid of the whole used range: two cells in far corners would take all memory there is. So a
first pass over the file counts, and keeps what would be lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.decode.errors import DamagedDocument

MOST_CELLS = 300_000
"""Of the used ranges of all sheets together; a report has some hundreds."""
MOST_TEXT = 64_000_000
"""Characters that the cells of a workbook hold together, a text as often as it is repeated."""
MOST_TEXTS = 1_000_000
_ROWS, _COLUMNS = 1_048_576, 16_384


@dataclass(slots=True)
class SheetMarks:
    """Of one sheet, rows and columns counted from 0.

    ``unvalued``: what a cell shows that holds no value: an error such as ``#DIV/0!``, or a formula with no result.
    ``stored_blank``: for a row, how many empty cells are stored in it (with a border, say). ``hidden_columns``: one
    for each column that is not shown.
    """

    unvalued: dict[tuple[int, int], str] = field(default_factory=dict)
    stored_blank: dict[int, int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: bytearray = field(default_factory=lambda: bytearray(_COLUMNS))
    first: tuple[int, int] = (_ROWS, _COLUMNS)
    last: tuple[int, int] = (-1, -1)

    def reach(self, row: int, column: int) -> None:
        """Note a cell that holds something."""
        self.first = min(self.first[0], row), min(self.first[1], column)
        self.last = max(self.last[0], row), max(self.last[1], column)

    def blank(self, row: int, count: int = 1) -> None:
        """Note empty cells that are stored."""
        self.stored_blank[row] = self.stored_blank.get(row, 0) + count

    def hide_columns(self, first: int, last: int) -> None:
        """Note columns that are not shown."""
        count = min(last + 1, _COLUMNS) - first
        if first >= 0 and count > 0:
            self.hidden_columns[first : first + count] = b"\1" * count

    def is_column_hidden(self, column: int) -> bool:
        """Whether a column is not shown."""
        return column < _COLUMNS and bool(self.hidden_columns[column])

    @property
    def size(self) -> int:
        """Cells of the used range, empty ones among them."""
        return max(0, self.last[0] - self.first[0] + 1) * max(0, self.last[1] - self.first[1] + 1)


def ensure_size(sheets: list[SheetMarks], text: int) -> None:
    """Refuse what no report is.

    Raises:
        DamagedDocument: the used ranges, or the texts in them, are larger than any report's.
    """
    cells = sum(sheet.size for sheet in sheets)
    if cells > MOST_CELLS:
        raise DamagedDocument(
            f"a workbook whose used range is {cells:,} cells: no annual report; clear what stands far from the tables"
        )
    if text > MOST_TEXT:
        raise DamagedDocument("a workbook that holds more text than any annual report; save only the report's sheet")
