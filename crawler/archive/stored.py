"""Records read back from a WARC file: their own headers, the message's headers byte for byte, the body, a Capture.

The HTTP head is split here: warcio would decode header values as UTF-8 or as Latin-1, whichever happens to work.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urljoin

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive.errors import RecordError
from crawler.archive.exchange import Headers, decoded_body, header
from crawler.archive.members import read_member
from crawler.archive.warc import NOTE_FIELD, NOTES, RUN_HEADER, Note
from crawler.items import Capture
from crawler.sniff import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INDEXED = ("response", "revisit", "resource", "metadata")
"""The kinds of record that have an index line; a request has none of its own, and a warcinfo begins a file."""


_TOKEN = re.compile(r"[A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Stored:
    """A record; ``offset`` and ``length`` are bytes of the compressed file.

    ``headers`` are the WARC's own, their names in lower case. ``block`` is all that the record holds; ``http`` and
    ``body`` are its two parts where it is an HTTP message.
    """

    kind: str
    offset: int
    length: int
    headers: Mapping[str, str]
    status: int
    http: Headers
    body: bytes
    block: bytes

    @property
    def url(self) -> str:
        """What the record is about."""
        return self.headers.get("warc-target-uri", "")

    @property
    def record_id(self) -> str:
        """``<urn:uuid:...>``."""
        return self.headers.get("warc-record-id", "")


def read_records(file: BinaryIO) -> Iterator[Stored]:
    """The records of an open WARC file, one in memory at a time, up to the first that is torn or damaged."""
    offset = 0
    while (member := read_member(file, offset)) is not None:
        data, end = member
        yield parse_record(data, offset, end - offset)
        offset = end


def read_one(file: BinaryIO, offset: int) -> Stored:
    """The record at that byte.

    Raises:
        RecordError: no whole record begins there.
    """
    member = read_member(file, offset)
    if member is None:
        raise RecordError(f"no whole record begins at byte {offset}; run: gongkai verify")
    return parse_record(member[0], offset, member[1] - offset)


def parse_record(data: bytes, offset: int, length: int) -> Stored:
    """A record from its decompressed member.

    Raises:
        RecordError: it is no WARC record, or its Content-Length is not that of its block.
    """
    return _parse_own(data, offset, length) or _parse_by_warcio(data, offset, length)


def _parse_by_warcio(data: bytes, offset: int, length: int) -> Stored:
    try:
        record = next(ArchiveIterator(io.BytesIO(data), no_record_parse=True))
        block: bytes = record.raw_stream.read()
        headers = {name.lower(): value for name, value in record.rec_headers.headers}
        if not data.endswith(b"\r\n\r\n" + block + b"\r\n\r\n"):
            raise RecordError(f"the record at byte {offset} is not as long as it says; run: gongkai verify")
    except (ArchiveLoadFailed, StopIteration, EOFError, ValueError, KeyError, AttributeError) as error:
        raise RecordError(f"no WARC record at byte {offset} ({error!r}); run: gongkai verify") from error
    is_http = headers.get("content-type", "").startswith("application/http")
    start, http, body = split_message(block) if is_http else (b"", (), block)
    return Stored(record.rec_type or "", offset, length, headers, status_of(start), http, body, block)


def _parse_own(data: bytes, offset: int, length: int) -> Stored | None:
    """A record with the plain headers that ours have, in a sixth of warcio's time; None where they are any others."""
    head, found, rest = data.partition(b"\r\n\r\n")
    version, *lines = head.split(b"\r\n")
    if version != b"WARC/1.1" or not found or not head.isascii() or b"\n" in head.replace(b"\r\n", b""):
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("ascii").partition(": ")
        if not colon or not _TOKEN.fullmatch(name) or value != value.strip():
            return None
        headers[name.lower()] = value
    size = headers.get("content-length", "")
    if len(headers) != len(lines) or not size.isdigit() or len(rest) != int(size) + 4 or not rest.endswith(b"\r\n\r\n"):
        return None
    block = rest[:-4]
    is_http = headers.get("content-type", "").startswith("application/http")
    start, http, body = split_message(block) if is_http else (b"", (), block)
    return Stored(headers.get("warc-type", ""), offset, length, headers, status_of(start), http, body, block)


def split_message(block: bytes) -> tuple[bytes, Headers, bytes]:
    """Start line, header lines, body of an HTTP message (RFC 9112 section 2.1)."""
    head, _, body = block.partition(b"\r\n\r\n")
    start, *lines = head.split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return start, tuple((name, value.removeprefix(b" ")) for name, _, value in pairs), body


def status_of(start_line: bytes) -> int:
    """The status code of a response's start line; 0 if it has none."""
    _, _, tail = start_line.partition(b" ")
    return int(tail[:3]) if start_line.startswith(b"HTTP/") and tail[:3].isdigit() else 0


def read_note(stored: Stored) -> Note:
    """The note that a metadata record holds.

    Raises:
        RecordError: it holds none of ours.
    """
    try:
        fields = json.loads(stored.body.removeprefix(NOTE_FIELD))
        kind = NOTES[fields.pop("record")]
        lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return kind(**{**fields, **lists})  # what an older version did not know keeps its default
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise RecordError(f"the metadata record at byte {stored.offset} is no note of ours ({error!r})") from error


def to_capture(stored: Stored, *, site_id: str, warc: str, original: Capture | None = None) -> Capture:
    """The Capture of a response, resource or revisit; a revisit takes its body's facts from its ``original``."""
    body = decoded_body(stored.body, header(stored.http, b"content-encoding"))
    claimed = header(stored.http, b"content-type") or ("" if stored.http else stored.headers.get("content-type", ""))
    own = Capture(
        run_id=stored.headers.get(RUN_HEADER.lower(), ""),
        site_id=site_id,
        url=stored.url,
        fetched_at=stored.headers.get("warc-date", ""),
        status=stored.status,
        claimed_type="" if claimed.startswith("application/http") else claimed,
        sniffed_type=media_type(body),
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        payload_digest=stored.headers.get("warc-payload-digest", ""),
        warc=warc,
        offset=stored.offset,
        length=stored.length,
        record_id=stored.record_id,
        location=_absolute(stored.url, header(stored.http, b"location")),
        truncated="warc-truncated" in stored.headers,
    )
    if stored.kind != "revisit" or original is None:
        return own
    same = ("sniffed_type", "size", "sha256", "warc", "offset", "length")
    body_facts = {name: getattr(original, name) for name in same}
    claimed_type = own.claimed_type or original.claimed_type  # a 304 does not repeat it (RFC 9110 section 15.4.5)
    return dataclasses.replace(own, revisit_of=original.record_id, claimed_type=claimed_type, **body_facts)


def _absolute(url: str, location: str) -> str:
    try:
        return urljoin(url, location) if location else ""
    except ValueError:  # "http://[": kept as it was sent
        return location
