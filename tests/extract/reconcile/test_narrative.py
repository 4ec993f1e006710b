"""The prose against the tables: every right way to count is accepted, what contradicts is told with its sentence."""

from dataclasses import replace

import pytest

from extract.reconcile import reconcile
from extract.records import Fact, Span
from tests.documents import FORM
from tests.extract.reconcile.test_identities import balanced, report_of

TOTALS = {
    "received_new": 3525,
    "carried_in": 121,
    "granted": 1200,
    "granted_partly": 300,
    "denied_process": 20,
    "denied_law_forbids": 10,
    "outcome_total": 3500,
    "carried_out": 146,
}
DISPUTES = {
    "review_total": 170,
    "review_pending": 36,
    "lit_direct_total": 40,
    "lit_direct_pending": 11,
    "lit_after_review_total": 37,
    "lit_after_review_pending": 9,
}


def report(*facts, values=(), **changes):
    numbers = balanced() | {f"requests.{row}.total": value for row, value in TOTALS.items()}
    numbers |= {f"disputes.{key}": value for key, value in DISPUTES.items()} | {"disclosure.normdocs_issued": 4}
    return replace(report_of(numbers | dict(values)), facts=facts, **changes)


def fact(key, value, **changes):
    return replace(Fact(key, value, str(value), "件", f"共{value}件。", Span(3, 3 + len(str(value)))), **changes)


def found(one, *checks, text=""):
    return [f for f in reconcile(one, FORM, text) if f.check in checks]


def only(one, check):
    (finding,) = found(one, check)
    return finding


@pytest.mark.parametrize(
    ("key", "value", "check", "matched"),
    [
        ("requests_received", 3525, "N-REQ", "received_new"),
        ("requests_received", 3646, "N-REQ", "received_new+carried_in"),  # 3,646 = 3,525 + 121 (收办)
        ("requests_received", 3500, "N-REQ", "outcome_total"),
        ("requests.granted", 1200, "N-OUT", "granted"),
        ("requests.granted", 1500, "N-OUT", "granted+granted_partly"),
        ("requests.denied", 30, "N-OUT", "denied_*"),
        ("requests.concluded", 3500, "N-OUT", "outcome_total"),
        ("requests.carried_out", 146, "N-OUT", "carried_out"),
        ("disputes.review", 170, "N-DISP", "review_total"),
        ("disputes.review", 134, "N-DISP", "review_total-review_pending"),  # 134 = 170 − 36, the concluded ones
        ("disputes.review_concluded", 134, "N-DISP", "review_total-review_pending"),
        ("disputes.litigation", 77, "N-DISP", "lit_direct_total+lit_after_review_total"),
        (
            "disputes.litigation",
            57,  # 57 = 77 − 20
            "N-DISP",
            "lit_direct_total+lit_after_review_total-lit_direct_pending-lit_after_review_pending",
        ),
        ("normdocs.issued", 4, "N-NORM", "normdocs_issued"),
    ],
)
def test_each_right_way_to_count_passes_and_is_named(key, value, check, matched):
    finding = only(report(fact(key, value)), check)
    assert (finding.verdict, finding.matched, finding.left, finding.right) == ("pass", matched, value, value)


@pytest.mark.parametrize(
    ("key", "check", "right"),
    [
        ("requests_received", "N-REQ", 3525),
        ("requests.granted", "N-OUT", 1200),
        ("requests.concluded", "N-OUT", 3500),
        ("disputes.review", "N-DISP", 170),
        ("disputes.litigation", "N-DISP", 77),
        ("normdocs.issued", "N-NORM", 4),
    ],
)
def test_a_number_that_no_way_of_counting_gives_is_told_with_its_sentence(key, check, right):
    finding = only(report(fact(key, 9)), check)
    assert (finding.verdict, finding.severity, finding.left, finding.right) == ("fail", "warn", 9, right)
    assert (finding.sentence, finding.span, finding.cause) == ("共9件。", Span(3, 4), "unknown")


def test_a_blank_cell_leaves_it_open_unless_another_way_agrees():
    blank = {"requests.received_new.total": ""}
    assert only(report(fact("requests_received", 9), values=blank), "N-REQ").verdict == "not_assessable"
    assert only(report(fact("requests_received", 3500), values=blank), "N-REQ").verdict == "pass"


def test_none_means_none():
    none = fact("requests_received", 0, stated_as="negation")
    zero = {"requests.received_new.total": 0}
    assert only(report(none, values=zero), "N-NONE").verdict == "pass"
    fails = only(report(none), "N-NONE")
    assert (fails.verdict, fails.right) == ("fail", 3525)
    assert only(report(none, values={"requests.received_new.total": ""}), "N-NONE").verdict == "not_assessable"


@pytest.mark.parametrize(
    "change",
    [{"approximate": True}, {"period": "previous"}, {"period": "cumulative"}, {"part_of": "requests_received"}],
)
def test_another_period_about_and_parts_are_not_compared(change):
    assert found(report(fact("requests_received", 9, **change)), "N-REQ") == []


