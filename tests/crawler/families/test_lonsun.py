"""LonSun on its fixtures: a year of a column is the report, lists come by parameters, orgs stand side by side."""

import pytest

from crawler.families import Page, judge, lonsun, recognise
from crawler.families.columns import is_annual, is_list, list_key, own_articles, sub_columns

from . import fixtures, telling

HOST = "http://www.lanting.example"
COLUMN = HOST + "/public/column/551?type=3"


@pytest.mark.parametrize("name", fixtures.pages("lonsun"))
def test_its_pages_are_its_own_and_no_other_familys(name):
    telling.only(lonsun, fixtures.page("lonsun", name))


@pytest.mark.parametrize("family", telling.OTHERS["lonsun"])
def test_the_pages_of_others_are_not(family):
    telling.none_of(lonsun, family)


@pytest.mark.parametrize(
    "path",
    [
        "/zwgk/public/6617347/1875588481.html",
        "/openness/public/6596211/15194811.html",
        "/public/content/9435651",
        "/content/column/6797011?pageIndex=1",
        "/content/article/6797011",
        "/public/column/551",
    ],
)
def test_it_is_told_by_its_addresses(path):
    assert recognise(Page(HOST + path, "")) is lonsun


@pytest.mark.parametrize("path", ["/public/2024/", "/public/12/a.html", "/public/columns/5", "/content/post_5.html"])
def test_what_only_looks_alike_is_not(path):
    assert not lonsun.recognises(Page(HOST + path, ""))


def test_the_years_with_content_are_reports_and_the_guide_is_none():
    entries = list(lonsun.entries(fixtures.page("lonsun", "column")))
    reports = [one.url for one in entries if judge(one.title, one.url)[0] == "report" and not is_list(one.url)]
    years = (2023, 2022)
    assert reports == [f"{COLUMN}&nav=5&sub=4&timeFrame={year}&hasContent=true" for year in years]


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        ("type=3&timeFrame=2018&hasContent=true", "report"),
        ("type=3&action=detail&nav=3&title=2021", "report"),
        ("timeFrame=2018&type=3", "report"),
        ("type=3&timeFrame=2021&hasContent=false", "unrelated"),
        ("type=4&timeFrame=2018&hasContent=true", "unrelated"),
        ("type=3", "unrelated"),
        ("type=31&timeFrame=2018", "unrelated"),
    ],
)
def test_a_year_of_a_column_is_told_by_its_parameters(query, verdict):
    assert judge("2018年", f"{HOST}/public/column/551?{query}")[0] == verdict


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("?type=3", True),
        ("", True),
        ("?type=4&catId=1&action=list&pageIndex=1", True),
        ("?type=4&catId=1&action=list&pageIndex=12", False),
        ("?type=3&timeFrame=2023&hasContent=true", False),
        ("?type=3&action=detail&title=2021", False),
    ],
)
def test_a_list_is_told_from_a_report_and_from_a_further_page(query, listed):
    assert is_list(HOST + "/public/column/551" + query) is listed


def test_other_orgs_columns_of_reports_are_walked_once_and_their_other_columns_not():
    found = list(sub_columns(fixtures.page("lonsun", "column"), COLUMN))
    assert found == [HOST + "/public/column/552?type=3", HOST + "/public/column/553?type=3&nav=5"]
    assert list_key(found[1]) == list_key(HOST + "/public/column/553?type=3")
    elsewhere = HOST + "/public/column/551?type=4"
    assert list(sub_columns(fixtures.page("lonsun", "column"), elsewhere)) == []


def test_lists_that_a_script_names_are_asked_for_those_of_the_own_org_and_kind():
    assert list(lonsun.next_pages(fixtures.page("lonsun", "ajax"))) == [
        HOST + "/public/column/552?type=3&action=list&catId=884&pageSize=15"
    ]


def test_pages_are_counted_from_1_and_keep_the_lists_parameters():
    page = fixtures.page("lonsun", "list_with_pager")
    assert list(lonsun.next_pages(page)) == [page.url.replace("pageIndex=2", "pageIndex=3")]
    plain = Page(HOST + "/content/column/679", '<a paged="3" href="javascript:;">尾页</a>')
    assert list(lonsun.next_pages(plain)) == [f"{plain.url}?pageIndex={number}" for number in (2, 3)]


def test_a_year_of_a_column_has_no_further_pages():
    page = fixtures.page("lonsun", "year")
    assert list(lonsun.next_pages(Page(page.url, page.text + "pageCount:7"))) == []


def test_a_list_of_reports_takes_its_own_orgs_articles_whatever_they_are_called():
    page = fixtures.page("lonsun", "list_with_pager")
    assert is_annual(page)
    assert [one.title for one in own_articles(page)] == ["砚池镇2016年政府信息公开工作年度报告", "砚池镇人民政府"]
    other = Page(page.url.replace("552", "551"), page.text)
    assert list(own_articles(other)) == []


def test_a_detail_has_the_tags_values_and_the_bodys_attachments():
    found = lonsun.detail(fixtures.page("lonsun", "detail"))
    assert found.title == "砚池镇2016年政府信息公开工作年度报告"
    assert (found.published_on, found.publisher) == ("2017-03-02", "砚池镇")
    assert found.attachments == (HOST + "/group1/M00/00/2016nb.pdf",)


def test_a_year_of_a_column_has_the_agency_of_its_breadcrumb():
    found = lonsun.detail(fixtures.page("lonsun", "year"))
    assert (found.published_on, found.publisher) == ("2024-01-25", "岚汀县人民政府办公室")
    assert found.attachments == (HOST + "/group1/2023.docx",)


def test_numbers_without_end_are_bounded_or_left():
    column = HOST + "/public/column/551?type=3&action=list&catId=4"
    assert len(list(lonsun.next_pages(Page(column, "pageCount:99999,")))) == 199
    assert list(lonsun.next_pages(Page(column, "pageCount:99999999999999999999,"))) == []
    many = "".join(f'"?type=3&action=list&catId={number}"' for number in range(500))
    assert len(list(lonsun.next_pages(Page(COLUMN, f"<script>{many}</script>")))) == 20


@pytest.mark.parametrize(
    ("host", "own"), [(HOST, True), ("http://lanting.example", True), ("http://xz.example", False)]
)
def test_a_page_with_a_link_to_such_an_address_is_one_if_the_link_stays_on_the_host(host, own):
    page = Page(HOST + "/index.html", f'<a href="{host}/public/551/5.html">砚池镇</a>')
    assert lonsun.recognises(page) is own
