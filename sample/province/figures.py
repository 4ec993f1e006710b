"""A year's numbers of an agency of the province, drawn from a seed; the county's are planned (sample/county.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.forms import load_form
from sample.numbers import APPLICANTS, ROUTES

if TYPE_CHECKING:
    import random

_FORM = load_form("2021")
_OUTCOMES = [
    row.key
    for row in _FORM.table("requests").rows
    if row.key not in ("received_new", "carried_in", "outcome_total", "carried_out") and not row.instead_of
]
# Most requests are granted; nobody is dropped for an unpaid fee, as the reports' last section says.
_WEIGHTS = [{"granted": 9, "granted_partly": 4, "other_fee_unpaid": 0}.get(key, 1) for key in _OUTCOMES]


def numbers_of_a_year(
    randomness: random.Random, busy: int, carried_in: dict[str, int], stock: int
) -> tuple[dict[str, Any], dict[str, int], int]:
    """A year's numbers: all sums hold, the carry-over goes on from the year before, so does the stock of documents."""
    cells: dict[str, Any] = {}
    issued, repealed = randomness.randint(0, 6), randomness.randint(0, min(3, stock))
    stock = stock + issued - repealed
    cells |= {f"disclosure.rules_{what}": 0 for what in ("issued", "repealed", "in_force")}
    cells |= {
        "disclosure.normdocs_issued": issued,
        "disclosure.normdocs_repealed": repealed,
        "disclosure.normdocs_in_force": stock,
    }
    cells["disclosure.licensing_decisions"] = randomness.randint(0, busy * 60)
    cells["disclosure.penalty_decisions"] = randomness.randint(0, busy * 25)
    cells["disclosure.coercion_decisions"] = randomness.randint(0, busy)
    cells["disclosure.admin_fees_wan"] = (
        round(randomness.uniform(0, busy * 9), randomness.choice((0, 2, 4))) if busy else 0
    )
    carried_out: dict[str, int] = {}
    table = {row.key: dict.fromkeys(APPLICANTS, 0) for row in _FORM.table("requests").rows if not row.instead_of}
    for column in APPLICANTS:
        weight = {"natural_person": 1.0, "enterprise": 0.15, "legal_service": 0.08}.get(column, 0.03)
        total = max(carried_in[column], round(busy * weight * randomness.uniform(0.6, 1.6)))
        for _ in range(total):
            key = randomness.choices(_OUTCOMES, weights=_WEIGHTS)[0]
            table[key][column] += 1
        table["outcome_total"][column] = total
        table["carried_in"][column] = carried_in[column]
        carried_out[column] = table["carried_out"][column] = randomness.randint(0, 1 + total // 12) if total else 0
        table["received_new"][column] = total + carried_out[column] - carried_in[column]
    for row, numbers in table.items():
        cells |= {f"requests.{row}.{column}": number for column, number in numbers.items()}
        cells[f"requests.{row}.total"] = sum(numbers.values())
    for route in ROUTES:
        results = [randomness.randint(0, busy // 10) for _ in range(4)]
        cells |= {
            f"disputes.{route}_{name}": number
            for name, number in zip(("upheld", "corrected", "other", "pending"), results, strict=True)
        }
        cells[f"disputes.{route}_total"] = sum(results)
    return cells, carried_out, stock
