"""The ink of a page -> what stands in each cell: lines of glyphs, by shape alone, before anything is recognised.

Ink decides what is blank: a cell without any is blank, one with ink is never blank, whatever the recogniser says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract.decode.geometry import Box
    from extract.decode.scan_lines import Pixels, Straight

_SPECK = 0.02
_SLIVER = 0.018
_EM = 0.14
_BODY = 0.5
_DUST = 0.4
_MOST_SPECKS = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A connected piece of ink: left, top, right, bottom in pixels, and how many pixels of it are dark.

    ``touches``: it meets a ruling line, as what runs across cells does (a stamp, a stroke of the pen).
    """

    left: int
    top: int
    right: int
    bottom: int
    area: int
    touches: bool = False

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class InkLine:
    """A line of printed characters: the box around it, and its glyphs (spots above each other as one) left to right."""

    left: int
    top: int
    right: int
    bottom: int
    glyphs: tuple[Spot, ...] = field(repr=False)

    @property
    def height(self) -> int:
        return self.bottom - self.top


def spots(ink: Pixels, rules: Pixels, dpi: float) -> list[Spot]:
    """All pieces of ink that are no ruling lines, nor slivers that such a line left along its edge."""
    plane = (ink & ~rules).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(plane, connectivity=8)
    beside = cv2.dilate(rules.astype(np.uint8), np.ones((5, 5), np.uint8))
    near = np.bincount(labels.ravel(), weights=(beside.ravel() > 0), minlength=count)
    meets = cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8))
    met = np.bincount(labels.ravel(), weights=(meets.ravel() > 0), minlength=count)
    thin = max(_SLIVER * dpi, 2.0)
    found = []
    for number in range(1, count):
        x, y, w, h, area = (int(value) for value in boxes[number])
        if area > 1 and not (min(w, h) <= thin and near[number] >= 0.6 * area):
            found.append(Spot(x, y, x + w, y + h, area, met[number] > 0))
    return found


def is_speck(spot: Spot, dpi: float) -> bool:
    """Whether a spot is too small for a character: dust, or a point."""
    return max(spot.width, spot.height) <= max(_SPECK * dpi, 2.0)


def holds_ink(found: Sequence[Spot], dpi: float) -> bool:
    """Whether a cell is not blank: a single speck is dust, several may be a pale number."""
    return any(not is_speck(spot, dpi) for spot in found) or len(found) > _MOST_SPECKS


def usual_size(found: Sequence[Spot], dpi: float) -> float:
    """How large the characters in the tables of a page are, in pixels: what nearly all spots do not exceed."""
    sizes = [max(s.width, s.height) for s in found if not is_speck(s, dpi) and s.width < 3 * s.height]
    em = float(np.percentile(sizes, 75)) if sizes else 0.0
    return min(max(em, 0.5 * _EM * dpi), 2 * _EM * dpi)


def lines_in(found: Sequence[Spot], dpi: float, em: float) -> list[InkLine]:
    """The lines that spots of one cell form, top to bottom; ``em`` is the usual size of a character.

    Spots at least half as high as a character make the lines; the small ones (points, commas, parts of characters)
    join the line that they stand in, or make their own (dashes, 三).
    """
    large = [spot for spot in found if not is_speck(spot, dpi)]
    if not large:
        return []
    groups = _grouped([spot for spot in large if spot.height >= _BODY * em], 0.25, 0.0)
    rest = []
    for spot in large:
        if spot.height < _BODY * em:
            home = min(groups, key=lambda group: _away(spot, group), default=None)
            if home is not None and _away(spot, home) <= 0.35 * em:
                home.append(spot)
            else:
                rest.append(spot)
    groups += _grouped(rest, 0.0, 0.45 * em)
    groups = _whole(groups, 1.05 * em)
    lines = sorted((_line(group, found, dpi) for group in groups), key=lambda line: (line.top, line.left))
    highest = max(line.height for line in lines)
    return [line for line in lines if not _is_dust(line, _DUST * highest)]


def _is_dust(item: InkLine | Spot, size: float) -> bool:
    """Whether something is round and small beside the print around it; a dash is not round."""
    width, height = item.right - item.left, item.bottom - item.top
    return max(width, height) < size and width < 2.2 * height


def _grouped(members: Iterable[Spot], shrink: float, gap: float) -> list[list[Spot]]:
    """Spots whose vertical extents (less a share at both ends) overlap or are no further apart than a gap."""
    groups: list[list[Spot]] = []
    reach = 0.0
    for spot in sorted(members, key=lambda spot: spot.top + shrink * spot.height):
        if groups and spot.top + shrink * spot.height <= reach + gap:
            groups[-1].append(spot)
            reach = max(reach, spot.bottom - shrink * spot.height)
        else:
            groups.append([spot])
            reach = spot.bottom - shrink * spot.height
    return groups


