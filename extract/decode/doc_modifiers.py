"""Modifiers (Sprm, [MS-DOC] 2.2.5, 2.6): each a code and an operand. All formatting of a Word file is lists of them."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DELETED, HIDDEN, SYMBOL, CHARACTER_STYLE = 0x0800, 0x083C, 0x6A09, 0x4A30
IN_TABLE, ROW_END, DEPTH, DEEPER = 0x2416, 0x2417, 0x6649, 0x664A
INNER_CELL_END, INNER_ROW_END = 0x244B, 0x244C
ELSEWHERE = frozenset({0x6645, 0x6646, 0x646B})
"""Those whose operand is where in the Data stream the rest of the list stands (sprmPHugePapx, sprmPTableProps)."""
DEFINE_ROW, DEFINE_ROW_10, INSERT_CELLS, DELETE_CELLS, COLUMN_WIDTH = 0xD608, 0xD606, 0x7621, 0x5622, 0x7623
MERGE_CELLS, SPLIT_CELLS, MERGE_DOWN = 0x5624, 0x5625, 0xD62B

_TABS = 0xC615
_SIZES = (1, 1, 2, 4, 2, 2, -1, 3)  # of the operand, by the code's upper three bits; -1: it states its own size


def modifiers(group: bytes) -> Iterator[tuple[int, bytes]]:
    r"""Code and operand of each modifier; an operand that states its size is given without it.

    >>> list(modifiers(bytes.fromhex("16240117240108d602001234")))
    [(9238, b'\x01'), (9239, b'\x01'), (54792, b'\x12')]
    """
    position = 0
    while position + 3 <= len(group):
        (code,) = unpack_from("<H", group, position)
        position += 2
        size = _SIZES[code >> 13]
        if code in (DEFINE_ROW, DEFINE_ROW_10):
            size = max(0, int.from_bytes(group[position : position + 2], "little") - 1)
            position += 2
        elif code == _TABS and group[position] == 0xFF:
            size = _tabs_size(group[position + 1 :])
            position += 1
        elif size < 0:
            size = group[position]
            position += 1
        yield code, group[position : position + size]
        position += size


def number(operand: bytes) -> int:
    """The operand as a number without sign."""
    return int.from_bytes(operand[:4], "little")


def _tabs_size(operand: bytes) -> int:
    """The size of a list of tab stops that is too long for its size to be stated: so many go, so many come."""
    gone = 1 + 4 * operand[0] if operand else 0
    come = 1 + 3 * operand[gone] if gone < len(operand) else 0
    return gone + come
