"""JEECMS: everything ends in ``.jhtml``.

1. List: ``<column>/index.jhtml``, also as ``<column>/``; an agency's site may have a code for a column
   (``/D42Y/``)::

    <li><a href="/xzjd/2090357.jhtml" title="白石镇2023年…年度报告">白石镇…</a><span>2024-01-20</span></li>
    <div class="pager">共30条 每页20条 页次：1/2 <a onclick="location.href='index_2.jhtml'">下一页</a></div>

2. Pages: ``index_2.jhtml``, ``index_3.jhtml``, ... counted from 1. The last one is the highest that the pager names, in
   a link, a script or as 页次：1/N; where it names none, the next page is tried as long as a page has articles.
3. Detail: ``<column>/<id>.jhtml``.
4. Attachments: plain anchors, at some sites ``/attachment.jspx?cid=&i=``, told by the text of the link.

Assumed: the words of the pager, and that a list without them has a next page called so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "jeecms"
GUESSES_PAGES = True
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ADDRESS = re.compile(r"\.jhtml(?:\?|$)")
_ARTICLE = re.compile(r"/\d+\.jhtml$")
_LIST = re.compile(r"/(?:index(?:_(?P<number>\d{1,4}))?\.jhtml)?$")
_NAMED = re.compile(r"\bindex_(\d{1,4})\.jhtml")
_TURN = re.compile(r"(?:页次|页码|第)\s*[：:]?\s*\d{1,4}\s*/\s*(\d{1,4})")
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the ending of the address or of an article that it links to."""
    return bool(_ADDRESS.search(page.url) or page.leads_to(_ARTICLE))


def entries(page: Page) -> Iterator[Entry]:
    """The column's anchors with a telling text."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pages of the pager, or the following one of a list that has articles."""
    yield from dict.fromkeys((*_counted(page), *generic.next_pages(page)))


def _counted(page: Page) -> Iterator[str]:
    match = _LIST.search(urlsplit(page.url).path or "/")
    if match:
        here = int(match["number"] or 1)
        for number in range(2, min(_last(page, here), _MOST_PAGES) + 1):
            if number != here:
                yield urljoin(page.url, f"index_{number}.jhtml")


def _last(page: Page, here: int) -> int:
    named = [int(number) for form in (_NAMED, _TURN) for number in form.findall(page.text)]
    return max(named) if named else here + page.leads_to(_ARTICLE)


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