def _whole(groups: Sequence[list[Spot]], height: float) -> list[list[Spot]]:
    """Groups that together are no higher than a character are one: a 5 whose neck is too thin to be seen."""
    whole: list[list[Spot]] = []
    for group in sorted(groups, key=lambda group: min(spot.top for spot in group)):
        both = [*whole[-1], *group] if whole else group
        if whole and max(spot.bottom for spot in both) - min(spot.top for spot in both) <= height:
            whole[-1] = both
        else:
            whole.append(group)
    return whole


def _away(spot: Spot, group: Sequence[Spot]) -> float:
    top, bottom = min(s.top for s in group), max(s.bottom for s in group)
    return max(top - spot.middle[1], spot.middle[1] - bottom, 0.0)


def _line(group: Sequence[Spot], found: Sequence[Spot], dpi: float) -> InkLine:
    group = _swept(group)
    left, right = min(spot.left for spot in group), max(spot.right for spot in group)
    top, bottom = min(spot.top for spot in group), max(spot.bottom for spot in group)
    points = [
        spot
        for spot in found
        if is_speck(spot, dpi)
        and left < spot.middle[0] < right
        and top + 0.6 * (bottom - top) < spot.middle[1] < bottom + 0.1 * (bottom - top)
        and not any(other.left - 1 <= spot.middle[0] <= other.right + 1 for other in group)
    ]
    return InkLine(left, top, right, bottom, tuple(_glyphs([*group, *points])))


def pale_glyphs(line: InkLine, plane: Pixels) -> list[Spot]:
    """The glyphs of a line when all that is darker than a quarter of its darkest ink counts: thin strokes hold."""
    top, left = max(line.top - 1, 0), max(line.left - 1, 0)
    piece = plane[top : line.bottom + 1, left : line.right + 1].astype(float)
    paper = float(np.percentile(piece, 85))
    dark = (piece < paper - 0.25 * (paper - float(piece.min()))).astype(np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    found = [tuple(int(value) for value in boxes[number]) for number in range(1, count)]
    large = [
        Spot(left + x, top + y, left + x + w, top + y + h, area)
        for x, y, w, h, area in found
        if max(w, h) >= 0.12 * line.height
    ]
    return _glyphs(large)


def _swept(group: Sequence[Spot]) -> Sequence[Spot]:
    """A line without the dust that lies before its first or after its last character, apart from them."""
    highest = max(spot.height for spot in group)
    bodies = [spot for spot in group if not _is_dust(spot, _DUST * highest)]
    if not bodies:
        return group
    apart = 0.3 * highest
    left, right = min(spot.left for spot in bodies) - apart, max(spot.right for spot in bodies) + apart
    return [spot for spot in group if spot in bodies or (left < spot.right and spot.left < right)]


def _glyphs(group: Sequence[Spot]) -> list[Spot]:
    """Spots that stand above each other as one glyph, left to right."""
    glyphs: list[Spot] = []
    for spot in sorted(group, key=lambda spot: spot.left):
        last = glyphs[-1] if glyphs else None
        if last and min(last.right, spot.right) - spot.left >= 0.5 * min(last.width, spot.width):
            glyphs[-1] = Spot(
                last.left,
                min(last.top, spot.top),
                max(last.right, spot.right),
                max(last.bottom, spot.bottom),
                last.area + spot.area,
                last.touches or spot.touches,
            )
        else:
            glyphs.append(spot)
    return glyphs


def cut_out(page: Straight, plane: Pixels, line: InkLine, inside: Box, pad: float) -> Pixels:
    """The picture of a line with ``pad`` of its height around it; what is outside its cell, and rules, are paper."""
    margin = max(round(pad * line.height), 2)
    left, top, right, bottom = page.pixels(inside)
    x0, y0 = max(line.left - margin, 0), max(line.top - margin, 0)
    x1, y1 = min(line.right + margin, plane.shape[1]), min(line.bottom + margin, plane.shape[0])
    piece = plane[y0:y1, x0:x1].copy()
    paper = int(np.percentile(piece, 80))
    piece[page.rules[y0:y1, x0:x1]] = paper
    if y0 < top:
        piece[: min(top, line.top) - y0] = paper
    if y1 > bottom:
        piece[max(bottom, line.bottom) - y0 :] = paper
    if x0 < left:
        piece[:, : min(left, line.left) - x0] = paper
    if x1 > right:
        piece[:, max(right, line.right) - x0 :] = paper
    return piece
