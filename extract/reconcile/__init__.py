"""Report -> Findings: looks, never edits. Each family of checks is a file; CHECKS is their running order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.reconcile.identities import check_identities, check_statistics
from extract.reconcile.narrative import check_fee, check_narrative, check_parts
from extract.reconcile.plausibility import check_counts, check_rule_power
from extract.reconcile.previous import compare_years
from extract.reconcile.structure import check_form, check_sections, check_tables, check_template, check_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract.forms import Form
    from extract.records import Finding, Report

__all__ = ["CHECKS", "compare_years", "reconcile"]

CHECKS: tuple[Callable[[Report, Form, str], Iterator[Finding]], ...] = (
    check_identities,
    check_statistics,
    check_counts,
    check_rule_power,
    check_fee,
    check_narrative,
    check_parts,
    check_sections,
    check_tables,
    check_form,
    check_template,
    check_year,
)


def reconcile(report: Report, form: Form, text: str = "") -> tuple[Finding, ...]:
    """All findings of all checks over one report in its form; ``text``: the document's, which spans count in."""
    return tuple(finding for check in CHECKS for finding in check(report, form, text))
