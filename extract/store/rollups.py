"""Governments' stated totals beside the sum of the parts that were found, and how many of the parts those are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract.across.levels import Figures, Unit, roll_up
from extract.store.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from extract.identity.divisions import Division
    from extract.store.basis import Basis

GOVERNMENTS = ("government", "township", "subdistrict", "functional_area")
_OFFICE, _DEPARTMENT = "office", "department"
_NOT_COUNTED = ("pseudo", "quasi", "functional_area")
"""Divisions of which nobody knows whether a report is due: they are parts where a report of theirs was found."""
_WHERE_CHANGED = "select region_id, year from temp.areas order by 1, 2"
_STATING = """
    select r.id, r.scope, r.numbers_reading_id, a.agency_key
    from agencies a join reports r on r.agency_id = a.id and r.year = ?
    where a.region_id = ? and r.scope in ('territory', 'level') order by r.report_key"""
_IN_REGIONS = """
    select a.region_id, a.kind, a.agency_key, r.scope, r.numbers_reading_id, r.id
    from json_each(?) w cross join agencies a on a.region_id = w.value
      join reports r on r.agency_id = a.id and r.year = ? order by a.agency_key, r.report_key"""
_DEPARTMENTS = """
    select region_id, count(*) from json_each(?) w cross join agencies a on a.region_id = w.value
    where kind = 'department' and coalesce(first_year, 0) <= ? and coalesce(last_year, 9999) >= ? group by region_id"""

_Found = dict[str, list[tuple[str, int, Figures]]]


def roll_up_changed(db: Database, basis: Basis) -> None:
    """Roll up anew every government's report whose area holds a report that changed."""
    places: dict[tuple[str, int], None] = {}
    for region_id, year in db.execute(_WHERE_CHANGED).fetchall():
        division = basis.divisions.get(region_id)
        while division is not None:
            places[division.id, year] = None
            division = basis.divisions.get(division.parent)
    for region_id, year in places:
        stating = db.execute(_STATING, [year, region_id]).fetchall()
        if stating:
            _roll_up(db, basis, basis.divisions[region_id], year, stating)


def _roll_up(db: Database, basis: Basis, division: Division, year: int, stating: Sequence[tuple[Any, ...]]) -> None:
    area = list(_area(basis, division, year))
    regions = json.dumps([each.id for each in area])
    rows = db.execute(_IN_REGIONS, [regions, year]).fetchall()
    numbers = figures(db, [row[4] for row in rows])
    found: _Found = {}
    for region_id, kind, key, scope, reading_id, report_id in rows:
        one = Figures(key, scope or "", numbers.get(reading_id, {}))
        found.setdefault(region_id, []).append((kind, report_id, one))
    departments = dict(db.execute(_DEPARTMENTS, [regions, year, year]).fetchall())
    for report_id, scope, reading_id, _ in stating:
        unit = _unit(basis, division, year, found, departments, without=report_id)
        db.execute("delete from rollups where report_id = ?", [report_id])
        db.conn.executemany(
            "insert into rollups (report_id, key, stated, parts_sum, parts_found, parts_expected, verdict, reason) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (report_id, each.key, each.stated, each.parts_sum, each.parts_found, each.parts_expected,
                 each.verdict, each.code or None)
                for each in roll_up(scope, numbers.get(reading_id, {}), unit)
            ),
        )  # fmt: skip


def _area(basis: Basis, division: Division, year: int) -> Iterator[Division]:
    yield division
    for child in basis.divisions.children(division.id, basis.divisions.edition(year)):
        yield from _area(basis, child, year)


def _unit(
    basis: Basis, division: Division, year: int, found: _Found, departments: dict[str, int], *, without: int = 0
) -> Unit:
    """A government's area with what was found of it; ``without`` the report that states the total."""
    here = [(kind, one) for kind, report_id, one in found.get(division.id, ()) if report_id != without]
    is_lowest = division.level == "township"
    known = departments.get(division.id, 0) if basis.decided.is_complete(division.id, year) else None
    return Unit(
        key=division.id,
        government=tuple(one for kind, one in here if kind in GOVERNMENTS),
        office=tuple(one for kind, one in here if kind == _OFFICE),
        departments=tuple(one for kind, one in here if kind == _DEPARTMENT),
        departments_expected=0 if is_lowest else known,
        units=tuple(
            _unit(basis, child, year, found, departments) for child in lower_units(basis, division, year, found)
        ),
    )


def lower_units(basis: Basis, division: Division, year: int, found: _Found | None = None) -> Iterator[Division]:
    """The divisions right below, as of the report's year; those below 市辖区 and the like in their stead.

    Of zones and the like only where a report of theirs was ``found``.
    """
    for child in basis.divisions.children(division.id, basis.divisions.edition(year)):
        if child.kind == "pseudo":
            yield from lower_units(basis, child, year, found)
        elif child.kind not in _NOT_COUNTED or (found and found.get(child.id)):
            yield child
