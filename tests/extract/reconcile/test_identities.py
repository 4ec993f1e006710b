"""The printed sums: found where they fail, silent where they hold, not judged where a number is missing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.forms import Form, load_form, load_forms
from extract.interpret import interpret
from extract.reconcile import reconcile
from extract.records import Cell, Report, Statistic
from sample.manifest import load
from sample.server import answer
from tests.documents import FORM, Printed

SUMS = ("T2-FLOW", "T2-OUTCOME", "T2-ROWSUM", "T3-SUM")


def report_of(values):
    return interpret(Printed(values).document(), load_forms())


def balanced():
    """All zeros: every sum holds."""
    return dict.fromkeys(Printed().values, 0)


def verdicts(values):
    findings = reconcile(report_of(values), FORM)
    return {(f.check, f.subject): f for f in findings if f.check.startswith(SUMS)}


def of_check(values, check):
    (finding,) = (f for f in reconcile(report_of(values), FORM) if f.check == check)
    return finding


def test_all_sums_of_the_form_are_tested_in_every_column_row_and_route():
    found = verdicts(balanced())
    assert len(found) == 7 + 7 + 25 + 3
    assert {(finding.verdict, finding.severity) for finding in found.values()} == {("pass", "error")}
    assert all(any(subject in key for key in finding.keys) for (_, subject), finding in found.items())


def test_a_failed_sum_states_both_sides_and_begins_with_a_cell_of_its_column():
    values = balanced() | {"requests.received_new.enterprise": 4, "requests.received_new.total": 4}
    found = verdicts(values)
    failed = {key: f for key, f in found.items() if f.verdict == "fail"}
    assert set(failed) == {("T2-FLOW", "enterprise"), ("T2-FLOW", "total")}
    flow = failed["T2-FLOW", "enterprise"]
    assert (flow.left, flow.right, flow.cause) == (4, 0, "unknown")
    assert "4 ≠ 0" in flow.message
    assert {f.subject for f in failed.values()} == {"enterprise", "total"}


def test_a_blank_is_never_a_zero_in_a_sum():
    found = verdicts(balanced() | {"requests.granted.research": ""})
    assert found["T2-OUTCOME-2021", "research"].verdict == "not_assessable"
    assert found["T2-ROWSUM", "granted"].verdict == "not_assessable"
    assert found["T2-FLOW", "research"].verdict == "pass"


def test_the_single_row_stands_for_the_three_in_the_sum():
    report = next(r for r in load().reports if r.form == "2021" and "requests.other_all.total" in r.cells)
    site = next(s for s in load().sites if s.id == report.site)
    from extract.reading import read

    reading = read(answer(site, report.page).body)
    outcomes = [f for f in reading.findings if f.check == "T2-OUTCOME-2021"]
    assert {f.verdict for f in outcomes} == {"pass"}
    assert all(any("other_all" in key for key in f.keys) for f in outcomes)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(sorted(k for k in Printed().values if k.startswith(("requests.", "disputes.")))),
    st.integers(1, 999),
)
def test_one_wrong_number_fails_exactly_the_sums_it_stands_in(key, number):
    for (check, subject), finding in verdicts(balanced() | {key: number}).items():
        assert (finding.verdict == "fail") == (key in finding.keys), (check, subject)


@pytest.mark.parametrize(
    ("in_force", "repealed", "issued", "verdict"),
    [
        (5, 0, 5, "pass"),
        (3, 2, 4, "pass"),
        (3, 1, 5, "fail"),
        ("", 1, 5, "not_assessable"),
        (3, "/", 1, "not_assessable"),
    ],
)
def test_what_was_issued_is_in_force_or_repealed_at_year_end(in_force, repealed, issued, verdict):
    values = {"in_force": in_force, "repealed": repealed, "issued": issued}
    found = of_check(balanced() | {f"disclosure.normdocs_{k}": v for k, v in values.items()}, "T1-STOCK-LB")
    assert (found.verdict, found.severity, found.subject) == (verdict, "warn", "normdocs")


def statistics(**figures):
    rows = [
        Statistic(key, key, "件", Cell(key, value, str(value), "number", 1.0), None) for key, value in figures.items()
    ]
    return Report("report", form="2014", statistics=tuple(rows))


FORM_2014 = load_form("2014")


def of_statistics(report, check, form: Form = FORM_2014):
    (finding,) = (f for f in reconcile(report, form) if f.check == check)
    return finding


def test_the_older_statistics_add_up():
    ways = {"s_req_in_person": 1, "s_req_fax": 0, "s_req_online": 5, "s_req_letter": 2}
    good = statistics(s_req_received=8, **ways)
    assert of_statistics(good, "S14-REQ").verdict == "pass"
    bad = of_statistics(statistics(s_req_received=9, **ways), "S14-REQ")
    assert (bad.verdict, bad.left, bad.right, bad.severity, bad.subject) == ("fail", 8, 9, "error", "s_req_received")
    assert of_statistics(good, "S14-CLOSED").verdict == "not_assessable"
    more = of_statistics(statistics(s_proactive_total=3, s_proactive_normdocs=4), "S14-NORM")
    assert (more.verdict, more.severity) == ("fail", "warn")


def test_a_row_that_is_printed_twice_has_no_one_figure():
    rows = statistics(s_org_staff_full=1, s_org_staff_part=1, s_org_staff=2)
    twice = replace(rows, statistics=(*rows.statistics, rows.statistics[0]))
    assert of_statistics(rows, "S14-STAFF").verdict == "pass"
    assert of_statistics(twice, "S14-STAFF").verdict == "not_assessable"
