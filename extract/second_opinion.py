"""Two readings of one document compared cell by cell: agreement settles a failed sum, disagreement is doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract.records import Cell, Report

DISAGREE = "READERS-DISAGREE"
_DOUBTFUL = 0.5
_ENOUGH = 0.5
_PRINTED = ("number", "blank", "na_mark")  # a cell that we have not found is in doubt anyway


def compare(report: Report, findings: tuple[Finding, ...], other: Report) -> tuple[Report, tuple[Finding, ...]]:
    """The report with doubt where the other reader saw another number, and the findings with their cause.

    A failed sum whose cells both readers saw alike is printed so: cause source. One with a cell that they saw
    differently: cause extraction. A reader that found less than half of the numbers gives no opinion.
    """
    if not _has_opinion(report, other):
        return report, findings
    differing = {key for key, cell in report.cells.items() if _differs(cell, other.cells.get(key))}
    cells = {key: _doubted(cell, other.cells[key]) if key in differing else cell for key, cell in report.cells.items()}
    judged = tuple(_judged(finding, differing, other.cells) for finding in findings)
    if differing:
        message = f"两种读法不一致的单元格：{len(differing)} 个"
        keys = tuple(sorted(differing))
        judged += (Finding(DISAGREE, "fail", keys, message=message, cause="extraction", severity="warn"),)
    return replace(report, cells=cells), judged


def still_disagreeing(findings: tuple[Finding, ...], report: Report) -> tuple[Finding, ...]:
    """The disagreements of two readers, without the cells that are beyond doubt since a person decided them."""
    left = []
    for finding in findings:
        if finding.check != DISAGREE:
            continue
        if keys := tuple(key for key in finding.keys if report.cells[key].confidence < 1):
            message = f"两种读法不一致的单元格：{len(keys)} 个"
            left.append(replace(finding, keys=keys, message=message))
    return tuple(left)


def _has_opinion(report: Report, other: Report) -> bool:
    ours = sum(cell.state == "number" for cell in report.cells.values())
    theirs = sum(cell.state == "number" for cell in other.cells.values())
    return theirs >= _ENOUGH * ours


def _differs(cell: Cell, other: Cell | None) -> bool:
    """Another number, or one where ours saw a blank; that the other reader saw none is no opinion on the number."""
    return cell.state in _PRINTED and other is not None and other.value is not None and cell.value != other.value


def _doubted(cell: Cell, other: Cell) -> Cell:
    reason = f"a second reader sees {other.raw.strip()}"
    return replace(
        cell, confidence=min(cell.confidence, _DOUBTFUL), reason="; ".join(r for r in (cell.reason, reason) if r)
    )


def _judged(finding: Finding, differing: set[str], others: Mapping[str, Cell]) -> Finding:
    if finding.verdict != "fail" or not finding.cause:
        return finding
    if differing & set(finding.keys):
        return replace(finding, cause="extraction")
    seen_by_both = all(others.get(key) is not None and others[key].value is not None for key in finding.keys)
    return replace(finding, cause="source") if seen_by_both else finding
