"""What went over the wire, as the archive takes it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines as raw bytes, in order, repeats kept: Chinese servers send GBK in them."""

_MOST_BYTES = 256_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response (RFC 9110). ``body`` as received: transfer coding removed, content coding kept.

    ``fetched_at``: UTC, ISO 8601, ``Z``. ``truncated``: the connection ended before the body did.
    A document that was not fetched (a local file) has ``status`` 0 and no headers.
    """

    url: str
    fetched_at: str
    status: int
    body: bytes
    reason: str = ""
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    response_headers: Headers = ()
    address: str = ""
    truncated: bool = False

    def header(self, name: bytes) -> str:
        """The first response header of that name (lower case), or empty."""
        return header(self.response_headers, name)


def header(headers: Headers, name: bytes) -> str:
    """The first header of that name (lower case) as text, or empty."""
    return next((value.decode("latin-1").strip() for key, value in headers if key.lower() == name), "")


def decoded_body(body: bytes, content_encoding: str) -> bytes:
    """The body with gzip or deflate removed; as it is for another coding, or where it is not what it claims to be."""
    for coding in reversed([part.strip().lower() for part in content_encoding.split(",")]):
        if coding in ("gzip", "x-gzip", "deflate"):
            body = _inflate(body)
    return body


def _inflate(body: bytes) -> bytes:
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        inflater = zlib.decompressobj(window)
        try:
            return inflater.decompress(body, _MOST_BYTES)
        except zlib.error:
            continue
    return body
