"""Compose the manifest of the sample portal: a fictional county, its agencies and their reports, cell by cell.

Run ``python -m sample.compose`` to write sample/manifest.json anew; a test holds that the result is the same.
The numbers come from county.py and satisfy the form's sums, except where ``violations`` says otherwise. What must come
out of comparing reports with each other, and what is missing, stands in ``truths``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from sample import county
from sample.county import BODIES, GOVERNMENT
from sample.numbers import APPLICANTS, BLOCKS, cells_of, form_of, single_other, statistics_of, summed

MANIFEST = Path(__file__).with_name("manifest.json")

SITES = [
    {
        "id": "lanting",
        "name": "岚汀县人民政府",
        "family": "trs",
        "address": "127.0.0.11",
        "start_path": "/zwgk/zfxxgknb/",
    },
    {
        "id": "lanting-xxgk",
        "name": "岚汀县信息公开平台",
        "family": "hanweb",
        "address": "127.0.0.12",
        "start_path": "/col/col4107/index.html",
    },
    {
        "id": "lanting-xz",
        "name": "岚汀县乡镇信息公开",
        "family": "ucap",
        "address": "127.0.0.13",
        "start_path": "/lanting/c100207/list.shtml",
    },
    {
        "id": "lanting-gkml",
        "name": "岚汀县政府信息公开目录",
        "family": "gkmlpt",
        "address": "127.0.0.14",
        "start_path": "/gkmlpt/index",
    },
    {
        "id": "maipu",
        "name": "麦浦镇人民政府",
        "family": "generic",
        "address": "127.0.0.15",
        "start_path": "/nianbao/list_1.html",
    },
]
STYLES = {"lanting": "plain", "lanting-xxgk": "word", "lanting-xz": "nested", "lanting-gkml": "plain", "maipu": "bare"}
SUMMED = (
    "requests.received_new.total",
    "requests.outcome_total.total",
    "disputes.review_total",
    "disclosure.normdocs_issued",
    "disclosure.licensing_decisions",
)
"""The cells in which the county's report is held against the sum over its parts."""
GOVERNMENT_VOICE = 23
"""The voice of the county's report: none of the agencies' is like it (see portal/prose.py)."""


def compose() -> dict[str, Any]:
    """The manifest as it is written."""
    reports = [*_county_reports()]
    for number, body in enumerate(BODIES):
        for year in county.YEARS:
            name = body.name_in(year)
            if (name, year) not in (*county.NOT_TO_BE_HAD, *county.NEVER_PUBLISHED):
                reports.append(_report(name, body.site, year, number, body.itself, _told_fees(name, year)))
    _give_paths(reports)
    known = {(report["issuer"], report["year"]): report for report in reports}
    return {
        "about": "Invented places, agencies and numbers. Written by sample/compose.py.",
        "sites": SITES,
        "decoys": _decoys(),
        "unavailable": _unavailable(),
        "next_day": {
            "altered": [{"issuer": i, "year": y, "cells": cells} for (i, y), cells in county.ALTERED.items()],
            "vanished": [{"issuer": i, "year": y} for i, y in county.VANISHED],
            "new": [{"issuer": i, "year": y} for i, y in county.NEW],
        },
        "truths": _truths(known),
        "reports": reports,
    }


def _county_reports() -> list[dict[str, Any]]:
    """The reports of the county government, whose tables state the whole territory."""
    fees = {
        year: {"fee_cases": cases, "fee_yuan": yuan} for year, (cases, yuan) in county.FEES.items()
    }  # the county's text says what its parts charged
    return [_report(GOVERNMENT, "lanting", year, GOVERNMENT_VOICE, "全县", fees.get(year, {})) for year in county.YEARS]


def _told_fees(name: str, year: int) -> dict[str, int]:
    if name != county.FEE_PAYEE or year not in county.FEES:
        return {}
    cases, yuan = county.FEES[year]
    return {"fee_cases": cases, "fee_yuan": yuan}


