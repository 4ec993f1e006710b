"""Hebei's sites: columns and articles are both named by a UUID.

1. List: ``/columns/<uuid>/index.html``, at 石家庄 below ``/zfxxgk/``; columns do not nest by their addresses::

    <li><a href="/columns/0772e821-5733-421d-82e7-f545c5729b9e/202401/20/67eb2365-22bc-45b5-be58-199b9683883a.html"
      title="白石镇2023年…年度报告">白石镇…</a><span>2024-01-20</span></li>
    <script>load("/columns/0772e821-…/templates/2e3e81cf-…/blocks/c0704ccb-…?page=1&fix=0");</script>

2. Pages: a block of the column's template, ``/columns/<uuid>/templates/<uuid>/blocks/<uuid>?page=N&fix=0``, where the
   page's source names one: it is asked for from 1 on as long as an answer has articles. Else the pager's own links.
3. Detail: ``/columns/<uuid>/YYYYMM/DD/<uuid>.html``: the first UUID is that of its column.
4. Attachments: ``/attachments/1/YYYYMM/DD/<name>.pdf<stamp>.pdf?sid=<uuid>``, plain anchors.

Unproven: that blocks count from 1, and that the block of the list is named in the page of every site.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "hebei"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ARTICLE = re.compile(rf"/columns/{_UUID}/\d{{6}}/\d{{2}}/{_UUID}\.html$")
_COLUMN = re.compile(rf"/columns/{_UUID}(?:/|$)")
_BLOCK = re.compile(
    rf"(?:https?://[\w.:-]{{1,80}}|(?<=[\"'(=]))(?:/[\w-]{{1,40}}){{0,4}}/columns/{_UUID}/templates/{_UUID}/blocks/{_UUID}"
)
_NUMBER = re.compile(r"[?&]page=(\d{1,6})")
_MOST_BLOCKS = 4
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the address of a column or an article, or the links of a list."""
    return bool(_COLUMN.search(page.url) or page.leads_to(_ARTICLE))


def entries(page: Page) -> Iterator[Entry]:
    """The column's anchors with a telling text."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """Of a column, the first answer of each block that it names; of a block, the next as long as it has articles."""
    if block := _BLOCK.search(page.url):
        number = _NUMBER.search(page.url)
        if number and int(number[1]) < _MOST_PAGES and page.leads_to(_ARTICLE):
            yield urljoin(page.url, f"{block[0]}?page={int(number[1]) + 1}&fix=0")
        return
    if not _ARTICLE.search(page.url):
        for block in list(dict.fromkeys(_BLOCK.findall(html.unescape(page.text))))[:_MOST_BLOCKS]:
            yield urljoin(page.url, f"{block}?page=1&fix=0")
    yield from generic.next_pages(page)


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
