r"""RTF 1.9 -> Document.

The libraries that strip RTF lose empty cells at a row's end and know no spans, so the tokens are read here. What Word
prints is what is read: a field's result and not its code, a list's number, a text box after the paragraph that anchors
it; not what was deleted by a tracked change, moved away or hidden, nor headers, footers, notes and comments. Word stops
where the document's first brace is closed, and so does this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import count
from typing import TYPE_CHECKING

from crawler.sniff import RTF
from extract.decode.errors import DamagedDocument
from extract.decode.nesting import to_blocks
from extract.decode.plain import plain_text
from extract.decode.rtf_charset import OWN, decode_run, is_within_a_pair, of_charset, of_code_page
from extract.decode.rtf_story import RowFormat, Story
from extract.records import Document

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]+)(?P<number>-?[0-9]+)?\x20?|\\'(?P<hex>[^\\{}]{0,2})|\\(?P<symbol>[\s\S])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}]+)"
)
_MOST_TOKENS = 3_000_000
_DEEPEST = 5_000
_LINE_ENDS = b"\r\n"
_HEX = re.compile(rb"[0-9a-fA-F]{2}")
_DAMAGE = "\ufffd"

_UNREAD = frozenset(
    [
        "aftncn",
        "aftnsep",
        "aftnsepc",
        "annotation",
        "atnauthor",
        "atnid",
        "colortbl",
        "filetbl",
        "fldinst",
        "footer",
        "footerf",
        "footerl",
        "footerr",
        "footnote",
        "ftncn",
        "ftnsep",
        "ftnsepc",
        "header",
        "headerf",
        "headerl",
        "headerr",
        "listoverridetable",
        "listtable",
        "mmathPict",
        "nonesttables",
        "nonshppict",
        "objdata",
        "pict",
        "private",
        "revtbl",
        "rxe",
        "shprslt",
        "stylesheet",
        "tc",
        "txe",
        "xe",
    ]
)
_AROUND = frozenset({"do", "info", "shp", "shpgrp", "shpinst", "upr"})
_BOXES = frozenset({"dptxbxtext", "shptxt"})
# Destinations that a reader may not know (\*) and that this one does.
_KNOWN = _BOXES | {"do", "moMath", "moMathPara", "nesttableprops", "shpinst", "ud"}

_PRINTED = {
    "bullet": "•",
    "emdash": "—",
    "emspace": "\u2003",
    "endash": "–",
    "enspace": "\u2002",
    "ldblquote": "“",
    "lquote": "‘",
    "qmspace": "\u2005",
    "rdblquote": "”",
    "rquote": "’",
}
_BREAKS = {"tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "page": "\n", "column": "\n"}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\t": "\t"}
_ESCAPED = frozenset({b"\\", b"{", b"}"})
_CODE_PAGES = {"ansi": 1252, "mac": 10000, "pc": 437, "pca": 850}
# What ends with a word, in a paragraph that stands in so many cells.
_ENDS: dict[str, Callable[[Story, int], None]] = {
    "par": Story.end_paragraph,
    "sect": Story.end_paragraph,
    "cell": lambda story, _: story.end_cell(1),
    "row": lambda story, _: story.end_row(1),
    "nestcell": lambda story, level: story.end_cell(max(level, 2)),
    "nestrow": lambda story, level: story.end_row(max(level, 2)),
}
_MERGES = {
    "clmgf": {"across": "restart"},
    "clmrg": {"across": "continue"},
    "clvmgf": {"down": "restart"},
    "clvmrg": {"down": "continue"},
    "cldel": {"is_deleted": True},
}


class _Reads(Enum):
    """What is made of a group: its text, only the groups in it that are text, the fonts it names, nothing."""

    TEXT = auto()
    AROUND = auto()
    FONTS = auto()
    NOTHING = auto()


@dataclass(slots=True)
class _State:
    r"""What a group inherits and its end restores. ``replaced``: how many characters stand for one ``\u`` (``\uc``).

    ``unprinted``: why text is not printed (hidden, deleted, moved away).
    """

    story: Story
    reads: _Reads = _Reads.TEXT
    font: int = 0
    replaced: int = 1
    unprinted: frozenset[str] = frozenset()
    in_table: bool = False
    nesting: int = 0
    in_row_of_nested: bool = False

    @property
    def level(self) -> int:
        """In how many cells the paragraph stands."""
        return max(self.nesting, int(self.in_table))


def decode_rtf(data: bytes) -> Document:
    """Paragraphs and tables in order; headers, footers, notes and comments are left out on purpose.

    Raises:
        DamagedDocument: there is more markup in it, or it nests deeper, than in any report.
    """
    reader = _Reader(data)
    reader.read()
    blocks = tuple(to_blocks(reader.body.end()))
    (title, *_) = (*(part for part in reader.title.end() if isinstance(part, str)), "")
    if not blocks:
        reader.warnings["the document holds no text"] = None
    text = plain_text(blocks)
    if damaged := text.count(_DAMAGE):
        reader.warnings[f"{damaged} damaged characters"] = None
    return Document(RTF, blocks, text, title.strip(), warnings=tuple(reader.warnings))


class _Reader:
    """One pass over the bytes; ``body`` and ``title`` take what is printed."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.warnings: dict[str, None] = {}
        self.numbers = count()
        self.body, self.title = self.new_story(), self.new_story()
        self.state = _State(self.body)
        self.outer: list[_State] = []
        self.own = OWN
        self.default_font = 0
        self.fonts: dict[int, str] = {}
        self.is_starred = False
        self.to_skip = 0
        self.run = bytearray()
        self.run_of: tuple[Story, str] = (self.body, OWN)

    def new_story(self) -> Story:
        """An empty story that shares the count of tables."""
        return Story(self.numbers, self.warnings)

    def read(self) -> None:
        """Every token, up to the end of the document's group."""
        position = tokens = 0
        while (token := _TOKEN.match(self.data, position)) is not None:
            position, tokens = token.end(), tokens + 1
            if tokens > _MOST_TOKENS:
                raise DamagedDocument("an RTF with more markup than any report; open and save it again in an editor")
            if (word := token["word"]) is not None:
                position += self.control_word(word.decode("ascii"), token["number"])
            elif (text := token["text"]) is not None:
                position += self.text(text, position)
            elif (pair := token["hex"]) is not None:
                self.hexadecimal(pair)
            elif token["brace"] == b"{":
                self.begin_group()
            elif token["brace"] == b"}":
                if self.outer:
                    self.end_group()
                if not self.outer:
                    break
            else:
                self.symbol(token["symbol"])
        self.flush()
        if self.outer:
            self.warn("a brace is not closed: the document may have been cut off")
            while self.outer:
                self.end_group()
        elif left := self.data[position:].strip(b"\0 \t\r\n"):
            self.warn(f"braces do not match: {len(left)} bytes after the last one, which Word does not show, are left")

    def warn(self, message: str) -> None:
        """Keep a warning, once."""
        self.warnings[message] = None

    def begin_group(self) -> None:
        """A group begins with all that is set outside."""
        if len(self.outer) >= _DEEPEST:
            raise DamagedDocument("an RTF nested deeper than any real one; open and save it again in an editor")
        self.to_skip = 0
        self.is_starred = False
        self.outer.append(replace(self.state))

    def end_group(self) -> None:
        """What was set in the group is over; a text box is done."""
        self.to_skip = 0
        self.is_starred = False
        inside, self.state = self.state, self.outer.pop()
        if inside.story is not self.state.story and inside.story is not self.title:
            self.flush()
            self.state.story.attach(inside.story.end())

    def control_word(self, word: str, digits: bytes | None) -> int:
        r"""Obey a control word; how many bytes after it belong to it (``\bin``)."""
        number = None if digits is None else int(digits[:9])
        if word == "bin":
            return max(number or 0, 0)
        is_starred, self.is_starred = self.is_starred, False
        reads = self.state.reads
        if reads is _Reads.NOTHING:
            return 0
        if (is_starred and word not in _KNOWN) or word in _UNREAD or word.endswith("Pr"):  # properties of formulas
            self.skip_group()
        elif reads is _Reads.FONTS:
            self.define_font(word, number)
        elif not self.enter(word):
            self.set_format(word, number)
            if reads is _Reads.TEXT:
                self.print_word(word, number)
        return 0

    def skip_group(self) -> None:
        """Read nothing of this group; the document itself is never skipped."""
        if len(self.outer) > 1:
            self.state.reads = _Reads.NOTHING

    def define_font(self, word: str, number: int | None) -> None:
        """A word of the font table."""
        if word == "f":
            self.state.font = number or 0
        elif word == "fcharset":
            self.fonts[self.state.font] = of_charset(number or 0)
        elif word == "cpg":
            self.fonts[self.state.font] = of_code_page(number or 0)

    def enter(self, word: str) -> bool:
        """Whether the word says what this group is."""
        state = self.state
        if word == "fonttbl":
            state.reads = _Reads.FONTS
        elif word in _AROUND:
            state.reads = _Reads.AROUND
        elif word in _BOXES:
            state.reads, state.story = _Reads.TEXT, self.new_story()
            state.in_table, state.nesting = False, 0
        elif word == "ud":
            state.reads = _Reads.TEXT
        elif word == "title" and state.reads is _Reads.AROUND:
            state.reads, state.story = _Reads.TEXT, self.title
        elif word == "nesttableprops":
            state.in_row_of_nested = True
        else:
            return False
        return True

    def set_format(self, word: str, number: int | None) -> None:
        """Properties of characters, paragraphs and rows that decide what is printed, and where."""
        state = self.state
        match word:
            case "f":
                state.font = number or 0
            case "deff":
                state.font = self.default_font = number or 0
            case "uc":
                state.replaced = max(number or 0, 0)
            case "plain":
                state.font, state.unprinted = self.default_font, frozenset()
            case "v" | "deleted" | "mvf":
                state.unprinted = state.unprinted - {word} if number == 0 else state.unprinted | {word}
            case "pard":
                state.in_table, state.nesting = False, 0
            case "intbl":
                state.in_table = number != 0
            case "itap":
                state.nesting = max(number or 0, 0)
            case "ansi" | "mac" | "pc" | "pca":
                self.own = self.own or of_code_page(_CODE_PAGES[word])
            case "ansicpg":
                self.own = of_code_page(number or 0)
            case _:
                self.define_row(word, number)

    def define_row(self, word: str, number: int | None) -> None:
        """A word of a row's definition."""
        story, is_nested = self.state.story, self.state.in_row_of_nested
        if word == "trowd":
            if is_nested:
                story.inner_row = RowFormat()
            else:
                story.row = RowFormat()
            return
        row = story.inner_row if is_nested else story.row
        if word == "trleft":
            row.left = number or 0
        elif word == "cellx":
            row.end_cell(number or 0)
        elif word in _MERGES:
            row.next = replace(row.next, **_MERGES[word])  # type: ignore[arg-type]

    def print_word(self, word: str, number: int | None) -> None:
        """What is printed by its name, and the ends of paragraphs, cells and rows."""
        if word == "u":
            self.to_skip = 0
            self.put(_character(number or 0))
            self.to_skip = self.state.replaced
        elif word in _PRINTED:
            self.put(_PRINTED[word])
        elif word in _BREAKS:
            self.to_skip = 0  # no writer lets a break stand for a character
            self.put(_BREAKS[word])
        elif word in _ENDS:
            self.flush()
            self.to_skip = 0
            _ENDS[word](self.state.story, self.state.level)

    def symbol(self, symbol: bytes) -> None:
        """A control symbol: a mark, or a character that would be markup."""
        if symbol == b"*":
            self.is_starred = True
        elif self.state.reads is not _Reads.TEXT:
            return
        elif symbol in _ESCAPED:
            self.put_bytes(symbol)
        elif symbol in _SYMBOLS:
            self.put(_SYMBOLS[symbol])
        elif symbol in (b"\r", b"\n"):
            self.print_word("par", None)
        elif symbol >= b"\x80":
            self.put(_DAMAGE)

    def hexadecimal(self, pair: bytes) -> None:
        """A byte as two hexadecimal digits; where they are none, something was there."""
        if _HEX.fullmatch(pair):
            self.put_bytes(bytes([int(pair, 16)]))
        else:
            self.put(_DAMAGE)

    def text(self, text: bytes, position: int) -> int:
        r"""Plain text; how many bytes after it belong to it: the second of a double one that looks like markup."""
        if self.state.reads is not _Reads.TEXT:
            return 0
        more = 0
        if is_within_a_pair(text, self.encoding, self.own):
            text, more = text + self.data[position : position + 1], 1
        self.put_bytes(text.translate(None, _LINE_ENDS))
        return more

    @property
    def encoding(self) -> str:
        """That of the current font."""
        return self.fonts.get(self.state.font, OWN)

    def put_bytes(self, text: bytes) -> None:
        r"""Print bytes in the current font, without those that stand for a ``\u`` before them.

        A double byte may come half as hexadecimal digits and half as a letter, so bytes wait for what follows.
        """
        skipped = min(self.to_skip, len(text))
        self.to_skip -= skipped
        if not text[skipped:] or not self.is_printing():
            return
        if self.run_of != (self.state.story, self.encoding):
            self.flush()
            self.run_of = (self.state.story, self.encoding)
        self.run += text[skipped:]

    def put(self, text: str) -> None:
        r"""Print characters, unless they stand for a ``\u`` before them."""
        if self.to_skip:
            self.to_skip -= 1
        elif self.is_printing():
            self.flush()
            self.state.story.put(text)

    def is_printing(self) -> bool:
        """Whether text is printed here; if not because it was deleted, its row is told."""
        if self.state.reads is not _Reads.TEXT:
            return False
        if self.state.unprinted & {"deleted", "mvf"}:
            self.flush()
            self.state.story.strike()
        return not self.state.unprinted

    def flush(self) -> None:
        """The bytes that wait are complete."""
        if self.run:
            story, encoding = self.run_of
            story.put(decode_run(bytes(self.run), encoding, self.own))
            self.run.clear()


def _character(number: int) -> str:
    r"""The character of a ``\u``: a signed 16-bit number, though some writers give the code point itself."""
    code = number + 0x10000 if number < 0 else number
    return chr(code) if 0 <= code <= 0x10FFFF else _DAMAGE
