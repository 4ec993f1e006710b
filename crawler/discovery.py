"""From any page of a site to its columns of yearly reports: which links are worth asking for, and in which order.

Nobody lists where the columns are. What helps, best first:

1. A link that is called 年报 or whose address has the column's usual name (``zfxxgknb``, ``gknb``): most likely it.
2. A notice that says which units published (公布情况): it links their reports.
3. The way there: 法定主动公开内容, 政府信息公开, 政务公开; frames of such pages.
4. Within the pages of open government: departments, townships, kinds of agency, which have columns of their own.
5. Where all that led to no report: whatever else these pages link that is a list and no article.

The score of a link is its place in the queue (higher first); 0 is never asked for. Pure: no request is made here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.families import columns
from crawler.families.page import ATTACHMENT, absolute, same_host
from crawler.families.sheets import SHEETS
from crawler.families.titles import judge
from crawler.families.twins import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Entry, Page

LAST_RESORT = 20
"""Links of a lower score are only asked for while no report was found."""
_DEEPEST = 6
_MOST_OF_A_PAGE = 400
_LONGEST_NAME, _SHORT_NAME = 30, 8

_HOME = re.compile(r"/?(?:index\.(?:s?html?|jsp|php|aspx))?", re.IGNORECASE)
_OTHER_YEARLY = re.compile(
    r"网站|法治|统计|决算|预算|财政|绩效|企业|上市|质量|教育经费|部门年报表|环境|社会责任|工作总结"
)
_YEARLY = re.compile(r"年报|年度|报告|报表|公报|决算|预算")
_OF_INFORMATION = re.compile(r"信息公开|政务公开")
_ANNUAL = re.compile(r"年报|年度报告|年度工作报告")
_PUBLISHED_BY = re.compile(
    r"(?:年报|年度报告|年度工作报告).{0,10}(?:公布|发布|公开|编制|报送)(?:情况|汇总|目录|一览)|(?:年报|年度报告)(?:汇总|汇编|专栏|专题)"
)
_STATUTORY = re.compile(r"法定主动公开|主动公开内容|法定公开")
_OPEN_GOVERNMENT = re.compile(r"信息公开|政务公开|政府公开|公开平台|公开目录|公开专栏|公开专题|信息公开网")
_LEADS_NOWHERE = re.compile(
    r"指南|制度|依申请|申请公开|意见箱|监督(?!管理)|登录|注册|投诉|咨询|信箱|解读|办事|招标|采购|招聘"
)
_KINDS = re.compile(
    r"(?:部门|单位|机构|镇街|乡镇|街道|县区|区县|县市|市州|直属|派出|垂直|基层|各镇|各乡|园区|开发区|功能区)"
)
_AGENCY = re.compile(
    r"(?:政府|办公室|委员会|管委会|管理委|[局委办厅院部]|中心|支队|大队|队|办事处|[镇乡县区市旗]|街道|苏木|农场|林场|兵团|所)(?:机关)?$"
)
_REALM = re.compile(r"zwgk|xxgk|gkml|gknr|zfxx|gkpt|openness|zhengwu|/public/|/gk/|/zfgk|zwdt/gk", re.IGNORECASE)
_SESSION = re.compile(r"(?:jsessionid|phpsessid|sessionid|sid|token|timestamp|_t|rand)=", re.IGNORECASE)
_ARTICLE_ID = re.compile(r"[?&](?:id|\w*(?:article|news|info|doc|content)_?id)=\w", re.IGNORECASE)
_ARTICLE = re.compile(r"\d{5,}[^/]*$|/(?:art|article|content|post|doc|t)_[^/]*$|[0-9a-f]{24,}[^/]*$")
_LISTS_OF = (
    (re.compile(r"^(.*/)\d{6}/t[\d_]+[^/]*$"), r"\1"),  # TRS
    (re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_(\d+)_\d+\.html$"), r"/col/col\1/index.html"),  # Hanweb jpage
    (re.compile(r"^(.*/)art/\d{4}/art_\w+\.html$"), r"\1index.html"),  # JPaaS
    (re.compile(r"^(.*/)content/m?post_\d+\.html$"), r"\1"),  # NFCMS
    (re.compile(r"/public/(\d+)/\d+\.html$"), r"/public/column/\1?type=3"),  # LonSun
)
_SHELL = re.compile(
    r"location(?:\.href)?\s*=\s*[\"']([^\"'\s]{1,300})[\"']|location\.replace\([\"']([^\"'\s]{1,300})[\"']\)"
)
_SHELL_SIZE = 3000


@dataclass(frozen=True)
class Lead:
    """A link that may lead to a column of yearly reports. ``score``: its place in the queue, higher first."""

    url: str
    text: str
    score: int


def is_home(url: str) -> bool:
    """Whether an address is that of a site's home page.

    >>> is_home("http://x.example"), is_home("http://x.example/index.html"), is_home("http://x.example/zwgk/")
    (True, True, False)
    """
    parts = urlsplit(url)
    return bool(_HOME.fullmatch(parts.path)) and not parts.query


def leads(page: Page, *, score: int = 0, depth: int = 0) -> Iterator[Lead]:
    """What a page leads to, each address once with its best score; only links of the same host.

    ``score`` and ``depth`` are those of the link that led to this page: 0 for a home page.
    """
    if depth >= _DEEPEST:
        return
    inside = score >= LAST_RESORT or in_realm(page)
    best: dict[str, Lead] = {}
    for url, text in _links(page):
        if (
            not same_host(url, page.url)
            or ATTACHMENT.search(url)
            or columns.list_key(url) == columns.list_key(page.url)
        ):
            continue
        worth = score_of(text, url, inside=inside, home=depth == 0)
        key = canonical(url)
        if worth and (key not in best or best[key].score < worth):
            best[key] = Lead(url, text, worth)
    yield from sorted(best.values(), key=lambda lead: -lead.score)[:_MOST_OF_A_PAGE]


def _links(page: Page) -> Iterator[tuple[str, str]]:
    """Links, frames (called what the page is called: they are a part of it), areas, and where a tiny shell points."""
    for url, text, _ in page.anchors():
        yield url, text
    title = page.root.findtext(".//title") or ""
    for element in page.root.iter("iframe", "frame"):
        if address := (element.get("src") or "").strip():
            yield absolute(page.base, address), title
    for element in page.root.iter("area"):
        if address := (element.get("href") or "").strip():
            yield absolute(page.base, address), element.get("alt") or element.get("title") or ""
    if shell := shell_target(page):
        yield shell, "政府信息公开"


def shell_target(page: Page) -> str:
    """Where the script of a tiny page without links sends every visitor; empty if it is none or computes it."""
    if len(page.text) > _SHELL_SIZE or any(True for _ in page.anchors()):
        return ""
    found = {one or other for one, other in _SHELL.findall(page.text)}
    return absolute(page.base, found.pop()) if len(found) == 1 else ""


def score_of(text: str, url: str, *, inside: bool, home: bool = False) -> int:
    """How likely a link leads to a column of yearly reports.

    ``inside``: it stands on a page of open government; ``home``: on the home page, whose menu leads everywhere.

    >>> score_of("政府信息公开年报", "/zwgk/nb/", inside=False)
    100
    >>> score_of("网站工作年度报表", "/zwgk/wzndbb/", inside=True)
    0
    >>> score_of("春耕备耕", "/xw/202401/t20240101_55.html", inside=False)
    0
    """
    name, path = "".join(text.split()), _path(url)
    is_article = _is_article(url)
    if _SESSION.search(url) or _is_of_others(name):
        return 0
    if _PUBLISHED_BY.search(name) and _OF_INFORMATION.search(name):
        return 70
    if _ANNUAL.search(name) and len(name) <= _LONGEST_NAME:
        if is_article and not columns.is_column_name(name):
            return 0  # a report, or news of one
        return 100 if judge(name)[0] != "skipped" or columns.is_column_name(name) else 80
    if columns.is_annual_address(url) and not is_article:
        return 90
    if len(name) > (_SHORT_NAME if is_article else _LONGEST_NAME) or _LEADS_NOWHERE.search(name):
        return 0
    if _STATUTORY.search(name):
        return 65
    if _OPEN_GOVERNMENT.search(name):
        return 60
    return 0 if is_article else _by_place(name, path, inside=inside, home=home)


def _by_place(name: str, path: str, *, inside: bool, home: bool) -> int:
    """The score of a link whose name promises nothing by itself."""
    if not inside:
        return 8 if _REALM.search(path) else 3 if "公开" in name else 2 if home else 0
    if columns.is_group_name(name) or _KINDS.search(name):
        return 45
    if _AGENCY.search(name):
        return 35
    return 12 if _REALM.search(path) else 6


def _is_of_others(name: str) -> bool:
    """Whether a link names yearly reports of another kind; a bureau of statistics or finance is no such report."""
    return bool(_YEARLY.search(name) and _OTHER_YEARLY.search(name) and not _OF_INFORMATION.search(name))


def in_realm(page: Page) -> bool:
    """Whether a page belongs to the site's open government by its address or title."""
    title = "".join((page.root.findtext(".//title") or "").split())
    return bool(_REALM.search(_path(page.url)) or _OPEN_GOVERNMENT.search(title))


