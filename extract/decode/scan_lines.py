"""A page's picture -> the picture set straight, and the ruling lines on it.

What separates a scanned table from its text are its lines: they are found first, by shape alone (long and thin), and
they also tell by how much the paper lay askew. Lengths are in inches, so that nothing depends on the resolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from extract.decode.geometry import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.decode.geometry import Box

Pixels = Any
"""A numpy array of uint8: height x width (grey, 255 is paper) or height x width x 3 (red, green, blue)."""

POINTS = 72.0
_STEEPEST = 12.0
_LONG = 0.45
_SHORT = 0.13
_MOSTLY = 0.6
_THICKEST = 0.07
_GAP = 0.03
_FLATTEST = 0.03
_COARSE = 0.25
_FINE = 0.025
_FEWEST_POINTS = 500
_PAPER = 0.25


@dataclass(frozen=True, slots=True)
class Straight:
    """A page set straight, in pixels of ``dpi`` to the inch.

    ``grey``: lightness. ``black``: lightness with all colour taken for light: a red stamp is paper, black print is not.
    ``ink``, ``black_ink``: where either is darker than its surroundings (bool). ``rules``: where the ruling lines are
    (bool): the black ones, unless most lines are coloured. ``across``, ``down``: the lines, in points. ``back``: the
    2 x 3 matrix from its pixels to the pixels of the picture as it was given.
    """

    grey: Pixels = field(repr=False)
    black: Pixels = field(repr=False)
    ink: Pixels = field(repr=False)
    black_ink: Pixels = field(repr=False)
    rules: Pixels = field(repr=False)
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    dpi: float
    back: Pixels = field(repr=False)

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """A box in points as whole pixels of this page, cut at its edges."""
        height, width = self.grey.shape
        left, top, right, bottom = (round(value * self.dpi / POINTS) for value in box)
        return max(left, 0), max(top, 0), min(right, width), min(bottom, height)

    def as_given(self, box: Box) -> Box:
        """A box in points as the box around it on the picture as it was given, in points."""
        scale = self.dpi / POINTS
        corners = np.array([[x * scale, y * scale, 1.0] for x in (box[0], box[2]) for y in (box[1], box[3])])
        placed = corners @ self.back.T / scale
        left, top = (float(value) for value in placed.min(axis=0))
        right, bottom = (float(value) for value in placed.max(axis=0))
        return left, top, right, bottom


def set_straight(picture: Pixels, dpi: float, quarters: int = 0) -> Straight:
    """The page turned by quarter turns clockwise, then by the few degrees by which its lines are askew."""
    turned = np.ascontiguousarray(np.rot90(picture, -quarters % 4))
    grey, black = _channels(turned)
    askew = _askew(ink_of(grey, dpi), dpi)
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), askew, 1.0)
    if askew:
        grey, black = (_rotated(channel, turn) for channel in (grey, black))
    ink = ink_of(grey, dpi)
    black_ink = ink_of(black, dpi) if black is not grey else ink
    across, down, mask = _rules(black_ink, dpi)
    if black is not grey:
        coloured = _rules(ink, dpi)
        if _length(across, down) < _MOSTLY * _length(*coloured[:2]):
            across, down, mask = coloured
    back = _quarters_back(quarters, picture.shape[1], picture.shape[0]) @ _square(cv2.invertAffineTransform(turn))
    return Straight(grey, black, ink, black_ink, mask, across, down, dpi, back[:2])


def ink_of(grey: Pixels, dpi: float) -> Pixels:
    """Where a page is darker than around it by more than its own noise: shading and grey cells are paper."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    block = int(_PAPER * dpi) | 1
    around = cv2.blur(smooth, (block, block))
    noise = 1.5 * float(np.median(np.abs(smooth.astype(np.int16) - around)))
    return smooth < around.astype(np.int16) - min(max(12.0, 4.0 * noise), 45.0)


def _channels(picture: Pixels) -> tuple[Pixels, Pixels]:
    if picture.ndim == 2:
        return picture, picture
    lightest, darkest = picture.max(axis=2).astype(np.int16), picture.min(axis=2)
    black = np.clip(lightest + 0.6 * (lightest - darkest), 0, 255).astype(np.uint8)
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), black


def _rotated(channel: Pixels, turn: Pixels) -> Pixels:
    height, width = channel.shape
    paper = int(np.median(channel[::16, ::16]))
    return cv2.warpAffine(channel, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)


def _square(matrix: Pixels) -> Pixels:
    return np.vstack([matrix, [0.0, 0.0, 1.0]])


def _quarters_back(quarters: int, width: int, height: int) -> Pixels:
    """From pixels of the picture after clockwise quarter turns to those of the picture as given (its size)."""
    return np.array(
        {
            0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            1: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
            2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            3: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        }[quarters % 4],
        dtype=float,
    )


