"""Each family on small pages in its markup: how it is told, what its lists hold, where they go on, what a page states."""

import json

import pytest

from crawler.families import FAMILIES, Entry, Page, generic, gkmlpt, hanweb, recognise, trs, ucap

from . import pages
from .pages import title

ARTICLES = [
    ("trs", "http://x.example/zwgk/202401/t20240120_5521.html"),
    ("trs", "http://x.example/zwgk/202401/t20240120_5521_wap.html"),
    ("trs", "http://x.example/zwgk/202401/t20240120_5521.shtml"),
    ("trs", "http://x.example/zwgk/202401/t5521123.shtml"),
    ("trs", "http://x.example/zwgk/202401/t0035_5521.html"),
    ("hanweb", "http://x.example/art/2024/1/20/art_70413_5521.html"),
    ("hanweb", "http://x.example/col/col70413/index.html"),
    ("ucap", "http://x.example/nb/c112289c/202401/0123456789abcdef0123456789abcdef.shtml"),
    ("ucap", "http://x.example/nb/c112289/202401/c04_228901.shtml"),
    ("ucap", "http://x.example/nb/c1/2024/1/20/0123456789abcdef0123456789abcdef.shtml"),
    ("gkmlpt", "http://x.example/hyhphsz/gkmlpt/content/1/2/post_55.html"),
    ("gkmlpt", "http://x.example/gkmlpt/index"),
    ("nfcms", "http://x.example/content/post_55.html"),
    ("webplus", "http://x.example/info/1023/5521.htm"),
    ("xxgk", "http://x.example/XxgkAnnualReport/show/2218.html"),
    ("lonsun", "http://x.example/public/551/5521.html"),
    ("generic", "http://x.example/nw12/20240120/0123456789abcdef0123456789abcdef.html"),
]


@pytest.mark.parametrize(("name", "url"), ARTICLES)
def test_a_family_is_told_by_an_address_of_its_own(name, url):
    assert name == recognise(Page(url, "<html></html>")).NAME


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("trs", pages.trs()),
        ("trs", Page("http://x.example/nb/", '<script>createPageHTML(2, 0, "index", "shtml");</script>')),
        ("hanweb", Page("http://x.example/nb/", pages.hanweb().text)),
        ("ucap", pages.ucap(url="http://x.example/nb/zfxxgk_list.shtml")),
        ("gkmlpt", Page("http://x.example/nb/", "<script>window._CONFIG={'SID':'1',\"TREE\":[]}</script>")),
        ("gkmlpt", Page("http://x.example/nb/", "<script>window._CONFIG = {SID: '1', TREE: []}</script>")),
        ("generic", Page("http://x.example/nb/", f'<a href="1.html">{title(2023)}</a>')),
        ("generic", Page("http://x.example/nb/", "")),
    ],
)
def test_a_family_is_told_by_its_markup_under_any_address(name, page):
    assert name == recognise(page).NAME


def test_families_are_asked_in_the_order_in_which_signs_are_told_apart():
    order = ["gkmlpt", "nfcms", "jpaas", "hanweb", "xxgk", "lonsun", "webplus", "ucap", "trs", "generic"]
    assert [name for name in FAMILIES if name in order] == order
    names = list(FAMILIES)
    assert (names[0], names[-1]) == ("hanweb_annual", "generic")
    assert names.index("hebei") < names.index("ucap") < names.index("jeecms") < names.index("epoint")


def test_trs_entries_have_the_whole_title_and_the_date_beside_it():
    assert list(trs.entries(pages.trs())) == [
        Entry(f"http://yunxi.example/zwgk/zfxxgknb/{y + 1}01/t{y + 1}0120_{y}.html", title(y), f"{y + 1}-01-20")
        for y in pages.YEARS
    ]


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('createPageHTML(3, 0, "index", "html");', ["index_1.html", "index_2.html"]),
        ("createPageHTML(2,0,'index','shtml')", ["index_1.shtml"]),
        ('createPageHTML(2, 0, "index_pc", "html")', ["index_pc_1.html"]),
        ("var countPage = 3; // 共3页", ["index_1.html", "index_2.html"]),
        ("pagination_script_config = {total: 3, current: 0}", ["index_1.html", "index_2.html"]),
        ('createPageHTML(1, 0, "index", "html");', []),
        ('createPageHTML(0, 0, "index", "html");', []),
        ("", []),
    ],
)
def test_trs_pages_are_counted_from_0_by_the_script(script, names):
    assert list(trs.next_pages(pages.trs(script=script))) == [
        f"http://yunxi.example/zwgk/zfxxgknb/{name}" for name in names
    ]


