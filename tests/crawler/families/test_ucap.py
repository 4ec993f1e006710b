"""Ucap's endpoints: the search that answers JSON, and the list of manuscripts that is asked for with a POST."""

import json

import pytest

from crawler.families import Ask, Entry, Page, ucap

from .pages import fixture, title, told

LIST = "https://lanting.example/lt/c100300/list.shtml"
ID = "0123456789abcdef0123456789abcdef"
SEARCH = f"https://lanting.example/common/search/{ID}?_isAgg=false&_isJson=true&_pageSize=15&_template=index&page="
POST = "https://lanting.example/interface-cms/qryManuscriptByWebsiteId"


@pytest.mark.parametrize(
    "page",
    [
        fixture("ucap/search_list.shtml", "https://x.example/nb/"),
        fixture("ucap/manuscripts_list.shtml", "https://x.example/nb/"),
        Page(SEARCH + "1", ""),
        Page(f"https://x.example/searchList/{ID}?page=1", ""),
        Page("https://x.example/tz/c112289/202401/55123.shtml", ""),
        Page("https://x.example/sb/cbcc5c9e6bb44ed8af5cd0785606f554/202501/67436.shtml", ""),
        Page(f"https://x.example/wc/nb2017/201803/{ID}.shtml?ddtab=true", ""),
        Page("https://x.example/tz/C116872/202401/c00_228901.shtml", ""),
    ],
)
def test_it_is_told_by_its_endpoints_and_by_older_ids(page):
    assert told(page.url, page.text) == "ucap"


def test_a_list_asks_the_search_that_its_source_names_as_json_and_guesses_no_page():
    assert list(ucap.next_pages(fixture("ucap/search_list.shtml", LIST))) == [
        SEARCH.replace("page=", "_channelName=&page=").replace("_channelName=&", "") + "1"
    ]


@pytest.mark.parametrize("path", ["/search/", "/searchList/", "https://lanting.example/search/"])
def test_the_search_has_three_names(path):
    (url,) = ucap.next_pages(Page(LIST, f"url: '{path}{ID}?page=1'"))
    assert url.startswith("https://lanting.example/search")
    assert url.endswith(f"{ID}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1")


def test_rows_of_the_search_are_entries_on_the_sites_own_scheme():
    assert list(ucap.entries(fixture("ucap/search.json", SEARCH + "1"))) == [
        Entry(f"https://lanting.example/lt/c100300/202401/{ID}.shtml", title(2023, "砚池镇"), "2024-01-20"),
        Entry("https://lanting.example/lt/c100300/202401/c01_71.shtml", title(2023, "松岭乡"), "2024-01-20"),
    ]


@pytest.mark.parametrize(("here", "others"), [(1, [2, 3]), (2, [1, 3]), (3, [1, 2])])
def test_every_answer_leads_to_the_others_that_the_total_needs(here, others):
    assert [url.rsplit("=", 1)[1] for url in ucap.next_pages(fixture("ucap/search.json", SEARCH + str(here)))] == [
        str(n) for n in others
    ]


@pytest.mark.parametrize("text", ['{"data": {"total": 41, "results": []}}', "", "<html>", '{"data": []}'])
def test_an_answer_without_rows_ends_the_walk(text):
    assert list(ucap.next_pages(Page(SEARCH + "4", text))) == []


def test_without_a_total_one_page_follows_another():
    (url,) = ucap.next_pages(Page(SEARCH + "4", '{"results": [{"title": "x", "url": "/x"}]}'))
    assert url == SEARCH + "5"


def test_manuscripts_are_asked_for_with_the_ids_of_the_source():
    (ask,) = ucap.next_pages(fixture("ucap/manuscripts_list.shtml", LIST))
    assert (ask.url, ask.content_type) == (POST, "application/json")
    assert json.loads(ask.body) == {
        "websiteId": "e61ec4d7aaeb4997",
        "channelId": ["0b0696aaf5344605", "282d91208a28467b"],
        "pageNum": 1,
        "pageSize": 20,
        "title": "",
    }


def test_one_channel_may_stand_without_brackets_and_without_ids_nothing_is_asked():
    text = 'qryManuscriptByWebsiteId" "/interface-cms/qryManuscriptByWebsiteId" websiteId = "e61ec4d7aaeb4997"'
    (ask,) = ucap.next_pages(Page(LIST, text + ' "channelId": "0b0696aaf5344605"'))
    assert json.loads(ask.body)["channelId"] == ["0b0696aaf5344605"]
    assert not [one for one in ucap.next_pages(Page(LIST, text)) if isinstance(one, Ask)]


def test_the_next_manuscripts_are_asked_as_the_last_until_there_are_none():
    (first,) = ucap.next_pages(fixture("ucap/manuscripts_list.shtml", LIST))
    answer = fixture("ucap/manuscripts.json", POST, first.body)
    assert list(ucap.entries(answer)) == [
        Entry("https://lanting.example/lt/zfxxgk/202401/c05_71.shtml", title(2023, "砚池镇"), "2024-01-20")
    ]
    (second,) = ucap.next_pages(answer)
    assert json.loads(second.body) == {**json.loads(first.body), "pageNum": 2}
    assert list(ucap.next_pages(Page(POST, '{"results": []}', second.body))) == []
    assert list(ucap.next_pages(Page(POST, answer.text))) == []
