"""The paragraphs of a Word file, one by one: what of their text is printed, and what their mark ends.

[MS-DOC] 2.4.2 (paragraph boundaries), 2.4.3 (cells and rows), 2.8.25 (fields); special characters: 2.6.1 sprmCFSpec.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import compress
from struct import error as StructError  # noqa: N812
from struct import unpack_from
from typing import TYPE_CHECKING, Literal

from extract.decode.doc_file import CHARACTER_RUNS, PARAGRAPH_RUNS, STYLES
from extract.decode.doc_formats import Runs, read_hiding_styles
from extract.decode.doc_modifiers import (
    CHARACTER_STYLE,
    DEEPER,
    DELETED,
    DEPTH,
    ELSEWHERE,
    HIDDEN,
    IN_TABLE,
    INNER_CELL_END,
    INNER_ROW_END,
    ROW_END,
    SYMBOL,
    modifiers,
    number,
)
from extract.decode.doc_pieces import MARKS, as_written
from extract.decode.errors import DamagedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.decode.doc_file import WordFile
    from extract.decode.doc_pieces import Text

PICTURE = "\x01"
"""Stands in a line where a picture is printed."""
_CELL_MARK, _ANCHOR = "\x07", "\x08"
_DEEPEST = 16
_MARKS = re.compile(f"[{MARKS}]")
_FIELD_MARKS = re.compile("[\x07\x13-\x15]")
_BEGIN, _SEPARATE = "\x13", "\x14"
_MOST_FORMATTING = 16_000_000
"""Bytes of formatting that are looked at; a real report has a hundredth of it, unless it is made to keep us busy."""
_MOST_FIELDS = 64  # within each other; Word itself stops at twenty
_LONGEST_UNSPELLED = 64
_PRINTS_ITS_CODE = re.compile(r"\x13\s*(?:EQ|SYMBOL|MACROBUTTON|FORMDROPDOWN|FORMCHECKBOX)\b", re.IGNORECASE)
_PRINTED: dict[int, str | None] = {
    **dict.fromkeys(range(32)),
    ord("\t"): "\t",
    ord("\n"): "\n",
    0x0B: "\n",  # line break
    0x0E: "\n",  # column break
    0x1E: "-",  # hyphen where no line may break; 0x1F is one that shows only at a line's end
    ord(PICTURE): PICTURE,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, inside ``depth`` tables (0: none): its text without what is struck out or hidden.

    ``ends``: what its mark ends. ``struck``: the mark itself is struck out or hidden. ``listed``: the formatting of
    the paragraph, which for the end of a row defines the row. ``anchors``: the characters at which drawn objects
    hang, each with whether it is shown. ``astray``: the mark is a cell's, and the formatting knows of no table there.
    """

    text: str
    depth: int
    ends: Literal["paragraph", "cell", "row"]
    struck: bool
    listed: tuple[tuple[int, bytes], ...]
    anchors: tuple[tuple[int, bool], ...] = ()
    astray: bool = False


@dataclass(frozen=True, slots=True)
class _Format:
    style: int
    depth: int
    codes: frozenset[int]
    listed: tuple[tuple[int, bytes], ...]

    def ends(self, mark: str) -> Literal["paragraph", "cell", "row"]:
        if mark == _CELL_MARK:
            return "row" if ROW_END in self.codes else "cell"
        if mark == "\r" and self.depth > 1:
            return "row" if INNER_ROW_END in self.codes else "cell" if INNER_CELL_END in self.codes else "paragraph"
        return "paragraph"


