"""Bytes -> media type, by content alone: names and headers lie (a .doc may be RTF, HTML or a .docx)."""

from __future__ import annotations

import io
import re
import zipfile

EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"
PDF = "application/pdf"
HTML = "text/html"
TEXT = "text/plain"
XML = "application/xml"
RTF = "application/rtf"
MHTML = "multipart/related"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
OFD = "application/ofd"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
OLE = "application/x-ole-storage"
ENCRYPTED_OFFICE = "application/x-encrypted-office"

_MAGIC = (
    (b"{\\rtf", RTF),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("EncryptedPackage", ENCRYPTED_OFFICE), ("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
_ZIP_MEMBERS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|/?(?:html|head|body|title|meta|table|tbody|tr|td|div|p|span|script|font|center|br)\b)",
    re.IGNORECASE,
)
_MIME_HEAD = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version:|Content-Type:\s*multipart/)", re.I)
_HEAD = 65_536
# Control characters that no text holds (NUL is forgiven: broken exports sprinkle it).
_NOT_TEXT = bytes(set(range(1, 32)) - {8, 9, 10, 11, 12, 13, 26, 27}) + b"\x7f"


def media_type(data: bytes) -> str:
    """The media type of ``data``; ``application/octet-stream`` for what is neither known nor text.

    >>> media_type(b"%PDF-1.7"), media_type("一、总体情况".encode("gb18030")), media_type(b" ")
    ('application/pdf', 'text/plain', 'application/x-empty')
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return EMPTY
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    if data.startswith(_OLE_MAGIC):
        return _ole_type(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    known = next((kind for magic, kind in _MAGIC if data.lstrip(b" \r\n\t").startswith(magic)), "")
    # "BM" may begin a text: a bitmap has NULs in its header, a text has none.
    return known if known and not (known == "image/bmp" and b"\x00" not in data[:32]) else _text_type(data)


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            kind = package.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        names, kind = _names_in_damaged_zip(data), ""
    if "OFD.xml" in names:
        return OFD
    if kind.startswith("application/"):
        return kind
    found = (kind for prefix, kind in _ZIP_MEMBERS if any(name.startswith(prefix) for name in names))
    return next(found, ZIP)


def _names_in_damaged_zip(data: bytes) -> list[str]:
    """Member names by their local headers: a cut package has lost its directory, yet is still of its kind."""
    names = re.findall(rb"PK\x03\x04.{22}(.{4,60})", data[:_HEAD] + data[-_HEAD:], re.DOTALL)
    return [name.decode("latin-1") for name in names]


def _ole_type(data: bytes) -> str:
    """By the names in the storage's directory, which are UTF-16 ([MS-CFB] 2.6)."""
    named = (kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") + b"\x00\x00" in data)
    found = next(named, OLE)
    return PPT if found == OLE and "PowerPoint Document".encode("utf-16-le") in data else found


def _text_type(data: bytes) -> str:
    head = data[:_HEAD]
    if head[:2] in _BOMS[1:]:
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(_BOMS[0]).lstrip()
    if len(head.translate(None, _NOT_TEXT)) < len(head) or head.count(b"\x00") * 4 > len(head):
        return UNKNOWN
    if _MIME_HEAD.match(head[:4096]):
        return MHTML
    tag = _HTML_TAG.search(head)
    if head.startswith(b"<?xml") and not (tag and b"<html" in head[:2048].lower()):
        return XML
    return HTML if tag else TEXT
