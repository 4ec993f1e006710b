"""The text of a Word file: pieces that lie anywhere in its main stream, put in order by the piece table.

[MS-DOC] 2.4.1 (retrieving text), 2.9.38 (Clx), 2.9.177 (Pcd), 2.9.73 (FcCompressed), 2.9.215 (Prm0).
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from struct import error as StructError  # noqa: N812
from struct import pack, unpack, unpack_from
from typing import TYPE_CHECKING

from extract.decode.doc_file import PIECES
from extract.decode.doc_modifiers import DELETED, HIDDEN, IN_TABLE, ROW_END
from extract.decode.errors import DamagedDocument

if TYPE_CHECKING:
    from extract.decode.doc_file import WordFile

_MOST_CHARACTERS, _MOST_MARKS = 2_000_000, 100_000
"""More than a thousand pages, and more paragraphs and cells than those would have."""
_COMPRESSED = 1 << 30
_SHORT = {0x18: IN_TABLE, 0x19: ROW_END, 0x41: DELETED, 0x5C: HIDDEN}
"""Of the modifiers that a piece may state in short, those that matter here."""
MARKS = "\r\x07\x0c"
"""What ends paragraphs: of all kinds, of cells and rows, and at a page's or section's end."""
_DAMAGED = "a Word file whose piece table is damaged ({}); open and save it again in an editor"


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters ``start`` to ``end`` of the text: ``width`` bytes each, from ``offset`` of the main stream.

    ``modifiers`` apply to all of them, over what is said elsewhere.
    """

    start: int
    end: int
    offset: int
    width: int
    modifiers: bytes

    def offset_of(self, position: int) -> int:
        """Where in the main stream that character of the text stands."""
        return self.offset + (position - self.start) * self.width


@dataclass(frozen=True, slots=True)
class Text:
    """All text, a character for each UTF-16 unit (halves of surrogate pairs stand alone), and the pieces it is of."""

    units: str
    pieces: tuple[Piece, ...]
    ends: tuple[int, ...]

    def piece_at(self, position: int) -> Piece:
        """The piece that holds that character."""
        return self.pieces[bisect_right(self.ends, position)]


def read_text(word: WordFile) -> Text:
    """The text of all parts: body, footnotes, headers and so on, one after the other.

    Raises:
        DamagedDocument: the piece table is not whole, or leads out of the file.
    """
    try:
        pieces = _read_table(word.part(PIECES), min(len(word.main), _MOST_CHARACTERS))
    except StructError as error:
        raise DamagedDocument(_DAMAGED.format(error)) from error
    units = "".join(_read_piece(word.main, piece) for piece in pieces)
    if len(units) < word.lengths.before_text_boxes + word.lengths.text_boxes:
        raise DamagedDocument(_DAMAGED.format("less text than the file should hold"))
    if sum(map(units.count, MARKS)) > _MOST_MARKS:
        raise DamagedDocument(_DAMAGED.format("more paragraphs than any real report has"))
    return Text(units, pieces, tuple(piece.end for piece in pieces))


def _read_table(table: bytes, most: int) -> tuple[Piece, ...]:
    position, groups = 0, []
    while position < len(table) and table[position] == 1:
        (size,) = unpack_from("<H", table, position + 1)
        groups.append(table[position + 3 : position + 3 + size])
        position += 3 + size
    if position >= len(table) or table[position] != 2:
        raise DamagedDocument(_DAMAGED.format("it has no pieces"))
    (size,) = unpack_from("<I", table, position + 1)
    plc = table[position + 5 : position + 5 + size]
    count = (len(plc) - 4) // 12
    starts = unpack_from(f"<{count + 1}I", plc) if count > 0 else (0,)
    if starts[0] != 0 or any(start > end for start, end in itertools.pairwise(starts)):
        raise DamagedDocument(_DAMAGED.format("its pieces are not in order"))
    # Pieces do not share bytes: without this, a small table of large pieces would be gigabytes of text.
    if starts[-1] > most:
        raise DamagedDocument(_DAMAGED.format("more text than the file can hold"))
    return tuple(
        _piece(starts[i], starts[i + 1], unpack_from("<HIH", plc, 4 * (count + 1) + 8 * i), groups)
        for i in range(count)
        if starts[i] < starts[i + 1]
    )


def _piece(start: int, end: int, description: tuple[int, ...], groups: list[bytes]) -> Piece:
    _, where, modifier = description
    offset = where & (_COMPRESSED - 1)
    if modifier & 1:
        group = groups[modifier >> 1] if modifier >> 1 < len(groups) else b""
    else:
        code = _SHORT.get(modifier >> 1 & 0x7F)
        group = pack("<HB", code, modifier >> 8) if code else b""
    if where & _COMPRESSED:
        return Piece(start, end, offset // 2, 1, group)
    return Piece(start, end, offset, 2, group)


def _read_piece(main: bytes, piece: Piece) -> str:
    count = piece.end - piece.start
    raw = main[piece.offset : piece.offset + count * piece.width]
    if len(raw) < count * piece.width:
        raise DamagedDocument(_DAMAGED.format("text beyond the end of the file"))
    if piece.width == 1:
        return raw.decode("cp1252", "replace")
    return "".join(map(chr, unpack(f"<{count}H", raw)))


def as_written(units: str) -> str:
    """Text in which surrogate pairs are characters again, and halves without their other half are marked."""
    if units.isascii():
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
