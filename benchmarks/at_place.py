"""A document's bytes and a place in them -> the text that stands there, looked up without the decoders' own eyes.

For pages, web archives, DOCX and PDF the place is looked up in the bytes by another way than the decoder's: as whoever
clicks on a number would. For other formats it is looked up among what was decoded.
"""

from __future__ import annotations

import ctypes
import email
import email.policy
import io
import zipfile
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from crawler.sniff import DOCX, HTML, MHTML, PDF, XML, media_type
from extract.decode.charset import decode_text
from extract.records import IN_A_SCRIPT, GridPlace, PageBox, Paragraph, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract.decode.geometry import Box
    from extract.records import Document, Place

_FINE = 1000
_SLACK = 0.5  # points: boxes of places are rounded


class Places:
    """Looks places of one document up; bytes are opened once."""

    def __init__(self, data: bytes, document: Document) -> None:
        self._document = document
        self._kind = media_type(data)
        self._grid: list[list[list[str]]] | None = None
        self._characters: dict[int, list[tuple[str, Box]]] = {}
        self._pdf = pypdfium2.PdfDocument(data) if self._kind == PDF else None
        if IN_A_SCRIPT in document.warnings:
            return
        if self._kind in (HTML, XML):
            self._grid = _html_grid(data)
        elif self._kind == MHTML:
            self._grid = _html_grid(_page_of(data))
        elif self._kind == DOCX:
            self._grid = _docx_grid(data)

    def close(self) -> None:
        """Let the PDF go, if it is one."""
        if self._pdf is not None:
            self._pdf.close()

    def text_at(self, place: Place | None) -> str | None:
        """What stands there; None where there is no such place."""
        if isinstance(place, Span):
            return self._document.text[place.start : place.end] if place.end <= len(self._document.text) else None
        if isinstance(place, PageBox) and self._pdf is not None:
            return self._in_box(self._pdf, place)
        if isinstance(place, GridPlace) and self._grid is not None:
            try:
                return self._grid[place.table][place.row][place.column]
            except IndexError:
                return None
        return self._among_decoded(place)

    def _in_box(self, pdf: pypdfium2.PdfDocument, place: PageBox) -> str | None:
        """The characters that touch a box, in the order in which the file draws them."""
        if not 1 <= place.page <= len(pdf):
            return None
        page = pdf[place.page - 1]
        if place.page not in self._characters:
            self._characters[place.page] = _characters(page)
        left, top, right, bottom = place.box
        corners = [_on_page(page, left - _SLACK, top - _SLACK), _on_page(page, right + _SLACK, bottom + _SLACK)]
        (x0, x1), (y0, y1) = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        page.close()
        touching = (
            character
            for character, (left, lower, right, upper) in self._characters[place.page]
            if left <= x1 and right >= x0 and lower <= y1 and upper >= y0
        )
        return "".join(touching)

    def _among_decoded(self, place: Place | None) -> str | None:
        for block in self._document.blocks:
            cells = [block] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
            for cell in cells:
                if cell.place == place:
                    return cell.text
        return None


def _page_of(data: bytes) -> bytes:
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    pages = (part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"})
    payload = next(pages).get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _html_grid(data: bytes) -> list[list[list[str]]]:
    """Table, own row, own cell -> text, hidden or not."""
    repaired = LexborHTMLParser(decode_text(data).text).html or "<html></html>"
    parser = lxml_html.HTMLParser(huge_tree=True, no_network=True)
    root = lxml_html.document_fromstring(repaired, parser=parser)
    tables = []
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        tables.append([[str(cell.text_content()) for cell in row if cell.tag in ("td", "th")] for row in rows])
    return tables


def _docx_grid(data: bytes) -> list[list[list[str]]]:
    """The table-th w:tbl, its row-th w:tr, that row's column-th w:tc -> text, deleted or not."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.read("word/document.xml")
    root = etree.fromstring(
        part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    )
    return [
        [
            ["".join(text.text or "" for text in _all(cell, "t")) for cell in _own(row, "tc", "tr")]
            for row in _own(table, "tr", "tbl")
        ]
        for table in _all(root, "tbl")
    ]


def _all(element: etree._Element, name: str) -> Iterable[etree._Element]:
    return (inner for inner in element.iter("{*}" + name))


def _own(element: etree._Element, name: str, within: str) -> list[etree._Element]:
    """Those below that belong to this element and to none of its kind inside it."""
    return [inner for inner in _all(element, name) if next(inner.iterancestors("{*}" + within)) is element]


def _characters(page: pypdfium2.PdfPage) -> list[tuple[str, Box]]:
    """Every character of a page with its box (left, bottom, right, top) in the page's own space."""
    text_page = page.get_textpage()
    box = pdfium.FS_RECTF()
    found = []
    for index in range(text_page.count_chars()):
        if pdfium.FPDFText_GetLooseCharBox(text_page.raw, index, box):
            code = pdfium.FPDFText_GetUnicode(text_page.raw, index)
            found.append((chr(code), (box.left, box.bottom, box.right, box.top)))
    text_page.close()
    return found


def _on_page(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page as shown, in points from its top left, in the page's own space."""
    across, up = ctypes.c_double(), ctypes.c_double()
    width, height = (int(side * _FINE) for side in page.get_size())
    device = (round(x * _FINE), round(y * _FINE))
    pdfium.FPDF_DeviceToPage(page.raw, 0, 0, width, height, 0, *device, ctypes.byref(across), ctypes.byref(up))
    return across.value, up.value
