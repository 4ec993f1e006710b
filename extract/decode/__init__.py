"""bytes -> Document: one file a format, told by content. A decoder knows a file format and no form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import sniff
from crawler.sniff import media_type
from extract.decode.doc import decode_doc
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
from extract.decode.odt import decode_odt
from extract.decode.ofd import decode_ofd
from extract.decode.pdf import decode_pdf
from extract.decode.picture import PICTURES, decode_picture
from extract.decode.rtf import decode_rtf
from extract.decode.spreadsheet import decode_xls, decode_xlsx
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
    sniff.HTML: decode_html,
    sniff.XML: decode_html,
    sniff.MHTML: decode_mhtml,
    sniff.PDF: decode_pdf,
    sniff.OFD: decode_ofd,
    sniff.DOCX: decode_docx,
    sniff.DOC: decode_doc,
    sniff.RTF: decode_rtf,
    sniff.ODT: decode_odt,
    sniff.ODS: decode_odt,
    sniff.XLS: decode_xls,
    sniff.XLSX: decode_xlsx,
    sniff.TEXT: decode_plain,
    **dict.fromkeys(PICTURES, decode_picture),
}
_KNOWN = (
    "HTML, MHT, PDF, OFD, DOCX, DOC, WPS, RTF, ODT, XLS, XLSX, text, pictures and ZIPs of these are read; "
    "save it as one of these"
)


def decode(data: bytes) -> Document:
    """The document that the bytes are.

    Raises:
        EmptyDocument: there are no bytes, or only white space.
        EncryptedDocument: it opens only with a password.
        UnsupportedFormat: a format without a decoder; the message names it.
        DamagedDocument: the format is known and the bytes are not whole.
    """
    kind = media_type(data)
    if kind == sniff.EMPTY:
        raise EmptyDocument("the file is empty; fetch it again from where it was published")
    if kind == sniff.ENCRYPTED_OFFICE:
        raise EncryptedDocument("an Office document protected by a password; ask for a copy without one")
    if kind not in DECODERS:
        raise UnsupportedFormat(_unsupported(kind))
    return DECODERS[kind](data)


def _unsupported(kind: str) -> str:
    if kind == sniff.UNKNOWN:
        return f"these bytes are no document of a known format ({_KNOWN})"
    if kind == sniff.OLE:
        return f"an OLE2 file with neither a Word document nor a workbook in it: cut off, or not read yet ({_KNOWN})"
    return f"{kind} is not read yet ({_KNOWN})"
