"""What is one report, whose it is, and what changed: derived from listings and readings, the same at every rebuild."""

import sqlite3
from urllib.parse import quote

import pytest
from sqlite_utils import Database

from crawler.archive import RecordError
from crawler.archive.ingest import ingest
from extract import pipeline
from extract.store import DatabaseLockedError, DatabaseNewerError
from extract.store.database import open_for_writing
from extract.store.digest import table_digests
from extract.store.migrations import DISCLOSURE, DISPUTES, REQUESTS
from sample.numbers import APPLICANTS
from tests.documents import FORM
from tests.portal_archive import HOST, Builder, body, report

WATER, TOWN, HEALTH = "岚汀县水务局", "砚池镇人民政府", "岚汀县卫生健康局"


@pytest.fixture
def builder(tmp_path):
    return Builder(tmp_path / "archive", name="岚汀县", agency=WATER, level="county")


@pytest.fixture
def db(tmp_path):
    def extracted(builder):
        pipeline.extract(builder.archive.root, tmp_path / "archive.db")
        connection = sqlite3.connect(tmp_path / "archive.db")
        connection.row_factory = sqlite3.Row
        return connection

    return extracted


def rows(db, sql, *values):
    return [tuple(row) for row in db.execute(sql, values)]


def test_columns_of_the_database_are_the_form_s_rows():
    keys = {cell.key for row in FORM.rows() for cell in row.cells}
    assert {f"disclosure.{name}" for name in DISCLOSURE} == {key for key in keys if key.startswith("disclosure.")}
    assert {f"requests.{r}.{c}" for r in REQUESTS for c in (*APPLICANTS, "total")} == {
        k for k in keys if k.startswith("requests.")
    }
    routes = ("review", "lit_direct", "lit_after_review")
    assert {f"disputes.{r}_{x}" for r in routes for x in DISPUTES} == {
        key for key in keys if key.startswith("disputes.")
    }


def test_every_number_has_its_place_and_zero_is_not_blank(builder, db):
    builder.run({"/a.html": body("雁笙乡人民政府", 2021)}, {"/a.html": []})
    found = db(builder)
    assert rows(
        found, "select count(*) from cells where state <> 'absent' and (table_index is null or row_index is null)"
    ) == [(0,)]
    natural, enterprise = rows(
        found,
        "select received_new from requests where applicant in ('natural_person', 'enterprise') order by applicant desc",
    )
    assert (natural, enterprise) == ((0,), (None,))
    assert rows(found, "select distinct state from cells where key like '%.enterprise'") == [("blank",)]


def test_a_page_and_its_attachment_are_one_report_read_from_the_attachment(builder, db):
    wanted = report(HEALTH, 2022)
    page, document = body(HEALTH, 2022), body(HEALTH, 2022, "/attach/0/" + wanted.attachments[0].rsplit("=", 1)[1])
    builder.run(
        {"/p.html": page, "/down?id=1": (302, b"/files/1.docx"), "/files/1.docx": document},
        {"/p.html": ["/down?id=1"]},
    )
    found = db(builder)
    assert rows(found, "select issuer_printed, year, numbers_read from report_list") == [(HEALTH, 2022, 200)]
    assert rows(found, "select role, url from report_documents order by role") == [
        ("attachment", HOST + "/files/1.docx"),
        ("page", HOST + "/p.html"),
    ]


def test_the_same_report_as_page_and_document_is_a_twin(builder, db):
    wanted = report(HEALTH, 2023)
    document = body(HEALTH, 2023, "/attach/0/" + wanted.attachments[0].rsplit("=", 1)[1])
    builder.run({"/p.html": body(HEALTH, 2023), "/1.docx": document}, {"/p.html": ["/1.docx"]})
    assert rows(db(builder), "select role from report_documents order by role") == [("page",), ("twin",)]


def test_a_report_changed_after_publication_keeps_both_and_says_what_changed(builder, db):
    first = body(WATER, 2022)
    value = int(report(WATER, 2022).cells["disclosure.licensing_decisions"])
    second = first.replace(f">{value}<".encode(), f">{value + 5}<".encode(), 1)
    assert second != first
    builder.run({"/a.html": first}, {"/a.html": []})
    builder.run({"/a.html": second}, {"/a.html": []}, at="2024-05-01T08:00:00Z")
    found = db(builder)
    assert rows(found, "select key, old_value, new_value, seen_at from changes") == [
        ("disclosure.licensing_decisions", value, value + 5, "2024-05-01T08:00:00Z")
    ]
    assert rows(found, "select licensing_decisions from disclosure") == [(value + 5,)]
    assert rows(found, "select role from report_documents order by first_seen") == [("edition",), ("page",)]


def test_an_unchanged_page_seen_again_moves_only_the_last_sight(builder, db):
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    builder.run({"/a.html": (304, b"")}, {"/a.html": []}, at="2024-05-01T08:00:00Z")
    found = db(builder)
    assert rows(found, "select first_seen, last_seen from reports") == [
        ("2024-02-01T08:00:00Z", "2024-05-01T08:00:00Z")
    ]
    assert rows(found, "select count(*) from readings") == [(1,)]


