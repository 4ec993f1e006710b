"""Compose the manifest of the sample portal: a fictional county, its agencies and their reports, cell by cell.

Run ``python -m sample.compose`` to write sample/manifest.json anew; a test holds that the result is the same.
The numbers are invented and satisfy the form's sums, except where ``violations`` says otherwise.
"""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

from extract.forms import load_form

MANIFEST = Path(__file__).with_name("manifest.json")
SEED = 20240131
YEARS = (2021, 2022, 2023)
FORM = load_form("2021")
OUTCOMES = [
    row.key
    for row in FORM.table("requests").rows
    if row.key not in ("received_new", "carried_in", "outcome_total", "carried_out") and not row.instead_of
]
# Most requests are granted; nobody is dropped for an unpaid fee, as the reports' last section says.
WEIGHTS = [{"granted": 9, "granted_partly": 4, "other_fee_unpaid": 0}.get(key, 1) for key in OUTCOMES]
APPLICANTS = ("natural_person", "enterprise", "research", "social_org", "legal_service", "other_org")
ROUTES = ("review", "lit_direct", "lit_after_review")

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
# name, site, how busy it is, whether it makes rules
AGENCIES = [
    ("岚汀县人民政府", "lanting", 60, False),
    ("岚汀县人民政府办公室", "lanting", 12, False),
    ("岚汀县教育局", "lanting", 9, False),
    ("岚汀县自然资源局", "lanting", 40, False),
    ("岚汀县水务局", "lanting-xxgk", 6, False),
    ("岚汀县卫生健康局", "lanting-xxgk", 10, False),
    ("砚池镇人民政府", "lanting-xz", 4, False),
    ("柳笙镇人民政府", "lanting-xz", 2, False),
    ("雁笙乡人民政府", "lanting-xz", 0, False),
    ("鹤汀街道办事处", "lanting-gkml", 3, False),
    ("岚汀县市场监督管理局", "lanting-gkml", 25, False),
    ("麦浦镇人民政府", "maipu", 2, False),
]
# (agency, year) -> how it is published; html where nothing is said
PUBLISHED = {
    ("岚汀县人民政府", 2023): "html+pdf",
    ("岚汀县自然资源局", 2022): "pdf",
    ("岚汀县自然资源局", 2023): "pdf",
    ("岚汀县卫生健康局", 2021): "docx",
    ("岚汀县卫生健康局", 2022): "docx",
    ("岚汀县卫生健康局", 2023): "html+docx",
    ("岚汀县市场监督管理局", 2023): "pdf",
}
STYLES = {"lanting": "plain", "lanting-xxgk": "word", "lanting-xz": "nested", "lanting-gkml": "plain", "maipu": "bare"}
ENCODINGS = {("麦浦镇人民政府", 2022): "gbk", ("麦浦镇人民政府", 2023): "gb18030 declared utf-8"}
TITLES = {
    ("岚汀县教育局", 2022): "岚汀县教育局政府信息公开工作2022年度报告",
    ("砚池镇人民政府", 2021): "砚池镇人民政府2021年度政府信息公开年报",
    ("岚汀县水务局", 2022): "关于岚汀县水务局2022年度政府信息公开工作情况的报告",
}
SINGLE_OTHER = {("柳笙镇人民政府", 2021)}
BLANK_COLUMNS = {("雁笙乡人民政府", 2021)}
MARKED_RULES = {("鹤汀街道办事处", 2022), ("雁笙乡人民政府", 2022)}
# (agency, year) -> what is printed wrong on purpose
BROKEN = {
    ("岚汀县水务局", 2021): "flow",
    ("岚汀县教育局", 2023): "row",
    ("岚汀县自然资源局", 2023): "review",
}


def compose() -> dict[str, Any]:
    """The manifest as it is written."""
    randomness = random.Random(SEED)
    reports: list[dict[str, Any]] = []
    for name, site, busy, _ in AGENCIES:
        carried = dict.fromkeys(APPLICANTS, 0)
        stock = randomness.randint(5, 40) if busy > 5 else randomness.randint(0, 4)
        for year in YEARS:
            cells, carried, stock = numbers_of_a_year(randomness, busy, carried, stock)
            reports.append(_report(name, site, year, cells))
    reports.append(_old_form(randomness))
    _give_paths(reports)
    return {
        "about": "Invented places, agencies and numbers. Written by sample/compose.py.",
        "sites": SITES,
        "reports": reports,
        "decoys": _decoys(),
        "unavailable": _unavailable(),
    }


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
    table = {row.key: dict.fromkeys(APPLICANTS, 0) for row in FORM.table("requests").rows if not row.instead_of}
    for column in APPLICANTS:
        weight = {"natural_person": 1.0, "enterprise": 0.15, "legal_service": 0.08}.get(column, 0.03)
        total = max(carried_in[column], round(busy * weight * randomness.uniform(0.6, 1.6)))
        for _ in range(total):
            key = randomness.choices(OUTCOMES, weights=WEIGHTS)[0]
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


