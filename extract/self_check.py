"""What a self-check says of one report: a Reading -> what there is to tell. No words, no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extract.records import DOUBT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from extract.records import Finding, Reading, Report

Outcome = Literal["fine", "warned", "untested", "faulty", "no_tables", "other", "unread"]
"""How a report stands: all holds; something to look at; nothing fails but some sums (or all) could not be
tested; something fails; and the three in which there is nothing to check: no tables in it, no report, no reading."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is told of one document. ``previous``: the file that it was held against, if any.

    ``doubtful``: cells whose number was read with little confidence. ``suspects``: cells in which a failed row and a
    failed column cross with the same difference: most likely one of them was typed wrong.
    """

    file: str
    reading: Reading
    outcome: Outcome
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    untested: tuple[Finding, ...] = ()
    passed: int = 0
    doubtful: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    previous: str = ""

    @property
    def report(self) -> Report | None:
        """The report, where there is one to be checked."""
        return self.reading.report if self.outcome not in ("other", "unread") else None

    @property
    def is_template(self) -> bool:
        """Whether nothing is filled in: every table is blank."""
        return any(finding.check == "S-BLANK" for finding in self.errors)

    @property
    def sound(self) -> bool:
        """Whether it was checked and no check of severity error fails."""
        return self.outcome in ("fine", "warned", "untested")


def look(reading: Reading, file: str, previous: str = "") -> Page:
    """What there is to tell of a reading."""
    report = reading.report
    if report is None:
        return Page(file, reading, "unread")
    if report.kind == "other":
        return Page(file, reading, "other")
    failed = [finding for finding in reading.findings if finding.verdict == "fail"]
    by_severity = {name: tuple(f for f in failed if f.severity == name) for name in ("error", "warn", "info")}
    untested = tuple(finding for finding in reading.findings if finding.verdict == "not_assessable")
    return Page(
        file,
        reading,
        _outcome(report, by_severity, untested, summed=_is_summed(reading.findings)),
        by_severity["error"],
        by_severity["warn"],
        by_severity["info"],
        untested,
        sum(finding.verdict == "pass" for finding in reading.findings),
        tuple(key for key, cell in report.cells.items() if cell.state == "number" and cell.confidence < DOUBT),
        suspects(by_severity["error"]),
        previous,
    )


def _is_summed(findings: Sequence[Finding]) -> bool:
    """Whether a sum of the form was tested at all: the oldest forms have none."""
    return any(
        finding.check.startswith(("T1", "T2", "T3", "S14")) and finding.verdict == "pass" for finding in findings
    )


def _outcome(
    report: Report, failed: Mapping[str, Sequence[Finding]], untested: Sequence[Finding], *, summed: bool
) -> Outcome:
    if failed["error"]:
        return "faulty"
    if not report.cells and not report.statistics:
        return "no_tables"
    if not summed or any(finding.severity == "error" for finding in untested):
        return "untested"
    return "warned" if failed["warn"] else "fine"


def suspects(errors: Sequence[Finding]) -> tuple[str, ...]:
    """The cells in which a failed row and a failed column of table 2 cross with the same difference."""
    rows = [finding for finding in errors if finding.check == "T2-ROWSUM"]
    columns = [finding for finding in errors if finding.check.startswith(("T2-FLOW", "T2-OUTCOME"))]
    crossing = (
        (set(row.keys) & set(column.keys), _difference(row) == _difference(column))
        for row in rows
        for column in columns
    )
    return tuple(sorted({key for keys, alike in crossing if alike and len(keys) == 1 for key in keys}))


def _difference(finding: Finding) -> int | Decimal | None:
    if finding.left is None or finding.right is None:
        return None
    return max(finding.left, finding.right) - min(finding.left, finding.right)
