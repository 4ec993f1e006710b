"""The county government's site: TRS WCM's lists with a script pager counted from 0, articles below the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.portal.page import Resource, html_page
from sample.portal.site import anchor, articles, attachment_links, documents, listed

if TYPE_CHECKING:
    from sample.manifest import SampleSite

_PER_PAGE = 6


def resources(site: SampleSite) -> dict[str, Resource]:
    """Everything that the site serves."""
    folder = site.start_path
    rows = listed(site)
    count = -(-len(rows) // _PER_PAGE)
    found: dict[str, Resource] = {}
    for number in range(count):
        part = rows[number * _PER_PAGE : (number + 1) * _PER_PAGE]
        items = "".join(anchor(_relative(path, folder), title, date) for path, title, date in part)
        pager = f'<script>createPageHTML({count}, {number}, "index", "html");</script>'
        page = html_page(
            "政府信息公开年报", f'<ul class="list">{items}</ul><div class="page">{pager}</div>', site=site.name
        )
        resource = Resource(page.encode())
        found[f"{folder}index{f'_{number}' if number else ''}.html"] = resource
        if number == 0:
            found[folder] = resource

    def frame(title: str, date: str, body: str, links: list[tuple[str, str]]) -> str:
        beside = attachment_links([("./" + path.rsplit("/", 1)[1], name) for path, name in links])
        return (
            '<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政府信息公开年报</div>'
            f'<h1>{title}</h1><div class="info">发布时间：{date}</div><div class="TRS_Editor">{body}{beside}</div>'
        )

    robots = Resource(b"User-agent: *\nDisallow: /zwgk/neibu/\nCrawl-delay: 0.1\n", "text/plain")
    return {**found, **articles(site, frame), **documents(site), "/robots.txt": robots}


def _relative(path: str, folder: str) -> str:
    return "./" + path.removeprefix(folder) if path.startswith(folder) else path