def _report(name: str, site: str, year: int, cells: dict[str, Any]) -> dict[str, Any]:
    key = (name, year)
    states: dict[str, str] = {}
    violations: list[dict[str, str]] = []
    if key in SINGLE_OTHER:
        _single_other(cells)
    if key in BLANK_COLUMNS:
        states |= {k: "blank" for k in cells if k.startswith("requests.") and k.rsplit(".", 1)[1] in APPLICANTS[1:]}
    if key in MARKED_RULES:
        states |= {f"disclosure.rules_{what}": "na_mark" for what in ("issued", "repealed", "in_force")}
    if key in BROKEN:
        violations = _break(cells, BROKEN[key])
    return {
        "site": site,
        "issuer": name,
        "year": year,
        "form": "2021",
        "title": TITLES.get(key, f"{name}{year}年政府信息公开工作年度报告"),
        "published_on": f"{year + 1}-01-{10 + (len(name) * 7 + year) % 20:02d}",
        "published_as": PUBLISHED.get(key, "html"),
        "style": STYLES[site],
        "encoding": ENCODINGS.get(key, "utf-8"),
        "violations": violations,
        "states": states,
        "cells": {k: None if k in states else v for k, v in cells.items()},
    }


def _single_other(cells: dict[str, Any]) -> None:
    """The single row 其他处理 of the older form in place of three."""
    parts = ("other_no_correction", "other_fee_unpaid", "other_other")
    for column in (*APPLICANTS, "total"):
        cells[f"requests.other_all.{column}"] = sum(cells.pop(f"requests.{part}.{column}") for part in parts)


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


def _old_form(randomness: random.Random) -> dict[str, Any]:
    """A report of 2020 in the form of 2019: table 1 has other columns, 其他处理 is one row."""
    cells, _, stock = numbers_of_a_year(randomness, 3, dict.fromkeys(APPLICANTS, 0), 4)
    _single_other(cells)
    made = randomness.randint(0, 3)
    table = {f"rules_{what}": 0 for what in ("made", "published", "published_stock")}
    table |= {"normdocs_made": made, "normdocs_published": made, "normdocs_published_stock": stock + made}
    for block in ("licensing", "other_services", "penalty", "coercion"):
        items = randomness.randint(0, 40)
        table |= {f"{block}_items_prev": items, f"{block}_items_change": randomness.randint(-min(items, 5), 9)}
        table[f"{block}_decisions"] = randomness.randint(0, 90)
    table |= {"admin_fees_items_prev": 2, "admin_fees_items_change": -1}
    table |= {"procurement_projects": 2, "procurement_amount": randomness.randint(90_000, 400_000)}
    kept = {key: value for key, value in cells.items() if not key.startswith("disclosure.")}
    report = _report(
        "麦浦镇人民政府", "maipu", 2020, {f"disclosure.{key}": value for key, value in table.items()} | kept
    )
    return {**report, "form": "2019", "published_on": "2021-01-25"}


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
        kinds = [kind for kind in report["published_as"].split("+") if kind != "html"]
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


def _unavailable() -> list[dict[str, str]]:
    return [
        {
            "site": "lanting-xz",
            "path": "/lanting/c100207/202101/" + "e" * 32 + ".shtml",
            "title": "砚池镇人民政府2020年政府信息公开工作年度报告",
            "kind": "gone",
        },
        {
            "site": "lanting-xxgk",
            "path": "/art/2021/1/19/art_4107_4999.html",
            "title": "岚汀县水务局2020年政府信息公开工作年度报告",
            "kind": "blocked",
        },
        {
            "site": "lanting",
            "path": "/zwgk/neibu/202401/t20240119_6005.html",
            "title": "岚汀县审计局2023年政府信息公开工作年度报告",
            "kind": "robots",
        },
    ]


def as_text(manifest: dict[str, Any]) -> str:
    """The manifest as JSON that a person can read: a line a site, a decoy and a table of a report."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    lists = ("sites", "decoys", "unavailable")
    parts = [f' "about": {line(manifest["about"])}']
    parts += [f' "{name}": [\n' + ",\n".join(f"  {line(item)}" for item in manifest[name]) + "\n ]" for name in lists]
    reports = [_report_text(report) for report in manifest["reports"]]
    parts.append(' "reports": [\n' + ",\n".join(reports) + "\n ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _report_text(report: dict[str, Any]) -> str:
    head = {key: value for key, value in report.items() if key != "cells"}
    rows: dict[str, dict[str, Any]] = {}
    for key, value in report["cells"].items():
        rows.setdefault(key.rsplit(".", 1)[0], {})[key] = value
    cells = ",\n".join("    " + json.dumps(row, ensure_ascii=False)[1:-1] for row in rows.values())
    return f'  {json.dumps(head, ensure_ascii=False)[:-1]}, "cells": {{\n{cells}\n   }}}}'


if __name__ == "__main__":
    MANIFEST.write_text(as_text(compose()), "utf-8")
