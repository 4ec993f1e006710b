"""Epoint: open-government lists that a script asks for with a POST, by the codes of department and category.

1. List: ``/dynamic/zwgk/govInfoPub.html?deptcode=&categorynum=``, or a directory of 9-digit categories
   (``/002005/002005001/``). The codes stand in the address or in the page's source; the site's own key, ``siteGuid``,
   in the source or else in the script ``/js/webBuilderCommon.js`` (at some sites ``/js/ajaxReq.js``), which is then
   asked for, with the codes of the list behind it::

    <script src="/js/webBuilderCommon.js"></script>
    var siteInfo = {"projectName": "/EWB-FRONT", "siteGuid": "7eb5f7f1-0000-4000-8000-8fcb82ea831a"};

2. Pages: ``POST /EWB-FRONT/rest/lightfrontaction/getgovinfolist``, as JSON. Some sites count from 0, others from 1: the
   first answer's total tells how many are asked for beyond it, one too many rather than too few::

    {"deptcode":"","categorynum":"003001003","siteGuid":"7eb5…","pageIndex":0,"pageSize":20}
    {"custom": {"total": 41, "data": [{"infourl": "/govxxgk/BS/2024-01-20/….html", "realtitle": "…", "infodate": "…"}]}}

3. Detail: ``/govxxgk/<dept>/YYYY-MM-DD/<uuid>.html?deptcode=`` or ``/002005/002005001/YYYYMMDD/<uuid>.html``.
4. Attachments: plain anchors.

Assumed: without either code nothing is asked, for that would be the whole site's list. Unproven: the name of the row's
date (the date in the address is taken where there is none), and sites whose body is wrapped into ``params``.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from crawler.families import answers, generic
from crawler.families.page import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "epoint"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = True
SUCCEEDED_BY = ""
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ARTICLE = re.compile(
    rf"/govxxgk/\w+/\d{{4}}-\d{{2}}-\d{{2}}/{_UUID}\.html|/\d{{4}}-\d{{2}}-\d{{2}}/{_UUID}\.html\?deptcode="
    rf"|/\d{{8}}/{_UUID}\.html"
)
_LIST = re.compile(r"/govInfoPub\w*\.html(?:\?|$)")
_REST = "/rest/lightfrontaction/getgovinfolist"
_SCRIPT = re.compile(r"/js/(?:webBuilderCommon|ajaxReq)\.js(?:\?|$)")
_GUID = re.compile(rf"siteGuid[\"']?\s*[:=]\s*[\"']({_UUID})[\"']", re.IGNORECASE)
_PROJECT = re.compile(r"projectName[\"']?\s*[:=]\s*[\"'](/[\w-]+)[\"']")
_CODE = r"\b{}[\"']?\s*[:=]\s*[\"']([\w-]{{2,40}})[\"']"
_CODES = ("deptcode", "categorynum")
_DATED = re.compile(r"/(\d{4})-?(\d{2})-?(\d{2})/[^/]*$")
_MOST_PAGES = 200
_PER_PAGE = 20


def recognises(page: Page) -> bool:
    """By the address of an article or a list, the endpoint or its script, or the links of a list."""
    return bool(
        any(form.search(page.url) for form in (_ARTICLE, _LIST, _SCRIPT))
        or _REST in page.url + page.text
        or "/EWB-FRONT" in page.text
        or page.leads_to(_ARTICLE)
    )


def entries(page: Page) -> Iterator[Entry]:
    """The rows of an answer, or the list's anchors with a telling text."""
    if _REST not in page.url:
        yield from generic.entries(page)
        return
    for row in answers.rows(_custom(page), "data"):
        title = row.get("realtitle") or row.get("title")
        if found := answers.entry(page.url, row.get("infourl"), title, row.get("infodate"), row.get("webdate")):
            dated = _DATED.search(urlsplit(found.url).path)
            yield found if found.published_on or not dated else replace(found, published_on="-".join(dated.groups()))


def next_pages(page: Page) -> Iterator[str | Ask]:
    """Of a list, its first answer or the script that has the site's key; of an answer, those after it."""
    if _REST in page.url:
        yield from _following(page)
        return
    codes = _codes(page)
    if codes:
        yield _first(page, codes)
    if not _SCRIPT.search(page.url):
        yield from generic.next_pages(page)


def _codes(page: Page) -> dict[str, str]:
    """Department and category: from the address, else from the source; nothing where neither is stated."""
    if not (_SCRIPT.search(page.url) or recognises(page)) or _ARTICLE.search(page.url):
        return {}
    query = {name.lower(): values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    stated = {name: re.search(_CODE.format(name), page.text, re.IGNORECASE) for name in _CODES}
    found = {name: query.get(name) or (match[1] if match else "") for name, match in stated.items()}
    return found if any(found.values()) else {}


def _first(page: Page, codes: dict[str, str]) -> str | Ask:
    guid, project = _GUID.search(page.text), _PROJECT.search(page.text)
    if guid is None:
        script = _SCRIPT.search(page.text)
        name = script[0].rstrip("?") if script else "/js/webBuilderCommon.js"
        return urljoin(page.url, f"{name}?{urlencode(codes)}")
    address = f"{project[1] if project else '/EWB-FRONT'}{_REST}"
    return _ask(urljoin(page.url, address), {**codes, "siteGuid": guid[1]}, 0)


def _following(page: Page) -> Iterator[Ask]:
    asked = answers.members(page.asked)
    here, shown = answers.count(asked.get("pageIndex")), len(answers.rows(_custom(page), "data"))
    size = answers.count(asked.get("pageSize")) or _PER_PAGE
    total = answers.count(_custom(page).get("total"))
    if not asked or not shown:
        return
    last = -(-total // size) if total else here + 1 + (here == 0)
    for number in range(0 if total else here + 1, min(last, _MOST_PAGES - 1) + 1):
        if number != here:
            yield _ask(page.url, asked, number)


def _ask(address: str, asked: dict[str, Any], number: int) -> Ask:
    body = {**asked, "pageIndex": number, "pageSize": asked.get("pageSize") or _PER_PAGE}
    return Ask(address, json.dumps(body, separators=(",", ":")), "application/json")


def _custom(page: Page) -> dict[str, Any]:
    return answers.below(answers.members(page.text), "custom")


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
