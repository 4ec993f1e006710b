"""OLE2 compound files ([MS-CFB]): the stream of an XLS, and a plain file around one.

What the library opens is our copy, with the one stream that was looked through.
"""

from __future__ import annotations

import io
import struct

import olefile

_SECTOR = 512
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SHORTEST = 4096  # a shorter stream would have to stand in the mini stream
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_stream(data: bytes, *names: str) -> tuple[str, bytes]:
    """The first of the named streams that is there: its name and its bytes.

    Raises:
        ValueError: there is none, or the file is not whole.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            for name in names:
                if file.exists(name) and file.get_type(name) == olefile.STGTY_STREAM:
                    return name, file.openstream(name).read()
    except (OSError, struct.error, IndexError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    raise ValueError(f"it holds no stream named {' or '.join(names)}")


def wrap_stream(name: str, content: bytes) -> bytes:
    """A compound file (version 3) of nothing but this stream; one that is short is filled up with zeros."""
    content = content.ljust(max(_SHORTEST, -(-len(content) // _SECTOR) * _SECTOR), b"\0")
    in_content = len(content) // _SECTOR
    in_fat = 1
    while in_fat * 128 < in_content + 1 + in_fat + (in_difat := max(0, -(-(in_fat - 109) // 127))):
        in_fat += 1
    fat_starts, difat_starts = in_content + 1, in_content + 1 + in_fat
    chain = [*range(1, in_content), _END, _END, *[_FAT_SECTOR] * in_fat, *[0xFFFFFFFC] * in_difat]
    fat = struct.pack(f"<{in_fat * 128}I", *chain, *[_FREE] * (in_fat * 128 - len(chain)))
    sectors = [*range(fat_starts, fat_starts + in_fat)]
    difat = b""
    for index in range(in_difat):
        part = sectors[109 + index * 127 : 109 + (index + 1) * 127]
        following = difat_starts + index + 1 if index + 1 < in_difat else _END
        difat += struct.pack("<128I", *part, *[_FREE] * (127 - len(part)), following)
    head = _SIGNATURE + struct.pack(
        "<16xHHHHH6xIIIIIIIIII",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, in_fat, in_content, 0, _SHORTEST, _END, 0),
        *(difat_starts if in_difat else _END, in_difat, sectors[0]),
    )
    head += struct.pack("<108I", *sectors[1:109], *[_FREE] * (108 - len(sectors[1:109])))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 0, len(content)) + bytes(256)
    return head + content + directory + fat + difat


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
