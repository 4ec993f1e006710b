"""bytes -> Document: one file a format, told by content. A decoder knows a file format and no form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.sniff import DOCX, EMPTY, ENCRYPTED_OFFICE, HTML, MHTML, OLE, PDF, TEXT, UNKNOWN, XML, media_type
from extract.decode.docx import decode_docx
from extract.decode.errors import (
    DamagedDocument,
    DecodeError,
    EmptyDocument,
    EncryptedDocument,
    UnsupportedFormat,
)
from extract.decode.html import decode_html
from extract.decode.mhtml import decode_mhtml
from extract.decode.pdf import decode_pdf
from extract.decode.picture import PICTURES, decode_picture
from extract.decode.text import decode_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract.records import Document

__all__ = [
    "DECODERS",
    "DamagedDocument",
    "DecodeError",
    "EmptyDocument",
    "EncryptedDocument",
    "UnsupportedFormat",
    "decode",
    "media_type",
]

DECODERS: dict[str, Callable[[bytes], Document]] = {
    HTML: decode_html,
    PDF: decode_pdf,
    DOCX: decode_docx,
    TEXT: decode_plain,
    XML: decode_html,
    MHTML: decode_mhtml,
    **dict.fromkeys(PICTURES, decode_picture),
}


def decode(data: bytes) -> Document:
    """The document that the bytes are.

    Raises:
        EmptyDocument: there are no bytes, or only white space.
        EncryptedDocument: it opens only with a password.
        UnsupportedFormat: a format without a decoder; the message names it.
        DamagedDocument: the format is known and the bytes are not whole.
    """
    kind = media_type(data)
    if kind == EMPTY:
        raise EmptyDocument("the file is empty; fetch it again from where it was published")
    if kind == ENCRYPTED_OFFICE:
        raise EncryptedDocument("an Office document protected by a password; ask for a copy without one")
    if kind not in DECODERS:
        raise UnsupportedFormat(_unsupported(kind))
    return DECODERS[kind](data)


def _unsupported(kind: str) -> str:
    known = "HTML, MHT, PDF, DOCX and text are read; save it as one of these"
    if kind == UNKNOWN:
        return f"these bytes are no document of a known format ({known})"
    if kind == OLE:
        return f"an Office document of the old binary format (.doc, .xls, .wps) is not read yet ({known})"
    return f"{kind} is not read yet ({known})"
