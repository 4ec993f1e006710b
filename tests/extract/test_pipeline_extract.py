"""Archive -> archive.db: killed, damaged, interleaved or again, it comes to the same rows."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import Archive, RecordError
from extract import pipeline
from extract import reading as reader
from extract.store import (
    DatabaseLockedError,
    DatabaseOfOtherArchiveError,
    DatabaseUnusableError,
    RebuildError,
)
from extract.store.database import open_for_writing
from extract.store.status import summarise
from tests.portal_archive import HOST, Builder, body

ROOT = Path(__file__).parents[2]
WATER, TOWN, SCHOOL = "岚汀县水务局", "砚池镇人民政府", "岚汀县教育局"
_NAMES = {
    "captures": "c.url || ' ' || c.fetched_at || ' ' || coalesce(c.record_id, c.failure)",
    "readings": "c.sha256 || ' ' || c.reader",
    "reports": "c.report_key",
    "leads": "c.site_id || ' ' || c.url",
    "agencies": "c.agency_key",
}
_ROW_NAMES = """
    select row_id, group_concat(key, ' ') from (select * from cell_keys order by row_id, position) group by row_id"""
_POINTERS = {
    "row_id": "rows",
    "report_id": "reports",
    "other_report_id": "reports",
    "lead_id": "leads",
    "agency_id": "agencies",
    "numbers_reading_id": "readings",
    "first_capture_id": "captures",
    "reading_id": "readings",
    "current_reading_id": "readings",
    "corrects": "readings",
    "old_reading_id": "readings",
    "new_reading_id": "readings",
}


def content(path):
    """Every row of every table with its internal ids replaced by what they stand for."""
    with closing(sqlite3.connect(path)) as db:
        names = {t: dict(db.execute(f"select id, {sql} from {t} c")) for t, sql in _NAMES.items()}
        names["rows"] = dict(db.execute(_ROW_NAMES))
        tables = [
            n for (n,) in db.execute("select name from sqlite_master where type = 'table' and name not like '%fts%'")
        ]
        return {table: sorted(_rows(db, table, names), key=repr) for table in tables if table != "_sqlite_migrations"}


def _rows(db, table, names):
    if table == "state":
        return db.execute("select key from state").fetchall()
    cursor = db.execute(f"select * from {table}")
    columns = [d[0] for d in cursor.description]
    return [
        tuple(
            names[_POINTERS[c]].get(v) if c in _POINTERS else v
            for c, v in zip(columns, row, strict=True)
            if c != "id" or table in ("sites", "regions")
        )
        for row in cursor
    ]


@pytest.fixture
def builder(tmp_path):
    return Builder(tmp_path / "archive")


@pytest.fixture
def db(tmp_path):
    return tmp_path / "archive.db"


def three(builder):
    pages = {f"/{year}.html": body(WATER, year) for year in (2021, 2022, 2023)}
    builder.run(pages, {url: [] for url in pages})


def test_killed_at_any_moment_it_goes_on_and_comes_to_the_same(builder, db, tmp_path):
    three(builder)
    pipeline.extract(builder.archive.root, tmp_path / "whole.db")
    code = (
        "import sys\nfrom pathlib import Path\nfrom extract import pipeline\npipeline._AT_ONCE = 1\n"
        "pipeline.extract(Path(sys.argv[1]), Path(sys.argv[2]), on_progress=lambda done, total: print(done, flush=True))"
    )
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", code, builder.archive.root, db], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline().strip() == "1"
        process.kill()
        process.wait()
        process.stdout.close()
    counts = pipeline.extract(builder.archive.root, db)
    assert counts.documents + counts.unchanged == 3
    assert content(db) == content(tmp_path / "whole.db")


def test_with_nothing_new_no_archive_file_is_opened(builder, db):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    for path in builder.archive.root.glob("county/*.warc.gz*"):
        path.unlink()
    counts = pipeline.extract(builder.archive.root, db)
    assert (counts.documents, counts.unchanged) == (0, 3)


def test_what_a_crawl_adds_meanwhile_is_loaded_the_next_time_and_once(builder, db):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    builder.run({"/b.html": body(TOWN, 2023)}, {"/b.html": []}, at="2024-03-01T08:00:00Z")
    assert list(pipeline.verify_rows(builder.archive, db)) == []
    counts = pipeline.extract(builder.archive.root, db)
    assert (counts.documents, counts.unchanged) == (1, 3)
    assert list(pipeline.verify_rows(builder.archive, db)) == []


def test_two_sites_crawled_in_turn_rebuild_to_the_same(builder, db):
    other = Builder(builder.archive.root, "a-first")
    shared = body(SCHOOL, 2023)
    for at in ("2024-02-01T08:00:00Z", "2024-03-01T08:00:00Z"):
        builder.run({"/w.html": body(WATER, 2023), "/s.html": shared}, {"/w.html": [], "/s.html": []}, at=at)
        pipeline.extract(builder.archive.root, db)
        other.run(
            {"/t.html": body(TOWN, 2023), "/s2.html": shared},
            {"/t.html": [], "/s2.html": []},
            at="2024-01-01T08:00:00Z",
        )
        pipeline.extract(builder.archive.root, db)
    step_by_step = content(db)
    pipeline.rebuild(builder.archive.root, db)
    assert content(db) == step_by_step
    assert [name for name in step_by_step if step_by_step[name]]


def flip(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 0xFF
    path.write_bytes(bytes(data))


def test_a_document_that_the_archive_gives_again_is_read_then(builder, db):
    three(builder)
    (warc,) = builder.archive.root.glob("county/*.warc.gz")
    (at,) = [
        r for _, r in builder.archive.records("county") if getattr(r, "sha256", "") and r.url == HOST + "/2022.html"
    ]
    flip(warc, at.offset + at.length // 2)
    with pytest.raises(RecordError, match="gongkai verify"):
        pipeline.extract(builder.archive.root, db)
    assert any("2022" in line or at.sha256 in line for line in pipeline.verify_rows(builder.archive, db))
    flip(warc, at.offset + at.length // 2)
    counts = pipeline.extract(builder.archive.root, db)
    assert (counts.documents, counts.reports, counts.unchanged) == (1, 1, 2)
    step_by_step = content(db)
    pipeline.rebuild(builder.archive.root, db)
    assert content(db) == step_by_step


def test_another_version_of_the_reader_reads_all_anew_and_keeps_the_old_readings(builder, db, monkeypatch):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    for module in (pipeline, reader):
        monkeypatch.setattr(module, "reader_version", lambda *_: "gongkai-9")
    with ThreadPoolExecutor(1) as here:  # processes of its own know nothing of what a test changes
        counts = pipeline.extract(builder.archive.root, db, executor=here)
    assert (counts.documents, counts.unchanged) == (3, 0)
    with closing(sqlite3.connect(db)) as found:
        assert found.execute("select count(*), count(distinct reader) from readings").fetchone() == (6, 2)
        assert found.execute(
            "select distinct reader from reports join readings d on d.id = current_reading_id"
        ).fetchall() == [("gongkai-9",)]


def test_a_document_is_counted_unreadable_once_whatever_read_it_before(builder, db, monkeypatch):
    builder.run({"/a.html": body(WATER, 2022), "/b.pdf": b"%PDF-1.4 torn"}, {"/a.html": [], "/b.pdf": []})
    for version in ("gongkai-8", "gongkai-9"):
        for module in (pipeline, reader):
            monkeypatch.setattr(module, "reader_version", lambda *_, version=version: version)
        pipeline.extract(builder.archive.root, db)
        assert summarise(db)["waiting"]["documents unreadable"] == 1


def test_a_database_of_the_sample_takes_nothing_real(builder, db, tmp_path):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    Archive(tmp_path / "real", holds="real")
    with pytest.raises(DatabaseOfOtherArchiveError, match=r"the sample portal.*--db"):
        pipeline.extract(tmp_path / "real", db)


def test_a_database_takes_documents_of_one_archive_only(builder, db, tmp_path):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    other = Builder(tmp_path / "other")
    other.run({"/a.html": body(TOWN, 2023)}, {"/a.html": []})
    before = content(db)
    with pytest.raises(DatabaseOfOtherArchiveError, match="another archive"):
        pipeline.extract(other.archive.root, db)
    assert content(db) == before
    assert pipeline.rebuild(other.archive.root, db).reports == 1


def test_a_rebuild_keeps_what_is_no_database_of_ours_beside_it(builder, db, caplog):
    three(builder)
    db.write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseUnusableError, match="gongkai rebuild"):
        pipeline.extract(builder.archive.root, db)
    assert pipeline.rebuild(builder.archive.root, db).reports == 3
    assert list(pipeline.verify_rows(builder.archive, db)) == []
    assert sorted(p.name for p in db.parent.glob("archive.db*")) == [
        "archive.db",
        "archive.db.kept-1",
        "archive.db.lock",
    ]
    assert db.with_name("archive.db.kept-1").read_bytes() == b"no database at all" * 100
    assert "archive.db.kept-1" in caplog.text
    assert pipeline.rebuild(builder.archive.root, db).reports == 3
    assert not db.with_name("archive.db.kept-2").exists()


def test_a_database_of_somebody_else_is_neither_written_nor_lost(builder, db):
    three(builder)
    with closing(sqlite3.connect(db)) as theirs:
        theirs.executescript("create table mine (x); insert into mine values (1)")
    before = db.read_bytes()
    with pytest.raises(DatabaseUnusableError, match="none of ours"):
        pipeline.extract(builder.archive.root, db)
    assert db.read_bytes() == before
    pipeline.rebuild(builder.archive.root, db)
    pipeline.rebuild(builder.archive.root, db)
    with closing(sqlite3.connect(db.with_name("archive.db.kept-1"))) as theirs:
        assert theirs.execute("select x from mine").fetchall() == [(1,)]


def test_a_rebuild_that_does_not_agree_leaves_the_old_one(builder, db):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    before = content(db)
    (warc,) = builder.archive.root.glob("county/*.warc.gz")
    (at,) = [
        r for _, r in builder.archive.records("county") if getattr(r, "sha256", "") and r.url == HOST + "/2022.html"
    ]
    flip(warc, at.offset + at.length // 2)
    with pytest.raises(RebuildError, match="the archive is damaged"):
        pipeline.rebuild(builder.archive.root, db)
    warc.unlink()
    with pytest.raises(RebuildError, match="the archive is damaged"):
        pipeline.rebuild(builder.archive.root, db)
    assert content(db) == before


def test_what_the_archive_lost_keeps_the_reading_it_had(builder, db, monkeypatch):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    (warc,) = builder.archive.root.glob("county/*.warc.gz")
    warc.unlink()
    for module in (pipeline, reader):
        monkeypatch.setattr(module, "reader_version", lambda *_: "gongkai-9")
    with pytest.raises(RecordError, match="gongkai verify"):
        pipeline.extract(builder.archive.root, db)
    with closing(sqlite3.connect(db)) as found:
        assert found.execute("select count(*), sum(numbers_read > 0) from report_list").fetchone() == (3, 3)


def test_a_rebuild_waits_for_no_one(builder, db):
    three(builder)
    with open_for_writing(db), pytest.raises(DatabaseLockedError):
        pipeline.rebuild(builder.archive.root, db)


def test_those_who_read_meanwhile_keep_what_they_opened(builder, db):
    three(builder)
    pipeline.extract(builder.archive.root, db)
    with closing(sqlite3.connect(db)) as reader:
        assert reader.execute("select count(*) from reports").fetchone() == (3,)
        builder.run({"/b.html": body(TOWN, 2023)}, {"/b.html": []}, at="2024-03-01T08:00:00Z")
        pipeline.rebuild(builder.archive.root, db)
        assert reader.execute("select count(*) from reports").fetchone() == (3,)
    with closing(sqlite3.connect(db)) as reader:
        assert reader.execute("select count(*) from reports").fetchone() == (4,)
