"""A page of an OFD -> Sheet: characters and strokes through the matrices and boundaries of the objects around them.

Section numbers are those of GB/T 33190-2016. An object's own space is mapped by its CTM, then shifted to its Boundary's
top left corner (8.5); lengths are millimetres. A number that is no number raises ValueError: text that is left out
would make its cell look blank.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.decode.geometry import (
    IDENTITY,
    UNKNOWN_CHARACTER,
    Glyph,
    Sheet,
    combined,
    rules_among,
    transformed,
    turn_box,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from extract.decode.geometry import Box, Matrix

PAGE_SIZE = (210.0, 297.0)
"""Millimetres: A4, where a file states no size."""
_POINTS = 72 / 25.4
_FURTHEST = 1e6
_MOST_DRAWN = 1_000_000
_DEEPEST = 20
_ABOVE, _BELOW = 0.88, 0.12  # of the font size, from the baseline: Chinese fonts' usual ascent and descent
_SLANT = 6 / 90
_SAME = 0.25
_CELL = 4.0
_PLACEHOLDERS = frozenset("\xa4\xad")
_COMMAND = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[^\s,]")
_COORDINATES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def children(element: _Element | None, name: str) -> Iterator[_Element]:
    """Those of that local name, under any prefix."""
    return (found for found in (() if element is None else element) if _name(found) == name)


def child(element: _Element | None, *path: str) -> _Element | None:
    """The first along a path of local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def descendants(element: _Element | None, name: str) -> Iterator[_Element]:
    """All of that local name below an element."""
    return (found for found in (() if element is None else element.iter()) if _name(found) == name)


def attribute(element: _Element, name: str, default: str = "") -> str:
    """An attribute's text; ``default`` where it is missing or blank."""
    value = element.get(name)
    return default if value is None or not value.strip() else str(value).strip()


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def numbers(text: str) -> list[float]:
    """Numbers parted by spaces or commas.

    Raises:
        ValueError: one is none, or further off than any page reaches.
    """
    values = [float(part) for part in text.replace(",", " ").split()]
    if not all(abs(value) <= _FURTHEST for value in values):
        raise ValueError(f"{text[:40]!r} is no place on a page")
    return values