def _askew(ink: Pixels, dpi: float) -> float:
    """Degrees by which the page's lines, ruled or of text, fall to the right; 0 where it can't be told from none.

    At the right angle the ink heaps up in few rows and columns: the sum of the squares of their counts is largest.
    """
    points = np.argwhere(ink)
    if len(points) < _FEWEST_POINTS:
        return 0.0
    best, step = 0.0, _COARSE
    for most, bin_size, reach in ((40_000, 0.02 * dpi, _STEEPEST), (150_000, 0.005 * dpi, 1.5 * _COARSE)):
        some = points[:: max(1, len(points) // most)]
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(angles, key=lambda angle: _heaped(some, angle, bin_size)))
        step = _FINE
    return best if abs(best) >= _FLATTEST else 0.0


def _heaped(points: Pixels, degrees: float, bin_size: float) -> float:
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    y, x = points[:, 0], points[:, 1]
    total = 0.0
    for along in (y * cosine - x * sine, x * cosine + y * sine):
        counts = np.bincount(((along - along.min()) / bin_size).astype(np.int64))
        total += float((counts.astype(float) ** 2).sum())
    return total


def _rules(ink: Pixels, dpi: float) -> tuple[tuple[Rule, ...], tuple[Rule, ...], Pixels]:
    """Rules across and down, in points, and where they are.

    Long straight strokes are rules; short ones (the height of a row) only if both ends meet a rule of the other kind,
    which strokes of characters do not.
    """
    plane = ink.astype(np.uint8)
    rows = list(_strokes(plane, dpi))
    columns = [(y, x, h, w, part) for x, y, w, h, part in _strokes(np.ascontiguousarray(plane.T), dpi)]
    mask = np.zeros(ink.shape, dtype=bool)
    kept_rows = _kept(rows, columns, dpi, along=0)
    kept_columns = _kept(columns, rows, dpi, along=1)
    scale = POINTS / dpi
    across, down = [], []
    for x, y, w, h, part in kept_rows:
        mask[y : y + h, x : x + w] |= part
        across.append(Rule(_middle(part) * scale + y * scale, x * scale, (x + w) * scale))
    for x, y, w, h, part in kept_columns:
        mask[y : y + h, x : x + w] |= part.T
        down.append(Rule(_middle(part) * scale + x * scale, y * scale, (y + h) * scale))
    for x, y, w, h, part in _fragments(rows, kept_rows, dpi, along=0):
        mask[y : y + h, x : x + w] |= part
    for x, y, w, h, part in _fragments(columns, kept_columns, dpi, along=1):
        mask[y : y + h, x : x + w] |= part.T
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return tuple(across), tuple(down), grown


def _length(across: tuple[Rule, ...], down: tuple[Rule, ...]) -> float:
    return sum(rule.end - rule.start for rule in (*across, *down))


def _middle(part: Pixels) -> float:
    """The middle across the stroke, in pixels: half of its ink lies on either side."""
    weights = part.sum(axis=1).astype(float)
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum())


Stroke = tuple[int, int, int, int, Pixels]
"""x, y, width, height in pixels, and its ink, lying along its rows."""


def _strokes(plane: Pixels, dpi: float) -> Iterator[Stroke]:
    """Straight strokes from left to right."""
    whole = cv2.morphologyEx(plane, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    opened = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, int(_SHORT * dpi)), np.uint8))
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((1, int(_GAP * dpi)), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for number in range(1, count):
        x, y, w, h = (int(value) for value in boxes[number][:4])
        part = labels[y : y + h, x : x + w] == number
        if part.sum() / w <= _THICKEST * dpi and h <= max(_THICKEST * dpi, 0.03 * w):
            yield x, y, w, h, part


def _kept(strokes: list[Stroke], others: list[Stroke], dpi: float, along: int) -> list[Stroke]:
    """The long strokes, and of the short ones what lies between the first and the last long rule that they meet.

    A character that stands close under a table may lengthen a short rule beyond the rule where it ends.
    """
    long, reach = _LONG * dpi, 0.03 * dpi
    sides = [other for other in others if other[3 - along] >= long]
    kept = []
    for stroke in strokes:
        if stroke[2 + along] >= long:
            kept.append(stroke)
            continue
        start, middle = stroke[along], stroke[1 - along] + stroke[3 - along] / 2
        end = start + stroke[2 + along]
        met = [
            at
            for side in sides
            if start - reach <= (at := side[along] + side[2 + along] / 2) <= end + reach
            and side[1 - along] - reach <= middle <= side[1 - along] + side[3 - along] + reach
        ]
        if met and max(met) - min(met) >= _SHORT * dpi - 2 * reach:
            kept.append(_trimmed(stroke, max(int(min(met)), start), min(int(max(met)) + 1, end), along))
    return kept


def _fragments(strokes: list[Stroke], kept: list[Stroke], dpi: float, along: int) -> Iterator[Stroke]:
    """Strokes in the line of a kept one: pieces of a rule that noise has broken. They are no text."""
    near, apart = 0.015 * dpi, _LONG * dpi
    for stroke in strokes:
        start, end = stroke[along], stroke[along] + stroke[2 + along]
        low, high = stroke[1 - along], stroke[1 - along] + stroke[3 - along]
        if any(
            rule[1 - along] - near <= low
            and high <= rule[1 - along] + rule[3 - along] + near
            and start <= rule[along] + rule[2 + along] + apart
            and rule[along] - apart <= end
            for rule in kept
        ):
            yield stroke


def _trimmed(stroke: Stroke, start: int, end: int, along: int) -> Stroke:
    x, y, w, h, part = stroke
    if along == 0:
        return start, y, end - start, h, part[:, start - x : end - x]
    return x, start, w, end - start, part[:, start - y : end - y]
