"""A page of a PDF -> Sheet, through PDFium: glyphs with boxes, and rules from stroked lines and thin filled shapes."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from extract.decode.geometry import (
    IDENTITY,
    UNKNOWN_CHARACTER,
    Glyph,
    Sheet,
    combined,
    rules_among,
    transformed,
    turn_box,
    turned_glyph,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.decode.geometry import Box, Matrix

_DEEPEST = 8
_FINE = 1000
_SLANT = 6 / 90
_NOT_PRINTED = frozenset((0xA0, 0x3000, 0xFFFE, 0xFFFF))
_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


def read_page(page: Any) -> Sheet:
    """The sheet of a pypdfium2 page, turned so that most of its glyphs stand upright."""
    width, height = page.get_size()
    to_shown = page_to_shown(page, width, height)
    text_page = page.get_textpage()
    turned = -int(page.get_rotation()) // 90 % 4
    try:
        read = _glyphs(text_page, _turned(to_shown, turned, width, height))
    finally:
        text_page.close()
    glyphs = read.glyphs
    if lying := -max(range(4), key=read.quarters.__getitem__) % 4:  # most glyphs lie on their side or head
        size = (height, width) if turned % 2 else (width, height)
        glyphs = [turned_glyph(glyph, lying, *size) for glyph in glyphs]
        turned = (turned + lying) % 4
    kinds: set[int] = set()
    shapes = (transformed(box, to_shown) for box in _shapes(page.raw, IDENTITY, 0, kinds))
    across, down = rules_among(turn_box(box, turned, width, height) for box in shapes)
    pictures = pdfium.FPDF_PAGEOBJ_IMAGE in kinds
    overlay = bool(glyphs) and _is_overlay(page.raw)
    return Sheet(tuple(glyphs), across, down, turned, width, height, overlay, "".join(read.slanted), pictures)


def _is_overlay(page: Any) -> bool:
    """Whether every text object of the page is drawn invisibly (text rendering mode 3, ISO 32000-1 table 106)."""
    objects = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    texts = (item for item in objects if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT)
    modes = (pdfium.FPDFTextObj_GetTextRenderMode(item) for item in texts)
    first = next(modes, None)
    return first == _INVISIBLE and all(mode == _INVISIBLE for mode in modes)


def page_to_shown(page: Any, width: float, height: float) -> Matrix:
    """User space to the page as shown: PDFium knows its crop box and /Rotate, three points tell the matrix."""

    def shown(x: float, y: float) -> tuple[float, float]:
        right, down = ctypes.c_int(), ctypes.c_int()
        size = int(width * _FINE), int(height * _FINE)
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, ctypes.byref(right), ctypes.byref(down))
        return right.value / _FINE, down.value / _FINE

    origin, along_x, along_y = shown(0, 0), shown(100, 0), shown(0, 100)
    return (
        (along_x[0] - origin[0]) / 100,
        (along_x[1] - origin[1]) / 100,
        (along_y[0] - origin[0]) / 100,
        (along_y[1] - origin[1]) / 100,
        *origin,
    )


def _turned(matrix: Matrix, quarters: int, width: float, height: float) -> Matrix:
    """The matrix that maps onto a page of that size after ``quarters`` clockwise quarter turns of the page."""
    for _ in range(quarters):
        matrix = combined(matrix, (0, 1, -1, 0, height, 0))
        width, height = height, width
    return matrix


@dataclass(slots=True)
class _Glyphs:
    """The characters of a page with their boxes on the sheet, in drawing order.

    ``slanted``: those that stand at a slant instead: a watermark runs across cells and belongs to none. ``quarters``:
    how many of the others are turned (in user space, clockwise) by no, one, two and three quarters.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    slanted: list[str] = field(default_factory=list)
    quarters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])


def _glyphs(text_page: Any, to_sheet: Matrix) -> _Glyphs:
    """Most of the time that a page takes goes into this loop, so it calls little."""
    read = _Glyphs()
    raw, rectangle = text_page.raw, pdfium.FS_RECTF()
    angle_of, box_of = pdfium.FPDFText_GetCharAngle, pdfium.FPDFText_GetLooseCharBox
    a, b, c, d, e, f = to_sheet
    spaced = False
    level = (
        0.0,
        0.0,
    )  # how low and high the upright glyph before reached: one just as high is on its line, and upright
    for index, code in enumerate(_codes(raw, text_page.count_chars())):
        if (0 < code <= 0x20) or code in _NOT_PRINTED:
            spaced = spaced or not pdfium.FPDFText_IsGenerated(raw, index)
            continue
        # A glyph without a meaning was printed all the same: it must not leave its cell blank.
        text = chr(code) if code and not 0xD800 <= code < 0xE000 else UNKNOWN_CHARACTER
        boxed = box_of(raw, index, rectangle)
        x, bottom, y, top = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        if boxed and (bottom, top) == level:
            read.quarters[0] += 1
        else:
            angle = angle_of(raw, index)  # radians; negative: unknown
            level = (bottom, top) if boxed and angle == 0 else (0.0, 0.0)
            if angle > 0:
                if _is_slanted(angle):
                    read.slanted.append(text)
                    continue
                read.quarters[round(angle / (math.pi / 2)) % 4] += 1
            else:
                read.quarters[0] += 1
        if boxed:
            left, right = a * x + c * bottom + e, a * y + c * top + e
            upper, lower = b * x + d * bottom + f, b * y + d * top + f
            if left > right:
                left, right = right, left
            if upper > lower:
                upper, lower = lower, upper
            read.glyphs.append(Glyph(text, left, upper, right, lower, spaced))
            spaced = False
    return read


def _codes(text_page: Any, count: int) -> Sequence[int]:
    """What each character means (0: nothing known).

    In one call where the page's text has a unit of UTF-16 for every character. It leaves out those without a meaning,
    and one beyond U+FFFF has two units: then the characters are asked one by one.
    """
    units = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, units) == count + 1:
        codes = units[:count]
        if not any(0xD800 <= code < 0xE000 for code in codes):
            return codes
    return [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]


def _is_slanted(angle: float) -> bool:
    """Whether an angle in radians is more than 6 degrees from every quarter turn."""
    quarters = angle / (math.pi / 2)
    return abs(quarters - round(quarters)) > _SLANT


def _shapes(container: Any, matrix: Matrix, depth: int, kinds: set[int]) -> Iterator[Box]:
    """Boxes in user space of straight strokes and thin fills, inside form XObjects too; ``kinds``: of all objects."""
    form = depth > 0
    count = (pdfium.FPDFFormObj_CountObjects if form else pdfium.FPDFPage_CountObjects)(container)
    get = pdfium.FPDFFormObj_GetObject if form else pdfium.FPDFPage_GetObject
    for index in range(count):
        item = get(container, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        kinds.add(kind)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _shapes(item, combined(_matrix(item), matrix), depth + 1, kinds)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            own = combined(_matrix(item), matrix)
            yield from (transformed(box, own) for box in _path(item))


def _matrix(item: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _path(item: Any) -> Iterator[Box]:
    """Stroked: each straight segment. Filled only: each subpath as a whole (a thin one is a rule drawn as a shape)."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    for points in _subpaths(item):
        if stroke.value:
            yield from (_box(pair) for pair in pairwise(points))
        elif fill.value:
            yield _box(points)


def _subpaths(item: Any) -> Iterator[list[tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append((x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _box(points: Any) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
