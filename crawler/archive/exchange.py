"""What went over the wire, as the archive takes it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines as raw bytes, in order, repeats kept: Chinese servers send GBK in them."""

_MOST_BYTES = 256_000_000
_PIECE = 1 << 24
UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]")
"""What an address in a WARC header may not hold: it would end the line, or be stripped from its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response (RFC 9110). ``body`` as received: transfer coding removed, content coding kept.

    ``fetched_at``: UTC, ISO 8601, ``Z``. ``truncated``: the connection ended before the body did.
    ``note``: what is to be known of how it came (one line), kept with the record.
    A document that was not fetched (a local file) has ``status`` 0 and no headers. ``source``: of one that others
    fetched, their file and its record there.

    Raises:
        ValueError: the address is empty or holds white space or control characters, which would break a WARC header.
    """

    url: str
    fetched_at: str
    status: int
    body: bytes
    reason: str = ""
    protocol: str = "HTTP/1.1"
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    response_headers: Headers = ()
    address: str = ""
    truncated: bool = False
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.url or UNSAFE.search(self.url):
            raise ValueError(f"not an address that can be stored, percent-encode it first: {self.url!r}")

    def header(self, name: bytes) -> str:
        """The first response header of that name (lower case), or empty."""
        return header(self.response_headers, name)

    def decoded_body(self) -> bytes:
        """The body with its content coding removed."""
        return decoded_body(self.body, self.header(b"content-encoding"))


def header(headers: Headers, name: bytes) -> str:
    """The first header of that name (lower case) as text, or empty."""
    return next((value.decode("latin-1").strip() for key, value in headers if key.lower() == name), "")


def decoded_body(body: bytes, content_encoding: str) -> bytes:
    """The body with gzip or deflate removed; as it is for another coding, or where it is not what it claims to be.

    A body that would swell beyond 256 MB stays as received: it is a bomb, and a part of it would be no document.
    """
    for coding in reversed([part.strip().lower() for part in content_encoding.split(",")]):
        if coding in ("gzip", "x-gzip", "deflate"):
            body = _inflate(body)
    return body


def _inflate(body: bytes) -> bytes:
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return _members(body, window)
        except zlib.error:
            continue
    return body


def _members(body: bytes, window: int) -> bytes:
    """All gzip members (RFC 1952 section 2.2) one after the other, padding left out; a cut one gives its part."""
    pieces: list[bytes] = []
    room, rest = _MOST_BYTES, body
    while rest and (not pieces or rest[:2] == b"\x1f\x8b"):
        inflater = zlib.decompressobj(window)
        full = True
        while full:
            pieces.append(inflater.decompress(rest, _PIECE))  # in one, zlib would ask for twice the memory
            room -= len(pieces[-1])
            if room <= 0:
                return body
            full, rest = len(pieces[-1]) == _PIECE and not inflater.eof, inflater.unconsumed_tail
        rest = inflater.unused_data
    return b"".join(pieces)
