"""The cells of a report of the fictional county, from the plan in county.py: every sum of the form holds in them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from extract.forms import load_form
from sample.county import WITH_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sample.county import Body

Cells = dict[str, int | float | None]

APPLICANTS = ("natural_person", "enterprise", "research", "social_org", "legal_service", "other_org")
ROUTES = ("review", "lit_direct", "lit_after_review")
OTHERS = ("other_no_correction", "other_fee_unpaid", "other_other")
BLOCKS = ("licensing", "other_services", "penalty", "coercion")
_FORM = load_form("2021")
_ONE_IN = {"enterprise": 6, "legal_service": 11, "research": 25, "social_org": 30}
"""Of so many requests of an outcome one comes from an enterprise, and so on; the rest from natural persons."""
_FIRST_OF_2021 = 2021


def form_of(year: int) -> str:
    """The form whose tables the reports of a year print."""
    return "2021" if year >= _FIRST_OF_2021 else "2019"


def handled(body: Body, year: int) -> int:
    """Requests that an agency handled in a year: what came and was carried in, less what it carried out."""
    at = year - 2018
    carried_in = body.carried_out[at - 1] if at else 0
    return body.received[at] + carried_in - body.carried_out[at]


def cells_of(body: Body, year: int) -> Cells:
    """An agency's cells of a year from 2019 on, as it knows them itself."""
    disclosure = _disclosure_2021(body, year) if form_of(year) == "2021" else _disclosure_2019(body, year)
    cells = {f"disclosure.{key}": value for key, value in disclosure.items()}
    return cells | _requests(body, year) | _disputes(body, year)


def summed(parts: Iterable[Mapping[str, int | float | None]]) -> Cells:
    """The sum over parts, cell by cell; money keeps four decimals."""
    total: Cells = {}
    for cells in parts:
        for key, value in cells.items():
            total[key] = _whole(round((total.get(key) or 0) + (value or 0), 4))
    return total


def single_other(cells: Cells) -> None:
    """The single row 其他处理 of the form of 2019 in place of the three of 2021."""
    for column in (*APPLICANTS, "total"):
        cells[f"requests.other_all.{column}"] = sum(cells.pop(f"requests.{part}.{column}") or 0 for part in OTHERS)


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _disclosure_2021(body: Body, year: int) -> Cells:
    at = year - 2019
    in_force = body.stock + sum(body.issued[: at + 1]) - sum(body.repealed[: at + 1])
    return {
        **{f"rules_{what}": 0 for what in ("issued", "repealed", "in_force")},
        "normdocs_issued": body.issued[at],
        "normdocs_repealed": body.repealed[at],
        "normdocs_in_force": in_force,
        "licensing_decisions": body.licensing[at],
        "penalty_decisions": body.penalties[at],
        "coercion_decisions": body.coercion[at],
        "admin_fees_wan": body.fees_wan[at],
    }


def _disclosure_2019(body: Body, year: int) -> Cells:
    """Items of 2020 follow from those of 2019; decisions are counted in both forms, services only here."""
    at = year - 2019
    made = body.issued[at]
    choose = random.Random(f"{body.name}{year}")
    table: Cells = {f"rules_{what}": 0 for what in ("made", "published", "published_stock")}
    table |= {"normdocs_made": made, "normdocs_published": made}
    table["normdocs_published_stock"] = body.stock + sum(body.issued[: at + 1])
    decisions = {"licensing": body.licensing, "penalty": body.penalties, "coercion": body.coercion}
    for block in (*BLOCKS, "admin_fees"):
        items, *changes = body.items.get(block, (0, 0, 0))
        table[f"{block}_items_prev"] = items + sum(changes[:at])
        table[f"{block}_items_change"] = changes[at]
        if block != "admin_fees":
            services = choose.randint(0, 90) if items else 0
            table[f"{block}_decisions"] = decisions[block][at] if block in decisions else services
    projects = choose.randint(0, 4) if body.kind != "township" else choose.randint(0, 1)
    return table | {"procurement_projects": projects, "procurement_amount": projects * choose.randint(90_000, 300_000)}


