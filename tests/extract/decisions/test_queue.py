"""What deserves a look first: every reason in its weight's place, as far as a database can tell."""

import sqlite3
from contextlib import closing

from publish.questions import load_questions

(NEEDS_A_LOOK,) = (question.sql for question in load_questions() if question.name == "needs_a_look")
COLUMNS = ("weight", "why", "times", "report_key", "issuer_printed", "year", "example")

TOWN, VILLAGE = ("r1", "砚池镇人民政府", 2023), ("r2", "雁笙乡人民政府", 2022)


def database():
    db = sqlite3.connect(":memory:")
    db.executescript("""
      create table reports (report_key, issuer_printed, year, numbers_reading_id, agency_status);
      create table readings (id, sha256, kind, reason, doubtful, unreadable);
      create table corrections (report_key, key, status, reason);
      create table failed_checks (report_key, issuer_printed, year, check_id, subject, severity, cause, keys);
    """)
    db.executemany("insert into reports values (?, ?, ?, ?, ?)", [(*TOWN, 1, "resolved"), (*VILLAGE, 2, "ambiguous")])
    lost = "withheld: x (and this reader does not find that passage)"
    readings = [(1, "a", "report", None, 2, 1), (2, "b", "report", None, 0, 0), (3, "c", "other", lost, 0, 0)]
    db.executemany("insert into readings values (?, ?, ?, ?, ?, ?)", readings)
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


def test_the_heaviest_reason_comes_first():
    with closing(database()) as db:
        cursor = db.execute(NEEDS_A_LOOK)
        rows = cursor.fetchall()
    assert tuple(column[0] for column in cursor.description) == COLUMNS
    assert [row[:6] for row in rows] == [
        (100, "correction refused", 1, *TOWN),
        (100, "correction refused", 1, "r9", None, None),
        (90, "withheld passage not found", 1, None, None, None),
        (62, "sum fails, cause unknown", 2, *TOWN),
        (52, "readers disagree", 2, *VILLAGE),
        (40, "agency ambiguous", 1, *VILLAGE),
        (23, "low confidence", 3, *TOWN),
    ]
    assert rows[0][6] == "k: nothing to correct"


def test_the_schema_answers_it(tmp_path):
    from extract.store.database import open_for_writing

    with open_for_writing(tmp_path / "archive.db") as db:
        assert db.execute(NEEDS_A_LOOK).fetchall() == []
