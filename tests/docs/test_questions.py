"""Each query of config/questions on the database of the demonstration, the first fifteen against answers worked out by
hand.

The answers are sums over the tables in sample/county.py (less what was not to be had), written out here; they are not
computed by what is tested.
"""

import re
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from publish.questions import DOCUMENT, QuestionError, document, load_questions
from publish.serve import SETTINGS

QUESTIONS = {question.name: question for question in load_questions()}
SQL = {question.number: question.sql for question in QUESTIONS.values()}
COUNTY = "岚汀县"


@pytest.fixture(scope="module")
def db(demonstrated):
    return sqlite3.connect(demonstrated.db)


@pytest.fixture
def ask(db):
    """The rows that a question's query gives; a parameter that is not named is left empty, as in a form of the site."""

    def rows(asked, **parameters):
        sql = SQL[asked] if isinstance(asked, int) else QUESTIONS[asked].sql
        return db.execute(sql, {"year": "", "region": "", "sha256": ""} | parameters).fetchall()

    return rows


def plain(rows):
    """Names of bodies without the county, which agencies bear and printed issuers of townships do not."""
    return [tuple(value.removeprefix(COUNTY) if isinstance(value, str) else value for value in row) for row in rows]


def test_the_document_is_up_to_date():
    assert DOCUMENT.read_text("utf-8") == document(tuple(QUESTIONS.values())), "run: make docs"


def test_each_tells_its_title_and_caution_in_both_languages():
    assert list(SQL) == list(range(1, len(SQL) + 1))
    for question in QUESTIONS.values():
        assert re.search(r"[\u4e00-\u9fff]", question.zh)
        assert re.search(r"[\u4e00-\u9fff]", question.caution_zh)
        assert re.match(r"[A-Z]", question.en)
        assert re.search(r"[a-z]", question.caution)
        assert re.search(r"[a-z]", question.reading)


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_is_answered_within_the_time_that_the_site_gives(ask, name):
    begun = time.perf_counter()
    ask(name)
    assert time.perf_counter() - begun < SETTINGS["sql_time_limit_ms"] / 1000
    assert set(QUESTIONS[name].parameters) <= {"year", "region", "sha256"}


def test_a_head_that_lacks_a_part_is_refused(tmp_path):
    (tmp_path / "01-x.sql").write_text("-- 问\n-- Question\n-- Caution: none\nselect 1\n")
    with pytest.raises(QuestionError, match=r"01-x\.sql"):
        load_questions(tmp_path)


def test_1_requests_by_province_and_year(ask):
    assert ask(1) == [
        ("云岚省", 2019, 9, 94),
        ("云岚省", 2020, 9, 108),
        ("云岚省", 2021, 11, 101),
        ("云岚省", 2022, 11, 115),
        ("云岚省", 2023, 11, 134),
        ("云岚省", 2024, 10, 127),
        ("云岚省", 2025, 11, 149),
    ]


def test_2_shares_by_kind_of_body(ask):
    rows = ask(2)
    assert [row for row in rows if row[2] == 2023] == [
        ("county", "department", 2023, 5, 109, 48.6, 11.0, 18.3),
        ("county", "office", 2023, 1, 14, 50.0, 7.1, 7.1),
        ("township", "subdistrict", 2023, 1, 3, 66.7, 33.3, 0.0),
        ("township", "township", 2023, 4, 8, 62.5, 0.0, 0.0),
    ]
    assert ("county", "department", 2020, 4, 89, 52.8, 11.2, 14.6) in rows
    assert "government" not in {row[1] for row in rows}


def test_3_grounds_that_grow(ask):
    assert [row[1:] for row in ask(3)] == [
        ("requests.denied_internal_affairs.total", 11, 3, 12, 2.9, 8.2),
        ("requests.rejected_petition.total", 11, 6, 15, 5.8, 10.2),
        ("requests.rejected_repeat.total", 11, 1, 2, 1.0, 1.4),
        ("requests.denied_third_party.total", 11, 5, 7, 4.8, 4.8),
        ("requests.denied_admin_query.total", 11, 3, 4, 2.9, 2.7),
        ("requests.denied_enforcement_file.total", 11, 2, 2, 1.9, 1.4),
        ("requests.denied_process.total", 11, 3, 3, 2.9, 2.0),
    ]


def test_4_townships_without_requests(ask):
    assert ask(4) == [
        (2019, 4, 1, 25.0),
        (2020, 4, 2, 50.0),
        (2021, 5, 1, 20.0),
        (2022, 5, 1, 20.0),
        (2023, 5, 1, 20.0),
        (2024, 5, 2, 40.0),
        (2025, 5, 1, 20.0),
    ]


