"""WARC 1.1 (ISO 28500:2017) records as bytes of gzip members: an Exchange, a note, a file's warcinfo.

warcio writes the records. Its HTTP headers are made to keep raw bytes (it would percent-encode non-ASCII), and its
digests to be sha256 (in base32, the form that other tools verify; warcio's own is sha1).
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from crawler.archive.exchange import UNSAFE, Exchange, Headers
from crawler.items import Capture, Failure, Listing, Run, Site
from crawler.sniff import media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

Note = Site | Run | Listing | Failure
NOTES: Mapping[str, type[Note]] = {"site": Site, "run": Run, "listing": Listing, "failure": Failure}

RUN_HEADER = "Gongkai-Run"
NOTE_HEADER = "Gongkai-Note"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_LEVEL = 6  # warcio's own 9 takes half as long again, for one byte of a hundred
_LINE_ENDS = re.compile(r"[\r\n]+")


class _RawHeaders(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """HTTP headers written as the bytes they were (latin-1 maps every byte to one character and back)."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return self.to_bytes(filter_func, encoding="latin-1")  # type: ignore[no-any-return]


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


def digest(data: bytes) -> str:
    """``sha256:`` and the digest in base32."""
    digester = Digester("sha256")
    digester.update(data)
    return str(digester)


def warcinfo(filename: str, date: str, software: str) -> bytes:
    """The record that begins each file."""
    headers = {"WARC-Date": date, "WARC-Filename": filename}
    text = f"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: ISO 28500:2017\r\n"
    return _record("", "warcinfo", text.encode(), headers, "application/warc-fields")[0]


def note_record(note: Note, date: str) -> bytes:
    """A note as a metadata record: JSON, with ``record`` naming its class."""
    name = next(name for name, kind in NOTES.items() if isinstance(note, kind))
    fields = {"record": name, **dataclasses.asdict(note)}
    try:
        body = json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, from a page's script: kept as \u escapes
        body = json.dumps(fields).encode()
    return _record(_target_uri(note), "metadata", body, {"WARC-Date": date}, "application/json")[0]


def run_urn(run_id: str) -> str:
    """What a Run's record is about."""
    return f"urn:gongkai:run:{run_id}"


def _target_uri(note: Note) -> str:
    """What a note is about: an address, or a URN for a run or a site; nothing in it may break a header line."""
    if isinstance(note, Listing | Failure):
        about = note.url
    else:
        about = run_urn(note.run_id) if isinstance(note, Run) else f"urn:gongkai:site:{note.id}"
    return UNSAFE.sub(lambda found: quote(found.group().encode("utf-8", "surrogatepass")), about)


def exchange_records(
    exchange: Exchange, run_id: str, original: Capture | None, profile: str = IDENTICAL
) -> tuple[bytes, bytes]:
    """Response and, if known, request. A revisit where ``original``, which holds the body, is given.

    A document for which no HTTP happened is a resource record. The payload digest of a
    server-not-modified revisit is that of the body which the server says still stands.
    """
    headers = _warc_headers(exchange, run_id)
    if exchange.status == 0:
        return _record(exchange.url, "resource", exchange.body, headers, media_type(exchange.body))[0], b""
    kind, body = "response", exchange.body
    if original is not None:
        kind, body = "revisit", b""
        headers |= {
            "WARC-Payload-Digest": original.payload_digest,
            "WARC-Profile": profile,
            "WARC-Refers-To": original.record_id,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": original.fetched_at,
        }
    http = _http(f"{exchange.status} {exchange.reason}".strip(), exchange.protocol, exchange.response_headers)
    record, record_id = _record(exchange.url, kind, body, headers, "", http)
    return record, _request(exchange, record_id)


def _warc_headers(exchange: Exchange, run_id: str) -> dict[str, str]:
    headers = {
        "WARC-Date": exchange.fetched_at,
        RUN_HEADER: run_id,
        "WARC-Payload-Digest": digest(exchange.body),
    }
    if exchange.address:
        headers["WARC-IP-Address"] = exchange.address
    if exchange.truncated:
        headers["WARC-Truncated"] = "disconnect"
    if exchange.note:
        headers[NOTE_HEADER] = exchange.note
    return headers


def _request(exchange: Exchange, record_id: str) -> bytes:
    if not exchange.request_headers:  # taken from elsewhere: what was asked is not known
        return b""
    asked = _http(f"{_request_target(exchange.url)} {exchange.protocol}", exchange.method, exchange.request_headers)
    about = {"WARC-Date": exchange.fetched_at, "WARC-Concurrent-To": record_id}
    return _record(exchange.url, "request", exchange.request_body, about, "", asked)[0]


def _request_target(url: str) -> str:
    parts = urlsplit(url)
    return quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/?&=%:;@!$'()*+,~#[]")


def _http(status_line: str, protocol: str, headers: Headers) -> _RawHeaders:
    """A line end inside a value (an old folded header, RFC 9112 section 5.2) becomes a space: it would end the line."""
    decoded = [(name.decode("latin-1"), _LINE_ENDS.sub(" ", value.decode("latin-1"))) for name, value in headers]
    return _RawHeaders(status_line, decoded, protocol=protocol)


def _record(
    url: str,
    kind: str,
    body: bytes,
    headers: Mapping[str, str],
    content_type: str,
    http: StatusAndHeaders | None = None,
) -> tuple[bytes, str]:
    """One gzip member and the record's id."""
    buffer = io.BytesIO()
    writer = _Writer(buffer, gzip=False, warc_version="1.1")
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
    member = zlib.compress(buffer.getbuffer(), _LEVEL, wbits=zlib.MAX_WBITS | 16)
    return member, str(record.rec_headers.get_header("WARC-Record-ID"))
