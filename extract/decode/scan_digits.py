"""Numbers in cells: where two recognitions, the count of the glyphs and the shapes of the document's digits agree.

A recogniser that reads one digit at a time is wrong now and then and does not know it. So each number is recognised
twice, at two sizes; its characters are counted by their ink; and each digit is held against all others that the same
document prints: a 6 that was read as 5 looks like the document's other sixes. Who disagrees lowers the certainty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from extract.decode.scan_ink import InkLine, Spot, pale_glyphs
from extract.decode.scan_text import DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.decode.scan_lines import Pixels
    from extract.decode.scan_text import Words

_LOOKALIKES = str.maketrans("OoQD〇○。lI|i丨!Zz]SsBgqb，．－", "0000000111111221588996,.-")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_SIZE = 24
_HIGH = 0.6
_FLAT = 0.55
_THICKEST = 0.045
_WIDEST = 0.4
_SMALL = 0.55
_MOST_GLYPHS = 14
_CONFLICT = 0.03
_ALIKE = 0.9
_SURE_ODDS = 0.8
_POOR = 0.75
_FEWEST_NUMBERS = 10
DASH, SLASH, UNREAD = "—", "/", "\ufffd"


@dataclass(frozen=True, slots=True)
class Settled:
    """A line's text, how sure it is (0 to 1), and what speaks against it."""

    text: str
    certainty: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A line that may be a number: two readings of it, their odds, and its digits' shapes (n x 576, length 1 each).

    ``points``: for each low small glyph how many digits stand before it, and whether it hangs below the line (a comma).
    ``width``, ``height``: of its ink, in inches. ``crossed``: its ink meets a ruling line, as a stamp's does. ``text``:
    what the recogniser reads if not a number (a 0 with a dot in it is read as 日): only shapes that are the document's
    other digits make it one. ``alone``: nothing else stands in its cell.
    """

    first: str
    second: str
    odds: float
    shapes: Pixels = field(repr=False)
    points: tuple[tuple[int, bool], ...]
    width: float
    height: float
    crossed: bool
    text: Settled | None = None
    alone: bool = True


def mark_of(line: InkLine, ink: Pixels, dpi: float) -> str:
    """What a single stroke is by its shape: a dash, a slash, or nothing of the kind (empty).

    The recogniser takes "—" for 一 and "/" for 1 or 7. A slash is one straight stroke that leans to the right and is
    as thick at its top as at its foot; a 7 is not, and a 1 does not lean.
    """
    if len(line.glyphs) <= 2 and all(_lies_flat(glyph, dpi) for glyph in line.glyphs):
        return DASH
    if len(line.glyphs) != 1:
        return ""
    glyph = line.glyphs[0]
    part = ink[glyph.top : glyph.bottom, glyph.left : glyph.right]
    rows = [np.flatnonzero(row) for row in part]
    spans = np.array([(y, row[0], row[-1]) for y, row in enumerate(rows) if len(row)], dtype=float)
    if len(spans) < 6:
        return ""
    inner = spans[len(spans) // 12 : len(spans) - len(spans) // 12]
    middles, widths = (inner[:, 1] + inner[:, 2]) / 2, inner[:, 2] - inner[:, 1] + 1
    lean, start = np.polyfit(inner[:, 0], middles, 1)
    astray = float(np.abs(middles - (lean * inner[:, 0] + start)).max())
    thick = float(widths.max())
    is_straight = astray <= max(0.06 * glyph.height, 1.2) and thick <= max(2.2 * float(np.median(widths)), 4.0)
    return SLASH if lean <= -0.2 and is_straight and thick <= 0.5 * glyph.height else ""


def _lies_flat(glyph: Spot, dpi: float) -> bool:
    is_thin = glyph.height <= max(min(_FLAT * glyph.width, _THICKEST * dpi), 2.0)
    return is_thin and glyph.width <= _WIDEST * dpi and glyph.area >= 0.55 * glyph.width * glyph.height


def is_number(words: Words, line: InkLine) -> bool:
    """Whether a line's text is made of digits, or of what a recogniser takes digits for, and few glyphs."""
    plain = words.text.replace(" ", "").translate(_LOOKALIKES)
    return bool(plain) and len(line.glyphs) <= _MOST_GLYPHS and all(c in DIGITS + ",.-+" for c in plain)


def may_be_number(words: Words, line: InkLine) -> bool:
    """Whether a line may be a number by its shape, whatever its text: one or two glyphs, or a few narrow ones."""
    narrow = all(glyph.width <= 0.85 * line.height for glyph in line.glyphs)
    return len(line.glyphs) <= 2 or (narrow and len(words.text) <= len(line.glyphs) <= _MOST_GLYPHS)


