"""Each query of docs/questions.md on the database of the demonstration, against answers worked out by hand.

The answers are sums over the tables in sample/county.py (less what was not to be had), written out here; they are not
computed by what is tested.
"""

import re
import sqlite3
from pathlib import Path

import pytest

QUESTIONS = Path(__file__).parents[2] / "docs" / "questions.md"
BLOCKS = re.findall(r"^## (\d+)\. .*?```sql\n(.*?)```", QUESTIONS.read_text("utf-8"), re.DOTALL | re.MULTILINE)
SQL = {int(number): sql for number, sql in BLOCKS}
COUNTY = "岚汀县"


@pytest.fixture(scope="module")
def db(demonstrated):
    return sqlite3.connect(demonstrated.db)


@pytest.fixture
def ask(db):
    """The rows that a question's query gives."""
    return lambda number: db.execute(SQL[number]).fetchall()


def plain(rows):
    """Names of bodies without the county, which agencies bear and printed issuers of townships do not."""
    return [tuple(value.removeprefix(COUNTY) if isinstance(value, str) else value for value in row) for row in rows]


def test_there_are_fifteen_each_with_a_caution_and_a_way_to_read_it():
    text = QUESTIONS.read_text("utf-8")
    assert list(SQL) == list(range(1, 16))
    assert text.count("\n- Caution: ") == text.count("\n- Reading: ") == 15
    assert len(re.findall(r"^## \d+\. [^·]*[\u4e00-\u9fff][^·]* · [A-Z]", text, re.MULTILINE)) == 15


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
    assert {row[1:] for row in rows} == {
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
    assert [row[1:] for row in rows if row[2] == "units"] == [
        (2019, "units", 9, 6138, 496, 4, 0),
        (2020, "units", 9, 6219, 516, 4, 0),
        (2021, "units", 11, 6714, 546, 4, 0),
        (2022, "units", 11, 7051, 574, 7, 0),
        (2023, "units", 11, 7267, 590, 7, 0),
        (2024, "units", 10, 6508, 580, 5, 0),
        (2025, "units", 11, 7539, 559, 6, 1),  # one prints 7O, which nobody reads as a number
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
