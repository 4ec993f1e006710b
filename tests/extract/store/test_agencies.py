"""Whose a report is, from the page that leads to it; and what is noted where that is not settled."""

import sqlite3
from pathlib import Path

import pytest

from crawler.items import Listing, Run
from extract import pipeline
from tests.portal_archive import HOST, Builder, body

TOWN, AT = "砚池镇人民政府", "2024-02-01T08:00:00Z"


def page(way="", foot=""):
    return (
        f"<html><body><p>{way}</p><h1>政府信息公开工作年度报告</h1><a href='/a.html'>年度报告</a><p>{foot}</p></body></html>"
    ).encode()


def nameless(year=2021):
    """A town's report in which the town is named nowhere."""
    text = body(TOWN, year).decode("utf-8", "replace")
    for name in (TOWN, "砚池镇", "岚汀县", "砚池"):
        text = text.replace(name, "")
    return text.encode()


@pytest.fixture
def derived(tmp_path):
    builder = Builder(tmp_path / "archive", name="岚汀县", level="county", region_code="990101")

    def database(pages, publisher=""):
        builder.run(pages, {})
        with builder.archive.writer(builder.site.id) as writer:
            run = Run(run_id="county-9", site_id=builder.site.id, started_at=AT, code_version="test")
            writer.note(run, AT)
            fields = {"title": "年报", "found_on": HOST + "/", "verdict": "report", "publisher": publisher}
            address = HOST + next(iter(pages))
            linked = tuple(HOST + url for url in list(pages)[1:])
            writer.note(
                Listing(run_id=run.run_id, site_id=builder.site.id, url=address, attachments=linked, **fields), AT
            )
        pipeline.extract(builder.archive.root, tmp_path / "archive.db")
        return sqlite3.connect(tmp_path / "archive.db")

    return database


def told(db):
    sql = "select agency_status, agency_key from reports r left join agencies a on a.id = r.agency_id"
    return db.execute(sql).fetchall()


def test_the_page_s_column_tells_whose_the_document_is(derived):
    db = derived({"/p.html": page("当前位置：首页 > 乡镇街道 > 砚池镇 > 年报"), "/a.html": nameless()})
    assert told(db) == [("resolved", "990101100-2015:政府")]
    assert ("breadcrumb",) in db.execute("select source from agency_evidence").fetchall()


def test_a_report_that_names_nobody_says_what_to_look_at(derived):
    db = derived({"/p.html": page(), "/a.html": nameless()})
    assert told(db) == [("unknown", None)]
    manual = (Path(__file__).resolve().parents[3] / "docs" / "identity.md").read_text(encoding="utf-8")
    waiting = db.execute(manual.split("```sql\n")[1].split("```")[0]).fetchall()
    assert [(row[3], row[4], row[5].split(":")[0]) for row in waiting] == [
        (2021, "unknown", "title, signature and source name no body")
    ]


def test_the_place_that_puts_up_pages_is_not_the_issuer(derived):
    db = derived({"/p.html": page(), "/a.html": nameless()}, publisher="岚汀县")
    assert told(db) == [("unknown", None)]


def test_a_department_that_puts_up_its_page_is(derived):
    db = derived({"/p.html": page(), "/a.html": nameless()}, publisher="岚汀县水务局")
    assert told(db) == [("resolved", "990101-2015:水务局")]


def test_a_page_that_leads_to_several_bodies_says_of_none_whose_it_is(derived):
    pages = {
        "/p.html": page("当前位置：首页 > 水务局 > 年报"),
        "/a.html": nameless(),
        "/b.html": body("岚汀县水务局", 2021),
        "/c.html": body("岚汀县卫生健康局", 2021),
    }
    keys = {key for _, key in told(derived(pages, publisher="岚汀县司法局"))}
    assert keys >= {"990101-2015:水务局", "990101-2015:卫生健康局"}
    assert "990101-2015:司法局" not in keys
