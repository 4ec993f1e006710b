"""A page of a PDF -> Sheet, through PDFium: glyphs with boxes, and rules from stroked lines and thin filled shapes."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from extract.decode.geometry import Glyph, Rule, Sheet, turn_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.decode.geometry import Box

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_THIN = 3.0
_SHORTEST = 3.0
_DEEPEST = 8
_FINE = 1000
_SAMPLED = 200
_SLANT = 6 / 90
_NOT_PRINTED = frozenset((0xA0, 0x3000, 0xFFFE, 0xFFFF))
UNKNOWN_CHARACTER = "\ufffd"


def read_page(page: Any) -> Sheet:
    """The sheet of a pypdfium2 page, turned so that most of its glyphs stand upright."""
    width, height = page.get_size()
    to_shown = page_to_shown(page, width, height)
    text_page = page.get_textpage()
    slanted: list[str] = []
    try:
        turned = _turns(page, text_page)
        glyphs = tuple(
            Glyph(text, *turn_box(apply_matrix(to_shown, box), turned, width, height), spaced)
            for text, box, spaced in _glyphs(text_page, slanted)
        )
    finally:
        text_page.close()
    across: list[Rule] = []
    down: list[Rule] = []
    for box in _shapes(page.raw, _IDENTITY, 0):
        left, top, right, bottom = turn_box(apply_matrix(to_shown, box), turned, width, height)
        if bottom - top <= _THIN and right - left >= _SHORTEST:
            across.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= _THIN and bottom - top >= _SHORTEST:
            down.append(Rule((left + right) / 2, top, bottom))
    overlay = bool(glyphs) and _is_overlay(page.raw)
    return Sheet(glyphs, tuple(across), tuple(down), turned, width, height, overlay, "".join(slanted))


def _is_overlay(page: Any) -> bool:
    """Whether every text object of the page is drawn invisibly (text rendering mode 3, ISO 32000-1 table 106)."""
    objects = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    texts = (item for item in objects if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT)
    modes = [pdfium.FPDFTextObj_GetTextRenderMode(item) for item in texts]
    return bool(modes) and all(mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE for mode in modes)


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


def apply_matrix(matrix: Matrix, box: Box) -> Box:
    """The box around a box that is mapped by a matrix (ISO 32000-1, 8.3.3)."""
    a, b, c, d, e, f = matrix
    x = sorted((a * box[0] + c * box[1] + e, a * box[2] + c * box[3] + e))
    y = sorted((b * box[0] + d * box[1] + f, b * box[2] + d * box[3] + f))
    return x[0], y[0], x[1], y[1]


def _turns(page: Any, text_page: Any) -> int:
    """Quarter turns clockwise that set most glyphs upright (their angle in user space, and the page's /Rotate)."""
    count = text_page.count_chars()
    step = max(1, count // _SAMPLED)
    angles = (pdfium.FPDFText_GetCharAngle(text_page.raw, i) for i in range(0, count, step))
    quarters = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    glyph_turn = quarters.most_common(1)[0][0] if quarters else 0
    return (-glyph_turn - int(page.get_rotation()) // 90) % 4


def _glyphs(text_page: Any, slanted: list[str]) -> Iterator[tuple[str, Box, bool]]:
    """Characters with their boxes in user space, in drawing order, and whether a space of the file's own precedes.

    Those that stand at a slant are put in ``slanted`` instead: a watermark runs across cells and belongs to none.
    """
    rectangle = pdfium.FS_RECTF()
    spaced = False
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page.raw, index)
        if (0 < code <= 0x20) or code in _NOT_PRINTED:
            spaced = spaced or not pdfium.FPDFText_IsGenerated(text_page.raw, index)
            continue
        # A glyph without a meaning was printed all the same: it must not leave its cell blank.
        text = chr(code) if code and not 0xD800 <= code < 0xE000 else UNKNOWN_CHARACTER
        if _is_slanted(pdfium.FPDFText_GetCharAngle(text_page.raw, index)):
            slanted.append(text)
        elif pdfium.FPDFText_GetLooseCharBox(text_page.raw, index, rectangle):
            yield text, (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top), spaced
            spaced = False


def _is_slanted(angle: float) -> bool:
    """Whether an angle (radians; negative: unknown) is more than 6 degrees from every quarter turn."""
    quarters = angle / (math.pi / 2)
    return angle >= 0 and abs(quarters - round(quarters)) > _SLANT


def _shapes(container: Any, matrix: Matrix, depth: int) -> Iterator[Box]:
    """Boxes in user space of straight strokes and thin fills, inside form XObjects too."""
    form = depth > 0
    count = (pdfium.FPDFFormObj_CountObjects if form else pdfium.FPDFPage_CountObjects)(container)
    get = pdfium.FPDFFormObj_GetObject if form else pdfium.FPDFPage_GetObject
    for index in range(count):
        item = get(container, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _shapes(item, _combined(_matrix(item), matrix), depth + 1)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            own = _combined(_matrix(item), matrix)
            yield from (apply_matrix(own, box) for box in _path(item))


def _matrix(item: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _combined(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


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
