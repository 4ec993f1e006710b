"""The bytes of an archived page -> the page with one cell outlined, found by its place and proved by its row's numbers."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

MARK = "gongkai-cell"
OUTLINE = "outline:4px solid #d4380d;outline-offset:-2px;background:#ffe58f;color:#000;scroll-margin:40vh"
_UNSEEN = ("script", "style", "template", "noscript")
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def charset(data: bytes) -> str:
    """What the bytes are in: strict UTF-8, else whichever of UTF-8 and GB18030 loses less. Declarations are not
    believed, they are too often wrong.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        damaged = {name: data.decode(name, "replace").count("\ufffd") for name in ("gb18030", "utf-8")}
        return min(damaged, key=lambda name: damaged[name])
    return "utf-8"


def outlined(data: bytes, place: tuple[int, int, int], row: Mapping[int, str]) -> str | None:
    """The page with the element at ``place`` (table, row, column; see GridPlace) given an id and an outline.

    ``row``: column -> printed text of the cells read from that row. None where the element, or any of them, is not
    what was read there: a wrong cell is never pointed at. Elements are counted as the decoder does: lexbor repairs,
    lxml counts.
    """
    repaired = LexborHTMLParser(data.decode(charset(data), "replace").replace("\0", "")).html
    if not repaired:
        return None
    parser = lxml_html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = lxml_html.document_fromstring(repaired, parser=parser)
    cells = _row(root, place[0], place[1])
    if place[2] >= len(cells) or any(column >= len(cells) for column in row):
        return None
    if any(_bare(_text(cells[column])) != _bare(text) for column, text in row.items()):
        return None
    found = cells[place[2]]
    found.set("id", MARK)
    found.set("style", f"{found.get('style') or ''};{OUTLINE}".lstrip(";"))
    return "<!DOCTYPE html>" + lxml_html.tostring(root, encoding="unicode")


def _row(root: HtmlElement, table: int, row: int) -> list[HtmlElement]:
    tables = list(root.iter("table"))
    if table >= len(tables):
        return []
    rows = [tr for tr in tables[table].iter("tr") if next(tr.iterancestors("table")) is tables[table]]
    return [cell for cell in rows[row] if cell.tag in ("td", "th")] if row < len(rows) else []


def _text(element: HtmlElement) -> str:
    return "".join(
        str(text) for text in element.xpath(f".//text()[not({' or '.join(f'ancestor::{tag}' for tag in _UNSEEN)})]")
    )


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
