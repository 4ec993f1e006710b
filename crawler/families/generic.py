"""Sites of no known family, and what all families share: links of the same host whose text names a report.

1. List: any page; its entries are links whose text reads like a report's title or one of its kind.
2. Next pages: links called 下一页, 下页, 尾页, or a page number inside a pager; else those that its script counts.
3. Detail: title, date and publisher from the standard's page tags or the visible line; attachments by ending::

    <ul class="list"><li><a href="/news/88.html">白石镇2023年…年度报告</a><span>2024-01-20</span></li></ul>
    <div class="pager"><a href="list_2.html">下一页</a></div>
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.families.page import Detail, Entry, Page, detail_of, same_host
from crawler.families.pager import counted_pages
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "generic"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_NEXT = re.compile(r"^(?:下一?页|下页|后一?页|尾页|末页|next|>|›|»|>>)$", re.IGNORECASE)
_NUMBER = re.compile(r"^\d{1,3}$")


def recognises(page: Page) -> bool:  # noqa: ARG001  # the last resort takes every page
    """Always."""
    return True


def entries(page: Page) -> Iterator[Entry]:
    """Links whose text has to do with reports; what is no report among them is judged by its title."""
    for url, text, date in page.anchors():
        if (judge(text)[0] != "unrelated" and len(text) >= 8) or judge("", url)[0] == "report":
            yield Entry(url, text, date)


def next_pages(page: Page) -> Iterator[str]:
    """Links of the pager that stay on this host; where there is none, the pages that its script counts."""
    linked = dict.fromkeys(url for url, text, _ in page.anchors() if _NEXT.match(text) or _NUMBER.match(text))
    found = [url for url in linked if same_host(url, page.url) and url != page.url]
    yield from found or counted_pages(page)


def detail(page: Page) -> Detail:
    """What the landing page states and links to."""
    return detail_of(page)
