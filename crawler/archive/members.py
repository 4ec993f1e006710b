"""Gzip members of a WARC file: where the last whole one ends (RFC 1952; `warcio check` calls torn files fine)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"
"""How every member that we write begins: any other byte there is damage that decompressing would not show."""

_CHUNK = 1 << 16


def whole_length(path: Path, start: int = 0) -> int:
    """Bytes up to the end of the last whole gzip member at or after ``start`` (which begins a member)."""
    end = start
    with path.open("rb") as file:
        while (following := _member_end(file, end)) is not None:
            end = following
    return end


def _member_end(file: BinaryIO, start: int) -> int | None:
    """Where the member that begins at ``start`` ends; None if none does or it is torn."""
    file.seek(start)
    if file.read(3) != HEADER[:3]:
        return None
    file.seek(start)
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while chunk := file.read(_CHUNK):
        try:
            inflater.decompress(chunk)
        except zlib.error:
            return None
        if inflater.eof:
            return file.tell() - len(inflater.unused_data)
    return None
