"""OpenDocument text and spreadsheets (ISO/IEC 26300, ODF 1.3) -> Document; the flat XML form too.

What is printed is read: not the text kept for tracked deletions, hidden text, sections, rows and sheets, notes and
comments, nor the headers and footers of pages, which stand with the styles. Text boxes follow the paragraph that
anchors them. Cells and rows may be written once for many; how many are made of them is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from crawler.sniff import ODS, ODT
from extract.decode.errors import DamagedDocument, EncryptedDocument, is_out_of_memory
from extract.decode.nesting import Grid, GridCell, has_text, size_of, to_blocks
from extract.decode.plain import plain_text
from extract.decode.unzip import open_zip, read_member
from extract.records import Document, GridPlace

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml.etree import _Element

    from extract.decode.nesting import Content

_MOST_SPAN = 100
_MOST_REPEATS = 1000
_MOST_CELLS = 200_000
_MOST_COLUMNS = 16_384
_MOST_SPACES = 100
_MOST_CHARACTERS = 20_000_000
_BLOCKS = ("p", "h", "table")
_LEFT_OUT = frozenset(
    {
        "annotation",
        "binary-data",
        "event-listeners",
        "forms",
        "note",
        "object",
        "object-ole",
        "ruby-text",
        "script",
        "shapes",
        "tracked-changes",
    }
)
_BREAKS = {"tab": "\t", "line-break": "\n"}
_SPACE = re.compile(r"[ \t\r\n]+")
_FAMILIES = {"p": "paragraph", "h": "paragraph", "span": "text", "a": "text", "section": "section", "table": "table"}
_HIDDEN = frozenset({"none", "false"})
_COLLAPSED = frozenset({"collapse", "filter"})


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts of a document: what is in it, the styles it names, its properties. In flat XML all are one."""

    content: _Element
    styles: _Element | None
    meta: _Element | None


def decode_odt(data: bytes) -> Document:
    """The body's paragraphs and tables in order, or a spreadsheet's sheets, each a table below its heading.

    Raises:
        DamagedDocument: the package or its content is not whole, it unpacks to more than 200 MB, or its tables to more
            than 200,000 cells.
        EncryptedDocument: it opens only with a password.
    """
    package = _open(data)
    body = next((child for child in _child_of(package.content, "body") if isinstance(child.tag, str)), None)
    if body is None:
        raise DamagedDocument("an OpenDocument file without a body; open and save it again in an editor")
    try:
        reader = _Reader(body, _hidden_styles(package))
        blocks = tuple(to_blocks(reader.content(body)))
    except RecursionError as error:
        raise DamagedDocument(
            "a document nested deeper than any real one; open and save it again in an editor"
        ) from error
    warnings = reader.warnings if blocks else {**reader.warnings, "the document holds no text": None}
    kind = ODS if _name(body) == "spreadsheet" else ODT
    return Document(kind, blocks, plain_text(blocks), _title(package.meta), warnings=tuple(warnings))


def _open(data: bytes) -> _Package:
    if not data.startswith(b"PK"):
        root = _parse(data)
        return _Package(root, root, root)
    with open_zip(data) as package:
        names = set(package.namelist())
        if "META-INF/manifest.xml" in names and b"encryption-data" in read_member(package, "META-INF/manifest.xml"):
            raise EncryptedDocument("an OpenDocument file protected by a password; ask for a copy without one")
        content = _parse(read_member(package, "content.xml"))
        return _Package(content, _part(package, "styles.xml"), _part(package, "meta.xml"))


def _part(package: zipfile.ZipFile, name: str) -> _Element | None:
    """A part without which the document can be read."""
    try:
        return _parse(read_member(package, name))
    except DamagedDocument:
        return None


def _parse(xml: bytes) -> _Element:
    try:
        return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        reason = " ".join(str(error).split())
        raise DamagedDocument(
            f"an OpenDocument file with damaged content ({reason}); open and save it again in an editor"
        ) from error


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _attribute(element: _Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rsplit("}", 1)[-1] == name), "")


def _child_of(root: _Element, name: str) -> Iterator[_Element]:
    return iter(next((child for child in root if _name(child) == name), ()))


def _title(meta: _Element | None) -> str:
    properties = () if meta is None else _child_of(meta, "meta")
    return next((" ".join((child.text or "").split()) for child in properties if _name(child) == "title"), "")


_Style = tuple[str, str]
"""A style's family (paragraph, text, table, ...) and name."""


