"""Rules and glyphs -> tables: the cells that ruling lines enclose (no library finds them whole where pages cut rows).

Rules that touch form one table. A row that the page end leaves open is closed there, missing outer rules are added.
Between neighbouring positions of the grid that no rule parts, cells are one. What stands in a cell is what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.decode.geometry import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.decode.geometry import Box, Glyph

_SAME = 2.0
_TOUCH = 3.0
_OPEN = 6.0
_FEWEST_RULES = 2


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
    """One table's cells, by row then column, and its outline."""

    cells: tuple[GridCell, ...]
    box: Box


def find_tables(across: Sequence[Rule], down: Sequence[Rule]) -> list[RuledTable]:
    """All ruled tables of a sheet, top to bottom."""
    across, down = _joined(across), _joined(down)
    tables = [_table(*_closed(*component)) for component in _components(across, down)]
    return sorted((table for table in tables if table is not None), key=lambda table: table.box[1])


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
    root = _regions(across, down, ys, xs)
    regions: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for position, first in root.items():
        regions.setdefault(first, []).append(position)
    cells = []
    for members in regions.values():
        rows, columns = [r for r, _ in members], [c for _, c in members]
        box = (xs[min(columns)], ys[min(rows)], xs[max(columns) + 1], ys[max(rows) + 1])
        cells.append(GridCell(min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1, box))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return RuledTable(tuple(cells), (xs[0], ys[0], xs[-1], ys[-1]))


def _positions(rules: Sequence[Rule]) -> list[float]:
    positions: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not positions or at - positions[-1] > _SAME:
            positions.append(at)
    return positions


def _regions(
    across: Sequence[Rule], down: Sequence[Rule], ys: Sequence[float], xs: Sequence[float]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Each grid position -> the first position of the cell it belongs to (union of neighbours no rule parts)."""
    parent = {(r, c): (r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)}

    def first(position: tuple[int, int]) -> tuple[int, int]:
        while parent[position] != position:
            position = parent[position]
        return position

    for r, c in list(parent):
        middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
        if (r, c + 1) in parent and not _parted(down, xs[c + 1], middle_y):
            parent[first((r, c + 1))] = first((r, c))
        if (r + 1, c) in parent and not _parted(across, ys[r + 1], middle_x):
            parent[first((r + 1, c))] = first((r, c))
    return {position: first(position) for position in parent}


def _parted(rules: Sequence[Rule], at: float, middle: float) -> bool:
    return any(abs(rule.at - at) <= _SAME and rule.start <= middle <= rule.end for rule in rules)


def set_in_lines(glyphs: Iterable[Glyph]) -> str:
    """Glyphs as lines of text, top to bottom and left to right, with a space where a gap is wide."""
    return "\n".join(line_text(line) for line in lines_of(glyphs))


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand on one line, each from left to right; lines from top to bottom."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle[1]):
        line = lines[-1] if lines else None
        if line and abs(glyph.middle[1] - line[-1].middle[1]) <= 0.45 * max(min(glyph.height, line[-1].height), 1):
            line.append(glyph)
        else:
            lines.append([glyph])
    return [sorted(line, key=lambda glyph: glyph.left) for line in lines]


def line_text(line: Sequence[Glyph]) -> str:
    """The characters of a line, a space for a gap wider than half a line's height."""
    parts: list[str] = []
    for index, glyph in enumerate(line):
        if index and glyph.left - line[index - 1].right > 0.5 * glyph.height:
            parts.append(" ")
        parts.append(glyph.text)
    return "".join(parts)
