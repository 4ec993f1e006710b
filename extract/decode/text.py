"""Plain text -> Document: two renditions of documents that converters write, and text without tables.

Tab-separated: a line with tabs is a table's row, consecutive ones are one table. Page ends split tables by blank lines
and leave fragments between them; they stay as they are, joining is interpretation.

One cell a line: a line that begins with a tab begins a cell, a line that does not continues it, a blank line ends a
row. Every place is a span of the text as decoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.sniff import TEXT
from extract.decode.charset import decode_text
from extract.records import Document, Paragraph, Span, Table, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.records import Block

_BOOKMARK = re.compile(r"\[bookmark: [^\]\n]*\]")
_MOSTLY = 0.8
_FEWEST = 3
_INDENTED = re.compile(r"^\t+[^\t]{40,}$")  # a line of prose that begins with a tab is no row of a table


def decode_plain(data: bytes) -> Document:
    """The text with its tables, if it is one of the two renditions; otherwise its lines as paragraphs."""
    decoded = decode_text(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    blocks = tuple(_cell_a_line(text) if _is_cell_a_line(text) else _row_a_line(text))
    warnings = [*decoded.warnings]
    if _BOOKMARK.search(text):
        warnings.append("marks of the converter ([bookmark: …]) were passed over")
    return Document(TEXT, blocks, text, warnings=tuple(warnings))


def _is_cell_a_line(text: str) -> bool:
    tabbed = [line for line in text.split("\n") if "\t" in line]
    single = [line for line in tabbed if line.startswith("\t") and line.count("\t") == 1]
    return len(tabbed) >= _FEWEST and len(single) >= _MOSTLY * len(tabbed)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _paragraph(start: int, line: str) -> Iterator[Paragraph]:
    if text := _BOOKMARK.sub("", line).strip():
        yield Paragraph(text, Span(start, start + len(line)))


def _row_a_line(text: str) -> Iterator[Block]:
    rows: list[tuple[TableCell, ...]] = []
    for start, line in _lines(text):
        if "\t" in line and not _INDENTED.match(line):
            rows.append(_fields(start, line))
            continue
        if rows:
            yield Table(tuple(rows))
            rows = []
        yield from _paragraph(start, line)
    if rows:
        yield Table(tuple(rows))


def _fields(start: int, line: str) -> tuple[TableCell, ...]:
    cells = []
    for field in line.split("\t"):
        cells.append(TableCell(field, Span(start, start + len(field))))
        start += len(field) + 1
    return tuple(cells)


def _cell_a_line(text: str) -> Iterator[Block]:
    rows: list[tuple[TableCell, ...]] = []
    row: list[Span] = []

    def row_ended() -> None:
        if row:
            rows.append(tuple(TableCell(text[span.start : span.end], span) for span in row))
            row.clear()

    for start, line in _lines(text):
        end = start + len(line)
        if line.startswith("\t"):
            row.append(Span(start + 1, end))
        elif line.strip() and row:
            row[-1] = Span(row[-1].start, end)
        elif row:
            row_ended()
        else:
            if rows:
                yield Table(tuple(rows))
                rows = []
            yield from _paragraph(start, line)
    row_ended()
    if rows:
        yield Table(tuple(rows))
