"""What the prose says against what the tables say.

A sentence may rightly count in more than one way (新收, 新收加结转, 已审结); each is accepted, and ``matched`` says
which was meant. Facts of another year, about, or of another scope than the table's are not compared at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.reconcile.sums import keys_of, numbers_of, total
from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from extract.forms import Form
    from extract.records import Fact, Report

# Fact key -> what it may count, as rows of table 2 (total column): what the words mean, then other right readings.
_RECEIVED = ("received_new", "received_new+carried_in", "outcome_total")
_OUTCOMES = {
    "requests.granted": ("granted", "granted+granted_partly"),
    "requests.granted_partly": ("granted_partly",),
    "requests.denied": ("denied_*",),
    "requests.unavailable": ("unavailable_*",),
    "requests.rejected": ("rejected_*",),
    "requests.other_handling": ("other_*", "rejected_*+other_*"),
    "requests.carried_in": ("carried_in",),
    "requests.carried_out": ("carried_out",),
    "requests.concluded": ("outcome_total", "received_new+carried_in-carried_out", "received_new-carried_out"),
}
_DISPUTES = {
    "disputes.review": (("review",),),
    "disputes.review_concluded": (("review",),),
    "disputes.litigation": (("lit_direct", "lit_after_review"), ("lit_direct",), ("lit_after_review",)),
}
_NORMS = {
    "normdocs.issued": ("normdocs_issued", "normdocs_made"),
    "normdocs.repealed": ("normdocs_repealed",),
    "normdocs.in_force": ("normdocs_in_force",),
    "normdocs.published": ("normdocs_published",),
    "rules.issued": ("rules_issued", "rules_made"),
    "rules.repealed": ("rules_repealed",),
    "rules.in_force": ("rules_in_force",),
    "rules.published": ("rules_published",),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One right reading of a sentence: its name, and the terms whose sum it then states."""

    name: str
    terms: tuple[str, ...]


