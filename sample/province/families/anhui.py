"""The two systems of one province: Xxgk/Openness with ids across agencies, LonSun with an address an agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.province.site import Site

if TYPE_CHECKING:
    from sample.province.columns import Column
    from sample.province.items import Item


class Xxgk(Site):
    """``/XxgkContent/showList/<agency>/0/page_1.html``; reports are ``/XxgkAnnualReport/show/<n>.html``."""

    system = "Xxgk"

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{self.system}Content/showList/{column.number}/0/page_{number}.html"

    def item_path(self, item: Item) -> str:
        if item.why == "news":
            return f"/News/show/{item.serial}.html"
        return f"/{self.system}{'Content' if item.why else 'AnnualReport'}/show/{item.serial}.html"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/UploadFile/{item.month}/{item.token}.{kind}"

    def pager(self, column: Column, number: int, count: int) -> str:
        return super().pager(column, number, count) + (f"<span>共{count}页</span>" if count > 1 else "")

    def article(self, item: Item, text: str, attached: str) -> str:
        crumb = f"网站首页 &gt; 政府信息公开 &gt; {item.agency or self.place.name} &gt; {item.column.name if item.column else ''}"
        body = f"<h1>{item.title}</h1><p>发布时间：{item.date}</p><div class='g-detailbox'>{text}</div>"
        return f"<div class='crumbs'>{crumb}</div>{body}<div class='m-file-download'>{attached}</div>"


class Openness(Xxgk):
    """The same under its other name, below a directory; the second agency's reports go by agency and year."""

    system = "openness/Openness"

    def item_path(self, item: Item) -> str:
        if not item.why and item.agency == self.place.agencies[1]:
            return (
                f"/{self.system}AnnualReport/year/show/{3400 + self.place.agencies.index(item.agency)}/{item.year}.html"
            )
        return super().item_path(item)

    def row(self, item: Item) -> str:
        if "/year/show/" in self.link_of(item):
            return f'<li><a href="{self.link_of(item)}">{item.year}年</a></li>'
        return super().row(item)


class LonSun(Site):
    """``/public/column/<org>?type=3`` has an agency's reports; at one agency the year's address is the report itself."""

    def _org(self, key: str) -> int:
        unit = next((number for number in range(20) if f"/dw{number:02d}" in key), None)
        return 6_600_000 + self.number * 100 + (unit or 0)

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        if "/dw" not in column.key:
            base = f"/content/column/{column.number}"
            return f"{base}?pageIndex={number}" if number > 1 else base
        kind = {"gknb": "3", "jgzn": "4", "zcwj": "1"}.get(column.key.rpartition("/")[2])
        if kind is None:
            return f"/public/{self._org(column.key)}/index.html"
        base = f"/public/column/{self._org(column.key)}?type={kind}"
        return f"{base}&action=list&pageIndex={number}" if number > 1 else base

    def item_path(self, item: Item) -> str:
        if item.why == "news":
            return f"/content/article/{item.serial}"
        org = self._org(item.column.key if item.column else "")
        if not item.why and item.agency == self.place.agencies[1]:
            return f"/public/column/{org}?type=3&timeFrame={item.year}&hasContent=true"
        return f"/public/{org}/{item.serial}.html"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/group1/M00/{item.token[:2].upper()}/{item.token}.{kind}"

    def row(self, item: Item) -> str:
        if "timeFrame" in self.link_of(item):
            return f'<li><a href="{self.link_of(item).replace("&", "&amp;")}">{item.year}年</a></li>'
        return super().row(item)

    def pager(self, column: Column, number: int, count: int) -> str:
        script = f"<script>new Page({{pageIndex: {number}, pageCount: {count}, total: {len(column.items)}}});</script>"
        return super().pager(column, number, count) + script

    def article(self, item: Item, text: str, attached: str) -> str:
        crumb = f"首页 &gt; 政府信息公开 &gt; {item.agency or self.place.name} &gt; {item.column.name if item.column else ''}"
        return f"<p>{crumb}</p><h1>{item.title}</h1><p>发布日期：{item.date}</p><div class='j-fontContent'>{text}</div>{attached}"
