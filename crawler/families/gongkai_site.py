"""Shandong's open-government sites: an agency's site, its channels, documents of 24 hexadecimal digits.

1. List: ``/gongkai/site_<site>/channel_<channel>/``, without ``site_`` for the county itself, at 聊城 without
   ``/gongkai/`` too; channels begin with ``channel_c_`` or ``channel_l_`` or have digits alone::

    <li><a href="/gongkai/site_baishizhen/channel_63899ecb375991828262e2a2/doc_641a60c40c770bba2a81ffc6.html"
      title="白石镇2023年…年度报告">白石镇…</a><span>2024-01-20</span></li>

2. Pages: as the pager links them. Where it links none, ``index_2.html``, ``index_3.html``, ... are tried as long as a
   page has documents of its own channel; the spider ends where a page repeats another.
3. Detail: ``doc_<24hex>.html`` below the channel.
4. Attachments: ``doc_<24hex>_<32hex>.pdf`` beside the document.

Unproven: the guess of further pages. Channels that a script draws (some of 淄博) have no rows in the markup: the spider
says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "gongkai_site"
GUESSES_PAGES = True
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(r"/channel_[\w.]+/doc_[0-9a-f]{24}\.html$")
_LIST = re.compile(r"^(?P<channel>[^?#]*/channel_[\w.]+/)(?:index(?:_(?P<number>\d{1,4}))?\.html)?$")
_ADDRESS = re.compile(r"/gongkai/(?:site_\w+/)?channel_[\w.]+/?|/channel_[a-z]_[\w.]+/")
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the address of a channel or a document, or the links of a list."""
    return bool(_ADDRESS.search(page.url) or _ARTICLE.search(page.url) or page.leads_to(_ARTICLE))


def entries(page: Page) -> Iterator[Entry]:
    """The channel's anchors with a telling text."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pager's links; where there is none, the following page of a channel that has documents."""
    linked = list(generic.next_pages(page))
    yield from linked
    match = _LIST.match(page.url)
    if match and not linked and page.leads_to(re.compile(re.escape(match["channel"]) + r"doc_[0-9a-f]{24}\.html")):
        number = int(match["number"] or 1) + 1
        if number <= _MOST_PAGES:
            yield f"{match['channel']}index_{number}.html"


def detail(page: Page) -> Detail:
    """What the document's page states and links to."""
    return generic.detail(page)
