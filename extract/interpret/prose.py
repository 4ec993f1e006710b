"""Prose made comparable, with the way back: every character remembers its offset in the document's text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.records import Paragraph, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.records import Document

_QUOTES = frozenset("“”\"'‘’「」『』＂＇`")
_NEVER_ONE_NUMBER = "\ufffc"
"""Stands where a full-width comma parts digits: the end of a clause or of the thousands, nobody can tell."""
_END = re.compile(r"[。；;！!？?：:]\s*$|报告\s*$")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．是]|第[一二三四五六七八九十]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．])"
)
_PAGE_NUMBER = re.compile(r"\s*[-—–·]*\s*(?:第\s*)?\d{1,3}\s*(?:页)?\s*[-—–·]*\s*")
_A_LINE_OF_PROSE = 25
"""Characters from which a line without an end goes on in the next one: headings are shorter."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Normalised ``text``; ``at`` has for each of its characters the offset in the document's text."""

    text: str
    at: tuple[int, ...]

    def part(self, start: int, end: int) -> Prose:
        """Characters ``start`` to ``end`` (exclusive)."""
        return Prose(self.text[start:end], self.at[start:end])

    def span(self, start: int, end: int) -> Span:
        """Where characters ``start`` to ``end`` stand in the document's text."""
        return Span(self.at[start], self.at[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A paragraph's ``text`` as it stands in the document's text from ``start`` on; ``index`` counts paragraphs."""

    index: int
    start: int
    text: str


def placed_paragraphs(document: Document) -> Iterator[Placed]:
    """Every paragraph that is found again in the document's text, in order.

    A paragraph with a ``Span`` stands there (without the marks that its decoder passed over: then it is given in the
    pieces around them); in every other format the text is the blocks' lines, and is walked line by line.
    """
    offset, index = 0, -1
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            offset += sum(sum(len(cell.text) + 1 for cell in row) or 1 for row in block.rows)
            continue
        index += 1
        if isinstance(block.place, Span):
            yield from _in_span(document.text, index, block.text, block.place)
            continue
        start = offset if document.text.startswith(block.text, offset) else document.text.find(block.text, offset)
        if start >= 0:
            yield Placed(index, start, block.text)
            offset = start + len(block.text) + 1


def _in_span(text: str, index: int, printed: str, span: Span) -> Iterator[Placed]:
    line = text[span.start : span.end]
    found = line.find(printed)
    if found >= 0:
        yield Placed(index, span.start + found, printed)
        return
    begin = len(line) - len(line.lstrip())
    same = next((i for i, (a, b) in enumerate(zip(line[begin:], printed, strict=False)) if a != b), 0)
    if same:
        yield Placed(index, span.start + begin, printed[:same])
    rest = printed[same:]
    if rest and line.rstrip().endswith(rest):
        yield Placed(index, span.start + len(line.rstrip()) - len(rest), rest)


def runs(paragraphs: Sequence[Placed]) -> Iterator[tuple[int, Prose]]:
    """(index of the first paragraph, normalised text) of what reads on without a break.

    A long line without an end, followed by one that is not numbered, was cut by the page and reads on.
    """
    lines = [line for paragraph in paragraphs for line in _lines(paragraph)]
    begin = 0
    for position, (line, following) in enumerate(pairwise([*lines, None]), start=1):
        assert line is not None
        if following is None or not _reads_on(line, following):
            yield line.index, normalise(lines[begin:position])
            begin = position


def _lines(paragraph: Placed) -> Iterator[Placed]:
    start = paragraph.start
    for line in paragraph.text.split("\n"):
        if line.strip() and not _PAGE_NUMBER.fullmatch(line):
            yield Placed(paragraph.index, start, line)
        start += len(line) + 1


def _reads_on(line: Placed, following: Placed) -> bool:
    long = len(line.text.strip()) >= _A_LINE_OF_PROSE
    return long and not _END.search(line.text) and not _NUMBERED.match(following.text)


class _Folded(dict[str, str]):
    """Character -> what stands for it: its compatibility form, nothing for what is not seen, a comma for ① and ½."""

    def __missing__(self, character: str) -> str:
        category = unicodedata.category(character)
        if category == "No":
            folded = "，"
        elif character.isspace() or category in ("Cc", "Cf") or character in _QUOTES:
            folded = ""
        else:
            folded = "".join(unicodedata.normalize("NFKC", character).split())
        self[character] = folded
        return folded


_FOLDED = _Folded()


def normalise(lines: Sequence[Placed]) -> Prose:
    """The lines as one text: compatibility forms, no white space, no quotation marks.

    Digits that white space parts keep one space between them (one number or two, nobody can tell). Commas between
    clauses become ，; a plain one between digits stays.
    """
    characters: list[str] = []
    at: list[int] = []
    gap = False
    for line in lines:
        for offset, character in enumerate(line.text, start=line.start):
            folded = _FOLDED[character]
            if not folded:
                gap = True
                continue
            if gap and characters and folded[0].isdigit() and characters[-1].isdigit():
                characters.append(" ")
                at.append(at[-1])
            gap = False
            if folded == ",":
                folded = _comma(character, line.text, offset - line.start)
            for one in folded:
                characters.append(one)
                at.append(offset)
        gap = True
    return Prose("".join(characters), tuple(at))


def _comma(character: str, text: str, position: int) -> str:
    if not (text[position - 1 : position].isdigit() and text[position + 1 : position + 2].isdigit()):
        return "，"
    return "," if character == "," else _NEVER_ONE_NUMBER
