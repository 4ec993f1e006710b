"""Columns below the column of yearly reports: sites of any system sort them by year and by kind of agency.

1. The yearly column has years, a year groups (部门, 乡镇街道, 县区), a group agencies: three or four levels::

    <a href="./2023n/">2023年</a>   <a href="./2023n/xzjd/">乡镇街道</a>   <a href="./2023n/xzjd/bsz/">白石镇</a>

2. What lies below the column's own directory and is a list by its address is walked too. Hanweb and Ucap number their
   columns without nesting them (``/col/col58265/index.html``, ``/bs/c100209/list.shtml``), so do Hebei
   (``/columns/<uuid>/index.html``) and Shandong (``/channel_<id>/``); or one has a year's list beside
   the other's (``/bs/xxgknb2023n/gknb.shtml``): there a link that is called a year or a group is walked.
3. What a column of yearly reports lists under its own address is followed though it is called by the agency alone::

    <li><a href="./202401/t20240120_5521.html">白石镇</a></li>   /col/col5/ lists /art/2024/1/20/art_5_77.html

   Where a system's addresses do not nest, the column's number stands in both: Hanweb's, LonSun's org, and for 博达 the
   one that the list's counter names.
4. LonSun has one column of yearly reports an agency, side by side: from one of them the others are walked. In
   Xxgk/Openness an agency's lists lead to its own column of yearly reports.
5. A menu's link to the column itself, or to that of a whole county, is no report though it is called 年报.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.families.page import Entry, Page, records, same_host, written
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_INDEX = re.compile(r"index\.(?:s?html?|jhtml|jsp)$")
_LIST = re.compile(
    r"/(?:(?:\w*_)?(?:list|lby)\w*\.s?html?|(?:index\.(?:s?html?|jhtml|jsp))?)$|/col/col\d+(?:/|$)"
    r"|/(?:\w*_)?(?:gknb|nb)\w*\.shtml$"  # Ucap names a list by its template
    r"|/channel/list/\d+\.html$|/zwgklist-[\w-]+\.html$|/class/[A-Z]{8}$|/xxgkAnnualReport\.jsp$"
    r"|/(?:[A-Za-z][A-Za-z_-]*\d{0,3}|[A-Za-z]*20\d{2}[A-Za-z]*)\.htm$"  # 博达 by its path; its articles by numbers
)
# LonSun and 博达 tell it by parameters; Xxgk/Openness numbers the first page too.
_NUMBERED_LIST = re.compile(
    r"/(?:public|content)/column/\d+(?:$|\?)|[?&]urltype=tree\.TreeTempUrl(?:&|$)"
    r"|/showList/(?:[\w-]+/)*(?:page_1\.html|[\w-]+)?(?:$|\?)|/(?:[Xx]xgk|[Oo]penness)AnnualReport/?(?:$|\?)"
)
_REPORT_OR_FURTHER_PAGE = re.compile(
    r"[?&](?:hasContent=|timeFrame=|action=detail|pageIndex=(?!1(?:&|$))|PAGENUM=(?!1(?:&|$)))"
)
_NUMBERED = re.compile(
    r"/col/col\d+/|/[cC]\d{5,}[a-z]*/|[?&]wbtreeid=\d+"
    r"|/columns/[0-9a-f-]{36}/|/channel_[\w.]+/|/channel/list/\d|/class/[A-Z]{8}$"
)
_ORG_REPORTS = re.compile(r"/public/column/\d+\?(?:.*&)?type=3(?:&|$)")
_AGENCY = re.compile(r"/showList/(\w+)")
_AGENCY_REPORTS = re.compile(r"/(?:Xxgk|Openness)AnnualReport/showList/(\w+)")
_MENU_STATE = re.compile(r"&(?:nav|sub)=\w*")  # which of LonSun's menus is open: assumed to say nothing of the list
_PAGER = re.compile(r"_\d+\.(?:s?html?|jhtml)$")
_ANNUAL_ALIAS = re.compile(
    r"/[a-z_]*(?:gknb|xxgknb|ndbg|nianbao|zfnb|gzndbg)[a-z_]*\d{0,4}n?(?:/|\.|$)|/nb/", re.IGNORECASE
)
_OTHER_REPORTS = re.compile(r"网站.{0,6}年|法治|统计年|决算|预算|绩效|企业年报|财务年|质量年报")
_ANNUAL_NAME = re.compile(r"年报|年度报告")
_ARTICLE_SHAPE = re.compile(
    r"(?:\d{4,}|[0-9a-fA-F]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-)[^/]*$|/art_\d+_\d+\.html$|/c\d+/content\.html$"
    r"|/info/\d+/\d+\.htm$|/post_\d+\.html$"
)
_COUNTER = re.compile(r"\b_jsq_\(\s*(\d+)\s*,")
# A list's own number in its address, and the same number in an article's.
_COLUMN_IDS = (
    (re.compile(r"(?:/col/col|[?&]columnid=)(\d+)"), re.compile(r"/art_(\d+)_\d+\.html$")),
    (re.compile(r"/public/column/(\d+)"), re.compile(r"/public/(\d+)/\d+\.html$")),
)
_COUNTED_ARTICLE = re.compile(r"/info/(\d+)/\d+\.htm$")
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
    if _NUMBERED_LIST.search(url):
        return not _REPORT_OR_FURTHER_PAGE.search(url)
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
    query = f"?{_MENU_STATE.sub('', parts.query)}" if parts.query else ""
    return parts.netloc.lower().removeprefix("www.") + _INDEX.sub("", parts.path or "/") + query


def sub_columns(page: Page, start_url: str) -> Iterator[str]:
    """The addresses of lists on this page that belong to the column that begins at ``start_url``, in page order.

    A year's list may stand anywhere, under whatever name its maker gave it in that year.
    """
    annual = is_annual(page)
    for url, text, _ in page.anchors():
        if not same_host(url, start_url) or not is_list(url) or list_key(url) == list_key(page.url):
            continue
        beside = bool(_NUMBERED.search(url)) or _template(url) == _template(start_url) != ""
        same_template = _template(start_url) in ("", _template(url))
        of_a_year = annual and same_template and bool(_YEAR.fullmatch("".join(text.split())))
        if is_below(url, start_url) or of_a_year or (beside and is_group_name(text)):
            yield url


def own_articles(page: Page, *, annual: bool = False) -> Iterator[Entry]:
    """What a column of yearly reports lists under its own address, rows inside scripts included.

    ``annual``: the column is known to be one, though this page of it does not say so (an endpoint's answer).
    """
    if annual or is_annual(page):
        rows = page.with_text("".join(records(page.text)) + written(page).text)
        for url, text, date in dict.fromkeys((*page.anchors(), *rows.anchors())):
            if text and not is_list(url) and _ARTICLE_SHAPE.search(_path(url)) and _is_own(url, page):
                yield Entry(url, text, date)


def is_annual(page: Page) -> bool:
    """Whether a list is one of yearly reports by its address or by the names in its page tags (国办发〔2017〕47号)."""
    named = " ".join(
        element.get("content") or ""
        for element in page.root.iter("meta")
        if (element.get("name") or "").lower() in ("columnname", "columntype")
    )
    title = page.root.findtext(".//title") or ""
    by_address = is_annual_address(page.url) or _ORG_REPORTS.search(page.url)
    return bool(by_address or _ANNUAL_NAME.search(named + title))


def is_annual_address(url: str) -> bool:
    """Whether a list's address has the usual name of a column of yearly reports.

    The name of a Ucap list is that of its template, which a site may use for its news too.

    >>> is_annual_address("http://x.example/zwgk/zfxxgknb/"), is_annual_address("http://x.example/xw/")
    (True, False)
    """
    folder, _, name = _path(url).rpartition("/")
    return bool(_ANNUAL_ALIAS.search(folder + "/" if name.endswith(".shtml") else _path(url)))


def is_of_other_reports(page: Page) -> bool:
    """Whether a column's own name says that its yearly reports are others: of the site, the rule of law, accounts."""
    named = [element.get("content") or "" for element in page.root.iter("meta") if _is_column_name_tag(element)]
    title = (page.root.findtext(".//title") or "").split("_")[0].split("-")[0]
    return any(_OTHER_REPORTS.search(name) and "信息公开" not in name for name in (*named, title))


def _is_column_name_tag(element: HtmlElement) -> bool:
    return (element.get("name") or "").lower() == "columnname"


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _is_own(url: str, page: Page) -> bool:
    if not same_host(url, page.url):
        return False
    for of_list, of_article in _COLUMN_IDS:
        column, article = of_list.search(page.url), of_article.search(url)
        if column and article:
            return column[1] == article[1]
    counted = _COUNTED_ARTICLE.search(url)
    if counted and counted[1] in _COUNTER.findall(page.text):
        return True
    top = _path(page.url).rpartition("/")[0] + "/"
    return top != "/" and _path(url).startswith(top)


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
    """Whether an address lies in a directory below that of the column; a site's root is no column.

    Where agencies have numbers and no directories: whether it is an agency's column of yearly reports.
    """
    if list_key(url) == list_key(start_url):
        return False
    if _ORG_REPORTS.search(url) and _ORG_REPORTS.search(start_url):
        return True
    reports, agency = _AGENCY_REPORTS.search(url), _AGENCY.search(start_url)
    if reports and agency:
        return reports[1] == agency[1]
    own = _ENDING.sub("", _INDEX.sub("", urlsplit(start_url).path)).rstrip("/") + "/"
    return own != "/" and urlsplit(url).path.startswith(own)


def is_report_itself(page: Page) -> bool:
    """Whether a page has the headings of the form, so that links to other reports make no list of it.

    At an address that holds reports alone it is one, whatever its headings: those of before 2014 had others.
    """
    return judge("", page.url)[0] == "report" or sum(heading in page.text for heading in _REPORTS_OWN_HEADINGS) >= 3
