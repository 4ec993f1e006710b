"""Epoint: a department's catalogue comes from a POST; the site's number stands in a script file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sample.portal.page import Resource
from sample.province.families.ucap import fields
from sample.province.site import JSON, Request, Site

if TYPE_CHECKING:
    import re

    from sample.province.columns import Column
    from sample.province.items import Item

_POST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"


class Epoint(Site):
    """Categories are ``/002/002005/secondpage.html``, articles ``/govxxgk/<dept>/YYYY-MM-DD/<uuid>.html?deptcode=``."""

    def _category(self, column: Column) -> str:
        return f"{column.number % 1000:03d}{column.number:06d}"

    def _department(self, item: Item) -> str:
        return f"{self.number:03d}{self.place.agencies.index(item.agency):03d}" if item.agency else f"{self.number:03d}"

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        category = self._category(column)
        return f"/{category[:3]}/{category}/{f'{number}.html' if number > 1 else 'secondpage.html'}"

    def pages(self, column: Column) -> int:
        """News are in pages of their own, the catalogue is not."""
        return super().pages(column) if column.key.startswith("xwzx") else 1

    def item_path(self, item: Item) -> str:
        token = item.token
        name = f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:]}"
        if item.why == "news":
            return f"/{self._category(item.column)[:3] if item.column else '001'}/{item.day}/{name}.html"
        return f"/govxxgk/{self._department(item)}/{item.date}/{name}.html?deptcode={self._department(item)}"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/EpointWebBuilder/attach/{item.token}/{item.serial}.{kind}"

    def list_body(self, column: Column, number: int, count: int) -> str:
        if self.pages(column) > 1 or not column.items:
            return super().list_body(column, number, count)
        return (
            '<script src="/js/webBuilderCommon.js"></script><ul id="govinfolist"></ul><script>'
            f'var deptcode = "{self._department(column.items[0])}"; var categorynum = "{self._category(column)}";'
            f'ajax("{_POST}", {{deptcode: deptcode, categorynum: categorynum, siteGuid: siteInfo.siteGuid, pageIndex: 0, pageSize: 10}});</script>'
        )

    def more_routes(self) -> None:
        script = f'var siteInfo = {{projectName: "/EWB-FRONT", siteGuid: "{self._guid()}"}};'
        self.by_address["/js/webBuilderCommon.js"] = lambda: Resource(script.encode(), "application/javascript")
        self.route(_POST, self._catalogue)

    def _guid(self) -> str:
        token = self.top[0].hexadecimal
        return f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:]}"

    def _catalogue(self, request: Request, _: re.Match[str]) -> Resource:
        """Pages are counted from 0; parameters stand alone or below ``params``."""
        if request.method != "POST":
            return Resource(b'{"status":{"code":405}}', JSON, 405)
        asked = fields(request.body)
        inner = asked.get("params", asked)
        asked = json.loads(inner) if isinstance(inner, str) and inner.startswith("{") else inner
        known = isinstance(asked, dict) and asked.get("siteGuid") == self._guid()
        columns = [c for c in self.all_columns() if known and self._category(c) == str(asked.get("categorynum"))]
        items = [i for c in columns for i in c.items if self._department(i) == str(asked.get("deptcode"))]
        page, size = (
            int(asked[n]) if known and str(asked.get(n)).isdecimal() else d
            for n, d in (("pageIndex", 0), ("pageSize", 10))
        )
        data = [
            {"infourl": self.link_of(item), "realtitle": item.title, "infodate": item.date}
            for item in items[page * min(size, 20) :][: min(size, 20)]
        ]
        answer = {"custom": {"data": data, "total": len(items)}, "status": {"code": 200}}
        return Resource(json.dumps(answer, ensure_ascii=False).encode(), JSON)
