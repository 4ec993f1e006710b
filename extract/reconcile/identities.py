"""勾稽关系: the sums that the form prints or implies, tested over the printed numbers of one report.

A side with a blank, "/" or unreadable cell cannot be tested: the verdict is ``not_assessable``, never ``fail``.
A failed sum is a suspicion, against our reading first and then against the source; nothing is repaired.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from extract.forms import Form, FormRow, FormTable, Identity
    from extract.records import Cell, Report


def check_identities(report: Report, form: Form) -> Iterator[Finding]:
    """One finding for each identity and column, row or route that is printed; none for a report without cells."""
    if not report.cells:
        return
    for identity in form.identities:
        table = form.table(identity.table)
        for subject, left, right in _instances(identity, table, report):
            yield replace(_test(identity, left, right, report), subject=subject)


def _instances(identity: Identity, table: FormTable, report: Report) -> Iterator[tuple[str, list[str], list[str]]]:
    """What is tested, and the cell keys of both sides: once for each column or row, or once for a route."""
    if identity.for_each == "rows":
        for row in table.rows:
            if _is_printed(row, report):
                yield row.key, _keys(table, row.key, identity.left), _keys(table, row.key, identity.right)
    elif identity.for_each == "columns":
        left = _as_printed(identity.left, table, report)
        right = _as_printed(identity.right, table, report)
        for column in _columns(table):
            yield (
                column,
                [f"{table.key}.{row}.{column}" for row in left],
                [f"{table.key}.{row}.{column}" for row in right],
            )
    else:
        yield (
            identity.left[0].rsplit("_", 1)[0],
            [f"{table.key}.{key}" for key in identity.left],
            [f"{table.key}.{key}" for key in identity.right],
        )


def _keys(table: FormTable, row: str, columns: Sequence[str]) -> list[str]:
    return [f"{table.key}.{row}.{column}" for column in columns]


def _columns(table: FormTable) -> list[str]:
    return [cell.key.rsplit(".", 1)[1] for cell in table.rows[0].cells]


def _is_printed(row: FormRow, report: Report) -> bool:
    return row.cells[0].key in report.cells


def _as_printed(terms: Sequence[str], table: FormTable, report: Report) -> list[str]:
    """The rows of a sum as this report prints them: a row printed instead of others takes their place."""
    rows = {row.key: row for row in table.rows}
    instead = [row for row in table.rows if row.instead_of and _is_printed(row, report)]
    replaced = {key for row in instead for key in row.instead_of}
    kept = [key for key in terms if key not in replaced and _is_printed(rows[key], report)]
    return kept + [row.key for row in instead if set(row.instead_of) & set(terms)]


def _test(identity: Identity, left: Sequence[str], right: Sequence[str], report: Report) -> Finding:
    sides = _sum(left, report), _sum(right, report)
    keys = (*left, *right)
    if sides[0] is None or sides[1] is None:
        unknown = [key for key in keys if _number(key, report) is None]
        message = f"{identity.label_zh}：{len(unknown)} 个单元格没有数字，无法核对"
        return Finding(identity.id, "not_assessable", keys, sides[0], sides[1], message)
    if sides[0] == sides[1]:
        return Finding(identity.id, "pass", keys, sides[0], sides[1])
    message = f"{identity.label_zh}：{sides[0]} ≠ {sides[1]}"
    return Finding(identity.id, "fail", keys, sides[0], sides[1], message, "unknown")


def _sum(keys: Sequence[str], report: Report) -> int | Decimal | None:
    numbers = [_number(key, report) for key in keys]
    stated = [number for number in numbers if number is not None]
    if not keys or len(stated) < len(numbers):
        return None
    return sum(stated, start=0)


def _number(key: str, report: Report) -> int | Decimal | None:
    cell: Cell | None = report.cells.get(key)
    return cell.value if cell else None
