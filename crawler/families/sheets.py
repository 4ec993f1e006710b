"""Sites that list as any other and differ in their addresses alone: a table of them, one row each.

1. A site is told by the address of an article, on the page or as a link to its own host, or by that of a list.
2. List and detail: as ``generic`` reads them: links whose text reads like a report's title, the standard's page tags::

    <li><a href="/c/2024-01-20/6650991.shtml">白石镇2023年…年度报告</a><span>2024-01-20</span></li>

3. Pages: the pager's own links. Where it has none and the row has a rule for further pages, that is tried as long as a
   page has articles.
4. ``list_of`` an article's address is the list that it belongs to, where the address tells.

A row's ``confidence`` is that of its addresses: ``high`` where they were seen at several sites and in programs that
collect them, ``medium`` for one of these. None of these sites was visited; where a script pages, further pages are
unknown and a list longer than one page is cut: a person has to look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.families import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Detail, Entry, Page

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MOST_PAGES = 200


@dataclass(frozen=True)
class Sheet:
    """One row: how its articles and lists are called.

    ``article``: a pattern for the end of an article's address; the group ``list`` is where its list's address ends.
    ``list_name``: what follows that group in the list's address. ``list_form``: a pattern for the address of a list
    that no article tells. ``further``: how the N-th page is called after the list's address, with ``{}`` for N.
    """

    NAME: str
    article: str
    note: str
    confidence: str = "medium"
    list_name: str = ""
    list_form: str = ""
    further: str = ""
    LISTS_ELSEWHERE: bool = False
    NAMES_COLUMNS: bool = False
    SUCCEEDED_BY: str = ""

    @property
    def GUESSES_PAGES(self) -> bool:  # noqa: N802  # named as the modules' constants are
        """Whether the page after the last is asked for."""
        return bool(self.further)

    @cached_property
    def _article(self) -> re.Pattern[str]:
        return re.compile(self.article + "$")

    @cached_property
    def _list(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.list_form})$" if self.list_form else r"(?!)")

    def recognises(self, page: Page) -> bool:
        """By the address of an article or a list, or a link to an article of the page's own site."""
        return bool(self._article.search(page.url) or self._list.search(page.url) or page.leads_to(self._article))

    def entries(self, page: Page) -> Iterator[Entry]:
        """Links with a telling text."""
        return generic.entries(page)

    def next_pages(self, page: Page) -> Iterator[str]:
        """The pager's links; where there is none, the page that the row's rule names, after one with articles."""
        linked = list(generic.next_pages(page))
        yield from linked
        if self.further and not linked and page.leads_to(self._article):
            head, tail = self.further.split("{}")
            turned = re.search(re.escape(head) + r"(\d{1,4})" + re.escape(tail) + "$", page.url)
            stem = page.url[: turned.start()] if turned else page.url
            number = int(turned[1]) + 1 if turned else 2
            if number <= _MOST_PAGES and self._list.search(stem):
                yield stem + self.further.format(number)

    def detail(self, page: Page) -> Detail:
        """What the article states and links to."""
        return generic.detail(page)

    def list_of(self, url: str) -> str:
        """The address of the list that an article belongs to; empty where its address does not tell."""
        match = self._article.search(url)
        if match is None or "list" not in match.re.groupindex:
            return ""
        return url[: match.end("list")] + self.list_name


SHEETS = (
    Sheet(
        "hebei_zwgkcontent",
        article=r"/zwgkcontent-\w+-\d+\.html",
        list_form=r"/zwgklist-[\w-]+\.html",
        note="雄县: cells that are empty vanish from the text of the tables; an article does not tell its list",
    ),
    Sheet(
        "hebei_channel",
        article=r"/content/[a-z][a-zA-Z]*/\d+\.html",
        list_form=r"/channel/list/\d+\.html",
        note="张家口: a list has a number, an article the column's alias, so that one does not tell the other",
    ),
    Sheet(
        "truecms",
        article=rf"(?P<list>/)content/{_UUID}\.html",
        note="海门, 连云, 启东, 通州: lists longer than a page come from an endpoint that is not known per site",
    ),
    Sheet(
        "changzhou",
        article=r"/gi_news/\d{4,}",
        list_form=r"/class/[A-Z]{8}",
        further="/{}",
        note="常州: addresses without an ending; a page beyond the last may show the news of the home page",
    ),
    Sheet(
        "shaanxi",
        article=r"(?P<list>(?<!/detail)/)(?:[0-9a-f]{24}|1\d{17,18})\.html",
        note="西安, 渭南, 杨凌: an ObjectId (8 digits of Unix time first) or a snowflake; a script pages lists",
    ),
    Sheet(
        "liaoning",
        article=r"/html/[A-Z]\w*/\d{6}/0\d{15}\.html",
        confidence="high",
        note="鞍山, 北票, 凌源: 0, the time in milliseconds, 2 digits; an article does not tell its list",
    ),
    Sheet(
        "timestamp_directory",
        article=r"(?P<list>/)(?:20\d{15,17}|[0-9a-f]{32})/index\.s?html?",
        note="昌图, 正蓝旗, 锡林浩特: an article is a directory, and looks like a list by its address",
    ),
    Sheet(
        "article_timestamp",
        article=r"/\d{4}-\d{2}/\d{2}/article_(?:\d{14,}|[0-9a-f]{32})\.html",
        note="兴安盟 and its banners: an article does not tell its list",
    ),
    Sheet(
        "hunan",
        article=r"(?P<list>/)\d{8}/i\d{5,}\.html",
        note="衡南, 耒阳, 荷塘: the day, then i and a number, below the list's directory",
    ),
    Sheet(
        "henan_sitesources",
        article=r"/sitesources/[^?#]*?(?P<list>/)article[0-9A-F]{32}\.html",
        note="周口: articles lie in the directory of their list",
    ),
    Sheet(
        "henan_portal",
        article=r"/portal/[^?#]*?(?P<list>/)webinfo/\d{4}/\d{2}/\d{16}\.htm",
        note="西平, 邓州: the list's own name below its directory is not known",
    ),
    Sheet(
        "henan_contents",
        article=r"/contents/\d+/\d+\.html",
        note="舞钢, 平顶山, 汝州, also 天津滨海: column and article by number; the list's form is not known",
    ),
    Sheet(
        "henan_articles",
        article=r"/html/site_gov/articles/\d{6}/\d+\.html",
        note="驻马店, old pages: an article does not tell its list",
    ),
    Sheet(
        "panzhihua",
        article=r"/zfxxgk\d?/zfxxgknb/(?:[\w-]+/)*?[\w-]+(?P<list>/)\d+\.shtml",
        list_name="index.shtml",
        confidence="high",
        note="攀枝花 and its districts: <area>/<kind>/<unit>/<id>, the list is index.shtml beside the article",
    ),
    Sheet(
        "kunming",
        article=r"/c/\d{4}-\d{2}-\d{2}/\d+\.shtml",
        note="昆明 and its districts: columns have aliases (/zfxxgkml/zfxxgkndbg/); an article does not tell its list",
    ),
    Sheet(
        "fujian",
        article=r"/cms/html/\w+/\d{4}-\d{2}-\d{2}/\d+\.html",
        confidence="high",
        note="南平 and its counties: an article does not tell its list",
    ),
    Sheet(
        "n_path",
        article=r"/n\d+(?:/n\d+)*(?P<list>/)c\d+/content\.html",
        list_name="index.html",
        note="audit.gov.cn, nia, sasac: numbered directories; every article is called content.html",
    ),
)
