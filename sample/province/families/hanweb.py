"""Hanweb in three generations: rows in a data store, one page an agency and year, rows from an endpoint."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from sample.portal.page import Resource
from sample.province.items import chance
from sample.province.site import JSON, Request, Site

if TYPE_CHECKING:
    import re

    from sample.province.columns import Column
    from sample.province.items import Item

_PROXY = "/module/web/jpage/dataproxy.jsp"
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ANNUAL = "/module/xxgk/xxgkAnnualReport.jsp"
_MOST_ROWS = 15  # asked for more, the endpoint gives so many


class Jpage(Site):
    """``/col/col<C>/index.html`` holds the first rows, the proxy the others; ``/art/Y/M/D/art_<C>_<id>.html``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/col/col{column.number}/index.html"

    def pages(self, column: Column) -> int:  # noqa: ARG002  # the others come from the proxy
        return 1

    def item_path(self, item: Item) -> str:
        year, month, day = (int(part) for part in item.date.split("-"))
        return f"/art/{year}/{month}/{day}/art_{item.column.number if item.column else 0}_{item.serial}.html"

    def attachment_path(self, item: Item, kind: str) -> str:
        shown = quote(f"{item.title}.{kind}")
        return f"/module/download/downfile.jsp?classid=0&showname={shown}&filename={item.day}{item.serial}.{kind}"

    def url_of_document(self, item: Item, kind: str) -> str:
        return f"{self.base}/attach/0/{item.day}{item.serial}.{kind}"

    def document(self, item: Item, kind: str) -> Resource:
        """The program sends on to where the file is."""
        if item.closed:
            return super().document(item, kind)
        return Resource(b"", status=302, headers=(("Location", f"/attach/0/{item.day}{item.serial}.{kind}"),))

    def list_body(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        script = (
            f'{{url: "{_PROXY}", columnid: "{column.number}", unitid: "{column.number % 7919}", webid: "{self.number}", '
            f'perpage: "{self.per_page}", totalRecord: {len(column.items)}}}'
        )
        store = self._store(column.items, 1, self.per_page)
        return f'<div class="list"><script type="text/xml">{store}</script><script>var jpage = {script};</script></div>'

    def _store(self, items: list[Item], start: int, end: int) -> str:
        records = "".join(f"<record><![CDATA[{self.row(item)}]]></record>" for item in items[start - 1 : end])
        return f"<datastore><totalrecord>{len(items)}</totalrecord><recordset>{records}</recordset></datastore>"

    def article(self, item: Item, text: str, attached: str) -> str:
        head = (
            f"<table class='xxgk'><tr><td>索 引 号</td><td>00000000-0/{item.date[:4]}-{item.serial}</td><td>公开日期</td>"
            f"<td>{item.date}</td></tr><tr><td>文 号</td><td>无</td><td>公开方式</td><td>主动公开</td></tr></table>"
        )
        return f'{head}<p class="title">{item.title}</p><div id="zoom">{text}{attached}</div>'

    def more_routes(self) -> None:
        self.route(_PROXY.replace(".", r"\.") + r"(?:\?.*)?", self._proxy)
        for item in self.published():
            for kind in item.attachments:
                path = self.url_of_document(item, kind).removeprefix(self.base)
                self.by_address[path] = lambda i=item, k=kind: Site.document(self, i, k)  # type: ignore[misc]

    def _proxy(self, request: Request, _: re.Match[str]) -> Resource:
        asked = {**request.query, **dict(parse_qsl(request.body.decode("utf-8", "replace")))}
        column = next((c for c in self.all_columns() if str(c.number) == asked.get("columnid")), None)
        start, end = (
            int(asked[name]) if asked.get(name, "").isdecimal() else 1 for name in ("startrecord", "endrecord")
        )
        items = column.items if column else []
        return Resource(self._store(items, max(1, start), min(end, start + 299)).encode(), "text/xml; charset=utf-8")


class NextGroup(Jpage):
    """The store names the next group of rows by an address whose column is encrypted."""

    def _next_group(self, column: Column, page: int) -> str:
        return (
            f"{_PROXY}?page={page}&columnid={column.hexadecimal}&unitid={column.hexadecimal[::-1]}&webid={self.number}"
        )

    def list_body(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f'<div class="list"><script type="text/xml">{self._group(column, 1)}</script></div>'

    def _group(self, column: Column, page: int) -> str:
        last = -(-len(column.items) // self.per_page)
        link = f'<a href="{self._next_group(column, page + 1)}"></a>' if page < last else ""
        items = column.items[(page - 1) * self.per_page : page * self.per_page]
        records = "".join(f"<record><![CDATA[{self.row(item)}]]></record>" for item in items)
        return (
            f"<datastore><nextgroup><![CDATA[{link}]]></nextgroup><totalrecord>{len(column.items)}</totalrecord>"
            f"<totalpage>{last}</totalpage><recordset>{records}</recordset></datastore>"
        )

    def _proxy(self, request: Request, _: re.Match[str]) -> Resource:
        column = next((c for c in self.all_columns() if c.hexadecimal == request.query.get("columnid")), None)
        page = int(request.query["page"]) if request.query.get("page", "").isdecimal() else 1
        store = self._group(column, page) if column and page > 0 else "<datastore></datastore>"
        return Resource(store.encode(), "text/xml; charset=utf-8")


class AnnualPage(Jpage):
    """Each agency and year has one page by code and year; the second agency's year is that of publication."""

    def _query(self, item: Item) -> tuple[str, str]:
        number = self.place.agencies.index(item.agency)
        code = f"11{chance(item.agency) % 10**6:06d}{chance(item.agency, 1) % 10**9:09d}Q"
        return f"area={code}", f"fbtime={item.year + (number == 1)}"

    def item_path(self, item: Item) -> str:
        if item.why or item.direct:
            return super().item_path(item)
        return f"{_ANNUAL}?{'&'.join(self._query(item))}"

    def twin_paths(self, item: Item) -> list[str]:
        return [] if item.why else [f"{_ANNUAL}?{'&'.join(reversed(self._query(item)))}"]

    def row(self, item: Item) -> str:
        if item.why or item.direct:
            return super().row(item)
        path = self.twin_paths(item)[0] if item.year % 4 == 0 else self.item_path(item)
        return f'<li><a href="{escape(path)}">{item.year}年</a></li>'


class Jpaas(Site):
    """The column page names the units of a page, one of which is the list; the endpoint has its rows as markup."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/index.html"

    def pages(self, column: Column) -> int:  # noqa: ARG002  # the endpoint has them
        return 1

    def item_path(self, item: Item) -> str:
        return f"/{item.column.key if item.column else 'zwgk'}/art/{item.date[:4]}/art_{item.token}.html"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/cms_files/filemanager/{item.month}/{item.token}.{kind}"

    def list_body(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        units = "".join(
            f"<script src=\"/script/unitbuild.js\" queryData=\"{{'parseType':'bulidstatic','webId':'{self.number}',"
            f"'tplSetId':'Gbn{self.number}','pageType':'column','tagId':'{tag}','editType':'null','pageId':'{column.number}'}}\"></script>"
            for tag in ("当前位置", "信息列表")
        )
        return f'<div class="default_pgContainer">{units}</div>'

    def more_routes(self) -> None:
        self.route(_UNIT + r"\?.*", self._unit)

    def _unit(self, request: Request, _: re.Match[str]) -> Resource:
        try:
            asked = json.loads(request.query["paramJson"])
            number, size = int(asked["pageNo"]), min(int(asked["pageSize"]), _MOST_ROWS)
        except (KeyError, ValueError, TypeError):
            number, size = 1, _MOST_ROWS
        column = next((c for c in self.all_columns() if str(c.number) == request.query.get("pageId")), None)
        items = column.items if column and request.query.get("tagId") == "信息列表" else []
        part = items[max(0, number - 1) * size :][:size]
        markup = "<ul>" + "".join(self.row(item) for item in part) + "</ul>"
        return Resource(json.dumps({"success": True, "data": {"html": markup}}, ensure_ascii=False).encode(), JSON)
