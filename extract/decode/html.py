"""HTML -> Document: pages of content-management systems, Word's exports, damaged markup.

lexbor repairs the markup as browsers do (unclosed cells are common), lxml reads the result. A table that contains a
table is layout: its inner tables are tables, its own text is paragraphs.

Places count what is in the repaired page: the n-th ``table`` element in document order, its n-th own ``tr``, that
row's n-th own ``td`` or ``th``.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.sniff import HTML
from extract.decode.charset import decode_text
from extract.decode.errors import DamagedDocument
from extract.decode.html_embedded import embedded_body
from extract.decode.html_metadata import read_metadata, read_title
from extract.decode.plain import plain_text
from extract.records import IN_A_SCRIPT, Document, GridPlace, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from extract.records import Block

_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "iframe", "object", "select", "option", "textarea"}
)
# Elements that begin a line; all others, unknown ones too (Word's smart tags), stand within one, as in a browser.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
        "ucapcontent",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
# A table in a cell makes the outer table a layout, unless it is a trifle in a large one (such as a divided head cell).
_TRIFLE_CELLS = 6
_LARGE_TABLE_CELLS = 20
_FORMATTING = re.compile(r"</?(?:font|b|i|u|strong|em|big|small)(?:\s[^<>]*)?>", re.IGNORECASE)
_NESTING = re.compile(
    r"<(/?)(?:div|span|section|article|main|ul|ol|dl|table|center|form|[abisuq]|em|strong|big|small)\b", re.IGNORECASE
)
_DEEPEST = 20_000
_TOO_DEEP = "this page nests deeper than any browser shows; open it in a browser and save it anew"
_BEGINS, _ENDS = re.compile(r"<(?:html|body)\b", re.IGNORECASE), re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_MOST_SPAN = 100
_BREAK = "\n"


def decode_html(data: bytes) -> Document:
    """A page as printed: paragraphs and tables in order, its own title, and what it states about itself.

    Raises:
        DamagedDocument: nothing is left of the page after repair.
        MemoryError: it takes more memory than this process has.
    """
    decoded = decode_text(data)
    root = _parse(decoded.text)
    blocks, hidden = _shown(root)
    if _BEGINS.search(decoded.text) and not _ENDS.search(decoded.text):
        hidden += ("the page ends without </html>: it may have been cut off",)
    metadata, title = read_metadata(root, blocks), read_title(root)
    warnings = [*decoded.warnings, *hidden]
    if (body := embedded_body(root, blocks)) is not None:
        blocks, hidden = _shown(_parse(body.html))
        title = body.title or title
        metadata = {**read_metadata(root, blocks), **metadata, **body.metadata, "embedded": "1"}
        warnings += [IN_A_SCRIPT, *hidden]
    return Document(HTML, blocks, plain_text(blocks), title, metadata, tuple(warnings))


def _parse(text: str) -> _Element:
    if text.count("<") > _DEEPEST and _depth(text) > _DEEPEST:
        raise DamagedDocument(_TOO_DEEP)
    try:
        repaired = LexborHTMLParser(text).html
    except SelectolaxError as error:
        raise MemoryError from error  # all else lexbor repairs
    if not repaired:
        raise DamagedDocument("no markup is left of this page; open it in a browser to see what it is")
    root, is_whole = _tree(repaired)
    if not is_whole:
        root, is_whole = _tree(_FORMATTING.sub("", repaired))
    if not is_whole:
        raise DamagedDocument(_TOO_DEEP)
    return root


def _depth(text: str) -> int:
    """How deep elements that do not close by themselves nest, in one pass: repairing takes the square of it."""
    depth = deepest = 0
    for tag in _NESTING.finditer(text):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _tree(repaired: str) -> tuple[_Element, bool]:
    """The tree, and whether it holds everything: beyond its limit of levels libxml2 drops what follows.

    Broken pages reach it with thousands of unclosed <font>.
    """
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(repaired, parser)
    if any(error.type == etree.ErrorTypes.ERR_NO_MEMORY for error in parser.error_log):
        raise MemoryError  # libxml2 gives what it had by then, as if that were all
    return root, all(error.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)


def _shown(root: _Element) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks that are shown, and warnings.

    What is hidden is left out, unless that would leave a page that has tables without any: then a script shows them.
    """
    blocks = tuple(_Page(root).blocks())
    if root.find(".//table") is None or any(isinstance(block, Table) for block in blocks):
        return blocks, ()
    every = tuple(_Page(root, hide=False).blocks())
    if any(isinstance(block, Table) for block in every):
        return every, ("the tables of this page are hidden until a script shows them, so hidden text was read too",)
    return blocks, ()


