"""Rows are told by their labels and their order, whatever pages, printers and typists did to them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.forms import load_forms
from extract.interpret import interpret
from tests.documents import FORM, PRINTED, Printed

FORMS = load_forms()


def read(printed):
    return interpret(printed.document(), FORMS).cells


def stated(cells):
    return {key: cell.value for key, cell in cells.items() if cell.state == "number"}


def test_every_cell_of_a_whole_report_is_read_with_its_place():
    printed = Printed()
    cells = read(printed)
    assert stated(cells) == printed.values
    assert all(cell.place is not None and cell.confidence == 1.0 for cell in cells.values())


def test_rows_left_out_are_absent_and_shift_nothing():
    printed = Printed()
    for label in ("属于国家秘密", "重复申请", "行政处罚"):
        del printed.rows[printed.find(label)]
    cells = read(printed)
    gone = {
        k
        for k in printed.values
        if ".denied_state_secret." in k or ".rejected_repeat." in k or k.endswith("penalty_decisions")
    }
    assert {key for key, cell in cells.items() if cell.state == "absent"} == gone
    assert stated(cells) == {k: v for k, v in printed.values.items() if k not in gone}


def test_local_rows_between_the_statutory_ones_are_passed_over():
    printed = Printed()
    printed.rows.insert(
        printed.find("部分公开（区分处理的，只计这一情形，不计其他情形）"), (["本地统计：网上受理数"], ["7"] * 7)
    )
    assert stated(read(printed)) == printed.values


def test_numbering_may_be_missing():
    printed = Printed()
    printed.rows = [
        ([label.lstrip("（）一二三四五六七、.12345678 ") for label in labels], v) for labels, v in printed.rows
    ]
    assert stated(read(printed)) == printed.values


def test_a_label_cut_by_a_page_end_is_joined():
    printed = Printed()
    index = printed.find("申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")
    labels, values = printed.rows[index]
    printed.rows[index : index + 1] = [
        ([labels[0], labels[1][:-6]], values),
        ([labels[1][-6:]], [""] * 7),
    ]
    assert stated(read(printed)) == printed.values


def test_a_row_whose_numbers_stand_below_the_page_end_is_joined():
    printed = Printed()
    index = printed.find("要求行政机关确认或重新出具已获取信息")
    labels, values = printed.rows[index]
    printed.rows[index : index + 1] = [([labels[0], labels[1][:10]], [""] * 7), ([labels[1][10:]], values)]
    assert stated(read(printed)) == printed.values


def test_repeated_headers_state_nothing():
    printed = Printed()
    printed.rows.insert(printed.find("重复申请"), (["", "", ""], printed.header))
    assert stated(read(printed)) == printed.values


def test_blank_mark_and_zero_stay_three_facts():
    printed = Printed()
    printed.values |= {
        "requests.granted.research": "",
        "requests.granted.social_org": "/",
        "requests.granted.total": "0",
    }
    cells = read(Printed(printed.values))
    assert [cells[f"requests.granted.{c}"].state for c in ("research", "social_org", "total")] == [
        "blank",
        "na_mark",
        "number",
    ]
    assert cells["requests.granted.research"].value is None
    assert cells["requests.granted.total"].value == 0


def test_a_single_row_for_other_outcomes_takes_the_place_of_three():
    printed = Printed()
    first = printed.find("申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")
    printed.rows[first : first + 3] = [(["三、本年度办理结果", "（六）其他处理"], [str(n) for n in range(7)])]
    cells = read(printed)
    assert cells["requests.other_all.total"].value == 6
    assert not any(key.startswith("requests.other_no_correction") for key in cells)


def test_the_three_rows_leave_no_single_row_behind():
    assert not any("other_all" in key for key in read(Printed()))


def test_a_blank_form_has_no_number():
    cells = read(Printed(dict.fromkeys(Printed().values, "")))
    assert len(cells) == 200
    assert {cell.state for cell in cells.values()} == {"blank"}


def test_total_printed_first_is_followed():
    order = [6, 0, 1, 2, 3, 4, 5]
    plain = Printed()
    printed = Printed(header=[plain.header[i] for i in order])
    printed.rows = [
        (labels, [v[i] for i in order] if len(v) == 7 and v != printed.header else v) for labels, v in printed.rows
    ]
    assert stated(read(printed)) == plain.values


def test_a_column_left_out_is_absent():
    plain = Printed()
    printed = Printed(header=[h for i, h in enumerate(plain.header) if i != 2])
    printed.rows = [(labels, v[:2] + v[3:] if len(v) == 7 else v) for labels, v in printed.rows]
    cells = read(printed)
    assert {key for key, cell in cells.items() if cell.state == "absent"} == {
        k for k in plain.values if k.endswith(".research")
    }
    assert stated(cells) == {k: v for k, v in plain.values.items() if not k.endswith(".research")}


def test_a_short_row_is_never_padded():
    printed = Printed()
    index = printed.find("重复申请")
    printed.rows[index] = (printed.rows[index][0], ["1", "2", "3", "4"])
    cells = read(printed)
    assert {cells[cell.key].state for cell in PRINTED[22].cells} == {"unreadable"}
    assert "cannot be told" in cells[PRINTED[22].cells[0].key].reason


def test_two_rows_that_changed_places_keep_their_own_numbers():
    printed = Printed()
    index = printed.find("重复申请")
    printed.rows[index], printed.rows[index + 1] = printed.rows[index + 1], printed.rows[index]
    cells = read(printed)
    assert stated(cells) == printed.values
    assert min(cell.confidence for cell in cells.values()) < 1


def test_table_three_printed_as_a_table_a_route_is_read_as_one_line():
    printed = Printed()
    _, line = printed.rows.pop()
    printed.rows[-2:] = [
        (["行政复议"], []),
        (["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"], []),
        ([], line[:5]),
        (["行政诉讼"], []),
        (["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2, []),
        ([], line[5:]),
    ]
    assert stated(read(printed)) == printed.values


def test_lines_of_numbers_that_nothing_names_are_not_table_three():
    printed = Printed()
    printed.rows[-3:] = [([], ["1"] * 5), ([], ["2"] * 10)]
    cells = read(printed)
    assert {cell.state for key, cell in cells.items() if key.startswith("disputes.")} == {"absent"}


@pytest.mark.parametrize("text", ["5.382", "约20", "1 2", "见附件"])
def test_what_is_no_count_is_unreadable(text):
    printed = Printed(Printed().values | {"requests.granted.total": text})
    cell = read(printed)["requests.granted.total"]
    assert (cell.state, cell.value, cell.raw) == ("unreadable", None, text)


def misprint(label, random_source):
    characters = list(label)
    if len(characters) > 5:
        characters[random_source.randrange(len(characters))] = random_source.choice("的了是在人有")
    return "".join(characters)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sets(st.integers(0, len(PRINTED) - 1), max_size=8))
def test_whatever_is_misprinted_or_left_out_no_number_is_invented(seed, dropped):
    """A number that is read stands in its own cell or is doubted; what was not printed is never stated."""
    random_source = random.Random(seed)
    printed = Printed()
    labelled = [i for i, (labels, values) in enumerate(printed.rows) if values and values != printed.header]
    gone = {cell.key for j in dropped for cell in PRINTED[j].cells}
    drop = {labelled[j] for j in dropped}
    printed.rows = [
        ([misprint(label, random_source) for label in labels] if values else labels, values)
        for i, (labels, values) in enumerate(printed.rows)
        if i not in drop
    ]
    for key, cell in read(printed).items():
        assert not (key in gone and cell.value is not None and cell.confidence >= 0.8), key
        assert cell.value is None or cell.value == printed.values[key] or cell.confidence < 0.8, key


def test_the_form_file_agrees_with_the_law_s_count():
    assert sum(len(row.cells) for row in FORM.rows() if not row.instead_of) == 10 + 175 + 15
