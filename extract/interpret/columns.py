"""Which cell of a matched row is which column: by the header's order where it can be read, else by the form's.

A row that prints exactly as many value cells as there are columns is read in order. Spare cells come from merged labels
and are blank; too few mean that something was cut off. Where more than one assignment fits, only what they all agree
on is taken, the rest is unreadable: a number is never shifted into a column on a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.interpret.labels import likeness, words
from extract.interpret.rows import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from extract.forms import FormCell, FormRow
    from extract.interpret.rows import Row
    from extract.records import TableCell

_SAME_LABEL = 0.8
_HEADER_REACH = 8
_NOT_ALONE = 0.7


@dataclass(frozen=True, slots=True)
class Assigned:
    """The printed cell for one cell of the form; ``cell`` None and a ``reason`` where it cannot be told.

    ``printed``: whether the document has that column at all.
    """

    form_cell: FormCell
    cell: TableCell | None
    certainty: float = 1.0
    reason: str = ""
    printed: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """The columns as printed: positions in the form's row in printed order, and by grid column, if any.

    ``table``: the one table that prints all the headings; only in it a grid column is surely the same column.
    """

    order: tuple[int, ...]
    grid: Mapping[int, int]
    table: int | None = None


def read_header(rows: Sequence[Row], first: int, form_row: FormRow) -> Header:
    """The printed order of a table's columns, from the rows without numbers above its first row (index ``first``).

    Only a header whose labels are all found on a grid, once each, can change the order; otherwise the form's stands.
    """
    size = len(form_row.cells)
    found: dict[int, int] = {}
    tables: set[int] = set()
    for row in rows[max(0, first - _HEADER_REACH) : first]:
        if row.numbers:
            found.clear()
            tables.clear()
            continue
        for cell in row.cells:
            position = _named_column(cell, form_row.cells)
            if position is not None and cell.column is not None and position not in found:
                found[position] = cell.column
                tables.add(row.table)
    if len(tables) > 1:  # a page end cuts the header: each part counts its columns for itself
        return Header(tuple(range(size)), {})
    if len(found) == size and len(set(found.values())) == size:
        table = tables.pop() if len(tables) == 1 else None
        return Header(tuple(sorted(found, key=found.__getitem__)), {column: p for p, column in found.items()}, table)
    in_order = sorted(found) == sorted(found, key=found.__getitem__)
    missing = tuple(sorted(found, key=found.__getitem__))
    if len(found) == size - 1 and in_order and len(set(found.values())) == size - 1:
        return Header(missing, {})
    return Header(tuple(range(size)), {})


def _named_column(cell: TableCell, form_cells: Sequence[FormCell]) -> int | None:
    label = words(cell.text)
    scores = [max(likeness(label, words(name)) for name in form_cell.column_labels) for form_cell in form_cells]
    best = max(range(len(scores)), key=scores.__getitem__)
    return best if scores[best] >= _SAME_LABEL else None


@dataclass(frozen=True, slots=True)
class Layout:
    """What the other rows of the same printed tables show about where values stand (text renditions have no grid).

    ``offsets``: (table, label cells) -> spare blank cells before the values, where one row settles it.
    ``shapes``: (cells, label cells) -> the same over all tables, where all settled rows of that shape agree.
    ``cut``: (table, first field, last field) of rows that certainly lost their last columns.
    """

    offsets: Mapping[tuple[int, int], int]
    shapes: Mapping[tuple[int, int], int]
    cut: frozenset[tuple[int, int, int]]


def read_layout(rows: Iterable[Row], size: int) -> Layout:
    """Learn from the rows whose assignment is not in doubt."""
    rows = list(rows)
    limits: dict[int, int] = {}
    for row in rows:
        limits[row.table] = max(limits.get(row.table, 0), len(row.cells))
    offsets: dict[tuple[int, int], int] = {}
    shapes: dict[tuple[int, int], set[int]] = {}
    cut: set[tuple[int, int, int]] = set()
    for row in rows:
        windows = _windows(row.values, size)
        if len(windows) == 1:
            offsets.setdefault((row.table, len(row.label_cells)), windows[0])
            shapes.setdefault((len(row.cells), len(row.label_cells)), set()).add(windows[0])
        elif _lost_its_end(row, size, limits[row.table]):
            cut.add((row.table, *_stated_fields(row)))
    agreed = {shape: starts.pop() for shape, starts in shapes.items() if len(starts) == 1}
    return Layout(offsets, agreed, frozenset(cut))


def _lost_its_end(row: Row, size: int, limit: int) -> bool:
    """One value too few, none blank, up to the edge of the table: the converter cut the last one off."""
    full = bool(row.values) and all(not is_blank(cell) for cell in row.values)
    return full and len(row.values) == size - 1 and len(row.cells) == limit and row.cells[0].column is None


def _stated_fields(row: Row) -> tuple[int, int]:
    depth = len(row.label_cells)
    stated = [depth + i for i, cell in enumerate(row.values) if not is_blank(cell)]
    return (stated[0], stated[-1]) if stated else (0, 0)


def _windows(values: Sequence[TableCell], size: int) -> list[int]:
    """Where ``size`` consecutive cells can start so that nothing is stated outside them."""
    stated = [i for i, cell in enumerate(values) if not is_blank(cell)]
    low, high = (stated[0], stated[-1]) if stated else (len(values), -1)
    return [start for start in range(len(values) - size + 1) if start <= low and high < start + size]


def assign(row: Row, form_row: FormRow, header: Header, layout: Layout) -> list[Assigned]:
    """Each cell of the form's row with the printed cell that states it."""
    cells = form_row.cells
    if len(row.values) >= len(cells) > len(header.order):
        header = Header(tuple(range(len(cells))), {})  # a heading is illegible, its column is there
    size = len(header.order)
    absent = [
        Assigned(cell, None, 1.0, "the column is not in the document", printed=False)
        for i, cell in enumerate(cells)
        if i not in header.order
    ]
    printed = [cells[i] for i in header.order]
    if len(cells) == 1:
        return _single(row, cells[0])
    if (row.table, *_stated_fields(row)) in layout.cut:
        return [*_left_aligned(row, printed), *absent]
    if header.grid and (on_grid := _on_grid(row, cells, header)):
        return on_grid
    windows = _windows(row.values, size)
    if len(windows) > 1:
        windows = _settle(row, layout, windows)
    if not windows:
        return [*_too_few(row, printed), *absent]
    return [*_agreed(row, printed, windows), *absent]


