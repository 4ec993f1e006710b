"""A DOCX -> its tables as a plain web page, straight from its markup: none of our reading is in it.

For readers without a word processor; the page leads to the file itself. Tables count as in extract.records.GridPlace.
"""

from __future__ import annotations

import html
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from publish.html_place import ANCHOR

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BYTES = 64_000_000
_LOOK = (
    "body{font:16px/1.5 sans-serif}table{border-collapse:collapse;margin:1em 0}td{border:1px solid #777;"
    "padding:2px 8px;white-space:pre-line}tr.framed{outline:4px solid #c22f1f;outline-offset:-1px}td.on{color:#999}"
)


TO_THE_ROW = "到红框 / to the frame"
_FRAMED = f" class=framed id={ANCHOR}"
_SPACES = {"tab": " ", "br": "\n"}


class DocxError(Exception):
    """The file gives no page; the readers are given the file itself."""


def tables_page(data: bytes, framed: tuple[int, int], original: str) -> bytes:
    """The tables of the document, one row framed (``framed``: table and row, from 0), a link to ``original``.

    Raises:
        DocxError: it is damaged, or larger than 64 MB unpacked.
    """
    body = []
    for number, table in enumerate(element for element in _document(data).iter() if _name(element) == "tbl"):
        rows = "".join(
            f"<tr{_FRAMED if (number, at) == framed else ''}>{''.join(_cells(row))}</tr>"
            for at, row in enumerate(_own(table, "tr"))
        )
        body.append(f"<h2>表格 {number + 1} / table {number + 1}</h2><table>{rows}</table>")
    link = f'<p><a href="#{ANCHOR}">{TO_THE_ROW}</a> · <a href="{html.escape(original)}">原件 / the original</a></p>'
    page = f'<!DOCTYPE html><meta charset="utf-8"><style>{_LOOK}</style>{link}{"".join(body)}'
    return page.encode()


def _document(data: bytes) -> etree._Element:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package, package.open("word/document.xml") as part:
            xml = part.read(_MOST_BYTES + 1)
        if len(xml) > _MOST_BYTES:
            raise DocxError("larger than 64 MB")
        return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, etree.XMLSyntaxError) as error:
        raise DocxError(str(error)) from error


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _own(table: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table, or the cells of a row, that are not those of a table inside it."""
    kind = _name(table)
    for element in table.iter():
        if _name(element) == name and next((a for a in element.iterancestors() if _name(a) == kind), None) is table:
            yield element


def _cells(row: etree._Element) -> Iterator[str]:
    for cell in _own(row, "tc"):
        columns, is_continued = 1, False
        for element in cell.iter():
            if _name(element) == "gridSpan":
                columns = int(_attribute(element, "val") or 1)
            elif _name(element) == "vMerge":
                is_continued = _attribute(element, "val") in ("", "continue")
            elif _name(element) == "p":
                break
        text = "〃" if is_continued else html.escape(_text(cell))
        yield f"<td colspan={min(max(columns, 1), 100)}{' class=on' if is_continued else ''}>{text}</td>"


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _text(cell: etree._Element) -> str:
    """Its paragraphs, a line each; what was deleted with changes tracked (w:delText) is not printed."""
    return "\n".join(
        "".join(_SPACES.get(_name(part), part.text or "") for part in paragraph.iter() if _is_text(part))
        for paragraph in cell.iter()
        if _name(paragraph) == "p"
    )


def _is_text(part: etree._Element) -> bool:
    return _name(part) == "t" or _name(part) in _SPACES
