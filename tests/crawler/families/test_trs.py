"""TRS: rows that a script writes, stubs, and the names and endings of further pages."""

import pytest

from crawler.families import Entry, Page, trs
from crawler.families.columns import own_articles

from .pages import fixture, title, told

LIST = "http://lanting.example/zwgk/zfxxgknb/"


def test_rows_that_a_script_writes_are_read_and_tell_the_family():
    page = fixture("trs/written.shtml", LIST)
    assert told(page.url, page.text) == "trs"
    assert list(trs.entries(page)) == [
        Entry(LIST + "202401/t20240120_71.shtml", title(2023, "砚池镇"), "2024-01-20"),
        Entry(LIST + "202301/t20230118_72.shtml", title(2022, "砚池镇"), ""),
    ]


def test_a_written_row_that_is_called_by_its_agency_is_the_columns_own():
    assert LIST + "202401/t20240121_73.shtml" in [one.url for one in own_articles(fixture("trs/written.shtml", LIST))]


def test_pages_are_called_as_the_script_builds_them():
    assert list(trs.next_pages(fixture("trs/written.shtml", LIST))) == [
        LIST + "index_pc_1.shtml",
        LIST + "index_pc_2.shtml",
    ]


@pytest.mark.parametrize("name", ["index.htm", "index_1.htm"])
def test_where_the_script_has_a_count_alone_pages_end_like_the_list(name):
    assert list(trs.next_pages(fixture("trs/list.htm", LIST + name))) == (
        [LIST + "index_1.htm"] if name == "index.htm" else []
    )


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("createPageHTML(3, 1, 'index_8512', 'shtml')", ["index_8512_1.shtml", "index_8512_2.shtml"]),
        ('createPageHTML(2, 0, "index.nd-1", "htm")', ["index.nd-1_1.htm"]),
        ('createPageHTML(2, 0, "index", "jsp")', ["index_1.jsp"]),
    ],
)
def test_the_script_names_stem_and_ending(script, names):
    page = Page(LIST + "index.shtml", f"<a href='/'>首页</a><script>{script}</script>")
    assert list(trs.next_pages(page)) == [LIST + name for name in names]


def test_a_page_does_not_lead_to_itself():
    page = Page(LIST + "index_1.html", '<a href="/">首页</a><script>createPageHTML(3, 1, "index", "html")</script>')
    assert list(trs.next_pages(page)) == [LIST + "index_2.html"]


def test_a_stub_leads_nowhere():
    page = fixture("trs/stub.html", LIST + "index_41.html")
    assert (list(trs.entries(page)), list(trs.next_pages(page))) == ([], [])


@pytest.mark.parametrize(
    "path", ["zfxxgkndbg/t7730303.shtml", "nb/t19700101_3441457.shtml", "nb_17198/20200617/t0035_1372758.html"]
)
def test_articles_may_lie_beside_their_list(path):
    assert told("http://lanting.example/" + path) == "trs"
    assert told("http://lanting.example/nb/t12.html") == "generic"


def test_a_link_to_another_sites_article_does_not_tell_the_family():
    assert (
        told("http://x.example/nb/1.html", '<a href="http://y.example/zc/202401/t20240120_5.html">法规</a>')
        == "generic"
    )
