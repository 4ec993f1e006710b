"""What a page of a PDF or OFD holds, before anything is made of it: glyphs and rules, in points from its top left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Matrix = tuple[float, float, float, float, float, float]
"""Maps (x, y) to (ax + cy + e, bx + dy + f)."""
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
UNKNOWN_CHARACTER = "\ufffd"
"""What is printed without the file telling what it means."""

_THIN = 3.0
_SHORTEST = 3.0


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
    ``slanted``: characters at a slant (a watermark), which are not among the glyphs. ``has_pictures``: where the reader
    looked and found none, False.
    """

    glyphs: tuple[Glyph, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    turned: int
    width: float
    height: float
    is_overlay: bool = False
    slanted: str = ""
    has_pictures: bool = True

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


def turned_glyph(glyph: Glyph, quarters: int, width: float, height: float) -> Glyph:
    """A glyph of a page of that size after ``quarters`` clockwise quarter turns of the page."""
    box = turn_box((glyph.left, glyph.top, glyph.right, glyph.bottom), quarters, width, height)
    return Glyph(glyph.text, *box, glyph.after_space)


def transformed(box: Box, matrix: Matrix) -> Box:
    """The upright box around a box's image under a matrix."""
    a, b, c, d, e, f = matrix
    xs = sorted((a * box[0] + c * box[1] + e, a * box[2] + c * box[3] + e))
    ys = sorted((b * box[0] + d * box[1] + f, b * box[2] + d * box[3] + f))
    return xs[0], ys[0], xs[1], ys[1]


def combined(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does one after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def rules_among(boxes: Iterable[Box]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The horizontal and the vertical rules among the boxes of strokes and fills: those thinner than three points."""
    across: list[Rule] = []
    down: list[Rule] = []
    for left, top, right, bottom in boxes:
        if bottom - top <= _THIN and right - left >= _SHORTEST:
            across.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= _THIN and bottom - top >= _SHORTEST:
            down.append(Rule((left + right) / 2, top, bottom))
    return tuple(across), tuple(down)
