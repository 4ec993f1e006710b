"""Word binary files, .doc, .dot and the .wps of WPS Writer ([MS-DOC], Word 97 and later) -> Document.

Text is a string of characters in which marks end paragraphs, cells and rows; which mark is what, how deep a table is
nested, where the cells of a row end, and what is struck out or hidden stands in formatting kept apart from it. The
readers at hand lose wide tables, or give what tracked changes took away together with what replaced it. As in DOCX,
deleted and hidden text is left out, a field is its result, text boxes follow the paragraph that anchors them, and a
table that contains a table is layout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from crawler.sniff import DOC
from extract.decode.doc_boxes import read_boxes
from extract.decode.doc_file import open_word
from extract.decode.doc_lines import PICTURE, LineReader
from extract.decode.doc_pieces import read_text
from extract.decode.doc_rows import Row, RowShape, on_grid, read_shape
from extract.decode.doc_summary import read_title
from extract.decode.plain import plain_text
from extract.records import Document, GridPlace, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.decode.doc_boxes import Boxes
    from extract.decode.doc_lines import Line
    from extract.records import Block

_TRIFLE_CELLS = 6
_LARGE_TABLE_CELLS = 20


def decode_doc(data: bytes) -> Document:
    """The body's paragraphs and tables in order, those of its text boxes among them.

    Headers, footers, footnotes and comments are left out on purpose. Places count tables where they begin, a table's
    rows by the marks that end them, a row's cells by theirs: also those that are left out.

    Raises:
        EncryptedDocument: it opens only with a password.
        UnsupportedFormat: it is of Word 95 or older.
        DamagedDocument: the container or one of its tables is not whole.
    """
    word = open_word(data)
    assembly = _Assembly(LineReader(word, read_text(word)), read_boxes(word))
    blocks = list(assembly.body(word.lengths.body))
    if in_boxes := list(assembly.boxes_left()):
        assembly.warn("text boxes stand after everything else: where in the text they belong is not known")
        blocks += in_boxes
    if not blocks:
        assembly.warn("the document holds no text")
    return Document(
        DOC, tuple(blocks), plain_text(blocks), read_title(word.summary), warnings=tuple(assembly.reader.warnings)
    )


_Content: TypeAlias = "list[str | _OpenTable]"


@dataclass(slots=True)
class _OpenRow:
    cells: list[_Content]
    shape: RowShape | None
    struck: bool


@dataclass(slots=True)
class _OpenTable:
    """A table while it is read; the content of a cell is paragraphs and, nested, tables.

    ``astray``: some of its formatting is lost, so that what is left of it may be another row's.
    """

    index: int
    astray: bool = False
    rows: list[_OpenRow] = field(default_factory=list)
    cells: list[_Content] = field(default_factory=list)
    cell: _Content = field(default_factory=list)

    def end_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self, shape: RowShape | None, *, struck: bool = False) -> None:
        """``struck``: its mark is deleted or hidden; the row is if nothing is left in it."""
        if self.cell:
            self.end_cell()
        self.rows.append(_OpenRow(self.cells, shape, struck and not any(_text(cell) for cell in self.cells)))
        self.cells = []

    def kept(self) -> Iterator[_Content]:
        """The cells of the rows that are not struck out."""
        return (cell for row in self.rows if not row.struck for cell in row.cells)


@dataclass
class _Assembly:
    """Makes blocks of lines. Tables are counted on over all parts of a document."""

    reader: LineReader
    boxes: Boxes
    tables: int = 0
    shapes: dict[tuple[tuple[int, bytes], ...], RowShape | None] = field(default_factory=dict)

    def warn(self, message: str) -> None:
        self.reader.warnings[message] = None

    def body(self, end: int) -> Iterator[Block]:
        return self._finished(self._read(0, end))

    def boxes_left(self) -> Iterator[Block]:
        """The blocks of the text boxes that no anchor in the body led to."""
        return (block for start, end in self.boxes.left() for block in self._finished(self._read(start, end)))

    def _read(self, start: int, end: int) -> _Content:
        body: _Content = []
        open_: list[_OpenTable] = []
        held = ""  # of a paragraph whose mark is struck out: the next one goes on with it
        for line in self.reader.lines(start, end):
            if held and line.depth != len(open_):
                _innermost(body, open_).append(held)
                held = ""
            self._go_to(line.depth, body, open_)
            text, held = held + line.text, ""
            if line.struck and line.ends == "paragraph":
                held = text
            elif text:
                _innermost(body, open_).append(text)
            _innermost(body, open_).extend(self._hanging(line))
            if line.astray:
                open_[-1].astray = True
            if line.ends == "row":
                open_[-1].end_row(self._shape(line), struck=line.struck)
            elif line.ends == "cell":
                open_[-1].end_cell()
        if held:
            _innermost(body, open_).append(held)
        return body

    def _shape(self, line: Line) -> RowShape | None:
        """What the row that ends with this line is like; most rows of a table are alike."""
        if line.listed not in self.shapes:
            self.shapes[line.listed] = read_shape(line.listed)
        return self.shapes[line.listed]

    def _hanging(self, line: Line) -> Iterator[str | _OpenTable]:
        """What is in the text boxes of a line; those whose anchor is struck out or hidden are so themselves."""
        for anchor, shown in line.anchors:
            for start, end in self.boxes.take(anchor):
                if shown:
                    yield from self._read(start, end)

    def _go_to(self, depth: int, body: _Content, open_: list[_OpenTable]) -> None:
        del open_[depth:]
        while len(open_) < depth:
            table = _OpenTable(self.tables)
            self.tables += 1
            _innermost(body, open_).append(table)
            open_.append(table)

    def _finished(self, content: _Content) -> Iterator[Block]:
        for item in content:
            if isinstance(item, str):
                if text := item.replace(PICTURE, "").strip():
                    yield Paragraph(text)
                continue
            if item.cell or item.cells:
                self.warn("a table ends within a row: where the cells of that row stand is not known")
                item.end_row(None)
            if _is_layout(item):
                for cell in item.kept():
                    yield from self._finished(cell)
            elif table := self._table(item):
                yield table

    def _table(self, table: _OpenTable) -> Table | None:
        rows = [
            Row(
                tuple(TableCell(_text(cell), GridPlace(table.index, r, c)) for c, cell in enumerate(row.cells)),
                None if table.astray else row.shape,
            )
            for r, row in enumerate(table.rows)
            if not row.struck and row.cells
        ]
        if not table.astray and not all(row.fits for row in rows):
            self.warn("a row has more or fewer cells than its formatting says: where they stand is not known")
        grid = on_grid(rows)
        if grid.unprinted:
            self.warn("text in cells that others are merged over is not printed, and was left out")
        return Table(tuple(tuple(row) for row in grid.rows if row)) if rows else None


def _innermost(body: _Content, open_: list[_OpenTable]) -> _Content:
    return open_[-1].cell if open_ else body


def _is_layout(table: _OpenTable) -> bool:
    """Whether a table only arranges the page: it contains tables, and they are no trifle in a large one."""
    own = list(table.kept())
    inside = sum(1 for cell in own for item in cell if isinstance(item, _OpenTable) for _ in item.kept())
    return inside > _TRIFLE_CELLS or (inside > 0 and len(own) < _LARGE_TABLE_CELLS)


def _text(cell: _Content) -> str:
    """The lines of a cell, with those of tables in it. One that holds nothing but a picture is not blank: U+FFFD."""
    lines = (line.strip() for text in _strings(cell) for line in text.replace("\t", " ").split("\n"))
    text = "\n".join(line for line in lines if line)
    return "\n".join(filter(None, (line.strip() for line in text.replace(PICTURE, "").split("\n")))) or (
        "\ufffd" if PICTURE in text else ""
    )


def _strings(cell: _Content) -> Iterator[str]:
    for item in cell:
        if isinstance(item, str):
            yield item
        else:
            for content in item.kept():
                yield from _strings(content)
            yield from _strings(item.cell)