@dataclass
class LineReader:
    """Reads the lines of any part of a file's text; ``warnings`` keeps, in order, what was worked around."""

    word: WordFile
    text: Text
    warnings: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._paragraph_runs = Runs(self.word.main, self.word.part(PARAGRAPH_RUNS), 13)
        self._character_runs = Runs(self.word.main, self.word.part(CHARACTER_RUNS), 1)
        self._hiding_styles = read_hiding_styles(self.word.part(STYLES))
        self._formats: dict[tuple[bytes, bytes], _Format] = {}
        self._looked_at = 0
        self._looks: dict[tuple[bytes, bytes, bool], tuple[bool, str]] = {}

    def lines(self, start: int, end: int) -> Iterator[Line]:
        """The paragraphs among the characters ``start`` to ``end``.

        Raises:
            DamagedDocument: their formatting is not in the file.
        """
        units, shown = self._without_field_codes(start, end)
        position = start
        while position < end:
            found = _MARKS.search(units, position - start)
            after = start + found.end() if found else end
            mark = found[0] if found else ""
            format_ = self._format(after - 1)
            hidden = format_.style in self._hiding_styles
            visible = list(self._visible(units, start, position, after, hidden))
            text = "".join(
                "".join(compress(run, shown[first - start : first - start + len(run)])) for first, run in visible
            )
            depth, astray = format_.depth, mark == _CELL_MARK and format_.depth != 1
            if astray:
                depth = 1  # the mark says so; inner cells end with another
                self.warnings["a cell's mark stands outside every table: the columns of its table are not known"] = None
            struck = bool(mark) and not text.endswith(mark)
            anchors = _anchors(units[position - start : after - start], position, visible)
            yield Line(
                as_written(text.translate(_PRINTED)), depth, format_.ends(mark), struck, format_.listed, anchors, astray
            )
            position = after

    def _visible(self, units: str, start: int, position: int, end: int, hidden: bool) -> Iterator[tuple[int, str]]:
        """Where each run that is printed begins, and its text."""
        while position < end:
            piece = self.text.piece_at(position)
            offset = piece.offset_of(position)
            group, limit = self._character_runs.at(offset)
            stop = min(end, piece.end, position + -(-(limit - offset) // piece.width))
            struck, symbol = self._look(group, piece.modifiers, hidden)
            if not struck:
                run = units[position - start : stop - start]
                yield position, run.replace("(", symbol) if symbol else run
            position = stop

    def _look(self, group: bytes, more: bytes, hidden: bool) -> tuple[bool, str]:
        """Whether characters are struck out or hidden, and which character of a symbol font they are, if one.

        ``hidden``: whether the paragraph's style hides text; a toggle may say "as the style" (128) or "not so" (129).
        """
        key = (group, more, hidden)
        if key not in self._looks:
            by_style, deleted, symbol = hidden, False, ""
            for code, operand in (*self._modifiers(group), *self._modifiers(more)):
                if code == CHARACTER_STYLE:
                    hidden = by_style = number(operand) in self._hiding_styles or by_style
                elif code == HIDDEN:
                    value = number(operand)
                    hidden = by_style != bool(value & 1) if value & 0x80 else bool(value)
                elif code == DELETED:
                    deleted = bool(number(operand) & 1)
                elif code == SYMBOL:
                    symbol = chr(number(operand) >> 16)
            self._looks[key] = (deleted or hidden, symbol)
        return self._looks[key]

    def _format(self, position: int) -> _Format:
        piece = self.text.piece_at(position)
        group, _ = self._paragraph_runs.at(piece.offset_of(position))
        key = (group, piece.modifiers)
        if key not in self._formats:
            self._formats[key] = self._read_format(group, piece.modifiers)
        return self._formats[key]

    def _read_format(self, group: bytes, more: bytes) -> _Format:
        listed = (*self._listed(group[2:]), *self._modifiers(more))
        in_table, depth, codes = False, 0, set()
        for code, operand in listed:
            value = number(operand)
            if code == IN_TABLE:
                in_table = bool(value)
            elif code == DEPTH:
                depth = value if value < 1 << 31 else 0
            elif code == DEEPER:
                depth = (depth + value) % (1 << 32)
            elif value:
                codes.add(code)
        depth = max(depth, int(in_table))
        if depth > _DEEPEST:
            raise DamagedDocument("tables nested deeper than any real ones; open and save it again in an editor")
        return _Format(number(group[:2]), depth, frozenset(codes), listed)

    def _listed(self, group: bytes) -> Iterator[tuple[int, bytes]]:
        """The modifiers of a group, with those that it keeps in the Data stream."""
        for code, operand in self._modifiers(group):
            if code not in ELSEWHERE:
                yield code, operand
                continue
            place = number(operand)
            try:
                (size,) = unpack_from("<H", self.word.data, place)
            except StructError:
                self.warnings["formatting of a table that is kept elsewhere in the file is not there"] = None
                continue
            yield from self._modifiers(self.word.data[place + 2 : place + 2 + size])

    def _modifiers(self, group: bytes) -> Iterator[tuple[int, bytes]]:
        self._looked_at += len(group)
        if self._looked_at > _MOST_FORMATTING:
            raise DamagedDocument("more formatting than any real report has; open and save it again in an editor")
        return modifiers(group)

    def _without_field_codes(self, start: int, end: int) -> tuple[str, bytearray]:
        """The text, and for each character whether it is shown: not where a field says what it is to show.

        A field that shows something which its code describes and its result does not spell is shown as U+FFFD.
        """
        units = self.text.units[start:end]
        hidden: list[tuple[int, int]] = []
        unspelled: list[int] = []
        open_: list[tuple[int, int]] = []  # where fields begin, and where their result does (-1: not yet)
        for found in _FIELD_MARKS.finditer(units):
            at, mark = found.start(), found[0]
            if mark == _BEGIN:
                open_.append((at, -1))
                del open_[:-_MOST_FIELDS]
            elif mark == _SEPARATE:
                if open_ and open_[-1][1] < 0:
                    open_[-1] = (open_[-1][0], at + 1)
                    hidden.append((open_[-1][0], at))
            elif mark == _CELL_MARK:  # no code reaches beyond its cell
                open_ = self._closed(open_)
            elif open_:
                begin, result = open_.pop()
                if result < 0:
                    hidden.append((begin, at))
                    result = at
                if at - result <= _LONGEST_UNSPELLED and not units[result:at].strip(PICTURE + " "):
                    unspelled += [at] if _PRINTS_ITS_CODE.match(units, begin, at) else []
        self._closed(open_)
        shown = _all_but(hidden, len(units))
        if unspelled:
            spelled = list(units)
            for at in unspelled:
                spelled[at] = "\ufffd"
                shown[at] = 1
            units = "".join(spelled)
        return units, shown

    def _closed(self, fields: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if any(result < 0 for _, result in fields):
            self.warnings["a field has no end: its code may stand in the text"] = None
        return [(begin, result) for begin, result in fields if result >= 0]


def _anchors(units: str, start: int, visible: list[tuple[int, str]]) -> tuple[tuple[int, bool], ...]:
    """The anchors in a line that begins at ``start``; one in a field's code is shown as any other."""
    if _ANCHOR not in units:
        return ()
    shown = {first + i for first, run in visible for i, unit in enumerate(run) if unit == _ANCHOR}
    return tuple((start + i, start + i in shown) for i, unit in enumerate(units) if unit == _ANCHOR)


def _all_but(hidden: list[tuple[int, int]], size: int) -> bytearray:
    """1 for each of ``size`` characters but those from the first to the last of a pair; pairs may overlap."""
    shown, done = bytearray(b"\1") * size, 0
    for first, last in sorted(hidden):
        start = max(first, done)
        if last >= start:
            shown[start : last + 1] = bytes(last + 1 - start)
            done = last + 1
    return shown
