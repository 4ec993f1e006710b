"""Which reports may be added up: one a body and year, none that sums up others."""

import sqlite3
from contextlib import closing

import pytest

from extract.store.database import open_for_writing

COUNTY, TOWN = (1, "k1", "岚汀县人民政府", "government", "county"), (2, "k2", "砚池镇人民政府", "township", "township")


@pytest.fixture
def counted(tmp_path):
    """``counted_reports`` over reports of (key, agency, year, scope, numbers)."""

    def rows(*reports):
        path = tmp_path / "archive.db"
        with open_for_writing(path):
            pass
        with closing(sqlite3.connect(path)) as db:
            db.executemany(
                "insert into agencies (id, agency_key, name, kind, level) values (?, ?, ?, ?, ?)", [COUNTY, TOWN]
            )
            db.execute("insert into documents (sha256, member) values ('s', '')")
            for number, (key, agency, year, scope, numbers) in enumerate(reports, 1):
                db.execute(
                    "insert into readings (id, sha256, member, reader, kind, numbers) values (?, 's', '', ?, 'report', ?)",
                    [number, str(number), numbers],
                )
                db.execute(
                    "insert into reports (report_key, issuer_printed, agency_id, year, scope, numbers_reading_id) "
                    "values (?, 'x', ?, ?, ?, ?)",
                    [key, agency, year, scope, number],
                )
            return set(db.execute("select report_key, counts from counted_reports").fetchall())

    return rows


def test_one_of_two_is_counted_and_rather_one_with_numbers(counted):
    assert counted(("a", 2, 2023, None, 0), ("b", 2, 2023, "own_office", 9), ("c", 2, 2023, None, 9)) == {("b", "own")}


def test_what_sums_up_others_stands_beside(counted):
    assert counted(("a", 1, 2023, "territory", 9), ("b", 1, 2023, "government_own", 9), ("c", 1, 2023, "level", 9)) == {
        ("a", "territory"),
        ("b", "own"),
        ("c", "level"),
    }


def test_a_government_that_does_not_say_whose_figures_they_are_is_not_added(counted):
    assert counted(
        ("a", 1, 2023, None, 9), ("b", 2, 2023, None, 9), ("c", 1, None, None, 9), ("d", None, 2023, None, 9)
    ) == {
        ("a", "unsure"),
        ("b", "own"),
    }
