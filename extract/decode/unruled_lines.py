"""Glyphs -> lines of items: what stands apart on a line, and whether it looks like a value of a table."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from extract.decode.pdf_cells import line_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.decode.geometry import Box, Glyph, Rule

_SAME_LINE = 0.3  # of the height: numbers and words of one row differ by less in their fonts' boxes
_APART = 0.5
WIDE = 1.5
"""A gap, in heights of a line, that running text does not have."""
_DIGITS_APART = 0.25
_VALUE = re.compile(r"[+-]?\d[\d,，]*(?:\.\d+)?%?|[/\\\-—–－／]{1,2}")
_ENDS_A_VALUE = re.compile(r"[\d,，%/\\\-—–－／]\Z")
_FIGURE = re.compile(r"[\d,.]")
_LEFT = attrgetter("left")


@dataclass(frozen=True, eq=False)
class Item:
    """Glyphs of one line that stand together."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def box(self) -> Box:
        """Around its glyphs."""
        return around(glyph_box(glyph) for glyph in self.glyphs)

    @cached_property
    def text(self) -> str:
        """Its characters."""
        return line_text(self.glyphs)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.box[0]

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.box[2]

    @property
    def y(self) -> float:
        """The middle of its height."""
        return (self.box[1] + self.box[3]) / 2

    @cached_property
    def height(self) -> float:
        """That of its characters: the usual one."""
        heights = sorted(glyph.height for glyph in self.glyphs)
        return heights[len(heights) // 2]

    @cached_property
    def is_value(self) -> bool:
        """Whether it is a number, or a mark that stands for none, and nothing else."""
        return _VALUE.fullmatch(self.text) is not None


@dataclass(frozen=True, eq=False)
class Line:
    """What stands on one line, from left to right. ``parting``: the vertical rules of its page, by place."""

    glyphs: tuple[Glyph, ...]
    parting: tuple[Rule, ...] = ()

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What stands apart on it."""
        return tuple(_items(self.glyphs, self.parting))

    @cached_property
    def y(self) -> float:
        """The middle of its height."""
        return sum(item.y for item in self.items) / len(self.items)

    @cached_property
    def height(self) -> float:
        """That of its tallest item: words are taller than figures in some fonts."""
        return max(item.height for item in self.items)

    @cached_property
    def values(self) -> tuple[Item, ...]:
        """The values that end it: none where words stand behind the last number."""
        if not _ENDS_A_VALUE.search(self.glyphs[-1].text):
            return ()  # most lines of running text: nobody need know what stands apart on them
        count = 0
        for item in reversed(self.items):
            if not item.is_value:
                break
            count += 1
        return self.items[len(self.items) - count :] if count else ()

    @property
    def labels(self) -> tuple[Item, ...]:
        """What stands before its values."""
        return self.items[: len(self.items) - len(self.values)]


@dataclass
class Columns:
    """Where the numbers of rows stand: the items of each column, columns from left to right.

    ``spans``: where each column's numbers begin and end. ``labels_end``: where the longest of the labels that were seen
    beside them ends.
    """

    items: list[list[Item]] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    labels_end: float = 0.0

    def under(self, item: Item) -> list[int]:
        """The columns that an item stands over or under."""
        return [number for number, (left, right) in enumerate(self.spans) if item.left < right and left < item.right]

    def are_under(self, line: Line) -> bool:
        """Whether a line of words stands under the columns, or beside labels: after a gap, right of all that are known.

        Beside a single column no gap is asked for. Such words begin something else: the next head, or running text.
        """
        beside = any(
            right.left >= self.labels_end and right.left - left.right >= WIDE * line.height
            for left, right in pairwise(line.items)
        )
        alone = len(self.items) == 1 and any(item.left >= self.labels_end for item in line.items)
        return beside or alone or any(self.under(item) for item in line.items)

    def pass_by(self, line: Line) -> None:
        """Take note of words beside the columns."""
        self.labels_end = max([self.labels_end, *(item.right for item in line.items)])

    def take(self, line: Line) -> bool:
        """Add a line's numbers if each stands in a column of its own or in none yet, and its words in no column."""
        reached = [self.under(item) for item in line.values]
        own = [number for numbers in reached for number in numbers]
        if self.items and (
            not own
            or len(own) != len(set(own))
            or any(len(numbers) > 1 for numbers in reached)
            or any(self.under(item) for item in line.labels)
        ):
            return False
        for item, numbers in zip(line.values, reached, strict=True):
            if numbers:
                self.items[numbers[0]].append(item)
            else:
                self.items.append([item])
        self._settle(self.items)
        self.labels_end = max([self.labels_end, *(item.right for item in line.labels)])
        return True

    def leave(self, gone: Iterable[Item]) -> None:
        """Take items out again, and columns of which nothing is left."""
        out = set(gone)
        kept = ([item for item in column if item not in out] for column in self.items)
        self._settle([column for column in kept if column])

    def _settle(self, columns: list[list[Item]]) -> None:
        self.items = sorted(columns, key=lambda column: column[0].left)
        self.spans = [(min(item.left for item in column), max(item.right for item in column)) for column in self.items]

    def are_straight(self, leeway: float) -> bool:
        """Whether the numbers of each column begin, end or have their middles on one vertical."""
        for column in self.items:
            edges = zip(*((item.left, item.right, (item.left + item.right) / 2) for item in column), strict=True)
            if min(max(places) - min(places) for places in edges) > leeway:
                return False
        return True


def glyph_box(glyph: Glyph) -> Box:
    """A glyph's box."""
    return glyph.left, glyph.top, glyph.right, glyph.bottom


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def overlap(left: Item, right: Item) -> bool:
    """Whether one stands above a part of the other."""
    return left.left < right.right and right.left < left.right


def set_lines(glyphs: Iterable[Glyph], down: Sequence[Rule]) -> list[Line]:
    """The lines of a page from top to bottom; a vertical rule parts items as a gap does."""
    rows: list[list[Glyph]] = []
    total = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.top + glyph.bottom):
        middle = (glyph.top + glyph.bottom) / 2
        if rows:
            row, before = rows[-1], rows[-1][-1]
            reach = _SAME_LINE * min(glyph.bottom - glyph.top, before.bottom - before.top)
            if abs(middle - total / len(row)) <= reach:
                row.append(glyph)
                total += middle
                continue
        rows.append([glyph])
        total = middle
    parting = tuple(sorted(down, key=lambda rule: rule.at))
    return [Line(tuple(sorted(row, key=_LEFT)), parting) for row in rows]


def _items(row: Sequence[Glyph], down: Sequence[Rule]) -> Iterator[Item]:
    places = [rule.at for rule in down]
    before = row[0]
    current = [before]
    for glyph in row[1:]:
        gap, height = glyph.left - before.right, min(before.bottom - before.top, glyph.bottom - glyph.top)
        apart = gap > _APART * height or (gap > _DIGITS_APART * height and _are_figures(before, glyph))
        if apart or (places and _is_parted(before, glyph, down, places)):
            yield Item(tuple(current))
            current = []
        current.append(glyph)
        before = glyph
    yield Item(tuple(current))


def _are_figures(before: Glyph, glyph: Glyph) -> bool:
    return bool(_FIGURE.fullmatch(before.text) and _FIGURE.fullmatch(glyph.text))


def _is_parted(before: Glyph, glyph: Glyph, down: Sequence[Rule], places: Sequence[float]) -> bool:
    """Whether a vertical rule runs between the middles of two glyphs."""
    first, last = bisect_right(places, before.middle[0]), bisect_right(places, glyph.middle[0])
    return any(rule.start <= glyph.middle[1] <= rule.end for rule in down[first:last])
