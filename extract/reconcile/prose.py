"""The report's own prose in the document's text: its sections' lines and what stands before them, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.records import Report

PREAMBLE = ""
_PREAMBLE_LINES = 8
_SENTENCE = re.compile(r"[^。！？；;\n]+[。！？；;]?")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the report. ``section``: its key, empty before the first; ``start``: where in the text."""

    text: str
    section: str
    start: int | None

    def span(self, start: int, end: int) -> Span | None:
        """Where characters of this line stand in the document's text; None where the line was not found there."""
        return None if self.start is None else Span(self.start + start, self.start + end)

    def sentence(self, start: int) -> str:
        """The sentence of this line that the character stands in."""
        return next((m[0].strip() for m in _SENTENCE.finditer(self.text) if m.start() <= start < m.end()), self.text)


def lines(report: Report, text: str) -> Iterator[Line]:
    """The title's and preamble's lines, then those of each section, in order; what surrounds the report is left out."""
    found: list[Line] = []
    at = 0
    for key, section in report.sections.items():
        for line in section.split("\n"):
            if not line.strip():
                continue
            start = text.find(line, at)
            found.append(Line(line, key, None if start < 0 else start))
            at = at if start < 0 else start + len(line)
    first = next((line.start for line in found if line.start is not None), None)
    yield from _preamble(text, first)
    yield from found


def _preamble(text: str, end: int | None) -> Iterator[Line]:
    if end is None:
        return
    begun = 0
    before: list[Line] = []
    for line in text[:end].splitlines(keepends=True):
        if line.strip() and "\t" not in line:
            lead = len(line) - len(line.lstrip())
            before.append(Line(line.strip(), PREAMBLE, begun + lead))
        begun += len(line)
    yield from before[-_PREAMBLE_LINES:]
