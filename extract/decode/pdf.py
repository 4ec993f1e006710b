"""PDF -> Document, through PDFium: one page at a time, ruled tables by our cell finder, the rest as paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdfium2

from crawler.sniff import PDF
from extract.decode.errors import DamagedDocument, EncryptedDocument
from extract.decode.pdf_page import read_page
from extract.decode.pdf_picture import draw, is_picture, pictures_beside_text, too_large
from extract.decode.picture import INSTALL, READ_BY_RECOGNITION, can_recognise, scanning
from extract.decode.plain import plain_text
from extract.decode.sheet_blocks import document_warnings, read_sheet
from extract.records import Document, PageBox, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract.decode.geometry import Box
    from extract.records import Block

_MOST_PAGES = 500
_MOST_PICTURES = 100


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
    pictures: dict[int, Sequence[Box]] = {}
    recognised: set[int] = set()
    unread: set[int] = set()
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        sheet = read_page(page)
        whole = is_picture(page, sheet)
        parts = () if whole else pictures_beside_text(page, sheet)
        if (whole or parts) and can_recognise() and not too_large(page) and len(pictures) < _MOST_PICTURES:
            pictures[number] = parts
        found = read_sheet(sheet, number, parts)
        if not whole or number not in pictures:
            pages[number] = found.blocks
        if found.has_unread or ((whole or parts) and number not in pictures):
            unread.add(number)
        if whole or parts:
            warnings.append(_about_picture(page, number, whole=whole, read=number in pictures))
        warnings.extend(() if whole and not sheet.glyphs else found.warnings)
        page.close()
    if pictures:
        for number, read in zip(pictures, scanning().read_pictures(_drawn(pdf, pictures)), strict=True):
            if number not in pages:
                pages[number] = read
            elif tables := [block for block in read if isinstance(block, Table)]:
                pages[number] = _with_tables(pages[number], tables)
            else:
                continue
            recognised.add(number)
    blocks = tuple(block for number in sorted(pages) for block in pages[number])
    warnings.extend(document_warnings(blocks))
    title = str(pdf.get_metadata_value("Title") or "")
    return Document(
        PDF,
        blocks,
        plain_text(blocks),
        title,
        warnings=tuple(warnings),
        recognised=frozenset(recognised),
        unread=frozenset(unread),
    )


def _drawn(pdf: pypdfium2.PdfDocument, pictures: Mapping[int, Sequence[Box]]) -> Iterator[Any]:
    """The pages (or parts of pages) that are pictures, one at a time."""
    for number, parts in pictures.items():
        page = pdf[number - 1]
        picture = draw(page, number, parts)
        page.close()
        yield picture


def _with_tables(blocks: Sequence[Block], tables: Sequence[Table]) -> tuple[Block, ...]:
    """The blocks of a page's text with the tables of its pictures among them, where they stand on the page."""
    joined = list(blocks)
    for table in tables:
        place = next((at for at, block in enumerate(joined) if _top(block) > _top(table)), len(joined))
        joined.insert(place, table)
    return tuple(joined)


def _top(block: Block) -> float:
    place = block.rows[0][0].place if isinstance(block, Table) else block.place
    return place.box[1] if isinstance(place, PageBox) else 0.0


def _about_picture(page: Any, number: int, *, whole: bool, read: bool) -> str:
    what = "is a picture" if whole else "holds a picture"
    if read:
        return f"page {number} {what}: {READ_BY_RECOGNITION}"
    if large := too_large(page):
        return f"page {number}: {large} is not read; no page needs as many, scan it at 200 to 300 dpi"
    if can_recognise():
        return f"page {number} {what} beyond the first {_MOST_PICTURES}, which is not read"
    return f"page {number} {what}, which is not read; text recognition is an extra: {INSTALL} reads it"
