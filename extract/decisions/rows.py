"""Decisions as rows of archive.db. What a passage says is in no row: the database is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from extract.decisions.corrections import Outcome
    from extract.decisions.withheld import Withheld

_NAME = ("report_key", "sha256", "member", "key", "decided_on")


def correction_rows(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Rows of ``corrections``, in an order that comes from content. A value is NULL where the state is no number.

    Of decisions on one cell of one day that contradict each other there is one row, whose reason names the other.
    """
    rows = {tuple(row[name] for name in _NAME): row for row in map(_correction, outcomes)}
    return sorted(rows.values(), key=repr)


def withheld_rows(decisions: Iterable[Withheld]) -> list[dict[str, Any]]:
    """Rows of ``withheld``; ``passage`` numbers the passages of a document or report, and is empty for the whole.

    ``follows``: the report about which it was decided, where the row is about one of its documents.
    """
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    passages: dict[str, dict[str, int]] = {}
    for decision in decisions:
        of_target = passages.setdefault(decision.target, {})
        number = of_target.setdefault(decision.passage, len(of_target) + 1)
        row = {name: getattr(decision, name) for name in ("what", "target", "reason", "decided_by", "decided_on")}
        row["passage"] = str(number) if decision.passage else ""
        row["follows"] = decision.report_key or None
        rows.setdefault((row["what"], row["target"], row["passage"]), row)
    return sorted(rows.values(), key=repr)


def _correction(outcome: Outcome) -> dict[str, Any]:
    correction = outcome.correction
    return {
        "report_key": correction.report_key,
        "sha256": correction.sha256,
        "member": correction.member,
        "key": correction.key,
        "read_value": _number(correction.read.value),
        "read_state": correction.read.state,
        "printed_value": _number(correction.printed.value),
        "printed_state": correction.printed.state,
        "printed_raw": correction.printed.raw,
        "status": outcome.status,
        "reason": "; ".join(part for part in (outcome.reason, correction.reason) if part) or None,
        "evidence": f"{correction.evidence} (read by {', '.join(correction.readers)})",
        "note": correction.note or None,
        "decided_by": correction.decided_by,
        "decided_on": correction.decided_on,
    }


def _number(value: int | Decimal | None) -> int | float | None:
    return value if value is None or isinstance(value, int) else float(value)
