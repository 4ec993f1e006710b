"""Ucap: lists named by their template, article pages of 32 hexadecimal digits; some lists are an endpoint's JSON.

1. List: ``/<site>/<column>/<template>.shtml`` such as ``list.shtml``, ``zfxxgk_list.shtml``; the bare directory is 404.
2. Pages: ``<template>_2.shtml``, ``_3``, ... counted from 1. Where the page states how many there are, those; else the
   next one is tried as long as a page has articles (and, for the spider, links not seen before)::

    <a href="/yunxi/c100001/202401/0123456789abcdef0123456789abcdef.shtml" title="…年度报告">…</a>
    <script>createPageHTML('page_div', 3, 1, 'list', 'shtml', 40);</script>

3. Search endpoint, where the page's source names one (``/common/search/``, ``/search/``, ``/searchList/`` and 32
   hexadecimal digits): asked for as JSON, counted from 1, ``data.total`` rows in all::

    url: "/common/search/0123456789abcdef0123456789abcdef?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page="
    {"data": {"total": 41, "results": [{"title": "…", "url": "http://…", "publishedTimeStr": "2024-01-20"}]}}

4. Newer sites: ``POST /interface-cms/qryManuscriptByWebsiteId`` with the ids of site and column as the page's source
   has them; the next page is asked as the last one was, with one more ``pageNum``, until one is empty::

    {"websiteId": "2a40…", "channelId": ["282d…"], "pageNum": 1, "pageSize": 20, "title": ""}
    {"results": [{"title": "…", "url": "/yunxi/…shtml", "publishedTime": "2024-01-20 09:30:00"}]}

   Addresses in the JSON may begin with http on an https site: they are taken to the site's own scheme.
5. Detail: ``/<site>/<column>/YYYYMM/<32hex>.shtml`` or ``c01_N.shtml``, at some sites digits alone; body
   ``#UCAP-CONTENT``; header table.

Unproven: how the ids are written in the source of every template, and whether all rows of the endpoints have ``url``.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.families import answers, generic
from crawler.families.page import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "ucap"
GUESSES_PAGES = True
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(
    r"/(?:\d{6}|\d{4}/\d{1,2}/\d{1,2})/(?:[0-9a-f]{32}|c0\d_\d+)\.shtml(?:$|\?)"
    r"|/(?:[cC]\d{5,}[a-z]*|[0-9a-f]{32})/\d{6}/\d{4,}\.shtml(?:$|\?)"
)
_LIST = re.compile(r"^(?P<stem>.*/[A-Za-z]\w*?)(?:_(?P<number>\d{1,6}))?\.shtml$")
_COUNT = re.compile(
    r"createPageHTML\(\s*[\"'][\w-]+[\"']\s*,\s*(\d{1,9})|(?:totalPage|pageCount|countPage)[\"']?\s*[:=]\s*[\"']?(\d{1,9})"
)
_SEARCH = re.compile(r"/(?:common/search|search|searchList)/[0-9a-f]{32}(?![0-9a-f])")
_NAMED = re.compile(rf"[\"']((?:https?://[\w.:-]+)?{_SEARCH.pattern}[^\"'\s<>]*)[\"']")
_MANUSCRIPTS = "/interface-cms/qryManuscriptByWebsiteId"
_WEBSITE = re.compile(r"websiteId[\"']?\s*[:=]\s*[\"']?([0-9A-Za-z]{3,64})\b")
_CHANNELS = re.compile(r"channelId[\"']?\s*[:=]\s*(\[[^\]]{0,2000}\]|[\"']?[0-9A-Za-z]{3,64}\b)")
_ID = re.compile(r"\b(?=[A-Za-z]*\d)[0-9A-Za-z]{3,64}\b")  # the name of a variable has no digit
_MOST_PAGES = 200
_MOST_NAMED = 3
_PER_PAGE = 20


def recognises(page: Page) -> bool:
    """By the article's address, the links of a list, or the name of an endpoint."""
    return bool(
        _ARTICLE.search(page.url)
        or _is_answer(page)
        or _MANUSCRIPTS in page.text
        or _NAMED.search(page.text)
        or page.leads_to(_ARTICLE)
    )


