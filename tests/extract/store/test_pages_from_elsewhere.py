"""A page that a site has lost, from somebody else's archive: it is that site's report, with its own time and source."""

import datetime as dt
import io
import sqlite3

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.ingest import ingest
from crawler.items import Capture, Failure
from extract import pipeline
from tests.portal_archive import HOST, Builder, body, report

WATER, TOWN, HEALTH = "岚汀县水务局", "砚池镇人民政府", "岚汀县卫生健康局"
THEN = "2023-03-04T05:06:07Z"
NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


@pytest.fixture
def builder(tmp_path):
    return Builder(tmp_path / "archive", name="岚汀县", agency=WATER, level="county")


def foreign(path, pages):
    """What another archive holds: address -> body. The ids of its records."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        records = []
        for url, data in pages.items():
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            about = {"WARC-Date": THEN}
            records.append(
                writer.create_warc_record(
                    url, "response", io.BytesIO(data), len(data), warc_headers_dict=about, http_headers=http
                )
            )
            writer.write_record(records[-1])
    return {record.rec_headers["WARC-Target-URI"]: record.rec_headers["WARC-Record-ID"] for record in records}


def take(builder, path):
    counts = ingest(builder.archive.root, [path], holds="sample", now=lambda: NOW, code_version="t")
    assert not counts.failed
    return counts


def lose(builder, path):
    """The site still lists the page, and has it no more."""
    builder.run({path: (404, b"<html>gone</html>")}, {path: []})
    with builder.archive.writer("county") as writer:
        gone = {"kind": "gone", "message": "the page is gone (404)", "status": 404}
        about = {"run_id": "county-1", "site_id": "county", "url": HOST + path, "failed_at": "2024-02-01T08:00:00Z"}
        writer.note(Failure(**about, **gone), "2024-02-01T08:00:00Z")


def extracted(builder, name="archive.db"):
    db = builder.archive.root.parent / name
    pipeline.extract(builder.archive.root, db)
    return sqlite3.connect(db)


REPORTS = "select issuer_printed, year, site_id, first_seen, title is not null from reports order by issuer_printed"


def test_a_lost_page_and_an_unlisted_one_are_the_reports_of_the_site_they_were_on(builder, tmp_path):
    lose(builder, "/a.html")
    ids = foreign(
        tmp_path / "CC MAIN 2023.warc.gz",
        {
            HOST + "/a.html": body(WATER, 2022),
            HOST + "/unlisted.html": body(HEALTH, 2022),
            "http://elsewhere.example/t.html": body(TOWN, 2022),
        },
    )
    assert take(builder, tmp_path / "CC MAIN 2023.warc.gz").taken == 3
    captures = {r.url: r for _, r in builder.archive.records("ingest") if isinstance(r, Capture)}
    lost = captures[HOST + "/a.html"]
    assert (lost.fetched_at, lost.status) == (THEN, 200)
    assert builder.archive.source(lost) == f"CC%20MAIN%202023.warc.gz {ids[HOST + '/a.html']}"
    db = extracted(builder)
    assert set(db.execute(REPORTS).fetchall()) == {
        (HEALTH, 2022, "county", THEN, 1),
        (WATER, 2022, "county", THEN, 1),
        (TOWN, 2022, "ingest", THEN, 1),
    }
    named = {WATER, HEALTH, f"岚汀县{TOWN}"}  # each by what it says of itself, wherever it was found
    assert {name for (name,) in db.execute("select name from agencies")} == named
    kept = db.execute("select site_id, status, failure from captures where url = ? order by id", [HOST + "/a.html"])
    assert set(kept.fetchall()) == {("county", 404, None), ("county", 404, "gone"), ("ingest", 200, None)}
    assert list(builder.archive.verify()) == list(pipeline.verify_rows(builder.archive, tmp_path / "archive.db")) == []


def test_it_is_the_earlier_edition_of_what_stands_there_now(builder, tmp_path):
    value = int(report(WATER, 2022).cells["disclosure.licensing_decisions"])
    now = body(WATER, 2022)
    builder.run({"/a.html": now}, {"/a.html": []})
    foreign(
        tmp_path / "x.warc.gz", {HOST + "/a.html": now.replace(f">{value}<".encode(), f">{value + 5}<".encode(), 1)}
    )
    take(builder, tmp_path / "x.warc.gz")
    db = extracted(builder)
    found = db.execute("select count(*), min(site_id), min(first_seen) from reports").fetchall()
    assert found == [(1, "county", THEN)]
    roles = db.execute("select role, first_seen from report_documents order by 2").fetchall()
    assert roles == [("edition", THEN), ("page", "2024-02-01T08:00:00Z")]
    changed = db.execute("select key, old_value, new_value from changes").fetchall()
    assert changed == [("disclosure.licensing_decisions", value + 5, value)]
    assert db.execute("select licensing_decisions from disclosure").fetchall() == [(value,)]


def test_the_same_bytes_from_there_are_one_document_that_was_seen_earlier(builder, tmp_path):
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    foreign(tmp_path / "x.warc.gz", {HOST + "/a.html": body(WATER, 2022)})
    take(builder, tmp_path / "x.warc.gz")
    db = extracted(builder)
    assert db.execute("select role, first_seen from report_documents").fetchall() == [("page", THEN)]


def test_a_lost_attachment_is_its_page_s_document(builder, tmp_path):
    wanted = report(HEALTH, 2022)
    document = body(HEALTH, 2022, "/attach/0/" + wanted.attachments[0].rsplit("=", 1)[1])
    builder.run({"/p.html": body(HEALTH, 2022), "/1.docx": (404, b"gone")}, {"/p.html": ["/1.docx"]})
    foreign(tmp_path / "x.warc.gz", {HOST + "/1.docx": document})
    take(builder, tmp_path / "x.warc.gz")
    db = extracted(builder)
    documents = db.execute("select r.site_id, role, url from report_documents d join reports r on r.id = report_id")
    assert sorted(documents.fetchall()) == [
        ("county", "attachment", HOST + "/1.docx"),
        ("county", "page", HOST + "/p.html"),
    ]


def test_where_two_sites_share_a_host_the_one_that_lists_the_page_has_it(builder, tmp_path):
    other = Builder(builder.archive.root, "a-other")
    other.run({"/b.html": body(TOWN, 2023)}, {"/b.html": []})
    lose(builder, "/a.html")
    foreign(tmp_path / "x.warc.gz", {HOST + "/a.html": body(WATER, 2022), HOST + "/u.html": body(HEALTH, 2022)})
    take(builder, tmp_path / "x.warc.gz")
    found = dict(extracted(builder).execute("select issuer_printed, site_id from reports").fetchall())
    assert found == {TOWN: "a-other", WATER: "county", HEALTH: "ingest"}


def test_a_rebuild_says_the_same_as_step_by_step(builder, tmp_path):
    foreign(tmp_path / "x.warc.gz", {HOST + "/a.html": body(WATER, 2022), HOST + "/u.html": body(HEALTH, 2022)})
    take(builder, tmp_path / "x.warc.gz")
    before = extracted(builder)
    assert {site for (site,) in before.execute("select site_id from reports")} == {"ingest"}
    before.close()
    lose(builder, "/a.html")
    steps = extracted(builder).execute(REPORTS).fetchall()
    assert {row[2] for row in steps} == {"county"}
    pipeline.rebuild(builder.archive.root, tmp_path / "archive.db")
    assert sqlite3.connect(tmp_path / "archive.db").execute(REPORTS).fetchall() == steps
