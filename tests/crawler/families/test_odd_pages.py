"""Pages that are no pages, and lists that claim to have no end: nothing raises, nothing is without bound."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.families import FAMILIES, Ask, Page, columns, epoint, gkmlpt, hanweb, hebei, jeecms, recognise, trs, ucap
from crawler.families.page import same_host, text_of

from . import fixtures, pages

URLS = [
    "http://x.example/",
    "http://x.example/nb/list.shtml",
    "http://x.example/col/col5/index.html",
    "http://x.example/gkmlpt/index",
    "http://x.example/gkmlpt/api/all/5?page=1",
    "http://x.example/202401/t20240120_1.html",
    "http://x.example/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2023",
    "http://x.example/common/search/0123456789abcdef0123456789abcdef?page=1",
    "http://x.example/interface-cms/qryManuscriptByWebsiteId",
    "http://x.example/EWB-FRONT/rest/lightfrontaction/getgovinfolist",
    "http://x.example/js/webBuilderCommon.js?categorynum=003",
    "http://x.example/gongkai/channel_1/index_2.html",
    "http://x.example/columns/0772e821-5733-421d-82e7-f545c5729b9e/index.html",
    "http://x.example/nb/index.jhtml",
    "http://x.example/class/ABCDEFGH",
]
FIXTURES = [page for family in fixtures.FOLDERS for page in fixtures.pages(family).values()]
ODD = [
    "",
    " ",
    "\0",
    "<",
    "<!--",
    "<html>",
    "<a href='http://['>下一页</a>",
    "<a href='http://[::1/1.html'>白石镇2023年政府信息公开工作年度报告</a>",
    "<a href='http://x.example:port/'>2</a>",
    "<a href>白石镇2023年政府信息公开工作年度报告</a>",
    "<a href='\ud800'>下一页</a>",
    "<datastore><recordset><record><![CDATA[<a]]></record><record><![CDATA[<?xml version='1.0' encoding='gbk'?><a href=1>x</a>]]>",
    "<datastore><totalrecord>99999999999999999999</totalrecord></datastore>columnid:1",
    "createPageHTML(999999999999, 0, 'index', 'html')",
    'window._CONFIG = {"SID": "1", "TREE": [{"id": 1, "name": "年报\\ud800\\"}]}',
    '{"articles": [{"url": "http://[", "title": 5, "date": 20240101}], "classify": {"post_count": 1e400}}',
    "document.writeln('<a href=\\ud83d>2023\\x')",
    "document.write(" + "'<li>' + " * 500,
    "document.writeln('<a href=http://[ >白石镇2023年政府信息公开工作年度报告</a>')",
    "<datastore><nextgroup><![CDATA[<a href='http://[/dataproxy.jsp?page=99999999999999999999'>]]></nextgroup><record><![CDATA[",
    "index.html?uid=1&pageNum=99999999999999999999",
    '{"data": {"total": "many", "results": [null, {"url": "http://[", "title": "年报\\ud800", "publishedTime": 1e400}]}}',
    '{"results": [{"url": ["/a"], "title": {"a": "年度报告"}}], "custom": {"total": -1, "data": [{"infourl": 5, "realtitle": "年报"}]}}',
    '"/common/search/0123456789abcdef0123456789abcdef?page=%FF" websiteId: "aaaaaaaa", channelId: [, qryManuscriptByWebsiteId',
    "siteGuid: 'x' categorynum: '003' /rest/lightfrontaction/getgovinfolist",
    "页次：1/9999 index_9999.jhtml",
    "<div>" * 2000,
    "<p>" + "x" * 200_000,
]


def walk(page):
    for entry in columns.own_articles(page, annual=True):
        same_host(entry.url, page.url)
    for url in columns.sub_columns(page, page.url):
        same_host(url, page.url)
    for family in (*FAMILIES.values(), recognise(page)):
        for entry in family.entries(page):
            same_host(entry.url, page.url)
        for ask in family.next_pages(page):
            same_host(ask.url if isinstance(ask, Ask) else ask, page.url)
        for url in family.detail(page).attachments:
            same_host(url, page.url)


@pytest.mark.parametrize("url", URLS)
def test_odd_pages_are_read_to_nothing_and_raise_nothing(url):
    for text in ODD:
        walk(Page(url, text))


def test_odd_pages_at_the_addresses_of_every_family_are_no_worse():
    for url in (page.url for page in FIXTURES):
        for text in ODD[:-2]:
            walk(Page(url, text))


@pytest.mark.parametrize(
    "asked", ["", "{", "[]", '{"pageNum": "x", "pageIndex": 1e400, "pageSize": 0}', '{"pageNum": null}']
)
@pytest.mark.parametrize("name", ["ucap/manuscripts.json", "epoint/answer.json"])
def test_an_answer_to_an_odd_question_raises_nothing(name, asked):
    for url in (one for one in URLS if "/rest/" in one or "/interface-cms/" in one):
        walk(pages.fixture(name, url, asked))


fragments = st.sampled_from(
    [
        *ODD[:-2],
        *(path.read_text(encoding="utf-8") for path in sorted(pages.FIXTURES.rglob("*.*"))),
        *(page.text for page in FIXTURES),
        pages.trs().text,
        pages.hanweb().text,
        pages.ucap().text,
        "</a>",
        "'",
        '"',
        "]]>",
        "}",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*URLS, *(page.url for page in FIXTURES)]), st.lists(fragments | st.text(max_size=30), max_size=5)
)
def test_whatever_is_put_together_raises_nothing(url, parts):
    walk(Page(url, "".join(parts)))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_a_text(body):
    assert isinstance(text_of(body), str)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_list_is_read_in_its_encoding_whatever_it_declares(encoding):
    assert text_of("白石镇人民政府年报，共3页".encode(encoding)) == "白石镇人民政府年报，共3页"


def test_a_utf_8_page_with_a_broken_place_stays_utf_8():
    assert "白石镇" in text_of("白石镇人民政府年报".encode() * 20 + b"\xff\xfe")


@pytest.mark.parametrize(
    ("family", "page"),
    [
        (trs, pages.trs(script='createPageHTML(99999, 0, "index", "html");')),
        (ucap, pages.ucap(script="createPageHTML('page_div', 99999, 1, 'list', 'shtml', 40);")),
        (ucap, pages.ucap(number=200)),
        (hanweb, pages.hanweb(total=10**9)),
        (
            hanweb,
            Page(
                "http://x.example/col/col5/",
                "<nextgroup><![CDATA[<a href='dataproxy.jsp?page=1&x=1'>]]></nextgroup><totalpage>99999</totalpage><record><![CDATA[a]]>",
            ),
        ),
        (
            ucap,
            Page(
                "http://x.example/search/0123456789abcdef0123456789abcdef", '{"data":{"total":999999,"results":[{}]}}'
            ),
        ),
        (
            epoint,
            Page(
                "http://x.example/rest/lightfrontaction/getgovinfolist",
                '{"custom":{"total":999999,"data":[{}]}}',
                '{"pageIndex":0}',
            ),
        ),
        (jeecms, Page("http://x.example/nb/", "页次：1/9999")),
        (gkmlpt, pages.gkmlpt_api('{"classify":{"post_count":1000000},"articles":[{"url":"/a","title":"x"}]}')),
    ],
)
def test_a_list_that_claims_hundreds_of_pages_is_bounded(family, page):
    assert len(list(family.next_pages(page))) <= 200


def test_a_guessed_list_ends_at_the_two_hundredth_page():
    assert not [url for url in ucap.next_pages(pages.ucap(number=200)) if url.endswith("_201.shtml")]


def test_answers_without_a_count_end_at_the_two_hundredth_page():
    article = "/columns/0772e821-5733-421d-82e7-f545c5729b9e/202401/20/67eb2365-22bc-45b5-be58-199b9683883a.html"
    block = "/columns/0772e821-5733-421d-82e7-f545c5729b9e/templates/2e3e81cf-d53a-40f0-9d7f-060e77400269/blocks/c0704ccb-1df3-4edd-9391-3f0e6d7db920"
    for number, more in ((199, 1), (200, 0)):
        page = Page(f"http://x.example{block}?page={number}&fix=0", f"<a href='{article}'>a</a>")
        assert len(list(hebei.next_pages(page))) == more
        asked = json.dumps({"websiteId": "a" * 16, "channelId": ["b" * 16], "pageNum": number})
        answer = Page("http://x.example/interface-cms/qryManuscriptByWebsiteId", '{"results": [{}]}', asked)
        assert len(list(ucap.next_pages(answer))) == more


def test_half_a_surrogate_pair_in_an_answer_can_be_written():
    text = '{"articles": [{"url": "/a\\ud800", "title": "年报\\ud800", "publisher": "\\udfff"}], "classify": {"post_count": 1}}'
    (entry,) = gkmlpt.entries(pages.gkmlpt_api(text))
    assert all(value.encode() is not None for value in (entry.url, entry.title, entry.publisher))


def test_a_nul_byte_loses_no_entry():
    assert len(list(trs.entries(Page("http://x.example/", pages.trs().text.replace("<ul>", "<ul>\0"))))) == 3


@pytest.mark.parametrize("end", ["</html>", "</body></html>", "</BODY>\n</HTML >"])
def test_what_stands_after_the_end_of_the_page_is_read(end):
    """Pages put together from pieces have such ends in the middle."""
    page = Page("http://x.example/", f"<html><body><p>menu</p>{end}" + pages.trs().text)
    assert len(list(trs.entries(page))) == 3
