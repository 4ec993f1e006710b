"""Tables that lost their separators: what the sums determine is read, the rest is unreadable, nothing is made up."""

import random
from dataclasses import replace

import pytest

from extract.decode.text import decode_plain
from extract.forms import load_form, load_forms
from extract.interpret import interpret
from extract.interpret.splits import narrowed, ways_of_groups, ways_to_sum
from extract.records import PageBox, Paragraph
from sample.numbers import APPLICANTS
from tests.documents import FORM, TITLE

FORMS = load_forms()
ROUTES = ("review", "lit_direct", "lit_after_review")
RESULTS = ("upheld", "corrected", "other", "pending")


def consistent(seed):
    """Numbers of which all printed sums hold."""
    choose = random.Random(seed)
    busy = choose.choice((3, 20, 150, 1000))
    rows = [row.key for row in FORM.table("requests").rows if not row.instead_of]
    outcomes = [key for key in rows if key not in ("received_new", "carried_in", "outcome_total", "carried_out")]
    table = {key: dict.fromkeys(APPLICANTS, 0) for key in rows}
    for column in APPLICANTS:
        share = 1 if column == "natural_person" else choose.choice((0, 0, 0.02, 0.2))
        total = int(busy * share * choose.random())
        for _ in range(total):
            table[choose.choice([*outcomes, "granted", "granted"])][column] += 1
        carried_in = choose.randint(0, total // 10)
        table["outcome_total"][column], table["carried_in"][column] = total, carried_in
        table["received_new"][column] = total - carried_in
    values = {f"requests.{row}.{column}": n for row, numbers in table.items() for column, n in numbers.items()}
    values |= {f"requests.{row}.total": sum(numbers.values()) for row, numbers in table.items()}
    for route in ROUTES:
        results = [choose.randint(0, busy // 5) for _ in RESULTS]
        values |= {f"disputes.{route}_{name}": n for name, n in zip(RESULTS, results, strict=True)}
        values[f"disputes.{route}_total"] = sum(results)
    return values | {cell.key: choose.randint(0, busy) for row in FORM.table("disclosure").rows for cell in row.cells}


def flattened(values, between="", form=FORM):
    """The three tables as a page's text has them that lost its cells."""
    text = f"{TITLE}\n二、主动公开政府信息情况"
    for row in form.rows():
        if row.instead_of:
            continue
        if row.key == "rules":
            text += "信息内容" + "".join(cell.column_labels[0] for cell in row.cells)
        if row.key == "received_new":
            text += "三、收到和处理政府信息公开申请情况申请人情况自然人法人或其他组织总计商业企业科研机构社会公益组织法律服务机构其他"
        text += (
            "行政复议行政诉讼" + "结果维持结果纠正其他结果尚未审结总计" * 3
            if row.table == "disputes"
            else row.number + row.labels[0]
        )
        text += between + between.join(str(values[cell.key]) for cell in row.cells) + between
    return text + "五、存在的主要问题及改进情况"


def read(text):
    return interpret(decode_plain(text.encode()), FORMS)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("misprints", [0, 2])
def test_what_is_read_is_as_printed_also_where_sums_are_printed_wrong(seed, misprints):
    values = consistent(seed)
    choose = random.Random(seed)
    for key in choose.sample([key for key in values if not key.startswith("disclosure")], misprints):
        values[key] += choose.choice((1, 2, 10))
    text = flattened(values)
    cells = read(text).cells
    told = {key: cell for key, cell in cells.items() if cell.state == "number"}
    assert {key: cell.value for key, cell in told.items()} == {key: values[key] for key in told}
    assert len(told) > 100
    assert all(text[cell.place.start : cell.place.end] == cell.raw for cell in told.values())
    assert all(cell.reason for cell in cells.values() if cell.state == "unreadable")


def test_every_row_that_its_own_sum_determines_is_read():
    values = consistent(7)
    cells = read(flattened(values)).cells
    for row in FORM.table("requests").rows:
        numbers = [values.get(cell.key) for cell in row.cells]
        if not row.instead_of and len(ways_to_sum("".join(map(str, numbers)), 7)) == 1:
            assert [cells[cell.key].value for cell in row.cells] == numbers
            assert all(cells[cell.key].confidence >= 0.8 for cell in row.cells)


@pytest.mark.parametrize("between", [" ", "\n", "\t", "\u3000"])
def test_cells_that_white_space_parts_are_read_as_they_stand(between):
    values = {key: 1000 + n for n, key in enumerate(consistent(1))}
    cells = read(flattened(values, between)).cells
    assert {key: cell.value for key, cell in cells.items()} == values


def test_a_row_without_a_sum_is_read_only_where_nothing_else_fits():
    values = consistent(3) | {f"disclosure.rules_{what}": 0 for what in ("issued", "repealed", "in_force")}
    values |= {
        "disclosure.normdocs_issued": 58,
        "disclosure.normdocs_repealed": 45,
        "disclosure.normdocs_in_force": 546,
    }
    cells = read(flattened(values)).cells
    assert [cells[f"disclosure.rules_{what}"].value for what in ("issued", "repealed", "in_force")] == [0, 0, 0]
    lost = cells["disclosure.normdocs_repealed"]
    assert (lost.state, lost.value, lost.raw) == ("unreadable", None, "5845546")
    assert "no sum tells them apart" in lost.reason


def test_a_cell_that_is_missing_is_not_made_up():
    values = consistent(5)
    values["requests.granted.enterprise"] = ""
    cells = read(flattened(values)).cells
    told = [cells[cell.key].value for cell in FORM.table("requests").rows[2].cells]
    assert told in ([None] * 7, [values[f"requests.granted.{c}"] or None for c in (*APPLICANTS, "total")])


def test_sums_printed_wrong_say_nothing_about_how_digits_part():
    rows = {"a": ((1, 2), (12, 0)), "b": ((3, 4),), "sum": ((50, 60),)}
    assert narrowed(rows, [(["a", "b"], ["sum"])]) == rows
    assert narrowed({**rows, "sum": ((4, 6),)}, [(["a", "b"], ["sum"])])["a"] == ((1, 2),)


def test_the_form_of_2019_keeps_its_own_keys_and_amounts_stay_unread():
    old = load_form("2019")
    values = consistent(2)
    values |= {cell.key: 0 for row in old.rows() for cell in row.cells if cell.key not in values}
    values["disclosure.procurement_projects"], values["disclosure.procurement_amount"] = 13, "575394432.52元"
    report = read(flattened(values, form=old))
    assert report.form == "2019"
    assert report.cells["disclosure.rules_published_stock"].value == 0
    amount = report.cells["disclosure.procurement_amount"]
    assert (amount.state, amount.raw) == ("unreadable", "13575394432.52元")


def test_prose_about_the_tables_is_no_table():
    text = f"{TITLE}\n一、总体情况\n本年制发件数3件，现行有效件数12件。行政许可120件，行政处罚3件。予以公开3件，部分公开2件，总计5件。"
    assert read(text).cells == {}


def test_too_many_ways_are_no_way():
    assert ways_to_sum("1" * 60, 7) == ()
    assert ways_of_groups("1" * 38, 3, 5) == () or len(ways_of_groups("1" * 38, 3, 5)) <= 5000


def test_statistics_that_ran_together_keep_their_rows():
    text = (
        "白石镇2014年度政府信息公开工作年度报告\n政府信息公开情况统计表指标名称计量单位2014年度历年累计主动公开文件数条254378967"
        "其中：1.政府网站公开数条2543789672.政府公报公开数条00行政复议数件00"
    )
    report = read(text)
    assert (report.form, report.year) == ("2008", 2014)
    assert [(row.label, row.value, row.cumulative) for row in report.statistics] == [
        ("主动公开文件数", None, None),
        ("其中：1.政府网站公开数", None, None),
        ("2.政府公报公开数", 0, 0),
        ("行政复议数", 0, 0),
    ]
    assert report.statistics[0].year.raw == "254378967"


def test_lines_of_a_page_are_not_taken_for_such_text():
    document = decode_plain(flattened(consistent(1), " ").encode())
    assert interpret(document, FORMS).cells
    placed = (Paragraph(document.text, PageBox(1, (0, 0, 9, 9))),)
    assert not interpret(replace(document, blocks=placed), FORMS).cells
