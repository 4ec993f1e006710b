"""What deserves a look first: every reason in its weight's place, as far as a database can tell."""

import sqlite3
from contextlib import closing

import yaml

from extract.decisions import config_dir
from extract.decisions.queue import COLUMNS, QUERY, needs_a_look

TOWN, VILLAGE = ("r1", "砚池镇人民政府", 2023), ("r2", "雁笙乡人民政府", 2022)


def database(*, compact):
    db = sqlite3.connect(":memory:")
    db.executescript("""
      create table reports (report_key, issuer_printed, year, current_reading_id, agency_status);
      create table readings (id, sha256, kind, reason);
      create table corrections (report_key, key, status, reason);
      create table failed_checks (report_key, issuer_printed, year, check_id, subject, severity, cause, keys);
    """)
    if compact:
        db.execute("create table odd_cells (reading_id, key, state, confidence)")
        db.execute("create table printed_rows (reading_id, row_id, state, confidence, printed)")
        db.execute(
            "insert into printed_rows values (1, 'requests.granted', null, 0.5, '[1, 2]'), (2, 'x', 'blank', 0.5, '[null]')"
        )
    db.execute(f"create table {'unused' if compact else 'cells'} (reading_id, key, state, confidence)")
    cells = [(1, "disputes.review_total", "number", 0.89), (1, "a", "number", 0.9), (2, "b", "blank", 0.2)]
    db.executemany(f"insert into {'odd_cells' if compact else 'cells'} values (?, ?, ?, ?)", cells)
    db.executemany("insert into reports values (?, ?, ?, ?, ?)", [(*TOWN, 1, "resolved"), (*VILLAGE, 2, "ambiguous")])
    db.execute(
        "insert into readings values (3, 'abc', 'other', 'withheld: x (and this reader does not find that passage)')"
    )
    db.executemany(
        "insert into corrections values (?, ?, ?, ?)",
        [
            ("r1", "k", "refused", "nothing to correct"),
            ("r1", "l", "applied", None),
            ("r9", "k", "refused", "no report"),
        ],
    )
    checks = [
        (*TOWN, "T2-FLOW", "total", "error", "unknown", '["a"]'),
        (*TOWN, "T2-SUM", "total", "error", None, '["a"]'),
        (*TOWN, "T2-SUM", "total", "error", "source", '["a"]'),
        (*TOWN, "N-X", "total", "warn", "unknown", '["a"]'),
        (*VILLAGE, "READERS-DISAGREE", None, "warn", "extraction", '["a", "b"]'),
    ]
    db.executemany("insert into failed_checks values (?, ?, ?, ?, ?, ?, ?, ?)", checks)
    return db


def schema(db):
    names = [name for (name,) in db.execute("select name from sqlite_master where type in ('table', 'view')")]
    return {name: [row[1] for row in db.execute(f'pragma table_info("{name}")')] for name in names}


def test_the_heaviest_reason_comes_first():
    for compact in (False, True):
        with closing(database(compact=compact)) as db:
            cursor = db.execute(needs_a_look(schema(db)))
            rows = cursor.fetchall()
        unsure = (23, "low confidence", 3) if compact else (21, "low confidence", 1)
        assert tuple(column[0] for column in cursor.description) == COLUMNS
        assert [row[:6] for row in rows] == [
            (100, "correction refused", 1, *TOWN),
            (100, "correction refused", 1, "r9", None, None),
            (90, "withheld passage not found", 1, None, None, None),
            (62, "sum fails, cause unknown", 2, *TOWN),
            (52, "readers disagree", 2, *VILLAGE),
            (40, "agency ambiguous", 1, *VILLAGE),
            (*unsure, *TOWN),
        ]
        assert rows[0][6] == "k: nothing to correct"


def test_the_ready_made_question_is_this_query_over_today_s_schema(tmp_path):
    from extract.store.database import open_for_writing

    with open_for_writing(tmp_path / "archive.db") as db:
        wanted = needs_a_look(schema(db))
        assert db.execute(wanted).fetchall() == []
    told = yaml.safe_load((config_dir() / "datasette.yml").read_text("utf-8"))["databases"]["archive"]["queries"][QUERY]
    assert told["sql"].split() == wanted.split(), "put what needs_a_look() gives for today's schema into datasette.yml"
