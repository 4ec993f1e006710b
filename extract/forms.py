"""The statutory forms as data: config/forms/<form>.json read into frozen records.

A form is a file: its labels and their variants, its cells with unit and law article, its identities. What a form has
in common with another (sections, tables, identities) it takes over: ``"like": "2021"``. The older forms have no
statutory tables but ``statistics``: rows of one or two figures, open to rows that no form names.

Cell keys: ``disclosure.<key>``, ``requests.<row>.<column>``, ``disputes.<route>_<result>``; of statistics ``s_<row>``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONFIG = Path(__file__).resolve().parent.parent / "config" / "forms"


class FormError(Exception):
    """A file of config/forms is not a form: raised when it is loaded, names the file and what is missing."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """One number of the form; ``column_labels`` begins with the official one.

    ``kind``: integer, signed (a change, which may be negative), decimal (万元) or money (in the unit that is printed).
    ``code``: the short name of the cell (t2r05_np), for what takes no long ones.
    """

    key: str
    column_labels: tuple[str, ...]
    column_en: str
    unit: str
    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of a table: its label (with variants, official first), the group printed left of it, its cells in order.

    ``instead_of`` names the rows for which this one may be printed (the single row 其他处理 of the 2019 form).
    """

    table: str
    key: str
    labels: tuple[str, ...]
    label_en: str
    group: str
    number: str
    law: str
    cells: tuple[FormCell, ...]
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTable:
    """A statutory table: ``rows`` in the order of the form."""

    key: str
    section: str
    title_zh: str
    title_en: str
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class FormSection:
    """One of the six sections: its printed number and heading, with variants of the heading."""

    key: str
    number: str
    labels: tuple[str, ...]
    label_en: str


