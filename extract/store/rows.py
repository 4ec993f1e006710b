"""A reading -> the rows that keep it, table by table: pure, so that they can be made anywhere and written in one go."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from extract.records import SURE
from extract.store.evidence import pack, pack_statistics
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from extract.records import Cell, Fact, Finding, Reading, Report
    from extract.store.evidence import OddCell, PrintedRow

READING = (
    "sha256", "member", "reader", "kind", "form", "issuer_printed", "title", "year", "scope", "published_on",
    "signed_on", "confidence", "numbers", "unreadable", "doubtful", "failed", "reason", "error", "scope_cue",
    "year_sources", "document_number", "warnings",
)  # fmt: skip
"""The columns of a row of ``readings``, without its id."""
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
    """What a reading comes to: rows without the reading's id, which stands before each when they are written.

    ``printed``: keys of the cells, then the columns of printed_rows.
    """

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


def reading_rows(reading: Reading) -> ReadingRows:
    """All rows of a reading."""
    findings = list(_finding_rows(reading.findings))
    failed = sum(f.verdict == "fail" and f.severity == "error" for f in reading.findings)
    report = reading.report
    if report is None:
        return ReadingRows(_reading_row(reading, (0, 0, 0, failed)), findings=findings)
    cells = report.cells
    numbers = {key: plain(cell.value) for key, cell in cells.items()}
    printed, odd = pack(cells) if cells else ([], [])
    if report.statistics:
        more, also = pack_statistics(report)
        printed, odd = printed + more, odd + also
    return ReadingRows(
        reading=_reading_row(reading, (*_counts(report), failed)),
        disclosure=[_disclosure_row(cells, numbers)] if cells else (),
        requests=_table_rows(numbers, _REQUEST_KEYS),
        disputes=_table_rows(numbers, _DISPUTE_KEYS),
        statistics=[
            (position, row.key, row.label, row.unit, plain(row.value), plain(row.cumulative))
            for position, row in enumerate(report.statistics)
        ],
        printed=printed,
        odd=odd,
        sections=list(report.sections.items()),
        facts=[_fact_row(position, fact, reading.text) for position, fact in enumerate(report.facts)],
        findings=findings,
    )


def _reading_row(reading: Reading, counts: tuple[int, int, int, int]) -> Row:
    warnings = json.dumps(list(reading.warnings), ensure_ascii=False) if reading.warnings else None
    report = reading.report
    own = (reading.sha256, reading.member, reading.reader, reading.kind)
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


def _counts(report: Report) -> tuple[int, int, int]:
    """How many cells state a number, are unreadable, and state a number that is in doubt."""
    numbers = unreadable = doubtful = 0
    for cell in _all_cells(report):
        if cell.value is not None:
            numbers += 1
            doubtful += cell.confidence < SURE
        elif cell.state == "unreadable":
            unreadable += 1
    return numbers, unreadable, doubtful


def _all_cells(report: Report) -> Iterable[Cell]:
    if not report.statistics:
        return report.cells.values()
    figures = [cell for row in report.statistics for cell in (row.year, row.total) if cell is not None]
    return [*report.cells.values(), *figures]


def _disclosure_row(cells: Mapping[str, Cell], numbers: Mapping[str, int | float | None]) -> Row:
    procurement = cells.get("disclosure.procurement_amount")
    unit = procurement.unit if procurement else ""
    return (*[numbers.get(key) for key in _DISCLOSURE_KEYS], unit or None)


def _table_rows(numbers: Mapping[str, int | float | None], keys: Mapping[str, Sequence[str]]) -> list[Row]:
    """A row for each applicant or route that the report prints."""
    rows = []
    for name, of_row in keys.items():
        values = [numbers.get(key) for key in of_row]
        if any(value is not None for value in values) or any(key in numbers for key in of_row):
            rows.append((name, *values))
    return rows


def _fact_row(position: int, fact: Fact, text: str) -> Row:
    """A sentence that stands in the document's text is kept as its place there; one that was put together as words."""
    begin = text.find(fact.sentence, max(0, fact.span.start - _NEAR)) if fact.sentence else -1
    stands = begin >= 0 and begin <= fact.span.start
    return (
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


def _finding_rows(findings: Sequence[Finding]) -> Iterator[Row]:
    """Failures a row each, in their order; what passed or could not be tested a row for each check and reason."""
    failed = [finding for finding in findings if finding.verdict == "fail"]
    others = [finding for finding in findings if finding.verdict != "fail"]
    position = 0
    for finding in failed:
        yield (position, *_finding_row(finding))
        position += 1
    others.sort(key=_kind)  # stable: within a kind in the checks' order
    for _, alike in groupby(others, key=_kind):
        several = list(alike)
        one = several[0]
        if len(several) == 1:
            yield (position, *_finding_row(one))
        else:
            severity = one.severity if one.severity != "error" else None
            yield (position, one.check, one.verdict, len(several), None, severity, *(None,) * 3, one.message or None,
                   None, one.matched or None, *(None,) * 3)  # fmt: skip
        position += 1


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
