"""Bytes from the archive, by digest, as far as the database knows of them."""

from __future__ import annotations

import asyncio
import codecs
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive import ArchiveError
from crawler.items import Capture
from crawler.sniff import media_type
from extract.archive_members import ZipError, take

if TYPE_CHECKING:
    from crawler.archive import Archive
    from publish.site import PublicSite, Row

HTML = "text/html"
PDF = "application/pdf"
TEXT = "text/plain"
ENDINGS = {
    HTML: "html",
    PDF: "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/ofd": "ofd",
    "application/rtf": "rtf",
    "application/zip": "zip",
    "application/xml": "xml",
    "text/plain": "txt",
    "application/x-ole-storage": "doc",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
}

CAPTURE = """
    select * from captures where sha256 = ? and failure is null and warc is not null
    order by revisit_of <> '', id limit 1"""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class StoredError(Exception):
    """The archive no longer gives the bytes that the database knows; shown to the reader as a page that says so."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An archived original, or a document in one that is a ZIP: its decoded body and what it is by its first bytes."""

    sha256: str
    media_type: str
    data: bytes


async def stored(site: PublicSite, sha256: str) -> Stored | None:
    """The original of that digest; None if no capture has it.

    Raises:
        StoredError: a capture has it, but the archive's record is missing or its bytes are others now.
    """
    row = await site.row(CAPTURE, [sha256]) if _SHA256.fullmatch(sha256) else None
    return None if row is None else await asyncio.to_thread(fetched, site.archive, row)


def fetched(archive: Archive, row: Row) -> Stored:
    """The original of a capture's row (see ``CAPTURE``).

    Raises:
        StoredError: as ``stored``.
    """
    sha256 = row["sha256"]
    try:
        data = archive.get(_capture(row))
    except ArchiveError as error:
        raise StoredError(str(error)) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoredError("the stored bytes are not those of this digest; run: gongkai verify")
    return Stored(sha256, row["sniffed_type"] or "application/octet-stream", data)


async def stored_document(site: PublicSite, sha256: str, member: str) -> Stored | None:
    """The document that was read: the original of that digest, or the named member of that ZIP.

    Raises:
        StoredError: as ``stored``, or the ZIP does not give that member.
    """
    found = await stored(site, sha256)
    return found if found is None or not member else await asyncio.to_thread(member_of, found, member)


def member_of(package: Stored, member: str) -> Stored:
    """The named document in an original that is a ZIP.

    Raises:
        StoredError: it does not give that member.
    """
    try:
        data = take(package.data, member)
    except ZipError as error:
        raise StoredError(str(error)) from error
    if data is None:
        raise StoredError(f"the ZIP holds no document named {member}")
    return Stored(package.sha256, media_type(data), data)


def _capture(row: Row) -> Capture:
    names = ("run_id", "site_id", "url", "fetched_at", "status", "claimed_type", "sniffed_type", "size", "sha256")
    known = {name: row[name] for name in names}
    return Capture(
        **known,
        payload_digest="",
        warc=row["warc"],
        offset=row["offset"],
        length=row["length"],
        record_id=row["record_id"],
    )


def charset_of(data: bytes) -> str:
    """The encoding a page is really in: by its byte order mark, else UTF-8 if it is that, else GB18030.

    What the page declares is not believed: many say one and are the other.

    >>> charset_of("公开".encode()), charset_of("公开".encode("gb18030"))
    ('utf-8', 'gb18030')
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
        foreign = sum(ord(character) > 0x7F for character in damaged)
        return "utf-8" if damaged.count("\ufffd") <= 0.3 * foreign else "gb18030"
    return "utf-8"
