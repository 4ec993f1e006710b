"""Hanweb JPaaS: the rows of a column come from the site's own endpoint, a page at a time, as markup inside JSON.

1. List: any column page, ``/col/col<C>/index.html`` among them. Scripts called ``unitbuild.js`` name the units of the
   page, one of which is the list::

    <script src="/script/unitbuild.js" queryData="{'parseType':'bulidstatic','webId':'10','tplSetId':'Gbn','pageType':
      'column','tagId':'信息列表','editType':'null','pageId':'1229'}"></script>

2. Pages: ``/api-gateway/jpaas-publish-server/front/page/build/unit`` with those values (``bulidstatic`` is spelled so)
   and ``paramJson={"pageNo":1,"pageSize":50}``. How many there are is not stated reliably: the next page is tried as
   long as one has links, and one that repeats another ends the walk (some sites answer page 1 whatever is asked for)::

    {"success": true, "data": {"html": "<ul><li><a href='/art/2024/art_0123….html' title='…年度报告'>…</a></li></ul>"}}

3. Detail: ``<column>/art/YYYY/art_<32hex>.html``, at some sites ``art_<digits>.html``.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from crawler.families import generic
from crawler.families.page import Detail, Entry, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "jpaas"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = True
SUCCEEDED_BY = ""
_API = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ARTICLE = re.compile(r"/art/\d{4}/art_(?:[0-9a-f]{32}|\d+)\.html")
_UNIT = re.compile(r"queryData[\"']?\s*[=:]\s*[\"']?(\{[^{}]*\})", re.IGNORECASE)
_PAIR = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*[\"']?([^\"',{}]*)")
_NEEDED = ("webId", "tplSetId", "pageId", "tagId")
_TAKEN = ("parseType", "webId", "tplSetId", "pageType", "tagId", "editType", "pageId")
_FRAME = re.compile(r"头部|底部|页头|页脚|导航|位置|面包屑|菜单|head|foot|nav|menu", re.IGNORECASE)
_MOST_UNITS = 6
_MOST_PAGES = 200
_PER_PAGE = 50


def recognises(page: Page) -> bool:
    """By the article's address, the endpoint, or a unit in the page; with a data store it is the older system."""
    if _ARTICLE.search(page.url) or _API in page.url:
        return True
    return "<datastore>" not in page.text and any(_units(page))


def entries(page: Page) -> Iterator[Entry]:
    """The anchors of an answer's markup; of a column page, those that stand in it already."""
    yield from generic.entries(_listed(page))


def next_pages(page: Page) -> Iterator[str]:
    """Of a column page, the first page of each unit that may be its list; of an answer, the one after it."""
    if _API not in page.url:
        for unit in _units(page)[:_MOST_UNITS]:
            yield _address(page.url, unit, 1)
        yield from generic.next_pages(page)
        return
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    number = re.search(r'"pageNo":(\d+)', query.get("paramJson", ""))
    if number and int(number[1]) < _MOST_PAGES and any(_listed(page).anchors()):
        yield _address(page.url, query, int(number[1]) + 1)


def _units(page: Page) -> list[dict[str, str]]:
    units = []
    for text in _UNIT.findall(html.unescape(page.text)):
        values = dict(_PAIR.findall(text))
        if all(values.get(name) for name in _NEEDED) and not _FRAME.search(values["tagId"]) and values not in units:
            units.append(values)
    return units


def _address(base: str, values: dict[str, str], number: int) -> str:
    query = {"parseType": "bulidstatic", "pageType": "column", "editType": "null"}
    query |= {name: values[name] for name in _TAKEN if values.get(name)}
    query["paramJson"] = json.dumps({"pageNo": number, "pageSize": _PER_PAGE}, separators=(",", ":"))
    return urljoin(base, f"{_API}?{urlencode(query)}")


def _listed(page: Page) -> Page:
    """The page whose anchors count: an answer's markup, or the page itself."""
    if _API not in page.url:
        return page
    try:
        answer: Any = json.loads(page.text)
    except (json.JSONDecodeError, RecursionError):
        return Page(page.url, "")
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else None
    return Page(page.url, str(markup or "").encode("utf-8", "replace").decode())


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
