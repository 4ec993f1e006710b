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
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from extract.forms import load_forms
from extract.records import SURE, GridPlace, PageBox, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from extract.records import Cell, Place, Report, Statistic

Keys = tuple[str, ...]
PrintedRow = tuple[Any, ...]
"""The columns of printed_rows."""
OddCell = tuple[Any, ...]
"""The columns of odd_cells."""

_NOWHERE = (None,) * 10
_ROW_NOWHERE = (None,) * 7


class RowIds(dict[Keys, int]):
    """The number of each row of cells, by its keys; a row that was never seen gets the next one, and is ``fresh``."""

    def __init__(self, known: Mapping[Keys, int]) -> None:
        super().__init__(known)
        self.fresh: list[Keys] = []

    def __missing__(self, keys: Keys) -> int:
        number = self[keys] = 1 + max(self.values(), default=0)
        self.fresh.append(keys)
        return number


@dataclass(slots=True)
class Packed:
    """Cells of a reading as rows; how many state a number, are unreadable, and state a number that is in doubt."""

    reading_id: int
    row_ids: RowIds
    rows: list[PrintedRow] = field(default_factory=list)
    odd: list[OddCell] = field(default_factory=list)
    numbers: int = 0
    unreadable: int = 0
    doubtful: int = 0

    def add(self, keys: Keys, cells: Sequence[Cell]) -> None:
        """Take in the cells of one row, under these keys."""
        row = _plain_row(self.reading_id, self.row_ids[keys], cells)
        if row is not None:
            self.rows.append(row)
            self.numbers += len(cells)
            if row[2] < SURE:
                self.doubtful += len(cells)
            return
        self.rows.append((self.reading_id, self.row_ids[keys], *_row(self.reading_id, cells, self.odd, keys)))
        for cell in cells:
            self.numbers += cell.value is not None
            self.unreadable += cell.state == "unreadable"
            self.doubtful += cell.value is not None and cell.confidence < SURE


def pack(reading_id: int, report: Report, row_ids: RowIds) -> Packed:
    """The cells of a report as printed rows and odd cells; every cell belongs to one printed row."""
    packed = Packed(reading_id, row_ids)
    cells = report.cells
    seen = 0
    of_form = _form_rows(report.form) if cells and report.form else ()
    for keys, take in of_form:
        try:
            packed.add(keys, take(cells))
        except KeyError:  # not all of the row is in the document
            seen += _add_rest(packed, keys, cells)
        else:
            seen += len(keys)
    if seen < len(cells):  # rows of another form: mixed prints, and what was told as no form
        taken = {key for keys, _ in of_form for key in keys}
        rest = {key: cell for key, cell in cells.items() if key not in taken}
        for keys, _ in _form_rows(None):
            taken = {key for key in keys if key in rest}
            _add_rest(packed, keys, rest)
            rest = {key: cell for key, cell in rest.items() if key not in taken}
        for key, cell in rest.items():
            packed.add((key,), (cell,))
    for position, statistic in enumerate(report.statistics):
        _add_statistic(packed, position, statistic)
    return packed


def _add_rest(packed: Packed, keys: Keys, cells: Mapping[str, Cell]) -> int:
    """Take in those cells of a row that are there; how many they are."""
    printed = tuple(key for key in keys if key in cells)
    if printed:
        packed.add(printed, tuple(cells[key] for key in printed))
    return len(printed)


def _add_statistic(packed: Packed, position: int, statistic: Statistic) -> None:
    """The figures of an older statistics table, under keys of their own: a label may stand twice in such a table."""
    named = (("year", statistic.year), ("cumulative", statistic.total))
    printed = {f"statistics.{position}.{name}": cell for name, cell in named if cell is not None}
    if printed:
        packed.add(tuple(printed), tuple(printed.values()))


def _plain_row(reading_id: int, row_id: int, cells: Sequence[Cell]) -> PrintedRow | None:
    """A row of nothing but whole numbers, side by side in a table; None where there is more to it.

    Nearly all rows are such, and hundreds of thousands of reports have forty each: one loop, no calls.
    """
    first = cells[0]
    place, confidence = first.place, first.confidence
    if place.__class__ is not GridPlace:
        return None
    table, row, column = place.table, place.row, place.column
    start = column
    printed = []
    for cell in cells:
        at, raw, value = cell.place, cell.raw, cell.value
        if (
            at.__class__ is not GridPlace
            or at.column != column
            or at.row != row
            or at.table != table
            or cell.confidence != confidence
            or cell.reason
            or cell.unit
        ):
            return None
        if raw != "0":
            if value.__class__ is not int or str(value) != raw:
                return None
        elif value != 0:
            return None
        printed.append(raw)
        column += 1
    text = f"[{','.join(printed)}]"
    return (reading_id, row_id, confidence, None, None, None, table, row, start, None, text)


