"""博达 webplus on its fixtures: pages counted down, two numbers an article, downloads without an ending."""

import pytest

from crawler.families import Page, webplus
from crawler.families.columns import is_list, own_articles, sub_columns

from . import fixtures, telling

HOST = "http://www.lanting.example"
DOWNLOAD = HOST + "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1358721784&wbfileid="


@pytest.mark.parametrize("name", fixtures.pages("webplus"))
def test_its_pages_are_its_own_and_no_other_familys(name):
    telling.only(webplus, fixtures.page("webplus", name))


@pytest.mark.parametrize("family", telling.OTHERS["webplus"])
def test_the_pages_of_others_are_not(family):
    telling.none_of(webplus, family)


@pytest.mark.parametrize(
    "mark",
    ['<div id="vsb_content">', "<script>_jsq_(1023,'/list.jsp',-1,1)</script>", f'<a href="{DOWNLOAD}1">附件</a>'],
)
def test_its_marks_tell_it_under_any_address(mark):
    assert webplus.recognises(Page(HOST + "/nb.htm", mark))
    assert not webplus.recognises(Page(HOST + "/nb.htm", "<p>正文</p>"))


def test_entries_are_articles_by_path_and_by_program():
    found = [one.url for one in webplus.entries(fixtures.page("webplus", "list")) if "2023" in one.title]
    assert found == [
        HOST + "/info/1023/5521.htm",
        HOST + "/zfxxgk/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1023&wbnewsid=5519",
    ]


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("list", ["zfxxgknb/3.htm", "zfxxgknb/2.htm", "zfxxgknb/1.htm"]),
        ("list_with_pager", ["zfxxgknb.htm", "zfxxgknb/2.htm", "zfxxgknb/1.htm"]),
    ],
)
def test_pages_are_those_of_the_pager_whose_numbers_run_down(name, paths):
    found = dict.fromkeys(webplus.next_pages(fixtures.page("webplus", name)))
    assert list(found) == [f"{HOST}/zfxxgk/{path}" for path in paths]


def test_no_page_is_made_up():
    page = Page(HOST + "/zfxxgk/zfxxgknb.htm", '<span class="p_t">1/40</span><a href="../info/1/2.htm">砚池镇</a>')
    assert list(webplus.next_pages(page)) == []


def test_a_yearly_column_has_the_articles_of_its_counter_by_any_name():
    page = fixtures.page("webplus", "list")
    assert [one.url.rpartition("/")[2] for one in own_articles(page)] == ["5521.htm", "552.htm"]
    other = Page(page.url, page.text.replace("_jsq_(1023", "_jsq_(1044"))
    assert list(own_articles(other)) == []


def test_columns_below_are_walked_and_those_beside_are_not():
    page = fixtures.page("webplus", "list")
    assert [url.removeprefix(HOST) for url in sub_columns(page, page.url)] == [
        "/zfxxgk/zfxxgknb/n2022n.htm",
        "/zfxxgk/zfxxgknb/n2022n/xz.htm",
    ]


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/zfxxgk/zfxxgknb.htm", True),
        ("/zfxxgk/zfxxgknb/2022n.htm", True),
        ("/gk/nb1.htm", True),
        ("/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1023", True),
        ("/list.jsp?totalpage=9&PAGENUM=2&urltype=tree.TreeTempUrl&wbtreeid=1023", False),
        ("/zfxxgk/zfxxgknb/3.htm", False),
        ("/info/1023/5521.htm", False),
        ("/gzdt/2010-04/06/content_1574256.htm", False),
        ("/gk/zfxxgknb/205330.htm", False),
        ("/202401/t20240120_5521.htm", False),
    ],
)
def test_a_column_is_named_and_an_article_numbered(path, listed):
    assert is_list(HOST + path) is listed


def test_a_detail_has_the_tags_values_and_every_download_once_in_page_order():
    found = webplus.detail(fixtures.page("webplus", "detail"))
    assert found.title == "砚池镇2023年政府信息公开工作年度报告"
    assert (found.published_on, found.publisher) == ("2024-01-20", "砚池镇人民政府")
    assert found.attachments == (HOST + "/__local/A/1B/C2/report.pdf", DOWNLOAD + "9012", DOWNLOAD + "9013")


def test_the_programs_page_is_read_like_the_static_one():
    found = webplus.detail(fixtures.page("webplus", "dynamic"))
    assert (found.title, found.published_on) == ("岚汀县2020年政府信息公开工作年度报告", "2021-01-29")
    assert found.attachments == ()


@pytest.mark.parametrize(
    ("host", "own"), [(HOST, True), ("http://lanting.example", True), ("http://xz.example", False)]
)
def test_a_page_with_a_link_to_such_an_address_is_one_if_the_link_stays_on_the_host(host, own):
    page = Page(HOST + "/index.html", f'<a href="{host}/info/1023/5.htm">砚池镇</a>')
    assert webplus.recognises(page) is own
