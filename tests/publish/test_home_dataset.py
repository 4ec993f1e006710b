"""The home page on what the dataset says: who should have reported, what changed, the ready-made questions."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from lxml import html

from publish.questions import load_questions
from publish.serve import build_datasette


@pytest.fixture(scope="module")
def page(demonstrated):
    """The home page's text, or that of one section, by address; of the demonstration or of another database."""

    async def get(path, db):
        datasette = build_datasette(db or demonstrated.db, demonstrated.archive)
        await datasette.invoke_startup()
        return (await datasette.client.get(path)).text

    return lambda path="/", db=None: html.fromstring(asyncio.run(get(path, db)))


def words(tree, section):
    return " ".join(" ".join(tree.xpath(f"//section[@aria-labelledby='{section}']")[0].itertext()).split())


def test_who_should_have_reported_of_the_last_year_due(page):
    text = words(page(), "expected")
    assert text.startswith("2025 年度应有的报告 12 份应有 12 份找到 0 份未找到 0 份迟于法定期限")
    assert "“未找到”不等于“未公布”" in text


def test_why_reports_were_not_found_stands_beside_the_count(page, demonstrated, tmp_path):
    copy = tmp_path / "archive.db"
    with closing(sqlite3.connect(demonstrated.db)) as db, closing(sqlite3.connect(copy)) as other:
        db.backup(other)
        other.execute("delete from expected where year = 2025")
        other.commit()
    text = words(page("/?lang=en", copy), "expected")
    assert "Reports expected for 2024 12 expected 11 found 1 not found" in text
    assert "the site's column did not list it when it was crawled" in text
    assert "“Not found” is not “did not publish”" in text


def test_what_changed_after_publication_leads_to_its_report(page):
    tree = page()
    assert "岚汀县水务局 2023 行政处罚: 8 → 11" in words(tree, "changed")
    links = tree.xpath("//section[@aria-labelledby='changed']//a/@href")
    assert links[0].endswith("#changes")
    assert {"/archive/changed_numbers", "/archive/vanished"} <= set(links)


def test_every_question_is_linked(page):
    links = page().xpath("//section[@aria-labelledby='questions']//a/@href")
    assert links == [f"/archive/{question.name}" for question in load_questions()]


def test_reports_whose_agency_is_not_known_wait(visitor):
    tree = html.fromstring(visitor.get("/").text)
    assert "未能确认机关的报告" in words(tree, "waiting")
