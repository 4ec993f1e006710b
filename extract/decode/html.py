"""HTML -> Document: pages of content-management systems, Word's exports, damaged markup.

lexbor repairs the markup as browsers do (unclosed cells are common), lxml reads the result. A table that contains a
table is layout: its inner tables are tables, its own text is paragraphs.

Places count what is in the repaired page: the n-th ``table`` element in document order, its n-th own ``tr``, that
row's n-th own ``td`` or ``th``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from extract.decode.charset import decode_text
from extract.decode.errors import DamagedDocument
from extract.decode.html_embedded import embedded_body
from extract.decode.plain import plain_text
from crawler.sniff import HTML
from extract.records import Document, GridPlace, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from extract.records import Block

_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "iframe", "object", "select", "option", "textarea"}
)
_INLINE = frozenset(
    ["a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "img", "input", "ins", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "tt", "o:p", "wbr"]
)
_MOST_SPAN = 100
_BREAK = "\n"


def decode_html(data: bytes) -> Document:
    """A page as printed: paragraphs and tables in order, its own title, and what it states about itself.

    Raises:
        DamagedDocument: nothing is left of the page after repair.
    """
    decoded = decode_text(data)
    root = _parse(decoded.text)
    metadata = _metadata(root)
    title = _title(root)
    warnings = list(decoded.warnings)
    if (body := embedded_body(root)) is not None:
        root, title = _parse(body.html), body.title or title
        metadata |= {**body.metadata, "embedded": "1"}
        warnings.append("the text stands in a script of the page")
    blocks = tuple(_blocks(root))
    metadata |= {name: value for name, value in _stated(blocks).items() if name not in metadata}
    return Document(HTML, blocks, plain_text(blocks), title, metadata, tuple(warnings))


def _parse(text: str) -> HtmlElement:
    repaired = LexborHTMLParser(text).html
    if not repaired:
        raise DamagedDocument("no markup is left of this page; open it in a browser to see what it is")
    return lxml_html.document_fromstring(repaired, parser=lxml_html.HTMLParser(huge_tree=False, no_network=True))


def _title(root: HtmlElement) -> str:
    for element in root.iter("meta"):
        if (element.get("name") or "").lower() == "articletitle" and element.get("content"):
            return _folded(element.get("content", ""))
    return _folded(root.findtext(".//title") or "")


def _metadata(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name, content = element.get("name") or element.get("property"), element.get("content")
        if name and content:
            found.setdefault(name.strip(), _folded(content))
    return found


_STATED_NAMES = "索引号|发布机构|发布单位|发文机关|发文单位|公开责任部门|发布日期|发布时间|公开日期|成文日期|生成日期|标题|名称|文号|发文字号|来源|信息来源|时间|日期"
_STATED_LINE = re.compile(rf"({_STATED_NAMES})\s*[：:]\s*([^\s：:]+(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?)")
_STATED_CELL = re.compile(_STATED_NAMES)
_STATED_REACH = 80


def _stated(blocks: tuple[Block, ...]) -> dict[str, str]:
    """What a header table (名称 | value) or a line near the title (来源：... 时间：...) states about the page."""
    found: dict[str, str] = {}
    for block in blocks[:_STATED_REACH]:
        if isinstance(block, Paragraph):
            for name, value in _STATED_LINE.findall(block.text):
                found.setdefault(name, value)
            if re.match(r"(?:当前|您的|您所在的)?位置", block.text):
                found.setdefault("breadcrumb", block.text)
            continue
        for row in block.rows:
            texts = [re.sub(r"[\s：:]", "", cell.text) for cell in row]
            for name, value in zip(texts, [cell.text.strip() for cell in row][1:], strict=False):
                if value and _STATED_CELL.fullmatch(name):
                    found.setdefault(name, value)
    return found


def _blocks(root: HtmlElement) -> Iterator[Block]:
    tables = {element: index for index, element in enumerate(root.iter("table"))}
    yield from _walk(root, tables)


def _walk(element: HtmlElement, tables: dict[HtmlElement, int]) -> Iterator[Block]:
    """Blocks in document order; text between block elements gathers into paragraphs."""
    pending: list[str] = []

    def flush() -> Iterator[Paragraph]:
        text = _folded("".join(pending))
        pending.clear()
        if text:
            yield Paragraph(text)

    stack: list[tuple[str, HtmlElement]] = [("open", element)]
    while stack:
        action, node = stack.pop()
        if action == "tail":
            pending.append(node.tail or "")
            continue
        if action == "close":
            yield from flush()
            continue
        if not isinstance(node.tag, str) or node.tag in _UNSEEN or _is_hidden(node):
            continue
        if node.tag == "table" and node.find(".//table") is None:
            yield from flush()
            if rows := tuple(_rows(node, tables[node])):
                yield Table(rows)
            continue
        inline = node.tag in _INLINE
        if not inline:
            yield from flush()
            stack.append(("close", node))
        pending.append(node.text or "")
        for child in reversed(node):
            stack.append(("tail", child))
            stack.append(("open", child))
    yield from flush()


def _is_hidden(node: HtmlElement) -> bool:
    style = re.sub(r"\s", "", node.get("style") or "").lower()
    return "display:none" in style or "mso-hide:all" in style


def _rows(table: HtmlElement, index: int) -> Iterator[tuple[TableCell, ...]]:
    """The table's rows with each cell's place in the grid that spans of rows above leave (HTML 4.9.12)."""
    taken: set[tuple[int, int]] = set()
    for r, tr in enumerate(table.iter("tr")):
        column = 0
        cells: list[TableCell] = []
        for c, td in enumerate(child for child in tr if child.tag in ("td", "th")):
            while (r, column) in taken:
                column += 1
            columns, rows = _span(td, "colspan"), _span(td, "rowspan")
            taken.update((r + i, column + j) for i in range(rows) for j in range(columns))
            cells.append(TableCell(cell_text(td), GridPlace(index, r, c), column, columns, rows))
            column += columns
        if cells:
            yield tuple(cells)


def _span(td: HtmlElement, name: str) -> int:
    match = re.match(r"\s*[\"']?(\d+)", td.get(name) or "")
    return min(max(int(match[1]), 1), _MOST_SPAN) if match else 1


def cell_text(td: HtmlElement) -> str:
    """A cell's visible text; paragraphs and line breaks become line feeds, other white space one space."""
    parts: list[str] = []
    _gather(td, parts)
    lines = (_folded(line) for line in "".join(parts).split(_BREAK))
    return _BREAK.join(line for line in lines if line)


def _gather(node: HtmlElement, parts: list[str]) -> None:
    parts.append(_one_line(node.text))
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _UNSEEN and not _is_hidden(child):
            around = "" if child.tag in _INLINE else _BREAK
            parts.append(around)
            _gather(child, parts)
            parts.append(around)
        parts.append(_one_line(child.tail))


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def _folded(text: str) -> str:
    return _one_line(text).strip()