def check_narrative(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """N-REQ, N-NONE, N-OUT, N-DISP, N-NORM: each fact of the prose that a table states too, against that table."""
    if not report.cells:
        return
    numbers = numbers_of(report)
    found = []
    for fact in report.facts:
        check, ways = _ways(fact, form, report)
        if ways and not fact.part_of and _is_comparable(fact, report):
            found.append(_compare(fact, check, ways, numbers))
    agreed = {(finding.check, finding.subject) for finding in found if finding.verdict == "pass"}
    for finding in found:
        # Another number of a kind that a sentence elsewhere states as the table does is probably of something else.
        again = finding.verdict == "fail" and (finding.check, finding.subject) in agreed
        yield replace(finding, severity="info") if again else finding


def _is_comparable(fact: Fact, report: Report) -> bool:
    if fact.approximate or fact.period != "report_year":
        return False
    if fact.scope == "territory":
        return report.scope == "territory"
    return not (fact.scope == "own" and report.scope == "territory")


def _ways(fact: Fact, form: Form, report: Report) -> tuple[str, tuple[Way, ...]]:
    """The check that a fact belongs to, and what it may rightly count; none where no table states it."""
    if fact.key == "requests_received":
        none = fact.stated_as == "negation"
        return ("N-NONE", (_requests("received_new", report),)) if none else ("N-REQ", _each(_RECEIVED, report))
    if fact.key in _OUTCOMES:
        return "N-OUT", _each(_OUTCOMES[fact.key], report)
    if fact.key in _DISPUTES:
        return "N-DISP", tuple(way for routes in _DISPUTES[fact.key] for way in _disputes(routes))
    if fact.key in _NORMS:
        known = {cell.key for row in form.rows() for cell in row.cells}
        keys = [f"disclosure.{name}" for name in _NORMS[fact.key]]
        return "N-NORM", tuple(Way(key.split(".")[1], (key,)) for key in keys if key in known)
    return "", ()


def _each(names: tuple[str, ...], report: Report) -> tuple[Way, ...]:
    ways = (_requests(name, report) for name in names)
    return tuple(way for way in ways if way.terms)


def _requests(name: str, report: Report) -> Way:
    """A sum of rows of table 2, total column; ``denied_*`` are all rows of that group."""
    terms: list[str] = []
    for part in name.replace("-", "+-").split("+"):
        sign, row = ("-", part[1:]) if part.startswith("-") else ("", part)
        if row.endswith("*"):
            group = f"requests.{row[:-1]}"
            terms += [f"{sign}{key}" for key in report.cells if key.startswith(group) and key.endswith(".total")]
        else:
            terms.append(f"{sign}requests.{row}.total")
    return Way(name, tuple(terms))


def _disputes(routes: tuple[str, ...]) -> Iterator[Way]:
    """All cases of the routes, or those concluded: both are usual."""
    whole = tuple(f"disputes.{route}_total" for route in routes)
    names = [f"{route}_total" for route in routes]
    yield Way("+".join(names), whole)
    pending = tuple(f"-disputes.{route}_pending" for route in routes)
    yield Way("+".join(names) + "".join(f"-{route}_pending" for route in routes), (*whole, *pending))


def _compare(fact: Fact, check: str, ways: tuple[Way, ...], numbers: Mapping[str, int | Decimal | None]) -> Finding:
    sums = [(way, total(way.terms, numbers)) for way in ways]
    found = Finding(
        check,
        "not_assessable",
        keys_of(tuple(dict.fromkeys(term for way in ways for term in way.terms))),
        fact.value,
        sums[0][1],
        subject=fact.key,
        severity="warn",
        sentence=fact.sentence,
        span=fact.span,
    )
    for way, amount in sums:
        if amount is not None and amount == fact.value:
            return replace(found, verdict="pass", right=amount, matched=way.name)
    if any(amount is None for _, amount in sums):
        return replace(found, message="表中有格没有数字，无法与正文核对")
    message = f"正文写 {fact.value}，表中为 {sums[0][1]}"
    return replace(found, verdict="fail", message=message, cause="unknown")


def check_parts(report: Report, _form: Form, text: str) -> Iterator[Finding]:
    """N-SUM: the parts that the prose lists against the total it states; a list that says 其中 need not be whole.

    The parts in brackets after the total are one list, those outside another, topics and channels apart. Items that
    went out through two channels count once in the total, so that parts outside brackets may exceed it (worth a look).
    """
    for key in dict.fromkeys(fact.part_of for fact in report.facts if fact.part_of):
        totals = [fact for fact in report.facts if fact.key == key and not fact.part_of]
        if len(totals) != 1 or totals[0].approximate or totals[0].period != "report_year":
            continue
        whole, parts = totals[0], [fact for fact in report.facts if fact.part_of == key]
        lists: dict[tuple[bool, bool], list[Fact]] = {}
        for part in parts:
            lists.setdefault((part.key.endswith(".topic"), _in_brackets(part, whole, text)), []).append(part)
        for (_, bracketed), listed in lists.items():
            exact = not any(part.approximate or part.period != "report_year" for part in listed)
            if len(listed) > 1 and exact:
                yield _parts(whole, listed, text, bracketed=bracketed)


def _in_brackets(part: Fact, whole: Fact, text: str) -> bool:
    between = text[whole.span.end : part.span.start]
    return sum(between.count(mark) for mark in "(（") > sum(between.count(mark) for mark in ")）")


def _parts(whole: Fact, listed: list[Fact], text: str, *, bracketed: bool) -> Finding:
    amount = sum((part.value for part in listed), start=0)
    start = min(fact.span.start for fact in (whole, *listed))
    end = max(fact.span.end for fact in (whole, *listed))
    soft = "其中" in text[start:end] if amount < whole.value else not bracketed
    holds = amount == whole.value
    return Finding(
        "N-SUM",
        "pass" if holds else "fail",
        (),
        amount,
        whole.value,
        "" if holds else f"分项 {'＋'.join(str(part.value) for part in listed)}＝{amount}，总数写 {whole.value}",
        "" if holds else "unknown",
        whole.key,
        "info" if soft else "warn",
        "＋".join(str(part.value) for part in listed),
        whole.sentence,
        whole.span,
    )


_FEE_STEP = 10
"""Yuan: the smallest step of the tariff of 国办函〔2020〕109号, by pages (10, 20, 40 each) or requests (100 and up)."""
_FEE_UNPAID = "requests.other_fee_unpaid.total"


def check_fee(report: Report, _form: Form, _text: str) -> Iterator[Finding]:
    """T2-FEE: a fee that was asked for is told in section six. N-FEE: what is told fits the tariff."""
    yield from _fee_told(report)
    stated = {fact.key: fact for fact in report.facts if _is_comparable(fact, report) and not fact.part_of}
    yuan, cases = stated.get("info_processing_fee_yuan"), stated.get("info_processing_fee_cases")
    if yuan is None:
        return
    count = cases.value if cases else None
    fits = yuan.value % _FEE_STEP == 0 and (not count or yuan.value == 0 or yuan.value >= count * _FEE_STEP)
    contradicts = count == 0 and yuan.value > 0
    message = "" if fits and not contradicts else f"信息处理费 {yuan.value} 元不符合收费标准的档次"
    yield Finding(
        "N-FEE",
        "fail" if message else "pass",
        (_FEE_UNPAID,) if _FEE_UNPAID in report.cells else (),
        yuan.value,
        count,
        message,
        "unknown" if message else "",
        yuan.key,
        "warn",
        sentence=yuan.sentence,
        span=yuan.span,
    )


def _fee_told(report: Report) -> Iterator[Finding]:
    cell = report.cells.get(_FEE_UNPAID)
    if cell is None:
        return
    told = report.sections.get("other", "")
    found = Finding("T2-FEE", "not_assessable", (_FEE_UNPAID,), cell.value, None, subject="other", severity="warn")
    if cell.value == 0 or (cell.value and "费" in told):
        yield replace(found, verdict="pass")
    elif cell.value is None or not told.strip():
        yield replace(found, message="该格没有数字，或没有读到第六部分的文字")
    else:
        message = f"有 {cell.value} 件因逾期未缴费不再处理，第六部分没有提到信息处理费"
        yield replace(found, verdict="fail", message=message, cause="unknown")