def _numbers(name: str, year: int) -> dict[str, Any]:
    """The cells before anything is misprinted."""
    if name != GOVERNMENT:
        return dict(cells_of(next(body for body in BODIES if name in body.names), year))
    cells: dict[str, Any] = dict(summed(cells_of(body, year) for body in BODIES))
    for row in ("received_new", "granted", "outcome_total"):
        for column in ("natural_person", "total"):
            cells[f"requests.{row}.{column}"] += county.COUNTED_BEYOND_THE_PARTS.get(year, 0)
    return cells


def _report(name: str, site: str, year: int, number: int, itself: str, told: dict[str, int]) -> dict[str, Any]:
    key = (name, year)
    published_as = county.PUBLISHED.get(key, "html")
    prints_tables = year in county.WITH_TABLES and published_as != "image"
    cells = _numbers(name, year) if prints_tables else {}
    states: dict[str, str] = {}
    if key in county.SINGLE_OTHER:
        single_other(cells)
    if key in county.BLANK_COLUMNS:
        states |= {k: "blank" for k in cells if k.startswith("requests.") and k.rsplit(".", 1)[1] in APPLICANTS[1:]}
    if key in county.MARKED_RULES:
        states |= {f"disclosure.rules_{what}": "na_mark" for what in ("issued", "repealed", "in_force")}
    typed = county.TYPED.get(key, {})
    states |= dict.fromkeys(typed, "unreadable")
    violations = _break(cells, county.BROKEN[key]) if key in county.BROKEN else []
    if cells:
        _misprint_between_years(cells, name, year)
    statistics = _statistics(name) if year == county.FIRST else {}
    if key in county.TOLD:
        told = told | {"requests": county.TOLD[key]}
    if not cells and published_as != "image":
        told = told | _told_of_2018(name)
    source = county.COPIES.get(key, key)
    voice = next((n for n, body in enumerate(BODIES) if source[0] in body.names), number)
    return {
        "site": site,
        "issuer": name,
        "year": year,
        "form": form_of(year) if cells else "2014" if statistics else "",
        "title": county.TITLES.get(key, f"{name}{year}年政府信息公开工作年度报告"),
        "published_on": _published_on(name, year, number),
        "published_as": published_as,
        "style": STYLES[site] if cells else "plain",
        "encoding": county.ENCODINGS.get(key, "utf-8"),
        "itself": itself,
        "voice": [voice, source[1]],
        "told": told,
        "violations": violations,
        "states": states,
        "typed": typed,
        "twin": county.TWINS.get(key, {}),
        "statistics": statistics,
        "cells": {k: None if k in states else v for k, v in cells.items()},
    }


def _published_on(name: str, year: int, number: int) -> str:
    if (name, year) in county.LATE:
        return county.LATE[name, year][0]
    month = "03" if name == GOVERNMENT else "01"
    return f"{year + 1}-{month}-{10 + (number * 7 + year) % 20:02d}"


def _statistics(name: str) -> dict[str, int]:
    """The table of 2018: the government's and the departments' reports have it, a township's is prose."""
    if name == GOVERNMENT:
        return {key: int(value or 0) for key, value in summed(statistics_of(body) for body in BODIES).items()}
    body = next(body for body in BODIES if body.name == name)
    return {} if body.kind == "township" else statistics_of(body)


def _told_of_2018(name: str) -> dict[str, int]:
    parts = BODIES if name == GOVERNMENT else [body for body in BODIES if body.name == name]
    return {"requests": sum(body.received[0] for body in parts)}


def _misprint_between_years(cells: dict[str, Any], name: str, year: int) -> None:
    """What holds within the report and not against the one of the year before."""
    moved = county.CARRIED_IN_TOO_MANY.get((name, year), 0)
    for column in ("natural_person", "total"):
        cells[f"requests.carried_in.{column}"] += moved
        cells[f"requests.received_new.{column}"] -= moved
    since, more = county.STOCK_RECOUNTED.get(name, (year + 1, 0))
    if year >= since:
        cells["disclosure.normdocs_in_force"] += more
    block, miscounted = county.ITEMS_MISCOUNTED.get(name, ("", 0))
    if block and year == max(y for y in county.WITH_TABLES if form_of(y) == "2019"):
        cells[f"disclosure.{block}_items_prev"] += miscounted


