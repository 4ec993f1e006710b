"""bytes -> media type, by content: a name or a Content-Type header is a claim, the first bytes are a fact."""

from __future__ import annotations

import io
import re
import zipfile

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODT = "application/vnd.oasis.opendocument.text"
OFD = "application/ofd"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
ENCRYPTED_OFFICE = "application/x-encrypted-office"
RTF = "application/rtf"
HTML = "text/html"
XML = "application/xml"
MHTML = "multipart/related"
TEXT = "text/plain"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

_MAGIC = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"Rar!", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"{\\rtf", RTF),
)
_MEMBERS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD), ("content.xml", ODT))
_WORKBOOKS = tuple(name.encode("utf-16-le").ljust(64, b"\0") for name in ("Workbook", "Book"))
_TAG = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|table|div|p|meta|title|span|tr|td|script|style|h\d|ul|br)\b", re.IGNORECASE
)
_MIME = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
_HEAD = 4096
_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


def media_type(data: bytes) -> str:
    r"""The media type that the bytes themselves show; ``application/octet-stream`` where they show none.

    >>> media_type(b"%PDF-1.7"), media_type(b""), media_type("规章\\t0".encode())
    ('application/pdf', 'application/x-empty', 'text/plain')
    """
    if not data.strip():
        return EMPTY
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_type(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":  # reserved in every bitmap, no text has it
        return "image/bmp"
    return _text_type(data)


def _ole_type(data: bytes) -> str:
    """By the names in its directory: entries of 128 bytes, padded with zeros to 64 ([MS-CFB] 2.6)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ENCRYPTED_OFFICE
    return XLS if any(name in data for name in _WORKBOOKS) else OLE


def _zip_type(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):  # zipfile on a damaged directory
        names = {name for name, _ in _MEMBERS if name.encode() in data}
    return next((kind for name, kind in _MEMBERS if name in names), ZIP)


def _text_type(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    if _MIME.match(data[:_HEAD].lstrip()):
        return MHTML
    if _TAG.search(data[:_HEAD]) or _TAG.search(data[-_HEAD:]):
        return HTML
    if data.lstrip().startswith(b"<?xml"):
        return XML
    controls = sum(byte in _CONTROLS for byte in data[:_HEAD])
    return TEXT if controls * 50 <= min(len(data), _HEAD) and _reads_as_text(data) else UNKNOWN


def _reads_as_text(data: bytes) -> bool:
    """Most of it decodes as UTF-8 or GB18030: random bytes do not."""
    head = data[:_HEAD]
    return any(head.decode(encoding, "replace").count("\ufffd") * 20 <= len(head) for encoding in ("utf-8", "gb18030"))
