"""TRS WCM: static directories, the most common system of county and provincial sites.

1. List: the directory above ``/YYYYMM/``: ``.../zfxxgknb/`` is its ``index.html`` (``index.htm``, ``index.shtml``);
   anchors carry ``title=``, dates stand beside them. Some sites draw the rows by script: they are read if they are
   written in whole pieces. Rows that a script takes from JSON are not seen: the spider says so at the start page::

    <script>document.writeln('<li><a href="./202401/t20240120_5521.html">白石镇2023年…</a></li>');</script>

2. Pages: ``index.html``, ``index_1.html``, ... counted from 0; how many there are is known only to a script, which may
   name another stem: ``index_<PAGEID>`` (MEE), ``index_pc`` (NDA). Old deep pages may be stubs of 300 to 400 bytes: a
   page without a link leads nowhere::

    <li><a href="./202401/t20240120_5521.html" title="白石镇2023年…年度报告">白石镇…</a><span>2024-01-20</span></li>
    <script>createPageHTML(3, 0, "index", "html");</script>
    <script>var countPage = 3; location.href = "index_pc_" + n + ".shtml";</script>

3. Detail: ``./YYYYMM/tYYYYMMDD_ID.html`` below the list, in Guangxi and 景德镇 ``tID.shtml`` beside it, in Shanghai
   ``YYYYMMDD/t0035_ID.html``; body ``.TRS_Editor`` and its relatives.
4. Attachments: ``./P0<serial>.pdf`` beside the article, plain anchors: resolve against the article.

Assumed: where the script states a count alone, pages end like the list itself, else in ``.html``. Unproven: MVA is said
to count from 1, where the last page is found only if the pager links it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.families import generic
from crawler.families.page import written
from crawler.families.pager import PAGER, counted_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "trs"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(
    r"/(?:\d{6}/t(?:\d{8}|0035)?_?\d+|t(?:(?:\d{8}|0035)_)?\d{5,})(?:_(?:wap|app|\d+))?\.s?html?(?:$|\?)"
)


def recognises(page: Page) -> bool:
    """By the article's address, the links of a list, or the pager's script."""
    return bool(
        _ARTICLE.search(page.url)
        or PAGER.search(page.text)
        or page.leads_to(_ARTICLE)
        or written(page).leads_to(_ARTICLE)
    )


def entries(page: Page) -> Iterator[Entry]:
    """The list's anchors with a telling text, in the markup and in what its scripts write."""
    yield from generic.entries(page)
    yield from generic.entries(written(page))


def next_pages(page: Page) -> Iterator[str]:
    """``index_1`` to the last page that the script counts; the pager's own links too. Of a stub, none."""
    if not any(page.anchors()) and not any(written(page).anchors()):
        return
    yield from dict.fromkeys((*counted_pages(page), *generic.next_pages(page)))


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
