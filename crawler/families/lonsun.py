"""LonSun (Anhui; some of Gansu, Hunan, Sichuan, Hubei, Qinghai): one address an agency, its kinds as parameters.

1. List: ``/public/column/<org>?type=N``: 1 rules, 2 guide, **3 yearly reports**, 4 catalogue, 5 requests. A page of
   type 3 has the org's years; with ``timeFrame`` and ``hasContent=true`` (at some sites ``action=detail`` and
   ``title``) the address **is** the report of that year, though its link is called by the year alone::

    <a href="/public/column/551?type=3&amp;timeFrame=2023&amp;hasContent=true">2023年</a>
    <a href="/public/column/552?type=3">砚池镇</a>

   Other orgs' columns of the same type that are linked there are walked too (columns.sub_columns).
   Assumed and unproven: that the years are links; years that only a script or a form's choice knows are not found.
2. Lists within a column come from ``action=list&catId=``, named by a link or a script. Of a column of yearly reports
   those of its own org and of type 3 are asked for. Assumed: that they answer to a GET.
3. Pages: ``pageIndex=2``, 3, ... counted from 1; the count stands in a script (``pageCount:12,`` seen), or in the last
   link's ``paged`` attribute. ``/content/column/<id>`` pages the same way.
4. Detail: ``/public/<org>/<id>.html``, ``/public/content/<id>``, ``/content/article/<id>``; at some sites below a
   directory. Body ``.j-fontContent``.
5. Publisher: the page tag ContentSource, else the agency in the breadcrumb.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.families import generic, xxgk
from crawler.families.page import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "lonsun"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ADDRESS = re.compile(r"/public/(?:column/\d+|content/\d+|\d+/\d+\.html)(?=$|[?#&/;])")
_PLAIN_ADDRESS = re.compile(r"/content/(?:column|article)/\d+(?=$|[?#&/;])")
_COLUMN = re.compile(r"/(?:public|content)/column/(\d+)(?=$|[?#])")
_COUNT = re.compile(r"\bpageCount[\"']?\s*[:=]\s*[\"']?(\d{1,6})(?!\d)|\bpaged=[\"'](\d{1,6})[\"']")
_QUOTED = re.compile(r"[\"']([^\"'<>\s]{1,500})[\"']")
_REPORT = re.compile(r"[?&](?:hasContent=|timeFrame=|action=detail)")
_REPORTS = "3"
_MOST_PAGES = 200
_MOST_LISTS = 20


def recognises(page: Page) -> bool:
    """By the address, or a link of this host to such a one."""
    return bool(_ADDRESS.search(page.url) or _PLAIN_ADDRESS.search(page.url) or page.leads_to(_ADDRESS))


def entries(page: Page) -> Iterator[Entry]:
    """Links with a telling text, and the years of a column of yearly reports."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pages that the list counts, the lists named within a column of yearly reports, the pager's own links."""
    if _COLUMN.search(page.url) and not _REPORT.search(page.url):
        counts = [int(one or other) for one, other in _COUNT.findall(page.text)]
        for number in range(2, min(max(counts, default=1), _MOST_PAGES) + 1):
            if number != _number(page.url):
                yield _numbered(page.url, number)
        yield from _lists_within(page)
    yield from generic.next_pages(page)


def _lists_within(page: Page) -> Iterator[str]:
    org, query = _org(page.url), _query(page.url)
    if query.get("type") != _REPORTS or query.get("action") == "list":
        return
    quoted = [absolute(page.url, text) for text in _QUOTED.findall(html.unescape(page.text)) if "catId=" in text]
    wanted = [url for url in dict.fromkeys(quoted) if _org(url) == org and _is_list_of_reports(url)]
    yield from wanted[:_MOST_LISTS]


def _is_list_of_reports(url: str) -> bool:
    query = _query(url)
    return query.get("action") == "list" and bool(query.get("catId")) and query.get("type", _REPORTS) == _REPORTS


def _org(url: str) -> str:
    match = _COLUMN.search(url)
    return match[1] if match else ""


def _query(url: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    except ValueError:
        return {}


def _number(url: str) -> int:
    stated = _query(url).get("pageIndex", "1")
    return int(stated) if re.fullmatch(r"[0-9]{1,6}", stated) else 1


def _numbered(url: str, number: int) -> str:
    query = {name: value for name, value in _query(url).items() if name != "pageIndex"}
    return url.split("?", 1)[0] + "?" + urlencode({**query, "pageIndex": number}, errors="replace")


def detail(page: Page) -> Detail:
    """What the article, or the year of a column, states and links to."""
    found = generic.detail(page)
    return replace(found, publisher=found.publisher or xxgk.agency(page))
