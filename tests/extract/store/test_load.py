"""Records into rows: nothing turns into something else, and the same twice changes nothing."""

import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Capture, Failure, Listing, Run, Site
from extract.records import Cell, Fact, Finding, GridPlace, PageBox, Reading, Report, Span, Statistic
from extract.store import DatabaseMissingError, DatabaseUnusableError
from extract.store.database import open_for_reading, open_for_writing
from extract.store.load import load_records
from extract.store.readings import ReadingWriter
from tests.stored import load_reading

AT = "2024-02-01T08:00:00Z"
KEYS = (
    "requests.granted.natural_person",
    "requests.granted.total",
    "disputes.review_total",
    "disclosure.admin_fees_wan",
)
PLACES = st.one_of(
    st.none(),
    st.builds(GridPlace, *(st.integers(0, 99) for _ in range(3))),
    st.builds(Span, st.integers(0, 99), st.integers(0, 99)),
    st.builds(PageBox, st.integers(1, 99), st.tuples(*(st.floats(0, 999) for _ in range(4)))),
)


@pytest.fixture
def db(tmp_path):
    with open_for_writing(tmp_path / "a.db") as database:
        yield database


def reading(cells=(), **more):
    fields = {"kind": "report", "issuer": "砚池镇", "year": 2023, "form": "2021", "confidence": 1.0}
    report = Report(**fields, cells={cell.key: cell for cell in cells}, **more)
    return Reading("a" * 64, 9, "text/html", "test", "text", report=report)


def records():
    who = {"run_id": "r1", "site_id": "town"}
    capture = Capture(
        **who,
        url="http://town.example/a",
        fetched_at=AT,
        status=200,
        claimed_type="text/html",
        sniffed_type="text/html",
        size=9,
        sha256="a" * 64,
        payload_digest="sha1:X",
        warc="town/a.warc.gz",
        offset=7,
        length=5,
        record_id="<urn:uuid:1>",
    )
    return [
        Site(id="town", start_url="http://town.example/", agency="old name"),
        Run(run_id="r1", site_id="town", started_at=AT, code_version="1"),
        capture,
        Listing(**who, url="http://town.example/a", title="年报", found_on="http://town.example/", verdict="report"),
        Failure(
            **who, url="http://town.example/b", failed_at=AT, kind="gone", message="the page is gone (404)", status=404
        ),
        Site(id="town", start_url="http://town.example/", agency="new name", entry_points=("http://town.example/nb/",)),
        Run(
            run_id="r1",
            site_id="town",
            started_at=AT,
            code_version="1",
            finished_at=AT,
            verdict="ok",
            counts={"new": 1},
        ),
    ]


def dump(db):
    return [line for line in db.conn.iterdump() if "_sqlite_migrations" not in line]


def test_records_loaded_twice_change_nothing(db):
    assert load_records(db, "town", records(), {"town/a.warc.gz": 12}) == 7
    before = dump(db)
    load_records(db, "town", records(), {"town/a.warc.gz": 12})
    assert dump(db) == before


def test_the_newest_line_of_the_registry_and_the_end_of_a_run_stand(db):
    load_records(db, "town", records(), {})
    newest = db.execute("select agency, entry_points from sites").fetchall()
    assert newest == [("new name", '["http://town.example/nb/"]')]
    assert db.execute("select verdict, counts from runs").fetchall() == [("ok", '{"new": 1}')]


def test_a_failure_is_a_capture_without_bytes(db):
    load_records(db, "town", records(), {})
    assert db.execute(
        "select url, status, sha256, failure, message from captures where failure is not null"
    ).fetchall() == [("http://town.example/b", 404, None, "gone", "the page is gone (404)")]


def test_a_load_that_breaks_leaves_nothing_of_it(db):
    def broken():
        yield from records()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        load_records(db, "town", broken(), {"town/a.warc.gz": 12})
    assert [db.execute(f"select count(*) from {t}").fetchone()[0] for t in ("sites", "captures", "archive_files")] == [
        0
    ] * 3


def test_a_reading_is_never_overwritten(db):
    first = load_reading(db, reading([Cell(KEYS[0], 1, "1", "number", 1.0)]), None)
    before = dump(db)
    assert load_reading(db, reading([Cell(KEYS[0], 2, "2", "number", 1.0)]), None) == first
    assert dump(db) == before


def test_five_states_stay_five_and_no_number_is_null(db):
    states = {"number": 0, "blank": None, "na_mark": None, "unreadable": None, "absent": None}
    columns = ("natural_person", "enterprise", "research", "social_org", "total")
    cells = [
        Cell(f"requests.granted.{column}", value, "", state, 1.0)
        for column, (state, value) in zip(columns, states.items(), strict=True)
    ]
    load_reading(db, reading(cells), None)
    assert dict(db.execute("select state, value from cells")) == states
    assert dict(db.execute("select applicant, granted from reading_requests")) == dict(
        zip(columns, states.values(), strict=True)
    )
    assert db.execute("select distinct denied_process from reading_requests").fetchall() == [(None,)]


