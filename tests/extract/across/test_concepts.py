"""One concept across forms: the right cells, summed only where all are there, and never without its mark."""

import json
import sqlite3

import pytest

from extract.across.concepts import COLUMNS, ConceptError, load_concepts, view_sql
from extract.forms import load_forms

FORMS = {form.id: form for form in load_forms()}
CELLS = {form: {cell.key for row in FORMS[form].rows() for cell in row.cells} for form in FORMS}
REQUESTS = sorted({key.split(".")[1] for keys in CELLS.values() for key in keys if key.startswith("requests.")})
DISCLOSURE = sorted({key.partition(".")[2] for keys in CELLS.values() for key in keys if key.startswith("disclosure.")})
REPORT = "report_id, report_key, agency_id, year, scope, form"


@pytest.fixture
def db():
    """Tables with the columns of the views that the view of concepts reads."""
    db = sqlite3.connect(":memory:")
    db.execute(f"create table disclosure ({REPORT}, {', '.join(DISCLOSURE)}, procurement_unit)")
    db.execute(f"create table requests ({REPORT}, applicant, {', '.join(REQUESTS)})")
    db.execute(f"create table disputes ({REPORT}, route, upheld, corrected, other, pending, total)")
    db.execute(f"create table statistics ({REPORT}, key, label, unit, value, cumulative)")
    db.execute(f"create view concepts as {view_sql()}")
    return db


def insert(db, table, report_id, form, year=2021, **values):
    row = {"report_id": report_id, "report_key": f"r{report_id}", "year": year, "form": form, "scope": "", **values}
    db.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))


def values(db, concept):
    return db.execute(
        "select report_id, form, value from concepts where concept = ? order by report_id", [concept]
    ).fetchall()


def test_the_view_has_its_columns_and_gives_none_where_nothing_is_stated(db):
    insert(db, "requests", 1, "2021", applicant="total")
    cursor = db.execute("select * from concepts")
    assert tuple(column[0] for column in cursor.description) == COLUMNS
    assert cursor.fetchall() == []


def test_requests_of_three_forms_meet(db):
    insert(db, "requests", 1, "2021", applicant="total", received_new=12)
    insert(db, "requests", 1, "2021", applicant="enterprise", received_new=4)
    insert(db, "requests", 2, "2019", applicant="total", received_new=0)
    insert(db, "statistics", 3, "2014", key="s_req_received", value=7)
    insert(db, "statistics", 3, "2014", key="s_req_in_person", value=5)
    assert values(db, "requests_received") == [(1, "2021", 12), (2, "2019", 0), (3, "2014", 7)]


def test_a_stock_of_2019_never_meets_one_of_2021_unmarked(db):
    insert(db, "disclosure", 1, "2021", normdocs_in_force=420)
    insert(db, "disclosure", 2, "2019", normdocs_published_stock=900)
    rows = db.execute(
        "select value, comparable, note from concepts where concept = 'normdocs_stock' order by 1"
    ).fetchall()
    assert [(value, mark) for value, mark, _ in rows] == [(420, "no"), (900, "no")]
    assert all("不能" in note for _, _, note in rows)


def test_a_sum_is_only_there_where_all_its_parts_are(db):
    grounds = {name: 1 for name in REQUESTS if name.startswith("denied_")}
    insert(db, "requests", 1, "2021", applicant="total", **grounds)
    insert(db, "requests", 2, "2021", applicant="total", **grounds | {"denied_process": None})
    assert values(db, "requests_denied") == [(1, "2021", 8)]
    for route, total in (("review", 9), ("lit_direct", 2), ("lit_after_review", 3)):
        insert(db, "disputes", 1, "2021", route=route, total=total)
    insert(db, "disputes", 2, "2021", route="lit_direct", total=2)
    insert(db, "disputes", 2, "2021", route="lit_after_review", total=None)
    insert(db, "disputes", 3, "2021", route="lit_direct", total=2)
    assert values(db, "litigation_total") == [(1, "2021", 5)]
    assert values(db, "reconsideration_total") == [(1, "2021", 9)]


def test_a_row_that_is_printed_twice_states_no_one_number(db):
    for value in (3, 30):
        insert(db, "statistics", 1, "2014", key="s_req_received", value=value)
        insert(db, "statistics", 1, "2014", key="s_reply_not_exist", value=value)
    insert(db, "statistics", 2, "2014", key="s_reply_not_exist", value=1)
    insert(db, "statistics", 2, "2014", key="s_reply_not_this_agency", value=2)
    assert values(db, "requests_received") == []
    assert values(db, "requests_not_held_or_absent") == [(2, "2014", 3)]


def test_every_cell_that_a_concept_names_is_one_of_its_forms():
    for concept in load_concepts():
        for source in concept.sources:
            for form in source.forms:
                known = CELLS[form] or {row.key for row in FORMS[form].statistics.rows}
                assert set(source.keys) <= known, concept.id
            assert len({key.partition(".")[0] for key in source.keys if "." in key}) <= 1
            assert source.comparable in {"yes", "partly", "weak", "no"}
            assert source.note_zh or source.comparable == "yes"
            assert source.note_en.replace("行政复议法", "").isascii()
        forms = [form for source in concept.sources for form in source.forms]
        assert len(forms) == len(set(forms)), "two sources for one form would count a report twice"


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"concepts": [{"concept": "x"}]})])
def test_a_broken_list_is_told(tmp_path, text):
    (tmp_path / "concepts.json").write_text(text, "utf-8")
    with pytest.raises(ConceptError, match=r"concepts\.json: not a list of concepts"):
        load_concepts(tmp_path / "concepts.json")


def steps(db, condition):
    """How many steps SQLite's machine takes, in tens."""
    taken = []
    db.set_progress_handler(lambda: taken.append(1), 10)
    db.execute(f"select count(*) from concepts where {condition}").fetchall()
    db.set_progress_handler(None, 10)
    return len(taken)


def test_filters_on_concept_and_year_reach_the_rows_of_every_select(db):
    for report_id in range(200):
        year = 2014 + report_id % 5
        insert(db, "statistics", report_id, "2014", year, key="s_req_received", value=1)
        insert(db, "requests", 1000 + report_id, "2021", year, applicant="total", received_new=1, granted=1)
    whole = steps(db, "1")
    assert steps(db, "concept = 'licensing_decisions'") < whole / 20
    assert steps(db, "concept = 'requests_received' and year = 2015") < steps(db, "concept = 'requests_received'") / 2
    assert all(select.count("select") == 1 for select in view_sql().split("\nunion all\n"))