def test_5_corrected_in_reconsideration(ask):
    assert plain(ask(5)) == [
        ("市场监督管理局", 7, 25, 41, 61.0),
        ("教育局", 6, 1, 3, 33.3),
        ("自然资源局", 7, 12, 52, 23.1),
        ("人民政府办公室", 7, 0, 9, 0.0),
        ("卫生健康局", 6, 0, 3, 0.0),
        ("砚池镇人民政府", 6, 0, 1, 0.0),
    ]


def test_6_direct_lawsuits_since_2024(ask):
    assert ask(6) == [
        (2019, 9, 8, 3, 0),
        (2020, 9, 13, 5, 1),
        (2021, 11, 11, 7, 2),
        (2022, 11, 20, 8, 1),
        (2023, 11, 20, 9, 3),
        (2024, 10, 31, 2, 5),
        (2025, 11, 29, 0, 6),
    ]


def test_7_not_found_or_late(ask):
    assert {row[:7] for row in plain(ask(7))} == {
        ("教育局", 2019, "not_found", "robots", "2020-01-31", 1, None),
        ("水务局", 2020, "not_found", "blocked", "2021-01-31", 1, None),
        ("砚池镇人民政府", 2020, "not_found", "gone", None, 0, None),
        ("市场监督管理局", 2021, "found", None, "2022-01-31", 1, 18),
        ("人民政府", 2022, "found", None, "2023-03-31", 1, 6),
        ("柳笙镇人民政府", 2023, "found", None, None, 0, 34),
        ("卫生健康局", 2024, "not_found", "not_listed", "2025-01-31", 1, None),
        ("麦浦镇人民政府", 2025, "found", None, None, 0, 3),
    }


def test_8_reports_that_break_a_sum(ask):
    rows = [(*row[:4], row[5], row[6]) for row in plain(ask(8))]
    assert rows == [
        ("教育局", 2023, "T2-FLOW", "total", 13, 14),
        ("教育局", 2023, "T2-ROWSUM", "granted", 10, 11),
        ("教育局", 2023, "T2-ROWSUM", "outcome_total", 13, 14),
        ("水务局", 2021, "T2-FLOW", "natural_person", 6, 8),
        ("水务局", 2021, "T2-FLOW", "total", 6, 8),
        ("自然资源局", 2023, "T3-SUM-review", "review", 8, 11),
    ]


def test_9_carry_over(ask):
    assert [row[:4] for row in plain(ask(9))] == [("水务局", 2022, 2, 0), ("自然资源局", 2024, 5, 6)]


RECEIVED, HANDLED = "requests.received_new.total", "requests.outcome_total.total"
REVIEW, ISSUED, LICENSING = "disputes.review_total", "disclosure.normdocs_issued", "disclosure.licensing_decisions"


def test_10_the_county_and_its_parts(ask):
    rows = plain(ask(10))
    assert {row[0] for row in rows} == {"人民政府"}
    assert {row[1:9] for row in rows} == {
        (2019, RECEIVED, 105, 94, 11, 9, 11, "incomplete"),
        (2019, HANDLED, 101, 90, 11, 9, 11, "incomplete"),
        (2019, REVIEW, 8, 8, 0, 9, 11, "incomplete"),
        (2019, LICENSING, 6194, 6138, 56, 9, 11, "incomplete"),
        (2020, RECEIVED, 118, 108, 10, 9, 11, "incomplete"),
        (2020, HANDLED, 117, 108, 9, 9, 11, "incomplete"),
        (2020, REVIEW, 13, 13, 0, 9, 11, "incomplete"),
        (2020, LICENSING, 6326, 6219, 107, 9, 11, "incomplete"),
        (2021, RECEIVED, 101, 101, 0, 11, 11, "equal"),
        (2021, HANDLED, 104, 104, 0, 11, 11, "equal"),
        (2021, REVIEW, 11, 11, 0, 11, 11, "equal"),
        (2021, ISSUED, 10, 10, 0, 11, 11, "equal"),
        (2021, LICENSING, 6714, 6714, 0, 11, 11, "equal"),
        (2022, RECEIVED, 115, 115, 0, 11, 11, "equal"),
        (2022, HANDLED, 110, 110, 0, 11, 11, "equal"),
        (2022, REVIEW, 20, 20, 0, 11, 11, "equal"),
        (2022, ISSUED, 9, 9, 0, 11, 11, "equal"),
        (2022, LICENSING, 7051, 7051, 0, 11, 11, "equal"),
        (2023, RECEIVED, 141, 134, 7, 11, 11, "differs"),
        (2023, HANDLED, 140, 134, 6, 11, 11, "differs"),
        (2023, REVIEW, 17, 20, -3, 11, 11, "differs"),
        (2023, ISSUED, 10, 10, 0, 11, 11, "equal"),
        (2023, LICENSING, 7267, 7267, 0, 11, 11, "equal"),
        (2024, RECEIVED, 140, 127, 13, 10, 11, "incomplete"),
        (2024, HANDLED, 141, 128, 13, 10, 11, "incomplete"),
        (2024, REVIEW, 31, 31, 0, 10, 11, "incomplete"),
        (2024, ISSUED, 6, 6, 0, 10, 11, "incomplete"),
        (2024, LICENSING, 7253, 6508, 745, 10, 11, "incomplete"),
        (2025, RECEIVED, 149, 149, 0, 11, 11, "equal"),
        (2025, HANDLED, 147, 147, 0, 11, 11, "equal"),
        (2025, REVIEW, 29, 29, 0, 11, 11, "equal"),
        (2025, ISSUED, 10, 10, 0, 11, 11, "equal"),
        (2025, LICENSING, 7539, 7539, 0, 11, 11, "equal"),
    }


