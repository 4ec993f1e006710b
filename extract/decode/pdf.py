"""PDF -> Document, through PDFium: one page at a time, ruled tables by our cell finder, the rest as paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdfium2

from crawler.sniff import PDF
from extract.decode.errors import DamagedDocument, EncryptedDocument
from extract.decode.pdf_page import read_page
from extract.decode.pdf_picture import draw, is_picture, too_large
from extract.decode.picture import INSTALL, READ_BY_RECOGNITION, can_recognise, scanning
from extract.decode.plain import plain_text
from extract.decode.sheet_blocks import document_warnings, read_sheet
from extract.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.records import Block

_MOST_PAGES = 500


def decode_pdf(data: bytes) -> Document:
    """Paragraphs and ruled tables, page by page in reading order; boxes as the pages are shown.

    Raises:
        EncryptedDocument: it opens only with a password (an empty one is tried).
        DamagedDocument: it is cut off or cannot be parsed, or has more than 500 pages.
    """
    if _is_cut_off(data):
        raise DamagedDocument("a PDF without its end mark: it was cut off; fetch it again from where it was published")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedDocument("a PDF protected by a password; ask for a copy without one") from error
        raise DamagedDocument(f"a PDF that cannot be opened ({error}); fetch it again or print it anew") from error
    try:
        if len(pdf) > _MOST_PAGES:
            raise DamagedDocument(f"a PDF of {len(pdf)} pages is no annual report; at most {_MOST_PAGES} are read")
        return _document(pdf)
    except pypdfium2.PdfiumError as error:
        raise DamagedDocument(f"a PDF whose pages cannot be read ({error}); print it anew") from error
    finally:
        pdf.close()


def _is_cut_off(data: bytes) -> bool:
    """Whether the end mark is missing, or objects follow the last one (a linearised file has one near its start)."""
    end = data.rfind(b"%%EOF")
    return end < 0 or b" obj" in data[end:]


def _document(pdf: pypdfium2.PdfDocument) -> Document:
    pages: dict[int, tuple[Block, ...]] = {}
    warnings: list[str] = []
    pictures: list[int] = []
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        sheet = read_page(page)
        pictured = is_picture(page, sheet)
        found, notes = read_sheet(sheet, number)
        if pictured and can_recognise() and not too_large(page):
            pictures.append(number)
        else:
            pages[number] = tuple(found)
        warnings.extend([_of_a_picture(page, number)] if pictured else notes)
        page.close()
    if pictures:
        read = scanning().read_pictures(_drawn(pdf, pictures))
        pages.update(zip(pictures, read, strict=True))
    blocks = tuple(block for number in sorted(pages) for block in pages[number])
    warnings.extend(document_warnings(blocks))
    title = str(pdf.get_metadata_value("Title") or "")
    return Document(PDF, blocks, plain_text(blocks), title, warnings=tuple(warnings))


def _drawn(pdf: pypdfium2.PdfDocument, numbers: Sequence[int]) -> Iterator[Any]:
    """The pages that are pictures, one at a time."""
    for number in numbers:
        page = pdf[number - 1]
        picture = draw(page, number)
        page.close()
        yield picture


def _of_a_picture(page: Any, number: int) -> str:
    """What people must know of a page that is a picture."""
    if large := too_large(page):
        return f"page {number} is {large}, which is not read: no page needs as many; scan it at 200 to 300 dpi"
    if can_recognise():
        return f"page {number} {READ_BY_RECOGNITION}"
    return f"page {number} is a picture, which is not read; text recognition is an extra: {INSTALL} reads it"