def _settle(row: Row, layout: Layout, windows: list[int]) -> list[int]:
    """The one window that rows like this one have, in its own table or, all agreeing, in the document."""
    depth = len(row.label_cells)
    for settled in (layout.offsets.get((row.table, depth)), layout.shapes.get((len(row.cells), depth))):
        if settled in windows:
            return [settled]
    return windows


def _single(row: Row, form_cell: FormCell) -> list[Assigned]:
    stated = [cell for cell in row.values if not is_blank(cell)]
    inside = [cell for cell in stated if not cell.is_outside]
    if len(stated) > 1 == len(inside):
        beyond = ", ".join(cell.text for cell in stated if cell.is_outside)
        return [Assigned(form_cell, inside[0], _NOT_ALONE, f"more is printed beyond the table's last column: {beyond}")]
    if len(stated) > 1:
        return [Assigned(form_cell, None, 1.0, "several values where the form has one")]
    if stated:
        return [Assigned(form_cell, stated[0])]
    blank = row.values[0] if row.values else None
    return [Assigned(form_cell, blank, 1.0, "" if blank else "the row has no cell for a value")]


def _on_grid(row: Row, cells: Sequence[FormCell], header: Header) -> list[Assigned] | None:
    """By grid column, if the row has exactly one cell under each heading and states nothing elsewhere.

    Words in the first of them (详见附件) read like one label more: under a heading of their own table they are none.
    """
    grid = header.grid
    under = {cell.column: cell for cell in row.values if cell.column in grid}
    if row.table == header.table:
        under |= {cell.column: cell for cell in row.label_cells if cell.column in grid}
    elsewhere = [cell for cell in row.values if cell.column not in grid and not is_blank(cell)]
    if len(under) != len(grid) or elsewhere:
        return None
    by_position = {grid[column]: cell for column, cell in under.items() if column is not None}
    return [Assigned(form_cell, by_position[i]) for i, form_cell in enumerate(cells)]


def _left_aligned(row: Row, printed: Sequence[FormCell]) -> list[Assigned]:
    stated = [cell for cell in row.values if not is_blank(cell)]
    found = [
        Assigned(form_cell, cell, 0.75, "the row was cut off") for form_cell, cell in zip(printed, stated, strict=False)
    ]
    lost = [Assigned(form_cell, None, 1.0, "cut off at the table's edge") for form_cell in printed[len(stated) :]]
    return [*found, *lost]


def _too_few(row: Row, printed: Sequence[FormCell]) -> list[Assigned]:
    count = len(row.values)
    reason = (
        f"{count} cells for {len(printed)} columns: which is missing cannot be told"
        if count
        else "the row has no values"
    )
    return [Assigned(form_cell, None, 1.0, reason) for form_cell in printed]


def _agreed(row: Row, printed: Sequence[FormCell], windows: Sequence[int]) -> list[Assigned]:
    result = []
    for i, form_cell in enumerate(printed):
        candidates = [row.values[start + i] for start in windows]
        if len({cell.text.strip() for cell in candidates}) == 1:
            result.append(Assigned(form_cell, candidates[0], 1.0 if len(windows) == 1 else 0.9))
        else:
            result.append(Assigned(form_cell, None, 1.0, "which of the printed cells belongs here cannot be told"))
    return result
