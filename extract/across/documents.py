"""Two documents of one report (page, PDF, DOCX) cell by cell: D-CELL.

What one document does not have (``absent``), or what could not be read of it, is no difference of the report and is
only counted. Blank against 0 is a difference of its own kind: nobody knows that the blank meant 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from extract.across.findings import Number, ReportFinding, Severity
from extract.forms import load_forms
from extract.records import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract.forms import FormCell

CHECK = "D-CELL"
CellFacts: TypeAlias = tuple[Number | None, State, str]
"""A cell's value, state, and what was printed."""
_ABSENT: CellFacts = (None, "absent", "")
_IN_WORDS = {"blank": "空白", "na_mark": "“{raw}”", "number": "“{raw}”"}


@dataclass(frozen=True, slots=True)
class Compared:
    """How many cells both documents state, how many of them agree; and of how many one side cannot be had.

    ``only_left``, ``only_right``: the form's cells that the other document does not have. ``unreadable``: something is
    printed in one of them that was not read.
    """

    cells: int
    equal: int
    only_left: int
    only_right: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One finding a cell that differs (one alone, pass or not assessable, where none does), and the count."""

    findings: tuple[ReportFinding, ...]
    summary: Compared


def compare_documents(
    left: Mapping[str, CellFacts], right: Mapping[str, CellFacts], names: tuple[str, str] = ("甲", "乙")
) -> Comparison:
    """Two readings' cells by key; ``names``: what people call the two documents, for the messages.

    Codes of what differs: number, unit (an amount whose unit is not fixed is 10,000 times the other), zero_blank,
    only_one (one states a number above 0, the other none), mark (blank against "/").
    """
    equal = only_left = only_right = unreadable = 0
    differing = []
    for key in left.keys() | right.keys() if left.keys() != right.keys() else left:
        one, other = left.get(key, _ABSENT), right.get(key, _ABSENT)
        states = one[1], other[1]
        if states == ("number", "number") and one[0] == other[0]:
            equal += 1
        elif "absent" in states:
            only_left += states[0] != "absent"
            only_right += states[1] != "absent"
        elif "unreadable" in states:
            unreadable += 1
        elif states[0] == states[1] and (states[0] != "number" or _same(one[0], other[0])):
            equal += 1
        else:
            differing.append(key)
    order = _order()
    differing.sort(key=lambda key: (order.get(key, len(order)), key))
    findings = tuple(_difference(key, left[key], right[key], names) for key in differing)
    summary = Compared(equal + len(findings), equal, only_left, only_right, unreadable)
    return Comparison(findings or (_no_difference(summary),), summary)


def _same(left: Number | None, right: Number | None) -> bool:
    """The same figure as a decimal and as a database's float."""
    return left == right or (left is not None and right is not None and float(left) == float(right))


def _no_difference(summary: Compared) -> ReportFinding:
    if summary.cells:
        return ReportFinding("documents", CHECK, "pass", left=summary.cells, right=summary.equal, cautions=(CHECK,))
    message = "两份文件没有都读到的格，无法比较"
    return ReportFinding("documents", CHECK, "not_assessable", message=message, code="no_cells", cautions=(CHECK,))


def _difference(key: str, one: CellFacts, other: CellFacts, names: tuple[str, str]) -> ReportFinding:
    code, severity = _kind(key, one, other)
    message = f"{names[0]}{_printed(one)}，{names[1]}{_printed(other)}"
    cautions = (CHECK, "money_unit") if code == "unit" else (CHECK,)
    return ReportFinding(
        "documents", CHECK, "fail", key, one[0], other[0], (key,), message, code, severity, cautions=cautions
    )


def _kind(key: str, one: CellFacts, other: CellFacts) -> tuple[str, Severity]:
    (left, left_state, _), (right, right_state, _) = one, other
    if left_state == right_state:
        return ("unit", "warn") if key in _money() and _is_other_unit(left, right) else ("number", "error")
    if "number" not in (left_state, right_state):
        return "mark", "info"
    return ("only_one", "warn") if left or right else ("zero_blank", "info")


def _is_other_unit(left: Number | None, right: Number | None) -> bool:
    low, high = sorted((float(left or 0), float(right or 0)))
    return low > 0 and abs(high / low - 10_000) < 1


def _printed(cell: CellFacts) -> str:
    value, state, raw = cell
    return _IN_WORDS[state].format(raw=raw.strip() or value)


@cache
def _order() -> dict[str, int]:
    """The cells as the newest form prints them, then those that only older ones have."""
    return {key: place for place, key in enumerate(dict.fromkeys(cell.key for cell in _cells()))}


@cache
def _money() -> frozenset[str]:
    return frozenset(cell.key for cell in _cells() if cell.kind == "money")


@cache
def _cells() -> tuple[FormCell, ...]:
    return tuple(cell for form in load_forms() for row in form.rows() for cell in row.cells)
