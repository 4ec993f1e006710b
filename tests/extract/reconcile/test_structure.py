"""Whole or not: sections, tables, what the template leaves behind, the year."""

from dataclasses import replace

import pytest

from extract.forms import load_form
from extract.reconcile import reconcile
from extract.records import Report
from tests.documents import FORM
from tests.extract.reconcile.test_identities import balanced, report_of

SECTIONS = {section.key: "一段文字。" for section in FORM.sections}


def report(values=None, **changes):
    return replace(report_of(values or balanced()), **({"sections": SECTIONS, "year": 2023} | changes))


def text_of(one, before="云溪县白石镇人民政府2023年政府信息公开工作年度报告"):
    return "\n".join([before, *one.sections.values()])


def found(one, check, text=None):
    return [f for f in reconcile(one, FORM, text_of(one) if text is None else text) if f.check == check]


def test_six_sections_with_prose_pass():
    (finding,) = found(report(), "S-SECTION")
    assert finding.verdict == "pass"


def test_a_missing_section_is_named_and_an_empty_one_is_worth_a_look():
    sections = {key: text for key, text in SECTIONS.items() if key != "problems"} | {"overview": " ", "requests": ""}
    fails = found(report(sections=sections), "S-SECTION")
    assert {(f.subject, f.severity, f.matched) for f in fails} == {
        ("problems", "warn", ""),
        ("overview", "info", "empty"),
    }
    assert "五、存在的主要问题" in next(f.message for f in fails if f.subject == "problems")
    (untold,) = found(report(sections={}), "S-SECTION")
    assert untold.verdict == "not_assessable"


def test_tables_that_are_there_pass():
    assert [(f.verdict, f.subject) for f in found(report(), "S-TABLE")] == [
        ("pass", table.key) for table in FORM.tables
    ]
    assert {f.verdict for f in found(report(), "S-BLANK")} == {"pass"}
    assert found(report(), "S-CELLS") == []


def without(one, begins):
    cells = {
        key: replace(cell, state="absent", value=None, raw="", place=None) if key.startswith(begins) else cell
        for key, cell in one.cells.items()
    }
    return replace(one, cells=cells)


def test_a_table_that_is_missing_is_an_error_and_missing_rows_a_warning():
    (fails,) = [f for f in found(without(report(), "disputes."), "S-TABLE") if f.verdict == "fail"]
    assert (fails.subject, fails.severity) == ("disputes", "error")
    (part,) = [f for f in found(without(report(), "requests.granted."), "S-TABLE") if f.verdict == "fail"]
    assert (part.subject, part.severity, part.matched, len(part.keys)) == ("requests", "warn", "part", 7)


def blank(begins):
    return {key: "" if key.startswith(begins) else 0 for key in balanced()}


def test_a_blank_table_is_a_warning_and_a_blank_report_the_template():
    (fails,) = [f for f in found(report(blank("requests.")), "S-BLANK") if f.verdict == "fail"]
    assert (fails.subject, fails.severity) == ("requests", "warn")
    (template,) = found(report(blank(("disclosure.", "requests.", "disputes."))), "S-BLANK")
    assert (template.verdict, template.severity, template.subject) == ("fail", "error", "")


def test_cells_without_a_number_are_counted_by_what_stands_there():
    values = balanced() | {
        "disclosure.rules_issued": "/",
        "disclosure.rules_repealed": "",
        "requests.granted.total": "x",
    }
    cells = {(f.subject, f.matched): (len(f.keys), f.severity) for f in found(report(values), "S-CELLS")}
    assert cells == {
        ("disclosure", "na_mark"): (1, "info"),
        ("disclosure", "blank"): (1, "warn"),
        ("requests", "unreadable"): (1, "info"),
    }


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("（文字描述，收取信息处理费情况在此处报告。）", "（文字描述，收取信息处理费情况在此处报告。）"),
        ("××镇高度重视政务公开。", "××镇"),
        ("全年公开信息XX条。", "XX条"),
        ("20XX年，我镇认真落实条例。", "20XX年"),
        ("我镇（单位名称）认真落实条例。", "（单位名称）"),
        ("全年公开信息（ ）条。", "（ ）"),
        ("某某局认真落实条例。", "某某局"),
    ],
)
def test_what_the_template_leaves_behind_is_found_with_its_place(line, left):
    one = report(sections=SECTIONS | {"overview": f"开头一段。\n{line}"})
    text = text_of(one)
    (fails,) = found(one, "S-TEMPLATE", text)
    assert (fails.verdict, fails.severity, fails.matched, fails.subject) == ("fail", "warn", left, "overview")
    assert text[fails.span.start : fails.span.end] == left
    assert left.strip("。）") in fails.sentence


