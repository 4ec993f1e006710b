"""Forms are told by what is printed, and each keeps its own keys: 2021, 2019, mixed prints, the older statistics."""

from decimal import Decimal

import pytest

from extract.forms import load_form, load_forms
from extract.interpret import interpret
from extract.records import Document, GridPlace, Paragraph, Table, TableCell
from tests.documents import Printed, numbers

FORMS = load_forms()
OLD = load_form("2019")


def read(document):
    return interpret(document, FORMS)


def stated(report):
    return {key: cell.value for key, cell in report.cells.items() if cell.state == "number"}


def old(**changed):
    return Printed(values=numbers(OLD) | {f"disclosure.{key}": text for key, text in changed.items()}, form=OLD)


def table(*rows):
    cells = (tuple(TableCell(text, GridPlace(0, r, c), c) for c, text in enumerate(row)) for r, row in enumerate(rows))
    blocks = (Paragraph("云溪县白石镇人民政府2016年政府信息公开工作年度报告"), Table(tuple(cells)))
    return Document("text/html", blocks, blocks[0].text)


def test_the_form_of_2019_is_read_under_its_own_keys():
    printed = old()
    report = read(printed.document())
    assert report.form == "2019"
    assert stated(report) == printed.values
    assert len(report.cells) == 22 + 23 * 7 + 15


def test_a_report_of_2023_in_the_form_of_2019_is_told_by_its_labels():
    report = read(old().document("云溪县白石镇人民政府2023年政府信息公开工作年度报告"))
    assert (report.year, report.form) == (2023, "2019")


def test_both_headings_cut_to_the_same_words_are_told_by_their_order():
    printed = old()
    for labels, _ in printed.rows:
        if "本年新制作数量" in labels:
            labels[1] = labels[2] = "本年新"
    assert stated(read(printed.document())) == printed.values


def test_changes_have_signs_and_procurement_has_its_unit():
    printed = old(
        licensing_items_change="-11",
        penalty_items_change="+1036",
        coercion_items_change="减3",
        procurement_amount="251000元",
    )
    cells = read(printed.document()).cells
    changes = [cells[f"disclosure.{row}_items_change"].value for row in ("licensing", "penalty", "coercion")]
    assert changes == [-11, 1036, -3]
    amount = cells["disclosure.procurement_amount"]
    assert (amount.value, amount.unit) == (Decimal(251000), "元")


def test_the_unit_of_procurement_may_stand_in_its_heading_or_nowhere():
    in_heading = old(procurement_amount="25.1")
    for labels, _ in in_heading.rows:
        labels[:] = [label.replace("采购总金额", "采购总金额（万元）") for label in labels]
    cell = read(in_heading.document()).cells["disclosure.procurement_amount"]
    assert (cell.value, cell.unit) == (Decimal("25.1"), "万元")
    cell = read(old(procurement_amount="25.1").document()).cells["disclosure.procurement_amount"]
    assert (cell.value, cell.unit, cell.reason) == (Decimal("25.1"), "", "no unit is printed")


def test_an_increase_and_a_decrease_in_one_cell_are_not_added_up():
    cell = read(old(licensing_items_change="+5/-3").document()).cells["disclosure.licensing_items_change"]
    assert (cell.state, cell.value) == ("unreadable", None)


def test_table_1_of_2021_with_the_single_row_of_2019_keeps_both_keys():
    printed = Printed(values=numbers() | numbers(OLD))
    at = printed.find("申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")
    columns = [cell.key for row in OLD.rows() if row.key == "other_all" for cell in row.cells]
    single = [printed.text(key) for key in columns]
    printed.rows[at : at + 3] = [(["三、本年度办理结果", "（六）其他处理"], single)]
    report = read(printed.document())
    assert report.form == "2021"
    assert [report.cells[key].value for key in columns] == [printed.values[key] for key in columns]
    assert not any(".other_other." in key or ".other_fee_unpaid." in key for key in report.cells)
    assert "disclosure.rules_issued" in report.cells


