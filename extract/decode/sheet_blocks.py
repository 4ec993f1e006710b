"""A sheet of glyphs and rules -> blocks: ruled tables by our cell finder, the rest as paragraphs.

What pages of PDF, OFD and recognised scans have in common: each reader makes sheets, and this makes blocks of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.decode.geometry import UNKNOWN_CHARACTER, turn_box
from extract.decode.pdf_cells import find_tables, line_text, lines_of, set_in_lines
from extract.decode.unruled import find_unruled
from extract.records import PageBox, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.decode.geometry import Box, Glyph, Sheet
    from extract.decode.pdf_cells import RuledTable
    from extract.decode.unruled import Unruled, UnruledTable
    from extract.records import Block

_MOST_LINES_OF_A_BOX = 5
_NARROWEST = 5.0
_QUOTED = 40


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The blocks of a page, what people must know about how it was read, and whether numbers are left unread."""

    blocks: tuple[Block, ...]
    warnings: tuple[str, ...]
    has_unread: bool


def read_sheet(sheet: Sheet, page: int, pictures: Sequence[Box] = ()) -> ReadSheet:
    """Tables and the paragraphs between them, from top to bottom; pictures (as shown) part paragraphs.

    ``page`` counts from 1 and goes into the places.
    """
    tables = _real_tables(sheet)
    inside, outside = _shared_out(sheet.glyphs, tables)
    placed: list[tuple[tuple[float, float], Block]] = []
    for ruled, glyphs in zip(tables, inside, strict=True):
        rows = tuple(_rows(ruled, glyphs, sheet, page))
        if any(cell.text for row in rows for cell in row):
            placed.append(((round(ruled.box[1]), ruled.box[0]), Table(rows)))
    unruled = find_unruled(outside, sheet.across, sheet.down)
    placed.extend(
        ((round(table.box[1]), table.box[0]), Table(tuple(_unruled_rows(table, sheet, page))))
        for table in unruled.tables
    )
    breaks = [table.box[1] for table in tables] + [table.box[1] for table in unruled.tables]
    breaks += [turn_box(box, sheet.turned, sheet.width, sheet.height)[1] for box in pictures]
    placed.extend(((top, 0.0), paragraph) for top, paragraph in _paragraphs(unruled.rest, sheet, page, breaks))
    made = tuple(block for _, block in sorted(placed, key=lambda item: item[0]))
    warnings = (*_page_warnings(sheet, page), *_unruled_warnings(unruled, page))
    return ReadSheet(made, warnings, unruled.refused > 0)


def _page_warnings(sheet: Sheet, page: int) -> Iterator[str]:
    """What people must know about how this page was read."""
    if not sheet.glyphs:
        yield f"page {page} has no text (a picture, or empty)"
    elif sheet.is_overlay:
        yield f"page {page}: its text is an unseen layer over a picture, as text recognition makes it"
    if sheet.slanted:
        yield f"page {page}: slanted text (a watermark) was left out: {sheet.slanted[:_QUOTED]}"
    if any(glyph.text == UNKNOWN_CHARACTER for glyph in sheet.glyphs):
        yield f"page {page} has characters whose meaning the file does not tell ({UNKNOWN_CHARACTER})"


def _unruled_warnings(unruled: Unruled, page: int) -> Iterator[str]:
    if unruled.tables:
        yield f"page {page} has a table without ruling lines: rows and columns are told by where its text stands"
    if unruled.refused:
        yield f"page {page} has rows of numbers without ruling lines, too unlike a table to tell their columns"


def document_warnings(blocks: Sequence[Block]) -> Iterator[str]:
    """The same about the document as a whole."""
    if blocks and not any(isinstance(block, Table) for block in blocks):
        yield "no page has a table whose cells can be told; what looks like one is read as lines of text"


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
    around = [(inside[number], tables[number].cell_at) for number in by_size]
    for glyph in glyphs:
        _, left, top, right, bottom, _ = glyph
        x, y = (left + right) / 2, (top + bottom) / 2
        for cells, cell_at in around:
            cell = cell_at(x, y)
            if cell is not None:
                cells.setdefault(cell, []).append(glyph)
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


def _unruled_rows(table: UnruledTable, sheet: Sheet, page: int) -> Iterator[tuple[TableCell, ...]]:
    for row in table.rows:
        yield tuple(
            TableCell(
                "\n".join(line_text(line) for line in cell.lines),
                PageBox(page, _rounded(sheet.as_shown(cell.box))),
                cell.column,
                cell.columns,
            )
            for cell in row
        )


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