def _requests(body: Body, year: int) -> Cells:
    at = year - 2019
    outcomes = {row: numbers[at] for row, numbers in body.outcomes.items()}
    total = handled(body, year)
    outcomes["granted"] = total - sum(outcomes.values())
    if outcomes["granted"] < 0:
        raise ValueError(f"{body.name} {year}: more outcomes than requests")
    table = {row.key: dict.fromkeys(APPLICANTS, 0) for row in _FORM.table("requests").rows if not row.instead_of}
    for row, number in outcomes.items():
        table[row] = _applicants(number)
    for column in APPLICANTS:
        table["outcome_total"][column] = sum(table[row][column] for row in outcomes)
    table["carried_in"]["natural_person"] = body.carried_out[at]
    table["carried_out"]["natural_person"] = body.carried_out[at + 1]
    for column in APPLICANTS:
        handled_here = table["outcome_total"][column] + table["carried_out"][column]
        table["received_new"][column] = handled_here - table["carried_in"][column]
    cells: Cells = {}
    for row, numbers in table.items():
        cells |= {f"requests.{row}.{column}": number for column, number in numbers.items()}
        cells[f"requests.{row}.total"] = sum(numbers.values())
    if form_of(year) == "2019":
        single_other(cells)
    return cells


def _applicants(number: int) -> dict[str, int]:
    found = dict.fromkeys(APPLICANTS, 0) | {column: number // one_in for column, one_in in _ONE_IN.items()}
    found["natural_person"] = number - sum(found.values())
    return found


def _disputes(body: Body, year: int) -> Cells:
    cells: Cells = {}
    for route, cases in zip(ROUTES, (body.review, body.lit_direct, body.lit_after_review), strict=True):
        results = cases[year - 2019]
        names = ("upheld", "corrected", "other", "pending")
        cells |= {f"disputes.{route}_{name}": number for name, number in zip(names, results, strict=True)}
        cells[f"disputes.{route}_total"] = sum(results)
    return cells


def statistics_of(body: Body) -> dict[str, int]:
    """The statistics of 2018, row -> number: the form of 2014 in the length in which counties print it."""
    received, closed = body.received[0], handled(body, WITH_TABLES[0] - 1)
    choose = random.Random(body.name)
    normdocs = choose.randint(0, 6)
    partly, denied, not_exist = closed // 8, closed // 9, closed // 7
    in_person, online, extended = received // 4, received // 2, closed // 10
    full, part = 1, choose.randint(0, 3)
    return {
        "s_proactive_total": choose.randint(60, 900) + normdocs,
        "s_proactive_normdocs": normdocs,
        "s_normdocs_made": normdocs,
        "s_channel_website": choose.randint(40, 600),
        "s_req_received": received,
        "s_req_in_person": in_person,
        "s_req_fax": 0,
        "s_req_online": online,
        "s_req_letter": received - in_person - online,
        "s_req_closed": closed,
        "s_req_closed_on_time": closed - extended,
        "s_req_closed_extended": extended,
        "s_reply_total": closed,
        "s_reply_already_public": 0,
        "s_reply_granted": closed - partly - denied - not_exist,
        "s_reply_partly": partly,
        "s_reply_denied": denied,
        "s_denied_state_secret": 0,
        "s_denied_trade_secret": 0,
        "s_denied_privacy": denied,
        "s_denied_security": 0,
        "s_denied_not_gov_info": 0,
        "s_denied_law_other": 0,
        "s_reply_not_this_agency": 0,
        "s_reply_not_exist": not_exist,
        "s_reply_asked_to_correct": 0,
        "s_reply_other_channel": 0,
        "s_review_total": 1 if closed > 15 else 0,
        "s_review_upheld": 1 if closed > 15 else 0,
        "s_lit_total": 0,
        "s_lit_upheld": 0,
        "s_fees_wan": 0,
        "s_org_staff": full + part,
        "s_org_staff_full": full,
        "s_org_staff_part": part,
    }
