"""Two years by their numbers alone: the same as extract.reconcile says of the whole reports, and why not, where not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.across.copies import COPIED, FEWEST_CHARACTERS
from extract.across.findings import caution, cautions_in_words
from extract.across.years import YearNumbers, compare_year_numbers, needed_keys
from extract.forms import load_form, load_forms
from extract.present_checks import InWords
from extract.reconcile import compare_years, previous
from extract.records import Cell, Report

FORMS = {form.id: form for form in load_forms()}
ZEROS = dict.fromkeys(needed_keys(), 0)


def year(of=2023, values=(), form="2021", scope=""):
    return YearNumbers(of, form, scope, ZEROS | dict(values))


def only(findings, check, subject):
    (finding,) = (f for f in findings if (f.check, f.subject) == (check, subject))
    return finding


def test_all_holds_between_two_years_of_zeros():
    findings = compare_year_numbers(year(2023), year(2022))
    assert [f.check for f in findings].count("T2-CARRY") == 7
    assert [f.check for f in findings].count("T3-PENDING") == 3
    assert len(findings) == 12
    assert {f.verdict for f in findings} == {"pass"}


def test_what_was_carried_out_is_not_carried_in():
    now, before = year(2023, {"requests.carried_in.total": 3}), year(2022, {"requests.carried_out.total": 5})
    fails = only(compare_year_numbers(now, before), "T2-CARRY", "total")
    assert (fails.basis, fails.verdict, fails.left, fails.right, fails.severity) == ("years", "fail", 5, 3, "error")
    assert fails.keys == ("requests.carried_in.total", "previous.requests.carried_out.total")
    assert "5 ≠ 3" in fails.message
    assert fails.cautions == ("T2-CARRY",)
    assert "合并" in cautions_in_words(fails.cautions)
    assert InWords(load_form("2021")).sentence(fails.as_finding()).endswith("5 ≠ 本年“上年结转”3，相差 2")


def test_the_stock_of_a_real_city_holds():
    """规章 11+2−1=12; 行政规范性文件 597+50−227=420: the sums that forms.md gives."""
    before = year(2023, {"disclosure.rules_in_force": 11, "disclosure.normdocs_in_force": 597})
    names = ("issued", "repealed", "in_force")
    numbers = {f"disclosure.rules_{name}": n for name, n in zip(names, (2, 1, 12), strict=True)}
    numbers |= {f"disclosure.normdocs_{name}": n for name, n in zip(names, (50, 227, 420), strict=True)}
    findings = compare_year_numbers(year(2024, numbers), before)
    assert {(f.left, f.right, f.verdict) for f in findings if f.check.startswith("T1")} == {
        (12, 12, "pass"),
        (420, 420, "pass"),
    }


def test_a_missing_number_leaves_only_its_own_check_open():
    findings = compare_year_numbers(year(2023, {"requests.carried_in.total": None}), year(2022))
    assert {f.subject: f.code for f in findings if f.verdict != "pass"} == {"total": "no_number"}
    nothing = compare_year_numbers(replace(year(2023), numbers={}), year(2022))
    assert {f.code for f in nothing} == {"no_number"}


@pytest.mark.parametrize(
    ("now", "before", "link", "code"),
    [
        (year(2024), year(2022), "", "years"),
        (year(2022), year(2023), "", "years"),
        (year(None), year(2022), "", "no_year"),
        (year(2023, scope="territory"), year(2022, scope="level"), "", "scope"),
        (year(2023), year(2022), "merged", "linked_by_merger"),
        (year(2023), year(2022), "split", "linked_by_split"),
        (year(2023), year(2022), "succeeded", "linked"),
    ],
)
def test_what_cannot_be_compared_says_why_once_a_check(now, before, link, code):
    findings = compare_year_numbers(now, before, link)
    assert [f.check for f in findings] == ["T1-STOCK-rules", "T1-STOCK-normdocs", "T2-CARRY", "T3-PENDING"]
    assert {(f.verdict, f.code) for f in findings} == {("not_assessable", code)}
    assert all(f.message for f in findings)
    assert InWords(load_form("2021"), en=True).why_skipped(findings[0].as_finding())


@pytest.mark.parametrize("link", ["renamed", "same"])
def test_over_a_new_name_numbers_are_carried_and_the_finding_says_so(link):
    findings = compare_year_numbers(year(2023), year(2022), link)
    assert {f.verdict for f in findings} == {"pass"}
    assert all("linked_by_rename" in f.cautions for f in findings)


def test_a_scope_that_only_one_year_states_is_a_caution():
    findings = compare_year_numbers(year(2023, scope="territory"), year(2022))
    assert {f.cautions for f in findings if f.check == "T2-CARRY"} == {("T2-CARRY", "scope_unknown")}


def test_the_change_of_form_leaves_the_stock_open_and_the_carry_over_compared():
    before = year(2020, {"requests.carried_out.total": 4}, form="2019")
    findings = compare_year_numbers(year(2021, {"requests.carried_in.total": 4}), before)
    assert {(f.check, f.code) for f in findings if f.verdict != "pass"} == {
        ("T1-STOCK-rules", "form"),
        ("T1-STOCK-normdocs", "form"),
    }
    assert {f.code for f in compare_year_numbers(year(2019, form="2019"), year(2018, form="2014"))} == {"form"}
    assert compare_year_numbers(year(2018, form="2014"), year(2017, form="2014")) == ()
    assert compare_year_numbers(year(2018, form=None), year(2017)) == ()


def test_items_of_the_form_of_2019_follow_from_the_year_before():
    before = year(2019, {"disclosure.penalty_items_prev": 40, "disclosure.penalty_items_change": -11}, form="2019")
    findings = compare_year_numbers(year(2020, {"disclosure.penalty_items_prev": 30}, form="2019"), before)
    items = only(findings, "T1-2019-ITEMS", "penalty")
    assert (items.verdict, items.left, items.right, items.severity) == ("fail", 29, 30, "warn")


def as_report(numbers, form, of, scope):
    """The whole form, with these numbers and 7 in all other cells."""
    keys = [cell.key for row in FORMS[form].rows() for cell in row.cells]
    values = {key: numbers.get(key, 7) for key in keys}
    cells = {
        key: Cell(key, value, str(value or ""), "blank" if value is None else "number", 1.0)
        for key, value in values.items()
    }
    return Report("report", issuer="岚汀县砚池镇人民政府", year=of, form=form, scope=scope, cells=cells)


def of_form(numbers, form):
    """Only those that a report in this form can state."""
    keys = {cell.key for row in FORMS[form].rows() for cell in row.cells}
    return {key: number for key, number in numbers.items() if key in keys}


numbers = st.fixed_dictionaries({key: st.one_of(st.none(), st.integers(0, 2)) for key in needed_keys()})
forms = st.sampled_from(["2021", "2019"])
scopes = st.sampled_from(["", "territory", "own_office"])


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, forms, forms, scopes, scopes, st.sampled_from([2023, 2024, None]))
def test_it_agrees_with_the_comparison_of_whole_reports(now, before, form, previous_form, scope, previous_scope, of):
    whole = compare_years(
        as_report(now, form, of, scope),
        as_report(before, previous_form, 2022, previous_scope),
        FORMS[form],
        FORMS[previous_form],
    )
    told = compare_year_numbers(
        YearNumbers(of, form, scope, of_form(now, form)),
        YearNumbers(2022, previous_form, previous_scope, of_form(before, previous_form)),
    )
    assert [
        (
            f.check,
            f.subject,
            f.verdict,
            f.left,
            f.right,
            f.keys,
            f.severity if f.keys else "error",
            f.matched or ("no_number" if f.verdict == "not_assessable" else ""),
        )
        for f in whole
        if f.check != "N-COPY"
    ] == [
        (f.check, f.subject, f.verdict, f.left, f.right, f.keys, f.severity if f.keys else "error", f.code)
        for f in told
    ]


def test_the_bounds_of_copied_prose_are_those_of_two_whole_reports():
    assert (COPIED, FEWEST_CHARACTERS) == (previous.COPIED, previous._FEWEST_CHARACTERS)


def test_every_identity_between_years_has_its_caution_in_both_languages():
    for form in load_forms():
        for identity in form.identities:
            if identity.previous:
                zh, en = caution(identity.id)
                assert zh
                assert en.isascii() or "−" in en
