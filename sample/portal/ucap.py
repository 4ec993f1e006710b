"""The townships' site: Ucap's template lists counted from 1, pages of 32 hexadecimal digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.portal.page import Resource, html_page
from sample.portal.site import anchor, articles, attachment_links, documents, listed

if TYPE_CHECKING:
    from sample.manifest import SampleSite

_PER_PAGE = 5


def resources(site: SampleSite) -> dict[str, Resource]:
    """Everything that the site serves; a gone page is one that it does not."""
    rows = listed(site)
    stem = site.start_path.removesuffix(".shtml")
    found: dict[str, Resource] = {}
    for number in range(1, -(-len(rows) // _PER_PAGE) + 1):
        part = rows[(number - 1) * _PER_PAGE : number * _PER_PAGE]
        page = html_page(
            "年报", f'<div class="xxgk_list"><ul>{"".join(anchor(*row) for row in part)}</ul></div>', site=site.name
        )
        found[f"{stem}{f'_{number}' if number > 1 else ''}.shtml"] = Resource(page.encode())

    def frame(title: str, date: str, body: str, links: list[tuple[str, str]]) -> str:
        head = f"<table><tr><td>索引号</td><td>000014349</td><td>发布日期</td><td>{date}</td></tr><tr><td>名称</td><td>{title}</td><td>有效性</td><td>有效</td></tr></table>"
        return f'{head}<div id="UCAP-CONTENT">{body}</div>{attachment_links(links)}'

    robots = Resource(b"User-agent: *\nDisallow: /admin/\n", "text/plain")
    return {**found, **articles(site, frame, tags=False), **documents(site), "/robots.txt": robots}