def test_table_1_of_2019_with_the_three_rows_of_2021_keeps_both_keys():
    printed = old()
    new = Printed()
    at = printed.find("其他处理")
    first = new.find("申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")
    printed.rows[at : at + 1] = new.rows[first : first + 3]
    report = read(printed.document())
    assert report.form == "2019"
    assert not any(".other_all." in key for key in report.cells)
    assert [
        report.cells[f"requests.{row}.total"].value
        for row in ("other_no_correction", "other_fee_unpaid", "other_other")
    ] == [new.values[f"requests.{row}.total"] for row in ("other_no_correction", "other_fee_unpaid", "other_other")]


def test_without_table_1_the_single_row_tells_the_form_of_2019():
    printed = old()
    printed.rows = printed.rows[printed.find("本年新收政府信息公开申请数量") - 2 :]
    report = read(printed.document())
    assert report.form == "2019"
    assert report.cells["disclosure.rules_made"].state == "absent"


NATIONAL = ("统计指标", "单位", "统计数")
LOCAL = ("指标名称", "计量单位", "2016年度", "历年累计")


def test_the_national_statistics_have_the_form_s_keys():
    rows = (
        ("一、主动公开情况", "", ""),
        ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "1,204"),
        ("其中：主动公开规范性文件数", "条", "9"),
        ("（二）制发规范性文件总数", "件", "0"),
        ("四、依申请公开信息收取的费用", "万元", "0.35"),
        ("政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）", "万元", ""),
    )
    report = read(table(NATIONAL, *rows))
    assert report.form == "2014"
    assert [(row.key, row.value, row.cumulative) for row in report.statistics] == [
        ("s_proactive_total", 1204, None),
        ("s_proactive_normdocs", 9, None),
        ("s_normdocs_made", 0, None),
        ("s_fees_wan", Decimal("0.35"), None),
        ("s_org_budget_wan", None, None),
    ]
    assert report.statistics[-1].year.state == "blank"


def test_local_rows_keep_their_printed_label_and_the_cumulative_figure_stays_apart():
    rows = (
        ("主动公开信息数", "条", "2069", "12106"),
        ("咨询电话接听数", "次", "/", "31"),
        ("行政申诉数", "件", "0", ""),
    )
    report = read(table(LOCAL, *rows))
    assert report.form == "2008"
    assert [(row.label, row.value, row.cumulative) for row in report.statistics] == [
        ("主动公开信息数", 2069, 12106),
        ("咨询电话接听数", None, 31),
        ("行政申诉数", 0, None),
    ]
    assert {row.key[:2] for row in report.statistics} == {"x_"}
    assert report.statistics[0].total.place == GridPlace(0, 1, 3)


def test_codes_are_no_figures_and_two_sets_may_stand_side_by_side():
    coded = table(
        ("指标名称", "计量单位", "代码", "本期实际", "本年累计"),
        *((f"指标{c}", "条", f"0{i}", str(i + 7), "90") for i, c in enumerate("甲乙丙")),
    )
    assert [(row.value, row.cumulative) for row in read(coded).statistics] == [(7, 90), (8, 90), (9, 90)]
    beside = table(("指标", "数量", "指标", "数量"), ("甲数", "1", "乙数", "2"), ("丙数", "3", "丁数", "4"))
    assert [(row.label, row.value) for row in read(beside).statistics] == [
        ("甲数", 1),
        ("乙数", 2),
        ("丙数", 3),
        ("丁数", 4),
    ]


@pytest.mark.parametrize("heading", [("项目", "说明"), ("姓名", "电话", "职务")])
def test_another_table_is_no_statistics(heading):
    report = read(table(heading, *(("张三", "12", "科员")[: len(heading)] for _ in range(5))))
    assert (report.form, report.statistics) == (None, ())


def test_a_report_of_prose_only_has_no_form_and_says_so():
    blocks = (
        Paragraph("云溪县白石镇人民政府2017年政府信息公开工作年度报告"),
        Paragraph("一、总体情况"),
        Paragraph("全年主动公开政府信息220条。"),
        Paragraph("五、存在的主要问题及改进情况"),
    )
    report = read(Document("text/html", blocks, "\n".join(block.text for block in blocks)))
    assert (report.kind, report.form, report.reason) == ("report", None, "no statutory table in this document")
