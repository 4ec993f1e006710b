"""An identity of the form tested over numbers: what its two sides are, and whether they agree.

A side with a blank, "/" or unreadable cell cannot be tested: the verdict is ``not_assessable``, never ``fail``.
A failed sum is a suspicion, against our reading first and then against the source; nothing is repaired.
Cells of last year's report bear ``previous.`` before their key.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from decimal import Decimal

    from extract.forms import Form, FormRow, FormTable, Identity
    from extract.records import Report

PREVIOUS = "previous."
STATISTICS = "statistics"
_OPERATORS = {"==": (operator.eq, "≠"), ">=": (operator.ge, "＜"), "<=": (operator.le, "＞")}


@dataclass(frozen=True, slots=True)
class Sides:
    """What one test of an identity is about, and both sides' terms: cell keys, with ``-`` where one is taken off."""

    subject: str
    left: tuple[str, ...]
    right: tuple[str, ...]


def numbers_of(report: Report) -> dict[str, int | Decimal | None]:
    """The number of every cell of a report by key; None where no number is stated."""
    return {key: cell.value for key, cell in report.cells.items()}


def sides(identity: Identity, form: Form, printed: Collection[str]) -> Iterator[Sides]:
    """The tests of an identity: one for each column or row that is printed, or one for the row or route it names."""
    table = form.table(identity.table)
    if identity.for_each == "rows":
        for row in table.rows:
            if row.cells[0].key in printed:
                yield Sides(row.key, *(_terms(part, f"{table.key}.{row.key}.") for part in _parts(identity)))
    elif identity.for_each == "columns":
        rows = [_as_printed(part, table, printed) for part in _parts(identity)]
        for column in (cell.key.rsplit(".", 1)[1] for cell in table.rows[0].cells):
            end = f".{column}"
            yield Sides(column, *(_terms(part, f"{table.key}.", end) for part in rows))
    else:
        left, right = (_terms(part, f"{table.key}.") for part in _parts(identity))
        yield Sides(_row_of(keys_of((*left, *right))[0], table), left, right)


def _parts(identity: Identity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return identity.left, identity.right


def _terms(names: Sequence[str], before: str, after: str = "") -> tuple[str, ...]:
    return tuple(_term(name, before, after) for name in names)


def _term(name: str, before: str, after: str) -> str:
    sign = "-" if name.startswith("-") else ""
    plain = name.removeprefix("-")
    last_year = PREVIOUS if plain.startswith("prev.") else ""
    return f"{sign}{last_year}{before}{plain.removeprefix('prev.')}{after}"


def _row_of(key: str, table: FormTable) -> str:
    """The row of a cell; in table 3, a single line, the route."""
    row = next((row.key for row in table.rows if any(cell.key == key for cell in row.cells)), table.key)
    return row if row != table.key else key.removeprefix(f"{table.key}.").rsplit("_", 1)[0]


def _as_printed(terms: Sequence[str], table: FormTable, printed: Collection[str]) -> list[str]:
    """The rows of a sum as this report prints them: a row printed instead of others takes their place."""
    if any(term.startswith(("prev.", "-")) for term in terms):
        return list(terms)
    rows = {row.key: row for row in table.rows}
    instead = [row for row in table.rows if row.instead_of and _is_printed(row, printed)]
    replaced = {key for row in instead for key in row.instead_of}
    kept = [key for key in terms if key not in replaced and _is_printed(rows[key], printed)]
    return kept + [row.key for row in instead if set(row.instead_of) & set(terms) and row.key not in kept]


def _is_printed(row: FormRow, printed: Collection[str]) -> bool:
    return row.cells[0].key in printed


def keys_of(terms: Sequence[str]) -> tuple[str, ...]:
    """The cells of a sum's terms, this report's first."""
    return tuple(sorted((term.removeprefix("-") for term in terms), key=lambda key: key.startswith(PREVIOUS)))


def assess(identity: Identity, tested: Sides, numbers: Mapping[str, int | Decimal | None]) -> Finding:
    """Whether both sides agree; not assessable where one has no number."""
    keys = keys_of((*tested.left, *tested.right))
    left, right = total(tested.left, numbers), total(tested.right, numbers)
    found = Finding(
        identity.id, "not_assessable", keys, left, right, subject=tested.subject, severity=identity.severity
    )
    if left is None or right is None:
        unknown = sum(numbers.get(key) is None for key in keys)
        return replace(found, message=f"{identity.label_zh}：{unknown} 个单元格没有数字，无法核对")
    holds, unequal = _OPERATORS[identity.op]
    if holds(left, right):
        return replace(found, verdict="pass")
    message = f"{identity.label_zh}：{left} {unequal} {right}"
    return replace(found, verdict="fail", message=message, cause="unknown")


def total(terms: Sequence[str], numbers: Mapping[str, int | Decimal | None]) -> int | Decimal | None:
    """The sum of the terms; None if there are none, or one of them has no number."""
    amount: int | Decimal = 0
    for term in terms:
        number = numbers.get(term.removeprefix("-"))
        if number is None:
            return None
        amount += -number if term.startswith("-") else number
    return amount if terms else None
