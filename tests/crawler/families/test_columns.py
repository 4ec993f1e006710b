"""Columns below the annual column: which links are walked, which are the column itself, which are reports."""

import pytest

from crawler.families import Page, judge
from crawler.families.columns import (
    is_annual,
    is_below,
    is_column_name,
    is_list,
    is_report_itself,
    list_key,
    own_articles,
    sub_columns,
)
from crawler.families.page import same_host

START = "http://yunxi.example/zwgk/zfxxgknb/"


@pytest.mark.parametrize(
    "path",
    [
        "/zwgk/zfxxgknb/2023n/",
        "/zwgk/zfxxgknb/2023n/index.html",
        "/zwgk/zfxxgknb/xz/list.shtml",
        "/zwgk/zfxxgknb/common_list.shtml",
        "/zwgk/zfxxgknb/zfxxgk_list.shtml",
        "/bs/xxgknb2024n/zfxxgk_gknbz.shtml",
        "/bs/c100209/zfxxgklby_nb.shtml",
        "/bs/gknb.shtml",
        "/col/col58265/index.html",
        "/zfxxgk/zfxxgknb.htm",
        "/zfxxgk/zfxxgknb/n2022n/xz.htm",
        "/public/column/551?type=3",
        "/XxgkContent/showList/15/0/page_1.html",
        "/XxgkAnnualReport/showList/15",
        "/opennessAnnualReport/?branch_id=5c35be0048787ad14d009190",
    ],
)
def test_a_list_is_told_by_its_address(path):
    assert is_list("http://yunxi.example" + path)


@pytest.mark.parametrize(
    "path",
    [
        "/zwgk/zfxxgknb/202401/t20240120_5.html",
        "/zwgk/zfxxgknb/index_2.html",
        "/zwgk/zfxxgknb/common_list_2.shtml",
        "/art/2024/1/20/art_5_77.html",
        "/bs/c100001/202401/0123456789abcdef0123456789abcdef.shtml",
        "/zwgk/zfxxgknb/2023.pdf",
        "/zfxxgk/zfxxgknb/3.htm",
        "/info/1023/5521.htm",
        "/public/column/551?type=3&timeFrame=2023&hasContent=true",
        "/public/551/5521.html",
        "/XxgkContent/showList/15/0/page_2.html",
        "/XxgkAnnualReport/show/6587.html",
        "/zwgk/zfxxgknb/content/post_5521.html",
    ],
)
def test_an_article_a_document_and_a_further_page_are_no_column(path):
    assert not is_list("http://yunxi.example" + path)


def columns_on(markup, start=START, url=None):
    return list(sub_columns(Page(url or start, f"<html><body>{markup}</body></html>"), start))


def test_what_lies_below_the_column_is_walked_whatever_it_is_called():
    found = columns_on('<a href="./2023n/">2023</a><a href="2023n/xz/bsz/index.html">白石镇</a>')
    assert found == [START + "2023n/", START + "2023n/xz/bsz/index.html"]


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/zwgk/zfxxgkzn/">政府信息公开指南</a>',
        '<a href="/">首页</a>',
        '<a href="index.html">政府信息公开年报</a>',
        '<a href="./">年报</a>',
        '<a href="http://other.example/zwgk/zfxxgknb/2023n/">2023年</a>',
        '<a href="./202401/t20240120_5.html">白石镇</a>',
    ],
)
def test_what_lies_beside_or_above_is_not(markup):
    assert columns_on(markup) == []


@pytest.mark.parametrize("name", ["2023年", "2023年度", "2023", "县直部门", "乡镇街道", "各乡镇", "市直单位", "县区"])
@pytest.mark.parametrize("href", ["/col/col77/index.html", "/bs/c100300/list.shtml"])
def test_numbered_columns_are_walked_by_their_names(name, href):
    start = "http://yunxi.example/col/col5/index.html"
    assert columns_on(f'<a href="{href}">{name}</a>', start) == ["http://yunxi.example" + href]


def test_the_same_template_beside_is_another_year_and_another_template_another_column():
    start = "http://yunxi.example/bs/xxgknb2024n/gknb.shtml"
    links = "".join(f'<a href="/bs/xxgknb{y}n/{t}.shtml">{y}年</a>' for y in (2023, 2024) for t in ("gknb", "list"))
    assert columns_on(links, start) == ["http://yunxi.example/bs/xxgknb2023n/gknb.shtml"]
    assert columns_on('<a href="/bs/xxgkzn/gknb.shtml">指南</a>', start) == []


@pytest.mark.parametrize("name", ["通知公告", "机构职能", "白石镇", "2023年工作总结", "部门预算"])
def test_other_numbered_columns_are_not(name):
    start = "http://yunxi.example/col/col5/index.html"
    assert columns_on(f'<a href="/col/col77/index.html">{name}</a>', start) == []


@pytest.mark.parametrize(
    ("url", "start", "below"),
    [
        ("/gk/nb/2023n/", "/gk/nb", True),  # a directory whose slash was forgotten
        ("/gk/other/", "/gk/nb", False),
        ("/gk/other/", "/gk/nb.html", False),  # a list that is a file: what lies beside it belongs to others
        ("/gk/nb/2023/", "/gk/nb.html", True),
        ("/anything/", "/", False),  # a whole site is no column
        ("/gk/nb/index.html", "/gk/nb/", False),
    ],
)
def test_below_is_below_the_columns_own_directory(url, start, below):
    assert is_below("http://x.example" + url, "http://x.example" + start) is below


