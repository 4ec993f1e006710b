"""Cells -> the two tables that keep their evidence: a row for each printed row, one for each cell that is not plain.

Most cells are plain: a whole number printed as such, an empty cell or a mark, beside its neighbours in one row of the
table. A printed row keeps what they share once, and of each cell only what was printed::

    [82, 14, 2, "", "/", null, 98]      number, blank, na_mark, and one that odd_cells tells of

A cell that is read with less confidence than its row, stands elsewhere, or is not printed as its number ("1,036") is
odd and kept in full. The view ``cells`` puts both together again: a row a cell, nothing lost. Places on a page are
kept to a tenth of a point. A row without any cell in the document has ``printed`` null: all its cells are absent.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from extract.forms import load_forms
from extract.records import GridPlace, PageBox, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract.records import Cell, Place, Report

Keys = tuple[str, ...]
PrintedRow = tuple[Any, ...]
"""Keys of its cells, then the columns of printed_rows from confidence on."""
OddCell = tuple[Any, ...]
"""The columns of odd_cells from key on."""

_NOWHERE = (None,) * 10
_ROW_NOWHERE = (None,) * 7


def pack(cells: Mapping[str, Cell]) -> tuple[list[PrintedRow], list[OddCell]]:
    """The cells of a report as printed rows and odd cells; every cell belongs to one printed row."""
    rows: list[PrintedRow] = []
    odd: list[OddCell] = []
    seen = 0
    for keys in form_rows():
        if keys[0] not in cells:
            continue
        of_row = [cells[key] for key in keys if key in cells]
        seen += len(of_row)
        if len(of_row) < len(keys):
            keys = tuple(key for key in keys if key in cells)  # noqa: PLW2901  # as printed
        rows.append((keys, *_row(of_row, odd)))
    if seen < len(cells):
        rest = cells.keys() - {key for row in rows for key in row[0]}
        rows += [((key,), *_row([cells[key]], odd)) for key in cells if key in rest]
    return rows, odd


def pack_statistics(report: Report) -> tuple[list[PrintedRow], list[OddCell]]:
    """The figures of an older statistics table, under keys of their own: a label may stand twice in such a table."""
    rows: list[PrintedRow] = []
    odd: list[OddCell] = []
    for position, statistic in enumerate(report.statistics):
        named = (("year", statistic.year), ("cumulative", statistic.total))
        printed = [(f"statistics.{position}.{name}", cell) for name, cell in named if cell is not None]
        if printed:
            keys = tuple(key for key, _ in printed)
            rows.append((keys, *_row([cell for _, cell in printed], odd, keys)))
    return rows, odd


@cache
def form_rows() -> tuple[Keys, ...]:
    """The keys of each row of each form, in the forms' order; a row that two forms share is given once."""
    rows = (tuple(cell.key for cell in row.cells) for form in load_forms() for row in form.rows())
    return tuple(dict.fromkeys(rows))


def _row(cells: Sequence[Cell], odd: list[OddCell], keys: Keys | None = None) -> tuple[Any, ...]:
    """One printed row; its odd cells are added to ``odd`` under their own keys or those given."""
    first = next((cell for cell in cells if cell.place is not None), None)
    if first is None and all(cell.state == "absent" and not cell.reason and not cell.raw for cell in cells):
        confidence = cells[0].confidence
        if all(cell.confidence == confidence for cell in cells):
            return (confidence, *_ROW_NOWHERE, None)
    confidence = (first or cells[0]).confidence
    place, spans, fits = _shared_place(cells, first.place if first else None)
    printed = []
    for position, cell in enumerate(cells):
        text = _plain(cell) if fits[position] and cell.confidence == confidence else "null"
        printed.append(text)
        if text == "null":
            odd.append(_odd(cell, keys[position] if keys else cell.key))
    return (confidence, *place, spans, f"[{','.join(printed)}]")


def _plain(cell: Cell) -> str:
    """What was printed, as JSON; ``null`` where number and text differ, or there is more to say."""
    raw, value = cell.raw, cell.value
    if cell.reason or cell.unit:
        return "null"
    if value is not None:
        return raw if str(value) == raw and not raw.startswith("N") and "E" not in raw else "null"
    if cell.state == "blank":
        return "null" if raw else '""'
    if cell.state != "na_mark" or not raw:
        return "null"
    return '"/"' if raw == "/" else json.dumps(raw, ensure_ascii=False)


def _shared_place(
    cells: Sequence[Cell], place: Place | None
) -> tuple[tuple[int | None, ...], str | None, Sequence[bool]]:
    """What the cells' places have in common, each cell's own extent, and which cells are described by both."""
    if isinstance(place, GridPlace):
        return _on_a_grid(cells, place)
    if isinstance(place, PageBox):
        return _on_a_page(cells, place)
    if isinstance(place, Span):
        return _in_text(cells)
    return (None,) * 6, None, [cell.place is None for cell in cells]


