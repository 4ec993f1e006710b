"""Ucap: lists named by their template, article pages of 32 hexadecimal digits.

1. List: ``/<site>/<column>/<template>.shtml`` such as ``list.shtml``, ``zfxxgk_list.shtml``; the bare directory is 404.
2. Pages: ``<template>_2.shtml``, ``_3``, ... counted from 1. Where the page states how many there are, those; else the
   next one is tried as long as a page has articles (and, for the spider, links not seen before)::

    <a href="/yunxi/c100001/202401/0123456789abcdef0123456789abcdef.shtml" title="…年度报告">…</a>
    <script>createPageHTML('page_div', 3, 1, 'list', 'shtml', 40);</script>

3. Detail: ``/<site>/<column>/YYYYMM/<32hex>.shtml`` or ``c01_N.shtml``; body ``#UCAP-CONTENT``; header table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "ucap"
GUESSES_PAGES = True
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(r"/(?:\d{6}|\d{4}/\d{1,2}/\d{1,2})/(?:[0-9a-f]{32}|c0[1345]_\d+)\.shtml$")
_LIST = re.compile(r"^(?P<stem>.*/[A-Za-z]\w*?)(?:_(?P<number>\d+))?\.shtml$")
_COUNT = re.compile(
    r"createPageHTML\(\s*[\"'][\w-]+[\"']\s*,\s*(\d+)|(?:totalPage|pageCount|countPage)[\"']?\s*[:=]\s*[\"']?(\d+)"
)
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the article's address or the links of a list."""
    return bool(_ARTICLE.search(page.url) or any(_ARTICLE.search(url) for url, _, _ in page.anchors()))


def entries(page: Page) -> Iterator[Entry]:
    """The list's anchors with a telling text."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pages that this one counts; else the following one, if this one has articles."""
    match = _LIST.match(page.url)
    if match is None or _ARTICLE.search(page.url):
        return
    count = _COUNT.search(page.text)
    here = int(match["number"] or 1)
    last = int(count[1] or count[2]) if count else here + _has_articles(page)
    for number in range(2, min(last, _MOST_PAGES) + 1):
        if number != here:
            yield f"{match['stem']}_{number}.shtml"
    yield from generic.next_pages(page)


def _has_articles(page: Page) -> bool:
    """Of any kind: in a column of notices a page without reports is not the last one."""
    return any(_ARTICLE.search(url) for url, _, _ in page.anchors())


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