def figures(line: InkLine, plane: Pixels, dpi: float, first: Words, second: Words) -> Figures:
    """Everything there is to know about a number before the rest of the document is known."""
    text = _plain(first)
    digits, points = _counted(line.glyphs, line, plane)
    if not _explains(text, digits, points):
        other = _counted(pale_glyphs(line, plane), line, plane)
        if _explains(text, *other):
            digits, points = other
    shapes = np.array([_shape(glyph, plane) for glyph in digits]).reshape(len(digits), _SIZE * _SIZE)
    odds = min(first.number_odds, second.number_odds)
    crossed = any(glyph.touches for glyph in line.glyphs)
    size = (line.right - line.left) / dpi, line.height / dpi
    return Figures(text, _plain(second), odds, shapes, tuple(points), *size, crossed)


def _counted(glyphs: Sequence[Spot], line: InkLine, plane: Pixels) -> tuple[list[Spot], list[tuple[int, bool]]]:
    """Glyphs as digits and as points between them (see ``Figures.points``)."""
    digits: list[Spot] = []
    points: list[tuple[int, bool]] = []
    foot = float(np.median([glyph.bottom for glyph in glyphs if glyph.height >= _HIGH * line.height] or [0]))
    for glyph in glyphs:
        if glyph.height >= _HIGH * line.height:
            digits += _parted(glyph, plane)
        elif glyph.height > _FLAT * glyph.width and glyph.middle[1] > line.top + 0.5 * line.height:
            points.append((len(digits), glyph.bottom > foot + 0.07 * line.height))
    return digits, points


def _explains(text: str, digits: Sequence[Spot], points: Sequence[tuple[int, bool]]) -> bool:
    return len(digits) == len(_digits(text)) and len(points) == sum(character in ",." for character in text)


def _plain(words: Words) -> str:
    return words.number.strip(",.")


