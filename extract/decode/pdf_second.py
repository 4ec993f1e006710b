"""PDF -> Document a second time, by other eyes: pdfminer's interpreter and pdfplumber's table finder.

Used where a sum fails or a cell is in doubt: two readers that share no code and agree show what is printed. Slower than
PDFium by far. The loose lower ends of vertical rules are closed (pdfplumber drops the row that a page end leaves open).
"""

from __future__ import annotations

import io
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import pdfplumber
import pypdfium2

from crawler.sniff import PDF
from extract.decode.errors import DamagedDocument
from extract.decode.geometry import Glyph, turn_box
from extract.decode.pdf_cells import line_text, lines_of, set_in_lines
from extract.decode.plain import plain_text
from extract.records import Document, PageBox, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.decode.geometry import Box
    from extract.records import Block

_OPEN = 6.0
_NOISE = 0.01
_SLANT = 0.1


def decode_second(data: bytes) -> Document:
    """The same document as :func:`extract.decode.pdf.decode_pdf`, read independently.

    Raises:
        DamagedDocument: pdfminer cannot read it.
    """
    blocks: list[Block] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                blocks.extend(_upright_blocks(data, page))
                page.close()
    except Exception as error:  # pdfminer raises what it meets, from KeyError to RecursionError
        raise DamagedDocument(f"pdfplumber cannot read this PDF ({error!r})") from error
    return Document(PDF, tuple(blocks), plain_text(blocks))


def _upright_blocks(data: bytes, page: Any) -> Iterator[Block]:
    """The blocks of a page; where most of its text lies on its side or head, those of the page turned upright."""
    turns = _turns(page)
    if not turns:
        yield from _blocks(page, 0)
        return
    with pdfplumber.open(io.BytesIO(_turned(data, page.page_number, turns))) as copy:
        yield from _blocks(copy.pages[page.page_number - 1], turns)


def _turns(page: Any) -> int:
    """Quarter turns clockwise that set most characters upright."""
    directions = Counter(
        round(math.atan2(char["matrix"][1], char["matrix"][0]) / (math.pi / 2)) % 4 for char in page.chars
    )
    return directions.most_common(1)[0][0] if directions else 0


def _turned(data: bytes, number: int, turns: int) -> bytes:
    """The PDF with its number-th page shown turned."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        page = pdf[number - 1]
        page.set_rotation((page.get_rotation() + 90 * turns) % 360)
        page.close()
        copy = io.BytesIO()
        pdf.save(copy)
    finally:
        pdf.close()
    return copy.getvalue()


def _straighten(page: Any) -> None:
    """Take the noise of a rotation out of level lines: pdfplumber takes those with any for vertical ones."""
    for line in page.objects.get("line", ()):
        if 0 < line["bottom"] - line["top"] < _NOISE:
            line["bottom"] = line["top"]
        if 0 < line["x1"] - line["x0"] < _NOISE:
            line["x1"] = line["x0"]


def _blocks(page: Any, turned: int) -> Iterator[Block]:
    _straighten(page)
    glyphs = list(_glyphs(page.dedupe_chars().chars))
    loose = {"explicit_horizontal_lines": _loose_ends(page, "v"), "explicit_vertical_lines": _loose_ends(page, "h")}
    tables = page.find_tables(loose)
    outside = [glyph for glyph in glyphs if not any(_holds(table.bbox, glyph) for table in tables)]
    placed: list[tuple[float, Block]] = [
        (table.bbox[1], Table(rows)) for table in tables if (rows := tuple(_rows(table, glyphs, page, turned)))
    ]
    placed += [(line[0].top, Paragraph(line_text(line))) for line in lines_of(outside)]
    return (block for _, block in sorted(placed, key=lambda item: item[0]))


def _glyphs(chars: Sequence[dict[str, Any]]) -> Iterator[Glyph]:
    spaced = False
    for char in chars:
        if char["text"].strip() and not _is_slanted(char):
            yield Glyph(char["text"], char["x0"], char["top"], char["x1"], char["bottom"], spaced)
        spaced = not char["text"].strip()


def _is_slanted(char: dict[str, Any]) -> bool:
    """Whether a character stands at a slant, as those of a watermark: it belongs to no cell."""
    along, up = abs(char["matrix"][0]), abs(char["matrix"][1])
    return bool(min(along, up) > _SLANT * max(along, up))


def _holds(box: Sequence[float], glyph: Glyph) -> bool:
    x, y = glyph.middle
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _loose_ends(page: Any, orientation: str) -> list[float]:
    """Where the outermost vertical (horizontal) rules end with no rule of the other kind near: a table left open."""
    start, end, at = ("top", "bottom", "top") if orientation == "v" else ("x0", "x1", "x0")
    crossing = [edge[at] for edge in page.edges if edge["orientation"] != orientation]
    mine = [edge for edge in page.edges if edge["orientation"] == orientation]
    if not mine or not crossing:
        return []
    ends = {min(edge[start] for edge in mine), max(edge[end] for edge in mine)}
    return sorted(float(place) for place in ends if all(abs(other - place) > _OPEN for other in crossing))


def _rows(table: Any, glyphs: Sequence[Glyph], page: Any, turned: int) -> Iterator[tuple[TableCell, ...]]:
    edges = sorted({round(cell[0], 1) for row in table.rows for cell in row.cells if cell})
    for row in table.rows:
        cells = []
        for box in row.cells:
            if box is not None:
                text = set_in_lines(glyph for glyph in glyphs if _holds(box, glyph))
                columns = sum(round(box[0], 1) <= edge < box[2] - 1 for edge in edges)
                place = PageBox(page.page_number, _as_shown(box, page, turned))
                cells.append(TableCell(text, place, edges.index(round(box[0], 1)), max(columns, 1)))
        if cells:
            yield tuple(cells)


def _as_shown(box: Sequence[float], page: Any, turned: int) -> Box:
    """A box of the page turned clockwise ``turned`` times as a box of the page as the file shows it."""
    x, y = float(page.bbox[0]), float(page.bbox[1])  # not 0 where the media box is shifted
    left, top, right, bottom = (float(value) - offset for value, offset in zip(box, (x, y, x, y), strict=True))
    back = turn_box((left, top, right, bottom), -turned % 4, float(page.width), float(page.height))
    left, top, right, bottom = (round(value, 1) for value in back)
    return left, top, right, bottom
