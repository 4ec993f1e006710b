"""A reading -> the rows that keep it, table by table: pure, so that they can be made anywhere and written in one go."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from extract.store.evidence import pack
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from extract.records import Cell, Fact, Finding, Reading
    from extract.store.evidence import OddCell, PrintedRow

READING = (
    "sha256", "member", "reader", "kind", "form", "issuer_printed", "title", "year", "scope", "published_on",
    "signed_on", "confidence", "numbers", "unreadable", "doubtful", "failed", "passed", "reason", "error", "scope_cue",
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
    passed = _passed(reading.findings)
    report = reading.report
    if report is None:
        return ReadingRows(_reading_row(reading, (0, 0, 0, failed, passed)), findings=findings)
    cells = report.cells
    packed = pack(report)
    return ReadingRows(
        reading=_reading_row(reading, (packed.numbers, packed.unreadable, packed.doubtful, failed, passed)),
        disclosure=[_disclosure_row(cells)] if cells else (),
        requests=_table_rows(cells, _REQUEST_KEYS),
        disputes=_table_rows(cells, _DISPUTE_KEYS),
        statistics=[
            (position, row.key, row.label, row.unit, plain(row.value), plain(row.cumulative))
            for position, row in enumerate(report.statistics)
        ],
        printed=packed.rows,
        odd=packed.odd,
        sections=list(report.sections.items()),
        facts=[_fact_row(position, fact, reading.text) for position, fact in enumerate(report.facts)],
        findings=findings,
    )


def _reading_row(reading: Reading, counts: tuple[int, int, int, int, str | None]) -> Row:
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


def _disclosure_row(cells: Mapping[str, Cell]) -> Row:
    procurement = cells.get("disclosure.procurement_amount")
    unit = procurement.unit if procurement else ""
    return (*_values(map(cells.get, _DISCLOSURE_KEYS)), unit or None)


def _table_rows(cells: Mapping[str, Cell], keys: Mapping[str, Sequence[str]]) -> list[Row]:
    """A row for each applicant or route that the report prints."""
    return [
        (name, *_values(map(cells.get, of_row))) for name, of_row in keys.items() if any(key in cells for key in of_row)
    ]


def _values(cells: Iterable[Cell | None]) -> Iterator[int | float | None]:
    for cell in cells:
        value = cell.value if cell is not None else None
        yield value if value is None or value.__class__ is int else float(value)


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
    """Failures a row each, in their order; the others a row for each check and reason, plain passes none at all."""
    failed = [finding for finding in findings if finding.verdict == "fail"]
    others = [finding for finding in findings if finding.verdict != "fail" and not _is_plain_pass(finding)]
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


def _passed(findings: Sequence[Finding]) -> str | None:
    """How often each check passed where there is no more to say of it, as json: ``{"T2-FLOW": 7}``."""
    counts = Counter(finding.check for finding in findings if _is_plain_pass(finding))
    return json.dumps(counts, separators=(",", ":"), sort_keys=True) if counts else None


def _is_plain_pass(finding: Finding) -> bool:
    return finding.verdict == "pass" and not (finding.message or finding.matched or finding.sentence)


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
