"""A reading -> the rows that keep it, table by table: pure, so that they can be made anywhere and written in one go."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from extract.store.evidence import pack
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract.records import Cell, Fact, Finding, Reading
    from extract.store.evidence import OddCell, PrintedRow, RowIds

READING = (
    "id", "sha256", "member", "reader", "kind", "form", "issuer_printed", "title", "year", "scope", "published_on",
    "signed_on", "confidence", "numbers", "unreadable", "doubtful", "failed", "passed", "reason", "error", "scope_cue",
    "year_sources", "document_number", "warnings",
)  # fmt: skip
"""The columns of a row of ``readings``."""
_APPLICANTS = ("natural_person", "enterprise", "research", "social_org", "legal_service", "other_org", "total")
_ROUTES = ("review", "lit_direct", "lit_after_review")
_REQUEST_KEYS = {column: tuple(f"requests.{row}.{column}" for row in REQUESTS) for column in _APPLICANTS}
_DISPUTE_KEYS = {route: tuple(f"disputes.{route}_{result}" for result in DISPUTES) for route in _ROUTES}
_DISCLOSURE_KEYS = tuple(f"disclosure.{name}" for name in (*DISCLOSURE, *DISCLOSURE_2019))
_NEAR = 2_000
"""How far before a number its sentence may begin, in characters."""

_MOST_KEYS = 30
"""Of a check that is about every empty cell the first are named; which cells are empty is in ``cells``."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ReadingRows:
    """What a reading comes to: the rows of each table, complete."""

    reading: Row
    disclosure: Sequence[Row] = ()
    requests: Sequence[Row] = ()
    disputes: Sequence[Row] = ()
    statistics: Sequence[Row] = ()
    printed: Sequence[PrintedRow] = ()
    odd: Sequence[OddCell] = ()
    sections: Sequence[Row] = ()
    facts: Sequence[Row] = ()
    findings: Sequence[Row] = field(default=())


def reading_rows(number: int, reading: Reading, row_ids: RowIds) -> ReadingRows:
    """All rows of a reading, whose own row has that number; ``row_ids`` learns the rows of cells it did not know."""
    findings, passed, failed = _sorted_out(number, reading.findings)
    report = reading.report
    if report is None:
        return ReadingRows(_reading_row(number, reading, (0, 0, 0, failed, passed)), findings=findings)
    cells = report.cells
    packed = pack(number, report, row_ids)
    return ReadingRows(
        reading=_reading_row(number, reading, (packed.numbers, packed.unreadable, packed.doubtful, failed, passed)),
        disclosure=[_disclosure_row(number, cells)] if cells else (),
        requests=_table_rows(number, cells, _REQUEST_KEYS),
        disputes=_table_rows(number, cells, _DISPUTE_KEYS),
        statistics=[
            (number, position, row.key, row.label, row.unit, plain(row.value), plain(row.cumulative))
            for position, row in enumerate(report.statistics)
        ],
        printed=packed.rows,
        odd=packed.odd,
        sections=[(number, key, text) for key, text in report.sections.items()],
        facts=[_fact_row(number, position, fact, reading.text) for position, fact in enumerate(report.facts)],
        findings=findings,
    )


def _reading_row(number: int, reading: Reading, counts: tuple[int, int, int, int, str | None]) -> Row:
    warnings = json.dumps(list(reading.warnings), ensure_ascii=False) if reading.warnings else None
    report = reading.report
    own = (number, reading.sha256, reading.member, reading.reader, reading.kind)
    if report is None:
        return (*own, *(None,) * 8, *counts, None, reading.error or None, None, None, None, warnings)
    return (
        *own,
        report.form,
        report.issuer or None,
        report.title or None,
        report.year,
        report.scope or None,
        report.published_on or None,
        report.signed_on or None,
        report.confidence,
        *counts,
        report.reason or None,
        reading.error or None,
        report.scope_cue or None,
        json.dumps(dict(report.year_sources)) if report.year_sources else None,
        report.document_number or None,
        warnings,
    )


