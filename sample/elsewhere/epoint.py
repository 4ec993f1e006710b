"""Epoint (§3.7): a unit's list is asked for with JSON by POST.

Assumed: deptcode and categorynum stand in the unit's page, siteGuid in ``/js/webBuilderCommon.js``; the body of the POST is
JSON, or a form whose ``params`` is that JSON; pages count from 0; ``custom.data[]`` bears infourl and realtitle.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Site

if TYPE_CHECKING:
    from sample.elsewhere.serving import Request

_LIST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
_SITE = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"


class Epoint(Site):
    """Slugs that are numbers are units."""

    body_mark = 'class="ewb-article-info"'

    def __init__(self, key: str, place: str, address: str) -> None:
        super().__init__(key, place, address)
        self.route(_LIST, self.infolist)
        script = f'var webBuilder = {{ siteGuid: "{_SITE}", rest: "/EWB-FRONT/rest" }};'
        self.route("/js/webBuilderCommon.js", lambda _: Answer(script.encode(), "application/javascript"))

    def list_url(self, slug: str, page: int) -> str:
        if slug.isdigit():
            return f"/govxxgk/{slug}/govlist.html" if page == 1 else f"/govxxgk/{slug}/{page}.html"
        return f"/002/{self.number(slug)}/{'moreinfo' if page == 1 else page}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:
        if slug.isdigit():
            return f"/govxxgk/{slug}/{entry.date}/{entry.uuid}.html?deptcode={slug}"
        return f"/002/{self.number(slug)}/{entry.date:%Y%m%d}/{entry.uuid}.html"

    def file_url(self, entry: Entry, kind: str) -> str:
        return f"/EWB-FRONT/attach/{entry.uuid}.{kind}"

    def place(self, column: Column, entry: Entry) -> None:
        super().place(column, entry)
        if "?" in entry.path:
            entry.twins = (entry.path.partition("?")[0],)
            self.route(entry.twins[0], lambda request: self.detail(column, entry, request))

    def list_body(self, column: Column, number: int, url: str) -> str:
        if not column.slug.isdigit():
            return super().list_body(column, number, url)
        return (
            f'<script src="/js/webBuilderCommon.js"></script><ul id="list"></ul><script>var deptcode = "{column.slug}", '
            f'categorynum = "{self.number(column.slug)}006"; getList("{_LIST}", deptcode, categorynum, 0, 10);</script>'
        )

    def infolist(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(b"", status=405)
        try:
            asked = json.loads(request.body)
        except json.JSONDecodeError:
            asked = json.loads(request.form.get("params", "{}"))
        asked = asked.get("params", asked)
        asked = json.loads(asked) if isinstance(asked, str) else asked
        for column in self.columns:
            right = asked.get("categorynum") == f"{self.number(column.slug)}006" and asked.get("siteGuid") == _SITE
            if right and asked.get("deptcode") == column.slug:
                page, size = int(asked.get("pageIndex", 0)), int(asked.get("pageSize", 10))
                data = [
                    {"infourl": entry.path, "realtitle": entry.title, "infodate": f"{entry.date}"}
                    for entry in column.entries[page * size : (page + 1) * size]
                ]
                return self.json({"custom": {"total": len(column.entries), "data": data}, "status": {"code": "200"}})
        return self.json({"custom": {"total": 0, "data": []}, "status": {"code": "200"}})


def sites() -> list[Site]:
    site = Epoint("tanlu", "檀麓县", "127.2.7.71")
    links = []
    for slug, agency in zip(
        ("04001", "04002", "05011"), ("檀麓县财政局", "檀麓县民政局", *words.townships("檀麓县", 1)), strict=True
    ):
        entries = site.entries(agency)
        if slug == "04001":
            entries += site.decoy_entries(6)
        links.append((agency, site.column(slug, "政府信息公开年报", entries)))
    site.way([("政务公开", "zwgk"), ("政府信息公开年报", "nbml")], *links)
    return [site]