def test_money_facts_statistics_and_findings_keep_their_numbers(db):
    sentence = "收到申请12件。"
    load_reading(
        db,
        Reading(
            "b" * 64,
            9,
            "text/html",
            "test",
            sentence,
            report=Report(
                kind="report",
                cells={KEYS[3]: Cell(KEYS[3], Decimal("26.55"), "26.55", "number", 0.9)},
                facts=(Fact("received", 12, "12", "件", sentence, Span(4, 6)),),
                statistics=(
                    Statistic(
                        "主动公开信息数",
                        "s_1",
                        "条",
                        Cell("s_1", 2069, "2,069", "number", 1.0, GridPlace(0, 1, 2)),
                        Cell("s_1", 12106, "12106", "number", 1.0, GridPlace(0, 1, 3)),
                    ),
                ),
            ),
            findings=(Finding("S-1", "fail", ("s_1",), Decimal("1.5"), 2, "x", "unknown", "s_1"),),
        ),
        None,
    )
    assert db.execute("select admin_fees_wan from reading_disclosure").fetchone() == (26.55,)
    (fact,) = db.execute('select value, sentence, start, "end" from facts')
    assert (fact[0], fact[1][fact[2] : fact[3]]) == (12.0, "12")
    assert db.execute("select position, value, cumulative from reading_statistics").fetchall() == [(0, 2069.0, 12106.0)]
    evidence = "select key, raw, column_index from cells where key like 'statistics.%' order by key"
    assert db.execute(evidence).fetchall() == [
        ("statistics.0.cumulative", "12106", 3),
        ("statistics.0.year", "2,069", 2),
    ]
    assert db.execute("select subject, left_value, right_value from findings").fetchall() == [("s_1", 1.5, 2.0)]


def to_a_tenth(place):
    return PageBox(place.page, tuple(round(edge, 1) for edge in place.box))


@settings(max_examples=60, deadline=None)
@given(raw=st.text(st.characters(codec="utf-8")), value=st.integers(0, 2**53), place=PLACES, sure=st.floats(0, 1))
def test_every_cell_comes_back_with_raw_text_and_place(tmp_path_factory, raw, value, place, sure):
    with open_for_writing(tmp_path_factory.mktemp("cells") / "a.db") as db:
        load_reading(db, reading([Cell(KEYS[1], value, raw, "number", sure, place)]), None)
        row = dict(next(db.query("select * from cells")))
    assert (row["raw"], row["value"], row["confidence"]) == (raw, value, sure)
    places = {
        GridPlace: (row["table_index"], row["row_index"], row["column_index"]),
        Span: (row["start"], row["end"]),
        PageBox: (row["page"], (row["left"], row["top"], row["right"], row["bottom"])),
    }
    for kind, kept in places.items():
        if isinstance(place, kind):
            assert kind(*kept) == (to_a_tenth(place) if kind is PageBox else place)
        else:
            assert set(kept) <= {None, (None,) * 4}


@pytest.mark.parametrize(
    "cells",
    [
        [Cell(KEYS[1], 10**30, "9", "number", 1.0)],
        [Cell(KEYS[1], 1, "\ud800", "number", 1.0)],
        [Cell(KEYS[1], Decimal("1.5"), "1.5", "number", 1.0)],
    ],
)
def test_what_the_database_refuses_costs_one_document(db, cells):
    assert ReadingWriter(db).write([[(reading(cells), None)]]) == [["error"]]
    (row,) = db.execute("select kind, error, issuer_printed from readings")
    assert row[0] == "error"
    assert "cannot be stored" in row[1]
    assert db.execute("select count(*) from cells").fetchone() == (0,)


@pytest.mark.parametrize("data", [b"no database" * 99, b""])
def test_what_is_no_database_is_said_to_those_who_read(tmp_path, data):
    (tmp_path / "b.db").write_bytes(data)
    with pytest.raises(DatabaseUnusableError, match="gongkai rebuild"):
        open_for_reading(tmp_path / "b.db")
    with pytest.raises(DatabaseMissingError, match="gongkai extract"):
        open_for_reading(tmp_path / "c.db")


def test_a_folder_that_is_not_there_is_said_to_those_who_write(tmp_path):
    with pytest.raises(DatabaseUnusableError, match="--db"), open_for_writing(tmp_path / "no" / "a.db"):
        pass


def test_no_row_hangs_on_nothing(db, tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        other.execute("pragma foreign_keys = on")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            other.execute("insert into readings (sha256, member, reader, kind) values ('x', '', 'r', 'report')")
    tables = [
        row[0] for row in db.execute("select sql from sqlite_master where type = 'table' and sql like 'create table%'")
    ]
    assert all("strict" in sql.lower() for sql in tables if "_sqlite_migrations" not in sql and "fts" not in sql)
