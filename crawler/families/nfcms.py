"""NFCMS (Guangdong): static directories whose articles stand below ``content/``.

1. List: the directory above ``content/``: ``.../zfxxgknb/`` is its ``index.html``; the links are absolute::

    <li><a href="http://lanting.example/zwgk/zfxxgknb/content/post_5521.html" title="…年度报告">…</a>
      <span>2024-01-20</span></li>
    <a class="next" href="http://lanting.example/zwgk/zfxxgknb/index_2.html">下一页</a>

2. Pages: ``index_2.html``, ``index_3.html``, ... counted from 1 (assumed: some code, few sites). A pager's links are
   followed; only where there is none the next page is tried, as long as a page has articles. Its 404 is the end.
3. Detail: ``content/post_<id>.html``; ``mpost_<id>`` is the same page for telephones (twins.py). gkmlpt has
   ``content/<a>/<b>/post_<id>.html``, which is another system. Body ``.article-content``, ``.tyxxy_main`` or
   ``.news_cont_d_wrap``, the date at some sites as 信息提供日期.
4. Attachments: plain links in the body, and in ``.fjdown`` or ``.tyxxy_fj`` beside it; often on a storage host of the
   city, which is another host.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "nfcms"
GUESSES_PAGES = True
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(r"/content/m?post_\d+\.s?html?(?=$|[?#])")
_LIST = re.compile(r"^(?P<directory>[^?#]*/)(?:index(?:_(?P<number>\d{1,6}))?\.s?html?)?$")
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the article's address or the links of a list."""
    return bool(_ARTICLE.search(page.url)) or page.leads_to(_ARTICLE)


def entries(page: Page) -> Iterator[Entry]:
    """The list's anchors with a telling text."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pager's links; where there are none, the following page, if this one has articles."""
    linked = list(generic.next_pages(page))
    yield from linked
    match = _LIST.match(page.url)
    if not linked and match and page.leads_to(_ARTICLE):
        following = int(match["number"] or 1) + 1
        if following <= _MOST_PAGES:
            yield f"{match['directory']}index_{following}.html"


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
