"""A page of a PDF that is a picture: whether it is one, and its pixels for text recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from extract.decode.picture import scanning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.decode.geometry import Sheet

MOST_PIXELS = 100_000_000
_FEW_GLYPHS = 40
_MOST_OF_A_PAGE = 0.4
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
        return pdfium.FPDFPage_CountObjects(page.raw) > 0
    width, height = page.get_size()
    covered = max((w * h for _, w, h in _images(page)), default=0.0)
    return len(sheet.glyphs) < _FEW_GLYPHS and covered > _MOST_OF_A_PAGE * width * height


def too_large(page: Any) -> str:
    """What is too large on a page to be drawn (its size in pixels, from the headers alone), empty if nothing is."""
    for (across, down), _, _ in _images(page):
        if across * down > MOST_PIXELS:
            return f"a picture of {across} x {down} pixels"
    width, height = page.get_size()
    if width * height * (_LEAST_DPI / _POINTS) ** 2 > MOST_PIXELS:
        return f"a sheet of {width / _POINTS:.0f} x {height / _POINTS:.0f} inches"
    return ""


def draw(page: Any, number: int) -> Any:
    """The page as it is shown, as a :class:`extract.decode.scan.Picture`.

    At the resolution of the picture that covers it, so that no pixel is invented, within 120 to 300 dpi; else 200.
    """
    width, height = page.get_size()
    dpi = _USUAL_DPI
    for (across, _), w, h in _images(page):
        if w * h > _MOST_OF_A_PAGE * width * height and w > 0:
            dpi = min(max(across / w * _POINTS, _LEAST_DPI), _MOST_DPI)
    dpi = min(dpi, _POINTS * (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=dpi / _POINTS, rev_byteorder=True)
    pixels = bitmap.to_numpy()[:, :, :3].copy()
    bitmap.close()
    return scanning().Picture(number, pixels, dpi)


def _images(page: Any) -> Iterator[tuple[tuple[int, int], float, float]]:
    """Each picture on a page: its own size in pixels, its width and height on the page in points."""
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEEPEST):
        left, bottom, right, top = item.get_bounds()
        yield item.get_px_size(), right - left, top - bottom
