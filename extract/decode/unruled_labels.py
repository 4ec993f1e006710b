"""Which words beside a table without ruling lines belong to which of its rows: by where they stand, never by meaning.

A label that is broken over lines stands around the line of its numbers (set in the middle), from it downwards (set at
the top) or above it (set at the bottom). Of all ways to share the lines out in order, the one is taken that fits best.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from extract.decode.geometry import Rule
    from extract.decode.unruled_lines import Item

_MOST_LINES = 8
LEADING = 3.2
"""Lines of one label follow each other no further apart than this, in heights of a line (widest line spacing)."""
_EVEN = 0.35
_SKIP = 0.8
_SKIP_BEYOND = 0.2
_ODD_MODE = 0.5
_UNDECIDED = 0.05
_APART_BY = 0.1
_SPREAD = 0.1
_NO_LABEL = 1.2
_FITS = 0.4
_APART = 3.0
_BESIDE = 0.3

_MODES: tuple[Callable[[float, float], float], ...] = (
    lambda first, last: (first + last) / 2,
    lambda first, _: first,
    lambda _, last: last,
)


@dataclass(frozen=True, slots=True)
class Shared:
    """For each row the lines (indices) that are its label, none where it cannot be told; and the lines of no row."""

    of_rows: tuple[tuple[int, ...], ...]
    of_none: tuple[int, ...]


def share_out(lines: Sequence[float], rows: Sequence[float], em: float, across: Sequence[float]) -> Shared:
    """Lines of labels (their middles, downwards) to rows (those of their numbers).

    ``em``: a line's height. ``across``: where horizontal rules part rows; no label reaches over one.
    """
    middle, top, bottom = (_best(lines, rows, em, across, mode) for mode in _MODES)
    best = min(top, bottom)
    is_clear = abs(top[0] - bottom[0]) > _UNDECIDED * em and _are_apart(lines, best[1], em)
    if middle[0] <= best[0] + (_ODD_MODE if is_clear else 2 * _ODD_MODE) * em:
        found = middle[1]
    elif is_clear:
        found = best[1]
    else:  # nothing shows to which side lines between two rows belong
        found = tuple(one if one == other else () for one, other in zip(top[1], bottom[1], strict=True))
    used = {index for label in found for index in label}
    return Shared(found, tuple(index for index in range(len(lines)) if index not in used))


def _are_apart(lines: Sequence[float], labels: Sequence[Sequence[int]], em: float) -> bool:
    """Whether lines of one label are closer to each other than labels are."""
    within = [lines[b] - lines[a] for label in labels for a, b in pairwise(label)]
    between = [lines[b[0]] - lines[a[-1]] for a, b in pairwise([label for label in labels if label])]
    return max(within, default=0.0) + _APART_BY * em < min(between, default=float("inf"))


def _best(
    lines: Sequence[float],
    rows: Sequence[float],
    em: float,
    across: Sequence[float],
    mode: Callable[[float, float], float],
) -> tuple[float, tuple[tuple[int, ...], ...]]:
    """The cheapest way to share out, by dynamic programming over lines and rows."""
    n, m = len(lines), len(rows)
    within = rows[0] - _FITS * em, rows[-1] + _FITS * em
    skip = [em * (_SKIP if within[0] <= line <= within[1] else _SKIP_BEYOND) for line in lines]
    cost = [[float("inf")] * (m + 1) for _ in range(n + 1)]
    step: list[list[int]] = [[0] * (m + 1) for _ in range(n + 1)]  # lines that row j takes; -1: line i is skipped
    cost[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            if i and cost[i - 1][j] + skip[i - 1] < cost[i][j]:
                cost[i][j], step[i][j] = cost[i - 1][j] + skip[i - 1], -1
            if j and cost[i][j - 1] + _NO_LABEL * em < cost[i][j]:
                cost[i][j], step[i][j] = cost[i][j - 1] + _NO_LABEL * em, 0
            for count in range(1, min(_MOST_LINES, i) + 1 if j else 0):
                label = lines[i - count : i]
                off = abs(mode(label[0], label[-1]) - rows[j - 1])
                between = (j < 2 or rows[j - 2] < label[0]) and (j == m or label[-1] < rows[j])
                if between and off <= _FITS * em and _is_whole(label, rows[j - 1], em, across):
                    total = cost[i - count][j - 1] + off + _SPREAD * (label[-1] - label[0])
                    if total < cost[i][j]:
                        cost[i][j], step[i][j] = total, count
    return cost[n][m], _traced(step, n, m)


def _is_whole(label: Sequence[float], row: float, em: float, across: Sequence[float]) -> bool:
    """Whether lines follow each other closely and evenly, with no rule between them and the numbers."""
    steps = [below - above for above, below in pairwise(label)]
    top, bottom = min(label[0], row), max(label[-1], row)
    return (
        max(steps, default=0) <= LEADING * em
        and max(steps, default=0) - min(steps, default=0) <= _EVEN * em
        and not any(top < at < bottom for at in across)
    )


def _traced(step: Sequence[Sequence[int]], i: int, j: int) -> tuple[tuple[int, ...], ...]:
    found: list[tuple[int, ...]] = []
    while i or j:
        taken = step[i][j]
        if taken < 0:
            i -= 1
            continue
        found.append(tuple(range(i - taken, i)))
        i, j = i - taken, j - 1
    return tuple(reversed(found))


def separators(items: Sequence[Item], down: Iterable[Rule]) -> list[float]:
    """Where columns of labels part: between words that stand beside each other, and at vertical rules.

    The fewest places that part every such pair (interval stabbing). Words may reach over one, but where more do than
    are parted there, it was only a gap within a label.
    """
    pairs = [
        (left, right) for left in items for right in items if left.right < right.left and stand_beside(left, right)
    ]
    found: list[float] = []
    for left, right in sorted(pairs, key=lambda pair: pair[1].left):
        if found and left.right < found[-1]:
            continue
        inside = [pair for pair in pairs if pair[0].right < right.left <= pair[1].left]
        place = (max(pair[0].right for pair in inside) + right.left) / 2
        parted = max(len({id(pair[side]) for pair in inside}) for side in (0, 1))
        if sum(item.left < place < item.right for item in items) <= parted:
            found.append(place)
    lefts, rights = [item.left for item in items], [item.right for item in items]
    ruled = [rule.at for rule in down if items and min(rights) <= rule.at <= max(lefts)]
    return sorted({*found, *(at for at in ruled if all(abs(at - other) > _APART for other in found))})


def stand_beside(left: Item, right: Item) -> bool:
    """Whether two items share a part of their height."""
    shared = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
    return shared > _BESIDE * min(left.box[3] - left.box[1], right.box[3] - right.box[1])


def innermost(items: Sequence[Item], parts: Sequence[float], em: float) -> set[Item]:
    """The words of the rows' own labels: in the last column or reaching into it, and the short last lines of these."""
    if not parts:
        return set(items)
    inner = {item for item in items if item.right > parts[-1]}
    for item in sorted((item for item in items if item not in inner), key=lambda item: item.y):
        above = max((other for other in inner if other.y < item.y), key=lambda other: other.y, default=None)
        if (
            above is not None
            and above.left < parts[-1]
            and abs(above.left - item.left) <= _EVEN * em
            and item.y - above.y <= LEADING * em
            and not any(stand_beside(item, other) for other in items if other is not item)
        ):
            inner.add(item)
    return inner
