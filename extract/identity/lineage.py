"""Places through the years: what each was, what it became, and in which other places it lay."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.identity.divisions import Division, Divisions


@lru_cache(maxsize=8)
def lineage_of(divisions: Divisions) -> Lineage:
    """The lineage of a tree."""
    return Lineage(divisions)


class Lineage:
    """Each place with all that it was and became, and with what it lay in: found once, then kept."""

    def __init__(self, divisions: Divisions) -> None:
        self.divisions = divisions
        self._lines: dict[str, frozenset[str]] = {}
        self._reach: dict[str, frozenset[str]] = {}

    def line(self, division: Division) -> frozenset[str]:
        """The ids of what this place was and became, its own among them."""
        found = self._lines.get(division.id)
        if found is None:
            found = self._lines[division.id] = self.divisions.same_line(division)
        return found

    def _reached(self, division: Division) -> frozenset[str]:
        """The ids of all that this place is within, was within or will be, itself included."""
        found = self._reach.get(division.id)
        if found is None:
            ids: set[str] = set()
            for each in self.line(division):
                for above in self.divisions.line(self.divisions[each]):
                    ids |= self.line(above)
            found = self._reach[division.id] = frozenset(ids)
        return found

    def side(self, division: Division, regions: tuple[Division, ...]) -> int:
        """1: it lies in one of the regions (or is one); -1: it does not, and holds none; 0: it holds one of them."""
        reached = self._reached(division)
        for each in regions:
            if each.id in reached:
                return 1
        return 0 if any(division.id in self._reached(each) for each in regions) else -1

    def as_of(self, members: Sequence[Division], year: int) -> Division:
        """Of one line, the division that was there in the report's year; else the nearest to it."""
        if len(self.line(members[0])) == 1:
            return members[0]
        line = [self.divisions[each] for each in sorted(self.line(members[0]))]
        there = [each for each in line if each.is_valid(year) and (each in members or each.code_in(year))]
        for each in there:
            if each in members:
                return each
        return there[0] if there else min(line, key=lambda each: (distance(each, year), each not in members, each.id))


def distance(division: Division, year: int) -> int:
    """How many editions away from a year a place was listed."""
    if year < division.valid_from:
        return division.valid_from - year
    return 0 if division.valid_to is None else max(0, year - division.valid_to)