def _break(cells: dict[str, Any], how: str) -> list[dict[str, str]]:
    if how == "flow":
        cells["requests.carried_out.natural_person"] += 2
        cells["requests.carried_out.total"] += 2
        return [{"check": "T2-FLOW", "subject": "natural_person"}, {"check": "T2-FLOW", "subject": "total"}]
    if how == "row":
        cells["requests.granted.total"] += 1
        cells["requests.outcome_total.total"] += 1
        return [
            {"check": "T2-ROWSUM", "subject": "granted"},
            {"check": "T2-ROWSUM", "subject": "outcome_total"},
            {"check": "T2-FLOW", "subject": "total"},
        ]
    cells["disputes.review_total"] += 3
    return [{"check": "T3-SUM-review", "subject": "review"}]


Known = dict[tuple[str, int], dict[str, Any]]


def _truths(known: Known) -> dict[str, Any]:
    """What the reports say together, and what is missing: the plan's own words, the sums as they are printed."""
    return {
        "rollups": [_rollup(known, year, key) for year in county.WITH_TABLES for key in _summed_in(year)],
        "between": _between(known),
        "prose": [
            {"issuer": i, "year": y, "check": "N-REQ", "told": told, "printed": known[i, y]["cells"][SUMMED[0]]}
            for (i, y), told in county.TOLD.items()
        ],
        "fees": [{"issuer": county.FEE_PAYEE, "year": y, "cases": c, "yuan": m} for y, (c, m) in county.FEES.items()],
        "absent": _absent(),
        "late": [
            {"issuer": i, "year": y, "published_on": on, "days": _days_late(i, y, on), "binding": binding}
            for (i, y), (on, binding) in county.LATE.items()
        ],
        "renamed": [
            {"from": body.name, "to": body.renamed[1], "year": body.renamed[0]} for body in BODIES if body.renamed
        ],
    }


def _summed_in(year: int) -> list[str]:
    """The form of 2019 counts documents made, not documents issued."""
    return [key for key in SUMMED if form_of(year) == "2021" or key != "disclosure.normdocs_issued"]


def _rollup(known: Known, year: int, key: str) -> dict[str, Any]:
    names = [body.name_in(year) for body in BODIES]
    printed = [known[name, year]["cells"].get(key) for name in names if (name, year) in known]
    found = [number for number in printed if number is not None]
    stated, total = known[GOVERNMENT, year]["cells"][key], sum(found)
    verdict = "incomplete" if len(found) < len(names) else "equal" if stated == total else "differs"
    return {
        "year": year,
        "key": key,
        "stated": stated,
        "parts_sum": total,
        "parts_found": len(found),
        "parts_expected": len(names),
        "verdict": verdict,
    }


def _between(known: Known) -> list[dict[str, Any]]:
    """Every comparison of two documents or reports that does not hold; ``left`` is what was to be expected."""
    found: list[dict[str, Any]] = []

    def add(basis: str, who: tuple[str, int], check: str, subject: str, sides: tuple[float, float]) -> None:
        about = {"basis": basis, "issuer": who[0], "year": who[1], "check": check, "subject": subject}
        found.append({**about, "left": sides[0], "right": sides[1]})

    for body in BODIES:
        for year in county.WITH_TABLES[1:]:
            before, now = (known.get((body.name_in(y), y), {}).get("cells") for y in (year - 1, year))
            if before and now:
                for check, subject, sides in _years_that_differ(before, now):
                    add("years", (body.name_in(year), year), check, subject, sides)
    for who, source in county.COPIES.items():
        if source[0] == who[0]:
            add("years", who, "N-COPY", "overview", (100, 95))
        else:  # who copied from whom nobody can tell
            add("neighbours", who, "N-COPY", "overview", (100, 95))
            add("neighbours", source, "N-COPY", "overview", (100, 95))
    for who, cells in county.TWINS.items():
        for key, value in cells.items():
            add("documents", who, "D-CELL", key, (known[who]["cells"][key], value))
    return found


