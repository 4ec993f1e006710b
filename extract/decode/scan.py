"""Pictures of pages -> blocks: ruled tables cell by cell, and the lines of text around them. Needs the extra ``ocr``.

Whole-page recognition loses single digits, which is what the tables hold. So the ruling lines are found first, each
line of ink in each cell is recognised by itself, and ink alone decides what is blank: a cell with ink of which nothing
can be made is unreadable (U+FFFD), never blank.

Places are in points of the page as it is shown. In a picture file an inch is as many pixels as the file states; where
it states none, or a screen's 72 or 96, as many as make the picture as wide as A4 (96 to 300: 1654 pixels are 200 dpi).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageOps, ImageSequence

from crawler.sniff import media_type
from extract.decode.errors import DamagedDocument
from extract.decode.pdf_cells import RuledTable, find_tables
from extract.decode.picture import MOST_PIXELS, READ_BY_RECOGNITION, TOO_LARGE, readable
from extract.decode.plain import plain_text
from extract.decode.scan_digits import UNREAD, Figures, Settled, figures, is_number, mark_of, may_be_number, settle
from extract.decode.scan_ink import InkLine, Spot, cut_out, holds_ink, lines_in, spots, usual_size
from extract.decode.scan_lines import POINTS, Straight, set_straight
from extract.decode.scan_text import find_lines, recognise
from extract.records import Document, PageBox, Paragraph, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.decode.geometry import Box
    from extract.decode.scan_lines import Pixels
    from extract.decode.scan_text import Words
    from extract.records import Block

_SCREEN_DPI, _MOST_DPI = 96.0, 320.0
_A4_WIDTH = 8.27
_SMALLEST = 64
_MOST_WORKED_ON = 30_000_000
_MOST_PAGES = 100
_UPRIGHT_ODDS = 0.8
_ASKED = 8
_NARROWEST = 6.0
_STRIP = 1.8
_FULL = 15
_COLUMN = 5
_MANY, _ODD = 10, 0.7
_OF_NUMBERS = re.compile(r"[+-]?\d[\d,.\s]*(?:[(（].*)?|[-—/]+|\ufffd", re.DOTALL)
_NO_NUMBER = frozenset(("无", "不适用", "N/A", "*"))
_DOUBTED = 0.79


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as a picture: its number from 1, its pixels (grey or red, green, blue), and how many make an inch."""

    page: int
    pixels: Pixels = field(repr=False)
    dpi: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a cell: settled, or figures that wait for the rest of the document."""

    settled: Settled | None = None
    waiting: Figures | None = None


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell whose lines are read, before the numbers of all pages are held against each other."""

    place: PageBox
    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[Line, ...]


ReadBlock = Paragraph | tuple[ReadCell, ...]


def decode_scan(data: bytes) -> Document:
    """A picture file (PNG, JPEG, TIFF, BMP, GIF, WebP) as a document; each picture in it is a page.

    Raises:
        DamagedDocument: it cannot be read, or is larger than 100 million pixels (which its header tells).
    """
    with readable():
        pages = read_pictures(_pictures(data))
    blocks = tuple(block for page in pages for block in page)
    numbers = range(1, len(pages) + 1)
    notes = tuple(f"page {number} is a picture: {READ_BY_RECOGNITION}" for number in numbers)
    return Document(media_type(data), blocks, plain_text(blocks), warnings=notes, recognised=frozenset(numbers))


def _pictures(data: bytes) -> Iterator[Picture]:
    with Image.open(io.BytesIO(data)) as image:
        for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
            if frame.width * frame.height > MOST_PIXELS:
                raise DamagedDocument(TOO_LARGE)
            if number > _MOST_PAGES:
                raise DamagedDocument(f"a picture file of more than {_MOST_PAGES} pages is no annual report")
            pixels = _pixels(ImageOps.exif_transpose(frame))
            yield Picture(number, pixels, _dpi(frame, pixels.shape[1]))


def _dpi(frame: Image.Image, width: int) -> float:
    stated = float(frame.info.get("dpi", (0, 0))[0] or 0)
    return stated if _SCREEN_DPI < stated <= 1200 else min(max(width / _A4_WIDTH, _SCREEN_DPI), 300.0)


def _pixels(image: Image.Image) -> Pixels:
    if image.mode in ("1", "L", "I;16", "I"):
        return np.asarray(image.convert("L"))
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, clear)
    return np.asarray(image.convert("RGB"))


