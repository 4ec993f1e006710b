"""Rules and glyphs -> tables: the cells that ruling lines enclose (no library finds them whole where pages cut rows).

Rules that touch form one table. A row that the page end leaves open is closed there, missing outer rules are added.
Between neighbouring positions of the grid that no rule parts, cells are one. What stands in a cell is what is printed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from extract.decode.geometry import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.decode.geometry import Box, Glyph

_SAME = 2.0
_TOUCH = 3.0
_OPEN = 6.0
_FEWEST_RULES = 2
_OUTSIDE = 2
_FLAT = 2.0
_LEFT = attrgetter("left")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a ruled table: its place in the grid, its span, its box on the sheet."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class RuledTable:
    """One table's cells, by row then column, and its outline.

    ``ys``, ``xs``: where its grid's rows and columns begin and end. ``owners``: grid position (row, column) to the
    number of the cell that it belongs to; a position outside the table (beside a step in its outline) has none.
    """

    cells: tuple[GridCell, ...]
    box: Box
    ys: tuple[float, ...]
    xs: tuple[float, ...]
    owners: dict[tuple[int, int], int]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell around a point, None outside of all; no point has two."""
        return self.owners.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def find_tables(across: Sequence[Rule], down: Sequence[Rule]) -> list[RuledTable]:
    """All ruled tables of a sheet, top to bottom."""
    across, down = _joined(across), _joined(down)
    tables = [_table(*_closed(*component)) for component in _components(across, down)]
    return sorted(
        (table for table in tables if table is not None), key=lambda table: (round(table.box[1]), table.box[0])
    )


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Collinear rules that overlap or nearly touch, as one each."""
    joined: list[Rule] = []
    lanes: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lanes and rule.at - lanes[-1][-1].at <= _SAME and rule.at - lanes[-1][0].at <= 2 * _SAME:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    for lane in lanes:
        at = sum(rule.at for rule in lane) / len(lane)
        current: Rule | None = None
        for rule in sorted(lane, key=lambda rule: rule.start):
            if current is not None and rule.start <= current.end + _TOUCH:
                current = Rule(at, current.start, max(current.end, rule.end))
            else:
                joined.extend([current] if current else [])
                current = Rule(at, rule.start, rule.end)
        joined.extend([current] if current else [])
    return joined


def _cross(across: Rule, down: Rule) -> bool:
    return (
        across.start - _TOUCH <= down.at <= across.end + _TOUCH
        and down.start - _TOUCH <= across.at <= down.end + _TOUCH
    )


def _components(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Sets of rules connected by crossings."""
    left_across, left_down = list(across), list(down)
    while left_down:
        mine_across: list[Rule] = []
        mine_down = [left_down.pop()]
        fresh_down = mine_down[:]
        while fresh_down:
            fresh_across = [a for a in left_across if any(_cross(a, d) for d in fresh_down)]
            left_across = [a for a in left_across if a not in fresh_across]
            mine_across += fresh_across
            fresh_down = [d for d in left_down if any(_cross(a, d) for a in fresh_across)]
            left_down = [d for d in left_down if d not in fresh_down]
            mine_down += fresh_down
        if mine_across and len(mine_across) + len(mine_down) > _FEWEST_RULES:
            yield mine_across, mine_down


