"""Xxgk/Openness (Anhui, some of Inner Mongolia): one system under two names; addresses are case-sensitive.

1. List: ``/XxgkContent/showList/<agency>/<category>/page_1.html`` (``OpennessContent``, ``BranchOpennessContent``), the
   category 0 being all that an agency has; below a directory at some sites (``/openness/OpennessContent/...``)::

    <li><a href="/XxgkAnnualReport/show/6587.html" title="…年度报告">…</a><span>2024-01-20</span></li>
    <a href="/OpennessAnnualReport/year/show/341/2022.html">2022年</a>

2. Pages: ``page_2.html``, ``page_3.html``: the number in the name, counted from 1. Where the page says how many there
   are, those; the pager's links too. Assumed and unproven: that it says so as 共N页 or in a script's ``totalPage``.
3. Detail: ``/XxgkAnnualReport/show/<n>.html``, ``/OpennessAnnualReport/show/<n>.html`` or
   ``/xxgkAnnualReport/detail/<24hex>.html``; ``.../year/show/<agency>/<year>.html`` is an agency's report of a year.
   These hold reports alone: links to them are followed though they are called by a year only (titles.py).
4. Publisher: ids run across all agencies of a host, so the breadcrumb tells whose report it is::

    网站首页 &gt; 政府信息公开 &gt; <a>砚池镇</a> &gt; 政府信息公开年报

   Assumed: that the separators are text. Where they are not, the page tag ContentSource is taken.
5. Attachments: plain links in ``.g-detailbox`` and in ``.m-file-download`` beside it (seen at one host of this system).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.families import generic
from crawler.families.columns import is_column_name, is_group_name
from crawler.families.page import breadcrumb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "xxgk"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ADDRESS = re.compile(
    r"/(?:Xxgk|(?:Branch)?Openness)(?:AnnualReport|Content)/(?:year/)?(?:show|showList|detail)/"
    r"|/(?:xxgk|openness)AnnualReport/(?:detail/[0-9a-f]{24}|\?branch_id=)"
)
_LIST = re.compile(r"^(?P<stem>.*/showList/(?:\w+/)*page_)(?P<number>\d{1,6})\.html")
_COUNT = re.compile(
    r"共\s*(?:<[^<>]{1,99}>\s*)?(\d{1,6})\s*(?:<[^<>]{1,99}>\s*)?页"
    r"|(?:totalPage|pageCount|countPage)s?[\"']?\s*[:=]\s*[\"']?(\d{1,6})"
)
_PLATFORM = re.compile(r"(?:网站)?首页|(?:政府|政务)?信息公开(?:目录|网|平台)?")
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the address, or a link of this host to such a one."""
    return bool(_ADDRESS.search(page.url) or page.leads_to(_ADDRESS))


def entries(page: Page) -> Iterator[Entry]:
    """Links with a telling text, and all to addresses that hold reports alone."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pages that the list counts, and its pager's links."""
    match, count = _LIST.match(page.url), _COUNT.search(page.text)
    if match and count:
        for number in range(1, min(int(count[1] or count[2]), _MOST_PAGES) + 1):
            if number != int(match["number"]):
                yield f"{match['stem']}{number}.html"
    yield from generic.next_pages(page)


def detail(page: Page) -> Detail:
    """What the report's page states; the publisher is the agency of its breadcrumb."""
    found = generic.detail(page)
    return replace(found, publisher=agency(page) or found.publisher)


def agency(page: Page) -> str:
    """The step before the column of yearly reports in the breadcrumb, unless it is one of the platform itself."""
    steps = breadcrumb(page)
    for step, following in itertools.pairwise(steps):
        if is_column_name(following) and not _PLATFORM.fullmatch(step) and not is_group_name(step):
            return step
    return ""
