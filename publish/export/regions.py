"""Where an agency is: the names of the divisions it lies in, and its division's code as of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publish.export.source import Source

LEVELS = ("province", "prefecture", "county", "township")
_SCHEME = "nbs"


@dataclass(frozen=True, slots=True)
class _Region:
    name: str
    level: str
    parent: str | None


class Regions:
    """Divisions by id; empty where the database has none."""

    def __init__(self, source: Source) -> None:
        self._regions: dict[str, _Region] = {}
        self._codes: dict[str, list[tuple[int, int, str]]] = {}
        for id_, name, level, parent in source.rows("select id, name, level, parent_id from regions"):
            self._regions[id_] = _Region(name, level, parent)
        for region, first, last, code in source.rows(_CODES, _SCHEME):
            self._codes.setdefault(region, []).append((first, last, code))

    def names(self, region: str | None) -> tuple[str | None, ...]:
        """Names of the province, prefecture, county and township that it is or lies in; None where it lies in none."""
        names: dict[str, str] = {}
        while region is not None and region in self._regions:
            known = self._regions[region]
            names.setdefault(known.level, known.name)
            region = known.parent
        return tuple(names.get(level) for level in LEVELS)

    def code(self, region: str | None, year: int | None) -> tuple[str | None, int | None]:
        """Its code by the statistics bureau's edition of the year, else the last one before; and which edition that is.

        Of a year before all editions the first one is given.
        """
        editions = self._codes.get(region or "")
        if not editions or year is None:
            return None, None
        first, last, code = max((known for known in editions if known[0] <= year), default=editions[0])
        return code, max(first, min(year, last))


_CODES = """
    select region_id, first_year, coalesce(last_year, 9999), code from region_codes where scheme = ?
    order by region_id, first_year"""
