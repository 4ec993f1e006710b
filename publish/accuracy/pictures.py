"""An original and a cell's place -> a file for a person to look at, with the row framed and nothing in it running.

It shows the original, never what our decoder made of it: a reader who is shown our reading can't find its faults.
The frame is a help. Where the place doesn't fit the original for sure, there is none.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html
from PIL import Image, ImageDraw

from publish.accuracy.docx_page import TO_THE_ROW, DocxError, tables_page
from publish.html_place import ANCHOR, cell_at, parsed, written
from publish.pdf_pictures import PictureError, draw, measure
from publish.stored import HTML, PDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from publish.accuracy.items import Place
    from publish.html_place import Spot
    from publish.stored import Stored

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FRAME = (194, 47, 31)
_MARGIN = 2.0
"""Points between a row's numbers and its frame."""
_LOOK = "outline:4px solid #c22f1f;outline-offset:-1px"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_ACTIVE = (
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "link",
    "form",
    "meta",
    "noscript",
)
_IN_QUOTES = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """A file to look at: its name's ending and its bytes; none if that is the ``original`` itself.

    ``original``: whether the document's own file goes with it: the heading of a table may stand a page before.
    """

    ending: str = ""
    data: bytes = b""
    original: bool = False


ITSELF = Look(original=True)


def look_of(document: Stored, place: Place, original: str) -> Look:
    """What to look at for a cell: the page of a PDF, the archived web page, the tables of a DOCX, else the document.

    ``original``: what the document's own file is called.
    """
    cell = place.cell
    if document.media_type == PDF and cell["page"] is not None:
        try:
            return Look("png", framed(document.data, place), original=True)
        except PictureError:
            return ITSELF
    if document.media_type == HTML:
        return Look("html", framed_page(document.data, place))
    if document.media_type == DOCX and cell["table_index"] is not None:
        try:
            page = tables_page(document.data, (cell["table_index"], cell["row_index"]), original)
        except DocxError:
            return ITSELF
        return Look("html", page, original=True)
    return ITSELF


def framed(data: bytes, place: Place) -> bytes:
    """The page of a PDF as PNG, with a frame around the cell's row, across the page.

    Raises:
        PictureError: the page cannot be drawn.
    """
    cell = place.cell
    sheet, png = measure(data, cell["page"]), draw(data, cell["page"])
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    scale = picture.width / sheet.width
    top, bottom = (cell["top"] - _MARGIN) * scale, (cell["bottom"] + _MARGIN) * scale
    if 0 <= top < bottom <= picture.height:
        ImageDraw.Draw(picture).rectangle((2, top, picture.width - 3, bottom), outline=_FRAME, width=2)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG")
    return out.getvalue()


def framed_page(data: bytes, place: Place) -> bytes:
    """The archived web page, or the page that a script of it holds as a string, with the cell's row framed.

    Nothing in it runs or is fetched, though it is opened from a disk, where no header protects the reader.
    """
    page = parsed(data)
    if page is None:
        return b""
    roots = [page, *_in_scripts(page)]
    spot = (place.cell["row_index"], place.cell["column_index"])
    for root in roots if place.cell["table_index"] is not None else ():
        found = cell_at(root, place.cell["table_index"], spot, _printed(place))
        row = None if found is None else found.getparent()
        if row is not None:
            row.set("style", f"{row.get('style', '').rstrip('; ')};{_LOOK}".lstrip(";"))
            row.set("id", ANCHOR)
            return _harmless(root, leads_to_row=True)
    return _harmless(roots[-1])


def _printed(place: Place) -> dict[Spot, str]:
    return {
        (cell["row_index"], cell["column_index"]): cell["raw"] or ""
        for cell in place.cells
        if cell["table_index"] == place.cell["table_index"] and cell["row_index"] is not None
    }


def _in_scripts(page: HtmlElement) -> Iterator[HtmlElement]:
    """Pages with a table that a script holds as a string: what a browser would show once the script ran."""
    for script in page.iter("script"):
        for quoted in _IN_QUOTES.finditer(script.text or ""):
            if "table" not in quoted[1].lower():
                continue
            try:
                text = json.loads(quoted[0], strict=False)
            except ValueError:
                continue
            inner = parsed(str(text).encode())
            if inner is not None and inner.find(".//table") is not None:
                yield inner


def _harmless(root: HtmlElement, *, leads_to_row: bool = False) -> bytes:
    """The page without what runs, loads or leads elsewhere by itself, and a policy that forbids the rest.

    ``leads_to_row``: a link to the framed row is put on top.
    """
    for name in _ACTIVE:
        for element in list(root.iter(name)):
            if name in ("form", "noscript"):
                element.drop_tag()
            else:
                element.drop_tree()
    for element in root.iter(etree.Element):
        for name in [n for n in element.attrib if n.lower().startswith("on") or n.lower() in ("src", "srcset", "href")]:
            if not (name.lower() == "src" and element.attrib[name].startswith("data:image/")):
                del element.attrib[name]
    body = root.find("body")
    if leads_to_row and body is not None:
        body.insert(0, lxml_html.fromstring(f'<p><a href="#{ANCHOR}">{TO_THE_ROW}</a></p>'))
    head = root.find("head")
    if head is None:
        head = lxml_html.Element("head")
        root.insert(0, head)
    head.insert(0, lxml_html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}))
    head.insert(0, lxml_html.Element("meta", charset="utf-8"))
    return written(root)
