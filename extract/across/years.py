"""Two successive years of one agency: what was carried over, what is in force, which cases were pending.

The identities are those of the forms that look at last year's report (config/forms, ``previous``); which cells each
needs is worked out once for each pair of forms. Last year's cells bear ``previous.`` before their key.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from extract.across.findings import Number, ReportFinding, exact
from extract.forms import load_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract.across.findings import Severity
    from extract.forms import Form, FormTable, Identity

PREVIOUS = "previous."
CARRIED = ("renamed", "same")
"""The kinds of link between agencies over which numbers are carried: one body, under another name or key."""
_OPERATORS = {"==": (operator.eq, "≠"), ">=": (operator.ge, "＜"), "<=": (operator.le, "＞")}
_LINKED = {"merged": "linked_by_merger", "split": "linked_by_split"}
_WHY = {
    "no_year": "有一份报告没有读到年度",
    "years": "年度不相连",
    "scope": "两年的统计范围不同",
    "linked_by_merger": "机构经过合并，两年不是同一口径",
    "linked_by_split": "机构经过分立，两年不是同一口径",
    "linked": "两个机关只是有关联，两年不是同一口径",
}


@dataclass(frozen=True, slots=True)
class YearNumbers:
    """One report as far as its neighbours in time need it.

    ``form``: its id, None where none was told. ``scope`` as in ``Report``, empty where no cue was found. ``numbers``:
    those of :func:`needed_keys`, None (or left out) where no number is stated.
    """

    year: int | None
    form: str | None
    scope: str
    numbers: Mapping[str, Number | None]


@dataclass(frozen=True, slots=True)
class _Test:
    """One identity in one column, row or route. Terms: key, whether it is last year's, sign."""

    check: str
    label: str
    subject: str
    severity: Severity
    op: str
    left: tuple[tuple[str, bool, int], ...]
    right: tuple[tuple[str, bool, int], ...]
    keys: tuple[str, ...]
    previous_has_it: bool
    cautions: tuple[str, ...]


@cache
def needed_keys() -> tuple[str, ...]:
    """The cells of any form that are compared between years, this year's or last year's, in the order of the checks."""
    return tuple(
        dict.fromkeys(
            key for form in load_forms() for test in _tests(form.id, form.id) for key, _, _ in (*test.left, *test.right)
        )
    )


def compare_year_numbers(now: YearNumbers, before: YearNumbers, link: str = "") -> tuple[ReportFinding, ...]:
    """What holds, or does not, between a report and that of the year before.

    ``link``: empty for one agency; else the kind of the link that leads from the older to the newer one. Over
    ``renamed`` and ``same`` numbers are carried (and the finding says so); over others, ``merged`` and ``split``, not.
    Codes of what is not assessable: no_year, years (a gap), scope, linked_by_merger, linked_by_split, linked, form
    (last year's form has no such cell), no_number. None where the report's form has no such identity.
    """
    tests = _tests(now.form or "", before.form or "")
    if code := _why_not(now, before, link):
        severities = {test.check: test for test in tests}
        return tuple(
            ReportFinding(
                "years",
                check,
                "not_assessable",
                message=_WHY[code],
                code=code,
                severity=test.severity,
                cautions=test.cautions,
            )
            for check, test in severities.items()
        )
    more = _more_cautions(now, before, link)
    return tuple(_assess(test, now.numbers, before, more) for test in tests)


def _why_not(now: YearNumbers, before: YearNumbers, link: str) -> str:
    if link and link not in CARRIED:
        return _LINKED.get(link, "linked")
    if now.year is None or before.year is None:
        return "no_year"
    if now.year - before.year != 1:
        return "years"
    return "scope" if now.scope and before.scope and now.scope != before.scope else ""


def _more_cautions(now: YearNumbers, before: YearNumbers, link: str) -> tuple[str, ...]:
    """A report whose scope nobody told may count others than the one it is held against."""
    unknown = ("scope_unknown",) if bool(now.scope) != bool(before.scope) else ()
    return (*unknown, "linked_by_rename") if link else unknown