@pytest.mark.parametrize(
    "line",
    [
        "群众可以填写申请表提出申请。",
        "统一了公开目录模板。",
        "二〇二三年，我镇公开信息12条。",
        "联系电话：0517-8722××××。",
        "（一）主动公开。",
    ],
)
def test_words_of_a_sound_report_are_no_template(line):
    (finding,) = found(report(sections=SECTIONS | {"overview": line}), "S-TEMPLATE")
    assert finding.verdict == "pass"


def test_the_template_s_own_title_is_told():
    one = report(sections=SECTIONS)
    fails = found(one, "S-TEMPLATE", text_of(one, "政府信息公开工作年度报告格式模板"))
    assert [(f.verdict, f.subject) for f in fails] == [("fail", "")]


PERIOD = "本报告所列数据统计期限自{}年1月1日起至{}年12月31日止。"


@pytest.mark.parametrize(
    ("years", "verdict", "stated"),
    [((2023, 2023), "pass", 2023), ((2022, 2022), "fail", 2022), ((2022, 2023), "fail", 2022)],
)
def test_the_statistics_period_is_the_report_s_year(years, verdict, stated):
    one = report()
    line = PERIOD.format(*years)
    text = text_of(one, f"云溪县白石镇2023年报告\n{line}")
    (finding,) = found(one, "N-YEAR", text)
    assert (finding.verdict, finding.left, finding.right, finding.subject) == (verdict, stated, 2023, "period")
    assert finding.sentence == line
    assert str(stated) in text[finding.span.start : finding.span.end]


@pytest.mark.parametrize(
    ("overview", "verdicts"),
    [
        ("2023年，我镇公开信息12条。", ["pass"]),
        ("2022年，我镇公开信息12条。", ["fail"]),
        ("2023年，我镇公开信息12条。2022年，公开10条。", ["pass"]),
        ("我镇公开信息12条，比2022年多2条。", []),
    ],
)
def test_the_prose_speaks_of_the_report_s_year(overview, verdicts):
    fails = found(report(sections=SECTIONS | {"overview": overview}), "N-YEAR")
    assert [f.verdict for f in fails] == verdicts
    assert all(f.subject == "prose" and f.severity == "warn" for f in fails)


def test_a_year_that_was_read_elsewhere_counts_and_without_a_year_nothing_is_judged():
    (fails,) = found(report(year_sources={"period": 2021}), "N-YEAR")
    assert (fails.verdict, fails.left) == ("fail", 2021)
    (untold,) = found(report(year=None), "N-YEAR")
    assert untold.verdict == "not_assessable"


def test_the_old_form_for_a_new_year_is_told():
    old = replace(load_form("2019"), tables=FORM.tables, sections=FORM.sections, identities=())
    (fails,) = [f for f in reconcile(report(form="2019"), old) if f.check == "S-FORM"]
    assert (fails.verdict, fails.left, fails.right) == ("fail", 2019, 2023)
    assert [f.verdict for f in found(report(), "S-FORM")] == ["pass"]
    assert found(report(year=None), "S-FORM") == []


def test_one_row_for_three_is_told():
    one = report()
    three = ("requests.other_no", "requests.other_fee", "requests.other_other")
    cells = {key: cell for key, cell in one.cells.items() if not key.startswith(three)}
    for column in ("natural_person", "total"):
        key = f"requests.other_all.{column}"
        cells[key] = replace(one.cells[f"requests.granted.{column}"], key=key)
    (fails,) = found(replace(one, cells=cells), "S-ROWS")
    assert (fails.subject, fails.severity, fails.right) == ("other_all", "warn", 3)
    assert found(one, "S-ROWS") == []


def test_nothing_is_said_of_a_report_without_cells():
    empty = Report("report", year=2023)
    assert {f.check for f in reconcile(empty, FORM)} <= {"S-SECTION", "S-TEMPLATE", "N-YEAR", "N-SUM"}
