"""Tables without (or with too few) ruling lines: rows and columns from where the numbers stand. Knows no form.

A row is a line that ends in numbers; rows whose numbers stand under each other are a band, and its columns are theirs.
The words before them, above and below their line, are shared out to the rows; what stands over the columns is the head.
A band is a table only if its numbers are in line and its rows have labels, or if its head names every column: running
text, contents and addresses fail that and stay text. What does not fit in exactly one way is left out, never guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.decode.unruled_head import read_head
from extract.decode.unruled_labels import LEADING, innermost, separators, share_out
from extract.decode.unruled_lines import WIDE, Columns, around, set_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.decode.geometry import Box, Glyph, Rule
    from extract.decode.unruled_head import Head
    from extract.decode.unruled_lines import Item, Line

# Lengths are in heights of a line.
_IN_LINE = 0.75  # numbers of one column are aligned at least so
_ON_LINE = 0.4  # words this near to the middle of a row's numbers stand on their line
_FAR = 6.0  # a gap that ends a table
_WRAPPED = 1.6  # rows closer than this may be one
_NEAREST = 1.8  # and numbers of no row closer than this may belong to it
_LEADING = 1.6  # between lines of a label, where no label shows it
_AS_CLOSE = 1.1
_OF_PITCH = 0.75
_SAME_SIZE = 0.2
_FEWEST = 2
_MANY_COLUMNS = 3
_ALONE = 5  # numbers in a row that is a table by itself
_FULL = 3  # digits that may fill a column
_MOST_ROWS = 200
_MOST_LABELS = 300


@dataclass(frozen=True, slots=True)
class UnruledCell:
    """A cell: its lines of text, its box on the sheet, its place in the grid."""

    lines: tuple[tuple[Glyph, ...], ...]
    box: Box
    column: int
    columns: int = 1


@dataclass(frozen=True, slots=True)
class UnruledTable:
    """A table's rows from top to bottom, and its outline."""

    rows: tuple[tuple[UnruledCell, ...], ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Unruled:
    """The tables of a sheet, the glyphs that are in none, and how many runs of rows of numbers made no table."""

    tables: tuple[UnruledTable, ...]
    rest: tuple[Glyph, ...]
    refused: int


def find_unruled(glyphs: Sequence[Glyph], across: Sequence[Rule] = (), down: Sequence[Rule] = ()) -> Unruled:
    """The tables among glyphs that stand in no ruled table, from top to bottom; rules part rows and columns as well."""
    lines = set_lines(glyphs, down)
    taken: set[int] = set()
    tables: list[UnruledTable] = []
    refused = 0
    for indices, columns in _bands(lines):
        table = _Reader(lines, columns, across, down, taken).table(indices)
        if table is not None:
            tables.append(table)
            taken |= {id(glyph) for row in table.rows for cell in row for line in cell.lines for glyph in line}
        elif sum(len(lines[index].values) >= _FEWEST for index in indices) >= _FEWEST:
            refused += 1
    return Unruled(tuple(tables), tuple(glyph for glyph in glyphs if id(glyph) not in taken), refused)


def _bands(lines: Sequence[Line]) -> Iterator[tuple[list[int], Columns]]:
    """Runs of rows (indices of lines) with common columns; words over the columns, or a wide gap, end one."""
    rows: list[int] = []
    columns = Columns()
    for index, line in enumerate(lines):
        if rows:
            far = line.y - lines[index - 1].y > _FAR * line.height
            if far or len(rows) > _MOST_ROWS or (not line.values and columns.are_under(line)):
                yield rows, columns
                rows, columns = [], Columns()
            elif not line.values:
                columns.pass_by(line)
        if line.values:
            if not columns.take(line):
                yield rows, columns
                rows, columns = [], Columns()
                columns.take(line)
            rows.append(index)
    if rows:
        yield rows, columns


@dataclass
class _Row:
    """A row to be: the middle of its numbers' line, its numbers by column, its label by line, and what groups it."""

    y: float
    values: dict[int, Item]
    label: list[list[Item]] = field(default_factory=list)
    groups: list[list[Item]] = field(default_factory=list)


class _Reader:
    """Makes a table of a band, or nothing. ``taken``: ids of the glyphs that tables above have."""

    def __init__(
        self, lines: Sequence[Line], columns: Columns, across: Sequence[Rule], down: Sequence[Rule], taken: set[int]
    ) -> None:
        self._lines, self._columns = lines, columns
        self._across, self._down, self._taken = across, down, taken
        self._em = 0.0

    def table(self, indices: Sequence[int]) -> UnruledTable | None:
        """The table, None where the band is none."""
        indices = self._trimmed(indices)
        if not 0 < len(indices) <= _MOST_ROWS:
            return None
        heights = sorted(self._lines[index].height for index in indices)
        self._em = heights[len(heights) // 2]
        if not self._columns.are_straight(_IN_LINE * self._em):
            return None
        if any(self._columns.under(item) for index in indices for item in self._lines[index].labels):
            return None  # a label that runs into a number
        labels_end = max((item.right for index in indices for item in self._lines[index].labels), default=None)
        head = read_head(self._lines, indices[0], self._columns, labels_end, self._em, self._taken)
        pool = self._label_items(max(head.last + 1, self._near(indices[0], -1)), self._near(indices[-1], 1))
        if len(pool) > _MOST_LABELS:
            return None
        ends = self._lines[indices[0]].y - self._em, self._lines[indices[-1]].y + self._em
        parts = separators([item for item in pool if ends[0] <= item.y <= ends[1]], self._down)
        rows = self._rows(indices, head)
        loose = self._share_out(rows, pool, parts)
        if not self._is_table(rows, head, indices, has_words=bool(pool)) or self._may_be_broken(rows, head):
            return None
        return self._built(rows, loose, head, parts)

    def _trimmed(self, indices: Sequence[int]) -> list[int]:
        """Without lines off both ends that have no words and few numbers: page numbers."""
        kept = list(indices)
        most = max(len(self._lines[index].values) for index in kept)

        def is_stray(index: int, beside: int) -> bool:
            line, other = self._lines[index], self._lines[beside]
            far = abs(line.y - other.y) > LEADING * max(line.height, other.height)
            return far and not line.labels and 2 * len(line.values) < most

        while len(kept) > 1 and is_stray(kept[-1], kept[-2]):
            kept.pop()
        while len(kept) > 1 and is_stray(kept[0], kept[1]):
            kept.pop(0)
        gone = set(indices) - set(kept)
        if gone:
            self._columns.leave(item for index in gone for item in self._lines[index].values)
        return kept

    def _rows(self, indices: Sequence[int], head: Head) -> list[_Row]:
        column_of = {item: number for number, column in enumerate(head.columns) for item in column}
        lines = [self._lines[index].values for index in indices]
        return [_Row(_middle(values), {column_of[item]: item for item in values}) for values in lines]

    def _near(self, index: int, step: int) -> int:
        """How far up (-1) or down (1) from a row lines reach that may be parts of its label: close, as large, no more.

        They have no numbers and stand beside the columns.
        """
        while 0 <= index + step < len(self._lines):
            line = self._lines[index + step]
            if (
                abs(line.y - self._lines[index].y) > LEADING * self._em
                or abs(line.height - self._em) > _SAME_SIZE * self._em
                or line.values
                or any(self._columns.under(item) or id(item.glyphs[0]) in self._taken for item in line.items)
            ):
                break
            index += step
        return index

    def _label_items(self, first: int, last: int) -> list[Item]:
        """The words before the columns, on these lines."""
        edge = min(item.left for item in self._columns.items[0])
        lines = self._lines[first : last + 1]
        return [
            item
            for line in lines
            for item in (line.labels if line.values else line.items)
            if item.right <= edge + _ON_LINE * self._em
        ]

    def _share_out(self, rows: Sequence[_Row], pool: Sequence[Item], parts: Sequence[float]) -> list[list[Item]]:
        """Give the rows their labels, and what groups them; the lines that are no row's come back."""
        inner = innermost(pool, parts, self._em)
        lines = [found for line in self._lines if (found := [item for item in line.items if item in inner])]
        place = max((item.left for item in inner), default=0.0) + self._em / 2
        across = [rule.at for rule in self._across if rule.start <= place <= rule.end]
        shared = share_out([_middle(line) for line in lines], [row.y for row in rows], self._em, across)
        for row, label in zip(rows, shared.of_rows, strict=True):
            row.label = [lines[index] for index in label]
        loose = [lines[index] for index in shared.of_none]
        outer = self._on_their_rows(rows, [item for item in pool if item not in inner], loose)
        self._give_groups(rows, outer, parts)
        return loose

    def _on_their_rows(
        self, rows: Sequence[_Row], outer: Sequence[Item], loose: Sequence[Sequence[Item]]
    ) -> list[Item]:
        """Words further out that stand on the line of a row are its label if no other can be; the rest comes back."""
        limits = [float("-inf"), *(row.y for row in rows), float("inf")]
        used: set[Item] = set()
        for number, row in enumerate(rows):
            above, below = limits[number], limits[number + 2]
            if not row.label and not any(above < _middle(line) < below for line in loose):
                row.label = [on] if (on := [i for i in outer if abs(i.y - row.y) <= _ON_LINE * self._em]) else []
                used.update(on)
        return [item for item in outer if item not in used]

    def _give_groups(self, rows: Sequence[_Row], outer: Iterable[Item], parts: Sequence[float]) -> None:
        """What stands before the labels goes to the labelled row that it stands nearest to, lines in a column as one.

        A row without a label gets none this way: it would be taken for what the row is called.
        """
        columns: dict[int, list[list[Item]]] = {}
        for item in outer:
            runs = columns.setdefault(bisect_left(parts, item.right), [])
            if runs and item.y - runs[-1][-1].y <= LEADING * self._em:
                runs[-1].append(item)
            else:
                runs.append([item])
        named = [row for row in rows if row.label]
        for run in (run for column in sorted(columns) for run in columns[column]):
            middle = (run[0].y + run[-1].y) / 2
            if named and rows[0].y - self._em <= middle <= rows[-1].y + self._em:
                min(named, key=lambda row: abs(row.y - middle)).groups.append(run)

    def _is_table(self, rows: Sequence[_Row], head: Head, indices: Sequence[int], *, has_words: bool) -> bool:
        """Whether rows in line under each other have labels, or a head names every column."""
        named = sum(bool(row.label) for row in rows)
        several = sum(len(row.values) >= _FEWEST for row in rows) >= _FEWEST
        if self._has_numbers_beside(indices):
            return False
        if several and 2 * named >= len(rows):
            return True
        if not named and (len(rows) > 1 or has_words):
            return False  # lines of numbers: rows, or parts of one
        if len(rows) == 1 and len(rows[0].values) >= _ALONE and self._are_apart(rows[0]):
            return True
        if not head.is_whole:
            return False
        if len(head.columns) >= _MANY_COLUMNS:
            return named == len(rows) or len(rows) == 1
        return bool(head.labels) and named == len(rows) and all(self._is_wide(row) for row in rows)

    def _has_numbers_beside(self, indices: Sequence[int]) -> bool:
        """Whether few numbers, or some without words, stand close and in none of its rows: parts of its numbers."""
        within = range(indices[0], indices[-1] + 1)
        for other, line in enumerate(self._lines):
            if not line.values or other in within:
                continue
            for row in (self._lines[indices[0]], self._lines[indices[-1]]):
                few = not line.labels or 2 * len(line.values) < len(row.values)
                if few and abs(line.y - row.y) <= _NEAREST * self._em:
                    return True
        return False

    def _may_be_broken(self, rows: Sequence[_Row], head: Head) -> bool:
        """Whether numbers may be broken over lines, so that two rows are one: 22834.5 as 228 over 34.5.

        Such rows are as close as the lines within a heading or label are, or closer than other rows, and the upper
        one's numbers fill their columns. One such pair makes all rows of the table doubtful.
        """
        stacks = [*head.headings.values(), *([item for line in row.label for item in line] for row in rows)]
        steps = [step for stack in stacks for step in _steps(stack) if step <= LEADING * self._em]
        leading = max(steps, default=_LEADING * self._em if len(self._columns.items) >= _MANY_COLUMNS else 0.0)
        pitches = [below.y - above.y for above, below in pairwise(rows)]
        tops = [self._lines[head.last].y] if head.last >= 0 else []
        usual = sorted([*pitches, *(rows[0].y - y for y in tops)])
        for (above, below), pitch in zip(pairwise(rows), pitches, strict=True):
            named = bool(above.label and below.label)
            nearest = _WRAPPED * self._em
            closer = pitch <= (min(nearest, _OF_PITCH * usual[len(usual) // 2]) if named else nearest)
            if (closer or pitch <= _AS_CLOSE * leading) and _goes_on(above, below, named=named):
                return True
        return False

    def _are_apart(self, row: _Row) -> bool:
        """Whether the numbers of a row stand apart as no text sets them."""
        items = sorted(row.values.values(), key=lambda item: item.left)
        return all(right.left - left.right >= self._em for left, right in pairwise(items))

    def _is_wide(self, row: _Row) -> bool:
        """Whether a gap that no text has parts its label from its numbers."""
        words = [item.right for line in row.label for item in line]
        return min(item.left for item in row.values.values()) - max(words) >= WIDE * self._em

    def _built(
        self, rows: Sequence[_Row], loose: Sequence[list[Item]], head: Head, parts: Sequence[float]
    ) -> UnruledTable:
        named = any(row.label for row in rows)
        depth = len(parts) + 1 if named or head.labels else 0
        placed = [(row.y, self._cells(row, head, parts, depth)) for row in rows if row.label or not named]
        ends = min(y for y, _ in placed), max(y for y, _ in placed)
        placed += [
            (_middle(line), (_cell([line], parts),))
            for line in loose
            if ends[0] < _middle(line) < ends[1] or self._is_cut(line, head)
        ]
        made = [*_head_rows(head, depth), *(cells for _, cells in sorted(placed, key=lambda pair: pair[0]))]
        return UnruledTable(tuple(made), around(cell.box for row in made for cell in row))

    def _is_cut(self, line: Sequence[Item], head: Head) -> bool:
        """Whether words at an end of the table may be a label that the page's end cut: nothing is beyond them."""
        index = next(number for number, other in enumerate(self._lines) if line[0] in other.items)
        return (index == 0 and head.last < 0) or all(not other.labels for other in self._lines[index + 1 :])

    def _cells(self, row: _Row, head: Head, parts: Sequence[float], depth: int) -> tuple[UnruledCell, ...]:
        groups = sorted((_cell([[item] for item in run], parts) for run in row.groups), key=lambda cell: cell.column)
        labels = [*groups, *([_cell(row.label, parts)] if row.label else [])]
        _, top, _, bottom = around(item.box for item in row.values.values())
        cells = []
        for number, column in enumerate(head.columns):
            item = row.values.get(number)
            left, _, right, _ = around(other.box for other in [*column, *head.headings.get(number, ())])
            box = item.box if item else (left, top, right, bottom)
            cells.append(UnruledCell((item.glyphs,) if item else (), box, depth + number))
        return (*labels, *cells)


def _goes_on(above: _Row, below: _Row, *, named: bool) -> bool:
    """Whether numbers of the lower row may be the rest of the upper one's: those are as long as fills a column.

    Without labels numbers beside blanks may be as well: broken ones stand above and below those that are not.
    """
    shared = above.values.keys() & below.values.keys()
    if not shared:
        return not named
    lengths = {len(above.values[number].text) for number in shared}
    return min(lengths) >= _FULL and (len(above.values) != len(below.values) or len(lengths) == 1)


def _steps(items: Iterable[Item]) -> list[float]:
    """From line to line of a stack of words."""
    places = sorted(item.y for item in items)
    return [step for above, below in pairwise(places) if (step := below - above) > 1]


def _middle(items: Sequence[Item]) -> float:
    return sum(item.y for item in items) / len(items)


def _cell(lines: Sequence[Sequence[Item]], parts: Sequence[float]) -> UnruledCell:
    """A cell of words, in the columns of labels that it reaches over."""
    box = around(item.box for line in lines for item in line)
    first, last = bisect_left(parts, box[0]), bisect_left(parts, box[2])
    texts = tuple(tuple(glyph for item in line for glyph in item.glyphs) for line in lines)
    return UnruledCell(texts, box, first, last - first + 1)


def _head_rows(head: Head, depth: int) -> Iterator[tuple[UnruledCell, ...]]:
    """A row for each line of group headings, then one of what stands over the labels and each column."""
    for line in head.groups:
        yield tuple(
            UnruledCell((item.glyphs,), item.box, depth + first, last - first + 1) for item, first, last in line
        )
    cells = []
    if head.labels:
        items = sorted(head.labels, key=lambda item: (item.y, item.left))
        cells.append(UnruledCell(tuple(item.glyphs for item in items), around(i.box for i in items), 0, depth))
    for number, headings in sorted(head.headings.items()):
        items = sorted(headings, key=lambda item: (item.y, item.left))
        cells.append(UnruledCell(tuple(i.glyphs for i in items), around(i.box for i in items), depth + number))
    if cells:
        yield tuple(cells)
