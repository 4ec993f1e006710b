"""Numbers recognised on pictures, held against the printed sums: a failed sum is doubt, and never repairs anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.records import PageBox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from extract.records import Cell, Finding, Report

_SUSPECTED = 0.7


def suspect(report: Report, findings: Sequence[Finding], pages: Collection[int]) -> Report:
    """The report with doubt on each number on these pages (those that are pictures) of which sums fail and none holds.

    A number read wrongly breaks every sum that it stands in; one that some sum confirms is not the wrong one.
    """
    if not pages:
        return report
    failed = _keys(finding for finding in findings if finding.verdict == "fail")
    confirmed = _keys(finding for finding in findings if finding.verdict == "pass")
    doubtful = {key for key in failed - confirmed if _stands_on(report.cells.get(key), pages)}
    cells = {key: _suspected(cell) if key in doubtful else cell for key, cell in report.cells.items()}
    return replace(report, cells=cells)


def _keys(findings: Iterable[Finding]) -> set[str]:
    return {key for finding in findings for key in finding.keys}


def _stands_on(cell: Cell | None, pages: Collection[int]) -> bool:
    return cell is not None and isinstance(cell.place, PageBox) and cell.place.page in pages


def _suspected(cell: Cell) -> Cell:
    if cell.state != "number":
        return cell
    reason = "; ".join(part for part in (cell.reason, "no sum confirms it and one fails") if part)
    return replace(cell, confidence=round(cell.confidence * _SUSPECTED, 3), reason=reason)