def read_pictures(pictures: Iterable[Picture]) -> list[tuple[Block, ...]]:
    """The blocks of each page, in reading order; pages are taken one at a time, numbers settled over all of them."""
    pages = [list(_read_page(picture)) for picture in pictures]
    waiting = [
        line.waiting
        for page in pages
        for block in page
        if not isinstance(block, Paragraph)
        for cell in block
        for line in cell.lines
        if line.waiting is not None
    ]
    answers = iter(settle(waiting))
    return [
        tuple(block if isinstance(block, Paragraph) else _table(block, answers) for block in page) for page in pages
    ]


def _table(cells: Sequence[ReadCell], answers: Iterator[Settled]) -> Table:
    printed = [_printed_cell(cell, [line.settled or next(answers) for line in cell.lines]) for cell in cells]
    printed = odd_ones(cells, printed)
    rows: dict[int, list[TableCell]] = {}
    for cell, shown in zip(cells, amid_numbers(cells, printed), strict=True):
        rows.setdefault(cell.row, []).append(shown)
    return Table(tuple(tuple(rows[row]) for row in sorted(rows)))


def _printed_cell(cell: ReadCell, lines: Sequence[Settled]) -> TableCell:
    reasons = dict.fromkeys(line.reason for line in lines if line.reason)
    return TableCell(
        "\n".join(line.text for line in lines),
        cell.place,
        cell.column,
        cell.columns,
        cell.rows,
        min((line.certainty for line in lines), default=1.0),
        "; ".join(reasons),
    )


def odd_ones(cells: Sequence[ReadCell], printed: Sequence[TableCell]) -> list[TableCell]:
    """The cells, with doubt on numbers in a column that few rows have where others have many.

    A stroke across a cell (of a stamp, of a pen) can pass for a ruling line, and parts a number in two.
    """
    spans = Counter((cell.column, cell.columns) for cell in cells)
    usual = max(spans.values(), default=0)
    whole = {span for span, count in spans.items() if count == usual}
    rows = [cell.row for cell in cells if (cell.column, cell.columns) in whole]
    return [
        replace(shown, certainty=round(shown.certainty * _ODD, 3), reason=shown.reason or "few rows have this column")
        if usual >= _MANY
        and 4 * spans[cell.column, cell.columns] < usual
        and min(rows) <= cell.row <= max(rows)
        and _OF_NUMBERS.fullmatch(shown.text)
        else shown
        for cell, shown in zip(cells, printed, strict=True)
    ]


def amid_numbers(cells: Sequence[ReadCell], printed: Sequence[TableCell]) -> list[TableCell]:
    """The cells, with U+FFFD for what was read as words amid a column of numbers: a stamp or a pen's stroke lies there.

    As words it would be taken for the name of its row, and the numbers after it for one too few.
    """
    numeric: dict[int, list[int]] = {}
    worded: dict[int, list[int]] = {}
    for cell, shown in zip(cells, printed, strict=True):
        if shown.text and cell.columns == 1:
            (numeric if _OF_NUMBERS.fullmatch(shown.text) else worded).setdefault(cell.column, []).append(cell.row)
    result = []
    for cell, shown in zip(cells, printed, strict=True):
        rows = numeric.get(cell.column, [])
        amid = len(rows) >= _COLUMN and min(rows) < cell.row < max(rows)
        few = len(rows) > 2 * sum(min(rows) < row < max(rows) for row in worded.get(cell.column, [])) if amid else False
        words = (
            shown.text and cell.columns == 1 and not _OF_NUMBERS.fullmatch(shown.text) and shown.text not in _NO_NUMBER
        )
        lost = replace(shown, text=UNREAD, certainty=0.0, reason="no number amid a column of numbers")
        result.append(lost if amid and few and words else shown)
    return result


def _read_page(picture: Picture) -> Iterator[ReadBlock]:
    if min(picture.pixels.shape[:2]) < _SMALLEST:
        return
    page, found = _upright(_at_most(picture))
    tables = [table for table in find_tables(page.across, page.down) if len(table.cells) > 1]
    scale = POINTS / page.dpi
    inside: list[dict[int, list[Spot]]] = [{} for _ in tables]
    red: list[dict[int, list[Spot]]] = [{} for _ in tables]
    for plane, shares in ((page.black_ink, inside), (page.ink & ~page.black_ink, red)):
        if plane.any():
            for spot in spots(plane, page.rules, page.dpi):
                _share(spot, tables, shares, scale)
    blocks: list[tuple[float, float, ReadBlock]] = []
    for table, black, other in zip(tables, inside, red, strict=True):
        cells = tuple(_cells(page, table, black, other, picture.page))
        blocks.append((table.box[1], table.box[0], cells))
    blocks += [(box[1], box[0], paragraph) for box, paragraph in _paragraphs(page, found, tables, picture.page)]
    yield from (block for _, _, block in sorted(blocks, key=lambda item: item[:2]))