def test_11_licensing_penalties_coercion(ask):
    rows = ask(11)
    assert {row[0] for row in rows} == {COUNTY}
    assert [row[1:] for row in rows if row[2] == "own"] == [
        (2019, "own", 9, 6138, 496, 4, 0),
        (2020, "own", 9, 6219, 516, 4, 0),
        (2021, "own", 11, 6714, 546, 4, 0),
        (2022, "own", 11, 7051, 574, 7, 0),
        (2023, "own", 11, 7267, 590, 7, 0),
        (2024, "own", 10, 6508, 580, 5, 0),
        (2025, "own", 11, 7539, 559, 6, 1),  # one prints 7O, which nobody reads as a number
    ]
    assert [row[1:] for row in rows if row[2] == "territory"] == [
        (2019, "territory", 1, 6194, 496, 4, 0),
        (2020, "territory", 1, 6326, 522, 5, 0),
        (2021, "territory", 1, 6714, 546, 4, 0),
        (2022, "territory", 1, 7051, 574, 7, 0),
        (2023, "territory", 1, 7267, 587, 6, 0),
        (2024, "territory", 1, 7253, 609, 5, 0),
        (2025, "territory", 1, 7539, 629, 6, 0),
    ]


def test_12_stock_and_flow_of_normative_documents(ask):
    rows = plain(ask(12))
    assert len(rows) == 46
    assert [row for row in rows if row[-1]] == [("市场监督管理局", 2023, 10, 2, 0, 14, 2)]
    assert ("水利局", 2024, 7, 0, 0, 7, 0) in rows  # its stock goes on from that of 水务局


def test_13_numbers_that_no_cell_explains(ask):
    assert [row[:6] for row in ask(13)] == [("鹤汀街道办事处", 2023, "N-REQ", "requests_received", 9, 3)]


def test_14_numbers_changed_after_publication(ask):
    rows = ask(14)
    assert [(*row[:3], row[4], row[6]) for row in plain(rows)] == [
        ("水务局", 2023, "disclosure.coercion_decisions", 0, 1),
        ("水务局", 2023, "disclosure.penalty_decisions", 8, 11),
    ]
    assert all(row[8] <= row[9] for row in rows)


def test_15_the_information_processing_fee(ask):
    rows = plain(ask(15))
    assert [row[:5] for row in rows] == [
        ("自然资源局", 2023, 800, 3, 1),
        ("自然资源局", 2024, 1900, 5, 2),
        ("自然资源局", 2025, 1200, 4, 1),
    ]
    assert all("信息处理费" in row[5] for row in rows)


def test_not_found_says_why(ask):
    assert {row[:4] for row in plain(ask("not_found"))} == {
        (2019, "教育局", "汐州市", "robots"),
        (2020, "水务局", "汐州市", "blocked"),
        (2020, "砚池镇人民政府", "", "gone"),  # right below the county
        (2024, "卫生健康局", "汐州市", "not_listed"),
    }
    assert [row[0] for row in ask("not_found", year="2024")] == [2024]


def test_late_is_only_who_the_law_names(ask):
    assert [(row[0], row[1], row[4]) for row in plain(ask("late"))] == [
        (2022, "人民政府", 6),
        (2021, "市场监督管理局", 18),
    ]


