"""Two years of one agency: what was carried over, what is in force, and whether the prose was copied."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from extract.reconcile.prose import squeeze
from extract.reconcile.sums import PREVIOUS, assess, numbers_of, sides
from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.forms import Form
    from extract.records import Report

COPIED = 95
"""From here up (percent alike, figures and years left out) two texts are one text."""
_FEWEST_CHARACTERS = 80
_GOVERNMENT = re.compile(r"(?:人民政府|政府|办事处|管理委员会|管委会)$")


def compare_years(report: Report, previous: Report, form: Form, previous_form: Form) -> tuple[Finding, ...]:
    """What holds, or does not, between a report and the one of the year before; ``previous.`` marks the cells of that one.

    Agencies merge and split: reports of two names or of years that do not follow are not compared, and the finding
    says why.
    """
    reason = _why_not(report, previous)
    if reason:
        checks = dict.fromkeys(identity.id for identity in form.identities if identity.previous)
        return tuple(Finding(check, "not_assessable", (), message=reason) for check in (*checks, "N-COPY"))
    return (*_identities(report, previous, form, previous_form), _copied(report, previous))


def same_body(left: str, right: str) -> bool:
    """Whether two printed names are of one body: alike but for 人民政府 and the places that stand before.

    >>> same_body("云江市云溪县白石镇人民政府", "白石镇"), same_body("云溪县水务局", "云溪县林业局"), same_body("", "")
    (True, False, False)
    """
    one, other = sorted((_GOVERNMENT.sub("", squeeze(name)) for name in (left, right)), key=len)
    return bool(one) and other.endswith(one)


def _why_not(report: Report, previous: Report) -> str:
    if not report.issuer or not previous.issuer:
        return "有一份报告没有读到机关名称，无法确认是同一机关"
    if not same_body(report.issuer, previous.issuer):
        return f"机关名称不同（上年：{previous.issuer}），可能经过改名或合并，不作两年核对"
    if report.year is None or previous.year is None:
        return "有一份报告没有读到年度，不作两年核对"
    if report.year - previous.year != 1:
        return f"年度不相连（{previous.year} 年与 {report.year} 年），不作两年核对"
    if report.scope and previous.scope and report.scope != previous.scope:
        return "两年的统计范围不同，不作两年核对"
    return ""


def _identities(report: Report, previous: Report, form: Form, previous_form: Form) -> Iterator[Finding]:
    numbers = numbers_of(report) | {PREVIOUS + key: value for key, value in numbers_of(previous).items()}
    known = {PREVIOUS + cell.key for row in previous_form.rows() for cell in row.cells}
    for identity in form.identities:
        if not identity.previous:
            continue
        for tested in sides(identity, form, report.cells):
            found = assess(identity, tested, numbers)
            if any(key.startswith(PREVIOUS) and key not in known for key in found.keys):
                reason = f"上年用的是 {previous_form.id} 年格式，没有这一栏"
                found = replace(found, verdict="not_assessable", message=reason)
            yield found


def _copied(report: Report, previous: Report) -> Finding:
    """N-COPY: how alike the two first sections are, in percent, without their figures."""
    texts = [re.sub(r"\d+", "", squeeze(one.sections.get("overview", ""))) for one in (report, previous)]
    if min(map(len, texts)) < _FEWEST_CHARACTERS:
        return Finding("N-COPY", "not_assessable", (), message="有一份报告的第一部分没有文字可比", severity="info")
    alike = int(fuzz.ratio(*texts))
    if alike < COPIED:
        return Finding("N-COPY", "pass", (), alike, COPIED, subject="overview", severity="info")
    message = f"第一部分与上年 {alike}% 相同"
    return Finding("N-COPY", "fail", (), alike, COPIED, message, subject="overview", severity="info")