def test_trs_attachments_are_beside_the_article_and_the_menu_is_left_out():
    detail = trs.detail(pages.trs_article())
    assert detail.attachments == ("http://yunxi.example/zwgk/zfxxgknb/202401/P020240120123.pdf",)
    assert (detail.title, detail.published_on, detail.publisher) == (title(2023), "2024-01-20", "白石镇人民政府")


def test_hanweb_entries_come_out_of_the_data_store():
    assert list(hanweb.entries(pages.hanweb())) == [
        Entry(f"http://yunxi.example/art/{y + 1}/1/20/art_5_{y}.html", title(y), f"{y + 1}-01-20") for y in pages.YEARS
    ]


def test_hanweb_answers_of_the_proxy_are_read_with_their_xml_declaration():
    store = pages.hanweb_store(head="<?xml version='1.0' encoding='UTF-8'?>\n")
    page = Page("http://yunxi.example/module/web/jpage/dataproxy.jsp?startrecord=4", store)
    assert list(dict.fromkeys(entry.title for entry in hanweb.entries(page))) == [title(y) for y in pages.YEARS]
    assert list(hanweb.next_pages(page)) == []


def test_hanweb_pages_are_the_rows_beyond_those_shown_with_the_columns_own_parameters():
    first, second = hanweb.next_pages(pages.hanweb(total=150))
    assert first.startswith(
        "http://yunxi.example/module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=103&perpage=100&"
    )
    assert "startrecord=104&endrecord=150" in second
    for part in ("columnid=5", "unitid=18", "webid=36", "path=%2F"):
        assert part in first


def test_hanweb_without_parameters_or_with_all_rows_shown_goes_nowhere():
    assert list(hanweb.next_pages(pages.hanweb(script="a:1"))) == []
    assert list(hanweb.next_pages(pages.hanweb(total=3))) == []


def test_hanweb_attachments_keep_the_address_of_the_download():
    body = '<a href="/module/download/downfile.jsp?classid=0&amp;showname=%E9%99%84&amp;filename=2401.docx">附件</a>'
    page = Page("http://yunxi.example/art/2024/1/20/art_5_2023.html", f"<div id='zoom'>{body}</div>")
    assert hanweb.detail(page).attachments == (
        "http://yunxi.example/module/download/downfile.jsp?classid=0&showname=%E9%99%84&filename=2401.docx",
    )


def test_ucap_entries_and_the_guess_of_the_next_page():
    page = pages.ucap()
    assert [entry.title for entry in ucap.entries(page)] == [title(y) for y in pages.YEARS]
    assert list(ucap.next_pages(page)) == ["http://yunxi.example/baishi/c100001/list_2.shtml"]
    assert list(ucap.next_pages(pages.ucap(number=4)))[-1].endswith("/list_5.shtml")


def test_ucap_pages_are_counted_from_1_where_the_page_says_how_many():
    script = "createPageHTML('page_div', 3, 1, 'list', 'shtml', 40);"
    assert [url.rsplit("/", 1)[1] for url in ucap.next_pages(pages.ucap(script=script))] == [
        "list_2.shtml",
        "list_3.shtml",
    ]
    assert [url.rsplit("/", 1)[1] for url in ucap.next_pages(pages.ucap(script="var totalPage = '2'"))] == [
        "list_2.shtml"
    ]


def test_ucap_template_names_with_underscores_keep_them():
    page = pages.ucap(url="http://yunxi.example/baishi/c100001/zfxxgk_gknbz.shtml")
    assert list(ucap.next_pages(page)) == ["http://yunxi.example/baishi/c100001/zfxxgk_gknbz_2.shtml"]


