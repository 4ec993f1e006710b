"""A form -> its tables laid out as the official form prints them: rows of heading cells and cells for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from publish.words import GROUPS_EN, NUMBERS_EN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from extract.forms import Form, FormCell, FormRow, FormTable

FLOW_NOTE = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "(In each column: I + II = III (7) + IV)",
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A printed label. ``scope`` as in HTML: row, col, rowgroup, colgroup; ``kind`` names its look."""

    text: str
    columns: int = 1
    rows: int = 1
    scope: str = "col"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a number stands; ``key`` is the cell's."""

    key: str
    columns: int = 1


Line: TypeAlias = tuple["Heading | Slot", ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the form: ``head`` and ``body`` lines; every line fills the same number of grid columns."""

    key: str
    section: str
    title: str
    head: tuple[Line, ...]
    body: tuple[Line, ...]


def lay_out(form: Form, printed: Collection[str], *, en: bool) -> tuple[Grid, ...]:
    """The form's tables as printed.

    ``printed``: the cell keys of the report, by which a row that may stand for others (the single row 其他处理) is
    shown instead of them.
    """
    arrange = {"disclosure": _disclosure, "requests": _requests, "disputes": _disputes}
    grids = []
    for table in form.tables:
        head, body = arrange[table.key](table, _shown(table, printed), en)
        grids.append(Grid(table.key, table.section, table.title_en if en else table.title_zh, head, body))
    return tuple(grids)


def _shown(table: FormTable, printed: Collection[str]) -> list[FormRow]:
    instead = [row for row in table.rows if row.instead_of and any(cell.key in printed for cell in row.cells)]
    hidden = {key for row in instead for key in row.instead_of}
    return [row for row in table.rows if row.key not in hidden and (not row.instead_of or row in instead)]


def _disclosure(table: FormTable, rows: Sequence[FormRow], en: bool) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Blocks by item of Article 20: the item across the table, a line of column labels, a line for each row."""
    widest = max(len(row.cells) for row in table.rows)
    body: list[Line] = []
    for group, members in groupby(rows, key=lambda row: row.group):
        block = list(members)
        widths = _widths(len(block[0].cells), widest)
        body.append((Heading(GROUPS_EN.get(group, group) if en else group, widest + 1, scope="colgroup", kind="item"),))
        labels = (
            Heading(_column(cell, en), width, kind="columns")
            for cell, width in zip(block[0].cells, widths, strict=True)
        )
        body.append((Heading("Content" if en else "信息内容", kind="columns"), *labels))
        body += [
            (
                Heading(_label(row, en), scope="row"),
                *(Slot(cell.key, width) for cell, width in zip(row.cells, widths, strict=True)),
            )
            for row in block
        ]
    return (), tuple(body)


def _widths(cells: int, widest: int) -> list[int]:
    """How many grid columns each cell of a row takes: alike, what is over goes to the last one."""
    each = widest // cells
    return [*[each] * (cells - 1), widest - each * (cells - 1)]


def _requests(table: FormTable, rows: Sequence[FormRow], en: bool) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Three columns of labels (part, group, row) and one for each kind of applicant."""
    return _applicants(table.rows[0].cells, en), tuple(_request_lines(rows, en))


def _applicants(cells: Sequence[FormCell], en: bool) -> tuple[Line, ...]:
    first, *organisations, total = cells
    together = "Legal persons or other organisations" if en else "法人或其他组织"
    return (
        (
            Heading(FLOW_NOTE[en], 3, 3, kind="note"),
            Heading("Applicants" if en else "申请人情况", len(cells), scope="colgroup"),
        ),
        (
            Heading(_column(first, en), rows=2),
            Heading(together, len(organisations), scope="colgroup"),
            Heading(_column(total, en), rows=2, kind="total"),
        ),
        tuple(Heading(_column(cell, en)) for cell in organisations),
    )


def _request_lines(rows: Sequence[FormRow], en: bool) -> Iterator[Line]:
    """Rows of a group stand beside the group's label; groups and rows of part three beside 三、本年度办理结果."""
    part = next(row.group for row in rows if row.group.startswith("三、"))
    inside = [row for row in rows if row.group]
    begun: set[str] = set()
    for row in rows:
        line: list[Heading | Slot] = []
        if row.group and part not in begun:
            begun.add(part)
            line.append(_side(part, len(inside), en))
        if row.group and row.group not in begun:
            begun.add(row.group)
            line.append(_side(row.group, sum(other.group == row.group for other in rows), en))
        width = 3 if not row.group else 2 if row.group == part else 1
        total = "total" if row.key in ("outcome_total", "carried_out") else ""
        line.append(Heading(_label(row, en), width, scope="row", kind=total))
        yield (*line, *(Slot(cell.key) for cell in row.cells))


def _side(group: str, rows: int, en: bool) -> Heading:
    return Heading(GROUPS_EN.get(group, group) if en else group, rows=rows, scope="rowgroup", kind="side")


def _disputes(_table: FormTable, rows: Sequence[FormRow], en: bool) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """One line of numbers under three routes; the two of litigation stand together."""
    cells = rows[0].cells
    results = len(cells) // 3
    review, litigation = ("Reconsideration", "Litigation") if en else ("行政复议", "行政诉讼")
    direct, after = ("Filed directly", "After reconsideration") if en else ("未经复议直接起诉", "复议后起诉")
    head = (
        (Heading(review, results, 2, "colgroup"), Heading(litigation, results * 2, scope="colgroup")),
        (Heading(direct, results, scope="colgroup"), Heading(after, results, scope="colgroup")),
        tuple(Heading(cell.column_en.rpartition(": ")[2] if en else cell.column_labels[0]) for cell in cells),
    )
    return head, (tuple(Slot(cell.key) for cell in cells),)


def _column(cell: FormCell, en: bool) -> str:
    return cell.column_en if en else cell.column_labels[0]


def _label(row: FormRow, en: bool) -> str:
    if not en:
        return row.number + row.labels[0]
    label = row.label_en.partition(": ")[2] if row.group in GROUPS_EN and ": " in row.label_en else row.label_en
    return f"{NUMBERS_EN.get(row.number, row.number)} {label[:1].upper()}{label[1:]}".strip()
