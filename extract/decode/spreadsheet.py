"""XLS ([MS-XLS], also WPS's .et) and XLSX (ECMA-376 part 1, 18) -> Document, by python-calamine.

A sheet is a grid without tables: which of its cells are a table is told by what stands beside what. Rows of several
cells are a table's; a text alone in its row is a paragraph, unless it can be the label of a row that is left blank.
Values are the stored ones: a number as the cell holds it, up to 15 digits, whatever its format rounds away.
"""

from __future__ import annotations

import datetime as dt
import io
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from crawler.sniff import XLS, XLSX
from extract.decode.biff import look_through
from extract.decode.compound_file import read_stream, wrap_stream
from extract.decode.errors import DamagedDocument, EncryptedDocument
from extract.decode.plain import plain_text
from extract.decode.xlsx_package import repack
from extract.records import Document, GridPlace, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from python_calamine import CalamineSheet

    from extract.decode.sheet_marks import SheetMarks
    from extract.records import Block

Value: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_MOST_BLANK_ROWS = 2
_LONGEST_LABEL = 60


def decode_xlsx(data: bytes) -> Document:
    """The visible sheets' tables and lines, in order.

    Raises:
        EncryptedDocument: it opens only with a password.
        DamagedDocument: the package is not whole, or larger than any report.
    """
    package = repack(data)
    return _decode(XLSX, package.data, package.sheets)


def decode_xls(data: bytes) -> Document:
    """As ``decode_xlsx``, of the older binary format."""
    try:
        name, stream = read_stream(data, "Workbook", "Book")
        workbook = look_through(stream)
    except ValueError as error:
        raise DamagedDocument(f"an XLS that cannot be opened ({error}); open and save it again") from error
    return _decode(XLS, wrap_stream(name, workbook.stream), workbook.sheets)


