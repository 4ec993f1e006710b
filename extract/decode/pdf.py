"""PDF -> Document, through PDFium: one page at a time, ruled tables by our cell finder, the rest as paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdfium2

from crawler.sniff import PDF
from extract.decode.errors import DamagedDocument, EncryptedDocument
from extract.decode.geometry import turn_box
from extract.decode.pdf_cells import find_tables, line_text, lines_of, set_in_lines
from extract.decode.pdf_page import UNKNOWN_CHARACTER, read_page
from extract.decode.pdf_picture import draw, is_picture, pictures_beside_text, too_large
from extract.decode.picture import INSTALL, READ_BY_RECOGNITION, can_recognise, scanning
from extract.decode.plain import plain_text
from extract.records import Document, PageBox, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract.decode.geometry import Box, Glyph, Sheet
    from extract.decode.pdf_cells import RuledTable
    from extract.records import Block

_MOST_PAGES = 500
_MOST_PICTURES = 100
_MOST_LINES_OF_A_BOX = 5
_NARROWEST = 5.0
_QUOTED = 40


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
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        sheet = read_page(page)
        whole = is_picture(page, sheet)
        parts = () if whole else pictures_beside_text(page, sheet)
        if (whole or parts) and can_recognise() and not too_large(page) and len(pictures) < _MOST_PICTURES:
            pictures[number] = parts
        if not whole or number not in pictures:
            pages[number] = tuple(_blocks(sheet, number, parts))
        if whole or parts:
            warnings.append(_about_picture(page, number, whole=whole, read=number in pictures))
        warnings.extend(_warnings(sheet, number, whole=whole))
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
    if blocks and not any(isinstance(block, Table) for block in blocks):
        warnings.append("no page has a table with ruling lines; a table without them is read as lines of text")
    title = str(pdf.get_metadata_value("Title") or "")
    return Document(PDF, blocks, plain_text(blocks), title, warnings=tuple(warnings), recognised=frozenset(recognised))


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


def _warnings(sheet: Sheet, number: int, *, whole: bool) -> Iterator[str]:
    if not sheet.glyphs and not whole:
        yield f"page {number} has no text (a picture, or empty)"
    elif sheet.is_overlay:
        yield f"page {number}: its text is an unseen layer over a picture, as text recognition makes it"
    if sheet.slanted:
        yield f"page {number}: slanted text (a watermark) was left out: {sheet.slanted[:_QUOTED]}"
    if any(glyph.text == UNKNOWN_CHARACTER for glyph in sheet.glyphs):
        yield f"page {number} has characters whose meaning the file does not tell ({UNKNOWN_CHARACTER})"


def _blocks(sheet: Sheet, page: int, pictures: Sequence[Box]) -> Iterator[Block]:
    """Tables and the paragraphs between them, from top to bottom; pictures (as shown) part paragraphs too."""
    tables = _real_tables(sheet)
    inside, outside = _shared_out(sheet.glyphs, tables)
    placed: list[tuple[tuple[float, float], Block]] = []
    for table, glyphs in zip(tables, inside, strict=True):
        rows = tuple(_rows(table, glyphs, sheet, page))
        if any(cell.text for row in rows for cell in row):
            placed.append(((round(table.box[1]), table.box[0]), Table(rows)))
    breaks = [t.box[1] for t in tables]
    breaks += [turn_box(box, sheet.turned, sheet.width, sheet.height)[1] for box in pictures]
    placed.extend(((top, 0.0), paragraph) for top, paragraph in _paragraphs(outside, sheet, page, breaks))
    return (block for _, block in sorted(placed, key=lambda item: item[0]))


def _real_tables(sheet: Sheet) -> list[RuledTable]:
    """The ruled tables, without frames: single boxes around a table or around running text."""
    tables = find_tables(sheet.across, sheet.down)
    return [table for table in tables if len(table.cells) > 1 or not _is_frame(table, tables, sheet)]


def _is_frame(box: RuledTable, tables: Sequence[RuledTable], sheet: Sheet) -> bool:
    others = [other.box for other in tables if other is not box]
    if any(box.cell_at((left + right) / 2, (top + bottom) / 2) is not None for left, top, right, bottom in others):
        return True
    lines = lines_of(glyph for glyph in sheet.glyphs if box.cell_at(*glyph.middle) is not None)
    return len(lines) > _MOST_LINES_OF_A_BOX


def _shared_out(
    glyphs: Sequence[Glyph], tables: Sequence[RuledTable]
) -> tuple[list[dict[int, list[Glyph]]], list[Glyph]]:
    """Each glyph to one cell of one table (the smallest around it), by table and cell number; and those in none."""
    inside: list[dict[int, list[Glyph]]] = [{} for _ in tables]
    outside: list[Glyph] = []
    by_size = sorted(range(len(tables)), key=lambda number: _area(tables[number].box))
    for glyph in glyphs:
        for number in by_size:
            cell = tables[number].cell_at(*glyph.middle)
            if cell is not None:
                inside[number].setdefault(cell, []).append(glyph)
                break
        else:
            outside.append(glyph)
    return inside, outside


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _rows(
    table: RuledTable, glyphs: dict[int, list[Glyph]], sheet: Sheet, page: int
) -> Iterator[tuple[TableCell, ...]]:
    by_row: dict[int, list[TableCell]] = {}
    for number, cell in enumerate(table.cells):
        left, top, right, bottom = cell.box
        if number not in glyphs and min(right - left, bottom - top) < _NARROWEST:
            continue  # the gap between two strokes of a double rule
        text = set_in_lines(glyphs.get(number, ()))
        place = PageBox(page, _rounded(sheet.as_shown(cell.box)))
        by_row.setdefault(cell.row, []).append(TableCell(text, place, cell.column, cell.columns, cell.rows))
    return (tuple(by_row[row]) for row in sorted(by_row))


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(value, 1) for value in box)
    return left, top, right, bottom


def _paragraphs(
    glyphs: Sequence[Glyph], sheet: Sheet, page: int, breaks: Sequence[float]
) -> Iterator[tuple[float, Paragraph]]:
    """Lines joined where one runs to the right margin and the next is not indented; a table always parts them."""
    lines = lines_of(glyphs)
    if not lines:
        return
    right = max(line[-1].right for line in lines)
    left = min(line[0].left for line in lines)
    current: list[list[Glyph]] = []
    for line in lines:
        if current and not _continues(current[-1], line, left, right, breaks):
            yield _paragraph(current, sheet, page)
            current = []
        current.append(line)
    yield _paragraph(current, sheet, page)


def _continues(
    above: Sequence[Glyph], line: Sequence[Glyph], left: float, right: float, breaks: Sequence[float]
) -> bool:
    em = line[0].height
    full = above[-1].right >= right - 2 * em
    indented = line[0].left > left + em
    parted = any(above[0].top < at <= line[0].bottom for at in breaks)
    return full and not indented and not parted


def _paragraph(lines: Sequence[Sequence[Glyph]], sheet: Sheet, page: int) -> tuple[float, Paragraph]:
    glyphs = [glyph for line in lines for glyph in line]
    box = (
        min(glyph.left for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.right for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )
    text = "".join(line_text(line) for line in lines)
    return box[1], Paragraph(text, PageBox(page, _rounded(sheet.as_shown(box))))
