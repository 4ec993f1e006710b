"""Two years of one agency: what was carried over, what is in force, whether the prose was copied."""

from dataclasses import replace

import pytest

from extract.forms import load_form
from extract.reconcile import compare_years
from tests.documents import FORM
from tests.extract.reconcile.test_identities import balanced, report_of

TOWN = "云溪县白石镇人民政府"
PROSE = "我镇认真落实条例，规范公开目录，健全保密审查，主动公开规划、预算、救助等信息，及时回应群众关切，办理申请。" * 3


def of_year(of, values=(), **changes):
    return replace(report_of(balanced() | dict(values)), **({"year": of, "issuer": TOWN} | changes))


def compared(now=(), before=(), **changes):
    return compare_years(of_year(2023, now, **changes), of_year(2022, before), FORM, FORM)


def only(findings, check, subject=None):
    (finding,) = (f for f in findings if f.check == check and (subject is None or f.subject == subject))
    return finding


def test_what_holds_passes_in_every_column_row_and_route():
    findings = compared()
    assert sum(f.check == "T2-CARRY" for f in findings) == 7
    assert sum(f.check == "T3-PENDING" for f in findings) == 3
    assert {f.verdict for f in findings if f.check != "N-COPY"} == {"pass"}


def test_what_was_carried_out_is_carried_in():
    findings = compared({"requests.carried_in.total": 3}, {"requests.carried_out.total": 5})
    fails = only(findings, "T2-CARRY", "total")
    assert (fails.verdict, fails.left, fails.right, fails.severity) == ("fail", 5, 3, "error")
    assert fails.keys == ("requests.carried_in.total", "previous.requests.carried_out.total")
    blank = compared({"requests.carried_in.total": ""}, {"requests.carried_out.total": 5})
    assert only(blank, "T2-CARRY", "total").verdict == "not_assessable"
    assert only(blank, "T2-CARRY", "research").verdict == "pass"


@pytest.mark.parametrize(("in_force", "verdict"), [(13, "pass"), (12, "fail"), ("", "not_assessable")])
@pytest.mark.parametrize("kind", ["rules", "normdocs"])
def test_the_stock_follows_from_last_year_s(kind, in_force, verdict):
    now = {f"disclosure.{kind}_issued": 4, f"disclosure.{kind}_repealed": 1, f"disclosure.{kind}_in_force": in_force}
    finding = only(compared(now, {f"disclosure.{kind}_in_force": 10}), f"T1-STOCK-{kind}")
    assert (finding.verdict, finding.severity, finding.subject) == (verdict, "warn", kind)
    assert finding.left == 13


def test_pending_cases_are_only_worth_a_look():
    finding = only(compared((), {"disputes.review_pending": 2}), "T3-PENDING", "review")
    assert (finding.verdict, finding.severity, finding.left, finding.right) == ("fail", "info", 2, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": "云溪县水务局"}, "other_body"),
        ({"issuer": ""}, "no_body"),
        ({"year": 2024}, "years"),
        ({"year": None}, "no_year"),
    ],
)
def test_other_agencies_and_years_are_not_compared_and_the_reason_is_told(changes, code):
    findings = compared({"requests.carried_in.total": 3}, (), **changes)
    assert {(f.verdict, f.matched) for f in findings} == {("not_assessable", code)}
    assert {"T2-CARRY", "T1-STOCK-normdocs", "T3-PENDING", "N-COPY"} <= {f.check for f in findings}
    assert all(f.message for f in findings)


def test_names_with_and_without_the_county_are_one_body():
    assert only(compared(issuer="白石镇"), "T2-CARRY", "total").verdict == "pass"


def test_another_scope_is_not_compared():
    now, before = of_year(2023, scope="territory"), of_year(2022, scope="own_office")
    assert {f.matched for f in compare_years(now, before, FORM, FORM)} == {"scope"}


def test_what_last_year_s_form_did_not_have_is_left_open_and_the_rest_compared():
    before = of_year(2022, {"requests.carried_out.total": 5})
    tables = tuple(table for table in FORM.tables if table.key != "disclosure")
    old = replace(FORM, id="2019", tables=tables)
    findings = compare_years(of_year(2023, {"requests.carried_in.total": 5}), before, FORM, old)
    stock = only(findings, "T1-STOCK-normdocs")
    assert (stock.verdict, stock.matched) == ("not_assessable", "form")
    assert only(findings, "T2-CARRY", "total").verdict == "pass"


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        (f"2023年公开12条。{PROSE}", f"2022年公开9条。{PROSE}", "fail"),
        (
            PROSE,
            "本局围绕中心工作推进水利建设，河道治理和供水安全取得进展，办理建议提案，公开招标结果和水质信息。" * 3,
            "pass",
        ),
        (PROSE, "", "not_assessable"),
    ],
)
def test_prose_that_was_copied_is_told_whatever_its_figures(now, before, verdict):
    one, other = of_year(2023, sections={"overview": now}), of_year(2022, sections={"overview": before})
    finding = only(compare_years(one, other, FORM, FORM), "N-COPY")
    assert (finding.verdict, finding.severity) == (verdict, "info")


def test_the_form_of_2019_counts_items_from_year_to_year():
    ids = [(i.id, i.left, i.right) for i in load_form("2019").identities if i.id == "T1-2019-ITEMS"]
    assert len(ids) == 5
    assert (
        "T1-2019-ITEMS",
        ("prev.licensing_items_prev", "prev.licensing_items_change"),
        ("licensing_items_prev",),
    ) in ids
