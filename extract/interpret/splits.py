"""Digits of several cells that ran together, parted again: only where the sums that the form prints leave one way.

A row of table 2 that was printed 151, 3, 0, 0, 0, 0, 154 and lost its separators reads ``15130000154``. Its total is
the sum of its columns, and that tells the cells apart, or some of them. Numbers have no leading zeros.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Numbers = tuple[int, ...]
_LONGEST = 40
_MOST_WAYS = 5000


@lru_cache(maxsize=4096)
def ways_to_sum(digits: str, cells: int, cuts: tuple[int, ...] = ()) -> tuple[Numbers, ...]:
    """All ways to part the digits into that many numbers of which the last is the sum of the others.

    ``cuts``: where something parts the digits already. None at all where there are too many ways to try.

    >>> ways_to_sum("15130000154", 7)
    ((151, 3, 0, 0, 0, 0, 154),)
    >>> ways_to_sum("330000033", 7)
    ((3, 30, 0, 0, 0, 0, 33), (33, 0, 0, 0, 0, 0, 33))
    """
    if len(digits) > _LONGEST:
        return ()
    found = tuple(islice(_summed(digits, cells, frozenset(cuts), 0, 0), _MOST_WAYS + 1))
    return found if len(found) <= _MOST_WAYS else ()


def _summed(digits: str, cells: int, cuts: frozenset[int], start: int, total: int) -> Iterator[Numbers]:
    """The ways to part ``digits[start:]`` so that its last number is ``total`` and the other ones together."""
    left = len(digits) - start
    if left < cells or total > int(digits[start + cells - 1 :]):  # no last number can be as large
        return
    if cells == 1:
        if int(digits[start:]) == total and (digits[start] != "0" or left == 1) and not _cut(cuts, start, len(digits)):
            yield (total,)
        return
    longest = 1 if digits[start] == "0" else left - cells + 1
    for end in range(start + 1, start + longest + 1):
        number = int(digits[start:end])
        for rest in _summed(digits, cells - 1, cuts, end, total + number):
            yield (number, *rest)
        if end in cuts:
            return


def _cut(cuts: frozenset[int], start: int, end: int) -> bool:
    return bool(cuts) and any(start < cut < end for cut in cuts)


@lru_cache(maxsize=1024)
def ways_of_groups(digits: str, groups: int, size: int, cuts: tuple[int, ...] = ()) -> tuple[Numbers, ...]:
    """All ways to part the digits into groups of that size, in each of which the last number sums up the others.

    >>> ways_of_groups("253803633006300" + "03", 3, 5)[0]
    (25, 3, 8, 0, 36, 3, 3, 0, 0, 6, 3, 0, 0, 0, 3)
    """
    if not groups:
        return () if digits else ((),)
    found: list[Numbers] = []
    for end in range(size, len(digits) - size * (groups - 1) + 1):
        first = ways_to_sum(digits[:end], size, tuple(cut for cut in cuts if cut < end))
        if not first:
            continue
        rest = ways_of_groups(digits[end:], groups - 1, size, tuple(cut - end for cut in cuts if cut > end))
        found.extend(head + tail for head in first for tail in rest)
        if len(found) > _MOST_WAYS:
            return ()
    return tuple(found)


def forced(digits: str, cells: int, cuts: tuple[int, ...] = ()) -> Numbers | None:
    """The numbers, where no sum is needed to tell them: they fill all cells and no other parting gives numbers at all.

    A cell may be blank, so that "12" in two cells may be one number; "00" is two zeros.

    >>> forced("000", 3), forced("003", 3), forced("12", 2), forced("2418", 1)
    ((0, 0, 0), (0, 0, 3), None, (2418,))
    """
    ways = [parts for count in range(1, cells + 1) for parts in _compositions(digits, count, frozenset(cuts))]
    return ways[0] if len(ways) == 1 and len(ways[0]) == cells else None


def agreed(ways: Sequence[Numbers]) -> list[int | None]:
    """What all ways say of each cell; None where they differ.

    >>> agreed([(3, 30, 0, 33), (33, 0, 0, 33)])
    [None, None, 0, 33]
    """
    columns = [set(column) for column in zip(*ways, strict=True)]
    return [column.pop() if len(column) == 1 else None for column in columns]


def _compositions(digits: str, cells: int, cuts: frozenset[int], start: int = 0) -> Iterator[Numbers]:
    """The ways to part ``digits[start:]`` into that many numbers without leading zeros, through all ``cuts``."""
    left = len(digits) - start
    if cells < 1 or left < cells:
        return
    if cells == 1:
        if (digits[start] != "0" or left == 1) and not _cut(cuts, start, len(digits)):
            yield (int(digits[start:]),)
        return
    longest = 1 if digits[start] == "0" else left - cells + 1
    for end in range(start + 1, start + longest + 1):
        number = int(digits[start:end])
        for rest in _compositions(digits, cells - 1, cuts, end):
            yield (number, *rest)
        if end in cuts:
            return


def narrowed(
    rows: dict[str, tuple[Numbers, ...]], sums: Sequence[tuple[Sequence[str], Sequence[str]]]
) -> dict[str, tuple[Numbers, ...]]:
    """The ways of each row that the sums over the rows leave, column by column.

    ``sums``: (rows, rows) whose sums are equal in every column. A sum whose rows are not all there is left out; so is
    one that nothing satisfies in a column: it is printed wrong, and says nothing about how digits part.
    """
    left = dict(rows)
    changed = True
    while changed:
        changed = False
        for one, other in sums:
            names = [*one, *other]
            if not all(left.get(name) for name in names):
                continue
            signs = [1] * len(one) + [-1] * len(other)
            for column in range(len(left[names[0]][0])):
                possible = _possible([{way[column] for way in left[name]} for name in names], signs)
                if not all(possible):
                    continue
                for name, values in zip(names, possible, strict=True):
                    kept = tuple(way for way in left[name] if way[column] in values)
                    changed |= len(kept) < len(left[name])
                    left[name] = kept
    return left


def _possible(values: Sequence[set[int]], signs: Sequence[int]) -> list[set[int]]:
    """Of each set the values with which the signed sum over one value of each set can be zero."""
    before: list[set[int]] = [{0}]
    for options, sign in zip(values, signs, strict=True):
        before.append({total + sign * value for total in before[-1] for value in options})
    after: set[int] = {0}
    kept: list[set[int]] = []
    for options, sign, totals in zip(reversed(values), reversed(signs), reversed(before[:-1]), strict=True):
        kept.append({value for value in options if any(-(total + sign * value) in after for total in totals)})
        after = {total + sign * value for total in after for value in options}
    return kept[::-1]
