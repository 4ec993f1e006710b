"""Report -> Findings: looks, never edits. Each check is a file; CHECKS is their running order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.reconcile.identities import check_identities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract.forms import Form
    from extract.records import Finding, Report

__all__ = ["CHECKS", "reconcile"]

CHECKS: tuple[Callable[[Report, Form], Iterator[Finding]], ...] = (check_identities,)


def reconcile(report: Report, form: Form) -> tuple[Finding, ...]:
    """All findings of all checks over one report in its form."""
    return tuple(finding for check in CHECKS for finding in check(report, form))