def _decode(media_type: str, data: bytes, marks: Sequence[SheetMarks]) -> Document:
    blocks: list[Block] = []
    warnings: list[str] = []
    with _told(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for index, (metadata, marked) in enumerate(zip(workbook.sheets_metadata, marks, strict=False)):
            if metadata.typ is not SheetTypeEnum.WorkSheet:
                continue
            if metadata.visible is not SheetVisibleEnum.Visible:
                warnings.append(f"a hidden sheet was left out: {metadata.name}")
                continue
            sheet = _Sheet(workbook.get_sheet_by_index(index), index, marked)
            blocks += sheet.blocks()
            warnings += sheet.warnings
    if not blocks:
        warnings.append("the document holds no text")
    return Document(media_type, tuple(blocks), plain_text(blocks), warnings=tuple(warnings))


@contextmanager
def _told() -> Iterator[None]:
    """The library's complaints as ours. A panic of its Rust code is a BaseException without a name to import."""
    try:
        yield
    except PasswordError as error:
        raise EncryptedDocument("a workbook protected by a password; ask for a copy without one") from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise DamagedDocument(f"a workbook that cannot be opened ({error}); open and save it again") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedDocument("a workbook that is damaged within; open and save it again") from error


@dataclass(frozen=True, slots=True)
class _Merged:
    """A merged range's size as far as it is shown, kept at its first cell that is shown."""

    rows: int
    columns: int


@dataclass(slots=True)
class _Line:
    """One row of a sheet: its number, and the text of each cell that holds one, by column.

    ``is_stored``: blank cells are stored in it as well.
    """

    number: int
    texts: dict[int, str]
    is_stored: bool

    @property
    def first(self) -> int:
        """The first column that holds a text."""
        return min(self.texts)


class _Sheet:
    """A worksheet as blocks. ``index``: which of the workbook's sheets, the hidden ones counted too."""

    def __init__(self, sheet: CalamineSheet, index: int, marks: SheetMarks) -> None:
        self.index = index
        self.marks = marks
        self.warnings: list[str] = []
        texts = self._texts(sheet)
        self.last_row = max((row for row, _ in texts), default=-1)
        self.last_column = max((column for _, column in texts), default=-1)
        self.covered: dict[tuple[int, int], tuple[int, int]] = {}
        self.merged: dict[tuple[int, int], _Merged] = {}
        self._merge(sheet.merged_cell_ranges or [], texts)
        self.lines = self._lines(texts)

    def _texts(self, sheet: CalamineSheet) -> dict[tuple[int, int], str]:
        row, column = sheet.start or (0, 0)
        texts = dict(self.marks.unvalued)
        for r, values in enumerate(sheet.to_python(skip_empty_area=True), start=row):
            for c, value in enumerate(values, start=column):
                if text := cell_text(value):
                    texts[r, c] = text
        shown = {(r, c): text for (r, c), text in texts.items() if not self._is_hidden(r, c)}
        if len(shown) < len(texts):
            self.warnings.append(f"hidden rows or columns of {sheet.name} were left out")
        return shown

    def _is_hidden(self, row: int, column: int) -> bool:
        return row in self.marks.hidden_rows or self.marks.is_column_hidden(column)

    def _merge(
        self, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], texts: dict[tuple[int, int], str]
    ) -> None:
        """Note merged ranges within what is used; what stands in a cell that another covers is not shown."""
        left_over = (self.last_row + 1) * (self.last_column + 1)  # ranges that do not overlap cover no more
        for (top, left), (far_down, far_right) in ranges:
            bottom, right = min(far_down, self.last_row), min(far_right, self.last_column)
            left_over -= max(0, bottom - top + 1) * max(0, right - left + 1)
            if left_over < 0:
                break
            rows = [r for r in range(top, bottom + 1) if r not in self.marks.hidden_rows]
            columns = [c for c in range(left, right + 1) if not self.marks.is_column_hidden(c)]
            spots = [(r, c) for r in rows for c in columns]
            if len(spots) < 2 or any(spot in self.covered or spot in self.merged for spot in spots):
                continue
            self.merged[spots[0]] = _Merged(rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
            for spot in spots[1:]:
                self.covered[spot] = spots[0]
                texts.pop(spot, None)

    def _lines(self, texts: Mapping[tuple[int, int], str]) -> list[_Line]:
        """Every row down to the last that holds something, blank ones too, and those stored blank right below it."""
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), text in texts.items():
            by_row.setdefault(row, {})[column] = text
        return [
            _Line(number, dict(sorted(by_row.get(number, {}).items())), number in self.marks.stored_blank)
            for number in range(min(by_row, default=0), self.last_row + 1 + _MOST_BLANK_ROWS)
            if number not in self.marks.hidden_rows and (number <= self.last_row or number in self.marks.stored_blank)
        ]

    def blocks(self) -> Iterator[Block]:
        """Paragraphs and tables, in order."""
        table: list[_Line] = []
        blank: list[_Line] = []
        for line, is_table in self._sorted_lines():
            if not line.texts:
                blank.append(line)
                continue
            if table and (not is_table or len(blank) > _MOST_BLANK_ROWS):
                yield self._table(table + self._below(blank))
                table = []
            if is_table:
                table += [*blank, line] if table else [line]
            else:
                yield from _paragraphs(line)
            blank = []
        if table:
            yield self._table(table + self._below(blank))

    def _below(self, blank: Sequence[_Line]) -> list[_Line]:
        """Of the blank rows below a table those that are the table's: their empty cells are stored."""
        first = next((i for i, line in enumerate(blank) if not line.is_stored), len(blank))
        return list(blank[: min(first, _MOST_BLANK_ROWS)])

    def _sorted_lines(self) -> Iterator[tuple[_Line, bool]]:
        """Each row, and whether it is a table's."""
        for has_text, group in groupby(self.lines, key=lambda line: bool(line.texts)):
            lines = list(group)
            if not has_text:
                yield from ((line, False) for line in lines)
                continue
            several = [line for line in lines if len(line.texts) > 1]
            begins = lines.index(several[0]) if several else len(lines)
            left = min((line.first for line in several), default=0)
            right = max((max(line.texts) + self._width(line) - 1 for line in several), default=0)
            for position, line in enumerate(lines):
                alone = len(line.texts) == 1
                yield line, not alone or (position > begins and self._may_be_label(line, left, right))

    def _width(self, line: _Line) -> int:
        merged = self.merged.get((line.number, max(line.texts)))
        return merged.columns if merged else 1

    def _may_be_label(self, line: _Line, left: int, right: int) -> bool:
        """Whether a text alone in its row can be the label of a row of blanks, in a table of these columns.

        It is the first thing in its row, as long as a label may be, not merged over the whole table; and if the file
        stores blank cells (with their borders) in other rows, it does in this one.
        """
        column, text = next(iter(line.texts.items()))
        merged = self.merged.get((line.number, column))
        before = (c for c in range(left, column) if not self.marks.is_column_hidden(c))
        is_first = column <= left or all((line.number, c) in self.covered for c in before)
        is_whole = column <= left and merged is not None and column + merged.columns > right
        is_prose = len(text) > _LONGEST_LABEL or text.endswith("。")
        return is_first and not is_whole and not is_prose and (line.is_stored or not self.marks.stored_blank)

    def _table(self, lines: Sequence[_Line]) -> Table:
        """Rows over all columns that any of them uses: a cell that the file does not store is there, and blank."""
        used = [column for line in lines for column in line.texts]
        left = min(used)
        right = max(
            column + self.merged[line.number, column].columns - 1 if (line.number, column) in self.merged else column
            for line in lines
            for column in line.texts
        )
        columns = [c for c in range(left, right + 1) if not self.marks.is_column_hidden(c)]
        bottom = lines[-1].number
        rows = (tuple(self._cells(line, columns, bottom)) for line in lines)
        return Table(tuple(row for row in rows if row))

    def _cells(self, line: _Line, columns: Sequence[int], bottom: int) -> Iterator[TableCell]:
        for column in columns:
            if (line.number, column) in self.covered:
                continue
            merged = self.merged.get((line.number, column), _Merged(1, 1))
            yield TableCell(
                line.texts.get(column, ""),
                GridPlace(self.index, line.number, column),
                column,
                min(merged.columns, columns[-1] - column + 1),
                min(merged.rows, bottom - line.number + 1),
            )


def _paragraphs(line: _Line) -> Iterator[Paragraph]:
    for text in line.texts.values():
        yield from (Paragraph(part) for part in text.split("\n"))


def cell_text(value: Value) -> str:
    """A stored value as text: a number without the noise of its binary form, a date as documents print it.

    >>> [cell_text(value) for value in (12.0, 26.550000000000001, 0.1 + 0.2, True, " 7 ", -0.0)]
    ['12', '26.55', '0.3', 'TRUE', '7', '0']
    >>> cell_text(dt.date(2024, 1, 5)), cell_text(1e20)
    ('2024年1月5日', '100000000000000000000')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return f"{cell_text(value.date())} {value:%H:%M}"
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if not isinstance(value, str):
        return str(value)
    lines = (line.strip() for line in value.replace("_x000D_", "\n").replace("\t", " ").splitlines())
    return "\n".join(line for line in lines if line)


def _number(value: float) -> str:
    """Up to 15 significant digits, as office programs keep and show them, never with an exponent."""
    decimal = Decimal(f"{value:.15g}")
    if not decimal.is_finite():
        return str(value)
    text = f"{decimal:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
