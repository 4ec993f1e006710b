"""What the sample portal's manifest says of who is missing, late, linked or summed up is what is derived of its crawl."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from extract import pipeline
from sample.manifest import load

TRUTHS = load().truths


@pytest.fixture
def db(demonstrated):
    connection = sqlite3.connect(f"file:{demonstrated.db}?mode=ro", uri=True)
    yield connection
    connection.close()


def test_who_is_missing_and_why(db):
    found = {
        (name.removeprefix("岚汀县") if "人民政府" in name and name != "岚汀县人民政府" else name, year, why)
        for name, year, why in db.execute(
            "select name, year, why from expected e join agencies a on a.id = agency_id where status = 'not_found'"
        )
    }
    # what is there as pictures only is found: its numbers are what is missing
    assert found == {tuple(one.values()) for one in TRUTHS["absent"] if one["why"] != "image_only"}
    assert {why for *_, why in found} == {"gone", "robots", "blocked", "not_listed"}


def test_who_was_late_and_by_how_much(db):
    late = db.execute(
        "select issuer_printed, e.year, days_after_due, is_binding from expected e "
        "join reports r on r.id = report_id where days_after_due > 0"
    )
    assert set(late) == {(one["issuer"], one["year"], one["days"], int(one["binding"])) for one in TRUTHS["late"]}


def test_every_report_is_resolved_and_the_bureau_with_two_names_is_linked(db):
    assert db.execute("select agency_status, count(*) from reports group by 1").fetchall() == [("resolved", 92)]
    links = db.execute(
        "select a.name, b.name, year from agency_links join agencies a on a.agency_key = from_key "
        "join agencies b on b.agency_key = to_key"
    )
    assert links.fetchall() == [tuple(one.values()) for one in TRUTHS["renamed"]]


def test_the_vanished_report_says_since_when_it_is_missed(db):
    missed = "select issuer_printed, year, missed_at > last_seen from reports where missed_at is not null"
    assert set(db.execute(missed)) == {(*who, 1) for who in load().vanished}


def test_a_report_that_is_withheld_is_not_found_because_of_that(demonstrated, tmp_path):
    config, path = tmp_path / "config", tmp_path / "archive.db"
    shutil.copytree(pipeline.config_of("sample"), config)
    shutil.copy(demonstrated.db, path)
    asked = "select r.report_key, d.sha256 from reports r join readings d on d.id = r.current_reading_id "
    with closing(sqlite3.connect(path)) as found:
        ((key, sha256),) = found.execute(asked + "where r.issuer_printed = '砚池镇人民政府' and r.year = 2022")
    line = f"document,{sha256},,it names a person,两人,2026-01-05\n"
    (config / "withheld.csv").write_text("what,target,passage,reason,decided_by,decided_on\n" + line, "utf-8")
    pipeline.extract(demonstrated.archive, path, config=config)
    with closing(sqlite3.connect(path)) as found:
        why = "select e.year, why from expected e join agencies a on a.id = e.agency_id where name like '%砚池镇%' "
        assert found.execute(why + "and status = 'not_found' order by 1").fetchall() == [
            (2020, "gone"),
            (2022, "withheld"),
        ]
        assert not found.execute("select 1 from reports where report_key = ?", [key]).fetchall()