def test_a_page_that_bundles_two_agencies_files_is_two_reports(builder, db):
    notice = "<html><title>2023年政府信息公开工作年度报告</title><p>各单位年度报告见附件</p></html>".encode()
    builder.run(
        {"/all.html": notice, "/1.html": body(WATER, 2023), "/2.html": body(TOWN, 2023)},
        {"/all.html": ["/1.html", "/2.html"]},
    )
    assert {row[0] for row in rows(db(builder), "select issuer_printed from reports")} >= {WATER, TOWN}


def test_two_local_files_of_one_town_name_are_never_merged(tmp_path, builder, db):
    import datetime as dt

    for name, year in (("a", 2022), ("b", 2023)):
        (tmp_path / f"{name}.html").write_bytes(body(TOWN, year).replace(b"2022", b"2023"))
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    ingest(
        builder.archive.root,
        [tmp_path / "a.html", tmp_path / "b.html"],
        holds="sample",
        now=lambda: now,
        code_version="t",
    )
    found = db(builder)
    assert rows(found, "select issuer_printed, year from reports") == [(TOWN, 2023), (TOWN, 2023)]
    assert rows(found, "select url from captures order by id limit 1")[0][0].endswith(quote("a.html"))


def test_an_agency_is_resolved_from_what_a_report_says_and_where_it_says_nothing_not(builder, db):
    nobody = "<html><title>2023年政府信息公开工作年度报告</title><p>主动公开信息12条。</p></html>".encode()
    pages = {"/a.html": body(WATER, 2022), "/b.html": body(TOWN, 2022), "/c.html": nobody}
    builder.run(pages, dict.fromkeys(pages, ()))
    found = db(builder)
    resolved = dict(rows(found, "select issuer_printed, name from reports r left join agencies a on a.id = agency_id"))
    assert resolved == {WATER: WATER, TOWN: f"岚汀县{TOWN}", "（未署名）": None}
    assert rows(found, "select agency_status from reports where agency_id is null") == [("unknown",)]
    assert rows(found, "select count(distinct report_id) from agency_evidence") == [(3,)]


def test_a_second_extraction_changes_nothing_and_reads_nothing(builder, db, tmp_path):
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    before = list(db(builder).iterdump())
    counts = pipeline.extract(builder.archive.root, tmp_path / "archive.db")
    assert (counts.documents, counts.unchanged) == (0, 1)
    assert list(sqlite3.connect(tmp_path / "archive.db").iterdump()) == before


def test_a_rebuild_gives_the_same_rows_as_step_by_step(builder, db, tmp_path):
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    db(builder)
    builder.run(
        {"/b.html": body(TOWN, 2023), "/x.html": b"<html><p>nothing</p></html>"}, {"/b.html": [], "/x.html": []}
    )
    step_by_step = content(tmp_path / "archive.db", db(builder))
    pipeline.rebuild(builder.archive.root, tmp_path / "archive.db")
    assert content(tmp_path / "archive.db") == step_by_step
    assert not list(tmp_path.glob("archive.db.new*"))


def content(path, _extracted=None):
    database = Database(path)
    try:
        return {table: (rows, digest) for table, rows, digest in table_digests(database)}
    finally:
        database.close()


def test_workers_give_the_same_as_one(builder, tmp_path):
    pages = {f"/{year}.html": body(WATER, year) for year in (2021, 2022, 2023)}
    builder.run(pages, {url: [] for url in pages})
    for name, workers in (("one.db", 1), ("two.db", 2)):
        pipeline.extract(builder.archive.root, tmp_path / name, workers=workers)
    assert content(tmp_path / "one.db") == content(tmp_path / "two.db")


def test_a_damaged_archive_costs_one_document(builder, db, tmp_path):
    builder.run({"/a.html": body(WATER, 2022), "/b.html": body(TOWN, 2022)}, {"/a.html": [], "/b.html": []})
    path = next(builder.archive.root.glob("county/*.warc.gz"))
    data = bytearray(path.read_bytes())
    (capture, *_) = [r for _, r in builder.archive.records("county") if getattr(r, "url", "") == HOST + "/a.html"]
    data[capture.offset + 40] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(RecordError, match="gongkai verify"):
        db(builder)
    found = sqlite3.connect(tmp_path / "archive.db")
    assert rows(found, "select count(*) from report_list") == [(1,)]
    assert "gongkai verify" in rows(found, "select error from readings where kind = 'error'")[0][0]


def test_only_one_writes(tmp_path):
    with (
        open_for_writing(tmp_path / "a.db"),
        pytest.raises(DatabaseLockedError, match="another process"),
        open_for_writing(tmp_path / "a.db"),
    ):
        pass


def test_a_newer_database_is_left_alone(tmp_path):
    with open_for_writing(tmp_path / "a.db") as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('gongkai', 'from_the_future', '')"
        )
    with pytest.raises(DatabaseNewerError, match="another version"), open_for_writing(tmp_path / "a.db"):
        pass


def test_verify_sees_a_row_without_record_and_a_record_without_row(builder, db, tmp_path):
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    found = db(builder)
    assert list(pipeline.verify_rows(builder.archive, tmp_path / "archive.db")) == []
    found.execute("update captures set url = 'http://county.example/other' where failure is null")
    found.commit()
    told = list(pipeline.verify_rows(builder.archive, tmp_path / "archive.db"))
    assert len(told) == 2
    assert all("gongkai rebuild" in message for message in told)
