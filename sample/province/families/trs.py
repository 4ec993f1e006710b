"""TRS WCM: static directories, a script that counts pages from 0, twins for telephones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sample.province.site import Site

if TYPE_CHECKING:
    from sample.province.columns import Column
    from sample.province.items import Item


class Trs(Site):
    """``/<column>/index_1.html`` is the second page, ``/<column>/YYYYMM/tYYYYMMDD_ID.html`` an article."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/index_{number - 1}.html" if number > 1 else f"/{column.key}/"

    def item_path(self, item: Item) -> str:
        column = item.column.key if item.column else "zwgk"
        return f"/{column}/{item.month}/t{item.day}_{item.serial}.html"

    def twin_paths(self, item: Item) -> list[str]:
        return [self.path_of(item).replace(".html", "_wap.html")] if not item.why else []

    def pager(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f'<div class="page"><script>createPageHTML({count}, {number - 1}, "index", "html");</script></div>'

    def rows(self, column: Column, number: int) -> str:
        return super().rows(column, number).replace(f'href="/{column.key}/', 'href="./')

    def article(self, item: Item, text: str, attached: str) -> str:
        crumb = (
            f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; {item.column.name if item.column else ""}</div>'
        )
        phone = "".join(f'<a href="{twin}">手机版</a>' for twin in self.twin_paths(item))
        info = f'<div class="info">发布时间：{item.date} {phone}</div>'
        return f'{crumb}<h1>{item.title}</h1>{info}<div class="TRS_Editor">{text}{attached}</div>'

    def more_routes(self) -> None:
        for column in self.all_columns():
            self.by_address[f"/{column.key}/index.html"] = partial(self.list_page, column, 1, self.pages(column))


class Writeln(Trs):
    """The same, whose rows only a script writes."""

    def rows(self, column: Column, number: int) -> str:
        lines = super().rows(column, number).split("</li>")[:-1]
        written = [line.replace('"', '\\"').replace("</", "<\\/") for line in lines]
        return "<script>" + "".join(f'document.writeln("{line}<\\/li>");\n' for line in written) + "</script>"