def _closed(across: list[Rule], down: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """With rules added where vertical ones end loose (a page end) and where the outermost vertical ones are missing."""
    left = min([rule.start for rule in across] + [rule.at for rule in down])
    right = max([rule.end for rule in across] + [rule.at for rule in down])
    top, bottom = min(rule.start for rule in down), max(rule.end for rule in down)
    across = across + [
        Rule(edge, left, right)
        for edge, outermost in ((top, min(rule.at for rule in across)), (bottom, max(rule.at for rule in across)))
        if abs(edge - outermost) > _OPEN
    ]
    top, bottom = min(rule.at for rule in across), max(rule.at for rule in across)
    down = down + [
        Rule(edge, top, bottom) for edge in (left, right) if min(abs(rule.at - edge) for rule in down) > _OPEN
    ]
    return across, down


def _table(across: Sequence[Rule], down: Sequence[Rule]) -> RuledTable | None:
    ys, xs = _positions(across), _positions(down)
    if len(ys) < _FEWEST_RULES or len(xs) < _FEWEST_RULES:
        return None
    level, upright = _on(ys, across), _on(xs, down)
    regions: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for position, first in _regions(level, upright, ys, xs).items():
        regions.setdefault(first, []).append(position)
    found = [
        (_grid_cell(members, ys, xs), members)
        for members in regions.values()
        if len(_open_sides(members, level, upright, ys, xs)) < _OUTSIDE
    ]
    found.sort(key=lambda pair: (pair[0].row, pair[0].column))
    owners = {position: number for number, (_, members) in enumerate(found) for position in members}
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return RuledTable(tuple(cell for cell, _ in found), box, tuple(ys), tuple(xs), owners) if found else None


def _grid_cell(members: Sequence[tuple[int, int]], ys: Sequence[float], xs: Sequence[float]) -> GridCell:
    rows, columns = [r for r, _ in members], [c for _, c in members]
    top, left = min(rows), min(columns)
    box = (xs[left], ys[top], xs[max(columns) + 1], ys[max(rows) + 1])
    return GridCell(top, left, max(rows) - top + 1, max(columns) - left + 1, box)


def _open_sides(
    members: Sequence[tuple[int, int]],
    level: Sequence[Sequence[Rule]],
    upright: Sequence[Sequence[Rule]],
    ys: Sequence[float],
    xs: Sequence[float],
) -> set[str]:
    """On which sides of the grid a region lies open: with one it lacks a rule, with two it is outside the table."""
    sides = set()
    for r, c in members:
        middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
        if c == 0 and not _parted(upright[0], middle_y):
            sides.add("left")
        if c == len(xs) - 2 and not _parted(upright[-1], middle_y):
            sides.add("right")
        if r == 0 and not _parted(level[0], middle_x):
            sides.add("top")
        if r == len(ys) - 2 and not _parted(level[-1], middle_x):
            sides.add("bottom")
    return sides


def _positions(rules: Sequence[Rule]) -> list[float]:
    positions: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not positions or at - positions[-1] > _SAME:
            positions.append(at)
    return positions


def _on(positions: Sequence[float], rules: Sequence[Rule]) -> list[list[Rule]]:
    """For each position of the grid the rules that run along it."""
    return [[rule for rule in rules if abs(rule.at - position) <= _SAME] for position in positions]


def _regions(
    level: Sequence[Sequence[Rule]], upright: Sequence[Sequence[Rule]], ys: Sequence[float], xs: Sequence[float]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Each grid position -> the first position of the cell it belongs to (union of neighbours no rule parts)."""
    parent = {(r, c): (r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)}

    def first(position: tuple[int, int]) -> tuple[int, int]:
        while parent[position] != position:
            position = parent[position]
        return position

    for r, c in list(parent):
        middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
        if (r, c + 1) in parent and not _parted(upright[c + 1], middle_y):
            parent[first((r, c + 1))] = first((r, c))
        if (r + 1, c) in parent and not _parted(level[r + 1], middle_x):
            parent[first((r + 1, c))] = first((r, c))
    return {position: first(position) for position in parent}


def _parted(rules: Sequence[Rule], middle: float) -> bool:
    return any(rule.start <= middle <= rule.end for rule in rules)


def set_in_lines(glyphs: Iterable[Glyph]) -> str:
    """Glyphs, given in the order in which the file draws them, as lines of text.

    Top to bottom and left to right, with a space where a gap is wide; columns of upright characters that were drawn
    downwards are read downwards, each column a line.
    """
    glyphs = list(glyphs)
    if len(glyphs) <= 1:
        return glyphs[0].text if glyphs else ""
    if _are_level(glyphs):
        return line_text(sorted(glyphs, key=_LEFT))
    if columns := _vertical_columns(glyphs):
        return "\n".join("".join(glyph.text for glyph in column) for column in columns)
    return "\n".join([line_text(line) for line in lines_of(glyphs)])


def _are_level(glyphs: Sequence[Glyph]) -> bool:
    """Whether all reach as high and as low: one line, as most cells hold."""
    _, _, top, _, bottom, _ = glyphs[0]
    return bottom - top >= _FLAT and all(glyph.top == top and glyph.bottom == bottom for glyph in glyphs)


def _vertical_columns(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The columns of vertical writing; empty where the text is horizontal, or one column only (lines do as well)."""
    columns = [list(glyphs[:1])]
    _, left, top, right, bottom, _ = glyphs[0]
    x_above, y_above = (left + right) / 2, (top + bottom) / 2
    for glyph in glyphs[1:]:
        _, left, top, right, bottom, _ = glyph
        x = (left + right) / 2
        is_below = top > y_above and abs(x - x_above) < 0.3 * (bottom - top)
        x_above, y_above = x, (top + bottom) / 2
        if is_below:
            columns[-1].append(glyph)
        else:
            columns.append([glyph])
    is_vertical = len(columns) > 1 and 3 * len(columns) <= len(glyphs) + len(columns) // 2
    return columns if is_vertical else []


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand on one line, each from left to right; lines from top to bottom.

    Of a glyph that has next to no height its font is missing or damaged: its neighbour tells how far a line reaches.
    """
    lines: list[list[Glyph]] = []
    middle_above = height_above = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.top + glyph.bottom):
        middle, height = (glyph.top + glyph.bottom) / 2, glyph.bottom - glyph.top
        lower = min(height, height_above)
        reach = lower if lower >= _FLAT else max(height, height_above, 1)
        if lines and middle - middle_above <= 0.45 * reach:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
        middle_above, height_above = middle, height
    for line in lines:
        line.sort(key=_LEFT)
    return lines


def line_text(line: Sequence[Glyph]) -> str:
    """The characters of a line, a space for a gap wider than half a line's height, and between figures for any space.

    Typeset Chinese has spaces beside figures that mean nothing; "12 34" is not 1234.
    """
    parts: list[str] = []
    before, reach = "", float("inf")
    for text, left, top, right, bottom, after_space in line:
        if left - reach > 0.5 * (bottom - top) or (after_space and before.isascii() and text.isascii() and parts):
            parts.append(" ")
        parts.append(text)
        before, reach = text, right
    return "".join(parts)
