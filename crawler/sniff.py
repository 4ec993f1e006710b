"""bytes -> media type, by content: a name or a Content-Type header is a claim, the first bytes are a fact."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OFD = "application/ofd"
ZIP = "application/zip"
DOC = "application/msword"
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
_MEMBERS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
# An OpenDocument says what it is in its first member, which is stored as it is; flat XML says so in its root element.
_OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.[a-z-]+")
_FLAT = re.compile(rb"<office:document\s[^<>]*?office:mimetype\s*=\s*[\"']" + _OPEN_DOCUMENT.pattern)
_BODY = re.compile(rb"<office:body[^<>]*>\s*<office:([a-z]+)")
_BODIES = {b"text": ODT, b"spreadsheet": ODS}
_WORKBOOKS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_EXCEL_CLASSES = tuple(bytes.fromhex(f"{n}08020000000000c000000000000046") for n in ("20", "10"))
_TAG = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|table|div|p|meta|title|span|tr|td|script|style|h\d|ul|br)\b", re.IGNORECASE
)
_MIME = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
_HEAD = 4096
_ROOT = 16384
_CONTENT = 4 << 20
_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


def media_type(data: bytes) -> str:
    r"""The media type that the bytes themselves show; ``application/octet-stream`` where they show none.

    >>> media_type(b"%PDF-1.7"), media_type(b""), media_type("规章\\t0".encode())
    ('application/pdf', 'application/x-empty', 'text/plain')
    """
    if not data.strip():
        return EMPTY
    if data.startswith(b"PK\x03\x04"):  # before PDF: a ZIP may store one as it is, a few bytes after its own head
        return _zip_type(data)
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ENCRYPTED_OFFICE if "EncryptedPackage".encode("utf-16-le") in data else _ole_type(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":  # reserved in every bitmap, no text has it
        return "image/bmp"
    return _text_type(data)


def _ole_type(data: bytes) -> str:
    """What an OLE2 file is by the streams in it; one that embeds another's document is what its root says."""
    is_word, is_excel = _has_stream(data, "WordDocument"), any(_has_stream(data, name) for name in _WORKBOOKS)
    if is_word and is_excel:
        root = (int.from_bytes(data[48:52], "little") + 1) << min(int.from_bytes(data[30:32], "little"), 16)
        return XLS if data[root + 80 : root + 96] in _EXCEL_CLASSES else DOC
    return DOC if is_word else XLS if is_excel else OLE


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a directory entry names it ([MS-CFB] 2.6.1: every 128 bytes 64 of name, the name's length, 2: a stream).

    The same characters elsewhere are text.
    """
    encoded = f"{name}\0".encode("utf-16-le")
    after_name = bytes([len(encoded), 0, 2])
    at = data.find(encoded)
    while at >= 0 and not (at % 128 == 0 and data[at + 64 : at + 67] == after_name):
        at = data.find(encoded, at + 1)
    return at >= 0


def _zip_type(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):  # zipfile on a damaged directory
        names = {name for name in ("content.xml", *dict(_MEMBERS)) if name.encode() in data}
    office = next((kind for name, kind in _MEMBERS if name in names), "")
    return office or _open_document_type(data, names) or ZIP


def _open_document_type(data: bytes, names: set[str]) -> str:
    """What kind of OpenDocument a zip is, by its mimetype member, else by its body; empty if it is none."""
    if "mimetype" in names or data[30:38] == b"mimetype":
        stated = _OPEN_DOCUMENT.search(_unzipped(data, "mimetype") or data[38:256])
        if stated is not None:
            return _without_variant(stated[0])
    body = _BODY.search(_unzipped(data, "content.xml")) if "content.xml" in names else None
    return _BODIES.get(body[1], "") if body else ""


def _unzipped(data: bytes, name: str) -> bytes:
    """The first 4 MB of a member; nothing where they cannot be had."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)).open(name) as member:
            return member.read(_CONTENT)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, RuntimeError, OSError):
        return b""


def _without_variant(stated: bytes) -> str:
    """A template or a master document is a text too."""
    kind = stated.decode("ascii")
    return next((known for known in (ODT, ODS) if kind.startswith(f"{known}-")), kind)


def _text_type(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    if _MIME.match(data[:_HEAD].lstrip()):
        return MHTML
    if flat := _FLAT.search(data[:_ROOT]):
        return _without_variant(_OPEN_DOCUMENT.findall(flat[0])[-1])
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
