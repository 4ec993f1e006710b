"""What sense and the law rule out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.reconcile import reconcile
from tests.documents import FORM
from tests.extract.reconcile.test_identities import balanced, report_of


def found(report, check):
    return [f for f in reconcile(report, FORM) if f.check == check]


def rules(issuer, **numbers):
    cells = {f"disclosure.rules_{name}": value for name, value in numbers.items()}
    return replace(report_of(balanced() | cells), issuer=issuer)


@pytest.mark.parametrize(
    ("issuer", "numbers", "verdict"),
    [
        ("云溪县白石镇人民政府", {}, "pass"),
        ("云溪县白石镇人民政府", {"in_force": 3}, "fail"),
        ("云溪县水务局", {"issued": 1}, "fail"),
        ("云江市东山区人民政府", {"repealed": 1}, "fail"),
        ("云江市人民政府", {"in_force": 3}, "not_assessable"),
        ("云江自治州人民政府", {"in_force": 3}, "pass"),
        ("云东省人民政府", {"issued": 2, "in_force": 30}, "pass"),
        ("云溪县水务局", {"issued": ""}, "not_assessable"),
        ("", {"issued": 1}, "not_assessable"),
    ],
)
def test_only_who_can_make_rules_reports_some(issuer, numbers, verdict):
    (finding,) = found(rules(issuer, **numbers), "T1-RULE-POWER")
    assert (finding.verdict, finding.severity) == (verdict, "warn")
    assert finding.keys[0] == "disclosure.rules_issued"


def changed(key, value):
    report = report_of(balanced())
    cell = replace(report.cells[key], value=value, raw=str(value))
    return replace(report, cells={**report.cells, key: cell})


@pytest.mark.parametrize("value", [-1, Decimal("2.5")])
def test_a_count_is_whole_and_not_negative(value):
    (fails,) = [f for f in found(changed("requests.granted.total", value), "T2-MONOTONE") if f.verdict == "fail"]
    assert (fails.left, fails.keys, fails.subject, fails.severity) == (
        value,
        ("requests.granted.total",),
        "granted",
        "error",
    )


def test_counts_that_are_sound_pass_once_a_table():
    assert [(f.verdict, f.subject) for f in found(report_of(balanced()), "T2-MONOTONE")] == [
        ("pass", "requests"),
        ("pass", "disputes"),
    ]
    blank = report_of(dict.fromkeys(balanced(), "") | {"disclosure.rules_issued": 1})
    assert found(blank, "T2-MONOTONE") == []
