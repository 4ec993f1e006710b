"""The two systems of another province: static posts with twins for telephones, and the catalogue with its endpoint."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from sample.portal.page import Resource
from sample.province import bodies
from sample.province.items import chance
from sample.province.site import JSON, Request, Site

if TYPE_CHECKING:
    import re

    from sample.province.columns import Column
    from sample.province.items import Item


class Nfcms(Site):
    """``/<column>/index_2.html`` is the second page, ``/<column>/content/post_<id>.html`` an article; links are whole."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/{f'index_{number}.html' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        return f"/{item.column.key if item.column else 'zwgk'}/content/post_{item.serial}.html"

    def twin_paths(self, item: Item) -> list[str]:
        return [] if item.why else [self.path_of(item).replace("/post_", "/mpost_")]

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/attachment/0/{item.serial // 1000}/{item.serial}/{item.token[:12]}.{kind}"

    def rows(self, column: Column, number: int) -> str:
        return super().rows(column, number).replace('href="/', f'href="{self.base}/')

    def article(self, item: Item, text: str, attached: str) -> str:
        phone = "".join(
            f'<link rel="alternate" media="handheld" href="{twin}"><a href="{twin}">手机</a>'
            for twin in self.twin_paths(item)
        )
        return f"{phone}<h1>{item.title}</h1><p>发布日期：{item.date}</p><div class='article-content'>{text}</div><div class='fjdown'>{attached}</div>"


class Gkmlpt(Nfcms):
    """Each agency's catalogue: the tree in a script of the page, lists from the endpoint, bodies only in a script."""

    def _unit(self, key: str) -> str:
        return next((part for part in key.split("/") if part.startswith("dw")), "")

    def _sid(self, unit: str) -> str:
        return str(755_000 + chance(self.place.id, unit) % 999)

    def list_path(self, column: Column, number: int, count: int) -> str:
        unit = self._unit(column.key)
        if not unit:
            return super().list_path(column, number, count)
        own = f"/{unit}/gkmlpt/index"
        return own if column.key.endswith(unit) else f"{own}/{column.number}{f'_{number}' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        unit = self._unit(item.column.key) if item.column else ""
        if not unit:
            return super().item_path(item)
        return f"/{unit}/gkmlpt/content/{item.serial // 10_000}/{item.serial // 1000}/post_{item.serial}.html"

    def twin_paths(self, item: Item) -> list[str]:  # noqa: ARG002  # the catalogue has none
        return []

    def list_page(self, column: Column, number: int, count: int) -> Resource:
        """An agency's page and what lies below it is the catalogue, drawn by a script."""
        unit = self._unit(column.key)
        if not unit:
            return super().list_page(column, number, count)
        owner = next(c for c in self.all_columns() if c.key.endswith(f"/{unit}"))
        tree = [{"id": c.number, "name": c.name, "jump_url": "", "children": []} for c in owner.children]
        nodes = [{"id": owner.number, "name": "政府信息公开", "jump_url": "", "children": tree}]
        return self._drawn(owner.name, {"SID": self._sid(unit), "TREE": nodes, "CATE": column.number})

    def item_page(self, item: Item) -> Resource:
        if item.why == "news" or item.closed:
            return super().item_page(item)
        links = "".join(f"<p>附件：{self.attachment_link(item, kind)}</p>" for kind in item.attachments)
        detail = {
            "title": item.title,
            "publisher": item.agency,
            "date": item.date,
            "content": bodies.text_of(item) + links,
        }
        return self._drawn(
            item.title, {"SID": self._sid(self._unit(item.column.key if item.column else "")), "DETAIL": detail}
        )

    def _drawn(self, title: str, config: dict[str, Any]) -> Resource:
        script = json.dumps(config, ensure_ascii=False).replace("</", "<\\/")
        return self.page(title, f'<div id="app"></div><script>window._CONFIG = {script};</script>')

    def more_routes(self) -> None:
        self.route(r"/(dw\d\d)/gkmlpt/api/all/(\d+)\?.*", self._articles)
        for column in self.all_columns():
            if unit := self._unit(column.key):
                self.by_address[f"/{unit}/gkmlpt/annualreport"] = partial(self.list_page, column, 1, 1)

    def _articles(self, request: Request, match: re.Match[str]) -> Resource:
        column = next(
            (c for c in self.all_columns() if str(c.number) == match[2] and self._unit(c.key) == match[1]), None
        )
        page = int(request.query["page"]) if request.query.get("page", "").isdecimal() else 1
        items = column.items if column and request.query.get("sid") == self._sid(match[1]) else []
        articles = [
            {"title": item.title, "url": self.base + self.link_of(item), "date": item.date, "publisher": item.agency}
            for item in items[max(0, page - 1) * self.per_page :][: self.per_page]
        ]
        answer = {"classify": {"id": int(match[2]), "post_count": len(items)}, "articles": articles}
        return Resource(json.dumps(answer, ensure_ascii=False).encode(), JSON)