def _assess(test: _Test, now: Mapping[str, Number | None], before: YearNumbers, more: tuple[str, ...]) -> ReportFinding:
    left, right = _total(test.left, now, before.numbers), _total(test.right, now, before.numbers)
    cautions = test.cautions + more if more else test.cautions
    if not test.previous_has_it:
        message = f"上年用的是 {before.form} 年格式，没有这一栏" if before.form else "上年报告没有读到这种表"
        verdict, code = "not_assessable", "form"
    elif left is None or right is None:
        message, verdict, code = f"{test.label}：有单元格没有数字，无法核对", "not_assessable", "no_number"
    else:
        holds, unequal = _OPERATORS[test.op]
        if holds(left, right):
            return ReportFinding(
                "years", test.check, "pass", test.subject, left, right, test.keys, "", "", test.severity, cautions
            )
        message, verdict, code = f"{test.label}：{exact(left)} {unequal} {exact(right)}", "fail", ""
    return ReportFinding(
        "years",
        test.check,
        "fail" if verdict == "fail" else "not_assessable",
        test.subject,
        left,
        right,
        test.keys,
        message,
        code,
        test.severity,
        cautions,
    )


def _total(
    terms: tuple[tuple[str, bool, int], ...],
    now: Mapping[str, Number | None],
    before: Mapping[str, Number | None],
) -> Number | None:
    amount: Number = 0
    for key, is_previous, sign in terms:
        number = before.get(key) if is_previous else now.get(key)
        if number is None:
            return None
        amount += sign * number  # type: ignore[operator]  # a report's numbers are all of one kind
    return amount


@cache
def _tests(form_id: str, previous_id: str) -> tuple[_Test, ...]:
    forms = {form.id: form for form in load_forms()}
    form, previous = forms.get(form_id), forms.get(previous_id)
    if form is None:
        return ()
    known = frozenset(cell.key for row in previous.rows() for cell in row.cells) if previous else frozenset()
    return tuple(test for identity in form.identities if identity.previous for test in _tests_of(identity, form, known))


def _tests_of(identity: Identity, form: Form, known: frozenset[str]) -> Iterator[_Test]:
    table = form.table(identity.table)
    before = f"{table.key}."
    if identity.for_each == "columns":
        for column in (cell.key.rsplit(".", 1)[1] for cell in table.rows[0].cells):
            yield _test(identity, column, before, f".{column}", known)
    elif identity.for_each == "rows":
        for row in table.rows:
            yield _test(identity, row.key, f"{before}{row.key}.", "", known)
    else:
        yield _test(identity, _subject(identity, table), before, "", known)


def _test(identity: Identity, subject: str, before: str, after: str, known: frozenset[str]) -> _Test:
    left, right = (tuple(_term(name, before, after) for name in names) for names in (identity.left, identity.right))
    terms = sorted((*left, *right), key=lambda term: term[1])
    return _Test(
        identity.id,
        identity.label_zh,
        subject,
        identity.severity,
        identity.op,
        left,
        right,
        tuple(PREVIOUS + key if is_previous else key for key, is_previous, _ in terms),
        all(key in known for key, is_previous, _ in terms if is_previous),
        (identity.id,),
    )


def _term(name: str, before: str, after: str) -> tuple[str, bool, int]:
    plain = name.removeprefix("-").removeprefix("prev.")
    return f"{before}{plain}{after}", "prev." in name, -1 if name.startswith("-") else 1


def _subject(identity: Identity, table: FormTable) -> str:
    """The row of the first cell of this report; in table 3, a single line, the route."""
    own = next(name for name in (*identity.left, *identity.right) if "prev." not in name).removeprefix("-")
    key = f"{table.key}.{own}"
    row = next((row.key for row in table.rows if any(cell.key == key for cell in row.cells)), table.key)
    return row if row != table.key else own.rsplit("_", 1)[0]
