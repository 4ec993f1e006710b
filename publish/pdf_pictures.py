"""A page of an archived PDF -> its picture, bounded in size."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

import pypdfium2

MOST_PIXELS = 2_000_000
_WANTED_SCALE = 1.6
# PDFium is not thread-safe: one page at a time in this process.
_PDFIUM = threading.Lock()


class PictureError(Exception):
    """The PDF, or that page of it, cannot be drawn; shown to the reader as a page that says so."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The size of a page as shown, in points, and how many pages there are."""

    width: float
    height: float
    pages: int


def measure(data: bytes, page: int) -> Sheet:
    """The size of a page (counted from 1).

    Raises:
        PictureError: no such page, or the PDF is damaged.
    """
    with _PDFIUM:
        pdf, opened = _open(data, page)
        try:
            width, height = opened.get_size()
            return Sheet(width, height, len(pdf))
        finally:
            pdf.close()


def draw(data: bytes, page: int) -> bytes:
    """A page as PNG, at most ``MOST_PIXELS`` large whatever size the document claims.

    Raises:
        PictureError: no such page, or the PDF is damaged.
    """
    with _PDFIUM:
        pdf, opened = _open(data, page)
        try:
            width, height = opened.get_size()
            scale = min(_WANTED_SCALE, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
            picture = opened.render(scale=scale).to_pil()
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise PictureError(f"page {page} cannot be drawn ({error})") from error
        finally:
            pdf.close()
    out = io.BytesIO()
    picture.convert("RGB").quantize(64).save(out, "PNG", optimize=False)
    return out.getvalue()


def _open(data: bytes, page: int) -> tuple[pypdfium2.PdfDocument, pypdfium2.PdfPage]:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise PictureError(f"the PDF cannot be opened ({error})") from error
    if not 1 <= page <= len(pdf):
        pages = len(pdf)
        pdf.close()
        raise PictureError(f"there is no page {page}: the document has {pages}")
    try:
        return pdf, pdf[page - 1]
    except pypdfium2.PdfiumError as error:
        pdf.close()
        raise PictureError(f"page {page} cannot be opened ({error})") from error
