"""WARC 1.1 (ISO 28500:2017) records as bytes of gzip members: an Exchange, a note, a file's warcinfo.

They are written here and not by warcio: it took an eighth of what keeping a page costs, percent-encodes what is not
ASCII in a message's headers, and its digests are sha1. But for these two, a test holds what is written to what warcio
writes, byte for byte.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import uuid
import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.archive.exchange import UNSAFE, Exchange, Headers
from crawler.items import Capture, Failure, Listing, Relisted, Run, Site
from crawler.sniff import media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

Note = Site | Run | Listing | Relisted | Failure
NOTES: Mapping[str, type[Note]] = {
    "site": Site,
    "run": Run,
    "listing": Listing,
    "relisted": Relisted,
    "failure": Failure,
}

RUN_HEADER = "Gongkai-Run"
SOURCE_HEADER = "Gongkai-Source"
NOTE_FIELD = b"gongkai-note: "
"""How a note's body begins; JSON alone in archives that were made before."""
NOTE_HEADER = "Gongkai-Note"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_LEVEL = 4  # warcio's own 9 takes twice the time, for three bytes of a hundred
_SMALL = 4096  # bytes that a small window holds: zlib's usual one takes 256 KB of memory anew for each record
_LINE_ENDS = re.compile(rb"[\r\n]+")
_OF_NOTHING = "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ===="
_WITHOUT_PAYLOAD_DIGEST = ("warcinfo", "revisit")


def digest(data: bytes) -> str:
    """``sha256:`` and the digest in base32, the form that other tools verify."""
    if not data:  # what each request without a body has
        return _OF_NOTHING
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def warcinfo(filename: str, date: str, software: str) -> bytes:
    """The record that begins each file."""
    headers = {"WARC-Date": date, "WARC-Filename": filename}
    text = f"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: ISO 28500:2017\r\n"
    return _record("", "warcinfo", text.encode(), headers, "application/warc-fields")[0]


def note_record(note: Note, date: str) -> bytes:
    """A note as a metadata record: one field, whose value is JSON with ``record`` naming its class.

    Of the type ``application/warc-fields``, because replay tools show any other record about a page's address as the
    page.
    """
    name = next(name for name, kind in NOTES.items() if isinstance(note, kind))
    fields = {"record": name, **dataclasses.asdict(note)}
    try:
        body = json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, from a page's script: kept as \u escapes
        body = json.dumps(fields).encode()
    body = NOTE_FIELD + body + b"\r\n"
    return _record(_target_uri(note), "metadata", body, {"WARC-Date": date}, "application/warc-fields")[0]


def run_urn(run_id: str) -> str:
    """What a Run's record is about."""
    return f"urn:gongkai:run:{run_id}"


def _target_uri(note: Note) -> str:
    """What a note is about: an address, or a URN for a run or a site; nothing in it may break a header line."""
    if isinstance(note, Listing | Failure):
        about = note.url
    elif isinstance(note, Relisted):
        about = f"urn:gongkai:relisted:{note.run_id}"
    else:
        about = run_urn(note.run_id) if isinstance(note, Run) else f"urn:gongkai:site:{note.id}"
    return UNSAFE.sub(lambda found: quote(found.group().encode("utf-8", "surrogatepass")), about)


def exchange_records(
    exchange: Exchange,
    run_id: str,
    original: Capture | None,
    profile: str = IDENTICAL,
    *,
    payload_digest: str = "",
) -> tuple[bytes, bytes]:
    """Response and, if known, request. A revisit where ``original``, which holds the body, is given.

    ``payload_digest``: that of the body, where it is known.

    A document for which no HTTP happened is a resource record. The payload digest of a
    server-not-modified revisit is that of the body which the server says still stands.
    """
    headers = _warc_headers(exchange, run_id, payload_digest or digest(exchange.body))
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
    http = _http(f"{exchange.protocol} {exchange.status} {exchange.reason}".rstrip(), exchange.response_headers)
    record, record_id = _record(exchange.url, kind, body, headers, "application/http; msgtype=response", http)
    return record, _request(exchange, record_id)


def _warc_headers(exchange: Exchange, run_id: str, payload_digest: str) -> dict[str, str]:
    headers = {
        "WARC-Date": exchange.fetched_at,
        RUN_HEADER: run_id,
        "WARC-Payload-Digest": payload_digest,
    }
    if exchange.address:
        headers["WARC-IP-Address"] = exchange.address
    if exchange.source:
        headers[SOURCE_HEADER] = exchange.source
    if exchange.truncated:
        headers["WARC-Truncated"] = "disconnect"
    if exchange.note:
        headers[NOTE_HEADER] = exchange.note
    return headers


def _request(exchange: Exchange, record_id: str) -> bytes:
    if not exchange.request_headers:  # taken from elsewhere: what was asked is not known
        return b""
    asked = _http(f"{exchange.method} {_request_target(exchange.url)} {exchange.protocol}", exchange.request_headers)
    about = {"WARC-Date": exchange.fetched_at, "WARC-Concurrent-To": record_id}
    return _record(exchange.url, "request", exchange.request_body, about, "application/http; msgtype=request", asked)[0]


def _request_target(url: str) -> str:
    parts = urlsplit(url)
    return quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/?&=%:;@!$'()*+,~#[]")


def _http(start_line: str, headers: Headers) -> bytes:
    """The head of a message. A line end in a value (a folded header, RFC 9112 section 5.2) becomes a space."""
    lines = [name + b": " + _LINE_ENDS.sub(b" ", value) for name, value in headers]
    return b"\r\n".join([start_line.encode("latin-1"), *lines, b"", b""])


def _record(
    url: str, kind: str, body: bytes, headers: Mapping[str, str], content_type: str, http: bytes = b""
) -> tuple[bytes, str]:
    """One gzip member and the record's id; the fields in warcio's order."""
    record_id = f"<urn:uuid:{uuid.uuid4()}>"
    fields = {**headers, "WARC-Type": kind, "WARC-Record-ID": record_id}
    if url:
        fields["WARC-Target-URI"] = url
    if kind not in _WITHOUT_PAYLOAD_DIGEST:
        fields.setdefault("WARC-Payload-Digest", digest(body))
    block = http + body
    fields["WARC-Block-Digest"] = digest(block) if http else fields.get("WARC-Payload-Digest") or digest(body)
    fields |= {"Content-Type": content_type, "Content-Length": str(len(block))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    record = b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n"))
    window, memory = (12, 5) if len(record) <= _SMALL else (zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, window | 16, memory)
    return packer.compress(record) + packer.flush(), record_id
