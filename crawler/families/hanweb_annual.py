"""Hanweb's page of yearly reports: one address an agency and year, whose page shows that report.

1. Start: ``/module/xxgk/xxgkAnnualReport.jsp?area=<code>&fbtime=<year>``, parameters in any order: sorted, they are one
   address. The code has many forms (``11370883004326403Q``, ``001008003004073``, ``01251010-066``) and is no key: an
   agency's may carry the reports of the one before it.
2. Entries: the other years of the agency, called by the year alone, and other agencies' years::

    <ul><li><a href="?fbtime=2022&amp;area=11330001">2022年</a></li>
        <li><a href="xxgkAnnualReport.jsp?area=11330002">青溪乡</a></li></ul>
    <h2>白石镇人民政府2023年政府信息公开工作年度报告</h2>

3. Next pages: other agencies' pages that are linked without a year; they show the newest report and link the years.
4. Detail: the report itself. ``fbtime`` is the report's year at some sites and the year of publication at others: the
   year is read from the title alone.
5. Attachments: the same report as ``.pdf`` and ``.docx``.

Assumed and unproven: years and agencies are plain links (a site that offers them in a selection box shows one report),
and the title stands in a heading or in an element whose class or id speaks of a title.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.families import generic
from crawler.families.page import same_host
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "hanweb_annual"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ADDRESS = re.compile(r"/xxgkAnnualReport\.jsp(?:\?|$)", re.IGNORECASE)
_AREA = re.compile(r"[?&]area=[^&]", re.IGNORECASE)
_YEAR = re.compile(r"[?&]fbtime=", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4")
_MOST_AREAS = 300


def recognises(page: Page) -> bool:
    """By the address alone: a column that links such pages is not one."""
    return bool(_ADDRESS.search(page.url))


def entries(page: Page) -> Iterator[Entry]:
    """The other years' pages, each under one address, and what else reads like a report."""
    for entry in generic.entries(page):
        if in_order(entry.url) != in_order(page.url):
            yield replace(entry, url=in_order(entry.url))


def in_order(url: str) -> str:
    """An annual page's address with its parameters sorted: one page, one address.

    >>> in_order("http://x.example/module/xxgk/xxgkAnnualReport.jsp?fbtime=2023&area=11")
    'http://x.example/module/xxgk/xxgkAnnualReport.jsp?area=11&fbtime=2023'
    """
    if not _ADDRESS.search(url):
        return url
    path, mark, query = url.partition("?")
    return path + mark + "&".join(sorted(query.split("&")))


def next_pages(page: Page) -> Iterator[str]:
    """Agencies' pages that are linked without a year, in page order."""
    areas = (
        in_order(url)
        for url, _, _ in page.anchors()
        if _ADDRESS.search(url) and _AREA.search(url) and not _YEAR.search(url) and same_host(url, page.url)
    )
    yield from [url for url in dict.fromkeys(areas) if url != in_order(page.url)][:_MOST_AREAS]


def detail(page: Page) -> Detail:
    """The report's own title where the page's tags have none, and its copies as documents."""
    found = generic.detail(page)
    if judge(found.title)[0] == "report":
        return found
    return replace(found, title=next(_titles(page), found.title))


def _titles(page: Page) -> Iterator[str]:
    for element in page.root.iter(*_HEADINGS, "div", "p", "td", "span"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if element.tag in _HEADINGS or "title" in named:
            text = " ".join(element.text_content().split())
            if len(text) <= 120 and judge(text)[0] == "report":
                yield text
