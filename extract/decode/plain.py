"""The plain text of blocks: a paragraph a line, a table's row a line with tabs between its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.records import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract.records import Block


def plain_text(blocks: Iterable[Block]) -> str:
    """One string; line breaks inside a cell become spaces."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines.extend("\t".join(cell.text.replace("\n", " ") for cell in row) for row in block.rows)
    return "\n".join(lines)