def _hidden_styles(package: _Package) -> frozenset[_Style]:
    """Styles that print nothing: hidden text, hidden sheets; what is based on a hidden style is hidden."""
    hides: dict[_Style, bool] = {}
    based_on: dict[_Style, _Style] = {}
    for style in _styles(package):
        family = _attribute(style, "family")
        name = family, _attribute(style, "name")
        based_on[name] = family, _attribute(style, "parent-style-name")
        if shown := [display for child in style if (display := _attribute(child, "display"))]:
            hides[name] = not _HIDDEN.isdisjoint(shown)
    return frozenset(name for name in based_on if _is_hidden(name, hides, based_on))


def _styles(package: _Package) -> Iterator[_Element]:
    """Those the body may name; the automatic ones of styles.xml are of page headers and footers."""
    if package.styles is not None:
        yield from _child_of(package.styles, "styles")
    yield from _child_of(package.content, "automatic-styles")


def _is_hidden(name: _Style, hides: dict[_Style, bool], based_on: dict[_Style, _Style]) -> bool:
    seen: set[_Style] = set()
    while name not in hides and name not in seen and name in based_on:
        seen.add(name)
        name = based_on[name]
    return hides.get(name, False)


@dataclass(slots=True)
class _Run:
    """A cell as it is written: ``column`` where it begins, and that it is written once for ``count`` cells."""

    content: tuple[Content, ...]
    column: int
    count: int
    columns: int
    rows: int
    is_covered: bool

    @property
    def end(self) -> int:
        """The first column after what it covers."""
        return self.column + max(self.count, self.columns)


@dataclass(slots=True)
class _Row:
    """A row as it is written: ``number`` of the first, and that it is written once for ``count`` rows."""

    runs: list[_Run]
    number: int
    count: int
    has_text: bool


