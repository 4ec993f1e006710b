"""The columns of the panel: what is said of a report, and every cell of every form under its short name.

The words come from where they are kept anyway: of the cells from config/forms, of much else from config/datasette.yml.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from datasette.utils import parse_metadata

from extract.forms import Form, FormCell, FormRow, StatisticsRow, load_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONFIG = Path(__file__).resolve().parent.parent.parent / "config"
_ROW_CELLS = "disputes"  # a table of one line: its columns say all


@dataclass(frozen=True, slots=True)
class About:
    """A column that says something of a report as a whole; ``kind`` is its type, ``described`` where its words stand.

    ``described``: table.column of config/datasette.yml; where nothing is, ``zh`` and ``en`` are the words.
    """

    name: str
    kind: Literal["string", "integer", "number"]
    zh: str = ""
    en: str = ""
    described: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A cell of one or more forms as a column: ``name`` is short enough for Stata, ``key`` the one of every table.

    ``kind``: integer, signed, decimal or money, as in config/forms. ``forms``: ids of those that have it, oldest first.
    """

    name: str
    key: str
    label_zh: str
    label_en: str
    unit: str
    law: str
    kind: str
    forms: tuple[str, ...]
    column_zh: str
    column_en: str

    @property
    def type(self) -> Literal["integer", "number"]:
        """The type of its column: amounts of money have decimals, all else is counted."""
        return "number" if self.kind in ("decimal", "money") else "integer"


ABOUT = (
    About("row_id", "integer", "本表行号，从 1 起", "row of this file, from 1; the same in panel.csv and panel.dta"),
    About(
        "report_status",
        "string",
        "found 有报告，not_found 应有而未找到（不等于未公布）",
        "found: a report; not_found: one was expected and none found, which is not the same as not published",
    ),
    About("report_key", "string", described="reports.report_key"),
    About(
        "duplicate_of",
        "string",
        "同一机关同年另有报告时，其中首选一份的键（非辖区汇总者先，数字多者先）；只留空者，则一机关一年一行",
        "of several reports of an agency and year, the key of the one to keep: own figures before a territory's, then "
        "more numbers; rows without it are one an agency-year",
    ),
    About(
        "agency_key", "string", "机关的键，未能确认者为空", "key of the agency; empty while nobody knows which it is"
    ),
    About("agency_name", "string", "机关名称", "name of the agency"),
    About("agency_status", "string", "resolved 已确认，ambiguous 有歧义，unknown 不明", "whether the agency is known"),
    About("issuer_printed", "string", described="reports.issuer_printed"),
    About("site_id", "string", described="reports.site_id"),
    About("region_id", "string", "行政区划，本库自有编号", "administrative division, by this project's own stable id"),
    About("province", "string", "省级名称", "province"),
    About("prefecture", "string", "地级名称", "prefecture"),
    About("county", "string", "县级名称", "county"),
    About("township", "string", "乡级名称", "township"),
    About(
        "region_code", "string", "统计用区划代码，按该年度版本", "division code of the statistics bureau as of the year"
    ),
    About("region_code_edition", "integer", "区划代码取自哪一年版本", "edition that the division code is taken from"),
    About("level", "string", "机关层级", "level of the agency"),
    About("kind", "string", "机关类别", "kind of agency"),
    About("year", "integer", described="reports.year"),
    About("form", "string", described="readings.form"),
    About("scope", "string", described="reports.scope"),
    About("title", "string", described="reports.title"),
    About("published_on", "string", described="reports.published_on"),
    About("first_seen", "string", described="reports.first_seen"),
    About("last_seen", "string", described="reports.last_seen"),
    About("missed_at", "string", "在原址不再见到的时间（UTC）", "when it was missed at its address (UTC)"),
    About("checks_failed_error", "integer", "未通过的核对：应当相等者", "checks failed that must hold"),
    About("checks_failed_warn", "integer", "未通过的核对：需要说明者", "checks failed that need an explanation"),
    About("checks_failed_info", "integer", "未通过的核对：值得一看者", "checks failed that deserve a look"),
    About(
        "checks_failed_across",
        "integer",
        "与他年、他件、他级核对未通过",
        "checks failed across documents, years, levels",
    ),
    About("cells_number", "integer", "有数字的格数", "cells with a number, as read"),
    About("cells_blank", "integer", "空白的格数", "cells left blank"),
    About("cells_na_mark", "integer", "填“/”或不适用的格数", "cells with a mark for not applicable"),
    About("cells_unreadable", "integer", "难辨的格数", "cells that cannot be read"),
    About("cells_absent", "integer", "原件所无的格数", "cells that the document lacks"),
    About("cells_corrected", "integer", "经人审定更正的格数", "cells corrected by a reviewed decision"),
    About("confidence", "number", described="readings.confidence"),
    About("no_numbers_because", "string", "没有数字的原因", "why there are no numbers"),
    About("not_found_because", "string", "未找到的原因", "why no report was found"),
    About("expected_because", "string", "应当报告的依据", "on what basis a report was expected"),
    About("procurement_unit", "string", described="disclosure.procurement_unit"),
    About("sha256", "string", described="readings.sha256"),
    About("member", "string", described="readings.member"),
    About("url", "string", described="report_documents.url"),
    About("captured_at", "string", described="report_documents.first_seen"),
)


