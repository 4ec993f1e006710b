"""Roll-ups: a government's stated totals against the sum of the parts found, with how many of the parts were found.

``territory`` = its own part + its departments + its lower units; ``level`` = its own part + its departments. Practice
differs and the law does not settle what a government's report sums up, so a total is only judged where the report
itself says whose it is, and equal or differs is only said where every part was found. A lower unit is counted once: by
its own territory report where there is one, else by the sum of its parts, never by both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extract.across.findings import ReportFinding, exact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from extract.across.findings import Number

CHECK = "L-SUM"
KEYS = (
    "requests.received_new.total",
    "requests.outcome_total.total",
    "disputes.review_total",
    "disclosure.normdocs_issued",
    "disclosure.licensing_decisions",
)
"""The totals that are rolled up: counts of what each organ does itself."""
Outcome = Literal["equal", "differs", "exceeds", "incomplete", "not_assessable"]
_OWN = ("", "own_office", "government_own")


@dataclass(frozen=True, slots=True)
class Figures:
    """One report found: whose, of which scope (as in ``Report``), and its numbers of :data:`KEYS`."""

    agency: str
    scope: str
    numbers: Mapping[str, Number | None]


@dataclass(frozen=True, slots=True)
class Unit:
    """A government's area, as expected, with the reports of one year that were found for it.

    ``government``: reports in the government's own name. ``office``: those of its office (its OGI authority). Both are
    one part, its own. ``departments``: reports of its departments, of ``departments_expected`` in all (None: nobody
    knows how many, and it is never whole); organs of a vertical line belong to no government and stay out. ``units``:
    the lower units expected, those without any report too. A unit that expects neither departments nor units (a
    township, a subdistrict) is its government's report.
    """

    key: str
    government: tuple[Figures, ...] = ()
    office: tuple[Figures, ...] = ()
    departments: tuple[Figures, ...] = ()
    departments_expected: int | None = 0
    units: tuple[Unit, ...] = ()

    @property
    def is_one_part(self) -> bool:
        """Whether nothing below it reports by itself."""
        return self.departments_expected == 0 and not self.departments and not self.units

    @property
    def own_parts(self) -> int:
        """Its own and its departments, as far as is known."""
        return 1 + (self.departments_expected or 0)


@dataclass(frozen=True, slots=True)
class Rollup:
    """One stated total. ``parts_sum`` of the ``parts_found`` (and of what was found of others), None where none was.

    ``parts_expected`` is None where nobody knows how many departments there are.

    ``verdict``: equal or differs where all ``parts_expected`` were found. incomplete: some were not. exceeds: they were
    not, and what was found is more than the total already. ``code``: why it is not assessable: no_number (none is
    stated), no_scope (nothing says whose total it is), own (a government's own number has no parts), no_parts (none is
    expected, or nobody knows how many), more_than_expected (more parts were found than are expected, so the list of
    them is wrong).
    """

    key: str
    stated: Number | None
    parts_sum: Number | None
    parts_found: int
    parts_expected: int | None
    verdict: Outcome
    code: str = ""

    def as_report_finding(self) -> ReportFinding:
        """The same as a finding of the report that states the total; it fails where it differs or is exceeded."""
        coverage = f"找到 {self.parts_found}/{self.parts_expected or '？'} 个组成单位"
        if self.verdict in ("differs", "exceeds"):
            sign = "≠" if self.verdict == "differs" else "＜"
            message = f"报告总数 {exact(self.stated)} {sign} 各单位合计 {exact(self.parts_sum)}（{coverage}）"
            return self._finding("fail", message, self.verdict)
        if self.verdict == "equal":
            return self._finding("pass", "", "")
        return self._finding("not_assessable", coverage, self.code or self.verdict)

    def _finding(self, verdict: Literal["pass", "fail", "not_assessable"], message: str, code: str) -> ReportFinding:
        return ReportFinding(
            "levels",
            CHECK,
            verdict,
            self.key,
            self.stated,
            self.parts_sum,
            (self.key,),
            message,
            code,
            "warn",
            (CHECK,),
        )


def roll_up(scope: str, stated: Mapping[str, Number | None], unit: Unit) -> tuple[Rollup, ...]:
    """A report's totals against what was found in its area, one row a key.

    ``unit``: without the report itself; its other reports (such as one of its level beside that of its territory) are
    counted.
    """
    return tuple(_row(key, scope, stated.get(key), unit) for key in KEYS)


def _row(key: str, scope: str, stated: Number | None, unit: Unit) -> Rollup:
    if scope not in ("territory", "level"):
        return Rollup(key, stated, None, 0, 0, "not_assessable", "own" if scope in _OWN[1:] else "no_scope")
    amount, found = _level(key, unit, may_use_report=scope == "territory")
    expected = unit.own_parts
    if scope == "territory":
        expected += len(unit.units)
        amount, found = _with_units(key, unit, amount, found)
    known = None if unit.departments_expected is None else expected
    verdict, code = _judge(stated, amount, found, known, is_sound=known is None or _is_list_sound(unit))
    return Rollup(key, stated, amount, found, known, verdict, code)


def _judge(
    stated: Number | None, amount: Number | None, found: int, expected: int | None, *, is_sound: bool
) -> tuple[Outcome, str]:
    if stated is None:
        return "not_assessable", "no_number"
    if expected == 1:
        return "not_assessable", "no_parts"
    if not is_sound:
        return "not_assessable", "more_than_expected"
    if found == expected:
        return ("equal" if amount == stated else "differs"), ""
    if amount is not None and amount > stated:
        return "exceeds", ""
    return ("incomplete", "") if expected else ("not_assessable", "no_parts")


def _whole(key: str, unit: Unit) -> tuple[Number | None, bool]:
    """A lower unit's territory: as its own territory report says, else the sum of its parts; and if all is there."""
    if unit.is_one_part:
        amount = _one_of(key, (*unit.government, *unit.office))
        return amount, amount is not None
    amount = _one_of(key, [report for report in unit.government if report.scope == "territory"])
    if amount is not None:
        return amount, True
    amount, found = _with_units(key, unit, *_level(key, unit, may_use_report=True))
    return amount, found == unit.own_parts + len(unit.units) and _is_list_sound(unit)