def _at_most(picture: Picture) -> Picture:
    """The picture at no more than 320 dpi and 30 million pixels: more cost time and memory and tell nothing."""
    height, width = picture.pixels.shape[:2]
    scale = min(1.0 if picture.dpi <= _MOST_DPI else 300.0 / picture.dpi, (_MOST_WORKED_ON / (height * width)) ** 0.5)
    if scale >= 1.0:
        return picture
    small = cv2.resize(picture.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Picture(picture.page, small, picture.dpi * scale)


def _upright(picture: Picture) -> tuple[Straight, list[Pixels]]:
    """The page turned so that its text is upright, and where its lines of text stand."""
    page = set_straight(picture.pixels, picture.dpi)
    found = find_lines(page.grey, page.dpi)
    quarters = 0
    lengths = [_size(box) for box in found]
    level = sum(width for width, height in lengths if width > 2 * height)
    on_end = sum(height for width, height in lengths if height > 2 * width)
    if on_end > level:
        quarters = 1
        page = set_straight(picture.pixels, picture.dpi, quarters)
        found = find_lines(page.grey, page.dpi)
    odds = _odds(page, found)
    if found and odds < _UPRIGHT_ODDS:
        other = set_straight(picture.pixels, picture.dpi, quarters + 2)
        there = find_lines(other.grey, other.dpi)
        if _odds(other, there) > odds:
            return other, there
    return page, found


def _size(box: Pixels) -> tuple[float, float]:
    return float(np.ptp(box[:, 0])), float(np.ptp(box[:, 1]))


def _odds(page: Straight, found: Sequence[Pixels]) -> float:
    """How sure the recogniser is of the longest lines of a page, on average."""
    longest = sorted(found, key=lambda box: -_size(box)[0])[:_ASKED]
    words = recognise([_cut(page, box) for box in longest])
    return sum(word.mean for word in words) / max(len(words), 1)


def _cut(page: Straight, box: Pixels) -> Pixels:
    left, top = (max(int(value), 0) for value in box.min(axis=0))
    right, bottom = (int(value) + 1 for value in box.max(axis=0))
    return page.grey[top : max(bottom, top + 2), left : max(right, left + 2)]


def _share(spot: Spot, tables: Sequence[RuledTable], shares: list[dict[int, list[Spot]]], scale: float) -> None:
    x, y = spot.middle
    for table, share in zip(tables, shares, strict=True):
        number = table.cell_at(x * scale, y * scale)
        if number is not None:
            if not _hugs(spot, table.cells[number].box, scale):
                share.setdefault(number, []).append(spot)
            return


def _hugs(spot: Spot, cell: Box, scale: float) -> bool:
    """Whether a spot lies wholly in the narrow strip along an edge of its cell, where only ragged rules leave ink."""
    left, top, right, bottom = cell
    return (
        spot.right * scale <= left + _STRIP
        or spot.bottom * scale <= top + _STRIP
        or spot.left * scale >= right - _STRIP
        or spot.top * scale >= bottom - _STRIP
    )


def _cells(
    page: Straight, table: RuledTable, black: dict[int, list[Spot]], other: dict[int, list[Spot]], number: int
) -> Iterator[ReadCell]:
    em = usual_size([spot for share in black.values() for spot in share], page.dpi)
    asked: list[tuple[int, InkLine, Pixels]] = []
    read: dict[int, list[Line | None]] = {}
    for index, cell in enumerate(table.cells):
        if min(cell.box[2] - cell.box[0], cell.box[3] - cell.box[1]) < _NARROWEST:
            continue  # nothing is printed between two strokes of one rule, and so nothing is blank there
        mine, plane, ink = black.get(index, []), page.black, page.black_ink
        if not holds_ink(mine, page.dpi):
            mine, plane, ink = [*mine, *other.get(index, [])], page.grey, page.ink
        if not holds_ink(mine, page.dpi):
            read[index] = []
            continue
        lines = lines_in(mine, page.dpi, em)
        read[index] = [] if lines else [Line(Settled(UNREAD, 0.0, "ink that is no character"))]
        for line in lines:
            if mark := mark_of(line, ink, page.dpi):
                read[index].append(Line(Settled(mark, 1.0)))
            else:
                asked.append((index, line, plane))
                read[index].append(None)
    answers = iter(_recognised(page, table, asked))
    for index, cell in enumerate(table.cells):
        if index not in read:
            continue
        left, top, right, bottom = page.as_given(cell.box)
        place = PageBox(number, (round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)))
        printed = tuple(next(answers) if line is None else line for line in read[index])
        yield ReadCell(place, cell.row, cell.column, cell.rows, cell.columns, printed)


