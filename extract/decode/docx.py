"""DOCX (ECMA-376) -> Document.

python-docx opens the package; its table interface drops what stands inside content controls, insertions, moved text,
smart tags and sum fields, so tables are read from the element tree: wrappers are transparent, deletions, moved-away
text, hidden runs and fallback copies are left out. Text boxes follow the paragraph that anchors them. A table that
contains a table is layout. Elements are told by local name, which serves Strict OOXML's namespace as well.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import docx
from docx.exceptions import PythonDocxError
from lxml import etree

from crawler.sniff import DOCX
from extract.decode.errors import DamagedDocument, is_out_of_memory
from extract.decode.plain import plain_text
from extract.decode.unzip import FAULTS
from extract.records import Document, GridPlace, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from extract.records import Block

_MOST_BYTES = 200_000_000
_MOST_SPAN = 100
_TRIFLE_CELLS = 6
_LARGE_TABLE_CELLS = 20
_LEFT_OUT = frozenset(
    {"del", "moveFrom", "Fallback", "rPr", "pPr", "instrText", "delText", "sectPr", "tblPr", "tcPr", "trPr", "rt"}
)
_OFF = frozenset({"0", "false", "off"})


def decode_docx(data: bytes) -> Document:
    """The body's paragraphs and tables in order; headers and footers of pages are left out on purpose.

    Raises:
        DamagedDocument: the package or its main part is not whole, or unpacks to more than 200 MB.
        MemoryError: its element tree takes more memory than this process has.
    """
    try:
        _check_size(data)
        body, title = _open(data)
    except (
        *FAULTS,
        AttributeError,  # python-docx, where a part is not what its relation says
        etree.LxmlError,
        PythonDocxError,
        StopIteration,
    ) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise DamagedDocument(f"a DOCX that cannot be opened ({error}); open and save it again in an editor") from error
    try:
        blocks = tuple(_walk(body, _number_tables(body)))
    except RecursionError as error:
        raise DamagedDocument("a DOCX nested deeper than any real one; open and save it again in an editor") from error
    warnings = () if blocks else ("the document holds no text",)
    return Document(DOCX, blocks, plain_text(blocks), title, warnings=warnings)


def _check_size(data: bytes) -> None:
    size = sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(data)).infolist())
    if size > _MOST_BYTES:
        raise ValueError(f"it unpacks to {size // 1_000_000} MB")


def _open(data: bytes) -> tuple[_Element, str]:
    try:
        package = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError):  # Strict OOXML names its relations otherwise; the main part is where it always is
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            root = etree.fromstring(members.read("word/document.xml"), parser)
        return next(element for element in root if _name(element) == "body"), ""
    # Without a properties part python-docx makes one up, titled "Word Document".
    has_properties = any(rel.reltype.endswith("/core-properties") for rel in package.part.package.rels.values())
    return package.element.body, str(package.core_properties.title or "") if has_properties else ""


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _attribute(element: _Element | None, name: str) -> str | None:
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rsplit("}", 1)[-1] == name), None)


def _child(element: _Element, *path: str) -> _Element | None:
    for name in path:
        found = next((child for child in element if _name(child) == name), None)
        if found is None:
            return None
        element = found
    return element


def _kept(element: _Element) -> Iterator[_Element]:
    """The children that count, wrappers and all."""
    return (child for child in element if _name(child) not in _LEFT_OUT and isinstance(child.tag, str))


def _descendants(element: _Element, *names: str) -> Iterator[_Element]:
    """The nearest descendants of those names, not looking inside them nor into what is left out."""
    for child in _kept(element):
        if _name(child) in names:
            yield child
        else:
            yield from _descendants(child, *names)


def _number_tables(body: _Element) -> dict[_Element, int]:
    return {table: index for index, table in enumerate(e for e in body.iter() if _name(e) == "tbl")}


def _walk(element: _Element, tables: dict[_Element, int]) -> Iterator[Block]:
    for child in _descendants(element, "p", "tbl"):
        if _name(child) == "p":
            if text := _paragraph_text(child).strip():
                yield Paragraph(text)
            for box in _descendants(child, "txbxContent"):
                yield from _walk(box, tables)
        elif _is_layout(child):
            for cell in _cells(child):
                yield from _walk(cell, tables)
        elif rows := tuple(_rows(child, tables[child])):
            yield Table(rows)


def _is_layout(table: _Element) -> bool:
    """Whether a table only arranges the page: it contains tables, and they are no trifle in a large one."""
    own = list(_cells(table))
    inside = sum(1 for cell in own for nested in _descendants(cell, "tbl") for _ in _cells(nested))
    return inside > _TRIFLE_CELLS or (inside > 0 and len(own) < _LARGE_TABLE_CELLS)


def _cells(table: _Element) -> Iterator[_Element]:
    return (cell for row in _descendants(table, "tr") if not _is_deleted(row) for cell in _descendants(row, "tc"))


def _paragraph_text(paragraph: _Element) -> str:
    parts: list[str] = []
    for child in _kept(paragraph):
        name = _name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name in ("tab", "ptab"):
            parts.append("\t")
        elif name == "noBreakHyphen":
            parts.append("-")
        elif name == "sym":
            parts.append(_symbol(child))
        elif name not in ("txbxContent", "tbl") and not (name == "r" and _is_hidden(child)):
            parts.append(_paragraph_text(child))
    return "".join(parts)


def _symbol(symbol: _Element) -> str:
    """A character of a symbol font: something is printed there, even where only that font knows what."""
    try:
        return chr(int(_attribute(symbol, "char") or "", 16))
    except (ValueError, OverflowError):
        return "\ufffd"


def _is_hidden(run: _Element) -> bool:
    vanish = _child(run, "rPr", "vanish")
    return vanish is not None and _attribute(vanish, "val") not in _OFF


def _is_deleted(row: _Element) -> bool:
    """Whether a row is struck out by a tracked change, or hidden."""
    hidden = _child(row, "trPr", "hidden")
    return _child(row, "trPr", "del") is not None or (hidden is not None and _attribute(hidden, "val") not in _OFF)


def _number(element: _Element | None, default: int) -> int:
    """The count that an element such as gridSpan states; ``default`` where it states none that makes sense."""
    value = _attribute(element, "val") or ""
    return min(int(value), _MOST_SPAN) if value.isascii() and value.isdigit() else default


def _cell_text(cell: _Element) -> str:
    paragraphs: list[str] = []
    for paragraph in _descendants(cell, "p"):
        paragraphs.append(_paragraph_text(paragraph))
        paragraphs.extend(_cell_text(box) for box in _descendants(paragraph, "txbxContent"))
    lines = (line.strip() for text in paragraphs for line in text.replace("\t", " ").split("\n"))
    return "\n".join(line for line in lines if line)


@dataclass
class _Open:
    """A cell that rows below may continue (vMerge): where it is kept, and in which row of the table."""

    row: int
    position: int


def _rows(table: _Element, index: int) -> Iterator[tuple[TableCell, ...]]:
    """The rows with merged cells given once, in their first row; one that continues nothing is a cell of its own.

    What is in a continuing cell Word does not print. WPS may give it another width than the cell it continues.
    """
    grid: list[list[TableCell]] = []
    merged: dict[int, _Open] = {}
    columns = _child(table, "tblGrid")
    width = 0 if columns is None else sum(_name(column) == "gridCol" for column in columns)
    for r, tr in enumerate(_descendants(table, "tr")):
        if _is_deleted(tr):
            continue
        cells: list[TableCell] = []
        column = _number(_child(tr, "trPr", "gridBefore"), 0)
        for c, tc in enumerate(_descendants(tr, "tc")):
            if _child(tc, "tcPr", "cellDel") is not None:
                continue
            span = max(1, _number(_child(tc, "tcPr", "gridSpan"), 1))
            down, across = _merge(tc, "vMerge"), _merge(tc, "hMerge")
            if across == "continue" and cells:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + span)
            elif down == "continue" and column in merged:
                above = merged[column]
                grid[above.row][above.position] = _one_row_more(grid[above.row][above.position])
            else:
                place = GridPlace(index, r, c)
                cells.append(TableCell(_cell_text(tc), place, column, span, is_outside=0 < width <= column))
                merged.pop(column, None)
                if down == "restart":
                    merged[column] = _Open(len(grid), len(cells) - 1)
            column += span
        grid.append(cells)
    return (tuple(cells) for cells in grid if cells)


def _one_row_more(cell: TableCell) -> TableCell:
    return replace(cell, rows=cell.rows + 1)


def _merge(tc: _Element, name: str) -> str:
    element = _child(tc, "tcPr", name)
    return "" if element is None else (_attribute(element, "val") or "continue")
