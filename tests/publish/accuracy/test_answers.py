"""What people type is understood, or sent back; and what we read is judged by it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.accuracy.answers import Answer, AnswerError, judge, understand

FULL = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(st.integers(-(10**9), 10**9), st.booleans(), st.booleans())
def test_a_number_however_it_is_typed(number, is_full, has_separators):
    typed = f"{number:,}" if has_separators else str(number)
    assert understand(f" {typed.translate(FULL) if is_full else typed} ") == Answer("number", Decimal(number))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("空白", "blank"),
        ("Blank", "blank"),
        ("／", "na_mark"),
        ("—", "na_mark"),
        ("无", "na_mark"),
        ("不适用", "na_mark"),
        *[("缺格", "absent"), ("看不清", "unreadable"), ("？", "unjudged"), ("无法判断", "unjudged")],
    ],
)
def test_words(typed, kind):
    assert understand(typed).kind == kind


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("251000元", "万元", "25.1"),
        ("25.10万元", "万元", "25.10"),
        ("25.1", "万元", "25.1"),
        ("3万元", "元", "30000"),
        ("12件", "件", "12"),
        ("8人", "人", "8"),
        ("26.5元", "", "26.5"),
    ],
)
def test_money_is_turned_into_the_cells_unit(typed, unit, value):
    assert understand(typed, unit).number == Decimal(value)


@pytest.mark.parametrize("typed", ["1 2", "12 34", "十二", "1,23", "1-2", "12?", "3.", "没看", "--5", "1/2"])
def test_what_is_no_number_is_sent_back_as_typed(typed):
    with pytest.raises(AnswerError, match=r"no number|not in the unit"):
        understand(typed, "件")


def test_money_for_a_count_is_sent_back():
    with pytest.raises(AnswerError, match="unit of the cell"):
        understand("12元", "件")


@pytest.mark.parametrize(
    ("state", "value", "typed", "verdict"),
    [
        ("number", 12.0, "12", "right"),
        ("number", 26.5, "26.50", "right"),
        ("number", 12.0, "13", "other_number"),
        ("number", 0.0, "空白", "invented"),
        ("number", 3.0, "难辨", "invented"),
        ("blank", None, "0", "missed"),
        ("unreadable", None, "5", "missed"),
        ("blank", None, "空白", "right"),
        ("blank", None, "/", "other_state"),
        ("number", 3.0, "?", "unjudged"),
    ],
)
def test_verdicts(state, value, typed, verdict):
    assert judge(state, value, understand(typed)) == verdict
