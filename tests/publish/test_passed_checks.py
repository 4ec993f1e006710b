"""What a cell's page says of checks that were not kept one by one is what they really said."""

from functools import cache
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from extract.forms import load_form
from extract.reconcile.identities import check_identities
from extract.records import Cell, Reading, Report
from extract.store.migrations import migrations
from extract.store.views import create_views
from publish.passed_checks import not_failed
from tests.stored import load_reading

FORM_2021, FORM_2019 = load_form("2021"), load_form("2019")


def cells_of(form, numbers, left_out=()):
    """A report's cells: zeros but for ``numbers`` (None is a blank); rows left out are not printed."""
    rows = [row for row in form.rows() if row.key not in left_out]
    given_cells = {cell.key: numbers.get(cell.key, 0) for row in rows for cell in row.cells}
    return {
        key: Cell(key, value, "" if value is None else str(value), "blank" if value is None else "number", 1.0)
        for key, value in given_cells.items()
    }


@cache
def stored():
    db = Database(memory=True)
    migrations.apply(db)
    create_views(db)
    return db, count()


def checked(form, cells):
    """What the checks said, one by one; and what the database says of it."""
    db, numbers = stored()
    report = Report(kind="report", form=form.id, cells=cells)
    found = tuple(check_identities(report, form, ""))
    reading = Reading(f"{next(numbers):064}", 1, "text/html", "test", report=report, findings=found)
    return found, list(db.query("select * from findings where reading_id = ?", [load_reading(db, reading, None)]))


def told(form, cells, rows, key):
    return [
        (one.id, verdict) for one, verdict in not_failed(form, {"key": key, "value": cells[key].value}, cells, rows)
    ]


def test_all_sums_of_a_cell_passed():
    cells = cells_of(FORM_2021, {})
    _, rows = checked(FORM_2021, cells)
    key = "requests.granted.total"
    assert told(FORM_2021, cells, rows, key) == [("T2-OUTCOME-2021", "pass"), ("T2-ROWSUM", "pass")]
    assert told(FORM_2021, cells, rows, "requests.carried_in.research") == [("T2-FLOW", "pass"), ("T2-ROWSUM", "pass")]
    assert told(FORM_2021, cells, rows, "disputes.review_upheld") == [("T3-SUM-review", "pass")]
    assert told(FORM_2021, cells, rows, "disclosure.normdocs_issued") == [("T1-STOCK-LB", "pass")]
    assert told(FORM_2021, cells, rows, "disclosure.penalty_decisions") == []


def test_a_failed_sum_of_another_row_leaves_the_others_passed():
    cells = cells_of(FORM_2021, {"requests.granted.total": 3})
    _, rows = checked(FORM_2021, cells)
    assert told(FORM_2021, cells, rows, "requests.granted.total") == []
    assert told(FORM_2021, cells, rows, "requests.granted.research") == [("T2-OUTCOME-2021", "pass")]
    assert ("T2-ROWSUM", "pass") in told(FORM_2021, cells, rows, "requests.granted_partly.total")


def test_nothing_is_claimed_where_one_of_several_could_not_be_tested():
    """One blank: its own row and column are named. Two blanks of one kind: which rows they are is not kept."""
    cells = cells_of(FORM_2021, {"requests.granted.research": None})
    _, rows = checked(FORM_2021, cells)
    assert told(FORM_2021, cells, rows, "requests.granted.total") == [
        ("T2-OUTCOME-2021", "pass"),
        ("T2-ROWSUM", "not_assessable"),
    ]
    assert told(FORM_2021, cells, rows, "requests.denied_process.total")[-1] == ("T2-ROWSUM", "pass")
    cells = cells_of(FORM_2021, {"requests.granted.research": None, "requests.carried_in.total": None})
    _, rows = checked(FORM_2021, cells)
    assert told(FORM_2021, cells, rows, "requests.denied_process.total") == [("T2-OUTCOME-2021", "pass")]
    assert ("T2-ROWSUM", "not_assessable") in told(FORM_2021, cells, rows, "requests.carried_in.total")


@pytest.mark.parametrize("form", [FORM_2021, FORM_2019], ids=["2021", "2019"])
def test_a_row_printed_instead_of_others_counts_in_their_sum(form):
    instead = {row.key for row in form.rows() if row.instead_of}
    usual = {key for row in form.rows() for key in row.instead_of}
    for there, left_out in ((instead, usual), (usual, instead)):
        cells = cells_of(form, {}, left_out)
        _, rows = checked(form, cells)
        for row in there:
            assert (f"T2-OUTCOME-{form.id}", "pass") in told(form, cells, rows, f"requests.{row}.total")
    cells = cells_of(form, {})
    _, rows = checked(form, cells)
    for row in usual:
        assert told(form, cells, rows, f"requests.{row}.total") == [("T2-ROWSUM", "pass")]


@pytest.mark.parametrize("form_id", ["2021", "2019"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_claimed_is_what_each_check_said(form_id, data):
    """Over any numbers, blanks and missing rows: no claim is wrong, and where all could be tested none is missing."""
    form = load_form(form_id)
    keys = [cell.key for row in form.rows() for cell in row.cells]
    numbers = data.draw(st.dictionaries(st.sampled_from(keys), st.none() | st.integers(0, 3), max_size=6))
    names = sorted({row.key for row in form.rows() if row.table == "requests"})
    cells = cells_of(form, numbers, data.draw(st.sets(st.sampled_from(names), max_size=3)))
    found, rows = checked(form, cells)
    all_tested = all(finding.verdict != "not_assessable" for finding in found)
    truth = {}
    for finding in found:
        for key in finding.keys:
            truth.setdefault(key, []).append((finding.check, finding.verdict))
    for key in cells:
        claims = told(form, cells, rows, key)
        said = [claim for claim in truth.get(key, []) if claim[1] != "fail"]
        assert not set(claims) - set(said), key
        if all_tested:
            assert sorted(claims) == sorted(said), key
        assert len(claims) <= len(said)
