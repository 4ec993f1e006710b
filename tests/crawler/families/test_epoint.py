"""Epoint: from a list by way of the script with the site's key to the endpoint's answers."""

import json

import pytest

from crawler.families import Ask, Entry, Page, epoint

from .pages import fixture, title, told

SITE = "http://lanting.example"
LIST = SITE + "/003/003001/003001003/moreinfo.html"
SCRIPT = SITE + "/js/webBuilderCommon.js?deptcode=&categorynum=003001003"
POST = SITE + "/EWB_LT/rest/lightfrontaction/getgovinfolist"
ASKED = {"deptcode": "", "categorynum": "003001003", "siteGuid": "7eb5f7f1-0000-4000-8000-8fcb82ea831a"}
UUID = "cfa9849a-3f74-4747-82de-a497ee246555"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (f"{SITE}/govxxgk/YCZ/2024-01-20/{UUID}.html?deptcode=033", ""),
        (f"{SITE}/002005/002005001/20240120/{UUID}.html", ""),
        (f"{SITE}/a/20220114/{UUID}.html", ""),
        (SITE + "/dynamic/zwgk/govInfoPub.html?categorynum=003", ""),
        (LIST, fixture("epoint/list.html", LIST).text),
        (LIST, f"<a href='/govxxgk/YCZ/2024-01-20/{UUID}.html'>x</a>"),
        (SCRIPT, ""),
        (POST, ""),
    ],
)
def test_it_is_told_by_article_list_and_endpoint(url, text):
    assert told(url, text) == "epoint"


def test_a_list_leads_to_the_script_with_its_codes_and_that_to_the_first_answer():
    assert list(epoint.next_pages(fixture("epoint/list.html", LIST))) == [SCRIPT]
    (ask,) = epoint.next_pages(fixture("epoint/webBuilderCommon.js", SCRIPT))
    assert (ask.url, ask.content_type) == (POST, "application/json")
    assert json.loads(ask.body) == {**ASKED, "pageIndex": 0, "pageSize": 20}


def test_a_list_with_the_key_in_its_source_asks_at_once_with_the_codes_of_its_address():
    page = Page(SITE + "/dynamic/zwgk/govInfoPub.html?deptcode=033", f"siteGuid: '{ASKED['siteGuid']}'")
    (ask,) = epoint.next_pages(page)
    assert ask.url == SITE + "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    assert json.loads(ask.body)["deptcode"] == "033"


def test_without_a_code_nothing_is_asked():
    assert list(epoint.next_pages(Page(SITE + "/dynamic/zwgk/govInfoPub.html", ""))) == []
    assert list(epoint.next_pages(Page(SITE + "/js/webBuilderCommon.js", "siteGuid"))) == []


def answer(number, text=None):
    page = fixture("epoint/answer.json", POST, json.dumps({**ASKED, "pageIndex": number, "pageSize": 20}))
    return page if text is None else Page(page.url, text, page.asked)


def test_rows_are_entries_dated_by_themselves_or_by_their_address():
    first, second = epoint.entries(answer(0))
    assert first == Entry(
        f"{SITE}/govxxgk/YCZ/2024-01-20/{UUID}.html?deptcode=033", title(2023, "砚池镇"), "2024-01-20"
    )
    assert (second.title, second.published_on) == (title(2022, "松岭乡"), "2023-01-19")


@pytest.mark.parametrize(("here", "others"), [(0, [1, 2, 3]), (1, [0, 2, 3]), (3, [0, 1, 2])])
def test_every_answer_leads_to_the_others_and_to_one_more_than_the_total_needs(here, others):
    asks = list(epoint.next_pages(answer(here)))
    assert all(isinstance(ask, Ask) and ask.url == POST for ask in asks)
    assert [json.loads(ask.body)["pageIndex"] for ask in asks] == others


@pytest.mark.parametrize(("here", "others"), [(0, [1, 2]), (4, [5])])
def test_without_a_total_one_page_follows_another_whether_they_count_from_0_or_1(here, others):
    text = '{"custom": {"data": [{"infourl": "/a"}]}}'
    assert [json.loads(ask.body)["pageIndex"] for ask in epoint.next_pages(answer(here, text))] == others


@pytest.mark.parametrize("text", ["", "{}", '{"custom": {"total": 41, "data": []}}', '{"custom": null}'])
def test_an_answer_without_rows_ends_the_walk(text):
    assert list(epoint.next_pages(answer(3, text))) == []


def test_an_article_leads_nowhere_and_has_its_attachments():
    page = Page(
        f"{SITE}/govxxgk/YCZ/2024-01-20/{UUID}.html?deptcode=033",
        f"<title>{title(2023)}</title><a href='/EpointWebBuilder/report.pdf'>附件</a>",
    )
    assert list(epoint.next_pages(page)) == []
    assert epoint.detail(page).attachments == (SITE + "/EpointWebBuilder/report.pdf",)
