"""What an export holds, counted while its rows go by: for the data card."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from publish.export.variables import ABOUT

if TYPE_CHECKING:
    from publish.export.panel import Row

BY = ("year", "province", "level", "form", "scope", "agency_status")
STATES = ("number", "blank", "na_mark", "unreadable", "absent")
UNKNOWN = "?"


class Coverage:
    """Counts of reports by year, province and so on, of cells by state, of what was expected and not found."""

    def __init__(self) -> None:
        self.reports = 0
        self.not_found = 0
        self.duplicates = 0
        self.by: dict[str, Counter[str]] = {name: Counter() for name in BY}
        self.not_found_by_year: Counter[str] = Counter()
        self.by_province_and_year: Counter[tuple[str, str]] = Counter()
        self.cells: Counter[str] = Counter()
        self._at = {about.name: place for place, about in enumerate(ABOUT)}

    def add(self, batch: list[Row]) -> None:
        for row in batch:
            year = row[self._at["year"]]
            if row[self._at["report_status"]] == "not_found":
                self.not_found += 1
                self.not_found_by_year[str(year)] += 1
                continue
            self.reports += 1
            self.duplicates += row[self._at["duplicate_of"]] is not None
            for name, counter in self.by.items():
                value = row[self._at[name]]
                counter[_named(value)] += 1
            self.by_province_and_year[_named(row[self._at["province"]]), _named(year)] += 1
            for state in STATES:
                self.cells[state] += row[self._at[f"cells_{state}"]]


def _named(value: object) -> str:
    return UNKNOWN if value is None else str(value)
