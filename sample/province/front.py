"""Home pages, news, and what never ends: a calendar, a pager, links with a session's number."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

from sample.portal.page import Resource
from sample.province import walls
from sample.province.columns import Column
from sample.province.items import chance
from sample.province.shapes import ANNUAL

if TYPE_CHECKING:
    import re

    from sample.province.site import Request, Site

_NEWS_ON_FRONT = 8
_GATE = r"/gate/big5/[^/]+(/.*)"


def news_column(site: Site) -> Column:
    """The column of news with its articles."""
    return Column("xwzx/bdyw", "新闻动态").takes(site.news)


def place(site: Site) -> None:
    """The routes of the front."""
    _place_home(site)
    site.by_address["/css/style.css"] = lambda: Resource(b"body{margin:0 auto;max-width:980px}", "text/css")
    robots = walls.robots(site)
    if robots is not None:
        site.by_address["/robots.txt"] = lambda: robots
    else:
        site.by_address["/robots.txt"] = lambda: Resource(b"<html>404</html>", "text/html", 404)
    site.route(r"/rl/(\d{1,4})/(\d{1,2})\.html", lambda _, match: _month(site, int(match[1]), int(match[2])))
    site.route(r"/rl/\d{1,4}/\d{1,2}/\d{1,2}\.html", lambda *_: site.page("日程", "<p>当日无安排。</p>"))
    site.route(r"/hd/index\.html(?:;jsessionid=\w+)?", lambda request, _: _letters(site, request, 1))
    site.route(
        r"/hd/list\.jsp;jsessionid=\w+\?page=(\d{1,9})", lambda request, match: _letters(site, request, int(match[1]))
    )
    site.route(r"/wsdc/list\?page=(\d{1,9})", lambda _, match: _surveys(site, int(match[1])))
    if site.place.gate:
        site.route(_GATE, lambda request, match: _behind_gate(site, request, match))


def _place_home(site: Site) -> None:
    def home() -> Resource:
        return site.page("首页", _home(site))

    inner = f"/{site.place.id}/sy/index.html"
    shells = {
        "302": Resource(b"", status=302, headers=(("Location", inner),)),
        "meta": Resource(f'<html><head><meta http-equiv="refresh" content="0; url={inner}"></head></html>'.encode()),
        "script": Resource(f'<html><head><script>window.location.href = "{inner}";</script></head></html>'.encode()),
    }
    shell = shells.get(site.place.entrance)
    site.by_address["/"] = home if shell is None else lambda: shell
    if shell is not None:
        site.by_address[inner] = home


def _home(site: Site) -> str:
    """Banners, news, the menu's columns once more, and the neighbours; the yearly reports stand nowhere on it."""
    news = "".join(site.row(item) for item in site.news_column.items[:_NEWS_ON_FRONT])
    tiles = "".join(
        f'<div class="tile"><a href="{site.home_of(child)}">{escape(child.shown or child.name)}</a></div>'
        for column in site.top
        for child in column.children[:3]
        if child.kind != ANNUAL and child.name != "政府信息公开年报"
    )
    neighbours = "".join(f'<option value="{url}/">{name}</option>' for name, url in site.neighbours.items())
    others = "".join(
        f'<a href="{url}/">{name}</a> ' for name, url in list(site.neighbours.items())[site.number % 5 :: 5]
    )
    return (
        f'<div class="banner"><a href="http://huodong-{site.place.id}.example/"><img src="/images/banner.png" alt="专题"></a></div>'
        f'<h3>新闻动态</h3><ul>{news}</ul><a href="{site.home_of(site.news_column)}">更多&gt;&gt;</a>'
        f'<div class="tiles">{tiles}</div><div class="links">友情链接：{others}<select>{neighbours}</select></div>'
        '<a href="/hd/index.html">领导信箱</a><a href="/wsdc/list?page=1">网上调查</a>'
    )


def _month(site: Site, year: int, month: int) -> Resource:
    """A month of a calendar that goes on for ever, in both directions."""
    try:
        first = dt.date(year, month, 1)
    except ValueError:
        return walls.not_found(site)
    around = [first - dt.timedelta(days=1), first + dt.timedelta(days=31)] if 1 < year < 9999 else []
    links = "".join(f'<a href="/rl/{day.year}/{day.month}.html">{day.year}年{day.month}月</a> ' for day in around)
    days = "".join(f'<a href="/rl/{year}/{month}/{day}.html">{day}</a> ' for day in range(1, 29))
    return site.page(f"{year}年{month}月", f"<div>{links}</div><div>{days}</div>")


def _letters(site: Site, request: Request, number: int) -> Resource:
    """Letters to the mayor: each page has a next one, and each link a session's number that was not there before."""
    session = f"{chance(request.target, number):08X}"
    rows = "".join(
        f'<li><a href="/hd/index.html;jsessionid={session}{n}">关于办理证件的咨询{number * 10 + n}</a></li>'
        for n in range(10)
    )
    following = f'<a href="/hd/list.jsp;jsessionid={session}?page={number + 1}">下一页</a>'
    return site.page("互动交流", f"<ul>{rows}</ul>{following}")


def _surveys(site: Site, number: int) -> Resource:
    """A pager without an end: what is asked for beyond the last page is the last page, with a next one."""
    rows = "".join(f'<li><a href="/wsdc/show?id={n}">关于政务公开满意度的调查（第{n}期）</a></li>' for n in range(1, 9))
    return site.page("网上调查", f'<ul>{rows}</ul><a href="/wsdc/list?page={number + 1}">下一页</a>')


def _behind_gate(site: Site, request: Request, match: re.Match[str]) -> Resource:
    """The same page under the gate of traditional script; its links stay there."""
    inner = site.answer(type(request)(match[1], request.method, request.headers))
    if not inner.content_type.startswith("text/html"):
        return inner
    gate = match[0].removesuffix(match[1])
    return Resource(
        inner.body.replace(b'href="/', f'href="{gate}/'.encode()).replace(f"{gate}/gate/".encode(), b"/gate/"),
        inner.content_type, inner.status, inner.headers,
    )  # fmt: skip