def test_coverage_has_its_denominator(ask):
    rows = ask("coverage")
    assert (COUNTY, "county", 2024, 7, 6, 6, 85.7, 7) in {row[:8] for row in rows}
    assert ("砚池镇", "township", 2020, 1, 0, None, 0.0, 0) in {row[:8] for row in rows}
    assert {row[0] for row in ask("coverage", region="砚池镇")} == {"砚池镇"}
    assert ask("coverage", region="汐州市") == rows
    assert ask("coverage", region="无此地") == []


def test_what_vanished_keeps_its_address(ask):
    ((_, issuer, _, last_seen, missed_at, _, url),) = ask("vanished")
    assert issuer == "鹤汀街道办事处"
    assert last_seen < missed_at
    assert url.startswith("http")


def test_totals_that_differ_say_of_how_many_parts(ask):
    rows = plain(ask("parts_that_differ", year="2023"))
    assert [(*row[:3], *row[4:9]) for row in rows] == [
        (2023, "人民政府", REVIEW, 17, 20, -3, "11 / 11", "differs"),
        (2023, "人民政府", HANDLED, 140, 134, 6, "11 / 11", "differs"),
        (2023, "人民政府", RECEIVED, 141, 134, 7, "11 / 11", "differs"),
    ]


def test_documents_of_one_report_that_disagree(ask):
    assert [row[3:7] for row in ask("documents_that_disagree")] == [(LICENSING, "行政许可", 42, 24)]


def test_what_two_readers_read_otherwise_is_told_cell_by_cell(demonstrated, tmp_path):
    copy = tmp_path / "archive.db"
    shutil.copy(demonstrated.db, copy)
    with closing(sqlite3.connect(copy)) as db:
        (reading,) = db.execute("select reading_id from odd_cells union select id from readings").fetchone()
        sha256 = _read_again(db, reading)
        rows = db.execute(QUESTIONS["reader_differences"].sql, {"sha256": sha256}).fetchall()
        assert rows == db.execute(QUESTIONS["reader_differences"].sql, {"sha256": ""}).fetchall()
    assert [row[0] for row in rows] == [sha256]
    assert rows[0][2:5] == (RECEIVED, "number", rows[0][4])
    assert rows[0][6:8] == ("unreadable", None)


def _read_again(db, reading):
    """The same reading by another reader, which cannot read one cell."""
    names = [row[1] for row in db.execute("pragma table_info(readings)")][1:]
    new = ", ".join({"reader": "'other'"}.get(name, name) for name in names)
    db.execute(f"insert into readings ({', '.join(names)}) select {new} from readings where id = ?", [reading])
    ((again, sha256),) = db.execute("select id, sha256 from readings order by id desc limit 1").fetchall()
    for table in ("printed_rows", "odd_cells"):
        columns = [row[1] for row in db.execute(f"pragma table_info({table})")][1:]
        listed = ", ".join(f'"{name}"' for name in columns)
        db.execute(
            f"insert into {table} (reading_id, {listed}) select ?, {listed} from {table} where reading_id = ?",
            [again, reading],
        )
    db.execute(
        "insert into odd_cells (reading_id, key, raw, state) values (?, ?, '?', 'unreadable')", [again, RECEIVED]
    )
    return sha256


ADDING = (
    "requests_by_province",
    "outcomes_by_kind",
    "grounds_that_grow",
    "townships_without_requests",
    "corrected_in_reconsideration",
    "reconsideration_first",
    "licensing_penalties_coercion",
)


def test_those_that_add_numbers_of_the_form_are_known():
    """A new one must be held against what stands twice, below."""
    adding = {name for name, each in QUESTIONS.items() if re.search(r"\bsum\((?:case when )?[qdc]\.", each.sql)}
    assert adding - {"coverage"} == set(ADDING)


@pytest.mark.parametrize("name", ADDING)
def test_sums_stay_when_reports_stand_twice_or_a_government_states_its_own_territory(demonstrated, tmp_path, name):
    """Each report a second time on another site; then county governments that do not say whose figures they are."""
    copy = tmp_path / "archive.db"
    shutil.copy(demonstrated.db, copy)
    with closing(sqlite3.connect(copy)) as db:

        def own():
            rows = db.execute(QUESTIONS[name].sql).fetchall()
            return [row for row in rows if not {"territory", "unsure"} & set(row)]

        before = own()
        names = [row[1] for row in db.execute("pragma table_info(reports)")][1:]
        again = ", ".join({"report_key": "'z' || report_key"}.get(column, column) for column in names)
        db.execute(f"insert into reports ({', '.join(names)}) select {again} from reports")
        assert own() == before
        db.execute("update reports set scope = null where scope = 'territory'")
        assert own() == before
