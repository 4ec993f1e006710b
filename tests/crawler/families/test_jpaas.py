"""Hanweb JPaaS: units named in the column page, rows as markup inside the endpoint's JSON; and reports told by address."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.families import FAMILIES, Entry, Page, hanweb, jpaas, judge, recognise

from .pages import title

COLUMN = "http://yunxi.example/col/col1229/index.html"
ARTICLE = "http://yunxi.example/col/col1229/art/2024/art_0123456789abcdef0123456789abcdef.html"
UNIT = "{'parseType':'bulidstatic','webId':'10','tplSetId':'GbnFsk','pageType':'column','tagId':'%s','editType':'null','pageId':'1229'}"


def column(*tags, quote="&#39;"):
    scripts = "".join(
        f'<script src="/script/unitbuild.js" queryData="{UNIT.replace(chr(39), quote) % tag}"></script>' for tag in tags
    )
    return Page(COLUMN, f"<html><body><a href='/'>首页</a>{scripts}</body></html>")


def answer(markup, url=None):
    return Page(
        url or next(jpaas.next_pages(column("信息列表"))), json.dumps({"success": True, "data": {"html": markup}})
    )


ROW = f'<ul><li><a href="/col/col1229/art/2024/art_{7:032x}.html" title="{title(2023)}">白石镇…</a><span>2024-01-20</span></li></ul>'


@pytest.mark.parametrize(
    "page", [Page(ARTICLE, ""), column("信息列表"), Page("http://x.example/art/2023/art_55.html", "")]
)
def test_it_is_told_by_article_or_unit_though_the_column_has_the_older_systems_address(page):
    assert recognise(page).NAME == "jpaas"


def test_a_column_with_a_data_store_stays_with_the_older_system():
    page = Page(COLUMN, column("列表").text + "<datastore><recordset></recordset></datastore>")
    assert recognise(page) is FAMILIES["hanweb"]


@pytest.mark.parametrize("quote", ["'", "&#39;", "&quot;"])
def test_the_first_page_is_asked_with_the_units_own_values(quote):
    (url,) = jpaas.next_pages(column("信息列表", quote=quote))
    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("yunxi.example", "/api-gateway/jpaas-publish-server/front/page/build/unit")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert json.loads(query.pop("paramJson")) == {"pageNo": 1, "pageSize": 50}
    assert query == {
        "parseType": "bulidstatic",
        "webId": "10",
        "tplSetId": "GbnFsk",
        "pageType": "column",
        "tagId": "信息列表",
        "editType": "null",
        "pageId": "1229",
    }


def test_units_of_the_pages_frame_are_left_and_others_bounded():
    assert len(list(jpaas.next_pages(column("头部", "网站导航", "当前位置", "信息列表", "信息列表")))) == 1
    assert len(list(jpaas.next_pages(column(*(f"列表{n}" for n in range(30)))))) == 6


def test_rows_come_out_of_the_answers_markup_and_lead_to_the_next_page():
    page = answer(ROW)
    url = f"http://yunxi.example/col/col1229/art/2024/art_{7:032x}.html"
    assert list(jpaas.entries(page)) == [Entry(url, title(2023), "2024-01-20")]
    (following,) = jpaas.next_pages(page)
    assert json.loads(parse_qs(urlsplit(following).query)["paramJson"][0])["pageNo"] == 2


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"data": null}', '{"data": {"html": 5}}', "<html>", "[" * 100_000]
)
def test_an_answer_without_rows_ends_the_walk(text):
    page = Page(answer("").url, text)
    assert list(jpaas.entries(page)) == []
    assert list(jpaas.next_pages(page)) == []


def test_the_walk_is_bounded():
    url = answer("").url.replace("%3A1%2C", "%3A200%2C")
    assert "200" in url
    assert list(jpaas.next_pages(answer(ROW, url))) == []


@pytest.mark.parametrize(
    "url",
    [
        "/module/xxgk/xxgkAnnualReport.jsp?area=002482197&fbtime=2023",
        "/XxgkAnnualReport/show/2218.html",
        "/OpennessAnnualReport/show/7.html",
        "/xxgkAnnualReport/detail/0123456789abcdef01234567",
        "/openness/year/show/15/2023",
    ],
)
def test_an_address_that_holds_reports_alone_is_followed_though_it_is_called_a_year(url):
    url = "http://yunxi.example" + url
    assert judge("2023年", url) == ("report", "")
    assert judge("白石镇政府网站工作年度报表", url)[0] == "skipped"
    assert [
        entry.url for entry in FAMILIES["generic"].entries(Page("http://yunxi.example/", f'<a href="{url}">2023年</a>'))
    ] == [url]


def test_other_addresses_decide_nothing():
    assert judge("2023年", "http://yunxi.example/XxgkContent/showList/15/0/page_1.html") == ("unrelated", "")
    assert judge("2023年", "http://yunxi.example/module/xxgk/subjectinfo.jsp?area=1") == ("unrelated", "")


def test_an_annual_page_has_one_address_whatever_the_order_of_its_parameters():
    base = "http://yunxi.example/module/xxgk/xxgkAnnualReport.jsp"
    page = Page(base, "".join(f'<a href="?{q}">2022年</a>' for q in ("fbtime=2022&area=11", "area=11&fbtime=2022")))
    assert {entry.url for entry in hanweb.entries(page)} == {base + "?area=11&fbtime=2022"}
