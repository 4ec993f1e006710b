"""Gzip members of a WARC file, one a record (RFC 1952; WARC 1.1 annex D): their bytes, and where the last one ends.

They are read here and not by warcio, which takes a torn or damaged member for a short one and says nothing.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 16


def read_member(file: BinaryIO, start: int) -> tuple[bytes, int] | None:
    """The decompressed member that begins at byte ``start`` and where it ends; None if it is torn or damaged."""
    pieces: list[bytes] = []
    end = _walk(file, start, pieces)
    return None if end is None else (b"".join(pieces), end)


def whole_length(file: BinaryIO, start: int = 0) -> int:
    """Where the whole members that follow each other from byte ``start`` on end; 0 if not even the first is whole."""
    end = start
    while (following := _walk(file, end, None)) is not None:
        end = following
    return end if end > start else 0


def checksum(file: BinaryIO, start: int, end: int) -> int:
    """CRC-32 of the compressed bytes: some bits of deflate can change and give the same text (RFC 1951 section 3.2)."""
    file.seek(start)
    crc = 0
    while start < end and (chunk := file.read(min(_CHUNK, end - start))):
        crc = zlib.crc32(chunk, crc)
        start += len(chunk)
    return crc


def _walk(file: BinaryIO, start: int, pieces: list[bytes] | None) -> int | None:
    file.seek(start)
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for chunk in _chunks(file):
        try:
            piece = inflater.decompress(chunk)
        except zlib.error:
            return None
        if pieces is not None:
            pieces.append(piece)
        if inflater.eof:
            return file.tell() - len(inflater.unused_data)
    return None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
