"""The streams of a Word binary file and what its header says of them ([MS-DOC] 2.1, 2.5; the container is [MS-CFB]).

olefile takes the container apart. Its header is looked at first: a count of sectors beyond the file's own size would
keep olefile busy for hours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from struct import error as StructError  # noqa: N812  # an exception, whatever its module calls it
from struct import unpack_from

import olefile

from extract.decode.errors import DamagedDocument, EncryptedDocument, UnsupportedFormat

_WORD_97 = 0x00C1
_MAGIC = 0xA5EC
_OLDER_MAGIC = frozenset({0xA5DC, 0xA59B, 0xA59C, 0xA697, 0xA698, 0xA699})
_ENCRYPTED, _IN_1TABLE = 0x0100, 0x0200
_COUNTS = 0x20  # of the header's array of 16-bit numbers; the other arrays follow it, each after its own count

STYLES, CHARACTER_RUNS, PARAGRAPH_RUNS, PIECES, ANCHORS, TEXT_BOXES = 1, 12, 13, 33, 40, 56
"""Positions in the header's list of what the table stream holds (FibRgFcLcb97)."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many characters (UTF-16 units) each part of the text has, in the order in which they follow each other."""

    body: int
    footnotes: int
    headers: int
    macros: int
    comments: int
    endnotes: int
    text_boxes: int

    @property
    def before_text_boxes(self) -> int:
        """Where the text boxes begin."""
        return self.body + self.footnotes + self.headers + self.macros + self.comments + self.endnotes


@dataclass(frozen=True, slots=True)
class WordFile:
    """The streams WordDocument, 0Table or 1Table, Data and SummaryInformation; the last two may be missing (empty)."""

    main: bytes
    table: bytes
    data: bytes
    summary: bytes
    lengths: Lengths
    parts: tuple[int, ...]

    def part(self, index: int) -> bytes:
        """That part of the table stream; empty where the header names none."""
        offset, size = (*self.parts[2 * index : 2 * index + 2], 0, 0)[:2]
        return self.table[offset : offset + size]


def open_word(data: bytes) -> WordFile:
    """The streams of a .doc, .dot or .wps file of Word 97 or later.

    Raises:
        EncryptedDocument: it opens only with a password.
        UnsupportedFormat: it is of Word 95 or older.
        DamagedDocument: the container or the header is not whole.
    """
    try:
        with _open_container(data) as container:
            streams = _Streams(container)
            main = streams.read("WordDocument")
            table_name, lengths, parts = _read_header(main)
            return WordFile(
                main,
                streams.read(table_name),
                streams.read("Data", needed=False),
                streams.read("\x05SummaryInformation", needed=False),
                lengths,
                parts,
            )
    except (
        OSError,  # olefile, on what it sees to be wrong
        StructError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,  # olefile, on a directory without a root
        RecursionError,
        OverflowError,
        MemoryError,
    ) as error:
        message = " ".join(str(error).split()) or type(error).__name__
        raise DamagedDocument(
            f"a Word file that cannot be opened ({message}); open and save it again in an editor"
        ) from error


def _open_container(data: bytes) -> olefile.OleFileIO:
    tables, list_sectors = unpack_from("<I", data, 44)[0], unpack_from("<I", data, 72)[0]
    if (tables + list_sectors) * 512 > len(data):
        raise ValueError("its sector table is larger than the file")
    return olefile.OleFileIO(io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class _Streams:
    container: olefile.OleFileIO

    def read(self, name: str, *, needed: bool = True) -> bytes:
        if not self.container.exists(name):
            if needed:
                raise ValueError(f"it has no stream {name}")
            return b""
        try:
            return bytes(self.container.openstream(name).read())
        except OSError:
            if needed:
                raise
            return b""


def _read_header(main: bytes) -> tuple[str, Lengths, tuple[int, ...]]:
    magic, version = unpack_from("<HH", main, 0)
    if magic in _OLDER_MAGIC or (magic == _MAGIC and version < _WORD_97):
        raise UnsupportedFormat("a document of Word 95 or older; open it in an editor and save it as .docx")
    if magic != _MAGIC:
        raise DamagedDocument("a Word file whose header is damaged; open and save it again in an editor")
    (flags,) = unpack_from("<H", main, 0x0A)
    if flags & _ENCRYPTED:
        raise EncryptedDocument("a Word document protected by a password; ask for a copy without one")
    longs = _COUNTS + 2 + 2 * unpack_from("<H", main, _COUNTS)[0]
    parts = longs + 2 + 4 * unpack_from("<H", main, longs)[0]
    lengths = unpack_from("<8i", main, longs + 2 + 12)
    pairs = min(unpack_from("<H", main, parts)[0], (len(main) - parts - 2) // 8)
    if min(lengths) < 0 or pairs <= PIECES:
        raise DamagedDocument("a Word file whose header is damaged; open and save it again in an editor")
    body, footnotes, headers, macros, comments, endnotes, text_boxes, _ = lengths
    return (
        "1Table" if flags & _IN_1TABLE else "0Table",
        Lengths(body, footnotes, headers, macros, comments, endnotes, text_boxes),
        unpack_from(f"<{2 * pairs}I", main, parts + 2),
    )
