"""A Reading as JSON for programs and as a few lines for people."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from extract.records import GridPlace, PageBox, Span

if TYPE_CHECKING:
    from extract.records import Cell, Finding, Place, Reading, Report


def as_json(reading: Reading, file: str) -> dict[str, Any]:
    """One object a document, as the README describes it; numbers are JSON numbers, places objects."""
    head: dict[str, Any] = {"file": file, "media_type": reading.media_type, "kind": reading.kind}
    if reading.member:
        head["member"] = reading.member
    report = reading.report
    if report is None:
        told = {"warnings": list(reading.warnings)} if reading.warnings else {}
        return {**head, "error": reading.error, **told}
    head |= {"reason": report.reason} if report.reason else {}
    return {
        **head,
        "title": report.title,
        "issuer": report.issuer,
        "year": report.year,
        "form": report.form,
        "scope": report.scope or None,
        "scope_cue": report.scope_cue or None,
        "year_sources": dict(report.year_sources),
        "document_number": report.document_number or None,
        "published_on": report.published_on or None,
        "signed_on": report.signed_on or None,
        "confidence": report.confidence,
        "cells": {key: _cell(cell) for key, cell in report.cells.items()},
        "statistics": [
            {
                "label": row.label,
                "key": row.key,
                "unit": row.unit,
                "value": number(row.value),
                "cumulative": number(row.cumulative),
                "cells": {name: _cell(cell) for name, cell in (("value", row.year), ("cumulative", row.total)) if cell},
            }
            for row in report.statistics
        ],
        "sections": dict(report.sections),
        "facts": [
            {
                "key": fact.key,
                "value": number(fact.value),
                "raw": fact.raw,
                "unit": fact.unit,
                "sentence": fact.sentence,
                "place": place(fact.span),
                "stated_as": fact.stated_as,
                "approximate": fact.approximate,
                "part_of": fact.part_of or None,
                "period": fact.period,
                "scope": fact.scope or None,
                "section": fact.section or None,
            }
            for fact in report.facts
        ],
        "findings": [_finding(finding) for finding in reading.findings],
        "warnings": list(reading.warnings),
    }


def as_line(reading: Reading, file: str) -> str:
    """``as_json`` in one line of text."""
    return json.dumps(as_json(reading, file), ensure_ascii=False)


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "value": number(cell.value),
        "raw": cell.raw,
        "state": cell.state,
        "confidence": cell.confidence,
        "place": place(cell.place),
        **({"reason": cell.reason} if cell.reason else {}),
        **({"unit": cell.unit} if cell.unit else {}),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "verdict": finding.verdict,
        "keys": list(finding.keys),
        "left": number(finding.left),
        "right": number(finding.right),
        "severity": finding.severity,
        **({"matched": finding.matched} if finding.matched else {}),
        **({"sentence": finding.sentence} if finding.sentence else {}),
        **({"place": place(finding.span)} if finding.span else {}),
        **({"message": finding.message} if finding.message else {}),
        **({"cause": finding.cause} if finding.cause else {}),
    }


def number(value: int | Decimal | None) -> int | float | None:
    """A JSON number; a Decimal becomes the nearest one.

    >>> number(Decimal("26.55")), number(None), number(3)
    (26.55, None, 3)
    """
    return float(value) if isinstance(value, Decimal) else value


def place(where: Place | None) -> dict[str, Any] | None:
    """A place as an object: page and box, or table, row and column, or start and end.

    >>> place(Span(3, 5))
    {'start': 3, 'end': 5}
    """
    if isinstance(where, PageBox):
        return {"page": where.page, "box": list(where.box)}
    if isinstance(where, GridPlace):
        return {"table": where.table, "row": where.row, "column": where.column}
    if isinstance(where, Span):
        return {"start": where.start, "end": where.end}
    return None


def as_text(reading: Reading, file: str) -> str:
    """A few lines that say what was read: what it is, how many numbers, which checks fail."""
    file += f" {reading.member}" if reading.member else ""
    report = reading.report
    if report is None:
        return f"{file}: not read: {reading.error}"
    if report.kind == "other":
        return f"{file}: no report: {report.reason}"
    lines = [
        f"{file}: {report.issuer or '(no issuer printed)'} {report.year or '(no year printed)'}",
        f"  {report.title}",
    ]
    lines.append(f"  {_summary(report)}" if report.cells else f"  {report.reason}")
    failed = [finding for finding in reading.findings if finding.verdict == "fail"]
    lines += [
        f"  fails {f.check}{f' at {f.keys[0]}' if f.keys else ''}: {f.message} ({f.cause or 'cause unknown'})"
        for f in failed
    ]
    lines += [f"  note: {warning}" for warning in reading.warnings]
    return "\n".join(lines)


def _summary(report: Report) -> str:
    states = [cell.state for cell in report.cells.values()]
    counts = {state: states.count(state) for state in ("number", "blank", "na_mark", "unreadable", "absent")}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"form {report.form}: {told}"


def _where(finding: Finding) -> str:
    return f"{finding.check} at {finding.keys[0]}" if finding.keys else finding.check