def _recognised(page: Straight, table: RuledTable, asked: Sequence[tuple[int, InkLine, Pixels]]) -> list[Line]:
    """Each line recognised; what may be a number is recognised again at another size."""
    first = recognise([cut_out(page, plane, line, table.cells[index].box, 0.15) for index, line, plane in asked])
    numbers = [
        number
        for number, (words, (_, line, _)) in enumerate(zip(first, asked, strict=True))
        if is_number(words, line) or may_be_number(words, line)
    ]
    again = [asked[number] for number in numbers]
    second = recognise([cut_out(page, plane, line, table.cells[index].box, 0.35) for index, line, plane in again])
    lines = [Line(_as_text(words)) for words in first]
    for number, words in zip(numbers, second, strict=True):
        index, line, plane = asked[number]
        text = None if is_number(first[number], line) else lines[number].settled
        alone = sum(index == other for other, _, _ in asked) == 1
        seen = figures(line, plane, page.dpi, first[number], words)
        lines[number] = Line(waiting=replace(seen, text=text, alone=alone))
    return lines


def _as_text(words: Words) -> Settled:
    if not words.text:
        return Settled(UNREAD, 0.0, "ink that is no character")
    return Settled(words.text, round(words.odds, 3), "" if words.odds >= _DOUBTED else "faint")


def _paragraphs(
    page: Straight, found: Sequence[Pixels], tables: Sequence[RuledTable], number: int
) -> Iterator[tuple[Box, Paragraph]]:
    """The lines of text outside the tables, top to bottom; boxes side by side on one line are one line."""
    scale = POINTS / page.dpi
    outside = []
    for box in found:
        x, y = (float(value) * scale for value in box.mean(axis=0))
        if all(table.cell_at(x, y) is None for table in tables):
            outside.append(box)
    words = recognise([_cut(page, box) for box in outside])
    lines: list[list[tuple[Pixels, str]]] = []
    for box, word in sorted(zip(outside, words, strict=True), key=lambda item: float(item[0][:, 1].mean())):
        middle, height = float(box[:, 1].mean()), _size(box)[1]
        if lines and abs(middle - float(lines[-1][-1][0][:, 1].mean())) <= 0.4 * height:
            lines[-1].append((box, word.text))
        elif word.text:
            lines.append([(box, word.text)])
    printed = [_printed(line, scale) for line in lines]
    for box, text in _joined(printed, [table.box[1] for table in tables]):
        left, top, right, bottom = (round(value, 1) for value in page.as_given(box))
        yield box, Paragraph(text, PageBox(number, (left, top, right, bottom)))


def _printed(line: Sequence[tuple[Pixels, str]], scale: float) -> tuple[Box, str]:
    ordered = sorted(line, key=lambda item: float(item[0][:, 0].min()))
    corners = np.concatenate([box for box, _ in ordered]) * scale
    left, top = (float(value) for value in corners.min(axis=0))
    right, bottom = (float(value) for value in corners.max(axis=0))
    return (left, top, right, bottom), " ".join(text for _, text in ordered if text)


def _joined(lines: Sequence[tuple[Box, str]], breaks: Sequence[float]) -> Iterator[tuple[Box, str]]:
    """Lines joined where one runs to the right margin and the next, of the same size, is not indented."""
    if not lines:
        return
    left, right = min(box[0] for box, _ in lines), max(box[2] for box, _ in lines)
    above, text = lines[0]
    whole = above
    for box, more in lines[1:]:
        em = box[3] - box[1]
        full = above[2] >= right - 2 * em and above[2] - above[0] >= _FULL * em and box[0] <= left + em
        alike = 0.7 <= (above[3] - above[1]) / max(em, 0.1) <= 1.4 and box[1] - above[3] < em
        if full and alike and not any(above[1] < at <= box[3] for at in breaks):
            whole = min(whole[0], box[0]), whole[1], max(whole[2], box[2]), box[3]
            text += more
        else:
            yield whole, text
            whole, text = box, more
        above = box
    yield whole, text