def read_size(area: _Element | None) -> tuple[float, float] | None:
    """Width and height of a page area's PhysicalBox in millimetres; its corner is the origin (7.5)."""
    box = child(area, "PhysicalBox")
    values = numbers(box.text or "") if box is not None else []
    return (values[2], values[3]) if len(values) == 4 and min(values[2:]) > 0 else None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A character as drawn: its box in points on the page as shown, and how far it is turned, in quarters clockwise."""

    text: str
    box: Box
    turn: float
    after_space: bool


class Drawing:
    """Draws pages one after the other; what all of them hold together is limited."""

    def __init__(self) -> None:
        self._left = _MOST_DRAWN
        self._start({})

    def _start(self, composites: Mapping[str, _Element]) -> None:
        self._composites = composites
        self._placed: list[_Placed] = []
        self._boxes: list[Box] = []
        self._seen: set[bool] = set()
        self._warnings: Counter[str] = Counter()

    def sheet(self, roots: Sequence[_Element], size: tuple[float, float], composites: Mapping[str, _Element]) -> Sheet:
        """What page and templates (``roots``, from back to front) draw, turned so that most characters stand upright.

        Raises:
            ValueError: a place cannot be read, objects are nested without end, or there are too many.
        """
        self._start(composites)
        page = (_POINTS, 0.0, 0.0, _POINTS, 0.0, 0.0)
        for root in roots:
            for layer in children(child(root, "Content"), "Layer"):
                self._block(layer, page, 0)
        width, height = size[0] * _POINTS, size[1] * _POINTS
        upright = [placed for placed in self._placed if _is_upright(placed)]
        slanted = "".join(placed.text for placed in self._placed if not _is_upright(placed))
        turns = Counter(round(placed.turn) % 4 for placed in upright)
        turned = -turns.most_common(1)[0][0] % 4 if turns else 0
        glyphs = tuple(
            Glyph(placed.text, *turn_box(placed.box, turned, width, height), placed.after_space)
            for placed in _once(upright)
        )
        across, down = rules_among(turn_box(box, turned, width, height) for box in self._boxes)
        return Sheet(glyphs, across, down, turned, width, height, self._seen == {False}, slanted)

    def take_warnings(self) -> list[str]:
        """What had to be worked around on the page drawn last."""
        return [warning.format(count) for warning, count in self._warnings.items()]

    def _count(self, drawn: int = 1) -> None:
        self._left -= drawn
        if self._left < 0:
            raise ValueError(f"more than {_MOST_DRAWN} characters and strokes are no annual report")

    def _block(self, block: _Element, matrix: Matrix, depth: int) -> None:
        """A layer, page block or composite's content (7.7, 8.3): objects in drawing order."""
        if depth > _DEEPEST:
            raise ValueError("objects nested deeper than any real ones")
        for item in block:
            name = _name(item)
            if not name or attribute(item, "Visible").lower() == "false":
                continue
            self._count()
            if name == "PageBlock":
                self._block(item, matrix, depth + 1)
            elif name == "TextObject":
                self._text(item, combined(_own_matrix(item), matrix))
            elif name == "PathObject":
                self._path(item, combined(_own_matrix(item), matrix))
            elif name == "CompositeObject":
                self._composite(item, combined(_own_matrix(item), matrix), depth)

    def _composite(self, item: _Element, matrix: Matrix, depth: int) -> None:
        unit = self._composites.get(attribute(item, "ResourceID"))
        content = child(unit, "Content") if unit is not None else None
        if content is None:
            self._warnings["{} composite objects have no content in the file"] += 1
        else:
            self._block(content, matrix, depth + 1)

    def _text(self, item: _Element, matrix: Matrix) -> None:
        """A text object (11.2): runs of characters (TextCode, 11.3), each placed by offsets from the one before."""
        if child(item, "CGTransform") is not None:
            self._warnings["{} text objects name glyphs of their font: their text is taken as it is written"] += 1
        size = _one(attribute(item, "Size", "0"))
        scale = _one(attribute(item, "HScale", "1"))
        direction = _one(attribute(item, "CharDirection", "0")) / 90
        reading = _one(attribute(item, "ReadDirection", "0")) / 90
        turn = math.atan2(matrix[1], matrix[0]) / (math.pi / 2) + direction
        x = y = 0.0
        for code in children(item, "TextCode"):
            x = _one(attribute(code, "X", str(x)))
            y = _one(attribute(code, "Y", str(y)))
            text = _written(code)
            self._count(len(text))
            spaced = False
            for letter, (left, baseline, advance) in zip(
                text, _points(text, code, (x, y), size * scale, reading - direction, reading), strict=True
            ):
                if letter.isspace():
                    spaced = True
                elif letter in _PLACEHOLDERS or unicodedata.category(letter) != "Cf":
                    self._seen.add(_is_seen(item))
                    box = _turned_about((0, -_ABOVE * size, advance, _BELOW * size), direction, left, baseline)
                    printed = UNKNOWN_CHARACTER if letter in _PLACEHOLDERS else letter
                    self._placed.append(_Placed(printed, transformed(box, matrix), turn, spaced))
                    spaced = False

    def _path(self, item: _Element, matrix: Matrix) -> None:
        """A path object (9.1): stroked, each straight segment; filled only, each part as a whole."""
        strokes = attribute(item, "Stroke", "true").lower() != "false"
        fills = attribute(item, "Fill", "false").lower() == "true"
        data = child(item, "AbbreviatedData")
        try:
            parts = list(_parts((data.text or "") if data is not None else ""))
        except ValueError:
            self._warnings["{} drawn shapes cannot be read and were left out"] += 1
            return
        for points, straight in parts:
            self._count(len(points))
            if strokes:
                pairs = zip(pairwise(points), straight, strict=True)
                self._boxes.extend(transformed(_around(pair), matrix) for pair, is_straight in pairs if is_straight)
            elif fills:
                self._boxes.append(transformed(_around(points), matrix))


def _is_upright(placed: _Placed) -> bool:
    """Whether a character stands within 6 degrees of a quarter turn; a watermark does not."""
    return abs(placed.turn - round(placed.turn)) <= _SLANT


