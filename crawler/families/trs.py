"""TRS WCM: static directories, the most common system of county and provincial sites.

1. List: the directory above ``/YYYYMM/``: ``.../zfxxgknb/`` is its ``index.html``; anchors carry ``title=``, dates
   stand beside them.
2. Pages: ``index.html``, ``index_1.html``, ... counted from 0; how many there are is known only to a script::

    <li><a href="./202401/t20240120_5521.html" title="白石镇2023年…年度报告">白石镇…</a><span>2024-01-20</span></li>
    <script>createPageHTML(3, 0, "index", "html");</script>

3. Detail: ``./YYYYMM/tYYYYMMDD_ID.html`` below the list; body ``.TRS_Editor`` and its relatives.
4. Attachments: ``./P0<serial>.pdf`` beside the article, plain anchors: resolve against the article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "trs"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(r"/\d{6}/t(?:\d{8}|0035)?_?\d+(?:_(?:wap|app|\d+))?\.s?html?$")
_PAGER = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*\d+\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']")
_COUNT = re.compile(
    r"(?:(?:countPage|pageCount)\s*=|pagination_script_config[^;]{0,80}?\btotal[\"']?\s*[:=])\s*[\"']?(\d+)"
)
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the article's address, the links of a list, or the pager's script."""
    return bool(
        _ARTICLE.search(page.url)
        or _PAGER.search(page.text)
        or any(_ARTICLE.search(url) for url, _, _ in page.anchors())
    )


def entries(page: Page) -> Iterator[Entry]:
    """The list's anchors, those with a telling text on top of the article links."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """``index_1`` to the last page that the script counts; the pager's own links too."""
    count, name, ending = _pager(page.text)
    for number in range(1, min(count, _MOST_PAGES)):
        yield urljoin(page.url, f"{name}_{number}.{ending}")
    yield from generic.next_pages(page)


def _pager(text: str) -> tuple[int, str, str]:
    if match := _PAGER.search(text):
        return int(match[1]), match[2], match[3]
    if match := _COUNT.search(text):
        return int(match[1]), "index", "html"
    return 0, "index", "html"


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
