"""Two years of one agency: what was carried over, what is in force, and whether the prose was copied."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from extract.names import same_body, squeeze
from extract.reconcile.sums import PREVIOUS, assess, numbers_of, sides
from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.forms import Form
    from extract.records import Report

COPIED = 95
"""From here up (percent alike, figures and years left out) two texts are one text."""
_FEWEST_CHARACTERS = 80


def compare_years(report: Report, previous: Report, form: Form, previous_form: Form) -> tuple[Finding, ...]:
    """What holds, or does not, between a report and that of the year before, whose cells bear ``previous.``.

    Agencies merge and split: reports of two names or of years that do not follow are not compared, and the finding
    says why (``matched`` holds the reason as a code: other_body, no_body, no_year, years, scope, form).
    """
    code, reason = _why_not(report, previous)
    if code:
        checks = dict.fromkeys(identity.id for identity in form.identities if identity.previous)
        return tuple(
            Finding(check, "not_assessable", (), message=reason, matched=code) for check in (*checks, "N-COPY")
        )
    return (*_identities(report, previous, form, previous_form), _copied(report, previous))


def _why_not(report: Report, previous: Report) -> tuple[str, str]:
    """Why the two are not compared, as a code and in words; both empty where they are."""
    if not report.issuer or not previous.issuer:
        return "no_body", "有一份报告没有读到机关名称"
    if not same_body(report.issuer, previous.issuer):
        return "other_body", f"机关名称不同（上年：{previous.issuer}），可能经过改名或合并"
    if report.year is None or previous.year is None:
        return "no_year", "有一份报告没有读到年度"
    if report.year - previous.year != 1:
        return "years", f"年度不相连（{previous.year} 年与 {report.year} 年）"
    if report.scope and previous.scope and report.scope != previous.scope:
        return "scope", "两年的统计范围不同"
    return "", ""


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
                found = replace(found, verdict="not_assessable", message=reason, matched="form")
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
