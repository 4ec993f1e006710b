"""Hanweb: the three ways to further pages, and the page of yearly reports that is a family of its own."""

import pytest

from crawler.families import FAMILIES, Page, columns, hanweb, hanweb_annual, judge

from .pages import fixture, title, told

COLUMN = "http://lanting.example/col/col5/index.html"
PROXY = "http://lanting.example/module/web/jpage/dataproxy.jsp"
ANNUAL = "http://lanting.example/module/xxgk/xxgkAnnualReport.jsp"


def test_the_encrypted_next_page_is_asked_as_it_stands_with_its_number():
    page = fixture("hanweb/nextgroup.html", COLUMN)
    assert list(hanweb.next_pages(page)) == [
        f"{PROXY}?page={n}&appid=1&columnid=9f8e7d%2Ba%3D%3D&unitid=77aa&webname=岚汀县" for n in (2, 3)
    ]


def test_a_link_of_the_data_store_to_an_annual_page_has_one_address():
    urls = [entry.url for entry in hanweb.entries(fixture("hanweb/nextgroup.html", COLUMN))]
    assert urls == ["http://lanting.example/art/2024/1/20/art_5_71.html", f"{ANNUAL}?area=11&fbtime=2023"]


def test_answers_lead_to_the_others_and_an_empty_one_nowhere():
    url = PROXY + "?page=2&columnid=9f8e7d%2Ba%3D%3D&unitid=77aa"
    assert list(hanweb.next_pages(fixture("hanweb/answer.xml", url))) == [url.replace("page=2", "page=3")]
    assert [entry.title for entry in hanweb.entries(fixture("hanweb/answer.xml", url))][:1] == [title(2022, "砚池镇")]
    assert list(hanweb.next_pages(fixture("hanweb/empty.xml", url))) == []


@pytest.mark.parametrize(
    ("number", "rows", "total", "following"),
    [(1, 15, 40, [2, 3]), (2, 15, 40, [3]), (3, 10, 30, []), (1, 15, 15, []), (1, 15, 0, [])],
)
def test_without_a_count_of_pages_rows_are_counted(number, rows, total, following):
    head = (
        f"<totalrecord>{total}</totalrecord><nextgroup><![CDATA[<a href='dataproxy.jsp?page=1&x=1'></a>]]></nextgroup>"
    )
    page = Page(f"{PROXY}?page={number}&x=1", head + "<record><![CDATA[<li>]]></record>" * rows)
    assert list(hanweb.next_pages(page)) == [f"{PROXY}?page={n}&x=1" for n in following]


def test_the_link_of_the_next_group_is_no_row():
    store = "<datastore><totalrecord>3</totalrecord><nextgroup><![CDATA[<a></a>]]></nextgroup><recordset>"
    page = Page(COLUMN, store + "<record><![CDATA[<li>]]></record>" * 2 + "</recordset></datastore>columnid:5")
    (url,) = hanweb.next_pages(page)
    assert "startrecord=3&endrecord=3" in url


@pytest.mark.parametrize(("query", "following"), [("", 2), ("?uid=18&pageNum=2", 3)])
def test_pages_by_unit_are_counted_on(query, following):
    page = fixture("hanweb/unit.html", COLUMN + query)
    assert f"{COLUMN}?uid=18&pageNum={following}" in list(hanweb.next_pages(page))


def test_pages_by_unit_are_as_many_as_the_rows_need_and_end_without_any():
    page = fixture("hanweb/unit.html", COLUMN)
    counted = Page(COLUMN, page.text + "<totalrecord>5</totalrecord>" + "<record><![CDATA[<li>]]></record>" * 2)
    assert [url[-1] for url in hanweb.next_pages(counted)] == ["2", "3"]
    assert list(hanweb.next_pages(Page(COLUMN + "?uid=18&pageNum=9", "<html></html>"))) == []


def annual(query="?area=11330001&fbtime=2024"):
    return fixture("hanweb_annual/report.html", ANNUAL + query)


def test_the_annual_page_is_told_by_its_address_and_a_column_that_links_it_is_not():
    assert told(annual().url) == "hanweb_annual"
    assert told(COLUMN, f"<a href='{ANNUAL}?area=1&fbtime=2023'>2023年</a>") == "hanweb"


@pytest.mark.parametrize("query", ["?area=11330001&fbtime=2024", "?fbtime=2024&area=11330001"])
def test_other_years_are_entries_under_one_address_each_and_the_page_is_none_of_its_own(query):
    assert [entry.url for entry in hanweb_annual.entries(annual(query))] == [
        f"{ANNUAL}?area=11330002&fbtime=2023",
        f"{ANNUAL}?area=11330001&fbtime=2023",
    ]


def test_other_agencies_are_further_pages_of_this_site_alone():
    expected = [f"{ANNUAL}?area=11330002", f"{ANNUAL}?area=11330001"]
    assert list(hanweb_annual.next_pages(annual())) == list(hanweb.next_pages(annual())) == expected
    assert list(hanweb_annual.next_pages(annual("?area=11330002"))) == expected[1:]
    links = "".join(f"<a href='?area={n}'>乡</a>" for n in range(1000))
    assert len(list(hanweb_annual.next_pages(Page(ANNUAL, links)))) == 300


def test_the_title_tells_the_year_and_the_copies_are_attachments():
    detail = hanweb_annual.detail(annual())
    assert detail.title == title(2023, "砚池镇人民政府")
    assert [url.rsplit("/", 1)[1] for url in detail.attachments] == [
        "71.pdf",
        "downfile.jsp?classid=0&filename=71.docx",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<title>{title(2023)}</title><h1>{title(2022)}</h1>", title(2023)),
        (f"<title>县政府</title><h2>{title(2022)}</h2>", title(2022)),
        ("<title>县政府</title><h2>政府信息公开</h2>", "县政府"),
        ("", ""),
    ],
)
def test_a_title_that_names_no_report_gives_way_to_a_heading_that_does(text, expected):
    assert hanweb_annual.detail(Page(ANNUAL, text)).title == expected


def test_an_annual_page_is_walked_like_a_list_and_is_a_report_whatever_its_headings():
    url = f"{ANNUAL}?area=1&fbtime=2009"
    assert columns.is_list(url)
    assert columns.is_report_itself(Page(url, "一、概述"))
    assert not columns.is_report_itself(Page(ANNUAL + "?area=1", "一、概述"))
    assert judge("2009年", url) == ("report", "")
    assert FAMILIES["hanweb"].SUCCEEDED_BY == "jpaas"
