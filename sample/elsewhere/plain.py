"""Sites of no family, and sites that give nothing: walls, a script in place of a home page, a closed robots.txt (§5).

Assumed: 412 with a script (瑞数), 521 with a cookie (加速乐), a home page under 3 KB without links, robots.txt that answers
5xx, which closes the whole site (RFC 9309, 2.3.1.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from sample.elsewhere.serving import Request

_RIVERS = Answer(
    (
        b'<!DOCTYPE html><html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="x"><script>$_ts=window["$_ts"];'
        b"$_ts.nsd=48712;</script></head><body></body></html>"
    ),
    status=412,
    headers=(("Set-Cookie", "FSSBBIl1UgzbN7N80S=1; Path=/"),),
)
_JSL = Answer(
    b"<script>document.cookie=('__jsl_clearance=1');location.href=location.pathname</script>",
    status=521,
    headers=(("X-Via-JSL", "5077"), ("Set-Cookie", "__jsluid_s=1; Path=/")),
)
_SHELL = Answer(b"<html><head><script src=/_guard/auto.js></script></head><body><script>start()</script></body></html>")


class Plain(Site):
    """Pages by hand: ``show-<id>.html`` and lists ``list-<n>-<page>.html``."""

    codec, declared, header = "gb18030", "utf-8", "text/html"

    def list_url(self, slug: str, page: int) -> str:
        return f"/list-{self.number(slug)}-{page}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:  # noqa: ARG002
        return f"/show-{entry.serial}.html"


class Aspx(Site):
    """Everything in a query."""

    def list_url(self, slug: str, page: int) -> str:
        return f"/InfoPublic.aspx?cid={self.number(slug)}&page={page}"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/InfoShow.aspx?cid={self.number(slug)}&id={entry.serial}"

    def file_url(self, entry: Entry, kind: str) -> str:
        return f"/upload/{entry.date:%Y%m}/{entry.serial}.{kind}"


class Walled(Plain):
    """A site that answers one thing to everything that ``behind`` says."""

    codec = "utf-8"

    def __init__(self, key: str, place: str, address: str, wall: Answer, behind: Callable[[str], bool]) -> None:
        super().__init__(key, place, address)
        self._wall, self._behind = wall, behind

    def answer(self, request: Request) -> Answer:
        return self._wall if self._behind(request.path) else super().answer(request)


def _plain() -> Site:
    """No family: documents in the list, half of the oldest are Word files."""
    site = Plain("moheng", "墨蘅镇", "127.2.10.101", validators="none")
    entries = site.entries("墨蘅镇人民政府")
    for entry in entries[2:6]:
        entry.files, entry.direct, entry.shows = ("docx" if entry.serial % 2 else "pdf",), True, False
    column = site.column("nb", "信息公开年报", [*entries, *site.decoy_entries(3)])
    site.way([("信息公开", "xxgk")], ("信息公开年报", column))
    return site


def _noticed() -> Site:
    """The units' reports are told by a notice alone; the county's column bears the tag and is called 点击进入."""
    site = Aspx("qixi", "棋溪县", "127.2.10.102")
    own = site.column("nb", "年报", site.entries("棋溪县人民政府"), tagged=True)
    units = [f"棋溪县{bureau}" for bureau in words.BUREAUS[:3]]
    column = Column("units", "单位年报", [entry for agency in units for entry in site.entries(agency)], 99)
    site.columns.append(column)
    for entry in column.entries:
        site.place(column, entry)
    notice = Entry(
        "棋溪县各单位2024年度政府信息公开工作年度报告公布情况", column.entries[0].date, next(site.serials), why="notice"
    )
    notices = site.column("tzgg", "通知公告", [notice, *site.decoy_entries(3)])
    site.route(
        notice.path,
        lambda _: site.page(
            notice.title, "/x", site.links([(e.title, e.path) for e in column.entries], "/x"), whole=True
        ),
    )
    site.way([("政务公开", "zwgk"), ("政府信息公开", "zfxxgk")], ("点击进入", own), ("通知公告", notices))
    return site


def _closed(site: Site, why: str) -> Site:
    """All its reports cannot be had."""
    entries = site.entries(f"{site.place_name}人民政府", range(2020, 2025))
    for entry in entries:
        entry.why = why
    site.way([("政府信息公开", "xxgk")], ("年报", site.column("nb", "年报", entries)))
    return site


def sites() -> list[Site]:
    robots = Plain("fenglu", "枫鹭县", "127.2.10.103")
    robots.robots, robots.forbidden = 503, ("/",)
    rivers = Walled("liyuan", "蠡垣区", "127.2.10.104", _RIVERS, lambda path: path != "/robots.txt")
    jsl = Walled("baiyu", "柏榆县", "127.2.10.104", _JSL, lambda path: path.startswith(("/list-", "/show-")))
    shell = Walled("jingpu", "璟浦县", "127.2.10.105", _SHELL, lambda path: path in ("/", "/index.html"))
    walled = ((robots, "robots closed"), (rivers, "412"), (jsl, "521"), (shell, "shell"))
    return [_plain(), _noticed(), *(_closed(site, why) for site, why in walled)]