def test_one_list_has_one_key():
    keys = {list_key(u) for u in ("http://x.example/nb/", "https://www.X.example/nb/index.shtml")}
    assert len(keys) == 1
    assert list_key("http://x.example/nb/?year=1") != list_key("http://x.example/nb/?year=2")


@pytest.mark.parametrize(
    "name", ["政府信息公开年报", "政府信息公开年度报告", "县政府信息公开年报", "年报", "信息公开工作年度报告"]
)
def test_a_columns_name_is_no_title(name):
    assert is_column_name(name)


@pytest.mark.parametrize("title", ["白石镇政府信息公开年报", "2023年政府信息公开年报", "政府信息公开年报发布"])
def test_a_title_with_an_agency_or_a_year_is_no_columns_name(title):
    assert not is_column_name(title)


def test_a_report_is_told_from_a_list_by_the_forms_headings():
    report = "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 五、存在的主要问题及改进情况"
    assert is_report_itself(Page(START, report))
    assert not is_report_itself(Page(START, "一、总体情况"))


def owned(markup, url=START, head=""):
    return [entry.url for entry in own_articles(Page(url, f"<html><head>{head}</head><body>{markup}</body></html>"))]


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (START, "./202401/t20240120_5521.html"),
        (START, "./202401/P020240120123.pdf"),
        (
            "http://yunxi.example/bs/zfxxgkndbg/list.shtml",
            "/bs/zfxxgkndbg/202401/0123456789abcdef0123456789abcdef.shtml",
        ),
        ("http://yunxi.example/col/col5/index.html", "/art/2024/1/20/art_5_77.html"),
        (START, "content/post_77.html"),
        ("http://yunxi.example/public/column/551?type=3", "/public/551/5521.html"),
    ],
)
def test_what_a_column_lists_under_its_own_address_is_its_own_whatever_it_is_called(url, href):
    (entry,) = own_articles(Page(url, f'<title>政府信息公开年报</title><li><a href="{href}">白石镇</a>2024-01-20</li>'))
    assert (entry.title, entry.published_on) == ("白石镇", "2024-01-20")


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (START, "/zwgk/tzgg/202401/t20240120_5521.html"),
        (START, "../202401/t20240120_5521.html"),
        (START, "index_2.html"),
        (START, "2023n/"),
        (START, "http://other.example/zwgk/zfxxgknb/202401/t20240120_5521.html"),
        (START, "http://["),
        ("http://yunxi.example/col/col5/index.html", "/art/2024/1/20/art_6_77.html"),
        ("http://yunxi.example/nb.html", "/202401/t20240120_5521.html"),
        ("http://yunxi.example/public/column/551?type=3", "/public/552/5521.html"),
        ("http://yunxi.example/gk/zfxxgknb.htm", "/info/1023/5521.htm"),
    ],
)
def test_what_is_another_columns_is_not(url, href):
    assert owned(f'<a href="{href}">白石镇</a>', url, "<title>年报</title>") == []


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="ColumnType" content="信息公开年报">',
        '<META NAME="columnname" CONTENT="政府信息公开年度报告">',
        "<title>政府信息公开年报_云溪县</title>",
    ],
)
def test_a_column_names_itself_in_its_tags(head):
    assert is_annual(Page("http://yunxi.example/col/col5/index.html", f"<html><head>{head}</head></html>"))


@pytest.mark.parametrize(
    "path", ["/zwgk/zfxxgknb/", "/gk/xxgkndbg/2023n/", "/nb/", "/bs/xxgknb2024n/gknb.shtml", "/nianbao/list_1.html"]
)
def test_a_column_is_told_by_its_alias(path):
    assert is_annual(Page("http://yunxi.example" + path, ""))


@pytest.mark.parametrize("path", ["/zwgk/tzgg/", "/col/col5/index.html", "/gk/", "/inbox/", "/zfwzndbb/"])
def test_other_columns_follow_titles_alone(path):
    assert owned(f'<a href="{path}202401/t20240120_5521.html">白石镇</a>', "http://yunxi.example" + path) == []


@pytest.mark.parametrize(
    "title", ["某县2010年政府信息公开工作总结报告", "某市住房制度改革办公室2023年政府信息公开工作年度报告"]
)
def test_older_wordings_and_agencies_named_for_a_system_are_followed(title):
    assert judge(title)[0] == "report"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://x.example:80/a", "https://www.x.example/b", True),
        ("https://x.example:443/a", "http://x.example/b", True),
        ("http://x.example:8080/a", "http://x.example/b", False),
        ("http://x.example:443/a", "http://x.example/b", False),
    ],
)
def test_a_port_that_goes_without_saying_is_no_other_host(one, other, same):
    assert same_host(one, other) is same


def test_rows_of_a_data_store_are_the_columns_own_on_its_further_pages_too():
    row = (
        "<record><![CDATA[<li><a href='/art/2024/1/20/art_5_77.html'>白石镇</a><span>2024-01-20</span></li>]]></record>"
    )
    proxy = Page("http://yunxi.example/module/web/jpage/dataproxy.jsp?startrecord=101&columnid=5&unitid=1", row)
    assert list(own_articles(proxy)) == []
    assert [entry.published_on for entry in own_articles(proxy, annual=True)] == ["2024-01-20"]
    other = Page(proxy.url.replace("columnid=5", "columnid=6"), row)
    assert list(own_articles(other, annual=True)) == []
