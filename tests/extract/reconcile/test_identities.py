"""The printed sums: found where they fail, silent where they hold, not judged where a number is missing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.forms import load_forms
from extract.interpret import interpret
from extract.reconcile import reconcile
from sample.manifest import load
from sample.server import answer
from tests.documents import FORM, Printed


def report_of(values):
    return interpret(Printed(values).document(), load_forms())


def balanced():
    """All zeros: every sum holds."""
    return dict.fromkeys(Printed().values, 0)


def verdicts(values):
    findings = reconcile(report_of(values), FORM)
    return {(f.check, f.subject): f for f in findings}


def test_all_sums_of_the_form_are_tested_in_every_column_row_and_route():
    found = verdicts(balanced())
    assert len(found) == 7 + 7 + 25 + 3
    assert {finding.verdict for finding in found.values()} == {"pass"}
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
    report = next(r for r in load().reports if "requests.other_all.total" in r.cells)
    site = next(s for s in load().sites if s.id == report.site)
    from extract.pipeline import read

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
