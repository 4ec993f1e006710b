"""A page of a PDF that is a picture: whether it is one, and its pixels for text recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from extract.decode.geometry import transformed
from extract.decode.pdf_page import page_to_shown
from extract.decode.picture import MOST_PIXELS, scanning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.decode.geometry import Box, Sheet

_FEW_GLYPHS = 40
_MOST_OF_A_PAGE, _LEAST_OF_A_PAGE = 0.4, 0.05
_SMALLEST = 72.0
_USUAL_DPI, _LEAST_DPI, _MOST_DPI = 200.0, 120.0, 300.0
_POINTS = 72.0
_DEEPEST = 4


def is_picture(page: Any, sheet: Sheet) -> bool:
    """Whether what a page says stands in a picture: it has no text and draws something, or a picture and a line or two.

    A picture with an unseen layer of text is not one: its text is there.
    """
    if sheet.is_overlay:
        return False
    if not sheet.glyphs:
        return bool(pdfium.FPDFPage_CountObjects(page.raw))
    if len(sheet.glyphs) >= _FEW_GLYPHS:
        return False
    width, height = page.get_size()
    covered = max((_area(box) for _, box in _images(page)), default=0.0)
    return bool(covered > _MOST_OF_A_PAGE * width * height)


def too_large(page: Any) -> str:
    """What is too large on a page to be drawn (its size in pixels, from the headers alone), empty if nothing is."""
    for (across, down), _ in _images(page):
        if across * down > MOST_PIXELS:
            return f"a picture of {across} x {down} pixels"
    width, height = page.get_size()
    if width * height * (_LEAST_DPI / _POINTS) ** 2 > MOST_PIXELS:
        return f"a sheet of {width / _POINTS:.0f} x {height / _POINTS:.0f} inches"
    return ""


def pictures_beside_text(page: Any, sheet: Sheet) -> list[Box]:
    """The pictures of a page with text that are large enough for a table and have no text on them, as shown.

    A table that was pasted as a picture says nothing to a reader of text.
    """
    if not sheet.glyphs or sheet.is_overlay or not sheet.has_pictures:
        return []
    large = [box for _, box in _images(page) if min(box[2] - box[0], box[3] - box[1]) > _SMALLEST]
    if not large:
        return []
    boxes = [sheet.as_shown((glyph.left, glyph.top, glyph.right, glyph.bottom)) for glyph in sheet.glyphs]
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in boxes]
    return [box for box in large if not any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in middles)]


def draw(page: Any, number: int, parts: Sequence[Box] = ()) -> Any:
    """The page as it is shown (or only these parts of it), as a :class:`extract.decode.scan.Picture`.

    At the resolution of the largest picture on it, so that no pixel is invented, within 120 to 300 dpi; else 200.
    """
    width, height = page.get_size()
    dpi = _USUAL_DPI
    largest = max(_images(page), key=lambda image: _area(image[1]), default=None)
    if largest is not None and _area(largest[1]) > _LEAST_OF_A_PAGE * width * height:
        (across, down), (left, top, right, bottom) = largest
        pixels_of_a_point = (across * down / _area((left, top, right, bottom))) ** 0.5
        dpi = min(max(pixels_of_a_point * _POINTS, _LEAST_DPI), _MOST_DPI)
    dpi = min(dpi, _POINTS * (MOST_PIXELS / (width * height)) ** 0.5)
    scale = dpi / _POINTS
    bitmap = page.render(scale=scale, rev_byteorder=True)
    pixels = bitmap.to_numpy()[:, :, :3].copy()
    bitmap.close()
    if parts:
        whole, pixels = pixels, pixels * 0 + 255
        for box in parts:
            left, top, right, bottom = (max(round(value * scale), 0) for value in box)
            pixels[top:bottom, left:right] = whole[top:bottom, left:right]
    return scanning().Picture(number, pixels, dpi)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _images(page: Any) -> Iterator[tuple[tuple[int, int], Box]]:
    """Each picture on a page: its own size in pixels, and its box on the page as it is shown."""
    to_shown = page_to_shown(page, *page.get_size())
    for raw in _raw_images(page.raw, 0):
        item = pypdfium2.PdfObject(raw, page=page)
        yield item.get_px_size(), transformed(item.get_bounds(), to_shown)


def _raw_images(container: Any, depth: int) -> Iterator[Any]:
    """The picture objects, inside form XObjects too. Every page is asked, so nothing is made of its other objects."""
    count = (pdfium.FPDFFormObj_CountObjects if depth else pdfium.FPDFPage_CountObjects)(container)
    get = pdfium.FPDFFormObj_GetObject if depth else pdfium.FPDFPage_GetObject
    for index in range(count):
        item = get(container, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield item
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST - 1:
            yield from _raw_images(item, depth + 1)
