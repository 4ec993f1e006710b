"""博达: columns by path whose pages count down, articles by two numbers, documents only for who comes from a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.portal.page import Resource
from sample.province.site import Request, Site

if TYPE_CHECKING:
    from sample.province.columns import Column
    from sample.province.items import Item

_DOWNLOAD = "/system/_content/download.jsp"
_ELSEWHERE = Resource("<html><head><title>提示</title></head><body>请从正文页面下载。</body></html>".encode())


class Webplus(Site):
    """``/<column>.htm``, its second page of four ``/<column>/3.htm``; ``/info/<column>/<id>.htm`` is an article."""

    def list_path(self, column: Column, number: int, count: int) -> str:
        return f"/{column.key}/{count - number + 1}.htm" if number > 1 else f"/{column.key}.htm"

    def item_path(self, item: Item) -> str:
        return f"/info/{self._number(item)}/{item.serial}.htm"

    def _number(self, item: Item) -> int:
        return 1000 + (item.column.number % 8000 if item.column else 0)

    def twin_paths(self, item: Item) -> list[str]:
        query = f"urltype=news.NewsContentUrl&wbtreeid={self._number(item)}&wbnewsid={item.serial}"
        return [] if item.why else [f"/xxgk/xxgk_content.jsp?{query}"]

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"{_DOWNLOAD}?urltype=news.DownloadAttachUrl&owner=1{self.number:05d}&wbfileid={item.token}{len(kind)}"

    def pager(self, column: Column, number: int, count: int) -> str:
        counter = f"<script>_jsq_({1000 + column.number % 8000},'/list.jsp',-1,1358721784)</script>"
        if number == count:
            return counter
        following = self.list_path(column, number + 1, count)
        last = self.list_path(column, count, count)
        return f'{counter}<span class="p_next p_fun"><a href="{following}">下页</a></span><span class="p_last"><a href="{last}">尾页</a></span>'

    def article(self, item: Item, text: str, attached: str) -> str:
        return (
            f'<form name="_newscontent_fromname"><h1>{item.title}</h1><p>时间：{item.date}</p>'
            f'<div id="vsb_content"><div class="v_news_content">{text}</div></div></form>{attached}'
        )

    def attachment_link(self, item: Item, kind: str) -> str:
        return f"【{super().attachment_link(item, kind)}】已下载<span>12</span>次"

    def answer(self, request: Request) -> Resource:
        """A document that is asked for from nowhere is a small page instead."""
        if request.path == _DOWNLOAD and not request.headers.get("referer"):
            return _ELSEWHERE
        return super().answer(request)
