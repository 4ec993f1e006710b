"""Shandong's sites, Hebei's columns, JEECMS: how each is told, lists and pages."""

import pytest

from crawler.families import FAMILIES, Entry, Page, columns, gongkai_site, hebei, jeecms

from .pages import fixture, title, told

SITE = "http://lanting.example"
CHANNEL = SITE + "/gongkai/site_yanchizhen/channel_63899ecb375991828262e2a2/"
DOC = CHANNEL + "doc_641a60c40c770bba2a81ffc6.html"
COLUMN = SITE + "/columns/0772e821-5733-421d-82e7-f545c5729b9e/"
ARTICLE = COLUMN + "202401/20/67eb2365-22bc-45b5-be58-199b9683883a.html"
BLOCK = COLUMN + "templates/2e3e81cf-d53a-40f0-9d7f-060e77400269/blocks/c0704ccb-1df3-4edd-9391-3f0e6d7db920"
JEE = SITE + "/xzjd/"


@pytest.mark.parametrize(
    ("name", "url", "text"),
    [
        ("gongkai_site", CHANNEL, ""),
        ("gongkai_site", DOC, ""),
        ("gongkai_site", SITE + "/channel_l_ssljchannel2019_1748.5847/doc_697b014af0c8fadb14621054.html", ""),
        ("gongkai_site", SITE + "/nb/", f'<a href="{DOC}">x</a>'),
        ("hebei", COLUMN + "index.html", ""),
        ("hebei", ARTICLE.replace("/columns", "/zfxxgk/columns"), ""),
        ("hebei", BLOCK + "?page=1&fix=0", ""),
        ("hebei", SITE + "/nb/", f'<a href="{ARTICLE}">x</a>'),
        ("jeecms", JEE + "index.jhtml", ""),
        ("jeecms", JEE, f'<a href="{JEE}2090357.jhtml">x</a>'),
        ("generic", SITE + "/nb/", f'<a href="{DOC.replace("lanting", "other")}">x</a>'),
        ("generic", SITE + "/doc_641a60c40c770bba2a81ffc6.html", ""),
    ],
)
def test_each_is_told_by_addresses_of_its_own(name, url, text):
    assert told(url, text) == name


@pytest.mark.parametrize(
    ("family", "file", "url", "article"),
    [
        (gongkai_site, "gongkai_site/list.html", CHANNEL, DOC),
        (hebei, "hebei/list.html", COLUMN + "index.html", ARTICLE),
        (jeecms, "jeecms/index.jhtml", JEE + "index.jhtml", JEE + "2090357.jhtml"),
    ],
)
def test_rows_are_entries_and_the_columns_own(family, file, url, article):
    page = fixture(file, url)
    assert list(family.entries(page)) == [Entry(article, title(2023, "砚池镇"), "2024-01-20")]
    assert [one.url for one in columns.own_articles(page, annual=True)] == [article]


@pytest.mark.parametrize(
    ("family", "file", "url", "end"),
    [
        (
            gongkai_site,
            "gongkai_site/doc.html",
            DOC,
            "doc_641a60c40c770bba2a81ffc6_c40bf8efdc4f89fdb726fece655ac213.pdf",
        ),
        (hebei, "hebei/article.html", ARTICLE, "183610173.pdf?sid=da5fc236-ee17-4f7e-be36-ffcd5f23c87b"),
        (jeecms, "jeecms/article.jhtml", JEE + "2090357.jhtml", "/attachment.jspx?cid=2090357&i=0"),
    ],
)
def test_a_detail_has_its_title_and_its_document(family, file, url, end):
    page = fixture(file, url)
    detail = family.detail(page)
    assert detail.title == title(2023, "砚池镇")
    assert [one.endswith(end) for one in detail.attachments] == [True]
    assert list(family.next_pages(page)) == []


@pytest.mark.parametrize(("name", "following"), [("", 2), ("index.html", 2), ("index_2.html", 3), ("index_9.html", 10)])
def test_a_channel_without_a_pager_is_tried_on(name, following):
    page = fixture("gongkai_site/list.html", CHANNEL + name)
    assert list(gongkai_site.next_pages(page)) == [f"{CHANNEL}index_{following}.html"]


def test_a_channel_with_a_pager_follows_it_and_one_without_its_own_documents_ends():
    page = fixture("gongkai_site/list.html", CHANNEL)
    assert list(gongkai_site.next_pages(Page(CHANNEL, page.text + '<a href="?p=2">下一页</a>'))) == [CHANNEL + "?p=2"]
    elsewhere = SITE + "/gongkai/site_yanchizhen/channel_2/index_3.html"
    assert list(gongkai_site.next_pages(Page(elsewhere, page.text))) == []
    assert list(gongkai_site.next_pages(fixture("gongkai_site/list.html", CHANNEL + "index_200.html"))) == []


def test_a_column_of_hebei_asks_its_block_from_1_on_until_it_has_no_article():
    assert list(hebei.next_pages(fixture("hebei/list.html", COLUMN + "index.html"))) == [BLOCK + "?page=1&fix=0"]
    block = fixture("hebei/block.html", BLOCK + "?page=4&fix=0")
    assert [entry.title for entry in hebei.entries(block)] == [title(2022, "砚池镇")]
    assert list(hebei.next_pages(block)) == [BLOCK + "?page=5&fix=0"]
    assert list(hebei.next_pages(Page(BLOCK + "?page=5&fix=0", "<ul></ul>"))) == []


@pytest.mark.parametrize(
    ("name", "numbers"), [("", "23"), ("index.jhtml", "23"), ("index_2.jhtml", "3"), ("index_3.jhtml", "2")]
)
def test_jeecms_pages_are_those_that_the_pager_counts(name, numbers):
    page = fixture("jeecms/index.jhtml", JEE + name)
    assert list(jeecms.next_pages(page)) == [f"{JEE}index_{n}.jhtml" for n in numbers]


def test_jeecms_without_a_pager_is_tried_on_while_it_has_articles():
    assert list(jeecms.next_pages(fixture("jeecms/plain.jhtml", JEE + "index_4.jhtml")))[-1] == JEE + "index_5.jhtml"
    assert list(jeecms.next_pages(Page(JEE + "index.jhtml", "<html></html>"))) == []


@pytest.mark.parametrize(
    "url",
    [
        COLUMN + "index.html",
        CHANNEL,
        JEE + "index.jhtml",
        SITE + "/channel/list/12.html",
        SITE + "/zwgklist-8-12.html",
        SITE + "/class/ABCDEFGH",
    ],
)
def test_their_lists_are_lists_and_groups_beside_are_walked(url):
    assert columns.is_list(url)
    start = SITE + "/columns/11111111-5733-421d-82e7-f545c5729b9e/index.html"
    numbered = "/columns/" in url or "channel" in url or "/class/" in url
    found = list(columns.sub_columns(Page(start, f'<a href="{url}">乡镇街道</a>'), start))
    assert found == ([url] if numbered else [])


@pytest.mark.parametrize("url", [ARTICLE, DOC, JEE + "2090357.jhtml", JEE + "index_2.jhtml", SITE + "/class/abcdefgh"])
def test_their_articles_are_none(url):
    assert not columns.is_list(url)


def test_all_are_known_by_name():
    assert {"hanweb_annual", "epoint", "gongkai_site", "hebei", "jeecms"} <= set(FAMILIES)
