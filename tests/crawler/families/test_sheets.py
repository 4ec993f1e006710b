"""The table of sites that differ in their addresses: each row told from all others, lists, pages and details."""

import pytest

from crawler.families import FAMILIES, Entry, Page
from crawler.families.sheets import SHEETS

from .pages import fixture, title, told

SITE = "http://lanting.example"
UUID = "7287c91c-3c3c-4754-af28-8d79690c36b7"
EXAMPLES = [
    ("hebei_zwgkcontent", "/zwgkcontent-888888040-56270.html", ""),
    ("hebei_channel", "/content/ndbghgzzj/195307.html", ""),
    ("truecms", f"/ltsczj/xxgkgzndbg/content/{UUID}.html", "/ltsczj/xxgkgzndbg/"),
    ("changzhou", "/gi_news/441611908346725", ""),
    ("shaanxi", "/zwgk/xxgknb/63ae9ee5f8fd1c4c2133970d.html", "/zwgk/xxgknb/"),
    ("shaanxi", "/zfxxgk/zfxgknb/gzb/1744660031470084097.html", "/zfxxgk/zfxgknb/gzb/"),
    ("liaoning", "/html/LTSZF/202403/0170979370914887.html", ""),
    ("timestamp_directory", "/lt/zfxxgknb99/2022n52/2024013110470592735/index.html", "/lt/zfxxgknb99/2022n52/"),
    ("timestamp_directory", "/lt/nb/0123456789abcdef0123456789abcdef/index.shtml", "/lt/nb/"),
    ("article_timestamp", "/lt/2026-01/22/article_2026012210463172511.html", ""),
    ("article_timestamp", "/lt/2023-01/19/article_1ce51b53c0994ca0b4d611cb39c2e6de.html", ""),
    (
        "henan_sitesources",
        "/sitesources/lt/page_pc/nb/2020n/articleA7403B21A6CE4D6C9002DB9926C0BDC5.html",
        "/sitesources/lt/page_pc/nb/2020n/",
    ),
    (
        "henan_portal",
        "/portal/zfxxgk/zfxxgknb/news/webinfo/2022/01/1647029629480617.htm",
        "/portal/zfxxgk/zfxxgknb/news/",
    ),
    ("henan_contents", "/govinfo/contents/44510/356343.html", ""),
    ("hunan", "/zwgk/ltxzfbm/xxgknb/20211214/i2565960.html", "/zwgk/ltxzfbm/xxgknb/"),
    ("henan_articles", "/html/site_gov/articles/201803/5521.html", ""),
    (
        "panzhihua",
        "/zfxxgk/zfxxgknb/lt/xzjdzfxxgkgzndbg/yanchi/1805460.shtml",
        "/zfxxgk/zfxxgknb/lt/xzjdzfxxgkgzndbg/yanchi/index.shtml",
    ),
    ("kunming", "/c/2023-01-29/6650991.shtml", ""),
    ("fujian", "/cms/html/ltszf/2013-01-25/1779102018.html", ""),
    ("n_path", "/n5/n26/c10450327/content.html", "/n5/n26/index.html"),
]


@pytest.mark.parametrize(("name", "path", "listed"), EXAMPLES)
def test_a_row_is_told_by_its_article_and_by_a_link_to_it_and_no_other_family_takes_it(name, path, listed):
    link = f'<a href="{path}">砚池镇</a>'
    assert told(SITE + path) == told(SITE + "/nb/", link) == name
    takers = [other.NAME for other in FAMILIES.values() if other.recognises(Page(SITE + path, ""))]
    assert takers == [name, "generic"]
    assert told("http://other.example/nb/", f'<a href="{SITE}{path}">砚池镇</a>') == "generic"


@pytest.mark.parametrize(("name", "path", "listed"), EXAMPLES)
def test_an_article_tells_its_list_where_its_address_does(name, path, listed):
    assert FAMILIES[name].list_of(SITE + path) == (SITE + listed if listed else "")
    assert FAMILIES[name].list_of(SITE + "/zwgk/index.html") == ""


@pytest.mark.parametrize(("name", "path", "listed"), EXAMPLES)
def test_rows_and_details_are_read_as_anywhere(name, path, listed):
    page = fixture("sheets/list.html", SITE + "/nb/list.html")
    page = Page(page.url, page.text.replace("ARTICLE", path))
    assert list(FAMILIES[name].entries(page)) == [Entry(SITE + path, title(2023, "砚池镇"), "2024-01-20")]
    detail = FAMILIES[name].detail(fixture("sheets/article.html", SITE + path))
    assert (detail.title, detail.published_on) == (title(2023, "砚池镇"), "2024-01-20")
    assert [url.rsplit("/", 2)[1:] for url in detail.attachments] == [["files", "report.pdf"]]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.NAME)
def test_the_pager_is_followed_from_any_page_to_the_last(sheet):
    base = SITE + "/nb/list_{}.html"
    second = Page(base.format(2), '<a href="list_1.html">1</a><a href="list_3.html">下一页</a>')
    assert list(sheet.next_pages(second)) == [base.format(1), base.format(3)]
    assert list(sheet.next_pages(Page(base.format(3), "<p>没有了</p>"))) == []
    assert sheet.note
    assert sheet.confidence in ("high", "medium", "low")


@pytest.mark.parametrize(("path", "following"), [("", "/2"), ("/2", "/3"), ("/199", "/200")])
def test_further_pages_by_rule_while_there_are_articles(path, following):
    url = SITE + "/class/ABCDEFGH"
    page = Page(url + path, '<a href="/gi_news/441611908346725">砚池镇</a>')
    assert told(url) == "changzhou"
    assert FAMILIES["changzhou"].GUESSES_PAGES
    assert list(FAMILIES["changzhou"].next_pages(page)) == [url + following]


def test_further_pages_end_without_articles_with_a_pager_and_at_two_hundred():
    url = SITE + "/class/ABCDEFGH"
    link = '<a href="/gi_news/441611908346725">砚池镇</a>'
    sheet = FAMILIES["changzhou"]
    assert list(sheet.next_pages(Page(url, ""))) == []
    assert list(sheet.next_pages(Page(url, link + '<a href="?p=2">2</a>'))) == [url + "?p=2"]
    assert list(sheet.next_pages(Page(url + "/200", link))) == []
    assert list(sheet.next_pages(Page(SITE + "/gi_news/441611908346725", link))) == []


@pytest.mark.parametrize(
    "path",
    [
        "/content/post_1234567.html",
        "/info/1023/5521.htm",
        "/nw12/20240120/0123456789abcdef0123456789abcdef.html",
        "/news/show/20200117182933343.html",
        "/content/42635.html",
        "/zfxxgk/zfxxgknb/content_6372",
        "/nb/",
        "/xxgkAnnualReport/detail/6010ebc77f8b9a171f8b4584.html",
        "/html/5973/610465.html",
    ],
)
def test_other_addresses_stay_with_others(path):
    assert not [sheet.NAME for sheet in SHEETS if sheet.recognises(Page(SITE + path, ""))]