@cache
def variables() -> tuple[Variable, ...]:
    """Every cell of every form, those of the newest form first, each once."""
    known: dict[str, Variable] = {}
    for form in load_forms():
        for variable in _of_form(form):
            before = known.get(variable.key)
            forms = (form.id, *before.forms) if before else variable.forms
            known[variable.key] = _with_forms(before or variable, forms)
    return tuple(known.values())


def _of_form(form: Form) -> Iterator[Variable]:
    for row in form.rows():
        for cell in row.cells:
            yield _of_cell(form.id, row, cell)
    for statistic in form.statistics.rows if form.statistics else ():
        yield _of_statistic(form.id, statistic)


def _of_cell(form: str, row: FormRow, cell: FormCell) -> Variable:
    alone = row.table == _ROW_CELLS
    column_zh = cell.column_labels[1] if alone else cell.column_labels[0]
    return Variable(
        name=cell.code,
        key=cell.key,
        label_zh="" if alone else row.labels[0],
        label_en="" if alone else row.label_en,
        unit=cell.unit,
        law=row.law,
        kind=cell.kind,
        forms=(form,),
        column_zh=column_zh,
        column_en=cell.column_en,
    )


def _of_statistic(form: str, row: StatisticsRow) -> Variable:
    return Variable(
        name=row.code,
        key=row.key,
        label_zh=row.labels[0],
        label_en=row.label_en,
        unit=row.unit,
        law="",
        kind="decimal" if row.unit == "万元" else "integer",
        forms=(form,),
        column_zh="",
        column_en="",
    )


def _with_forms(variable: Variable, forms: tuple[str, ...]) -> Variable:
    values = {name: getattr(variable, name) for name in Variable.__slots__}
    return Variable(**{**values, "forms": forms})


def label(variable: Variable, language: str) -> str:
    """The whole label, as in the codebook: row, then column."""
    row, column = _parts(variable, language)
    return ("：" if language == "zh" else ": ").join(part for part in (row, column) if part)


def short_label(variable: Variable, language: str, limit: int = 80) -> str:
    """The label in at most ``limit`` characters: the column whole, of the row as much as there is room for."""
    whole = label(variable, language)
    if len(whole) <= limit:
        return whole
    row, column = _parts(variable, language)
    rest = ("：" if language == "zh" else ": ") + column if column else ""
    return row[: limit - len(rest) - 1].rstrip() + "…" + rest


def _parts(variable: Variable, language: str) -> tuple[str, str]:
    if language == "zh":
        return variable.label_zh, variable.column_zh
    return variable.label_en, variable.column_en


def words(about: About) -> tuple[str, str]:
    """What a column about the report means, in Chinese and in English."""
    if not about.described:
        return about.zh, about.en
    return described(about.described)


def described(name: str) -> tuple[str, str]:
    """The words of config/datasette.yml for ``table.column``, Chinese and English; the column's name if it has none."""
    table, column = name.split(".")
    told: Mapping[str, Mapping[str, Mapping[str, str]]] = _tables()
    text = told.get(table, {}).get("columns", {}).get(column, column)
    zh, _, en = text.partition(" / ")
    return zh, en or zh


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    told = parse_metadata((CONFIG / "datasette.yml").read_text("utf-8"))
    return dict(told["databases"]["archive"]["tables"])


def names(columns: Sequence[Variable] = ()) -> list[str]:
    """The header of the panel."""
    return [about.name for about in ABOUT] + [variable.name for variable in columns or variables()]