def test_ucap_a_page_without_entries_and_an_article_end_the_walk():
    empty = Page("http://yunxi.example/baishi/c100001/list_9.shtml", "<html></html>")
    assert not any(url.endswith("_10.shtml") for url in ucap.next_pages(empty))
    article = f"http://yunxi.example/baishi/c1/202401/{'a' * 32}.shtml"
    assert list(ucap.next_pages(pages.ucap(url=article))) == []


TREE = [
    {"id": 6000, "name": "政府信息公开指南", "children": []},
    {"id": 6005, "parent_id": 17, "name": "法定主动公开内容", "children": [{"id": 6010, "name": "政府信息公开年报"}]},
]
COLUMN = "http://yunxi.example/baishi/gkmlpt/api/all/6010?page=1&sid=755041"


@pytest.mark.parametrize(
    "config",
    [
        json.dumps({"SID": "755041", "TREE": TREE}),
        json.dumps({"SID": "755041", "TREE": TREE}, ensure_ascii=False, indent=1),
        "{SID: '755041', TREE: [{id: 6010, name: '政府信息公开年报', children: []}]}",
        '{"SID":"755041","TREE":[{"name":"政府信息公开年报","jump_url":"","id":6010}]}',
        '{"SID":"755041","TREE":[{"parent_id":17,"id":6010,"name":"信息公开年度报告"}]}',
        '{"SID":755041,"TREE":[{"id":"6010","name":"年报"}]}',
    ],
)
def test_gkmlpt_finds_the_column_of_yearly_reports_in_the_tree(config):
    page = pages.gkmlpt_index(config)
    assert list(gkmlpt.next_pages(page)) == [COLUMN]
    assert list(gkmlpt.entries(page)) == []


def api(count=3, total=3, **more):
    article = {
        "title": title(2023),
        "url": "/baishi/gkmlpt/content/1/2/post_1.html",
        "date": "2024-01-20 10:00:00",
        **more,
    }
    return json.dumps({"classify": {"post_count": total}, "articles": [article] * count})


def test_gkmlpt_entries_come_from_the_answer():
    assert list(gkmlpt.entries(pages.gkmlpt_api(api(1, publisher="白石镇")))) == [
        Entry("http://yunxi.example/baishi/gkmlpt/content/1/2/post_1.html", title(2023), "2024-01-20", "白石镇")
    ]


def test_gkmlpt_first_answer_leads_to_the_others_and_these_to_none():
    page = pages.gkmlpt_api(api(4, 10))
    assert list(gkmlpt.next_pages(page)) == [COLUMN.replace("page=1", f"page={n}") for n in (2, 3)]
    assert list(gkmlpt.next_pages(pages.gkmlpt_api(api(4, 10), number=2))) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "<html>404</html>",
        '{"articles": null, "classify": null}',
        '{"articles": {}, "classify": []}',
        '{"articles": [null, 5, {}, {"title": "x"}, {"url": null}]}',
        '{"articles": [{"url": "/a"}], "classify": {"post_count": "viele"}}',
        "[" * 100_000,
    ],
)
def test_gkmlpt_broken_answers_end_the_walk_and_invent_nothing(text):
    page = pages.gkmlpt_api(text)
    assert [entry for entry in gkmlpt.entries(page) if entry.title] == []
    assert list(gkmlpt.next_pages(page)) == []


def test_gkmlpt_detail_is_in_the_script():
    content = '<p>见附件</p><a href="/attachment/0/1/report.pdf">报告.pdf</a>'
    config = {
        "SID": "1",
        "DETAIL": {"title": title(2023), "publisher": "白石镇", "date": "2024-01-20", "content": content},
    }
    page = Page(
        "http://yunxi.example/gkmlpt/content/1/2/post_1.html",
        f"<script>window._CONFIG = {json.dumps(config)};</script>",
    )
    found = gkmlpt.detail(page)
    assert (found.title, found.published_on, found.publisher) == (title(2023), "2024-01-20", "白石镇")
    assert found.attachments == ("http://yunxi.example/attachment/0/1/report.pdf",)


