"""What stands over the columns of a table without ruling lines: the lines of its head, read upwards from its first row.

Words over one column are its heading, words over several the heading of a group, words beside the columns that of the
labels. A line of running text, or a heading of the page, ends the head: it reaches from the labels into the columns,
or stands alone over several columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from extract.decode.unruled_labels import LEADING
from extract.decode.unruled_lines import overlap

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from extract.decode.unruled_lines import Columns, Item, Line

_REACH = 5.0
_LARGER = 1.2


@dataclass
class Head:
    """``headings``: by column (as many as ``columns`` has; a column without numbers has only its heading).

    ``groups``: lines of items over several columns, with the first and last of them. ``labels``: over the labels.
    ``last``: the index of its lowest line, -1 where there is no head. ``is_whole``: every column has a heading.
    """

    columns: list[list[Item]]
    headings: dict[int, list[Item]] = field(default_factory=dict)
    groups: list[list[tuple[Item, int, int]]] = field(default_factory=list)
    labels: list[Item] = field(default_factory=list)
    last: int = -1

    @property
    def is_whole(self) -> bool:
        """Whether every column has a heading."""
        return len(self.headings) == len(self.columns)


@dataclass
class _Stack:
    """A column with what was found over it so far; ``numbers`` is empty where only a heading shows the column."""

    numbers: list[Item]
    headings: list[Item] = field(default_factory=list)

    @property
    def left(self) -> float:
        return min(item.left for item in self.numbers + self.headings)

    @property
    def top(self) -> float:
        return min(item.y for item in self.headings or self.numbers)

    def meets(self, item: Item) -> bool:
        return any(overlap(item, other) for other in self.numbers + self.headings)


def read_head(
    lines: Sequence[Line], first: int, columns: Columns, labels_end: float | None, em: float, taken: Collection[int]
) -> Head:
    """The head over the row that is line ``first``.

    ``labels_end``: where the labels on the lines of the rows end, None where they have none. ``em``: a line's height.
    ``taken``: ids of glyphs that stand in another table.
    """
    edge = min(item.left for item in columns.items[0])
    stacks = [_Stack(column) for column in columns.items]
    groups: list[list[Item]] = []
    labels: list[Item] = []
    waiting: list[Item] = []
    last, y = -1, lines[first].y
    for index in range(first - 1, -1, -1):
        line = lines[index]
        beside = [item for item in line.items if item.right <= edge and not any(s.meets(item) for s in stacks)]
        over = [item for item in line.items if item not in beside]
        if y - line.y > _REACH * em or line.values or any(id(item.glyphs[0]) in taken for item in line.items):
            break
        if over and not _belongs(over, line, stacks, labels_end, em):
            break
        y = line.y
        if not over:
            waiting += beside
            continue
        last = max(last, index)
        labels += [*waiting, *beside] if index != last else beside
        waiting = []
        groups.append(_stack(over, stacks))
    return _head(stacks, groups, labels, last)


def _belongs(over: Sequence[Item], line: Line, stacks: Sequence[_Stack], labels_end: float | None, em: float) -> bool:
    """Whether items over the columns are of the head."""
    if labels_end is not None and any(item.left < labels_end - em for item in over):
        return False
    if len(line.items) > 1:
        return True
    if line.height > _LARGER * em:
        return False
    met = [stack for stack in stacks if stack.meets(over[0])]
    if len(met) > 1:
        return False
    goes_on = bool(met) and met[0].top - line.y <= LEADING * em
    return goes_on or any(not stack.headings for stack in stacks)


def _stack(over: Sequence[Item], stacks: list[_Stack]) -> list[Item]:
    """Put the items of a line on the columns they stand over; those over several come back."""
    wide: list[Item] = []
    for item in over:
        met = [stack for stack in stacks if stack.meets(item)]
        if len(met) > 1:
            wide.append(item)
        elif met:
            met[0].headings.append(item)
        else:
            stacks.append(_Stack([], [item]))
    return wide


def _paired(stacks: list[_Stack]) -> list[_Stack]:
    """Numbers and headings that stand beside each other (they are set to different sides) are one column.

    Only where they alternate, between whole columns or the table's ends, so that no other pairing can be. Where numbers
    stay without a heading, headings without numbers show no columns and are left out.
    """
    paired: list[_Stack] = []
    for is_half, group in groupby(stacks, key=lambda stack: bool(stack.numbers) != bool(stack.headings)):
        run = list(group)
        alternates = len(run) % 2 == 0 and all(bool(a.numbers) != bool(b.numbers) for a, b in pairwise(run))
        if is_half and alternates:
            couples = zip(run[::2], run[1::2], strict=True)
            run = [_Stack(a.numbers or b.numbers, a.headings or b.headings) for a, b in couples]
        paired += run
    bare = [stack for stack in paired if not stack.headings]
    return paired if not bare else [stack for stack in stacks if stack.numbers]


def _head(stacks: list[_Stack], groups: list[list[Item]], labels: list[Item], last: int) -> Head:
    stacks = _paired(sorted(stacks, key=lambda stack: stack.left))
    found = Head([stack.numbers for stack in stacks], labels=labels, last=last)
    found.headings = {number: stack.headings for number, stack in enumerate(stacks) if stack.headings}
    for line in reversed(groups):
        spans = [(item, [number for number, stack in enumerate(stacks) if stack.meets(item)]) for item in line]
        if placed := [(item, numbers[0], numbers[-1]) for item, numbers in spans if numbers]:
            found.groups.append(placed)
    return found
