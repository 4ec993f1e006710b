"""博达 webplus (VSB SiteBuilder): columns named by path, articles by two numbers, attachments by a program.

1. List: ``<name>.htm``, its sub-columns ``<name>/<sub>.htm``. Each page names its column in a counter::

    <script>_jsq_(1023,'/list.jsp',-1,1358721784)</script>
    <li><a href="../info/1023/5521.htm" title="…年度报告">…</a><span>2024-01-20</span></li>
    <span class="p_next p_fun"><a href="zfxxgknb/3.htm">下页</a></span>

   Assumed and unproven for government sites: that the counter's first number is the column of its articles; with it a
   yearly column's articles are taken that are called by the agency alone (columns.own_articles).
2. Pages: ``<name>/<N>.htm`` counted *down*: the second page of four is 3. So only the pager's links are followed, and
   none is made up. A column may also answer as ``list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1023&PAGENUM=2``.
3. Detail: ``/info/<column>/<id>.htm``, or ``?urltype=news.NewsContentUrl&wbtreeid=<column>&wbnewsid=<id>`` of some
   ``.jsp``, the same page (twins.py). Body ``#vsb_content``, ``#vsb_content_2``, ``.v_news_content``.
4. Attachments: below the body, by a program whose address has no ending; the link's text has the file's name::

    <li>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2">年报.docx</a>】

   Some hosts answer a small page unless the article is named as Referer, which Scrapy does by default; others ask for a
   captcha (``codeValue``). A page in place of a document is recorded as a failure by the spider.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

NAME = "webplus"
GUESSES_PAGES = False
NAMES_COLUMNS = False
LISTS_ELSEWHERE = False
SUCCEEDED_BY = ""
_ARTICLE = re.compile(r"/info/\d+/\d+\.htm(?=$|[?#])|[?&]urltype=news\.NewsContentUrl&")
_MARKS = re.compile(r"\bid=[\"']?vsb_content|\b_jsq_\(\d|/_vsl/[0-9A-F]{32}/|urltype=news\.DownloadAttachUrl")
_DOWNLOAD = re.compile(r"/download\.jsp\?(?:[^#]*&)?urltype=news\.DownloadAttachUrl(?:&|$)")


def recognises(page: Page) -> bool:
    """By the article's address, the links of a list, or the marks that the system leaves in any page."""
    return bool(_ARTICLE.search(page.url) or _MARKS.search(page.text) or page.leads_to(_ARTICLE))


def entries(page: Page) -> Iterator[Entry]:
    """The list's anchors with a telling text."""
    return generic.entries(page)


def next_pages(page: Page) -> Iterator[str]:
    """The pager's links alone: which number comes next only the site knows."""
    return generic.next_pages(page)


def detail(page: Page) -> Detail:
    """What the article states and links to; downloads count whatever their link is called."""
    found = generic.detail(page)
    downloads = [url for url, _, _ in page.anchors() if _DOWNLOAD.search(url)]
    return replace(found, attachments=tuple(dict.fromkeys((*found.attachments, *downloads))))
