"""A ZIP with reports of several agencies: taken in, read, found, and each number shown in the document it stands in."""

import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from lxml import html

from crawler.archive import Archive
from crawler.archive.ingest import ingest
from extract.brought import Piece
from extract.pipeline import extract, rebuild, verify_rows
from extract.reading import read_members
from gongkai import main
from publish.html_place import ANCHOR
from tests.publish.conftest import Visitor
from tests.publish.fictional_site import (
    BAISHI,
    NOW,
    SHIQIAO,
    YUNXI,
    Site,
    docx_report,
    html_report,
    numbers,
    pdf_report,
)

KEY = "requests.received_new.enterprise"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
PAGE, SHEET, PRINT = "各单位/白石镇.html", "各单位/石桥镇.zip!/石桥镇.docx", "云溪县.pdf"


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def original():
    inner = zipped(**{"石桥镇.docx": docx_report(SHIQIAO, numbers())})
    page = html_report(BAISHI, numbers()).encode()
    files = {PAGE: page, PRINT: pdf_report(YUNXI, numbers()), "封面.png": PICTURE, "各单位/石桥镇.zip": inner}
    return zipped(**files)


@pytest.fixture(scope="module")
def site(original, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    (folder / "2023.zip").write_bytes(original)
    archive = Archive(folder / "archive", holds="sample")
    url = "http://www.yunxi.example/2023.zip"
    ingest(archive.root, [folder / "2023.zip"], holds="sample", source_url=url, now=lambda: NOW, code_version="test")
    counts = extract(archive.root, folder / "archive.db")
    assert (counts.documents, counts.reports, counts.errors) == (3, 3, 0)
    db = sqlite3.connect(folder / "archive.db")
    rows = db.execute(
        "select r.issuer_printed || ' ' || r.year, report_key, sha256 from reports r join readings d on d.id = current_reading_id"
    ).fetchall()
    db.close()
    return Site(folder / "archive.db", archive.root, {n: k for n, k, _ in rows}, {n: s for n, _, s in rows})


@pytest.fixture
def zip_visitor(site):
    return Visitor(site)


def asked(site, sql):
    db = sqlite3.connect(site.db)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_each_document_is_a_report_of_its_own_under_the_digest_of_the_zip(site, original):
    assert len(set(site.keys.values())) == 3
    rows = asked(site, "select issuer_printed, member, role from report_documents join reports on id = report_id")
    assert sorted(rows) == sorted([(BAISHI, PAGE, "page"), (SHIQIAO, SHEET, "page"), (YUNXI, PRINT, "page")])
    assert asked(site, "select count(distinct sha256), count(*) from documents") == [(1, 3)]
    assert asked(site, "select sum(received_new) from requests where applicant = 'total'") == [(27,)]
    (warned,) = asked(site, f"select warnings from readings where member = '{PAGE}'")
    assert "封面.png: a picture" in warned[0]


def test_it_is_read_once_and_the_rows_hold(site):
    again = extract(site.archive, site.db)
    assert (again.documents, again.unchanged) == (0, 3)
    assert list(verify_rows(Archive(site.archive), site.db)) == []


def test_a_rebuild_gives_the_same_rows(site, tmp_path):
    rebuild(site.archive, tmp_path / "other.db")
    sql = "select report_key, member, role from report_documents join reports on id = report_id order by 1"
    assert asked(replace(site, db=tmp_path / "other.db"), sql) == asked(site, sql)


def test_a_zip_whose_bytes_the_archive_lost_is_asked_for_again(site, tmp_path):
    """What stood for the ZIP while nobody could open it goes when its documents are read."""
    from extract.store.database import open_for_writing
    from extract.store.readings import NOT_HAD
    from tests.stored import load_reading

    (sha256,) = set(site.digests.values())
    with open_for_writing(tmp_path / "a.db") as db:
        load_reading(db, read_members(b"")[0], None)
        (unread,) = [replace(r, sha256=sha256, reader=NOT_HAD) for r in read_members(b"")]
        load_reading(db, unread, None)
        load_reading(db, replace(unread, member=PAGE, reader="test"), None)
        rows = db.execute("select member, reader from readings where sha256 = ?", [sha256]).fetchall()
        kept = db.execute("select member from documents where sha256 = ?", [sha256]).fetchall()
    assert rows == [(PAGE, "test")]
    assert kept == [(PAGE,)]


def test_html_the_cell_is_outlined_in_the_member(zip_visitor):
    base = zip_visitor.report(f"{BAISHI} 2023", "/cell/")
    assert PAGE in zip_visitor.get(base + KEY).text
    answer = zip_visitor.get(f"{base}{KEY}/original")
    (cell,) = html.fromstring(answer.content.decode()).xpath(f"//*[@id='{ANCHOR}']")
    assert cell.text_content() == "2"
    assert cell.getparent()[0].text_content().startswith("一、本年新收")


def test_pdf_the_picture_is_of_the_member(zip_visitor):
    page = zip_visitor.get(zip_visitor.report(f"{YUNXI} 2023", f"/cell/{KEY}"))
    (picture,) = html.fromstring(page.text).xpath("//*[local-name()='image']")
    assert picture.get("href").endswith(f".png?member={quote(PRINT)}")
    answer = zip_visitor.get(picture.get("href"))
    assert answer.headers["content-type"] == "image/png"
    for other in ("", "?member=x.pdf", f"?member={quote(PAGE)}"):
        assert zip_visitor.get(picture.get("href").partition("?")[0] + other).status_code == 404


def test_docx_in_a_zip_within_the_row_is_quoted(zip_visitor):
    page = html.fromstring(zip_visitor.get(zip_visitor.report(f"{SHIQIAO} 2023", f"/cell/{KEY}")).text)
    assert [mark.text for mark in page.xpath("//pre[contains(@class, 'excerpt')]/mark")] == ["2"]


def test_the_report_names_its_file_and_the_original_is_the_zip(zip_visitor, site, original):
    report = zip_visitor.get(zip_visitor.report(f"{SHIQIAO} 2023")).text
    assert SHEET in report
    told = zip_visitor.get(zip_visitor.report(f"{SHIQIAO} 2023", ".json")).json()
    assert told["read_from"]["member"] == SHEET
    digest = site.digests[f"{SHIQIAO} 2023"]
    page = zip_visitor.get(f"/document/{digest}").text
    assert all(member in page for member in (PAGE, SHEET, PRINT))
    answer = zip_visitor.get(f"/original/{digest}")
    assert answer.content == original
    assert answer.headers["content-disposition"].endswith('.zip"')


def test_read_prints_a_line_for_each_document(tmp_path, original):
    (tmp_path / "a.zip").write_bytes(original)
    (tmp_path / "b.zip").write_bytes(zipped(**{"封面.png": PICTURE}))
    done = CliRunner().invoke(main, ["read", "--json", str(tmp_path / "a.zip"), str(tmp_path / "b.zip")])
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [(line.get("member"), line["kind"]) for line in lines] == [
        (PAGE, "report"),
        (PRINT, "report"),
        (SHEET, "report"),
        (None, "error"),
    ]
    assert lines[-1]["error"] == "a ZIP without a document; it holds 封面.png: a picture"
    assert "4 read · 3 reports · 1 not" in done.stderr
    assert done.exit_code == 1


def test_members_that_name_nobody_are_not_put_together_nor_given_to_another(tmp_path):
    """A county's ZIP: the office's report is not the county's, and two tables without a name are two."""
    values = {"甲.html": numbers(), "乙.html": numbers(disclosure__licensing_decisions=5)}
    nameless = {name: html_report("", v).replace("2023年", "").encode() for name, v in values.items()}
    named = {f"{n}.html": html_report(n, numbers()).encode() for n in ("云溪县人民政府", "云溪县人民政府办公室")}
    (tmp_path / "a.zip").write_bytes(zipped(**nameless, **named))
    archive = Archive(tmp_path / "archive", holds="sample")
    ingest(archive.root, [tmp_path / "a.zip"], holds="sample", now=lambda: NOW, code_version="test")
    extract(archive.root, tmp_path / "archive.db")
    here = Site(tmp_path / "archive.db", archive.root, {}, {})
    rows = asked(here, "select issuer_printed, r.year, member from reports r join report_documents on report_id = r.id")
    assert sorted(rows) == [
        ("云溪县人民政府", 2023, "云溪县人民政府.html"),
        ("云溪县人民政府办公室", 2023, "云溪县人民政府办公室.html"),
        ("（未署名）", None, "乙.html"),
        ("（未署名）", None, "甲.html"),
    ]


def test_a_zip_that_kills_its_reader_is_one_error_and_not_read_again(site, tmp_path):
    import shutil

    from extract import pipeline
    from extract.store import wanted
    from extract.store.basis import read_basis
    from extract.store.database import open_for_writing
    from extract.store.derive import derive, find_leads
    from extract.store.readings import ReadingWriter

    shutil.copy(site.db, tmp_path / "a.db")
    with open_for_writing(tmp_path / "a.db") as db:
        basis = read_basis(pipeline.config_of("sample"), "another reader")
        leads = find_leads(db, basis)
        ((capture_id, capture),) = wanted.unread(db, lambda _: "another reader", leads)
        lost = [replace(reading, reader="another reader") for reading in pipeline._lost(Piece(capture), "it died")]
        assert ReadingWriter(db).write([[(reading, capture_id) for reading in lost]]) == [["error"]]
        assert wanted.unread(db, lambda _: "another reader", leads) == []
        derive(db, basis)
        assert db.execute("select count(*) from reports").fetchone() == (0,)  # what it read last is what stands
