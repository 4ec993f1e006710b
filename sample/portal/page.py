"""What the sites of the sample portal serve: resources by path, and the frame of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

HTML = "text/html"


@dataclass(frozen=True)
class Resource:
    """An answer: the body's bytes and how it is sent. ``validators``: whether it has ETag and Last-Modified."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())


def html_page(title: str, body: str, *, site: str, tags: dict[str, str] | None = None, charset: str = "utf-8") -> str:
    """A page with the national standard's tags where given, menu, breadcrumb and footer."""
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in (tags or {}).items())
    menu = "".join(
        f'<li><a href="/{path}/">{name}</a></li>'
        for path, name in (("", "首页"), ("xw", "新闻动态"), ("zwgk", "政务公开"), ("hd", "互动交流"))
    )
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="{charset}"><title>{escape(title)}_{site}</title>{metas}'
        "<style>body{font-family:serif;margin:0 auto;max-width:980px}table{border-collapse:collapse}"
        "td{border:1px solid #333;padding:2px 6px;text-align:center}</style>"
        '<script>var visits = "<table><tr><td>0</td></tr></table>";</script></head><body>'
        f'<div class="header"><h2>{site}</h2><ul class="nav">{menu}</ul></div>{body}'
        f'<div class="footer"><p>主办：{site}　网站标识码：0000000000　本网站为示例，地名机构均为虚构</p>'
        '<a href="javascript:void(0)">打印</a></div></body></html>'
    )


def not_found(site: str) -> Resource:
    """The site's 404 page."""
    return Resource(html_page("页面不存在", "<p>您访问的页面不存在或已删除。</p>", site=site).encode(), status=404)
