"""The sample's manifest is the truth that demo and tests are held against, so it is itself recomputed here."""

from __future__ import annotations

from collections import Counter

import pytest

from extract.forms import load_form
from sample.compose import as_text, compose
from sample.manifest import DOCUMENTS, MANIFEST, load

REPORTS = [report for report in load().reports if report.cells]
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
    assert set(report.states.values()) <= {"blank", "na_mark"}


@pytest.mark.parametrize("report", [r for r in REPORTS if r.year > 2021], ids=_name)
def test_what_is_carried_over_goes_on_from_the_year_before(report):
    before = next(r for r in REPORTS if (r.issuer, r.year) == (report.issuer, report.year - 1))
    if any(item["check"] == "T2-FLOW" for item in before.violations):
        pytest.skip("the year before prints a carry-over that is wrong on purpose")
    for column in COLUMNS:
        carried_out = before.cells[f"requests.carried_out.{column}"]
        if carried_out is not None:
            assert report.cells[f"requests.carried_in.{column}"] == carried_out, column


@pytest.mark.parametrize("report", [r for r in REPORTS if r.year > 2021], ids=_name)
def test_the_stock_of_documents_goes_on_from_the_year_before(report):
    before = next(r for r in REPORTS if (r.issuer, r.year) == (report.issuer, report.year - 1))
    stock = before.cells["disclosure.normdocs_in_force"]
    issued, repealed = (report.cells[f"disclosure.normdocs_{what}"] for what in ("issued", "repealed"))
    assert stock + issued - repealed == report.cells["disclosure.normdocs_in_force"]


def test_twelve_agencies_report_three_years_each_and_one_the_older_form():
    years = Counter(report.issuer for report in REPORTS if report.form == "2021")
    assert len(years) == 12
    assert set(years.values()) == {3}
    assert [report.year for report in load().reports if report.form == "2019"] == [2020]


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