def _years_that_differ(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, tuple[float, float]]]:
    tested: list[tuple[str, str, Any, Any]] = []
    for column in (*APPLICANTS, "total"):
        sides = before[f"requests.carried_out.{column}"], now[f"requests.carried_in.{column}"]
        tested.append(("T2-CARRY", column, *sides))
    stock, issued, repealed = (f"disclosure.normdocs_{what}" for what in ("in_force", "issued", "repealed"))
    if stock in before and stock in now:
        tested.append(("T1-STOCK-normdocs", "normdocs", before[stock] + now[issued] - now[repealed], now[stock]))
    for block in (*BLOCKS, "admin_fees"):
        items, change = f"disclosure.{block}_items_prev", f"disclosure.{block}_items_change"
        if items in before and items in now:
            tested.append(("T1-2019-ITEMS", block, before[items] + before[change], now[items]))
    differing = [
        (check, subject, (left, right))
        for check, subject, left, right in tested
        if None not in (left, right) and left != right
    ]
    for route in ("review", "lit_direct", "lit_after_review"):
        pending, total = before[f"disputes.{route}_pending"], now[f"disputes.{route}_total"]
        if pending > total:
            differing.append(("T3-PENDING", route, (pending, total)))
    return differing


def _absent() -> list[dict[str, Any]]:
    """Agency-years without numbers, and why; all that is expected and not here."""
    found = [(*who, kind) for who, kind in county.NOT_TO_BE_HAD.items()]
    found += [(*who, "not_listed") for who in county.NEVER_PUBLISHED]
    found += [(*who, "image_only") for who, how in county.PUBLISHED.items() if how == "image"]
    return [{"issuer": issuer, "year": year, "why": why} for issuer, year, why in found]


def _days_late(issuer: str, year: int, published_on: str) -> int:
    due = dt.date(year + 1, 3, 31) if issuer == GOVERNMENT else dt.date(year + 1, 1, 31)
    return (dt.date.fromisoformat(published_on) - due).days


def _give_paths(reports: list[dict[str, Any]]) -> None:
    """Each report's address on its site, as its system would give it."""
    for number, report in enumerate(reports):
        date = report["published_on"]
        day, month = date.replace("-", ""), date.replace("-", "")[:6]
        seed = f"{report['issuer']}{report['year']}"
        token = hashlib.sha256(seed.encode()).hexdigest()
        site, serial = report["site"], 5200 + number
        page = {
            "lanting": f"/zwgk/zfxxgknb/{month}/t{day}_{serial}.html",
            "lanting-xxgk": f"/art/{int(date[:4])}/{int(date[5:7])}/{int(date[8:])}/art_4107_{serial}.html",
            "lanting-xz": f"/lanting/c100207/{month}/{token[:32]}.shtml",
            "lanting-gkml": f"/gkmlpt/content/2/{serial // 1000}/post_{serial}.html",
            "maipu": f"/nianbao/{report['year']}.html",
        }[site]
        kinds = [kind for kind in report["published_as"].split("+") if kind in ("pdf", "docx")]
        report["page"] = page
        report["attachments"] = [_attachment(site, page, kind, day, serial) for kind in kinds]
        report["files"] = [f"{site}-{serial}.{kind}" for kind in kinds]


def _attachment(site: str, page: str, kind: str, day: str, serial: int) -> str:
    folder = page.rsplit("/", 1)[0]
    return {
        "lanting": f"{folder}/P0{day}{serial}0012.{kind}",
        "lanting-xxgk": f"/module/download/downfile.jsp?classid=0&filename={day}{serial}.{kind}",
        "lanting-gkml": f"/attachment/0/{serial // 1000}/{serial}.{kind}",
    }[site]


