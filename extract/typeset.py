"""Text for a terminal: Chinese characters take two columns, lines are broken where either language allows."""

from __future__ import annotations

import re
import unicodedata

_NOT_FIRST = "，。；：、）】》”！？〕…,.;:)]!?"
_WIDE = "WF"


def width(text: str) -> int:
    """How many columns a text takes on a terminal.

    >>> width("表二"), width("T2"), width("１２")
    (4, 2, 4)
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled up with spaces to so many columns; what is too long is cut, with an ellipsis.

    >>> pad("表二", 6) + "|", pad("12", 4, right=True), pad("行政规范性文件", 8)
    ('表二  |', '  12', '行政规… ')
    """
    if width(text) > columns:
        while width(text) >= columns:
            text = text[:-1]
        text += "…"
    space = " " * (columns - width(text))
    return space + text if right else text + space


def wrap(text: str, columns: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most so many columns, the first led by ``first``, the others by ``rest``.

    Latin words stay whole where they fit; no line begins with a closing mark.

    >>> wrap("表二 自然人 列：不等", 12, first="1. ", rest="   ")
    ['1. 表二 自然', '   人 列：不', '   等']
    """
    lines, line = [], first
    empty = True
    for piece in re.findall(r"[!-~]+ ?| +|.", text):
        fits = width(line) + width(piece.rstrip()) <= columns or piece in _NOT_FIRST
        if not fits and not empty:
            lines.append(line.rstrip())
            line, empty = rest, True
            piece = piece.lstrip()  # noqa: PLW2901
        line += piece
        empty = empty and not piece.strip()
    lines.append(line.rstrip())
    return lines
