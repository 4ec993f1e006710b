"""The statutory forms as data: config/forms/<form>.json read into frozen records.

A form is a file: its labels and their variants, its cells with unit and law article, its identities. A file without
``tables`` is a form that is recognised by its signatures and not read yet.

Cell keys: ``disclosure.<key>``, ``requests.<row>.<column>``, ``disputes.<route>_<result>``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = Path(__file__).resolve().parent.parent / "config" / "forms"


class FormError(Exception):
    """A file of config/forms is not a form: raised when it is loaded, names the file and what is missing."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """One number of the form. ``kind`` is integer or decimal; ``column_labels`` begins with the official one."""

    key: str
    column_labels: tuple[str, ...]
    column_en: str
    unit: str
    kind: str


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
class Form:
    """One statutory form. ``signatures``: labels that only this form prints, by which it is told."""

    id: str
    document_number: str
    title_zh: str
    title_en: str
    signatures: tuple[str, ...]
    sections: tuple[FormSection, ...]
    tables: tuple[FormTable, ...]
    identities: tuple[Identity, ...]

    @property
    def readable(self) -> bool:
        """Whether its tables are described, so that it can be read."""
        return bool(self.tables)

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
    return tuple(_load(path) for path in sorted(folder.glob("*.json"), reverse=True))


def load_form(form_id: str, folder: Path = CONFIG) -> Form:
    """The form of that id.

    Raises:
        KeyError: there is no such file in the folder.
    """
    return {form.id: form for form in load_forms(folder)}[form_id]


def _load(path: Path) -> Form:
    try:
        return _form(json.loads(path.read_text("utf-8")))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise FormError(f"{path.name}: not a form file ({error!r}); compare it with 2021.json") from error


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
