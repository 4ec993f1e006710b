"""Xxgk/Openness on its fixtures: numbered lists, reports by address alone, the agency out of the breadcrumb."""

import pytest

from crawler.families import Page, generic, judge, recognise, xxgk
from crawler.families.columns import is_below, is_list

from . import fixtures, telling

HOST = "http://www.lanting.example"


@pytest.mark.parametrize("name", fixtures.pages("xxgk"))
def test_its_pages_are_its_own_and_no_other_familys(name):
    telling.only(xxgk, fixtures.page("xxgk", name))


@pytest.mark.parametrize("family", telling.OTHERS["xxgk"])
def test_the_pages_of_others_are_not(family):
    telling.none_of(xxgk, family)


@pytest.mark.parametrize(
    "path",
    [
        "/XxgkAnnualReport/show/6587.html",
        "/OpennessAnnualReport/show/2325.html",
        "/openness/OpennessAnnualReport/show/9",
        "/xxgkAnnualReport/detail/6010ebc77f8b9a171f8b4584.html",
        "/OpennessAnnualReport/year/show/341/2022.html",
    ],
)
def test_an_address_of_a_report_is_known_and_followed_whatever_it_is_called(path):
    assert recognise(Page(HOST + path, "")) is xxgk
    assert judge("2022年", HOST + path) == ("report", "")
    assert not is_list(HOST + path)


@pytest.mark.parametrize(
    "path",
    ["/xxgkannualreport/show/6587.html", "/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2023", "/XxgkContent.html"],
)
def test_case_and_form_count(path):
    assert not xxgk.recognises(Page(HOST + path, ""))


def test_entries_have_the_whole_title_the_date_and_what_is_no_report_with_them():
    assert [(one.url, one.title, one.published_on) for one in xxgk.entries(fixtures.page("xxgk", "list"))] == [
        (HOST + "/XxgkGuide/show/15.html", "政府信息公开指南", ""),
        (HOST + "/XxgkAnnualReport/show/6587.html", "岚汀县水务局2023年政府信息公开工作年度报告", "2024-01-20"),
        (HOST + "/XxgkAnnualReport/show/5848.html", "岚汀县水务局2022年政府信息公开工作年度报告", "2023-01-18"),
        (HOST + "/XxgkContent/show/99107.html", "岚汀县水务局政府信息公开工作年报制度", "2022-05-06"),
    ]


def test_the_other_years_of_an_agency_are_entries_though_they_are_called_by_the_year():
    page = fixtures.page("xxgk", "years")
    assert [(one.url.rpartition("/")[2], one.title) for one in xxgk.entries(page)] == [
        ("2022.html", "2022年"),
        ("2021.html", "2021年"),
    ]


def test_pages_are_counted_from_1_in_the_name():
    page = fixtures.page("xxgk", "list_with_pager")
    numbers = [url.removeprefix(page.url[: -len("2.html")]) for url in dict.fromkeys(xxgk.next_pages(page))]
    assert numbers == ["1.html", "3.html", "4.html"]


@pytest.mark.parametrize("text", ["共 3 页", "共<b>3</b>页", "var totalPage = '3';", "totalPages: 3"])
def test_a_list_says_in_several_ways_how_many_pages_it_has(text):
    page = Page(HOST + "/XxgkContent/showList/15/0/page_1.html", f"<p>{text}</p><script>{text}</script>")
    assert [url.rpartition("_")[2] for url in xxgk.next_pages(page)] == ["2.html", "3.html"]


@pytest.mark.parametrize("text", ["", "共3条", "共页"])
def test_a_list_that_does_not_say_so_has_no_made_up_pages(text):
    assert list(xxgk.next_pages(Page(HOST + "/XxgkContent/showList/15/0/page_1.html", f"<p>{text}</p>"))) == []


def test_a_detail_has_the_agency_of_the_breadcrumb_and_the_attachments_beside_the_body():
    found = xxgk.detail(fixtures.page("xxgk", "detail"))
    assert (found.title, found.published_on) == ("岚汀县水务局2023年政府信息公开工作年度报告", "2024-01-20")
    assert found.publisher == "岚汀县水务局"
    assert found.attachments == (HOST + "/uploads/2024/nb6587.docx", HOST + "/uploads/2024/tables.xlsx")


@pytest.mark.parametrize(
    ("crumbs", "agency"),
    [
        ("网站首页 &gt; 政府信息公开 &gt; 砚池镇 &gt; 政府信息公开年报", "砚池镇"),
        ("首页 » 政务公开 » 乡镇 » <a>砚池镇</a> » <a>年报</a> » 正文", "砚池镇"),
        ("首页&gt;&gt;政府信息公开&gt;&gt;县直部门&gt;&gt;年报", ""),
        ("首页 &gt; 政府信息公开 &gt; 政府信息公开年报", ""),
        ("首页 砚池镇 年报", ""),
        ("首页 &gt; 砚池镇 &gt; 政策文件", ""),
        ("", ""),
    ],
)
def test_the_breadcrumb_names_the_agency_or_nobody(crumbs, agency):
    assert xxgk.agency(Page(HOST, f"<body><p>{crumbs}</p><p>砚池镇 &gt; 年报</p></body>")) == agency


def test_without_a_breadcrumb_the_page_tag_names_the_publisher():
    tag = '<meta name="ContentSource" content="砚池镇">'
    page = Page(HOST + "/XxgkAnnualReport/show/1.html", f"<head>{tag}</head><p>正文</p>")
    assert xxgk.detail(page).publisher == generic.detail(page).publisher == "砚池镇"


def test_an_agencys_lists_lead_to_its_own_column_of_reports_and_to_no_others():
    start = HOST + "/XxgkContent/showList/15/0/page_1.html"
    assert is_below(HOST + "/XxgkAnnualReport/showList/15", start)
    assert not is_below(HOST + "/XxgkAnnualReport/showList/16", start)
    assert not is_below(HOST + "/XxgkContent/showList/15/103128/page_1.html", start)


def test_an_odd_page_is_read_as_far_as_it_goes():
    page = fixtures.page("xxgk", "odd")
    assert [one.title[:5] for one in xxgk.entries(page)][-1] == "2019年"
    assert list(xxgk.next_pages(page)) == []
    assert xxgk.detail(page).publisher == ""


@pytest.mark.parametrize(
    ("host", "own"), [(HOST, True), ("http://lanting.example", True), ("http://xz.example", False)]
)
def test_a_page_with_a_link_to_such_an_address_is_one_if_the_link_stays_on_the_host(host, own):
    page = Page(HOST + "/index.html", f'<a href="{host}/XxgkAnnualReport/show/5.html">砚池镇</a>')
    assert xxgk.recognises(page) is own
