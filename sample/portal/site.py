"""What all sites of the portal share: the pages of reports and decoys, whatever frame a family puts around them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sample.manifest import DOCUMENTS, load
from sample.portal.page import Resource, html_page
from sample.portal.report_html import body, picture, stub

if TYPE_CHECKING:
    from collections.abc import Callable

    from sample.manifest import Other, SampleReport, SampleSite

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
CHALLENGE = (
    "<!DOCTYPE html><html><head><script>$_ts=window['$_ts'];$_ts.cd='c2FtcGxl';</script></head><body></body></html>"
)
NEWS = ("我县召开春耕备耕现场会", "县图书馆延长开放时间", "关于道路施工期间绕行的公告")
DECOY_TEXT = {
    "website": "<p>网站名称、首页网址、总访问量、信息发布总数等指标见下表。</p><table border='1'><tr><td>独立用户访问总量（单位：个）</td><td>20345</td></tr></table>",
    "notice": "<p>各乡镇、县直各单位：请于1月15日前将本单位年度报告报送县政府办公室，并按时公布。</p>",
    "explainer": "<p>一张图看懂这一年：收到申请几件，公开信息几条。</p>",
    "guide": "<p>为方便公民、法人和其他组织获得政府信息，编制本指南。</p>",
    "explainer told by its text": "<p>近日，麦浦镇发布了年度报告，欢迎查阅。报告显示，公开工作取得新成效。</p>",
}


def front_pages(site: SampleSite) -> dict[str, Resource]:
    """The pages that the menu leads to: a home page, and columns that have nothing to do with reports."""
    news = "".join(f"<li><a href='/xw/{n}.html'>{title}</a></li>" for n, title in enumerate(NEWS))
    column = html_page("新闻动态", f"<ul>{news}</ul>", site=site.name)
    home = html_page(
        "首页", f"<h3>新闻动态</h3><ul>{news}</ul><a href='{site.start_path}'>政府信息公开年报</a>", site=site.name
    )
    article = html_page("新闻", "<p>本报讯。</p>", site=site.name)
    pages = {"/": home, "/xw/": column, "/zwgk/": home, "/hd/": column}
    pages |= {f"/xw/{n}.html": article for n in range(len(NEWS))}
    return {path: Resource(text.encode()) for path, text in pages.items()}


def report_body(report: SampleReport) -> str:
    """What stands in the body: the report, or a line that leads to its attachment."""
    if report.published_as == "image":
        return picture(report)
    return body(report) if report.has_tables else stub(report)


def decoy_body(decoy: Other) -> str:
    """What a page that is no report says; the company's report has the statutory tables."""
    if decoy.what == "company":
        return body(next(r for r in load().reports if r.site == decoy.site and r.has_tables and r.form == "2021"))
    return DECOY_TEXT[decoy.what]


def listed(site: SampleSite) -> list[tuple[str, str, str]]:
    """(path, title, date) of everything that the site's lists show: reports, decoys, and what cannot be had."""
    manifest = load(site.edition)
    rows = [(report.page, report.title, report.published_on) for report in manifest.of(site.id)]
    for number, other in enumerate(o for o in (*manifest.decoys, *manifest.unavailable) if o.site == site.id):
        rows.insert(2 + 3 * number, (other.path, other.title, rows[0][2]))
    return rows


def documents(site: SampleSite, served_at: Callable[[str], str] = lambda path: path) -> dict[str, Resource]:
    """The attachments, at their paths."""
    found = {}
    for report in load(site.edition).of(site.id):
        for path, name in zip(report.attachments, report.files, strict=True):
            data = (DOCUMENTS / name).read_bytes()
            found[served_at(path)] = Resource(data, TYPES[name.rsplit(".", 1)[1]])
    return found


def articles(
    site: SampleSite, frame: Callable[[str, str, str, list[tuple[str, str]]], str], tags: bool = True
) -> dict[str, Resource]:
    """Every report and decoy at its path; ``frame`` makes the page of (title, date, body, attachments)."""
    manifest = load(site.edition)
    found: dict[str, Resource] = {}
    for report in manifest.of(site.id):
        links = [(path, f"{report.title}.{path.rsplit('.', 1)[1]}") for path in report.attachments]
        inner = frame(report.title, report.published_on, report_body(report), links)
        names = _tags(site, report.title, report.published_on, report.issuer) if tags else None
        found[report.page] = _encoded(report.title, inner, site, names, report.encoding)
    for decoy in manifest.decoys:
        if decoy.site == site.id and decoy.path.startswith("/"):
            inner = frame(decoy.title, "2024-01-30", decoy_body(decoy), [])
            found[decoy.path] = _encoded(decoy.title, inner, site, None, "utf-8")
    for other in manifest.unavailable:
        if other.site == site.id and other.what == "robots":  # served: only robots.txt closes it
            found[other.path] = _encoded(other.title, frame(other.title, "2020-01-19", "", []), site, None, "utf-8")
        if other.site == site.id and other.what == "blocked":
            found[other.path] = Resource(
                CHALLENGE.encode(), status=412, headers=(("Set-Cookie", "FSSBBIl1UgzbN7N80S=x; path=/"),)
            )
    return found


def _tags(site: SampleSite, title: str, date: str, issuer: str) -> dict[str, str]:
    return {
        "SiteName": site.name,
        "ColumnName": "政府信息公开年报",
        "ColumnType": "信息公开年报",
        "ArticleTitle": title,
        "PubDate": f"{date} 09:30",
        "ContentSource": issuer,
    }


def _encoded(title: str, inner: str, site: SampleSite, tags: dict[str, str] | None, encoding: str) -> Resource:
    if encoding == "gbk":
        page = html_page(title, inner, site=site.name, tags=tags, charset="gb2312")
        return Resource(page.encode("gbk"), "text/html")
    if encoding.startswith("gb18030"):
        inner += "<p>经办人：柳镕、沈㐂（示例姓名）</p>"
        page = html_page(title, inner, site=site.name, tags=tags)
        return Resource(page.encode("gb18030"), "text/html; charset=utf-8")
    return Resource(html_page(title, inner, site=site.name, tags=tags).encode())


def anchor(path: str, title: str, date: str) -> str:
    """A list's row."""
    shown = title if len(title) <= 26 else title[:24] + "…"
    return f'<li><a href="{escape(path)}" title="{escape(title)}" target="_blank">{escape(shown)}</a><span>{date}</span></li>'


def attachment_links(links: list[tuple[str, str]], relative_to: str = "") -> str:
    """The line of attachments below a body."""
    return "".join(
        f'<p class="fj">附件：<a href="{escape(path.removeprefix(relative_to))}">{escape(name)}</a></p>'
        for path, name in links
    )