@dataclass(frozen=True, slots=True)
class Identity:
    """A 勾稽关系 of one table: sum of ``left`` ``op`` sum of ``right``.

    ``for_each`` columns: the terms are rows, tested in every column. rows: the terms are columns, tested in every
    row. once: the terms are cells. Table ``statistics``: the terms are rows of the older statistics. ``op``: ``==``,
    ``>=`` or ``<=``. ``severity`` of a failure as in ``Finding``. ``previous``: terms that begin with ``prev.`` are
    those of last year's report; a term that begins with ``-`` is taken off.
    """

    id: str
    table: str
    left: tuple[str, ...]
    op: str
    right: tuple[str, ...]
    for_each: str
    label_zh: str
    label_en: str = ""
    severity: Literal["error", "warn", "info"] = "error"
    previous: bool = False


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """A row of a statistics table that the form names; ``group`` is the row or heading that it is a part of.

    ``code``: its short name: the key, where that is short enough.
    """

    key: str
    labels: tuple[str, ...]
    label_en: str
    group: str
    unit: str
    code: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """How a statistics table heads its columns, and the rows that the form names (local tables have others as well).

    The year's figure and the cumulative one are two facts. ``year_columns``: besides these, any heading that is a year.
    """

    label_columns: tuple[str, ...]
    unit_columns: tuple[str, ...]
    year_columns: tuple[str, ...]
    cumulative_columns: tuple[str, ...]
    rows: tuple[StatisticsRow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One statutory form, loaded once: a form is itself and equal to no other.

    ``signatures``: labels that only this form prints, by which it is told.

    ``told_by_row``: key of a row that tells this form where no signature is printed (its table 1 is missing).
    ``statistics``: of the older forms, which have no ``tables``.
    """

    id: str
    document_number: str
    title_zh: str
    title_en: str
    signatures: tuple[str, ...]
    sections: tuple[FormSection, ...]
    tables: tuple[FormTable, ...]
    identities: tuple[Identity, ...]
    told_by_row: str = ""
    statistics: Statistics | None = None

    def table(self, key: str) -> FormTable:
        """The table of that key.

        Raises:
            KeyError: the form has none of that key; names those that it has.
        """
        tables = {table.key: table for table in self.tables}
        if key not in tables:
            raise KeyError(f"the form of {self.id} has no table {key!r}; it has {', '.join(tables) or 'none'}")
        return tables[key]

    def rows(self) -> Iterator[FormRow]:
        """All rows of all tables, in the order of the form."""
        return (row for table in self.tables for row in table.rows)


@cache
def load_forms(folder: Path = CONFIG) -> tuple[Form, ...]:
    """All forms of a folder, newest first.

    Raises:
        FormError: a file is no JSON or lacks a field; the message names both.
    """
    files = {path.stem: _json(path) for path in sorted(folder.glob("*.json"), reverse=True)}
    return tuple(_load(name, files) for name in files)


def load_form(form_id: str, folder: Path = CONFIG) -> Form:
    """The form of that id.

    Raises:
        KeyError: there is no such file in the folder.
    """
    return {form.id: form for form in load_forms(folder)}[form_id]


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (json.JSONDecodeError, TypeError, ValueError) as error:
        raise FormError(f"{path.name}: not a form file ({error!r}); compare it with 2021.json") from error


def _load(name: str, files: Mapping[str, dict[str, Any]]) -> Form:
    try:
        return _form(_with_what_is_alike(files[name], files))
    except (KeyError, TypeError, AttributeError, StopIteration) as error:
        raise FormError(f"{name}.json: not a form file ({error!r}); compare it with 2021.json") from error


def _with_what_is_alike(data: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The form with what it takes over from others in place of ``like``."""
    sections = data["sections"]
    return {
        **data,
        "sections": files[sections["like"]]["sections"] if isinstance(sections, dict) else sections,
        "tables": [_table_like(table, files) for table in data["tables"]],
        "identities": [_identity_like(identity, files) for identity in data["identities"]],
    }


def _table_like(table: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    if "like" not in table:
        return table
    other = next(item for item in files[table["like"]]["tables"] if item["key"] == table["key"])
    instead = table.get("instead_of", {})
    changed = [
        {**row, "instead_of": instead.get(row["key"], row.get("instead_of", ()))} for row in other.get("rows", ())
    ]
    return {**other, "rows": changed} if changed else other


def _identity_like(identity: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    if "like" not in identity:
        return identity
    return next(item for item in files[identity["like"]]["identities"] if item["id"] == identity["id"])


def _form(data: dict[str, Any]) -> Form:
    return Form(
        id=data["form"],
        document_number=data["document_number"],
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        signatures=tuple(data["signatures"]),
        sections=tuple(
            FormSection(item["key"], item["number"], (item["label_zh"], *item["variants"]), item["label_en"])
            for item in data["sections"]
        ),
        tables=tuple(_table(item) for item in data["tables"]),
        identities=tuple(
            Identity(
                id=item["id"],
                table=item["table"],
                left=tuple(item["lhs"]),
                op=item["op"],
                right=tuple(item["rhs"]),
                for_each=item["for_each"],
                label_zh=item["zh"],
                label_en=item.get("en", ""),
                severity=item.get("severity", "error"),
                previous=item.get("previous", False),
            )
            for item in data["identities"]
        ),
        told_by_row=data.get("told_by_row", ""),
        statistics=_statistics(data["statistics"]) if "statistics" in data else None,
    )


def _statistics(data: dict[str, Any]) -> Statistics:
    return Statistics(
        label_columns=tuple(data["label_columns"]),
        unit_columns=tuple(data["unit_columns"]),
        year_columns=tuple(data["year_columns"]),
        cumulative_columns=tuple(data["cumulative_columns"]),
        rows=tuple(
            StatisticsRow(
                row["key"],
                (row["label_zh"], *row["variants"]),
                row["label_en"],
                row.get("group", ""),
                row["unit"],
                row.get("code", row["key"]),
            )
            for row in data["rows"]
        ),
    )


def _table(data: dict[str, Any]) -> FormTable:
    if "routes" in data:
        rows: tuple[FormRow, ...] = (_one_line(data),)
    else:
        rows = tuple(_row(data, item) for item in data["rows"])
    return FormTable(data["key"], data["section"], data["title_zh"], data["title_en"], rows)


def _row(table: dict[str, Any], item: dict[str, Any]) -> FormRow:
    return FormRow(
        table=table["key"],
        key=item["key"],
        labels=(item["label_zh"], *item["variants"]),
        label_en=item["label_en"],
        group=item.get("group_zh") or item.get("block_zh", ""),
        number=item.get("number", ""),
        law=item["law"],
        cells=_shared_columns(table, item) if "columns" in table else _own_columns(table, item),
        instead_of=tuple(item.get("instead_of", ())),
    )


def _shared_columns(table: dict[str, Any], item: dict[str, Any]) -> tuple[FormCell, ...]:
    return tuple(
        FormCell(
            key=f"{table['key']}.{item['key']}.{column['key']}",
            column_labels=(column["label_zh"], *column["variants"]),
            column_en=column["label_en"],
            unit=table["unit"],
            kind=table["type"],
            code=f"t2{item['code']}_{column['code']}",
        )
        for column in table["columns"]
    )


def _own_columns(table: dict[str, Any], item: dict[str, Any]) -> tuple[FormCell, ...]:
    return tuple(
        FormCell(
            key=f"{table['key']}.{cell['key']}",
            column_labels=(cell["column_zh"], *cell["column_variants"]),
            column_en=cell["column_en"],
            unit=cell["unit"],
            kind=cell["type"],
            code=cell["key"],
        )
        for cell in item["cells"]
    )


def _one_line(data: dict[str, Any]) -> FormRow:
    """Table 3: a single line of numbers, routes side by side, each with the same results."""
    cells = tuple(
        FormCell(
            key=f"{data['key']}.{route['key']}_{result['key']}",
            column_labels=(result["label_zh"], f"{route['label_zh']}：{result['label_zh']}"),
            column_en=f"{route['label_en']}: {result['label_en']}",
            unit=data["unit"],
            kind=data["type"],
            code=f"{route['key']}_{result['key']}",
        )
        for route in data["routes"]
        for result in data["results"]
    )
    return FormRow(
        table=data["key"],
        key=data["key"],
        labels=(data["title_zh"],),
        label_en=data["title_en"],
        group="",
        number="",
        law="、".join(dict.fromkeys(route["law"] for route in data["routes"])),
        cells=cells,
    )
