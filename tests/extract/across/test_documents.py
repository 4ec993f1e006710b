"""Two documents of one report: each cell that differs is told, what one of them lacks or hides is only counted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.across.documents import Compared, compare_documents
from extract.forms import load_forms
from extract.present_checks import InWords
from tests.documents import FORM

KEY = "requests.received_new.total"
KEYS = [cell.key for row in FORM.rows() for cell in row.cells]


def number(value, raw=None):
    return value, "number", str(value) if raw is None else raw


BLANK, MARK, UNREADABLE, ABSENT = (
    (None, "blank", ""),
    (None, "na_mark", "/"),
    (None, "unreadable", "?"),
    (None, "absent", ""),
)


@pytest.mark.parametrize(
    ("left", "right", "code", "severity"),
    [
        (number(12), number(21), "number", "error"),
        (number(0), BLANK, "zero_blank", "info"),
        (MARK, number(0), "zero_blank", "info"),
        (number(7), BLANK, "only_one", "warn"),
        (BLANK, MARK, "mark", "info"),
    ],
)
def test_a_cell_that_differs_is_a_finding_of_its_kind_with_both_sides(left, right, code, severity):
    told = compare_documents({KEY: left}, {KEY: right}, ("网页", "附件PDF"))
    (finding,) = told.findings
    assert (finding.check, finding.verdict, finding.code, finding.severity) == ("D-CELL", "fail", code, severity)
    assert (finding.left, finding.right, finding.keys) == (left[0], right[0], (KEY,))
    assert "网页" in finding.message
    assert "附件PDF" in finding.message
    assert told.summary == Compared(cells=1, equal=0, only_left=0, only_right=0, unreadable=0)


def test_the_message_says_what_is_printed_where():
    (finding,) = compare_documents({KEY: number(12, " 12件")}, {KEY: BLANK}, ("网页", "附件")).findings
    assert finding.message == "网页“12件”，附件空白"


@pytest.mark.parametrize(
    ("left", "right", "summary"),
    [
        (number(12), number(12, "12 "), Compared(1, 1, 0, 0, 0)),
        (number(26.5), number(Decimal("26.50")), Compared(1, 1, 0, 0, 0)),
        (number(59237.2449), number(Decimal("59237.2449")), Compared(1, 1, 0, 0, 0)),
        (BLANK, BLANK, Compared(1, 1, 0, 0, 0)),
        (number(12), ABSENT, Compared(0, 0, 1, 0, 0)),
        (ABSENT, number(12), Compared(0, 0, 0, 1, 0)),
        (ABSENT, ABSENT, Compared(0, 0, 0, 0, 0)),
        (number(12), UNREADABLE, Compared(0, 0, 0, 0, 1)),
    ],
)
def test_what_is_alike_or_cannot_be_compared_is_no_difference(left, right, summary):
    told = compare_documents({KEY: left}, {KEY: right})
    assert told.summary == summary
    (finding,) = told.findings
    assert finding.verdict == ("pass" if summary.cells else "not_assessable")


def test_a_document_without_the_tables_differs_in_nothing():
    whole = {key: number(3) for key in KEYS}
    told = compare_documents(whole, {})
    assert told.summary == Compared(0, 0, len(KEYS), 0, 0)
    assert [finding.code for finding in told.findings] == ["no_cells"]
    assert compare_documents({}, whole).summary.only_right == len(KEYS)


def test_an_amount_in_another_unit_is_told_as_such():
    key = "disclosure.procurement_amount"
    (finding,) = compare_documents({key: number(251000, "251000元")}, {key: number(25.1, "25.1")}).findings
    assert (finding.code, finding.severity, finding.cautions) == ("unit", "warn", ("D-CELL", "money_unit"))
    (other,) = compare_documents({KEY: number(251000)}, {KEY: number(25.1)}).findings
    assert other.code == "number"


def test_differences_stand_in_the_order_of_the_form():
    left = {key: number(1) for key in reversed(KEYS)}
    right = {key: number(2) for key in KEYS}
    assert [finding.subject for finding in compare_documents(left, right).findings] == KEYS


cells = st.one_of(st.integers(0, 3).map(number), st.sampled_from([BLANK, MARK, UNREADABLE, ABSENT]))
readings = st.dictionaries(st.sampled_from(KEYS[:12]), cells)


@given(readings, readings)
def test_both_ways_tell_the_same_and_every_cell_is_counted_once(left, right):
    one, other = compare_documents(left, right), compare_documents(right, left)
    assert [(f.keys, f.left, f.right, f.code) for f in one.findings if f.verdict == "fail"] == [
        (f.keys, f.right, f.left, f.code) for f in other.findings if f.verdict == "fail"
    ]
    summary = one.summary
    counted = summary.cells + summary.only_left + summary.only_right + summary.unreadable
    printed = {
        key for key in left.keys() | right.keys() if left.get(key, ABSENT) != ABSENT or right.get(key, ABSENT) != ABSENT
    }
    assert counted == len(printed)
    assert summary.cells - summary.equal == sum(f.verdict == "fail" for f in one.findings)


def test_a_finding_is_put_into_words_with_its_row_and_column():
    (finding,) = compare_documents({KEY: number(12)}, {KEY: number(21)}).findings
    assert (
        InWords(FORM).sentence(finding.as_finding())
        == "“一、本年新收政府信息公开申请数量” × 总计：一份文件为 12，另一份为 21"
    )
    (blank,) = compare_documents({KEY: number(0)}, {KEY: BLANK}).findings
    said = InWords(load_forms()[0], en=True).sentence(blank.as_finding())
    assert said.endswith("one document has 0, another has no number")
