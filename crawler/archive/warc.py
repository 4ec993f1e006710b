"""WARC 1.1 (ISO 28500:2017) records: an Exchange or a note as bytes of gzip members, and back.

warcio writes and parses the records. Its HTTP headers are made to keep raw bytes (it would percent-encode non-ASCII).
Digests are sha256 in base32, the form that other tools verify.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from crawler.archive.errors import RecordError
from crawler.archive.exchange import decoded_body, header
from crawler.items import Capture, Failure, Listing, Run, Site
from crawler.sniff import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crawler.archive.exchange import Exchange, Headers

Note = Site | Run | Listing | Failure
NOTES: Mapping[str, type[Note]] = {"site": Site, "run": Run, "listing": Listing, "failure": Failure}

RUN_HEADER = "Gongkai-Run"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class _RawHeaders(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """HTTP headers written as the bytes they were (latin-1 maps every byte to one character and back)."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return self.to_bytes(filter_func, encoding="latin-1")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Original:
    """The stored record that a revisit refers to."""

    url: str
    date: str
    record_id: str


def payload_digest(body: bytes) -> str:
    """``sha256:`` and the digest in base32, over the body as received."""
    digester = Digester("sha256")
    digester.update(body)
    return str(digester)


def warcinfo(filename: str, date: str, software: str) -> bytes:
    """The record that begins each file."""
    headers = {"WARC-Date": date, "WARC-Filename": filename}
    text = f"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: ISO 28500:2017\r\n"
    return _record("", "warcinfo", text.encode(), headers, "application/warc-fields")[0]


def note_record(note: Note, date: str) -> tuple[bytes, str]:
    """A note as a metadata record: the bytes and the record id."""
    name = next(name for name, kind in NOTES.items() if isinstance(note, kind))
    body = json.dumps({"record": name, **dataclasses.asdict(note)}, ensure_ascii=False).encode()
    return _record(note_url(note), "metadata", body, {"WARC-Date": date}, "application/json")


def note_url(note: Note) -> str:
    """What a note is about: an address, or a URN for a run or a site."""
    if isinstance(note, Listing | Failure):
        return note.url
    return f"urn:gongkai:run:{note.run_id}" if isinstance(note, Run) else f"urn:gongkai:site:{note.id}"


def exchange_records(
    exchange: Exchange, run_id: str, original: Original | None, profile: str = IDENTICAL
) -> tuple[bytes, bytes, str]:
    """Response (or revisit, where ``original`` is given) and request: their bytes and the first one's record id."""
    headers = {
        "WARC-Date": exchange.fetched_at,
        RUN_HEADER: run_id,
        "WARC-Payload-Digest": payload_digest(exchange.body),
    }
    if exchange.address:
        headers["WARC-IP-Address"] = exchange.address
    if exchange.truncated:
        headers["WARC-Truncated"] = "disconnect"
    kind, body = "response", exchange.body
    if exchange.status == 0:
        kind = "resource"
    elif original is not None:
        kind, body = "revisit", b""
        headers |= {
            "WARC-Profile": profile,
            "WARC-Refers-To": original.record_id,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": original.date,
        }
    if kind == "resource":
        record, record_id = _record(exchange.url, kind, body, headers, media_type(body))
        return record, b"", record_id
    http = _http(f"{exchange.status} {exchange.reason}".strip(), "HTTP/1.1", exchange.response_headers)
    record, record_id = _record(exchange.url, kind, body, headers, "", http)
    if not exchange.request_headers:  # taken from elsewhere: what was asked is not known
        return record, b"", record_id
    asked = _http(f"{_target(exchange.url)} HTTP/1.1", exchange.method, exchange.request_headers)
    about = {"WARC-Date": exchange.fetched_at, "WARC-Concurrent-To": record_id}
    request, _ = _record(exchange.url, "request", exchange.request_body, about, "", asked)
    return record, request, record_id


def _target(url: str) -> str:
    parts = urlsplit(url)
    return quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/?&=%:;@!$'()*+,~#[]")


