"""Where pictures come in: reading them needs the extra ``ocr``, and this module is what is loaded without it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from extract.decode.errors import UnsupportedFormat

if TYPE_CHECKING:
    from extract.records import Document

PICTURES = ("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp")
READ_BY_RECOGNITION = "read by text recognition"
INSTALL = "make setup EXTRAS=all"


def decode_picture(data: bytes) -> Document:
    """A picture file as a document, by text recognition.

    Raises:
        UnsupportedFormat: the extra is not installed.
        DamagedDocument: as :func:`extract.decode.scan.decode_scan`.
    """
    if not can_recognise():
        raise UnsupportedFormat(f"a picture, which is read by text recognition; install the extra: {INSTALL}")
    document: Document = scanning().decode_scan(data)
    return document


@cache
def can_recognise() -> bool:
    """Whether the packages of the extra are installed."""
    return all(find_spec(name) is not None for name in ("cv2", "numpy", "onnxruntime", "rapidocr"))


def scanning() -> Any:
    """The module that reads pictures; only where :func:`can_recognise`. Loading it takes a second and 100 MB."""
    return import_module("extract.decode.scan")
