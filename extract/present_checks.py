"""Findings in words, in Chinese and English, composed from what a finding holds and config/checks.json.

A check's ``fail`` is its sentence; ``fail.<variant>`` another one where ``matched`` or ``subject`` of the finding is
that variant (``empty``, ``blank``, ``period``). ``skip`` says why it could not be assessed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract.forms import Form, FormCell, FormRow
    from extract.records import Finding

CONFIG = Path(__file__).resolve().parent.parent / "config" / "checks.json"
_PREVIOUS = "previous."
_NUMERALS = "一二三四五六七八九"
_MOST_ROWS = 4
_MOST_TERMS = 6


@cache
def words() -> Mapping[str, Any]:
    """config/checks.json: ``checks``, ``applicants``, ``skipped``, ``facts``, ``unread``, ``no_report``."""
    return dict(json.loads(CONFIG.read_text("utf-8")))


def titles() -> dict[str, tuple[str, str]]:
    """What each check is called, in Chinese and English, by id."""
    return {check: (entry["title"][0], entry["title"][1]) for check, entry in words()["checks"].items()}


@dataclass(frozen=True, slots=True)
class InWords:
    """Puts findings of a report in ``form`` into words. ``labels``: the report's own statistics rows, by key."""

    form: Form | None
    en: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    def title(self, check: str) -> str:
        """What the check looks at."""
        entry = words()["checks"].get(check)
        return str(entry["title"][self.en]) if entry else check

    def sentence(self, finding: Finding) -> str:
        """What a failed check says, with both sides."""
        entry = words()["checks"].get(finding.check, {})
        variants = (f"fail.{finding.matched}", f"fail.{finding.subject}", "fail")
        template = next((entry[name][self.en] for name in variants if name in entry), None)
        if template is None:
            return f"{finding.check}: {finding.message}"
        left, right = finding.left, finding.right
        return str(template).format(
            subject=self.subject(finding),
            left=plain(left),
            right=plain(right),
            difference=_difference(left, right),
            where=self._where(finding),
            matched=finding.matched,
            count=len(finding.keys),
            rows=self.rows(finding.keys),
            cell=self.cell(finding.keys[0]) if finding.keys else "",
            fact=words()["facts"].get(finding.subject, [finding.subject] * 2)[self.en],
        )

    def _where(self, finding: Finding) -> str:
        """The section that a finding of the prose stands in, to be put before it; empty above the first."""
        if not finding.subject:
            return ""
        return f"{self.subject(finding)}{': ' if self.en else '：'}"

    def why_skipped(self, finding: Finding) -> str:
        """Why a check could not be assessed."""
        skipped = words()["skipped"]
        entry = words()["checks"].get(finding.check, {})
        return str(skipped.get(finding.matched, entry.get("skip", skipped["no_number"]))[self.en])

    def subject(self, finding: Finding) -> str:
        """The table and the column, row or route, or the section, that a finding is about."""
        subject = finding.subject
        if not subject:
            return self.table(finding.keys[0].split(".")[0]) if finding.keys else ""
        if subject in self.labels:
            return self.labels[subject]
        section = next((s for s in self.form.sections if s.key == subject), None) if self.form else None
        if section and not finding.keys:
            return (
                f"section {_number(section.number)} ({section.label_en})"
                if self.en
                else (f"第{section.number}部分“{section.labels[0]}”")
            )
        found = self._find(finding.keys[0]) if finding.keys else None
        if found is None:
            return subject
        row, cell = found
        table = self.table(row.table)
        if subject == row.table:
            return self.table(row.table, whole=True)
        gap = " " if not self.en else ", "
        if row.key == row.table:
            return f"{table}{gap}{_route(cell, en=self.en)}"
        if subject == row.key:
            return f"{table}{gap}{self.row(row)}" if self.en else f"{table} {self.row(row)} 行"
        label = cell.column_en if self.en else cell.column_labels[0]
        return f"{table}, column {label}" if self.en else f"{table} {label} 列"

    def table(self, key: str, *, whole: bool = False) -> str:
        """表二, or 表二（收到和处理政府信息公开申请情况）."""
        tables = self.form.tables if self.form else ()
        for position, table in enumerate(tables):
            if table.key == key:
                name = f"table {position + 1}" if self.en else f"表{_NUMERALS[position]}"
                title = f" ({table.title_en})" if self.en else f"（{table.title_zh}）"
                return name + title if whole else name
        if key.startswith("s_"):
            return "statistics table" if self.en else "统计表"
        return key

    def row(self, row: FormRow, *, with_group: bool = True) -> str:
        """A row as a person finds it: group, number and the first words of its label."""
        if self.en:
            return f"row {_short(row.label_en)}" if with_group else _short(row.label_en)
        label = f"{row.number}{_short(row.labels[0])}"
        group = row.group if row.group.startswith("（") else ""
        return f"“{group}{label}”" if with_group else label

    def terms(self, finding: Finding, numbers: Mapping[str, int | Decimal | None]) -> str:
        """The numbers that a failed sum adds up, zeros left out; empty where they are many or none."""
        identity = next((i for i in self.form.identities if i.id == finding.check), None) if self.form else None
        if identity is None or identity.previous or identity.op != "==" or identity.table == "statistics":
            return ""
        keys = finding.keys[: -len(identity.right)]
        stated = [(key, numbers.get(key)) for key in keys if numbers.get(key)]
        if not 1 < len(stated) <= _MOST_TERMS:
            return ""
        plus = " + " if self.en else "＋"
        told = plus.join(f"{self._term(key, finding)} {plain(number)}" for key, number in stated)
        return f"{told} = {plain(finding.left)}" if self.en else f"{told}＝{plain(finding.left)}"

    def cell(self, key: str) -> str:
        """A cell by row and column."""
        found = self._find(key)
        if found is None:
            return key
        row, cell = found
        column = cell.column_en if self.en else cell.column_labels[0]
        if row.key == row.table:
            return f"{_route(cell, en=self.en)}{': ' if self.en else '：'}{_result(column)}"
        return f"{self.row(row)} × {column}"

    def _term(self, key: str, finding: Finding) -> str:
        found = self._find(key)
        if found is None:
            return key
        row, cell = found
        if row.key in (row.table, finding.subject):
            return _result(cell.column_en) if self.en else cell.column_labels[0]
        return _short(row.label_en) if self.en else _short(row.labels[0])

    def rows(self, keys: Sequence[str]) -> str:
        """The rows that cells stand in, the first of them by name."""
        found = [pair for pair in (self._find(key) for key in keys) if pair]
        names = list(
            dict.fromkeys(self.row(row) if row.key != row.table else self.table(row.table) for row, _ in found)
        )
        more = (" and more" if self.en else "等") if len(names) > _MOST_ROWS else ""
        return ("; " if self.en else "、").join(names[:_MOST_ROWS]) + more

    def _find(self, key: str) -> tuple[FormRow, FormCell] | None:
        return _cells(self.form).get(key.removeprefix(_PREVIOUS)) if self.form else None


