"""The disclosure platform: Hanweb jpage's column with its rows in a data store, more of them from a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.portal.page import Resource, html_page
from sample.portal.site import anchor, articles, attachment_links, documents, listed

if TYPE_CHECKING:
    from sample.manifest import SampleSite

_SHOWN = 4
PROXY = "/module/web/jpage/dataproxy.jsp"


def resources(site: SampleSite) -> dict[str, Resource]:
    """Everything that the site serves, but for the proxy's answers (see ``proxy``)."""
    rows = listed(site)
    script = (
        f'<script type="text/xml">{_store(rows, 1, _SHOWN)}</script>'
        f'<script>var jpage = {{url: "{PROXY}", columnid: "4107", unitid: "18812", webid: "36", perpage: "{_SHOWN}", totalRecord: {len(rows)}}};</script>'
    )
    column = html_page("政府信息公开年报", f'<div class="list">{script}</div>', site=site.name)

    def frame(title: str, date: str, body: str, links: list[tuple[str, str]]) -> str:
        head = (
            '<table class="xxgk"><tr><td>索 引 号</td><td>00000000-0/2024-0001</td><td>公开日期</td>'
            f"<td>{date}</td></tr><tr><td>文 号</td><td>无</td><td>公开方式</td><td>主动公开</td></tr></table>"
        )
        return f'{head}<p class="title">{title}</p><div id="zoom">{body}{attachment_links(links)}</div>'

    found = {site.start_path: Resource(column.encode()), **articles(site, frame)}
    for path, document in documents(site).items():
        name = path.rsplit("=", 1)[1]
        found[path] = Resource(b"", status=302, headers=(("Location", f"/attach/0/{name}"),))
        found[f"/attach/0/{name}"] = document
    return found


def proxy(site: SampleSite, start: int, end: int) -> Resource:
    """The rows ``start`` to ``end`` (from 1), as the proxy answers them."""
    return Resource(_store(listed(site), start, end).encode(), "text/xml; charset=utf-8")


def _store(rows: list[tuple[str, str, str]], start: int, end: int) -> str:
    records = "".join(f"<record><![CDATA[{anchor(*row)}]]></record>" for row in rows[start - 1 : end])
    return f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{records}</recordset></datastore>"
