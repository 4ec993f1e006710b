"""Where in a Word file's text its text boxes hang: the anchor of each, and which characters are in it.

[MS-DOC] 2.3.6 (the text boxes' own part of the text), 2.8.32 (PlcftxbxTxt), 2.8.37 (PlcfSpa). The number of a shape
joins the two tables. Boxes within a group of shapes have numbers of their own, which no anchor bears.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from struct import unpack_from
from typing import TYPE_CHECKING

from extract.decode.doc_file import ANCHORS, TEXT_BOXES

if TYPE_CHECKING:
    from extract.decode.doc_file import WordFile

_ANCHOR_BYTES, _BOX_BYTES = 26, 22


@dataclass(slots=True)
class Boxes:
    """Text boxes that were not read yet: by the position of their anchor, and those whose anchor is not known.

    A box is two positions in the text, its first character and the one after its last.
    """

    anchored: dict[int, list[tuple[int, int]]]
    unanchored: list[tuple[int, int]]

    def take(self, anchor: int) -> list[tuple[int, int]]:
        """The boxes that hang at that character; nobody gets them twice."""
        return self.anchored.pop(anchor, [])

    def left(self) -> list[tuple[int, int]]:
        """Those that nobody took, in their own order."""
        return sorted([*self.unanchored, *(box for boxes in self.anchored.values() for box in boxes)])


def read_boxes(word: WordFile) -> Boxes:
    """All text boxes of the body; where the table of them makes no sense, one box of all their text."""
    start = word.lengths.before_text_boxes
    whole = [(start, start + word.lengths.text_boxes)] if word.lengths.text_boxes else []
    table = word.part(TEXT_BOXES)
    count = (len(table) - 4) // (4 + _BOX_BYTES)
    starts = unpack_from(f"<{count + 1}I", table) if count > 0 else (0,)
    in_order = all(first < after for first, after in pairwise(starts))
    if count < 1 or not in_order or starts[-1] > word.lengths.text_boxes:
        return Boxes({}, whole)
    anchors = _anchors(word)
    boxes = Boxes({}, [])
    for i in range(count - 1):  # the last one is a spare that holds no text
        reusable, shape = unpack_from("<8xH4xI", table, 4 * (count + 1) + _BOX_BYTES * i)
        if not reusable:
            box = (start + starts[i], start + starts[i + 1])
            if anchors.get(shape, word.lengths.body) < word.lengths.body:
                boxes.anchored.setdefault(anchors[shape], []).append(box)
            else:
                boxes.unanchored.append(box)
    return boxes


def _anchors(word: WordFile) -> dict[int, int]:
    """Shape -> the position of its anchor."""
    table = word.part(ANCHORS)
    count = max(0, (len(table) - 4) // (4 + _ANCHOR_BYTES))
    shapes = (unpack_from("<I", table, 4 * (count + 1) + _ANCHOR_BYTES * i)[0] for i in range(count))
    return dict(zip(shapes, unpack_from(f"<{count}I", table) if count else (), strict=True))
