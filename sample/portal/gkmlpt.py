"""The catalogue: gkmlpt's tree in the page, lists from its JSON endpoint, bodies only inside a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sample.manifest import load
from sample.portal.page import Resource, html_page
from sample.portal.site import attachment_links, decoy_body, documents, listed, report_body

if TYPE_CHECKING:
    from sample.manifest import SampleSite

SID = "755041"
CATEGORY = 6010
_PER_PAGE = 4


def resources(site: SampleSite) -> dict[str, Resource]:
    """Everything that the site serves, but for the endpoint's answers (see ``answer``)."""
    tree = [
        {"id": 6000, "name": "政府信息公开指南", "children": []},
        {"id": CATEGORY, "name": "政府信息公开年报", "children": []},
    ]
    found = {site.start_path: _page(site, "政府信息公开", {"SID": SID, "TREE": tree})}
    for report in load(site.edition).of(site.id):
        links = [(path, path.rsplit("/", 1)[1]) for path in report.attachments]
        content = report_body(report) + attachment_links(links)
        found[report.page] = _page(
            site, report.title, _detail(report.title, report.published_on, report.issuer, content)
        )
    for decoy in load(site.edition).decoys:
        if decoy.site == site.id:
            found[decoy.path] = _page(
                site, decoy.title, _detail(decoy.title, "2024-01-30", site.name, decoy_body(decoy))
            )
    return {**found, **documents(site)}


def _detail(title: str, date: str, publisher: str, content: str) -> dict[str, Any]:
    return {"SID": SID, "DETAIL": {"title": title, "publisher": publisher, "date": date, "content": content}}


def _page(site: SampleSite, title: str, config: dict[str, Any]) -> Resource:
    script = json.dumps(config, ensure_ascii=False).replace("</", "<\\/")
    body = f'<div id="app"></div><script>window._CONFIG = {script};</script>'
    return Resource(html_page(title, body, site=site.name).encode())


def answer(site: SampleSite, page: int) -> Resource:
    """The endpoint's page, counted from 1."""
    rows = listed(site)
    part = rows[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    articles = [{"title": title, "url": path, "date": date, "publisher": ""} for path, title, date in part]
    body = {"classify": {"id": CATEGORY, "post_count": len(rows)}, "articles": articles}
    return Resource(json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8")
