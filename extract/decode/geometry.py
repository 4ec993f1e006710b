"""What a page of a PDF holds, before anything is made of it: glyphs and rules, in points from the page's top left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Glyph(NamedTuple):
    """One printed character and its box. ``after_space``: the file has a space before it.

    A tuple, since a page has thousands: a frozen dataclass takes four times as long to make.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    after_space: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """The box's centre, x and y."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """The box's height in points."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis: at ``at``, from ``start`` to ``end`` on the other axis (start <= end)."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page turned so that its text stands upright: ``across`` are horizontal rules, ``down`` vertical ones.

    ``turned``: quarter turns clockwise by which the page as shown was turned to get here, with the size of the page as
    shown, so that boxes can be given as they are shown. ``is_overlay``: all text is drawn invisibly (over a scan).
    ``slanted``: characters at a slant (a watermark), which are not among the glyphs.
    """

    glyphs: tuple[Glyph, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    turned: int
    width: float
    height: float
    is_overlay: bool = False
    slanted: str = ""

    def as_shown(self, box: Box) -> Box:
        """A box of this sheet as a box of the page as it is shown."""
        return turn_box(box, -self.turned % 4, *self._own_size())

    def _own_size(self) -> tuple[float, float]:
        return (self.height, self.width) if self.turned % 2 else (self.width, self.height)


def turn_box(box: Box, quarters: int, width: float, height: float) -> Box:
    """A box of a page of that size after ``quarters`` clockwise quarter turns of the page.

    >>> turn_box((10, 20, 30, 40), 1, 100, 200)
    (160, 10, 180, 30)
    """
    left, top, right, bottom = box
    for _ in range(quarters):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    return left, top, right, bottom