@pytest.mark.parametrize(
    ("fact_scope", "report_scope", "compared"),
    [
        ("territory", "territory", True),
        ("own", "territory", False),
        ("territory", "own_office", False),
        ("territory", "", False),
        ("own", "", True),
        ("", "territory", True),
    ],
)
def test_only_numbers_of_one_scope_are_compared(fact_scope, report_scope, compared):
    one = report(fact("requests_received", 9, scope=fact_scope), scope=report_scope)
    assert bool(found(one, "N-REQ")) == compared


def test_a_second_number_beside_one_that_agrees_is_only_worth_a_look():
    found_both = found(report(fact("requests_received", 3525), fact("requests_received", 12)), "N-REQ")
    assert [(f.verdict, f.severity) for f in found_both] == [("pass", "warn"), ("fail", "info")]


TEXT = "全镇主动公开政府信息220件(乡村振兴45条，生态环保17条，民生20条，其他20条)，新媒体90件，公告栏110条。"


def told(text, number, key, part_of=""):
    at = text.index(str(number))
    return fact(key, number, part_of=part_of, span=Span(at, at + len(str(number))), sentence=text)


def items(text, total, *parts):
    facts = [told(text, total, "proactive_items")]
    at = 0
    for number in parts:
        at = text.index(str(number), at)
        span = Span(at, at + len(str(number)))
        facts.append(fact("proactive_items.part", number, part_of="proactive_items", span=span))
        at = span.end
    return report(*facts)


def test_parts_in_brackets_and_outside_are_two_lists():
    fails = found(items(TEXT, 220, 45, 17, 20, 20, 90, 110), "N-SUM", text=TEXT)
    assert [(f.verdict, f.left, f.right, f.severity) for f in fails] == [
        ("fail", 102, 220, "warn"),
        ("fail", 200, 220, "warn"),
    ]
    assert fails[0].matched == "45＋17＋20＋20"


def test_topics_and_channels_are_two_lists():
    text = "共公开信息100条，财政60条，救助40条，网站70条，微信30条。"
    one = items(text, 100, 60, 40, 70, 30)
    total, *parts = one.facts
    parts = [
        replace(part, key=f"proactive_items.{key}")
        for part, key in zip(parts, ("topic", "topic", "website", "wechat"), strict=True)
    ]
    found_both = found(replace(one, facts=(total, *parts)), "N-SUM", text=text)
    assert [(f.verdict, f.left) for f in found_both] == [("pass", 100), ("pass", 100)]


def test_parts_that_add_up_pass_wherever_the_total_stands():
    text = "我镇通过网站公开34条，通过网络媒体公开125条，共计公开信息159条。"
    (finding,) = found(items(text, 159, 34, 125), "N-SUM", text=text)
    assert (finding.verdict, finding.left) == ("pass", 159)


def test_a_list_that_says_among_them_need_not_be_whole_and_channels_may_overlap():
    text = "共公开信息100条，其中网站30条，微信20条。"
    (finding,) = found(items(text, 100, 30, 20), "N-SUM", text=text)
    assert (finding.verdict, finding.severity) == ("fail", "info")
    text = "共公开信息100条，网站90条，微信80条。"
    (finding,) = found(items(text, 100, 90, 80), "N-SUM", text=text)
    assert (finding.verdict, finding.severity) == ("fail", "info")
    text = "共公开信息100条（网站90条，微信80条）。"
    (finding,) = found(items(text, 100, 90, 80), "N-SUM", text=text)
    assert (finding.verdict, finding.severity) == ("fail", "warn")


def test_two_totals_or_parts_that_are_about_are_not_summed():
    one = items(TEXT, 220, 45, 17)
    assert found(replace(one, facts=(*one.facts, told(TEXT, 110, "proactive_items"))), "N-SUM", text=TEXT) == []
    about = tuple(replace(f, approximate=bool(f.part_of)) for f in one.facts)
    assert found(replace(one, facts=about), "N-SUM", text=TEXT) == []


UNPAID = {"requests.other_fee_unpaid.total": 2}


@pytest.mark.parametrize(
    ("values", "other", "verdict"),
    [
        ({}, "", "pass"),
        (UNPAID, "2023年收取信息处理费0元。", "pass"),
        (UNPAID, "无其他需要报告的事项。", "fail"),
        (UNPAID, "", "not_assessable"),
        ({"requests.other_fee_unpaid.total": "/"}, "无。", "not_assessable"),
    ],
)
def test_an_unpaid_fee_is_told_in_section_six(values, other, verdict):
    finding = only(report(values=values, sections={"other": other}), "T2-FEE")
    assert (finding.verdict, finding.severity) == (verdict, "warn")


@pytest.mark.parametrize(
    ("yuan", "cases", "verdict"),
    [
        (2230, 3, "pass"),
        (0, 0, "pass"),
        (0, None, "pass"),
        (105, 1, "fail"),
        (100, 0, "fail"),
        (20, 5, "fail"),
        (2950, 25, "pass"),
    ],
)
def test_a_fee_fits_the_tariff(yuan, cases, verdict):
    facts = [fact("info_processing_fee_yuan", yuan)]
    facts += [fact("info_processing_fee_cases", cases)] if cases is not None else []
    assert only(report(*facts), "N-FEE").verdict == verdict
