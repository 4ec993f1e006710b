"""What there is to tell of many reports: who is missing, who came twice, the sums over units. No words, no files.

A report that answers for a whole territory (全县, 全市) is never added to the units it is made of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.names import body_of, same_body, squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from extract.forms import Form
    from extract.records import Cell, Report
    from extract.self_check import Page


@dataclass(frozen=True, slots=True)
class Twin:
    """A second document of one unit and year: the page and its PDF. ``differing``: cells in which the two differ."""

    kept: Page
    other: Page
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell summed over units: ``total`` of the ``units`` that state a number; ``left_out`` of them state none."""

    total: int | Decimal
    units: int
    left_out: int


@dataclass(frozen=True, slots=True)
class RollUp:
    """Every cell that the forms have in common, summed. ``of``: how many units there should be.

    ``territories``: reports of a whole territory, left out because they count what others count too.
    ``unclear``: governments that do not say whether they count their departments too; counted as one unit each.
    ``other_years``: reports of another year than ``year``, left out.
    """

    year: int | None
    forms: tuple[str, ...]
    cells: Mapping[str, Sum]
    units: int
    of: int
    territories: tuple[Page, ...] = ()
    unclear: tuple[Page, ...] = ()
    other_years: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """A folder of reports. ``pages``: one a unit and year; ``missing``: units of the list without a report.

    ``unlisted``: pages of units that the list does not name. ``listed``: how many units the list has, None without one.
    ``names``: the name on the list by file. ``without_previous``: pages with no report of the year before, where
    those were given.
    """

    pages: tuple[Page, ...]
    twins: tuple[Twin, ...]
    nothing: tuple[Page, ...]
    roll_up: RollUp | None
    listed: int | None = None
    missing: tuple[str, ...] = ()
    unlisted: tuple[Page, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    without_previous: tuple[Page, ...] = ()


def survey(
    pages: Sequence[Page], forms: Sequence[Form], units: Sequence[str] | None = None, *, two_years: bool = False
) -> Survey:
    """What there is to tell of many documents.

    ``units``: who should have reported, if there is a list. ``two_years``: reports of the year before were given.
    """
    reports = [page for page in pages if page.report is not None]
    kept, twins = _without_twins(reports)
    matched = {page.file: _unit_of(page, units) for page in kept} if units is not None else {}
    listed = [page for page in kept if units is None or matched[page.file]]
    named = set(matched.values())
    return Survey(
        pages=tuple(kept),
        twins=tuple(twins),
        nothing=tuple(page for page in pages if page.report is None),
        roll_up=_roll_up(listed, forms, len(units) if units is not None else None),
        listed=None if units is None else len(units),
        missing=tuple(unit for unit in units or () if unit not in named),
        unlisted=tuple(page for page in kept if units is not None and not matched[page.file]),
        names={file: unit for file, unit in matched.items() if unit},
        without_previous=tuple(page for page in kept if two_years and not page.previous),
    )


def name_of(page: Page) -> str:
    """The unit that a page is of: its issuer, or its file where none is printed."""
    return (page.reading.report.issuer if page.reading.report else "") or page.file


def _without_twins(reports: Sequence[Page]) -> tuple[list[Page], list[Twin]]:
    """One document for each unit and year: the one with the most numbers."""
    kept: list[Page] = []
    twins: list[Twin] = []
    for page in sorted(reports, key=_numbers, reverse=True):
        first = next((other for other in kept if _is_twin(page, other)), None)
        if first is None:
            kept.append(page)
        else:
            twins.append(Twin(first, page, _differing(first, page)))
    order = {page.file: position for position, page in enumerate(reports)}
    return sorted(kept, key=lambda page: order[page.file]), sorted(twins, key=lambda twin: order[twin.other.file])


def _is_twin(page: Page, other: Page) -> bool:
    one, two = _report(page), _report(other)
    return one.year is not None and one.year == two.year and same_body(one.issuer, two.issuer)


def _report(page: Page) -> Report:
    assert page.reading.report is not None
    return page.reading.report


def _numbers(page: Page) -> int:
    return sum(cell.state == "number" for cell in _report(page).cells.values())


def _differing(page: Page, other: Page) -> tuple[str, ...]:
    one, two = _report(page).cells, _report(other).cells
    return tuple(key for key, cell in one.items() if key in two and _differs(cell, two[key]))


def _differs(cell: Cell, other: Cell) -> bool:
    return None not in (cell.value, other.value) and cell.value != other.value


def _unit_of(page: Page, units: Sequence[str]) -> str:
    """The unit of the list that a report is of: by its whole name, else by the only one within it or around it."""
    issuer = _report(page).issuer
    whole = [unit for unit in units if squeeze(unit) == squeeze(issuer)]
    if whole or not body_of(issuer):
        return whole[0] if whole else ""
    within = [unit for unit in units if body_of(unit) and _contains(body_of(unit), body_of(issuer))]
    return within[0] if len(within) == 1 else ""


def _contains(left: str, right: str) -> bool:
    return left in right or right in left


def _roll_up(pages: Sequence[Page], forms: Sequence[Form], listed: int | None) -> RollUp | None:
    counted = [page for page in pages if _report(page).cells]
    if not counted:
        return None
    years = Counter(_report(page).year for page in counted)
    year = max(years, key=lambda one: (years[one], one or 0))
    of_year = [page for page in counted if _report(page).year == year]
    territories = [page for page in of_year if _report(page).scope == "territory"]
    if len(territories) == len(of_year):
        territories = []
    summed = [page for page in of_year if page not in territories]
    used = tuple(dict.fromkeys(_report(page).form or "" for page in summed))
    return RollUp(
        year=year,
        forms=used,
        cells=_sums(summed, [form for form in forms if form.id in used]),
        units=len(summed),
        of=listed if listed is not None else len(of_year),
        territories=tuple(territories),
        unclear=tuple(page for page in summed if len(summed) > 1 and _is_unclear(_report(page))),
        other_years=tuple(page for page in counted if page not in of_year),
    )


def _is_unclear(report: Report) -> bool:
    """Whether this is the report of a county's or city's government that does not say whom it counts."""
    name = squeeze(report.issuer)
    return not report.scope and name.endswith("政府") and not body_of(name).endswith(("镇", "乡", "街道"))


def _sums(pages: Sequence[Page], forms: Sequence[Form]) -> dict[str, Sum]:
    """The cells that all the forms have and a report prints, in the order of the newest form."""
    common = set.intersection(*({cell.key for row in form.rows() for cell in row.cells} for form in forms))
    sums = {}
    for key in (cell.key for row in forms[0].rows() for cell in row.cells):
        printed = [_report(page).cells[key] for page in pages if key in _report(page).cells]
        numbers = [cell.value for cell in printed if cell.value is not None]
        if key in common and printed:
            sums[key] = Sum(sum(numbers, start=0), len(numbers), len(pages) - len(numbers))
    return sums
