"""Plain text with other lines before and after all that the reading took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.mutate import words
from extract.decode.charset import decode_text
from extract.records import Span

if TYPE_CHECKING:
    from random import Random

    from extract.records import Reading


def mutate_text(data: bytes, reading: Reading, chance: Random) -> bytes:
    """One to six more lines, and another kind of line end or encoding now and then."""
    decoded = decode_text(data)
    text = reading.text
    for _ in range(chance.randint(1, 6)):
        text = _with_line(text, _taken(reading), chance) if text == reading.text else _at_an_end(text, chance)
    if chance.random() < 0.3:
        text = text.replace("\n", "\r\n")
    return text.encode(chance.choice((decoded.encoding, "utf-8")), "replace")


def _taken(reading: Reading) -> Span:
    """From the first to the last character that a cell was read from."""
    cells = reading.report.cells.values() if reading.report else ()
    spans = [cell.place for cell in cells if isinstance(cell.place, Span)]
    return Span(min((s.start for s in spans), default=0), max((s.end for s in spans), default=0))


def _with_line(text: str, taken: Span, chance: Random) -> str:
    """A line more, at a line's end before or after what was taken, but not right beside it: there it would join."""
    ends = [index for index, character in enumerate(text) if character == "\n" and _is_free(text, index)]
    free = [index for index in ends if index < taken.start or index > taken.end]
    at = chance.choice(free) if free else len(text)
    return f"{text[:at]}\n{words.line(chance)}{text[at:]}"


def _is_free(text: str, index: int) -> bool:
    """Whether the lines on both sides are no part of a table: a line without a tab continues a cell."""
    before, after = text[:index].rsplit("\n", 1)[-1], text[index + 1 :].split("\n", 1)[0]
    return "\t" not in before and "\t" not in after and bool(before.strip()) and bool(after.strip())


def _at_an_end(text: str, chance: Random) -> str:
    line = words.line(chance)
    return f"{line}\n\n{text}" if chance.random() < 0.5 else f"{text}\n\n{line}\n"
