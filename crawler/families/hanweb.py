"""Hanweb jpage: columns whose rows stand inside a script, article pages that name their column.

1. List: ``/col/col<C>/index.html``; its rows are CDATA in a data store, which an HTML parser does not see::

    <script type="text/xml"><datastore><totalrecord>40</totalrecord><recordset><record><![CDATA[
      <li><a href="/art/2024/1/20/art_5_77.html" title="…年度报告">…</a><span>2024-01-20</span></li>
    ]]></record></recordset></datastore></script>

2. Pages: ``/module/web/jpage/dataproxy.jsp?startrecord=&endrecord=&perpage=`` with ``columnid``, ``unitid``, ``webid``
   copied from the column page; it answers such a data store.
3. Detail: ``/art/YYYY/M/D/art_<C>_<id>.html``; header table above the title.
   Some sites have one page an agency and year instead, linked by the year alone and in any order of its parameters:
   ``/module/xxgk/xxgkAnnualReport.jsp?area=<code>&fbtime=<year>``.
4. Attachments: ``/module/download/downfile.jsp?classid=0&filename=<id>.docx``, redirected to ``/attach/0/<id>.docx``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from crawler.families import generic
from crawler.families.page import Detail, Entry, Page
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "hanweb"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = "jpaas"
_ADDRESS = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html|/col/col\d+/|/module/(?:web/jpage|xxgk)/")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TOTAL = re.compile(r"total_?record[\"']?\s*(?:[:=>]|&gt;)\s*[\"']?(\d+)", re.IGNORECASE)
_PARAMETERS = ("columnid", "unitid", "webid", "appid", "path", "webname", "sourceContentType", "permissiontype")
_PROXY = "/module/web/jpage/dataproxy.jsp"
_PER_PAGE = 100
_MOST_ROWS = 6000


def recognises(page: Page) -> bool:
    """By the address, or a data store in the page."""
    return bool(_ADDRESS.search(page.url) or ("<datastore>" in page.text and "<recordset>" in page.text))


def entries(page: Page) -> Iterator[Entry]:
    """The anchors of the data store's records, and those of the plain page (some sites have only these)."""
    for fragment in _CDATA.findall(page.text):
        if "<a" in fragment:
            yield from _fragment_entries(fragment, page.url)
    for entry in generic.entries(page):
        yield replace(entry, url=_in_order(entry.url))


def _in_order(url: str) -> str:
    """An annual page's address with its parameters sorted: one page, one address."""
    if "/xxgkAnnualReport.jsp" not in url:
        return url
    parts = urlsplit(url)
    return parts._replace(query="&".join(sorted(parts.query.split("&")))).geturl()


def _fragment_entries(fragment: str, base: str) -> Iterator[Entry]:
    for url, text, date in Page(base, fragment).anchors():
        if judge(text)[0] != "unrelated":
            yield Entry(url, text, date)


def next_pages(page: Page) -> Iterator[str]:
    """The proxy's pages beyond the rows that this page holds, if it states how many there are and how to ask."""
    total = _TOTAL.search(page.text)
    shown = len(_CDATA.findall(page.text))
    asked = {name: match[1] for name in _PARAMETERS if (match := _parameter(name).search(page.text))}
    if total and "columnid" in asked and _PROXY not in page.url:
        for start in range(shown + 1, min(int(total[1]), _MOST_ROWS) + 1, _PER_PAGE):
            end = min(start + _PER_PAGE - 1, int(total[1]))
            query = {"startrecord": start, "endrecord": end, "perpage": _PER_PAGE, **asked}
            yield urljoin(page.url, f"{_PROXY}?{urlencode(query)}")
    yield from generic.next_pages(page)


def _parameter(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{name}[\"']?\s*[:=]\s*[\"']?([\w/.-]+)", re.IGNORECASE)


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