def entries(page: Page) -> Iterator[Entry]:
    """The rows of an endpoint's answer, or the list's anchors with a telling text."""
    if not _is_answer(page):
        yield from generic.entries(page)
        return
    for row in _results(page):
        found = answers.entry(
            page.url,
            row.get("url") or row.get("staticUrl"),
            row.get("title"),
            row.get("publishedTimeStr"),
            row.get("publishedTime"),
        )
        if found:
            yield found


def next_pages(page: Page) -> Iterator[str | Ask]:
    """Of a list, the endpoints that it names or the pages that it counts, else the next one; of an answer, more."""
    if _MANUSCRIPTS in page.url:
        yield from _following_ask(page)
    elif _is_answer(page):
        yield from _following_answers(page)
    elif not _ARTICLE.search(page.url):
        elsewhere: list[str | Ask] = [*_first_answers(page), *_first_ask(page)]
        yield from elsewhere
        yield from _following_lists(page, guess=not elsewhere)


def _is_answer(page: Page) -> bool:
    return _MANUSCRIPTS in page.url or bool(_SEARCH.search(page.url))


def _following_lists(page: Page, *, guess: bool) -> Iterator[str]:
    match = _LIST.match(page.url)
    if match is None:
        return
    count = _COUNT.search(page.text)
    here = int(match["number"] or 1)
    last = int(count[1] or count[2]) if count else here + (guess and page.leads_to(_ARTICLE))
    for number in range(2, min(last, _MOST_PAGES) + 1):
        if number != here:
            yield f"{match['stem']}_{number}.shtml"
    yield from generic.next_pages(page)


def _first_answers(page: Page) -> Iterator[str]:
    named = dict.fromkeys(html.unescape(match) for match in _NAMED.findall(page.text))
    for address in list(named)[:_MOST_NAMED]:
        yield _numbered(urljoin(page.url, address), 1)


def _numbered(address: str, number: int) -> str:
    asked, _, query = address.partition("?")
    usual = {"_isAgg": "true", "_isJson": "true", "_pageSize": str(_PER_PAGE), "_template": "index"}
    values = usual | dict(parse_qsl(query)) | {"_isJson": "true", "page": str(number)}
    return f"{asked}?{urlencode(values)}"


def _following_answers(page: Page) -> Iterator[str]:
    query = dict(parse_qsl(urlsplit(page.url).query))
    here, shown = answers.count(query.get("page", 1)) or 1, len(_results(page))
    if not shown:
        return
    size = answers.count(query.get("_pageSize")) or shown
    total = answers.count(_data(page).get("total"))
    for number in range(1, min(-(-total // size) if total else here + 1, _MOST_PAGES) + 1):
        if number != here and (total or number > here):
            yield _numbered(page.url, number)


def _first_ask(page: Page) -> Iterator[Ask]:
    if _MANUSCRIPTS not in page.text:
        return
    websites = [text for text in _WEBSITE.findall(page.text) if _ID.fullmatch(text)]
    channels = [ids for text in _CHANNELS.findall(page.text) if (ids := _ID.findall(text))]
    if websites and channels:
        yield _ask(page, {"websiteId": websites[0], "channelId": channels[0]}, 1)


def _following_ask(page: Page) -> Iterator[Ask]:
    asked = answers.members(page.asked)
    number = answers.count(asked.get("pageNum"))
    if number and number < _MOST_PAGES and _results(page):
        yield _ask(page, asked, number + 1)


def _ask(page: Page, asked: dict[str, Any], number: int) -> Ask:
    body = {"websiteId": "", "channelId": [], "pageNum": number, "pageSize": _PER_PAGE, "title": ""}
    body |= {**asked, "pageNum": number}
    return Ask(urljoin(page.url, _MANUSCRIPTS), json.dumps(body, separators=(",", ":")), "application/json")


def _data(page: Page) -> dict[str, Any]:
    """The object that holds the rows: the answer itself or what is called data in it."""
    answer = answers.members(page.text)
    return answers.below(answer, "data") or answer


def _results(page: Page) -> list[dict[str, Any]]:
    return answers.rows(_data(page), "results")


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
