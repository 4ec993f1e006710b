"""An archived page and a place in it -> the page with that one cell outlined, or nothing if it is not there for sure.

Places count in the repaired page as the decoder sees it: lexbor repairs, lxml reads (extract.records.GridPlace).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from publish.stored import charset_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

ANCHOR = "gongkai-cell"
_LOOK = "outline:4px solid #c22f1f;outline-offset:-1px;background:#fff2a8;scroll-margin:40vh"
_NUL = re.compile(r"\0|&#(?:0+|x0+);?(?![0-9a-fA-F])", re.IGNORECASE)

Spot = tuple[int, int]
"""Row and column of a cell within its table, counted from 0."""


def outlined(data: bytes, table: int, spot: Spot, printed: Mapping[Spot, str]) -> bytes | None:
    """The page in UTF-8 with the cell outlined and named by ``ANCHOR``.

    ``printed``: what the reading found in the cells of this table. All of them must stand where it says, or the table
    is another one (a script may have brought the one that was read) and None is returned: never the wrong cell.
    """
    root = parsed(data)
    cell = None if root is None else cell_at(root, table, spot, printed)
    if root is None or cell is None:
        return None
    cell.set("id", ANCHOR)
    cell.set("style", f"{cell.get('style', '').rstrip('; ')};{_LOOK}".lstrip(";"))
    return written(root)


def cell_at(root: HtmlElement, table: int, spot: Spot, printed: Mapping[Spot, str]) -> HtmlElement | None:
    """The cell at that place of the page; None if any of ``printed`` stands elsewhere."""
    tables = list(root.iter("table"))
    if table >= len(tables):
        return None
    rows = [[c for c in row if c.tag in ("td", "th")] for row in _own_rows(tables[table])]
    for (row, column), text in printed.items():
        if row >= len(rows) or column >= len(rows[row]) or not _holds(rows[row][column], text):
            return None
    return rows[spot[0]][spot[1]]


def parsed(data: bytes) -> HtmlElement | None:
    """A page as places count in it; None if there is nothing in it."""
    return _parse(_NUL.sub("", data.decode(charset_of(data), "replace")))


def written(root: HtmlElement) -> bytes:
    """A page in UTF-8."""
    return bytes(etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>"))


def _parse(text: str) -> HtmlElement | None:
    repaired = LexborHTMLParser(text).html
    if not repaired:
        return None
    parser = lxml_html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    return lxml_html.document_fromstring(repaired, parser=parser)


def _own_rows(table: HtmlElement) -> list[HtmlElement]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]


def _holds(cell: HtmlElement, printed: str) -> bool:
    """Whether the cell holds what was printed; a blank one holds nothing at all."""
    text, wanted = ("".join(part.split()) for part in ("".join(cell.itertext()), printed))
    return wanted in text if wanted else not text
