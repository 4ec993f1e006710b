"""The documents that benchmarks read: those of a folder, or those of the sample portal."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from crawler.sniff import DOC, DOCX, HTML, MHTML, ODT, PDF, TEXT, XLS, XLSX, media_type
from extract.decode import DECODERS, DecodeError, decode
from sample.manifest import DOCUMENTS, load
from sample.server import answer

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT = {
    TEXT: "text",
    HTML: "html",
    MHTML: "mht",
    PDF: "pdf",
    DOCX: "docx",
    DOC: "doc",
    XLSX: "xlsx",
    XLS: "xls",
    ODT: "odt",
}
"""Short names of formats; of another one, the end of its media type tells enough."""
_ASIDE = {".json", ".md", ".csv", ".py"}
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A document as published: what it is called, its format's short name, its bytes."""

    name: str
    format: str
    data: bytes


def documents(folder: Path | None = None) -> list[Sample]:
    """The documents under a folder, or under GONGKAI_CORPUS, or of the sample portal; those that hold text.

    Scans are left out: reading pictures is measured elsewhere.
    """
    corpus = folder or (Path(os.environ["GONGKAI_CORPUS"]) if os.environ.get("GONGKAI_CORPUS") else None)
    found = _of_folder(corpus) if corpus else _of_sample()
    return [Sample(name, short_name(media_type(data)), data) for name, data in found if _holds_text(data)]


def short_name(kind: str) -> str:
    """What a table calls a media type.

    >>> short_name("application/pdf"), short_name("application/rtf")
    ('pdf', 'rtf')
    """
    return SHORT.get(kind) or kind.rsplit("/", maxsplit=1)[-1]


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _ASIDE and path.stat().st_size <= _LARGEST:
            yield str(path.relative_to(folder)), path.read_bytes()


def _of_sample() -> Iterator[tuple[str, bytes]]:
    manifest = load()
    sites = {site.id: site for site in manifest.sites}
    for report in manifest.reports:
        body = answer(sites[report.site], report.page).body
        yield f"{report.site}{report.page}", body
    for path in sorted(DOCUMENTS.iterdir()):
        data = path.read_bytes()
        yield path.name, data
        if media_type(data) != PDF:  # the sample has no text renditions of its own, and no web archives
            yield f"{path.stem}.txt", decode(data).text.encode()
    saved = next(report for report in manifest.reports if report.form == "2021" and report.published_as == "html")
    yield "page.mht", web_archive(answer(sites[saved.site], saved.page).body)


def web_archive(page: bytes) -> bytes:
    """A page as a browser saves it in one file (RFC 2557), with nothing else in it."""
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="part"\n\n--part\n'
    head += b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    lines = b64encode(page)
    return head + b"\n".join(lines[at : at + 76] for at in range(0, len(lines), 76)) + b"\n--part--\n"


def _holds_text(data: bytes) -> bool:
    kind = media_type(data)
    if kind not in DECODERS or kind.startswith("image/"):
        return False
    try:
        if kind == PDF and _is_scan(data):
            return False
        return bool(decode(data).text.strip())
    except (DecodeError, pypdfium2.PdfiumError):
        return False


def _is_scan(data: bytes) -> bool:
    """Whether no page of a PDF has a character; asked before it is decoded, which may read its pictures."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return not any(page.get_textpage().count_chars() for page in pdf)
    finally:
        pdf.close()
