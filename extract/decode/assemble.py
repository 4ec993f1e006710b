"""Blocks -> Document: the plain text of a document and where each of its paragraphs stands in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.records import Document, Paragraph, Span, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from extract.records import Block


def assemble(
    media_type: str,
    blocks: Iterable[Block],
    *,
    title: str = "",
    metadata: Mapping[str, str] | None = None,
    warnings: Iterable[str] = (),
) -> Document:
    """A Document of ``blocks``, with its text: a line a paragraph, a line a table row, tabs between the row's cells.

    A paragraph without a place gets its span of that text. A warning that repeats is given once.
    """
    placed: list[Block] = []
    lines: list[str] = []
    start = 0
    for block in blocks:
        for line in _lines(block):
            lines.append(line)
            start += len(line) + 1
        placed.append(_with_span(block, start - 1))
    unique = tuple(dict.fromkeys(warnings))
    return Document(media_type, tuple(placed), "\n".join(lines), title, metadata or {}, unique)


def _lines(block: Block) -> list[str]:
    if isinstance(block, Table):
        return ["\t".join(cell.text.replace("\n", " ") for cell in row) for row in block.rows]
    return [block.text]


def _with_span(block: Block, end: int) -> Block:
    if isinstance(block, Paragraph) and block.place is None:
        return replace(block, place=Span(end - len(block.text), end))
    return block