def _decoys() -> list[dict[str, str]]:
    return [
        {
            "site": "lanting",
            "path": "/zwgk/zfxxgknb/202401/t20240103_6001.html",
            "title": "岚汀县人民政府网站工作年度报表（2023年度）",
            "what": "website",
        },
        {
            "site": "lanting",
            "path": "/zwgk/zfxxgknb/202312/t20231212_6002.html",
            "title": "关于报送2023年政府信息公开工作年度报告的通知",
            "what": "notice",
        },
        {
            "site": "lanting-xxgk",
            "path": "/art/2024/2/2/art_4107_6003.html",
            "title": "岚汀水务集团有限公司2023年信息公开工作年度报告",
            "what": "company",
        },
        {
            "site": "lanting-xz",
            "path": "/lanting/c100207/202402/" + "5" * 32 + ".shtml",
            "title": "图解：砚池镇2023年政府信息公开工作年度报告",
            "what": "explainer",
        },
        {
            "site": "lanting-gkml",
            "path": "/gkmlpt/content/2/6/post_6004.html",
            "title": "鹤汀街道办事处政府信息公开指南",
            "what": "guide",
        },
        {
            "site": "maipu",
            "path": "http://www-lanting-gov.mirror.example/nianbao/2023.html",
            "title": "麥浦鎮人民政府2023年政府信息公开工作年度报告",
            "what": "mirror",
        },
        # its title could be a report's: only reading shows that it is none
        {
            "site": "maipu",
            "path": "/nianbao/jiedu.html",
            "title": "麦浦镇政府信息公开年报发布",
            "what": "explainer told by its text",
        },
    ]


def _unavailable() -> list[dict[str, Any]]:
    """Reports that the lists name and nobody can have: gone, behind a wall, closed by robots.txt."""
    paths = {
        "lanting-xz": "/lanting/c100207/202101/" + "e" * 32 + ".shtml",
        "lanting-xxgk": "/art/2021/1/19/art_4107_4999.html",
        "lanting": "/zwgk/neibu/202001/t20200119_6005.html",
    }
    sites = {name: body.site for body in BODIES for name in body.names}
    return [
        {
            "site": sites[issuer],
            "path": paths[sites[issuer]],
            "title": f"{issuer}{year}年政府信息公开工作年度报告",
            "kind": kind,
        }
        for (issuer, year), kind in county.NOT_TO_BE_HAD.items()
    ]


def as_text(manifest: dict[str, Any]) -> str:
    """The manifest as JSON that a person can read: a line a site, a decoy and a table of a report."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    lists = ("sites", "decoys", "unavailable")
    parts = [f' "about": {line(manifest["about"])}']
    parts += [f' "{name}": [\n' + ",\n".join(f"  {line(item)}" for item in manifest[name]) + "\n ]" for name in lists]
    parts.append(_lines("next_day", manifest["next_day"]))
    parts.append(_lines("truths", manifest["truths"]))
    reports = [_report_text(report) for report in manifest["reports"]]
    parts.append(' "reports": [\n' + ",\n".join(reports) + "\n ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(name: str, lists: dict[str, Any]) -> str:
    """Named lists, a line an item."""
    parts = []
    for key, items in lists.items():
        lines = ",\n".join("   " + json.dumps(item, ensure_ascii=False) for item in items)
        parts.append(f'  "{key}": [\n{lines}\n  ]')
    return f' "{name}": {{\n' + ",\n".join(parts) + "\n }"


def _report_text(report: dict[str, Any]) -> str:
    head = {key: value for key, value in report.items() if key != "cells"}
    rows: dict[str, dict[str, Any]] = {}
    for key, value in report["cells"].items():
        rows.setdefault(key.rsplit(".", 1)[0], {})[key] = value
    lines = ["    " + json.dumps(row, ensure_ascii=False)[1:-1] for row in rows.values()]
    cells = "{\n" + ",\n".join(lines) + "\n   }" if lines else "{}"
    return f'  {json.dumps(head, ensure_ascii=False)[:-1]}, "cells": {cells}}}'


if __name__ == "__main__":
    MANIFEST.write_text(as_text(compose()), "utf-8")
