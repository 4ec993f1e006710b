"""The frame around a page: page tags, menu, footer, links that lead elsewhere; and the ways to get its encoding wrong."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sample.portal.page import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sample.province.site import Site


def frame(site: Site, title: str, body: str, tags: Mapping[str, str]) -> str:
    """A whole page."""
    place = site.place
    own = {"SiteName": place.name, "SiteIDCode": f"00000{site.number:05d}"} if place.tags else {}
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in {**own, **tags}.items())
    menu = "".join(
        f'<li><a href="{escape(site.home_of(column))}">{column.shown or column.name}</a></li>'
        for column in (site.news_column, *site.top)
    )
    gate = f'<a href="/gate/big5/{site.base.split("//")[1]}/">繁體</a>' if place.gate else ""
    charset = "gb2312" if place.charset == "gbk" else "utf-8"
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="{charset}"><title>{escape(title)}_{place.name}</title>{metas}'
        '<link rel="stylesheet" href="/css/style.css"><script>var visits = "<table><tr><td>0</td></tr></table>";</script>'
        f'</head><body><div class="header"><h2>{place.name}</h2>{gate}<ul class="nav"><li><a href="/">首页</a></li>{menu}'
        f'<li><a href="/hd/index.html">互动交流</a></li></ul></div>{body}'
        f'<div class="footer"><p>主办：{place.name}　本网站为示例，地名机构均为虚构</p><a href="/rl/2025/6.html">日历</a>'
        '<a href="javascript:void(0)">打印</a><a href="mailto:office@yunxiu.example">联系我们</a></div></body></html>'
    )


def encoded(text: str, charset: str) -> Resource:
    """A page's bytes and what the server says of them."""
    if charset == "gbk":
        return Resource(text.encode("gbk", "replace"), "text/html")
    if charset == "gb18030 as utf-8":  # two characters beyond GB2312, as names of persons have them
        signed = text.replace("</body>", "<p>经办人：柳镕、沈㐂（示例姓名）</p></body>")
        return Resource(signed.encode("gb18030"), "text/html; charset=utf-8")
    kind = "text/html;charset=ISO-8859-1" if charset == "utf-8 as latin-1" else "text/html; charset=utf-8"
    return Resource(text.encode(), kind)
