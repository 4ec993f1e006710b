"""Columns below the column of yearly reports: sites of any system sort them by year and by kind of agency.

1. The yearly column has years, a year groups (部门, 乡镇街道, 县区), a group agencies: three or four levels::

    <a href="./2023n/">2023年</a>   <a href="./2023n/xzjd/">乡镇街道</a>   <a href="./2023n/xzjd/bsz/">白石镇</a>

2. What lies below the column's own directory and is a list by its address is walked too. Hanweb and Ucap number their
   columns without nesting them (``/col/col58265/index.html``, ``/bs/c100209/list.shtml``), so do Hebei
   (``/columns/<uuid>/index.html``) and Shandong (``/channel_<id>/``); or one has a year's list beside
   the other's (``/bs/xxgknb2023n/gknb.shtml``): there a link that is called a year or a group is walked.
3. What a column of yearly reports lists under its own address is followed though it is called by the agency alone::

    <li><a href="./202401/t20240120_5521.html">白石镇</a></li>   /col/col5/ lists /art/2024/1/20/art_5_77.html

4. A menu's link to the column itself, or to that of a whole county, is no report though it is called 年报.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.families.page import Entry, Page, records, same_host, written
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDEX = re.compile(r"index\.(?:s?html?|jhtml|jsp)$")
_LIST = re.compile(
    r"/(?:(?:\w*_)?(?:list|lby)\w*\.s?html?|(?:index\.(?:s?html?|jhtml|jsp))?)$|/col/col\d+(?:/|$)"
    r"|/(?:\w*_)?(?:gknb|nb)\w*\.shtml$"  # Ucap names a list by its template
    r"|/channel/list/\d+\.html$|/zwgklist-[\w-]+\.html$|/class/[A-Z]{8}$|/xxgkAnnualReport\.jsp$"
)
_NUMBERED = re.compile(
    r"/col/col\d+/|/[cC]\d{5,}[a-z]*/|/columns/[0-9a-f-]{36}/|/channel_[\w.]+/|/channel/list/\d|/class/[A-Z]{8}$"
)
_PAGER = re.compile(r"_\d+\.(?:s?html?|jhtml)$")
_ANNUAL_ALIAS = re.compile(
    r"/[a-z_]*(?:gknb|xxgknb|ndbg|nianbao|zfnb|gzndbg)[a-z_]*\d{0,4}n?(?:/|\.|$)|/nb/", re.IGNORECASE
)
_ANNUAL_NAME = re.compile(r"年报|年度报告")
_ARTICLE_SHAPE = re.compile(
    r"(?:\d{4,}|[0-9a-fA-F]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-)[^/]*$|/art_\d+_\d+\.html$|/c\d+/content\.html$"
)
_COLUMN_ID = re.compile(r"(?:/col/col|[?&]columnid=)(\d+)")
_ARTICLE_COLUMN_ID = re.compile(r"/art_(\d+)_\d+\.html$")
_ENDING = re.compile(r"\.\w{2,5}$")
_REPORTS_OWN_HEADINGS = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请", "存在的主要问题")
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
_GROUP = re.compile(
    r"(?:[各省市县区旗州直属级和、及]*(?:部门|单位|机构|乡镇|街道|镇街|乡镇街道|县区|区县|县市区|县市|乡|镇))+"
)
_COLUMN = re.compile(
    r"(?:法定主动公开内容)?(?:[省市县区旗州]?政府|政务)?信息公开(?:工作)?(?:年报|年度报告)|年报|年度报告|政府年报"
)


def is_list(url: str) -> bool:
    """Whether an address is that of a list and no article's, by its form.

    >>> is_list("http://x.example/zfxxgknb/2023n/"), is_list("http://x.example/nb/202401/t20240120_5.html")
    (True, False)
    """
    path = _path(url)
    return bool(_LIST.search(path or "/")) and not _PAGER.search(path)


def is_column_name(title: str) -> bool:
    """Whether a title names the column itself and no agency's report.

    >>> is_column_name("政府信息公开年报"), is_column_name("白石镇2023年政府信息公开年报")
    (True, False)
    """
    return bool(_COLUMN.fullmatch("".join(title.split())))


def list_key(url: str) -> str:
    """One text for the ways to write a list's address: ``nb/`` and ``nb/index.html``, with and without www.

    >>> list_key("http://www.x.example/nb/index.html") == list_key("https://x.example/nb/")
    True
    """
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.lower().removeprefix("www.") + _INDEX.sub("", parts.path or "/") + query


def sub_columns(page: Page, start_url: str) -> Iterator[str]:
    """The addresses of lists on this page that belong to the column that begins at ``start_url``, in page order."""
    for url, text, _ in page.anchors():
        if not same_host(url, start_url) or not is_list(url) or list_key(url) == list_key(page.url):
            continue
        beside = bool(_NUMBERED.search(url)) or _template(url) == _template(start_url) != ""
        if is_below(url, start_url) or (beside and is_group_name(text)):
            yield url


def own_articles(page: Page, *, annual: bool = False) -> Iterator[Entry]:
    """What a column of yearly reports lists under its own address, rows inside scripts included.

    ``annual``: the column is known to be one, though this page of it does not say so (an endpoint's answer).
    """
    if annual or is_annual(page):
        rows = Page(page.url, "".join(records(page.text)) + written(page).text)
        for url, text, date in dict.fromkeys((*page.anchors(), *rows.anchors())):
            if text and not is_list(url) and _ARTICLE_SHAPE.search(_path(url)) and _is_own(url, page.url):
                yield Entry(url, text, date)


def is_annual(page: Page) -> bool:
    """Whether a list is one of yearly reports by its address or by the names in its page tags (国办发〔2017〕47号)."""
    named = " ".join(
        element.get("content") or ""
        for element in page.root.iter("meta")
        if (element.get("name") or "").lower() in ("columnname", "columntype")
    )
    title = page.root.findtext(".//title") or ""
    return bool(_ANNUAL_ALIAS.search(_path(page.url)) or _ANNUAL_NAME.search(named + title))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _is_own(url: str, list_url: str) -> bool:
    column, article = _COLUMN_ID.search(list_url), _ARTICLE_COLUMN_ID.search(url)
    if column and article:
        return column[1] == article[1] and same_host(url, list_url)
    top = _path(list_url).rpartition("/")[0] + "/"
    return top != "/" and same_host(url, list_url) and _path(url).startswith(top)


def _template(url: str) -> str:
    name = urlsplit(url).path.rpartition("/")[2]
    return "" if _INDEX.match(name) else name


def is_group_name(text: str) -> bool:
    """Whether a link is called a year or a kind of agency.

    >>> is_group_name("2023年"), is_group_name("乡镇街道"), is_group_name("县直部门"), is_group_name("白石镇")
    (True, True, True, False)
    """
    plain = "".join(text.split())
    return bool(_YEAR.fullmatch(plain) or _GROUP.fullmatch(plain))


def is_below(url: str, start_url: str) -> bool:
    """Whether an address lies in a directory below that of the column; a site's root is no column."""
    own = _ENDING.sub("", _INDEX.sub("", urlsplit(start_url).path)).rstrip("/") + "/"
    return own != "/" and urlsplit(url).path.startswith(own) and list_key(url) != list_key(start_url)


def is_report_itself(page: Page) -> bool:
    """Whether a page has the headings of the form, so that links to other reports make no list of it.

    At an address that holds reports alone it is one, whatever its headings: those of before 2014 had others.
    """
    return judge("", page.url)[0] == "report" or sum(heading in page.text for heading in _REPORTS_OWN_HEADINGS) >= 3