def _disclosure_row(number: int, cells: Mapping[str, Cell]) -> Row:
    procurement = cells.get("disclosure.procurement_amount")
    unit = procurement.unit if procurement else ""
    values = [None if cell is None else plain(cell.value) for cell in map(cells.get, _DISCLOSURE_KEYS)]
    return (number, *values, unit or None)


def _table_rows(number: int, cells: Mapping[str, Cell], keys: Mapping[str, Sequence[str]]) -> list[Row]:
    """A row for each applicant or route that the report prints. These are counts: SQLite refuses what is none."""
    rows = []
    for name, of_row in keys.items():
        printed = list(map(cells.get, of_row))
        if any(printed):
            rows.append((number, name, *[None if cell is None else cell.value for cell in printed]))
    return rows


def _fact_row(number: int, position: int, fact: Fact, text: str) -> Row:
    """A sentence that stands in the document's text is kept as its place there; one that was put together as words."""
    begin = text.find(fact.sentence, max(0, fact.span.start - _NEAR)) if fact.sentence else -1
    stands = begin >= 0 and begin <= fact.span.start
    return (
        number,
        position,
        fact.key,
        plain(fact.value),
        fact.raw,
        fact.unit,
        fact.stated_as,
        int(fact.approximate),
        fact.part_of or None,
        fact.period,
        fact.scope or None,
        fact.section or None,
        fact.span.start,
        fact.span.end,
        begin if stands else None,
        begin + len(fact.sentence) if stands else None,
        None if stands else fact.sentence,
    )


def _sorted_out(number: int, findings: Sequence[Finding]) -> tuple[list[Row], str | None, int]:
    """Rows for failures, each its own, and for the others one for each check and reason.

    Then, as json, how often each check passed where there is no more to say of it (``{"T2-FLOW": 7}``); and how many
    failures of severity error there are.
    """
    passed: dict[str, int] = {}
    failed, others = [], []
    errors = 0
    for finding in findings:
        if finding.verdict == "fail":
            failed.append(finding)
            errors += finding.severity == "error"
        elif finding.verdict == "pass" and not (finding.message or finding.matched or finding.sentence):
            passed[finding.check] = passed.get(finding.check, 0) + 1
        else:
            others.append(finding)
    rows: list[Row] = [(number, position, *_finding_row(finding)) for position, finding in enumerate(failed)]
    others.sort(key=_kind)  # stable: within a kind in the checks' order
    for position, (_, alike) in enumerate(groupby(others, key=_kind), len(rows)):
        one, *more = alike
        rows.append((number, position, *(_several(one, 1 + len(more)) if more else _finding_row(one))))
    return rows, json.dumps(passed, separators=(",", ":"), sort_keys=True) if passed else None, errors


def _several(one: Finding, times: int) -> Row:
    severity = one.severity if one.severity != "error" else None
    said = one.message or None, None, one.matched or None
    return (one.check, one.verdict, times, None, severity, None, None, None, *said, None, None, None)


def _kind(finding: Finding) -> tuple[str, ...]:
    return finding.check, finding.verdict, finding.message, finding.matched, finding.sentence


def _finding_row(finding: Finding) -> Row:
    span = finding.span
    named = finding.keys[:_MOST_KEYS] if finding.verdict == "fail" or span else ()
    return (
        finding.check,
        finding.verdict,
        1,
        finding.subject or None,
        finding.severity if finding.severity != "error" else None,
        plain(finding.left),
        plain(finding.right),
        json.dumps(named, separators=(",", ":")) if named else None,
        finding.message or None,
        finding.cause or None,
        finding.matched or None,
        finding.sentence or None,
        span.start if span else None,
        span.end if span else None,
    )


def plain(value: int | Decimal | None) -> int | float | None:
    """A number as SQLite keeps it."""
    return float(value) if isinstance(value, Decimal) else value
