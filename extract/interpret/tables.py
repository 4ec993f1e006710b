"""Rows -> cells of the form: align, assign columns, read values."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extract.interpret.align import align, labels_of
from extract.interpret.columns import Header, assign, read_header, read_layout
from extract.interpret.labels import squeeze
from extract.interpret.values import Value, read_amount, read_change, read_count, read_money
from extract.records import SURE, Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.forms import Form, FormCell, FormRow
    from extract.interpret.align import Match
    from extract.interpret.columns import Assigned
    from extract.interpret.rows import Row
    from extract.records import State, TableCell

_FEWEST_ROWS = 6
_UNIT = re.compile(r"(?:单位[:：]?|金额[（(])[^）)]{0,4}?(亿元|万元|元)")


def read_cells(rows: Sequence[Row], form: Form, *, fewest: int = _FEWEST_ROWS) -> dict[str, Cell]:
    """Every cell of the form as printed; those whose row is not in the document are ``absent``.

    A row printed instead of others (the single 其他处理) replaces them; where it is not printed, it has no cells.
    Empty if the rows are not this form's: fewer than ``fewest`` of them were found by a label.
    """
    form_rows = labels_of(form).rows
    matches = align(rows, form)
    if len(matches) < fewest or not any(match.form_row not in labels_of(form).lines for match in matches):
        return {}
    cells: dict[str, Cell] = {}
    for table in form.tables:
        ours = [match for match in matches if form_rows[match.form_row].table == table.key]
        cells.update((cell.key, cell) for cell in _read_table(rows, form_rows, ours, table.rows))
    return cells


def _read_table(
    rows: Sequence[Row], form_rows: Sequence[FormRow], matches: Sequence[Match], table_rows: Sequence[FormRow]
) -> Iterator[Cell]:
    merged = {form_rows[match.form_row].key: (_merge(rows, match.rows), match) for match in matches}
    layouts = {
        size: read_layout((row for row, match in merged.values() if len(form_rows[match.form_row].cells) == size), size)
        for size in {len(form_row.cells) for form_row in table_rows}
    }
    headers: dict[int, Header] = {}
    replaced = _replaced(table_rows, [key for key, (row, _) in merged.items() if row.values])
    for form_row in table_rows:
        if form_row.key in replaced:
            continue
        if form_row.key not in merged:
            yield from (_absent(form_cell) for form_cell in form_row.cells)
            continue
        row, match = merged[form_row.key]
        size = len(form_row.cells)
        if size not in headers:
            headers[size] = read_header(rows, match.rows[0], form_row)
        above = rows[: match.rows[0]]
        for assigned in assign(row, form_row, headers[size], layouts[size]):
            yield _cell(assigned, match.score, above)


def _replaced(table_rows: Sequence[FormRow], printed: Iterable[str]) -> set[str]:
    """The keys of rows that have no cells of their own in this print."""
    keys = set(printed)
    gone: set[str] = set()
    for form_row in table_rows:
        if not form_row.instead_of:
            continue
        alone = form_row.key in keys and not keys & set(form_row.instead_of)
        gone |= set(form_row.instead_of) if alone else {form_row.key}
    return gone


def _merge(rows: Sequence[Row], indices: Sequence[int]) -> Row:
    """Fragments of one row as one: the fragment that states values is the row, else the first that has value cells.

    Several that state values are parts of one line, side by side.
    """
    parts = [rows[i] for i in indices]
    if sum(part.numbers > 0 for part in parts) > 1:
        values = tuple(cell for part in parts for cell in part.values)
        return replace(parts[0], label_cells=(), labels=(), values=values, numbers=sum(part.numbers for part in parts))
    return max(parts, key=lambda row: (row.numbers, len(row.values)))


def _cell(assigned: Assigned, score: float, above: Sequence[Row]) -> Cell:
    form_cell, printed = assigned.form_cell, assigned.cell
    if printed is None:
        state: State = "unreadable" if assigned.printed else "absent"
        return Cell(form_cell.key, None, "", state, _label_confidence(score), None, assigned.reason)
    unit = _printed_unit(above) if form_cell.kind in ("decimal", "money") else ""
    value = _read_value(printed, form_cell, unit)
    return Cell(
        key=form_cell.key,
        value=value.number,
        raw=printed.text,
        state=value.state,
        confidence=round(_label_confidence(score) * assigned.certainty * value.certainty * printed.certainty, 3),
        place=printed.place,
        reason="; ".join(dict.fromkeys(r for r in (value.reason, assigned.reason, printed.reason) if r)),
        unit=value.unit,
    )


def _label_confidence(score: float) -> float:
    return 1.0 if score >= SURE else score


def _read_value(printed: TableCell, form_cell: FormCell, unit: str) -> Value:
    if not printed.certainty:
        return Value("unreadable", reason=printed.reason)
    if form_cell.kind == "decimal":
        return read_amount(printed.text, unit or "万元")
    if form_cell.kind == "money":
        return read_money(printed.text, unit)
    return read_change(printed.text) if form_cell.kind == "signed" else read_count(printed.text)


def _printed_unit(above: Sequence[Row]) -> str:
    """The unit that the heading above an amount states, such as （单位：万元）; empty where it states none."""
    for row in reversed(above[-3:]):
        heading = "".join(squeeze(cell.text) for cell in row.cells)
        if match := _UNIT.search(heading):
            return match[1]
        if row.numbers:
            break
    return ""


def _absent(form_cell: FormCell) -> Cell:
    return Cell(form_cell.key, None, "", "absent", 1.0, None, "the row is not in the document")
