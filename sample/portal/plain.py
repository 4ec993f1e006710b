"""A township's own site of no family: hand-made lists with 下一页, pages without tags, one in GBK, one that lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.portal.page import Resource, html_page
from sample.portal.site import anchor, articles, attachment_links, documents, listed

if TYPE_CHECKING:
    from sample.manifest import SampleSite

_PER_PAGE = 3


def resources(site: SampleSite) -> dict[str, Resource]:
    """Everything that the site serves; it has no robots.txt."""
    rows = listed(site)
    count = -(-len(rows) // _PER_PAGE)
    found: dict[str, Resource] = {}
    for number in range(1, count + 1):
        part = "".join(anchor(*row) for row in rows[(number - 1) * _PER_PAGE : number * _PER_PAGE])
        following = f'<a href="list_{number + 1}.html">下一页</a>' if number < count else ""
        page = html_page("镇政府年报", f"<h3>年报</h3><ul>{part}</ul><p>{following}</p>", site=site.name)
        found[f"/nianbao/list_{number}.html"] = Resource(page.encode())

    def frame(title: str, date: str, body: str, links: list[tuple[str, str]]) -> str:
        return f"<h1>{title}</h1><p>时间：{date}</p>{body}{attachment_links(links)}"

    return {**found, **articles(site, frame, tags=False), **documents(site)}