@cache
def _form_rows(form_id: str | None) -> tuple[tuple[Keys, Callable[[Mapping[str, Cell]], tuple[Cell, ...]]], ...]:
    """The keys of each row of a form, and what takes its cells; of no form, those of all, the long rows first.

    A cell may stand alone in one form and beside others in an older one (decisions on licences).
    """
    forms = [form for form in load_forms() if form_id in (None, form.id)]
    rows = dict.fromkeys(tuple(cell.key for cell in row.cells) for form in forms for row in form.rows())
    ordered = sorted(rows, key=len, reverse=True) if form_id is None else list(rows)
    return tuple((keys, _taker(keys)) for keys in ordered)


def _taker(keys: Keys) -> Callable[[Mapping[str, Cell]], tuple[Cell, ...]]:
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda cells: (cells[keys[0]],)


def _row(reading_id: int, cells: Sequence[Cell], odd: list[OddCell], keys: Keys) -> tuple[Any, ...]:
    """One printed row; its odd cells are added to ``odd``, under their keys."""
    first = next((cell for cell in cells if cell.place is not None), None)
    if first is None and _is_absent(cells):
        return (cells[0].confidence, *_ROW_NOWHERE, None)
    confidence = (first or cells[0]).confidence
    place, spans, misfits = _shared_place(cells, first.place if first else None)
    printed = []
    for position, cell in enumerate(cells):
        fits = cell.confidence == confidence and position not in misfits
        text = _plain(cell) if fits else "null"
        printed.append(text)
        if text == "null":
            odd.append(_odd(reading_id, cell, keys[position]))
    return (confidence, *place, spans, f"[{','.join(printed)}]")


def _is_absent(cells: Sequence[Cell]) -> bool:
    """Whether the document has nothing of a row, and there is nothing more to say."""
    sure = cells[0].confidence
    return all(c.state == "absent" and not c.reason and not c.raw and c.confidence == sure for c in cells)


def _plain(cell: Cell) -> str:
    """What was printed, as JSON; ``null`` where number and text differ, or there is more to say."""
    if cell.reason or cell.unit:
        return "null"
    raw, value = cell.raw, cell.value
    if value is not None:
        return raw if str(value) == raw and raw[0] <= "9" else "null"  # no NaN
    if cell.state == "blank":
        return "null" if raw else '""'
    if cell.state != "na_mark" or not raw:
        return "null"
    return '"/"' if raw == "/" else json.dumps(raw, ensure_ascii=False)


Shared = tuple[tuple[int | None, ...], str | None, "Collection[int]"]
"""What the cells of a row have in common, each one's own extent, and the positions of those that this does not fit."""


def _shared_place(cells: Sequence[Cell], place: Place | None) -> Shared:
    if isinstance(place, GridPlace):
        return _on_a_grid(cells, place)
    if isinstance(place, PageBox):
        return _on_a_page(cells, place)
    if isinstance(place, Span):
        return _in_text(cells)
    return (None,) * 6, None, [position for position, cell in enumerate(cells) if cell.place is not None]


def _on_a_grid(cells: Sequence[Cell], place: GridPlace) -> Shared:
    table, row = place.table, place.row
    column = first = place.column
    for cell in cells:
        at = cell.place
        if at.__class__ is not GridPlace or at.column != column or at.row != row or at.table != table:
            return _scattered(cells, place)
        column += 1
    return (None, None, None, table, row, first), None, ()


def _scattered(cells: Sequence[Cell], place: GridPlace) -> Shared:
    """Cells that do not follow each other in their row: the column of each is kept."""
    columns = [
        at.column if isinstance(at := cell.place, GridPlace) and (at.table, at.row) == (place.table, place.row) else -1
        for cell in cells
    ]
    misfits = [position for position, column in enumerate(columns) if column < 0]
    spans = json.dumps(columns, separators=(",", ":"))
    return (None, None, None, place.table, place.row, None), spans, misfits


def _on_a_page(cells: Sequence[Cell], place: PageBox) -> Shared:
    page, top, bottom = place.page, round(place.box[1] * 10), round(place.box[3] * 10)
    edges: list[int] = []
    joined = True
    misfits = []
    for position, cell in enumerate(cells):
        at = cell.place
        if isinstance(at, PageBox) and at.page == page:
            left, above, right, below = at.box
            start, end = round(left * 10), round(right * 10)
            fits = round(above * 10) == top and round(below * 10) == bottom
        else:
            start = end = edges[-1] if edges else 0
            fits = False
        if not fits:
            misfits.append(position)
        joined = joined and (not edges or edges[-1] == start)
        edges += (start, end)
    if joined:
        edges = [edges[0], *edges[1::2]]
    return (page, top, bottom, None, None, None), f"[{','.join(map(str, edges))}]", misfits


def _in_text(cells: Sequence[Cell]) -> Shared:
    misfits = [position for position, cell in enumerate(cells) if not isinstance(cell.place, Span)]
    ends = [end for cell in cells for end in _ends(cell.place)]
    return (None,) * 6, json.dumps(ends, separators=(",", ":")), misfits


def _ends(place: Place | None) -> tuple[int, int]:
    return (place.start, place.end) if isinstance(place, Span) else (0, 0)


def _odd(reading_id: int, cell: Cell, key: str) -> OddCell:
    value = cell.value
    number = value if value is None or isinstance(value, int) else float(value)
    return (reading_id, key, cell.raw, cell.state, number, cell.confidence, *_place(cell.place), cell.reason or None)


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
