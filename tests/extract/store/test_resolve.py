"""Which documents are one report: what is replaced, moved, bundled, unnamed or set back."""

import sqlite3

import pytest

from extract import pipeline
from tests.portal_archive import HOST, Builder, body, report

WATER, TOWN, SCHOOL = "岚汀县水务局", "砚池镇人民政府", "岚汀县教育局"
LATER, LAST = "2024-05-01T08:00:00Z", "2024-06-01T08:00:00Z"
KEY = "disclosure.licensing_decisions"


@pytest.fixture
def builder(tmp_path):
    return Builder(tmp_path / "archive")


@pytest.fixture
def rows(builder, tmp_path):
    def asked(sql):
        pipeline.extract(builder.archive.root, tmp_path / "archive.db")
        connection = sqlite3.connect(tmp_path / "archive.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    return asked


def altered(by):
    first = body(WATER, 2022)
    value = int(report(WATER, 2022).cells[KEY])
    return first.replace(f">{value}<".encode(), f">{value + by}<".encode(), 1), value


def cover(title="2023年政府信息公开工作年度报告", text="见附件"):
    return f"<html><title>{title}</title><p>{text}</p></html>".encode()


def test_a_number_that_is_set_back_is_two_changes_and_the_first_stands_again(builder, rows):
    (second, value), first = altered(5), body(WATER, 2022)
    for data, at in ((first, "2024-02-01T08:00:00Z"), (second, LATER), (first, LAST)):
        builder.run({"/a.html": data}, {"/a.html": []}, at=at)
    assert rows("select old_value, new_value, seen_at from changes order by seen_at") == [
        (value, value + 5, LATER),
        (value + 5, value, LAST),
    ]
    assert rows("select licensing_decisions from disclosure") == [(value,)]


def test_a_file_put_in_another_s_place_leaves_the_old_one_as_an_edition(builder, rows):
    second, value = altered(5)
    builder.run(
        {"/a.html": cover("岚汀县水务局2022年政府信息公开工作年度报告"), "/1.html": body(WATER, 2022)},
        {"/a.html": ["/1.html"]},
    )
    builder.run({"/2.html": second}, {"/a.html": ["/2.html"]}, at=LATER)
    assert rows("select role, url from report_documents order by url") == [
        ("edition", HOST + "/1.html"),
        ("attachment", HOST + "/2.html"),
        ("page", HOST + "/a.html"),
    ]
    assert rows("select licensing_decisions from disclosure") == [(value + 5,)]


def test_a_page_that_moved_is_the_same_report(builder, rows):
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    second, value = altered(5)
    builder.run({"/a.html": (302, b"/new/a.html"), "/new/a.html": second}, {"/a.html": []}, at=LATER)
    assert rows("select role, url from report_documents order by url") == [
        ("edition", HOST + "/a.html"),
        ("page", HOST + "/new/a.html"),
    ]
    assert rows("select licensing_decisions, year from disclosure") == [(value + 5, 2022)]


def test_last_year_s_report_in_whose_place_this_year_s_stands_stays_a_report(builder, rows):
    for year, at in ((2021, "2022-02-01T08:00:00Z"), (2022, "2023-02-01T08:00:00Z")):
        builder.run({"/annual.html": body(WATER, year)}, {"/annual.html": []}, at=at)
    assert rows("select year, last_seen from reports order by year") == [
        (2021, "2022-02-01T08:00:00Z"),
        (2022, "2023-02-01T08:00:00Z"),
    ]
    assert rows("select count(*) from changes") == [(0,)]


def test_a_page_that_only_leads_to_two_reports_is_the_page_of_both(builder, rows):
    pages = {"/all.html": cover(), "/1.html": body(WATER, 2023), "/2.html": body(TOWN, 2023)}
    builder.run(pages, {"/all.html": ["/1.html", "/2.html"]})
    assert rows("select issuer_printed, documents, numbers_read > 0 from report_list order by 1") == sorted(
        [(WATER, 2, 1), (TOWN, 2, 1)]
    )
    assert rows("select count(*) from report_documents where role = 'page'") == [(2,)]


def test_documents_that_name_no_issuer_are_not_put_together(builder, rows):
    pages = {"/1.html": cover(text="甲"), "/2.html": cover(text="乙")}
    builder.run(pages, dict.fromkeys(pages, ()))
    keys = rows("select report_key, issuer_printed from reports")
    assert len({key for key, _ in keys}) == 2
    assert {issuer for _, issuer in keys} == {"（未署名）"}


def test_one_report_on_two_pages_of_a_host_is_one(builder, rows):
    data = body(WATER, 2023)
    builder.run({"/1.html": data, "/2.html": data + b"<!-- again -->"}, {"/1.html": [], "/2.html": []})
    assert rows("select documents from report_list") == [(2,)]


def test_keys_outlive_the_order_of_crawls(builder, rows, tmp_path):
    one, other = {"/1.html": body(WATER, 2023)}, {"/2.html": body(SCHOOL, 2023)}
    builder.run(one, {"/1.html": []})
    builder.run(other, {"/2.html": []}, at=LATER)
    turned = Builder(tmp_path / "turned")
    turned.run(other, {"/2.html": []})
    turned.run(one, {"/1.html": []}, at=LATER)
    keys = rows("select issuer_printed, report_key from reports order by 1")
    pipeline.extract(turned.archive.root, tmp_path / "turned.db")
    with sqlite3.connect(tmp_path / "turned.db") as db:
        assert db.execute("select issuer_printed, report_key from reports order by 1").fetchall() == keys


def test_a_page_that_moved_twice_keeps_what_stood_at_each_address(builder, rows):
    second, value = altered(5)
    third, _ = altered(6)
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    builder.run({"/a.html": (302, b"/b.html"), "/b.html": second}, {"/a.html": []}, at=LATER)
    builder.run({"/a.html": (302, b"/c.html"), "/c.html": third}, {"/a.html": []}, at=LAST)
    assert rows("select role, url from report_documents order by url") == [
        ("edition", HOST + "/a.html"),
        ("edition", HOST + "/b.html"),
        ("page", HOST + "/c.html"),
    ]
    assert rows("select licensing_decisions from disclosure") == [(value + 6,)]


def test_a_page_that_was_sent_elsewhere_for_a_day_stands_again(builder, rows):
    home = b"<html><title>home</title><p>welcome</p></html>"
    builder.run({"/a.html": body(WATER, 2022)}, {"/a.html": []})
    builder.run({"/a.html": (302, b"/index.html"), "/index.html": home}, {"/a.html": []}, at=LATER)
    builder.run({"/a.html": body(WATER, 2022), "/index.html": home}, {"/a.html": []}, at=LAST)
    assert rows("select role, url, last_seen from report_documents") == [("page", HOST + "/a.html", LAST)]
