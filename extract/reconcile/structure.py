"""Is the report whole: its six sections, its tables, what the template leaves behind, and the year it speaks of."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from extract.reconcile.prose import PREAMBLE, lines
from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.forms import Form, FormTable
    from extract.reconcile.prose import Line
    from extract.records import Cell, Report

_PROSE_SECTIONS = ("overview", "problems", "other")  # the others are tables, and need no word
_LEFT_EMPTY: dict[str, Literal["warn", "info"]] = {"unreadable": "info", "na_mark": "info", "blank": "warn"}
# What the official template and a county's copies of it print where the agency is to write.
_BRACKETED = (
    r"[（(【\[][^（()）】\]]{0,12}(?:文字描述|此处填写|请填写|填写单位|单位名称|机关名称|部门名称)"
    r"[^）)】\]]{0,24}[）)】\]]"
)
_CROSSES = r"(?:[XxＸ×✕*＊]{2,}|某某)(?:年|月|日|省|市|县|区|镇|乡|街道|局|单位|部门|条|件|次|人|篇|个)"
_NO_YEAR = r"20(?:[XxＸ×*＊_]{2}|\s{2,})年|_{2,}(?:年|月|日|条|件)"
_HOLLOW = r"[（(][\s_]*[）)]|[\[【][\s_]*[】\]]"
_TEMPLATE_LINE = re.compile(r".{0,24}(?:格式模板|年报模板|报告模板|（模板）|\(模板\)|（样本）|填报说明)$")
_LEFT_IN = re.compile(f"{_BRACKETED}|{_CROSSES}|{_NO_YEAR}")
_LEFT_IN_SECTION = re.compile(f"{_BRACKETED}|{_CROSSES}|{_NO_YEAR}|{_HOLLOW}")
_PERIOD = re.compile(
    r"统计.{0,6}?(?:期限|时间|周期|时段|范围)?.{0,12}?(20\d\d)\s*年\s*1\s*月\s*1\s*日.{0,6}?(?:(20\d\d)\s*年)?\s*12\s*月\s*31\s*日"
)
_BEGINS_WITH_YEAR = re.compile(r"(?:^|[。；;：:）)])\s*(20\d\d)\s*年(?:度|以来|全年)?\s*[，,、]")
_ANY_YEAR = re.compile(r"(20\d\d)\s*年")


def check_sections(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """S-SECTION: each of the six sections is there (else a warning), with prose where the form wants some."""
    if not form.sections or not report.sections:
        if form.sections:
            message = "没有找到任何一节的标题"
            yield Finding("S-SECTION", "not_assessable", (), message=message, severity="warn")
        return
    faulty = False
    for section in form.sections:
        name = f"{section.number}、{section.labels[0]}"
        if section.key not in report.sections:
            faulty = True
            yield Finding("S-SECTION", "fail", (), message=f"缺少“{name}”", subject=section.key, severity="warn")
        elif section.key in _PROSE_SECTIONS and not report.sections[section.key].strip():
            faulty = True
            message = f"“{name}”只有标题，没有文字"
            yield Finding(
                "S-SECTION", "fail", (), message=message, subject=section.key, severity="info", matched="empty"
            )
    if not faulty:
        yield Finding("S-SECTION", "pass", (), severity="warn")


def check_tables(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """S-TABLE: each table is there, whole, in this form. S-BLANK: it was filled in. S-CELLS: cells without a number."""
    if not report.cells:
        return
    states: dict[str, Counter[str]] = {
        table.key: Counter(cell.state for cell in _cells(table, report)) for table in form.tables
    }
    if all(_is_blank(count) for count in states.values()):
        keys = tuple(_cells(table, report)[0].key for table in form.tables)
        yield Finding("S-BLANK", "fail", keys, message="各表全部空白：这是没有填写的模板")
        return
    for table in form.tables:
        yield from _table(table, _cells(table, report), states[table.key])


def _table(table: FormTable, cells: list[Cell], count: Counter[str]) -> Iterator[Finding]:
    yield _presence(table, cells, count)
    if _is_blank(count):
        message = f"“{table.title_zh}”整张空白；没有发生的应填 0"
        yield Finding("S-BLANK", "fail", (cells[0].key,), message=message, subject=table.key, severity="warn")
        return
    if count["absent"] < sum(count.values()):
        yield Finding("S-BLANK", "pass", (cells[0].key,), subject=table.key, severity="warn")
    for state, severity in _LEFT_EMPTY.items():
        if keys := tuple(cell.key for cell in cells if cell.state == state):
            message = f"“{table.title_zh}”有 {len(keys)} 格没有数字（{state}）"
            yield Finding("S-CELLS", "fail", keys, len(keys), None, message, "", table.key, severity, matched=state)
    printed = {cell.key for cell in cells}
    for row in table.rows:
        if len(row.instead_of) > 1 and row.cells[0].key in printed:
            message = f"“{row.labels[0]}”只印了一行，应分 {len(row.instead_of)} 行"
            keys = (row.cells[0].key,)
            yield Finding("S-ROWS", "fail", keys, 1, len(row.instead_of), message, "", row.key, "warn")


def _cells(table: FormTable, report: Report) -> list[Cell]:
    return [report.cells[cell.key] for row in table.rows for cell in row.cells if cell.key in report.cells]


def _is_blank(count: Counter[str]) -> bool:
    return bool(count["blank"]) and not count["number"] and not count["na_mark"] and not count["unreadable"]


def _presence(table: FormTable, cells: list[Cell], count: Counter[str]) -> Finding:
    absent = tuple(cell.key for cell in cells if cell.state == "absent")
    if not cells or len(absent) == len(cells):
        keys = absent or (table.rows[0].cells[0].key,)
        message = f"没有读到“{table.title_zh}”表"
        return Finding("S-TABLE", "fail", keys, message=message, subject=table.key)
    if absent:
        message = f"“{table.title_zh}”表缺 {count['absent']} 格"
        return Finding(
            "S-TABLE", "fail", absent, len(absent), message=message, subject=table.key, severity="warn", matched="part"
        )
    return Finding("S-TABLE", "pass", (cells[0].key,), subject=table.key)


def check_template(report: Report, _form: Form, text: str) -> Iterator[Finding]:
    """S-TEMPLATE: words of the template that were to be replaced, one finding for each line that has some."""
    found = False
    for line in lines(report, text):
        match = (_LEFT_IN_SECTION if line.section else _LEFT_IN).search(line.text)
        match = match or (_TEMPLATE_LINE.match(line.text) if line.section == PREAMBLE else None)
        if match:
            found = True
            left = match[0].strip()
            span = line.span(match.start(), match.end())
            yield Finding(
                "S-TEMPLATE",
                "fail",
                (),
                message=f"模板文字没有改掉：“{left}”",
                subject=line.section,
                severity="warn",
                matched=left,
                sentence=line.sentence(match.start()),
                span=span,
            )
    if not found and (report.sections or text.strip()):
        yield Finding("S-TEMPLATE", "pass", (), severity="warn")


def check_year(report: Report, _form: Form, text: str) -> Iterator[Finding]:
    """N-YEAR: the statistics period, and the year with which the prose of the first section begins its sentences."""
    if report.year is None:
        yield Finding("N-YEAR", "not_assessable", (), message="没有读到报告年度", severity="warn")
        return
    printed = list(lines(report, text))
    findings = [*_periods(printed, report.year), *_years_of_prose(printed, report.year)]
    if not any(finding.subject == "period" for finding in findings) and "period" in report.year_sources:
        stated = report.year_sources["period"]
        findings.append(_year("period", stated, report.year, None))
    yield from findings


def _periods(printed: list[Line], year: int) -> Iterator[Finding]:
    for line in printed:
        for match in _PERIOD.finditer(line.text):
            stated = next((int(y) for y in match.groups() if y and int(y) != year), year)
            yield _year("period", stated, year, line, match)


def _years_of_prose(printed: list[Line], year: int) -> Iterator[Finding]:
    """Only where the first section names other years alone: a year beside the report's may be a comparison."""
    overview = [line for line in printed if line.section == "overview"]
    named = {int(stated) for line in overview for stated in _ANY_YEAR.findall(line.text)}
    begins = [(line, match) for line in overview for match in _BEGINS_WITH_YEAR.finditer(line.text)]
    if year in named:
        yield Finding("N-YEAR", "pass", (), year, year, subject="prose", severity="warn")
    elif begins:
        line, match = begins[0]
        yield _year("prose", int(match[1]), year, line, match)


def _year(what: str, stated: int, year: int, line: Line | None, match: re.Match[str] | None = None) -> Finding:
    verdict = "pass" if stated == year else "fail"
    name = "统计期限" if what == "period" else "正文"
    at = match.start(1) if match else 0
    return Finding(
        "N-YEAR",
        "pass" if verdict == "pass" else "fail",
        (),
        stated,
        year,
        "" if stated == year else f"{name}写的是 {stated} 年，报告年度是 {year} 年",
        subject=what,
        severity="warn",
        sentence=line.sentence(at) if line else "",
        span=line.span(match.start(1), match.end()) if line and match else None,
    )


def check_form(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """S-FORM: a report for 2021 or later uses the form in force since 2021; not said where the year is not printed."""
    if report.year is None or not report.cells or form.id not in ("2019", "2021"):
        return
    old = form.id == "2019" and report.year >= _FORM_OF_2021
    message = f"{report.year} 年的报告用了 2019 年的旧格式" if old else ""
    yield Finding("S-FORM", "fail" if old else "pass", (), int(form.id), report.year, message, severity="warn")


_FORM_OF_2021 = 2021
