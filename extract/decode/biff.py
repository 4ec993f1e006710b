"""Records of an XLS workbook stream ([MS-XLS] 2.1.4): what its sheets hold, before a library unpacks them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.decode.errors import EncryptedDocument
from extract.decode.sheet_marks import SheetMarks, ensure_size

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SST, _CONTINUE, _LABELSST = 0x809, 0x0A, 0x2F, 0x85, 0xFC, 0x3C, 0xFD
_DIMENSIONS, _ROW, _COLINFO, _BLANK, _MULBLANK, _MULRK = 0x200, 0x208, 0x7D, 0x201, 0xBE, 0xBD
_NUMBER, _LABEL, _BOOLERR, _RK, _RSTRING, _FORMULAS = 0x203, 0x204, 0x205, 0x27E, 0xD6, (0x06, 0x206, 0x406)
_HOLD_ONE = frozenset({_NUMBER, _LABEL, _BOOLERR, _RK, _RSTRING, _LABELSST, *_FORMULAS})
_NO_RECORD = 0x0FFF
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(frozen=True, slots=True)
class Workbook:
    """A stream to be opened, and what its sheets hold, in the workbook's order."""

    stream: bytes
    sheets: tuple[SheetMarks, ...]


def look_through(stream: bytes) -> Workbook:
    """What the sheets hold. Of the stream only the stated dimensions are struck out: they are often far too large.

    Raises:
        EncryptedDocument: the records are enciphered.
        ValueError: no sheet is named in the stream, or it states more than it can hold.
        DamagedDocument: larger than any report.
    """
    seen = bytearray(stream)
    starts, shared_bytes = _globals(stream)
    sheets: list[SheetMarks] = []
    named: dict[int, int] = {}
    cells = 0
    for start in starts:
        marks = SheetMarks()
        cells += _read_sheet(stream, start, marks, named, seen)
        sheets.append(marks)
        if cells > len(stream):
            raise ValueError("its sheets overlap")
    ensure_size(sheets, max(named.values(), default=0) * shared_bytes)
    return Workbook(bytes(seen), tuple(sheets))


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, bytes]]:
    """Offset, type and content of each record from ``start`` on."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield start, kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _globals(stream: bytes) -> tuple[list[int], int]:
    """Where the sheets begin, and how many bytes the texts that they share take."""
    starts: list[int] = []
    shared, before = 0, 0
    for _, kind, content in _records(stream, 0):
        if kind == _FILEPASS:
            raise EncryptedDocument("an XLS protected by a password; ask for a copy without one")
        if kind == _BOUNDSHEET and len(content) >= 4:
            starts.append(struct.unpack_from("<I", content)[0])
        elif kind == _SST and len(content) >= 8:
            shared += len(content)
            if struct.unpack_from("<I", content, 4)[0] > len(stream):
                raise ValueError("it states more texts than it has bytes")
        elif kind == _CONTINUE and before in (_SST, _CONTINUE):
            shared += len(content)
        elif kind == _EOF:
            break
        before = kind
    if not starts:
        raise ValueError("it names no sheet")
    return starts, shared


def _read_sheet(stream: bytes, start: int, marks: SheetMarks, named: dict[int, int], seen: bytearray) -> int:
    """Note what a sheet holds and how often each shared text is named; the number of cells."""
    depth = count = 0
    for offset, kind, content in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            break
        if kind == _DIMENSIONS:
            struct.pack_into("<H", seen, offset, _NO_RECORD)
        elif kind == _COLINFO and len(content) >= 10:
            first, last, _, _, flags = struct.unpack_from("<5H", content)
            if flags & 1:
                marks.hide_columns(first, last)
        elif kind == _ROW and len(content) >= 14:
            if struct.unpack_from("<H", content, 12)[0] & 0x20:
                marks.hidden_rows.add(struct.unpack_from("<H", content)[0])
        elif len(content) >= 6:
            count += _note(kind, content, marks, named)
    return count


def _note(kind: int, content: bytes, marks: SheetMarks, named: dict[int, int]) -> int:
    row, column = struct.unpack_from("<HH", content)
    last = struct.unpack_from("<H", content, len(content) - 2)[0]
    if kind == _BLANK:
        marks.blank(row)
    elif kind == _MULBLANK:
        marks.blank(row, max(0, last - column + 1))
    elif kind == _MULRK:
        marks.reach(row, column)
        marks.reach(row, column + max(0, (len(content) - 6) // 6))
    elif kind in _HOLD_ONE:
        marks.reach(row, column)
        if text := _error(kind, content):
            marks.unvalued[row, column] = text
        if kind == _LABELSST and len(content) >= 10:
            number = struct.unpack_from("<I", content, 6)[0]
            named[number] = named.get(number, 0) + 1
    else:
        return 0
    return 1


def _error(kind: int, content: bytes) -> str:
    """The error that a cell shows, if it is one."""
    if kind == _BOOLERR and len(content) >= 8 and content[7]:
        return _ERRORS.get(content[6], "#ERROR!")
    if kind in _FORMULAS and len(content) >= 14 and content[12:14] == b"\xff\xff" and content[6] == 2:
        return _ERRORS.get(content[8], "#ERROR!")
    return ""