def _parted(glyph: Spot, plane: Pixels) -> list[Spot]:
    """Digits that touch, parted where least ink stands near their middle."""
    count = round(glyph.width / (0.62 * glyph.height))
    if glyph.width <= 0.95 * glyph.height or count < 2:
        return [glyph]
    dark = 255 - plane[glyph.top : glyph.bottom, glyph.left : glyph.right].astype(float)
    columns, step = dark.sum(axis=0), glyph.width / count
    cuts = [0]
    for number in range(1, count):
        low, high = int((number - 0.25) * step), int((number + 0.25) * step) + 1
        cuts.append(low + int(columns[low:high].argmin()))
    cuts.append(glyph.width)
    return [
        Spot(glyph.left + a, glyph.top, glyph.left + b, glyph.bottom, glyph.area // count) for a, b in pairwise(cuts)
    ]


def _shape(glyph: Spot, plane: Pixels) -> Pixels:
    """The glyph's darkness scaled to a height of 24, in the middle of 24 x 24, as a vector of length 1."""
    part = plane[max(glyph.top - 1, 0) : glyph.bottom + 1, max(glyph.left - 1, 0) : glyph.right + 1].astype(np.float32)
    dark = np.clip((np.percentile(part, 90) - part) / max(float(np.ptp(part)), 1.0), 0, 1)
    wide = min(max(round(_SIZE * dark.shape[1] / dark.shape[0]), 3), _SIZE)
    scaled = cv2.GaussianBlur(cv2.resize(dark, (wide, _SIZE), interpolation=cv2.INTER_AREA), (3, 3), 0.8)
    canvas: Pixels = np.zeros((_SIZE, _SIZE), dtype=np.float32)
    left = (_SIZE - wide) // 2
    canvas[:, left : left + wide] = scaled
    flat = canvas.ravel() - canvas.mean()
    return flat / max(float(np.linalg.norm(flat)), 1e-6)


def settle(lines: Sequence[Figures]) -> list[Settled]:
    """The numbers of one document, each judged beside all the others."""
    known = [
        (number, place, digit)
        for number, line in enumerate(lines)
        if line.text is None
        and line.first == line.second
        and line.odds >= _SURE_ODDS
        and len(_digits(line.first)) == len(line.shapes)
        for place, digit in enumerate(_digits(line.first))
    ]
    pattern = np.array([lines[number].shapes[place] for number, place, _ in known]).reshape(len(known), _SIZE * _SIZE)
    owners = np.array([number for number, _, _ in known])
    labels = np.array([int(digit) for _, _, digit in known])
    sure = [lines[number].height for number in set(owners.tolist())]
    usual = float(np.percentile(sure, 75)) if sure else 0.0
    settled = [
        _too_small(line)
        if line.height < _SMALL * usual
        else _settled(line, _likeness(line, number, pattern, owners, labels))
        for number, line in enumerate(lines)
    ]
    return _all_doubted(settled) if _is_poor(settled) else settled


def _is_poor(settled: Sequence[Settled]) -> bool:
    """Whether more than a third of the numbers are in doubt: such a print may be wrong where nothing tells."""
    numbers = [answer for answer in settled if _NUMBER.fullmatch(answer.text)]
    doubted = sum(answer.certainty < _SURE_ODDS for answer in numbers)
    return 3 * doubted > len(numbers) and len(numbers) >= _FEWEST_NUMBERS


def _all_doubted(settled: Sequence[Settled]) -> list[Settled]:
    poor = "a poor print: a third of its numbers are in doubt"
    return [
        replace(answer, certainty=min(answer.certainty, _POOR), reason=answer.reason or poor)
        if _NUMBER.fullmatch(answer.text)
        else answer
        for answer in settled
    ]


def _too_small(line: Figures) -> Settled:
    """What is not as high as the document's numbers is none of them: a dash if it lies, else nothing readable."""
    if _THICKEST >= line.height <= _FLAT * line.width:
        return Settled(DASH, 0.9)
    if line.text is not None and not line.alone:
        return line.text
    return Settled(UNREAD, 0.0, "smaller than the numbers of the document")


def _digits(text: str) -> str:
    return "".join(character for character in text if character in DIGITS)


def _likeness(line: Figures, number: int, pattern: Pixels, owners: Pixels, labels: Pixels) -> Pixels:
    """For each glyph of a line and each digit: how alike it is to the third most alike of the others (n x 10)."""
    likeness = np.full((len(line.shapes), 10), -1.0)
    if len(pattern) == 0 or len(line.shapes) == 0:
        return likeness
    alike = line.shapes @ pattern.T
    alike[:, owners == number] = -1.0
    for digit in range(10):
        mine = alike[:, labels == digit]
        if mine.shape[1]:
            rank = min(3, mine.shape[1]) - 1
            likeness[:, digit] = -np.partition(-mine, rank, axis=1)[:, rank]
    return likeness


def _settled(line: Figures, likeness: Pixels) -> Settled:
    text = line.first if _NUMBER.fullmatch(line.first) else line.second
    if not _NUMBER.fullmatch(text):
        return line.text or Settled(UNREAD, 0.0, "ink that is no number")
    if line.text is not None:
        return _by_shape(line, text, likeness) or line.text
    against = []
    if line.first != line.second:
        against.append(f"read as {line.first} and as {line.second}")
        text = max((line.first, line.second), key=lambda each: _fit(each, likeness))
    digits = _digits(text)
    if len(digits) != len(line.shapes):
        against.append(f"{len(line.shapes)} glyphs")
    else:
        for place, digit in enumerate(digits):
            mine, other = likeness[place, int(digit)], np.delete(likeness[place], int(digit)).max()
            if other > mine + _CONFLICT and other >= _ALIKE - (0.0 if mine < 0 else 0.2):
                against.append(f"a {digit} unlike the others")
    text = _with_points(text, line, against)
    if line.crossed:
        against.append("its ink meets the cell's edge")
    if line.odds < 0.5:
        against.append("faint")
    certainty = (1.0, 0.7, 0.5, 0.3)[min(len(against), 3)]
    return Settled(text, round(certainty * (1.0 if line.odds >= 0.9 else 0.9), 3), "; ".join(against))


def _by_shape(line: Figures, text: str, likeness: Pixels) -> Settled | None:
    """The digits that glyphs are by their shape, if each is beyond doubt and the recogniser's likeliest digit too."""
    digits = _digits(text)
    if len(digits) != len(line.shapes) or digits != text:
        return None
    for place, digit in enumerate(digits):
        other = np.delete(likeness[place], int(digit)).max()
        if likeness[place, int(digit)] < _ALIKE or other > likeness[place, int(digit)] - _CONFLICT:
            return None
    return Settled(text, 0.9)


def _fit(text: str, likeness: Pixels) -> float:
    digits = _digits(text)
    if len(digits) != len(likeness) or not _NUMBER.fullmatch(text):
        return -10.0
    return sum(float(likeness[place, int(digit)]) for place, digit in enumerate(digits))


def _with_points(text: str, line: Figures, against: list[str]) -> str:
    """The number with its points as their shape tells them: a comma hangs below the line, a point stands on it."""
    read = [(len(_digits(text[:index])), mark) for index, mark in enumerate(text) if mark in ",."]
    seen = dict(line.points)
    for before, mark in read:
        if mark == "." and seen.get(before, False):
            if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
                return text.replace(".", ",")
            against.append("a point or a comma")
        elif mark == "." and before not in seen:
            against.append("a point that no ink shows")
    for before, hangs in line.points:
        grouping = (len(_digits(text)) - before) % 3 == 0
        if before not in {place for place, _ in read} and 0 < before < len(_digits(text)) and not (hangs and grouping):
            against.append("a point was left out")
    return text