def _is_list_sound(unit: Unit) -> bool:
    """Whether no more departments were found than are expected: else one that is missing could not be told."""
    if unit.departments_expected is None:
        return False
    return (
        len(unit.departments) <= unit.departments_expected
        or len(_by_agency(unit.departments)) <= unit.departments_expected
    )


def _with_units(key: str, unit: Unit, amount: Number | None, found: int) -> tuple[Number | None, int]:
    """With the lower units: each is found where it is whole, but what was found of any counts in the sum."""
    for lower in unit.units:
        part, is_whole = _whole(key, lower)
        amount = _plus(amount, part)
        found += is_whole
    return amount, found


def _level(key: str, unit: Unit, *, may_use_report: bool) -> tuple[Number | None, int]:
    """A government's own part and its departments: as its report of the level says, else their sum; and how many.

    Its own part is stated by the government in its own name, or by its office. A government's report whose scope
    nobody knows is no part: it may be of anything.
    """
    if may_use_report and unit.government:
        level = _one_of(key, [report for report in unit.government if report.scope == "level"])
        if level is not None:
            return level, unit.own_parts
    own = [report for report in unit.government if report.scope == "government_own"]
    amount = _one_of(key, [*own, *(report for report in unit.office if report.scope in _OWN)])
    found = int(amount is not None)
    for reports in _by_agency(unit.departments):
        number = _one_of(key, reports)
        if number is not None:
            amount = _plus(amount, number)
            found += 1
    return amount, found


def _by_agency(reports: Sequence[Figures]) -> Collection[Sequence[Figures]]:
    """Those that count what the body itself does: a bureau's figures for all of its line are no part of the sum."""
    agencies: dict[str, list[Figures]] = {}
    for report in reports:
        if report.scope in _OWN:
            agencies.setdefault(report.agency, []).append(report)
    return agencies.values()


def _one_of(key: str, reports: Sequence[Figures]) -> Number | None:
    """The one number that all reports of one part state; two different ones are none, for nobody can choose."""
    if len(reports) == 1:
        return reports[0].numbers.get(key)
    stated = {number for report in reports if (number := report.numbers.get(key)) is not None}
    return stated.pop() if len(stated) == 1 else None


def _plus(left: Number | None, right: Number | None) -> Number | None:
    if left is None or right is None:
        return right if left is None else left
    return left + right  # type: ignore[operator]  # a report's numbers are all of one kind
