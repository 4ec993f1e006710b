"""The sample's manifest is the truth that demo and tests are held against, so it is itself recomputed here."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest
from rapidfuzz import fuzz

from extract.forms import load_form
from sample.compose import as_text, compose
from sample.manifest import DOCUMENTS, MANIFEST, NEXT_DAY, load
from sample.portal.prose import sections

EDITIONS = (*load().reports, *(r for r in load(NEXT_DAY).reports if r not in load().reports))
REPORTS = [report for report in EDITIONS if report.cells]
FORM = load_form("2021")
REQUEST_ROWS = [row.key for row in FORM.table("requests").rows]
COLUMNS = [cell.key.rsplit(".", 1)[1] for cell in FORM.table("requests").rows[0].cells]
THREE_OTHERS = ("other_no_correction", "other_fee_unpaid", "other_other")


def _name(report):
    return f"{report.issuer}-{report.year}"


def _sum(cells, keys):
    """The sum, or None where a cell is not stated: then the identity cannot be assessed."""
    numbers = [cells[key] for key in keys]
    return None if None in numbers else sum(numbers)


def _differ(left, right):
    return left is not None and right is not None and left != right


def _broken(cells):
    """Every identity of a single report that does not hold, as (check, subject), computed from the cells alone."""
    rows = [row for row in REQUEST_ROWS if f"requests.{row}.total" in cells]
    outcomes = [row for row in rows if row not in ("received_new", "carried_in", "outcome_total", "carried_out")]

    def of(column, *names):
        return _sum(cells, [f"requests.{name}.{column}" for name in names])

    for column in COLUMNS:
        if _differ(of(column, "received_new", "carried_in"), of(column, "outcome_total", "carried_out")):
            yield "T2-FLOW", column
        if _differ(of(column, *outcomes), of(column, "outcome_total")):
            yield "T2-OUTCOME-2021", column
    for row in rows:
        parts = _sum(cells, [f"requests.{row}.{column}" for column in COLUMNS[:-1]])
        if _differ(parts, cells[f"requests.{row}.total"]):
            yield "T2-ROWSUM", row
    for route in ("review", "lit_direct", "lit_after_review"):
        parts = _sum(cells, [f"disputes.{route}_{result}" for result in ("upheld", "corrected", "other", "pending")])
        if _differ(parts, cells[f"disputes.{route}_total"]):
            yield f"T3-SUM-{route}", route


def test_composing_again_gives_the_same_manifest():
    assert as_text(compose()) == MANIFEST.read_text("utf-8")


@pytest.mark.parametrize("report", REPORTS, ids=_name)
def test_the_sums_hold_except_where_the_manifest_says_otherwise(report):
    stated = {(item["check"], item["subject"]) for item in report.violations}
    assert set(_broken(report.cells)) == stated


def test_some_reports_break_a_sum():
    assert len([report for report in REPORTS if report.violations]) >= 3


@pytest.mark.parametrize("report", REPORTS, ids=_name)
def test_the_cells_are_those_of_the_form(report):
    single_other = "requests.other_all.total" in report.cells
    expected = {
        cell.key
        for row in load_form(report.form).rows()
        if (row.key not in THREE_OTHERS if single_other else row.key != "other_all")
        for cell in row.cells
    }
    assert set(report.cells) == expected


@pytest.mark.parametrize("report", REPORTS, ids=_name)
def test_a_number_that_is_not_stated_says_how(report):
    assert {key for key, value in report.cells.items() if value is None} == set(report.states)
    assert set(report.states.values()) <= {"blank", "na_mark", "unreadable"}
    assert {key for key, state in report.states.items() if state == "unreadable"} == set(report.typed)


NAMES = {item["to"]: item["from"] for item in load().truths["renamed"]}
YEARS = {(NAMES.get(report.issuer, report.issuer), report.year): report.cells for report in REPORTS}


def _between_years(before, now):
    """Every identity between two years of one agency that does not hold."""
    for column in COLUMNS:
        sides = before[f"requests.carried_out.{column}"], now[f"requests.carried_in.{column}"]
        if _differ(*sides):
            yield "T2-CARRY", column, *sides
    for block in ("licensing", "other_services", "penalty", "coercion", "admin_fees"):
        items = [(cells.get(f"disclosure.{block}_items_prev")) for cells in (before, now)]
        if None not in items and items[0] + before[f"disclosure.{block}_items_change"] != items[1]:
            yield "T1-2019-ITEMS", block, items[0] + before[f"disclosure.{block}_items_change"], items[1]
    if "disclosure.normdocs_in_force" in before:
        stock = before["disclosure.normdocs_in_force"] + now["disclosure.normdocs_issued"]
        stock -= now["disclosure.normdocs_repealed"]
        if stock != now["disclosure.normdocs_in_force"]:
            yield "T1-STOCK-normdocs", "normdocs", stock, now["disclosure.normdocs_in_force"]
    for route in ("review", "lit_direct", "lit_after_review"):
        if before[f"disputes.{route}_pending"] > now[f"disputes.{route}_total"]:
            yield "T3-PENDING", route, before[f"disputes.{route}_pending"], now[f"disputes.{route}_total"]


def test_years_follow_on_each_other_except_where_the_manifest_says_otherwise():
    found = {
        (name, year, *broken)
        for (name, year), cells in YEARS.items()
        if (name, year - 1) in YEARS
        for broken in _between_years(YEARS[name, year - 1], cells)
    }
    numbers = [item for item in load().truths["between"] if item["basis"] == "years" and item["check"] != "N-COPY"]
    stated = {tuple(item[key] for key in ("issuer", "year", "check", "subject", "left", "right")) for item in numbers}
    assert found == stated
    assert {item["check"] for item in numbers} == {"T2-CARRY", "T1-STOCK-normdocs", "T1-2019-ITEMS", "T3-PENDING"}


@pytest.mark.parametrize("rollup", load(NEXT_DAY).truths["rollups"], ids=lambda item: f"{item['year']}-{item['key']}")
def test_the_county_is_the_sum_of_its_parts_as_the_manifest_says(rollup):
    year, key = rollup["year"], rollup["key"]
    county = "岚汀县人民政府"
    latest = {report.who: report.cells for report in (*load().reports, *load(NEXT_DAY).reports) if report.cells}
    parts = [cells[key] for (name, of), cells in latest.items() if of == year and name != county]
    assert (rollup["parts_sum"], rollup["parts_found"]) == (sum(parts), len(parts))
    assert rollup["parts_expected"] == 11
    assert rollup["stated"] == latest[county, year][key]
    whole = "equal" if rollup["stated"] == sum(parts) else "differs"
    assert rollup["verdict"] == (whole if len(parts) == 11 else "incomplete")


def test_one_year_adds_up_one_differs_and_one_lacks_a_part():
    verdicts = {}
    for item in load().truths["rollups"]:
        verdicts.setdefault(item["year"], set()).add(item["verdict"])
    assert verdicts[2022] == {"equal"}
    assert "differs" in verdicts[2023]
    assert verdicts[2024] == {"incomplete"}
    assert {item["parts_found"] for item in load().truths["rollups"] if item["year"] == 2024} == {10}


def test_a_first_section_is_another_ones_only_where_it_was_copied():
    def told(report):
        text = "".join(sections(report)["overview"]).replace(report.issuer, "")
        return re.sub(r"\d+|未|收到.*?件(，办结件)?", "", text)

    reports = [report for report in REPORTS if report.published_as != "image"]
    alike = {
        (one.who, other.who)
        for one in reports
        for other in reports
        if (other.year == one.year - 1 and other.issuer == one.issuer)
        or (other.year == one.year and one.who != other.who)
        if fuzz.ratio(told(one), told(other)) >= 80
    }
    assert alike == {
        (("雁笙乡人民政府", 2024), ("雁笙乡人民政府", 2023)),
        (("柳笙镇人民政府", 2022), ("麦浦镇人民政府", 2022)),
        (("麦浦镇人民政府", 2022), ("柳笙镇人民政府", 2022)),
    }
    assert len([item for item in load().truths["between"] if item["check"] == "N-COPY"]) == 3


def test_twelve_agencies_report_eight_years_each_but_for_what_is_absent():
    reports = {report.who for report in (*load().reports, *load(NEXT_DAY).reports)}
    absent = {(item["issuer"], item["year"]): item["why"] for item in load().truths["absent"]}
    years = Counter(year for _, year in reports | absent.keys())
    assert years == dict.fromkeys(range(2018, 2026), 12)
    assert reports & absent.keys() == {who for who, why in absent.items() if why == "image_only"}
    assert Counter(absent.values()) == dict.fromkeys(("gone", "blocked", "robots", "not_listed", "image_only"), 1)
    assert len(reports) == 92


def test_who_published_late_is_as_the_dates_say():
    found = set()
    for report in (*load().reports, *load(NEXT_DAY).reports):
        is_government = report.issuer == "岚汀县人民政府"
        due = dt.date(report.year + 1, 3, 31) if is_government else dt.date(report.year + 1, 1, 31)
        days = (dt.date.fromisoformat(report.published_on) - due).days
        if days > 0:
            found.add((*report.who, days, not re.search("[镇乡]人民政府|街道", report.issuer)))
    stated = {tuple(item[key] for key in ("issuer", "year", "days", "binding")) for item in load().truths["late"]}
    assert found == stated


def test_addresses_are_not_shared():
    manifest = load()
    pages = [(r.site, r.page) for r in manifest.reports]
    others = [(o.site, o.path) for o in (*manifest.decoys, *manifest.unavailable)]
    attachments = [(r.site, path) for r in manifest.reports for path in r.attachments]
    every = pages + others + attachments
    assert len(every) == len(set(every))


def test_every_file_of_a_report_is_there_and_none_beside():
    named = {name for report in load().reports for name in report.files}
    assert named == {path.name for path in DOCUMENTS.iterdir()}
