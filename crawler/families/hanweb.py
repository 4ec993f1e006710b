"""Hanweb jpage: columns whose rows stand inside a script, article pages that name their column.

1. List: ``/col/col<C>/index.html``; its rows are CDATA in a data store, which an HTML parser does not see; at some
   sites they are plain anchors instead::

    <script type="text/xml"><datastore><totalrecord>40</totalrecord><totalpage>3</totalpage>
      <nextgroup><![CDATA[<a href="./dataproxy.jsp?page=1&columnid=9f8e…&unitid=77aa…"></a>]]></nextgroup>
      <recordset><record><![CDATA[
        <li><a href="/art/2024/1/20/art_5_77.html" title="…年度报告">…</a><span>2024-01-20</span></li>
      ]]></record></recordset></datastore></script>

2. Pages, three ways; a page offers one of them:

   a. its pager has ``index.html?uid=<unit>&pageNum=N``: so the pages up to the number of rows, else the next one;
   b. the store has a ``nextgroup`` with a link, often with an encrypted column: that address with ``page=N``, as many
      as the store counts. An answer may be empty (some 54 bytes): it leads nowhere;
   c. ``/module/web/jpage/dataproxy.jsp?startrecord=&endrecord=&perpage=`` with ``columnid``, ``unitid``, ``webid``
      copied from the column page; it answers such a data store.

3. Detail: ``/art/YYYY/M/D/art_<C>_<id>.html``; header table above the title. Pages of yearly reports that are linked
   from here (``hanweb_annual``) have one address whatever the order of their parameters.
4. Attachments: ``/module/download/downfile.jsp?classid=0&filename=<id>.docx``, redirected to ``/attach/0/<id>.docx``.

Unproven: whether the page that ``nextgroup`` names is this one or the next (all are asked for, and one that repeats
another adds nothing); a ``nextgroup`` without numbers of pages or rows leads to one page more at a time.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from crawler.families import generic, hanweb_annual
from crawler.families.page import Detail, Entry, Page, records
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "hanweb"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = "jpaas"
_ADDRESS = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html|/col/col\d+/|/module/(?:web/jpage|xxgk)/")
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[", re.IGNORECASE)
_TOTAL = re.compile(r"total_?record[\"']?\s*(?:[:=>]|&gt;)\s*[\"']?(\d{1,9})", re.IGNORECASE)
_PAGES = re.compile(r"<totalpage>\s*(\d{1,9})", re.IGNORECASE)
_NEXT_GROUP = re.compile(
    r"<nextgroup>\s*<!\[CDATA\[[^\]]{0,400}?href\s*=\s*[\"']([^\"'\]\s]{0,300}dataproxy\.jsp\?[^\"'\]\s]+)",
    re.IGNORECASE,
)
_BY_UNIT = re.compile(r"[?&](?:amp;)?uid=(\w+)&(?:amp;)?pageNum=")
_NUMBER = re.compile(r"([?&](?:page|pageNum)=)(\d+)")
_ARTICLE = re.compile(r"/art/\d{4}/")
_PARAMETERS = ("columnid", "unitid", "webid", "appid", "path", "webname", "sourceContentType", "permissiontype")
_PROXY = "/module/web/jpage/dataproxy.jsp"
_PER_PAGE = 100
_MOST_ROWS = 6000
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the address, or a data store in the page."""
    return bool(_ADDRESS.search(page.url) or ("<datastore>" in page.text and "<recordset>" in page.text))


def entries(page: Page) -> Iterator[Entry]:
    """The anchors of the data store's records, and those of the plain page (some sites have only these)."""
    for fragment in records(page.text):
        if "<a" in fragment:
            yield from _fragment_entries(fragment, page.url)
    for entry in generic.entries(page):
        yield replace(entry, url=hanweb_annual.in_order(entry.url))


def _fragment_entries(fragment: str, base: str) -> Iterator[Entry]:
    for url, text, date in Page(base, fragment).anchors():
        if judge(text, url)[0] != "unrelated":
            yield Entry(hanweb_annual.in_order(url), text, date)


def next_pages(page: Page) -> Iterator[str]:
    """The pages beyond this one in the way that the page offers; the pager's own links too."""
    if hanweb_annual.recognises(page):
        yield from hanweb_annual.next_pages(page)
        return
    if unit := _BY_UNIT.search(page.url + page.text):
        yield from _numbered(page, f"{page.url.partition('?')[0]}?uid={unit[1]}&pageNum=1")
    elif group := _NEXT_GROUP.search(page.text):
        yield from _numbered(page, _in_jpage(page.url, html.unescape(group[1])))
    elif _PROXY not in page.url:
        yield from _by_rows(page)
    yield from generic.next_pages(page)


def _in_jpage(base: str, address: str) -> str:
    """The proxy's address: a column page writes it as if it lay beside the proxy."""
    path, _, query = address.partition("?")
    asked = f"{path if '/module/' in path else _PROXY}?{query}"
    return urljoin(base, asked if _NUMBER.search(asked) else f"{asked}&page=1")


def _numbered(page: Page, first: str) -> Iterator[str]:
    """The pages after this one."""
    here = int(match[2][:6]) if (match := _NUMBER.search(page.url)) else 1
    for number in range(here + 1, min(_last(page, here), _MOST_PAGES) + 1):
        yield _NUMBER.sub(rf"\g<1>{number}", first, count=1)


def _last(page: Page, here: int) -> int:
    """How many pages there are; where nothing counts them, one more than this one if it has rows."""
    shown = len(_RECORD.findall(page.text))
    if pages := _PAGES.search(page.text):
        return int(pages[1]) if shown else 0
    if shown and (total := _TOTAL.search(page.text)):
        # The first page may hold more rows than the others, the last one fewer.
        return -(-int(total[1]) // shown) if here == 1 else here + (here * shown < int(total[1]))
    return here + (shown > 0 or page.leads_to(_ARTICLE))


def _by_rows(page: Page) -> Iterator[str]:
    """The proxy's pages beyond the rows that this page holds, if it states how many there are and how to ask."""
    total = _TOTAL.search(page.text)
    shown = len(_RECORD.findall(page.text))
    asked = {name: match[1] for name in _PARAMETERS if (match := _parameter(name).search(page.text))}
    if total and "columnid" in asked:
        for start in range(shown + 1, min(int(total[1]), _MOST_ROWS) + 1, _PER_PAGE):
            end = min(start + _PER_PAGE - 1, int(total[1]))
            query = {"startrecord": start, "endrecord": end, "perpage": _PER_PAGE, **asked}
            yield urljoin(page.url, f"{_PROXY}?{urlencode(query)}")


def _parameter(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{name}[\"']?\s*[:=]\s*[\"']?([\w/.-]+)", re.IGNORECASE)


def detail(page: Page) -> Detail:
    """What the article states and links to."""
    return generic.detail(page)