def _on_a_grid(cells: Sequence[Cell], place: GridPlace) -> tuple[tuple[int | None, ...], str | None, Sequence[bool]]:
    table, row = place.table, place.row
    columns: list[int] = []
    fits = []
    for cell in cells:
        at = cell.place
        fit = isinstance(at, GridPlace) and at.table == table and at.row == row
        fits.append(fit)
        columns.append(at.column if fit and isinstance(at, GridPlace) else -1)
    start = next(column - position for position, column in enumerate(columns) if column >= 0)
    counted_on = start >= 0 and all(column in (-1, start + position) for position, column in enumerate(columns))
    spans = None if counted_on else json.dumps(columns, separators=(",", ":"))
    return (None, None, None, table, row, start if counted_on else None), spans, fits


def _on_a_page(cells: Sequence[Cell], place: PageBox) -> tuple[tuple[int | None, ...], str | None, Sequence[bool]]:
    page, top, bottom = place.page, round(place.box[1] * 10), round(place.box[3] * 10)
    edges: list[int] = []
    joined = True
    fits = []
    for cell in cells:
        at = cell.place
        if isinstance(at, PageBox) and at.page == page:
            box = at.box
            left, right = round(box[0] * 10), round(box[2] * 10)
            fit = round(box[1] * 10) == top and round(box[3] * 10) == bottom
        else:
            left = right = edges[-1] if edges else 0
            fit = False
        fits.append(fit)
        joined = joined and (not edges or edges[-1] == left)
        edges += (left, right)
    if joined:
        edges = [edges[0], *edges[1::2]]
    return (page, top, bottom, None, None, None), str(edges).replace(" ", ""), fits


def _in_text(cells: Sequence[Cell]) -> tuple[tuple[int | None, ...], str | None, Sequence[bool]]:
    fits = [isinstance(cell.place, Span) for cell in cells]
    ends = [end for cell in cells for end in _ends(cell.place)]
    return (None,) * 6, json.dumps(ends, separators=(",", ":")), fits


def _ends(place: Place | None) -> tuple[int, int]:
    return (place.start, place.end) if isinstance(place, Span) else (0, 0)


def _odd(cell: Cell, key: str) -> OddCell:
    value = cell.value
    number = value if value is None or isinstance(value, int) else float(value)
    return (key, cell.raw, cell.state, number, cell.confidence, *_place(cell.place), cell.reason or None)


def _place(place: Place | None) -> tuple[float | None, ...]:
    """Page, left, top, right, bottom (points), table, row, column, start and end of a cell kept in full."""
    if isinstance(place, PageBox):
        return (place.page, *(round(edge, 1) for edge in place.box), *_NOWHERE[5:])
    if isinstance(place, GridPlace):
        return (*_NOWHERE[:5], place.table, place.row, place.column, None, None)
    if isinstance(place, Span):
        return (*_NOWHERE[:8], place.start, place.end)
    return _NOWHERE


def cells_view() -> str:
    """The SQL that puts printed rows and odd cells together again: a row a cell."""
    return f"select p.reading_id, {', '.join(_columns())} {_FROM}"


_FROM = """from printed_rows p join cell_keys k on k.row_id = p.row_id
  left join odd_cells o on o.reading_id = p.reading_id and o.key = k.key"""
_AT = "('$[' || k.position || ']')"
_TYPE = f"json_type(p.printed, {_AT})"


def _columns() -> Iterator[str]:
    """Each column: the odd cell's if there is one, else what the printed row says of this position."""
    first = "'$[' || (2 * k.position) || ']'"
    second = "'$[' || (2 * k.position + 1) || ']'"
    following = "'$[' || (k.position + 1) || ']'"
    joined = "json_array_length(p.spans) = json_array_length(p.printed) + 1"
    left = f"json_extract(p.spans, case when {joined} then {_AT} else {first} end) / 10.0"
    right = f"json_extract(p.spans, case when {joined} then {following} else {second} end) / 10.0"
    on_page, in_text = "p.page is not null", "p.page is null and p.table_index is null"
    plain = {
        "raw": f"case {_TYPE} when 'text' then json_extract(p.printed, {_AT}) when 'real' then p.printed -> {_AT} "
        f"when 'integer' then p.printed -> {_AT} else '' end",
        "state": f"case {_TYPE} when 'integer' then 'number' when 'real' then 'number' "
        f"when 'text' then case json_extract(p.printed, {_AT}) when '' then 'blank' else 'na_mark' end "
        "else 'absent' end",
        "value": f"case when {_TYPE} in ('integer', 'real') then json_extract(p.printed, {_AT}) end",
        "confidence": "p.confidence",
        "page": "p.page",
        "left": f"case when {on_page} then {left} end",
        "top": "p.top / 10.0",
        "right": f"case when {on_page} then {right} end",
        "bottom": "p.bottom / 10.0",
        "table_index": "p.table_index",
        "row_index": "p.row_index",
        "column_index": "case when p.table_index is not null then "
        f"coalesce(p.column_index + k.position, json_extract(p.spans, {_AT})) end",
        "start": f"case when {in_text} then json_extract(p.spans, {first}) end",
        "end": f"case when {in_text} then json_extract(p.spans, {second}) end",
        "reason": "null",
    }
    yield "k.key as key"
    for name, sql in plain.items():
        yield f'case when o.key is not null then o."{name}" else {sql} end as "{name}"'
