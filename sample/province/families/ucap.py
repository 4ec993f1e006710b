"""Ucap in three generations: lists named by their template, a search that answers JSON, a POST that does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from sample.portal.page import Resource
from sample.province.site import JSON, Request, Site

if TYPE_CHECKING:
    import re

    from sample.province.columns import Column
    from sample.province.items import Item

_POST = "/interface-cms/qryManuscriptByWebsiteId"


class Ucap(Site):
    """``/<site>/c<N>/<template>_2.shtml`` is the second page; the directory itself is not there."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{self.place.id}/c{column.number}/{self._template(column)}{f'_{number}' if number > 1 else ''}.shtml"

    def _template(self, column: Column) -> str:
        return "zfxxgk_list" if column.key.startswith("zwgk/") else "list"

    def item_path(self, item: Item) -> str:
        name = item.token if item.serial % 3 else f"c0{1 + item.serial % 2 * 2}_{item.serial}"
        return f"/{self.place.id}/c{item.column.number if item.column else 100000}/{item.month}/{name}.shtml"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"{self.path_of(item).rpartition('/')[0]}/{item.token}/files/{item.token[::-1]}.{kind}"

    def pager(self, column: Column, number: int, count: int) -> str:
        template, total = self._template(column), len(column.items)
        return f"<script>createPageHTML('page_div', {count}, {number}, '{template}', 'shtml', {total});</script>"

    def article(self, item: Item, text: str, attached: str) -> str:
        head = (
            f"<table><tr><td>索引号</td><td>000014349</td><td>发布日期</td><td>{item.date}</td></tr>"
            f"<tr><td>名称</td><td>{item.title}</td><td>有效性</td><td>有效</td></tr></table>"
        )
        return f'{head}<div id="UCAP-CONTENT">{text}</div>{attached}'


class Search(Ucap):
    """A column's page has no rows: its script asks the site's own search."""

    def pages(self, column: Column) -> int:  # noqa: ARG002  # the search has them
        return 1

    def list_body(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        query = f"_isAgg=true&_isJson=true&_pageSize=20&_template=index&_channelName={column.number}"
        return (
            '<ul id="list"></ul><script>function load(page) {$.get("/common/search/'
            f'{column.hexadecimal}?{query}&page=" + page, function (answer) {{ draw(answer.data.results); }}); }} load(1);</script>'
        )

    def more_routes(self) -> None:
        self.route(r"/common/search/([0-9a-f]{32})\?.*", self._search)

    def _search(self, request: Request, match: re.Match[str]) -> Resource:
        column = next((c for c in self.all_columns() if c.hexadecimal == match[1]), None)
        size, page = (_number(request.query.get(name), usual) for name, usual in (("_pageSize", 20), ("page", 1)))
        items = column.items if column else []
        part = items[(page - 1) * min(size, 20) :][: min(size, 20)]
        results = [
            {
                "title": item.title,
                "url": self.base + self.link_of(item),
                "publishedTimeStr": f"{item.date} 09:30:00",
                "content": "",
            }
            for item in part
        ]
        data = {"total": len(items), "page": page, "rows": min(size, 20), "results": results}
        return Resource(json.dumps({"code": 200, "data": data}, ensure_ascii=False).encode(), JSON)


class InterfaceCms(Ucap):
    """A column's page names itself and the site; rows come for a POST with both."""

    def pages(self, column: Column) -> int:  # noqa: ARG002  # the endpoint has them
        return 1

    def list_body(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return (
            f'<ul id="list"></ul><script>var websiteId = "{self._website()}"; var channelId = "{column.hexadecimal}"; var pageSize = 10;'
            f'$.ajax({{url: "{_POST}", type: "POST", contentType: "application/json", '
            "data: JSON.stringify({websiteId: websiteId, channelId: [channelId], pageNum: 1, pageSize: pageSize, title: ''})});</script>"
        )

    def _website(self) -> str:
        return self.top[0].hexadecimal[::-1]

    def more_routes(self) -> None:
        self.route(_POST, self._manuscripts)

    def _manuscripts(self, request: Request, _: re.Match[str]) -> Resource:
        if request.method != "POST":
            return Resource(b'{"code":405}', JSON, 405)
        asked = fields(request.body)
        channel = asked.get("channelId") or asked.get("channelId[]") or []
        named = [channel] if isinstance(channel, str) else list(channel)
        columns = [
            c for c in self.all_columns() if c.hexadecimal in named and asked.get("websiteId") == self._website()
        ]
        items = [item for column in columns for item in column.items]
        size, page = min(_number(asked.get("pageSize"), 10), 20), _number(asked.get("pageNum"), 1)
        results = [
            {
                "manuscriptId": item.serial,
                "channelId": named[0],
                "title": item.title,
                "url": self.link_of(item),
                "staticUrl": self.link_of(item),
                "publishedTime": f"{item.date} 09:30:00",
            }
            for item in items[(page - 1) * size :][:size]
        ]
        return Resource(
            json.dumps({"code": 200, "total": len(items), "results": results}, ensure_ascii=False).encode(), JSON
        )


def fields(body: bytes) -> dict[str, Any]:
    """What a POST states, as JSON or as a form; nothing where it is neither."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except ValueError:
        return {name: values if len(values) > 1 else values[0] for name, values in parse_qs(text).items()}
    return found if isinstance(found, dict) else {}


def _number(value: Any, usual: int) -> int:
    return int(value) if str(value).isdecimal() and int(value) > 0 else usual