def lists_of(url: str) -> Iterator[str]:
    """The lists that a report's address tells it belongs to, by the rules of the families' manuals; they may not exist.

    >>> list(lists_of("http://x.example/zwgk/nb/202401/t20240120_55.html"))
    ['http://x.example/zwgk/nb/']
    >>> list(lists_of("http://x.example/art/2024/1/20/art_5_77.html"))
    ['http://x.example/col/col5/index.html']
    """
    for article, column in _LISTS_OF:
        if found := article.search(url):
            yield urljoin(url, found.expand(column))
    yield from filter(None, (sheet.list_of(url) for sheet in SHEETS))


def is_column(page: Page, listed: list[Entry]) -> bool:
    """Whether a page lists yearly reports and nothing much else: by its name, or by what it lists.

    ``listed``: the family's entries on it. A column of the site's other yearly reports is none.
    """
    if columns.is_report_itself(page):
        return False
    annual = columns.is_annual(page) and not columns.is_of_other_reports(page)
    if annual and not _is_article(page.url):
        return True
    reports = [entry for entry in listed if judge(entry.title, entry.url)[0] == "report"]
    articles = {url for url, _, _ in page.anchors() if _is_article(url)}
    return len(reports) >= 2 and (annual or 2 * len(reports) >= len(articles))


def units_of_notice(page: Page) -> Iterator[Entry]:
    """The reports that a notice of what was published (公布情况) links under the units' names."""
    from crawler.families.page import Entry  # noqa: PLC0415

    title = "".join((page.root.findtext(".//title") or "").split())
    heading = title + "".join("".join(h.text_content().split()) for h in page.root.iter("h1", "h2", "h3"))
    if not (_PUBLISHED_BY.search(heading) and _OF_INFORMATION.search(heading)):
        return
    for url, text, date in page.anchors():
        name = "".join(text.split())
        if (
            _ARTICLE.search(_path(url))
            and len(name) <= _LONGEST_NAME
            and (_AGENCY.search(name) or _ANNUAL.search(name))
        ):
            yield Entry(url, text, date)


def _is_article(url: str) -> bool:
    """Whether an address has the form of an article's, by its last part or a parameter that names one."""
    path, _, query = _path(url).partition("?")
    return bool(_ARTICLE.search(path) or _ARTICLE_ID.search(f"?{query}")) and not columns.is_list(url)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