@cache
def _cells(form: Form) -> dict[str, tuple[FormRow, FormCell]]:
    return {cell.key: (row, cell) for row in form.rows() for cell in row.cells}


def _difference(left: int | Decimal | None, right: int | Decimal | None) -> str:
    if left is None or right is None:
        return ""
    return plain(max(left, right) - min(left, right))


def plain(number: int | Decimal | None) -> str:
    """A number as people write it: no exponent, no zeros behind.

    >>> plain(Decimal("26.50")), plain(None), plain(1200)
    ('26.5', '', '1200')
    """
    if isinstance(number, Decimal):
        return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
    return "" if number is None else str(number)


def _short(label: str) -> str:
    """The first words of a long label: what stands in brackets or after a comma is left out."""
    for mark in ("（", " ("):
        label = label.partition(mark)[0] or label
    return label.partition("、")[0] if len(label) > 16 and "、" in label else label


def _route(cell: FormCell, *, en: bool) -> str:
    if en:
        return cell.column_en.rpartition(": ")[0]
    route, _, way = cell.column_labels[-1].rpartition("：")[0].partition("：")
    return f"{route}（{way}）" if way else route


def _result(label: str) -> str:
    return label.rpartition(": ")[2]


def _number(numeral: str) -> int:
    return _NUMERALS.index(numeral) + 1 if numeral in _NUMERALS else 0