def _http(status_line: str, protocol: str, headers: Headers) -> _RawHeaders:
    decoded = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return _RawHeaders(status_line, decoded, protocol=protocol)


def _record(
    url: str,
    kind: str,
    body: bytes,
    headers: Mapping[str, str],
    content_type: str,
    http: StatusAndHeaders | None = None,
) -> tuple[bytes, str]:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict=dict(headers),
        http_headers=http,
    )
    writer.write_record(record)
    return buffer.getvalue(), str(record.rec_headers.get_header("WARC-Record-ID"))


@dataclass(frozen=True, slots=True)
class Stored:
    """A record read back from a file: ``headers`` are the WARC's own (lower-case names), ``http`` the message's."""

    kind: str
    offset: int
    length: int
    headers: Mapping[str, str]
    status: int
    http: Headers
    body: bytes
    problems: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """What the record is about."""
        return self.headers.get("warc-target-uri", "")


def read_records(file: BinaryIO, start: int = 0, *, check: bool = False) -> Iterator[Stored]:
    """The records of an open WARC file from byte ``start`` on; ``check`` verifies digests (``problems`` says)."""
    file.seek(start)
    records = ArchiveIterator(file, check_digests=check)
    for record in records:
        body = record.content_stream().read() if record.rec_type == "metadata" else record.raw_stream.read()
        checker = getattr(record, "digest_checker", None)
        http = record.http_headers
        yield Stored(
            kind=record.rec_type,
            offset=records.get_record_offset(),
            length=records.get_record_length(),
            headers={name.lower(): value for name, value in record.rec_headers.headers},
            status=int(http.get_statuscode() or 0) if http and record.rec_type in ("response", "revisit") else 0,
            http=tuple((n.encode("latin-1", "replace"), v.encode("latin-1", "replace")) for n, v in http.headers)
            if http
            else (),
            body=body,
            problems=tuple(checker.problems) if check and checker and checker.problems else (),
        )


def read_one(file: BinaryIO, offset: int) -> Stored:
    """The record at that byte.

    Raises:
        RecordError: no record begins there.
    """
    try:
        return next(read_records(file, offset))
    except Exception as error:  # warcio raises its own and zlib's errors on damage
        raise RecordError(f"no record can be read at byte {offset} ({error!r}); run: gongkai verify") from error


def read_note(stored: Stored) -> Note:
    """The note that a metadata record holds.

    Raises:
        RecordError: it holds none of ours.
    """
    try:
        fields = json.loads(stored.body)
        kind = NOTES[fields.pop("record")]
    except (ValueError, KeyError, AttributeError) as error:
        raise RecordError(f"the metadata record at byte {stored.offset} is no note of ours") from error
    if kind is Listing:
        fields["attachments"] = tuple(fields["attachments"])
    return kind(**fields)


def to_capture(stored: Stored, *, site_id: str, warc: str, original: Capture | None = None) -> Capture:
    """The Capture of a response, resource or revisit; a revisit takes its body's facts from its ``original``."""
    body = decoded_body(stored.body, header(stored.http, b"content-encoding"))
    claimed = header(stored.http, b"content-type") or ("" if stored.http else stored.headers.get("content-type", ""))
    own = Capture(
        run_id=stored.headers.get(RUN_HEADER.lower(), ""),
        site_id=site_id,
        url=stored.url,
        fetched_at=stored.headers["warc-date"],
        status=stored.status,
        claimed_type=claimed,
        sniffed_type=media_type(body),
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        payload_digest=stored.headers.get("warc-payload-digest", ""),
        warc=warc,
        offset=stored.offset,
        length=stored.length,
        record_id=stored.headers["warc-record-id"],
        location=urljoin(stored.url, where) if (where := header(stored.http, b"location")) else "",
        truncated="warc-truncated" in stored.headers,
    )
    if stored.kind != "revisit" or original is None:
        return own
    same = ("sniffed_type", "size", "sha256", "warc", "offset", "length")
    return dataclasses.replace(own, revisit_of=original.record_id, **{name: getattr(original, name) for name in same})