class _Page:
    """One reading of a page. ``tables``: every ``table`` element and its number in document order."""

    def __init__(self, root: _Element, *, hide: bool = True) -> None:
        self.root = root
        self.hide = hide
        self.tables = {element: index for index, element in enumerate(root.iter("table"))}
        self.layouts = {table for table in self.tables if _is_layout(table)}
        self.unseen = {element for element in root.iter() if _is_unseen(element, hide=hide)}
        self.mixed = {around for element in self.unseen for around in element.iterancestors("td", "th", "caption")}

    def blocks(self) -> Iterator[Block]:
        """Blocks in document order; text between block elements gathers into paragraphs."""
        line: list[str] = []
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            if element.tag in _BLOCKS:
                yield from _paragraph(line)
            if event == "end":
                line.append(element.tail or "")
            elif element in self.unseen:
                walk.skip_subtree()
            elif element in self.tables and element not in self.layouts:
                walk.skip_subtree()
                yield from self.table(element)
            else:
                line.append(element.text or "")
        yield from _paragraph(line)

    def table(self, table: _Element) -> Iterator[Block]:
        """A table, after its caption; nothing where no cell of it is shown."""
        for caption in table.iterfind("caption"):
            yield from _paragraph([self.text(caption)])
        if rows := tuple(self.rows(table)):
            yield Table(rows)

    def rows(self, table: _Element) -> Iterator[tuple[TableCell, ...]]:
        """The table's rows with each cell's place in the grid that spans of rows above leave (HTML 4.9.12)."""
        taken: dict[int, int] = {}
        shown = [(number, row) for number, row in enumerate(own_rows(table)) if not self.is_unseen_row(row)]
        for index, (number, row) in enumerate(shown):
            column = 0
            cells: list[TableCell] = []
            for c, cell in enumerate(own_cells(row)):
                if cell in self.unseen:
                    continue
                while taken.get(column, 0) > index:
                    column += 1
                columns, rows = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(shown) - index)
                taken.update(dict.fromkeys(range(column, column + columns), index + rows))
                place = GridPlace(self.tables[table], number, c)
                cells.append(TableCell(self.text(cell), place, column, columns, rows))
                column += columns
            if cells:
                yield tuple(cells)

    def is_unseen_row(self, row: _Element) -> bool:
        """Whether a row, or the group of rows it stands in, is hidden."""
        group = row.getparent()
        return row in self.unseen or (group is not None and group in self.unseen)

    def text(self, element: _Element) -> str:
        """An element's visible text; paragraphs and line breaks become line feeds, other white space one space."""
        if not len(element):
            return _folded(element.text or "")
        if element not in self.mixed:
            texts = [text for text in element.itertext() if text and not text.isspace()]
            if len(texts) <= 1:  # most cells: one text, however many elements are around it
                return _folded(texts[0]) if texts else ""
        parts = [_one_line(element.text)]
        if len(element):
            walk = etree.iterwalk(element, events=("start", "end"))
            next(walk)
            for event, inside in walk:
                if inside is element:
                    break
                parts.append(_BREAK if inside.tag in _BLOCKS else "")
                if event == "end":
                    parts.append(_one_line(inside.tail))
                elif inside in self.unseen:
                    walk.skip_subtree()
                else:
                    parts.append(_one_line(inside.text))
        lines = (_folded(line) for line in "".join(parts).split(_BREAK))
        return _BREAK.join(line for line in lines if line)


def _is_unseen(element: _Element, *, hide: bool) -> bool:
    """Whether a browser shows nothing of this element."""
    if element.tag in _UNSEEN:
        return True
    if not hide or not element.attrib:
        return False
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def own_rows(table: _Element) -> list[_Element]:
    """The rows of a table, without those of tables inside it."""
    rows = list(table.iter("tr"))
    if table.find(".//table") is None:
        return rows
    return [row for row in rows if next(row.iterancestors("table")) is table]


def own_cells(row: _Element) -> list[_Element]:
    """The cells of a row."""
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_layout(table: _Element) -> bool:
    """Whether a table only arranges the page: it contains a table, and that is no trifle in a large one."""
    if table.find(".//table") is None:
        return False
    inside = (cell for nested in table.iterfind(".//table") for cell in nested.iter("td", "th"))
    if len(list(islice(inside, _TRIFLE_CELLS + 1))) > _TRIFLE_CELLS:
        return True
    own = sum(1 for row in own_rows(table) for cell in own_cells(row) if len(cell) or _folded(cell.text or ""))
    return own < _LARGE_TABLE_CELLS


def _paragraph(line: list[str]) -> Iterator[Paragraph]:
    text = _folded("".join(line))
    line.clear()
    if text:
        yield Paragraph(text)


def _span(cell: _Element, name: str) -> int:
    """A colspan or rowspan as meant: ``"4%"`` and ``'"4'`` are 4, nonsense is 1."""
    stated = cell.get(name)
    if stated is None:
        return 1
    match = re.match(r"\s*[\"'“”]?\s*(\d{1,9})", stated)
    return min(max(int(match[1]), 1), _MOST_SPAN) if match else 1


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def _folded(text: str) -> str:
    return " ".join(text.split())
