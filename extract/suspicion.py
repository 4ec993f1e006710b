"""Numbers recognised on pictures, held against the printed sums: a failed sum is doubt, and never repairs anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract.records import Cell, Finding, Report

_SUSPECTED = 0.7


def suspect(report: Report, findings: Sequence[Finding]) -> Report:
    """The report with doubt on each number of which some sum fails and none holds.

    A number read wrongly breaks every sum that it stands in; one that some sum confirms is not the wrong one.
    """
    failed = _keys(finding for finding in findings if finding.verdict == "fail")
    confirmed = _keys(finding for finding in findings if finding.verdict == "pass")
    doubtful = failed - confirmed
    cells = {key: _suspected(cell) if key in doubtful else cell for key, cell in report.cells.items()}
    return replace(report, cells=cells)


def _keys(findings: Iterable[Finding]) -> set[str]:
    return {key for finding in findings for key in finding.keys}


def _suspected(cell: Cell) -> Cell:
    if cell.state != "number":
        return cell
    reason = "; ".join(part for part in (cell.reason, "no sum confirms it and one fails") if part)
    return replace(cell, confidence=round(cell.confidence * _SUSPECTED, 3), reason=reason)
