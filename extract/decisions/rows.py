"""Decisions as rows of archive.db. What a passage says is in no row: the database is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from extract.decisions.corrections import Outcome
    from extract.decisions.withheld import Withheld

CORRECTIONS = (
    "report_key",
    "sha256",
    "key",
    "read_value",
    "printed_value",
    "status",
    "reason",
    "evidence",
    "decided_by",
    "decided_on",
)
WITHHELD = ("what", "target", "reason", "decided_by", "decided_on")


def correction_rows(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Rows of ``corrections``, in an order that comes from content. A value is NULL where the state is no number."""
    return sorted(map(_correction, outcomes), key=repr)


def withheld_rows(decisions: Iterable[Withheld]) -> list[dict[str, Any]]:
    """Rows of ``withheld``, each once: of a passage only that the document has one."""
    rows = {tuple(_withheld(decision).items()): None for decision in decisions}
    return sorted(map(dict, rows), key=repr)


def _correction(outcome: Outcome) -> dict[str, Any]:
    correction = outcome.correction
    said = [outcome.reason, correction.reason, correction.note]
    said += [f"{who} says {what}" for who, what in _states(correction.read.state, correction.printed.state)]
    return {
        "report_key": correction.report_key,
        "sha256": correction.sha256,
        "key": correction.key,
        "read_value": _number(correction.read.value),
        "printed_value": _number(correction.printed.value),
        "status": outcome.status,
        "reason": "; ".join(part for part in said if part) or None,
        "evidence": f"{correction.evidence} (read by {', '.join(correction.readers)})",
        "decided_by": correction.decided_by,
        "decided_on": correction.decided_on or None,
    }


def _states(read: str, printed: str) -> list[tuple[str, str]]:
    """The states that are no numbers, for which no column of the table speaks."""
    both: Mapping[str, str] = {"the reading": read, "the document": printed}
    return [(who, state) for who, state in both.items() if state != "number"]


def _withheld(decision: Withheld) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in WITHHELD}


def _number(value: int | Decimal | None) -> int | float | None:
    return value if value is None or isinstance(value, int) else float(value)
