"""Where pictures come in: reading them needs the extra ``ocr``, and this module is what is loaded without it."""

from __future__ import annotations

import io
import struct
import warnings
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

from extract.decode.errors import DamagedDocument, UnsupportedFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.records import Document

PICTURES = ("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp")
READ_BY_RECOGNITION = "read by text recognition"
MOST_PIXELS = 100_000_000
TOO_LARGE = "a picture of more than 100 million pixels is no page; scan it at 200 to 300 dpi"
INSTALL = "make setup EXTRAS=all"


def decode_picture(data: bytes) -> Document:
    """A picture file as a document, by text recognition.

    Raises:
        UnsupportedFormat: the extra is not installed.
        DamagedDocument: it cannot be read, or is larger than 100 million pixels (which its header tells).
    """
    if not can_recognise():
        raise UnsupportedFormat(f"a picture, which is read by text recognition; install the extra: {INSTALL}")
    with readable(), Image.open(io.BytesIO(data)) as image:  # its header, before anything heavy is loaded
        if image.width * image.height > MOST_PIXELS:
            raise DamagedDocument(TOO_LARGE)
    document: Document = scanning().decode_scan(data)
    return document


@contextmanager
def readable() -> Iterator[None]:
    """What Pillow raises on damaged and on vast pictures, as DamagedDocument; what it warns of is no concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError as error:
            raise DamagedDocument(TOO_LARGE) from error
        except UnidentifiedImageError as error:  # whose own words name an object by its address
            raise DamagedDocument("a picture whose head is damaged; fetch it again or save it anew") from error
        except (
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            IndexError,
            KeyError,
            struct.error,
        ) as error:
            raise DamagedDocument(f"a picture that cannot be read ({error}); fetch it again or save it anew") from error


@cache
def can_recognise() -> bool:
    """Whether the packages of the extra are installed."""
    return all(find_spec(name) is not None for name in ("cv2", "numpy", "onnxruntime", "rapidocr"))


def scanning() -> Any:
    """The module that reads pictures; only where :func:`can_recognise`. Loading it takes a second and 100 MB."""
    return import_module("extract.decode.scan")