class _Reader:
    """One reading of a body. ``tables``: every table and its number in document order."""

    def __init__(self, body: _Element, hidden_styles: frozenset[_Style]) -> None:
        self.tables = {table: index for index, table in enumerate(e for e in body.iter() if _name(e) == "table")}
        self.hidden_styles = hidden_styles
        self.is_spreadsheet = _name(body) == "spreadsheet"
        self.cells = self.characters = 0
        self.warnings: dict[str, None] = {}

    def content(self, element: _Element) -> Iterator[Content]:
        """Paragraphs and tables inside an element, in order."""
        for child in self.descendants(element, *_BLOCKS):
            if _name(child) == "table":
                yield from _without_heading(self.grid(child)) if self.is_spreadsheet else (self.grid(child),)
            else:
                yield self.text(child)
                yield from self.content(child)

    def descendants(self, element: _Element, *names: str) -> Iterator[_Element]:
        """The nearest descendants of those names that are printed, not looking inside them."""
        for child in element:
            if not self.is_printed(child):
                continue
            if _name(child) in names:
                yield child
            else:
                yield from self.descendants(child, *names)

    def is_printed(self, element: _Element) -> bool:
        """Whether anything of an element is printed."""
        name = _name(element)
        if not name or name in _LEFT_OUT or name.endswith("-source"):
            return False
        if name in ("title", "desc") and "svg" in str(
            element.tag
        ):  # of a picture; text:title prints the document's own
            return False
        if name in ("hidden-text", "section") and _attribute(element, "is-hidden") == "true":
            return False
        if name == "section" and _attribute(element, "display") == "none":
            return False
        if name in ("p", "h") and any(
            _attribute(e, "is-hidden") == "true" for e in element if _name(e) == "hidden-paragraph"
        ):
            return False
        family = _FAMILIES.get(name)
        return family is None or (family, _attribute(element, "style-name")) not in self.hidden_styles

    def text(self, paragraph: _Element) -> str:
        """A paragraph's text; runs of white space are one space, and none where it begins (ODF 1.3 part 3, 6.1.2)."""
        parts: list[str] = []
        self.gather(paragraph, parts)
        return "".join(parts).strip(" ")

    def gather(self, element: _Element, parts: list[str]) -> None:
        """Add what is printed within an element, without the paragraphs of what is anchored in it."""
        parts.append(_SPACE.sub(" ", element.text or ""))
        for child in element:
            name = _name(child)
            if name == "s":
                parts.append(" " * min(_number(child, "c", 1), _MOST_SPACES))
            elif name in _BREAKS:
                parts.append(_BREAKS[name])
            elif name not in _BLOCKS and self.is_printed(child):
                self.gather(child, parts)
            parts.append(_SPACE.sub(" ", child.tail or ""))

    def grid(self, table: _Element) -> Grid:
        """A table with what is written once for many made many, and cells that others cover left out."""
        rows = self.rows(table)
        width = None
        if self.is_spreadsheet:
            while rows and not rows[-1].has_text:
                rows.pop()
            width = max((run.end for row in rows for run in row.runs if has_text(run.content)), default=0)
        hidden = self.hidden_columns(table)
        printed = [(row, row.number + copy) for row in rows for copy in range(row.count)]
        return Grid(
            tuple(
                tuple(self.cells_of(row, GridPlace(self.tables[table], number, 0), width, hidden, len(printed) - index))
                for index, (row, number) in enumerate(printed)
            )
        )

    def rows(self, table: _Element) -> list[_Row]:
        """The rows as they are written, without hidden ones, with each cell's column."""
        rows: list[_Row] = []
        taken: dict[int, int] = {}
        number = 0
        for element in self.descendants(table, "table-row"):
            count = _number(element, "number-rows-repeated", 1)
            if _attribute(element, "visibility") not in _COLLAPSED:
                runs = list(self.runs(element, taken, number))
                printed = any(has_text(run.content) for run in runs)
                once = self.is_spreadsheet and not printed
                rows.append(_Row(runs, number, 1 if once else self.bounded(count, is_shown=printed), printed))
            number += count
        return rows

    def runs(self, row: _Element, taken: dict[int, int], number: int) -> Iterator[_Run]:
        """The row's cells as they are written; where covered ones were forgotten, the next free column is taken.

        ``taken``: up to which row (exclusive) each column is covered.
        """
        column = 0
        for cell in self.descendants(row, "table-cell", "covered-table-cell"):
            is_covered = _name(cell) == "covered-table-cell"
            count = _number(cell, "number-columns-repeated", 1)
            columns, rows = (min(_number(cell, f"number-{way}-spanned", 1), _MOST_SPAN) for way in ("columns", "rows"))
            while not is_covered and taken.get(column, 0) > number:
                self.count_cell(column)
                column += 1
            self.count_cell(column)
            content = () if is_covered else tuple(self.cell(cell))
            yield _Run(content, column, self.bounded(count, is_shown=has_text(content)), columns, rows, is_covered)
            if columns > 1 or rows > 1:
                taken.update(dict.fromkeys(range(column, column + columns), number + rows))
            column += count

    def count_cell(self, column: int, size: int = 0) -> None:
        """One cell more, at that column and of that size: there is an end to it."""
        self.cells += 1
        self.characters += size
        if self.cells > _MOST_CELLS or column > _MOST_COLUMNS or self.characters > _MOST_CHARACTERS:
            raise DamagedDocument(
                "a document of more cells than any annual report; open and save it again in an editor"
            )

    def bounded(self, count: int, *, is_shown: bool) -> int:
        """How many are made of what is written once."""
        if is_shown and count > _MOST_REPEATS:
            self.warnings[f"what a table repeats more than {_MOST_REPEATS} times is given {_MOST_REPEATS} times"] = None
        return min(count, _MOST_REPEATS)

    def cell(self, cell: _Element) -> Iterator[Content]:
        """What is in a cell; a value without the text it is printed as is given where the two cannot differ much."""
        content = list(self.content(cell))
        yield from content
        if not content and (value := _attribute(cell, "value") or _attribute(cell, "string-value")):
            yield value.removesuffix(".0") if _attribute(cell, "value-type") in ("float", "string") else "\ufffd"

    def cells_of(
        self, row: _Row, place: GridPlace, width: int | None, hidden: frozenset[int], rows_left: int
    ) -> Iterator[GridCell]:
        """A row's cells up to that width."""
        for run in row.runs:
            size = size_of(run.content)
            end = run.column + run.count
            for column in range(run.column, end if width is None else min(end, width)):
                if run.is_covered or column in hidden:
                    continue
                self.count_cell(column, size)
                columns, rows = (run.columns, min(run.rows, rows_left)) if run.count == 1 else (1, 1)
                yield GridCell(run.content, GridPlace(place.table, place.row, column), column, columns, rows)

    def hidden_columns(self, table: _Element) -> frozenset[int]:
        """The columns that are not shown."""
        hidden: set[int] = set()
        column = 0
        for element in self.descendants(table, "table-column"):
            count = _number(element, "number-columns-repeated", 1)
            if _attribute(element, "visibility") in _COLLAPSED:
                hidden.update(range(column, min(column + count, _MOST_COLUMNS)))
            column += count
        return frozenset(hidden)


def _without_heading(sheet: Grid) -> Iterator[Content]:
    """A sheet as the lines above its table, a single text a row (such as the report's title), and the table."""
    alone = (sum(has_text(cell.content) for cell in row) < 2 for row in sheet.rows)
    begins = next((index for index, is_alone in enumerate(alone) if not is_alone), len(sheet.rows))
    for row in sheet.rows[:begins]:
        for cell in row:
            yield from cell.content
    yield Grid(sheet.rows[begins:])


def _number(element: _Element, name: str, default: int) -> int:
    """The count that an attribute states, up to a million; ``default`` where it states none that makes sense."""
    value = _attribute(element, name)
    number = int(value[:7]) if value.isascii() and value.isdigit() else 0
    return min(number, 1_000_000) or default