def test_gkmlpt_detail_without_a_script_is_read_as_any_page():
    page = Page("http://yunxi.example/gkmlpt/content/1/2/post_1.html", "<title>年报</title><a href='a.docx'>下载</a>")
    assert gkmlpt.detail(page).attachments == ("http://yunxi.example/gkmlpt/content/1/2/a.docx",)


@pytest.mark.parametrize("text", ["下一页", "下页", "下一页 ", "尾页", "末页", "2", "17", ">", "»"])
def test_generic_follows_the_pager(text):
    page = Page("http://x.example/nb/list_1.html", f'<a href="list_2.html">{text}</a>')
    assert list(generic.next_pages(page)) == ["http://x.example/nb/list_2.html"]


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="http://other.example/list_2.html">下一页</a>',
        '<a href="list_1.html">下一页</a>',
        '<a href="#">下一页</a>',
        '<a href="javascript:go(2)">2</a>',
        '<a href="file:///etc/passwd">2</a>',
        '<a href="2023.html">2023</a>',
        "<a>下一页</a>",
    ],
)
def test_generic_does_not_follow_what_is_no_pager_of_this_site(anchor):
    assert list(generic.next_pages(Page("http://x.example/nb/list_1.html", anchor))) == []


def test_generic_takes_www_and_the_bare_domain_as_one_site():
    page = Page("http://www.x.example/nb/1.html", '<a href="http://x.example/nb/2.html">下一页</a>')
    assert list(generic.next_pages(page)) == ["http://x.example/nb/2.html"]


def test_generic_entries_of_a_table_have_the_date_of_their_row():
    row = f"<tr><td>1</td><td><a href='88.html#top'>{title(2023)}</a></td><td>2024/1/5</td></tr>"
    page = Page("http://x.example/nb/", f"<table>{row}</table>")
    assert list(generic.entries(page)) == [Entry("http://x.example/nb/88.html", title(2023), "2024-01-05")]


def test_a_page_that_begins_as_xml_is_read_all_the_same():
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html><html><body><a href="88.html">{title(2023)}</a></body></html>'
    assert [entry.title for entry in generic.entries(Page("http://x.example/nb/", text))] == [title(2023)]


def test_a_detail_without_tags_has_the_date_that_is_visible_and_no_guess_at_the_publisher():
    head = "<style>" + "p{margin:0}" * 500 + "</style><script>" + "var a=0;" * 600 + "</script>"
    table = "<table><tr><td>发布机构</td><td>白石镇人民政府</td><td>发布日期</td><td>2024年1月5日</td></tr></table>"
    detail = generic.detail(Page("http://x.example/nb/1.html", f"<html><body>{head}{table}<p>正文</p></body></html>"))
    assert (detail.published_on, detail.publisher) == ("2024-01-05", "")


@pytest.mark.parametrize("ending", ["pdf", "doc", "docx", "wps", "ofd", "xls", "xlsx", "zip", "rar", "PDF"])
def test_every_kind_of_document_is_an_attachment(ending):
    page = Page(
        "http://x.example/nb/1.html", f'<div id="zoom"><a href="a.{ending}">下载</a><a href="b.html">其他</a></div>'
    )
    assert generic.detail(page).attachments == (f"http://x.example/nb/a.{ending}",)


@pytest.mark.parametrize("text", ["附件1.年报.doc", "年报.pdf（下载）", "【年报.docx】"])
def test_an_attachment_without_an_ending_is_told_by_its_text(text):
    href = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2"
    page = Page("http://x.example/info/1/2.htm", f'<div class="v_news_content"><a href="{href}">{text}</a></div>')
    assert generic.detail(page).attachments == ("http://x.example" + href,)


def test_an_attachment_below_the_body_is_found_where_the_body_has_none():
    text = '<div id="UCAP-CONTENT"><p>见附件</p></div><ul class="fj"><li><a href="a.pdf">附件.pdf</a></li></ul>'
    assert ucap.detail(Page("http://x.example/1.html", text)).attachments == ("http://x.example/a.pdf",)


def test_the_same_attachment_twice_is_one():
    page = Page("http://x.example/1.html", '<a href="a.pdf">下载PDF</a><a href="./a.pdf#page=1">附件</a>')
    assert generic.detail(page).attachments == ("http://x.example/a.pdf",)
