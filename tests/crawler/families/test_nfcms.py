"""NFCMS on its fixtures: articles below content/, a pager that is followed, and a guess only where there is none."""

import pytest

from crawler.families import FAMILIES, Page, nfcms, recognise
from crawler.families.columns import own_articles, sub_columns

from . import fixtures, telling

HOST = "http://www.lanting.example"


@pytest.mark.parametrize("name", fixtures.pages("nfcms"))
def test_its_pages_are_its_own_and_no_other_familys(name):
    telling.only(nfcms, fixtures.page("nfcms", name))


@pytest.mark.parametrize("family", telling.OTHERS["nfcms"])
def test_the_pages_of_others_are_not(family):
    telling.none_of(nfcms, family)


def test_the_other_system_of_the_province_is_told_from_it():
    assert recognise(Page(HOST + "/gkmlpt/content/0/638/post_638777.html", "")) is FAMILIES["gkmlpt"]
    assert recognise(Page(HOST + "/zwgk/content/mpost_638777.html", "")) is nfcms


def test_a_link_to_another_host_makes_no_page_its_own():
    page = Page(HOST + "/news.html", '<a href="http://other.example/zwgk/content/post_5.html">转载</a>')
    assert not nfcms.recognises(page)


def test_entries_are_the_lists_reports_and_what_looks_like_one():
    assert [
        (one.url.rpartition("/")[2], one.published_on) for one in nfcms.entries(fixtures.page("nfcms", "list"))
    ] == [
        ("post_8780034.html", "2024-01-30"),
        ("post_8100201.html", "2023-01-28"),
    ]


def test_a_yearly_column_has_its_own_articles_by_any_name_and_its_sub_columns():
    page = fixtures.page("nfcms", "list")
    assert "砚池镇" in [one.title for one in own_articles(page)]
    assert list(sub_columns(page, page.url)) == [HOST + "/zwgk/zfxxgknb/bm/"]


def test_a_pager_is_followed_and_nothing_guessed():
    page = fixtures.page("nfcms", "list_with_pager")
    assert list(dict.fromkeys(nfcms.next_pages(page))) == [
        HOST + "/zwgk/zfxxgknb/bm/index.html",
        HOST + "/zwgk/zfxxgknb/bm/index_3.html",
    ]


def test_the_last_page_of_a_pager_is_the_last():
    page = Page(HOST + "/nb/index_3.html", '<a href="content/post_5.html">公示</a><a href="index_2.html">2</a>')
    assert list(nfcms.next_pages(page)) == [HOST + "/nb/index_2.html"]


@pytest.mark.parametrize(
    ("name", "following"), [("", 2), ("index.html", 2), ("index_2.html", 3), ("index_199.html", 200)]
)
def test_without_a_pager_the_next_page_is_tried_counted_from_1(name, following):
    page = Page(HOST + "/zwgk/nb/" + name, '<a href="content/post_5.html">公示</a>')
    assert list(nfcms.next_pages(page)) == [f"{HOST}/zwgk/nb/index_{following}.html"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/zwgk/nb/", "<p>暂无内容</p>"),
        ("/zwgk/nb/index_200.html", '<a href="content/post_5.html">公示</a>'),
        ("/zwgk/nb/content/post_6.html", '<a href="post_5.html">上一篇</a>'),
        ("/zwgk/nb/?page=1", '<a href="content/post_5.html">公示</a>'),
    ],
)
def test_an_empty_list_a_bound_and_an_article_end_the_walk(path, text):
    assert list(nfcms.next_pages(Page(HOST + path, text))) == []


def test_a_detail_has_the_tags_values_and_the_bodys_attachments():
    found = nfcms.detail(fixtures.page("nfcms", "detail"))
    assert found.title == "岚汀县人民政府2023年政府信息公开工作年度报告"
    assert (found.published_on, found.publisher) == ("2024-01-30", "岚汀县人民政府办公室")
    assert found.attachments == (HOST + "/attachment/0/537/537001/8780034.docx",)


def test_a_detail_without_tags_has_the_stated_date_and_the_attachments_beside_the_body():
    found = nfcms.detail(fixtures.page("nfcms", "detail_of_a_city"))
    assert (found.published_on, found.publisher) == ("2020-01-15", "")
    assert found.attachments == (HOST + "/attachment/0/1/2481643.pdf",)