def _own_matrix(item: _Element) -> Matrix:
    a, b, c, d, e, f = IDENTITY
    if text := attribute(item, "CTM"):
        a, b, c, d, e, f = _exactly(6, text)
    boundary = attribute(item, "Boundary")
    x, y, _, _ = _exactly(4, boundary) if boundary else (0.0, 0.0, 0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _exactly(count: int, text: str) -> list[float]:
    values = numbers(text)
    if len(values) != count:
        raise ValueError(f"{text[:40]!r} is not {count} numbers")
    return values


def _one(text: str) -> float:
    return _exactly(1, text)[0]


def _written(code: _Element) -> str:
    """The text of a TextCode, without the line breaks and the indent that a file set out for people has around it."""
    if len(code):
        raise ValueError("a text holds something that is no character")
    text = code.text or ""
    return str(text.strip() if "\n" in text else text)


def _is_seen(item: _Element) -> bool:
    """Whether text is drawn visibly: filled or stroked, and not wholly transparent."""
    fill = child(item, "FillColor")
    clear = attribute(item, "Alpha") == "0" or (fill is not None and attribute(fill, "Alpha") == "0")
    filled = attribute(item, "Fill", "true").lower() != "false"
    return not clear and (filled or attribute(item, "Stroke").lower() == "true")


def _points(
    text: str, code: _Element, start: tuple[float, float], size: float, across: float, reading: float
) -> Iterator[tuple[float, float, float]]:
    """Where each character is set, and how wide it is: no wider than the step to the next one on its line.

    Where the file gives no offsets at all, characters follow each other in reading direction by their usual widths.
    """
    x, y = start
    given = attribute(code, "DeltaX"), attribute(code, "DeltaY")
    steps_x, steps_y = (_steps(values, len(text) - 1) for values in given)
    for index, letter in enumerate(text):
        width = size * (1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5)
        if any(given):
            step_x = steps_x[index] if index < len(steps_x) else 0.0 if steps_y else width
            step_y = steps_y[index] if index < len(steps_y) else 0.0
        else:
            step = width if round(across) % 2 == 0 else size
            step_x, step_y = step * math.cos(reading * math.pi / 2), step * math.sin(reading * math.pi / 2)
        is_narrower = index < len(text) - 1 and 0 < step_x < width and abs(step_y) < _SAME * size
        yield x, y, step_x if is_narrower else width
        x, y = x + step_x, y + step_y


def _steps(text: str, most: int) -> list[float]:
    """The offsets of DeltaX or DeltaY, "g 3 1.5" being three times 1.5 (11.3); no more than can be used."""
    steps: list[float] = []
    parts = iter(text.replace(",", " ").split())
    for part in parts:
        if len(steps) >= most:
            break
        if part.lower() != "g":
            steps += numbers(part)
            continue
        count, step = next(parts, ""), next(parts, "")
        steps += [_one(step)] * min(max(int(count), 0), most - len(steps))
    return steps


def _turned_about(box: Box, quarters: float, x: float, y: float) -> Box:
    """A box around the origin turned clockwise by quarters, then shifted."""
    cosine, sine = math.cos(quarters * math.pi / 2), math.sin(quarters * math.pi / 2)
    return transformed(box, (cosine, sine, -sine, cosine, x, y))


def _once(placed: Sequence[_Placed]) -> Iterator[_Placed]:
    """Without characters drawn again over themselves (shadows, false bold): "5" twice is no 55."""
    grid: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for item in placed:
        left, top, right, bottom = item.box
        reach = min(_SAME * min(right - left, bottom - top), _CELL)
        x, y = (left + right) / 2, (top + bottom) / 2
        column, row = int(x // _CELL), int(y // _CELL)
        near = (
            point
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for point in grid.get((item.text, c, r), ())
        )
        if not any(abs(x - other_x) <= reach and abs(y - other_y) <= reach for other_x, other_y in near):
            grid.setdefault((item.text, column, row), []).append((x, y))
            yield item


def _parts(data: str) -> Iterator[tuple[list[tuple[float, float]], list[bool]]]:
    """The parts of a path (9.1): its points, and for each step between two of them whether it is straight."""
    points: list[tuple[float, float]] = []
    straight: list[bool] = []
    tokens = _COMMAND.findall(data)
    index = 0
    while index < len(tokens):
        command = tokens[index]
        count = _COORDINATES.get(command)
        if count is None:
            raise ValueError(f"{command} is no command of a path")
        values = _exactly(count, " ".join(tokens[index + 1 : index + 1 + count])) if count else []
        index += 1 + count
        if command in "SM":
            if len(points) > 1:
                yield points, straight
            points, straight = [(values[0], values[1])], []
        elif command == "C" and points:
            points, straight = [*points, points[0]], [*straight, True]
        elif points:
            points.append((values[-2], values[-1]))
            straight.append(command == "L")
    if len(points) > 1:
        yield points, straight


def _around(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
