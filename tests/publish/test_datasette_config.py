"""config/datasette.yml describes what there is, all of it and nothing else; and its questions run."""

import re
import sqlite3

import pytest
import yaml

from publish.questions import canned_queries
from publish.serve import CONFIG, SETTINGS, ServeError, build_datasette

TOLD = yaml.safe_load(CONFIG.read_text("utf-8"))["databases"]["archive"]
WHOSE = {"report_id", "report_key", "issuer_printed", "year", "agency_id", "agency_key", "region_id", "scope", "form"}
WHOSE |= {"applicant", "route", "reading_id"}
CHINESE, ENGLISH = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2}")


def shape(db):
    connection = sqlite3.connect(db)
    names = [name for (name,) in connection.execute("select name from sqlite_master where type in ('table', 'view')")]
    columns = {name: [row[1] for row in connection.execute(f'pragma table_info("{name}")')] for name in names}
    connection.close()
    inner = re.compile(r"reports_fts_|sqlite_")  # FTS5's and SQLite's own
    return {name: found for name, found in columns.items() if not inner.match(name)}


def test_every_table_view_and_column_is_described_and_no_other(fictional):
    assert {name: set(told["columns"]) for name, told in TOLD["tables"].items()} == {
        name: set(columns) for name, columns in shape(fictional.db).items()
    }


def test_descriptions_are_in_both_languages():
    for name, told in TOLD["tables"].items():
        for text in (told["description"], *told["columns"].values()):
            assert CHINESE.search(text), (name, text)
            assert ENGLISH.search(text), (name, text)


def test_numbers_of_the_form_tell_their_unit():
    for table in ("disclosure", "requests", "disputes"):
        for column, text in TOLD["tables"][table]["columns"].items():
            if column not in WHOSE:
                assert (
                    any(unit in text for unit in ("件", "万元", "项", "procurement_unit"))
                    or column == "procurement_unit"
                )


@pytest.mark.parametrize("name", [*TOLD["queries"], *canned_queries()])
def test_ready_made_questions_run(visitor, name):
    answer = visitor.get(f"/archive/{name}.json?q=许可&year=2023&_shape=array")
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json(), list)


def test_settings_hold(visitor):
    told = visitor.get("/-/settings.json").json()
    assert {name: told[name] for name in SETTINGS} == SETTINGS


def test_what_is_missing_is_said_with_the_way_out(fictional, tmp_path):
    with pytest.raises(ServeError, match="gongkai extract"):
        build_datasette(tmp_path / "none.db", fictional.archive)
    with pytest.raises(ServeError, match="gongkai crawl"):
        build_datasette(fictional.db, tmp_path / "none")
