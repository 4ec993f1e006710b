"""Ucap (§3.3): lists by the name of a template, pages ``_2`` counted from 1; a search in JSON; manuscripts by POST.

Assumed: the bare directory is 404; the column changes with the year; the search answers ``data.total`` and
``data.results``, 20 at a time; ``interface-cms`` answers ``results`` for websiteId and channelId as the page prints them.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Link, Site

if TYPE_CHECKING:
    from sample.elsewhere.serving import Request

_MANUSCRIPTS = "/interface-cms/qryManuscriptByWebsiteId"


class Ucap(Site):
    """``template`` names the lists; ``ending`` ends the columns' numbers."""

    body_mark = 'id="UCAP-CONTENT"'
    template = "zfxxgk_gknbz"
    ending = "c"

    def folder(self, slug: str) -> str:
        return f"/{self.id}/c{self.number(slug)}{self.number(slug) % 10}{self.ending}"

    def list_url(self, slug: str, page: int) -> str:
        return f"{self.folder(slug)}/{self.template}{f'_{page}' if page > 1 else ''}.shtml"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"{self.folder(slug)}/{entry.date:%Y%m}/{entry.token}.shtml"


class UcapSearch(Ucap):
    """The list is what a search finds."""

    template, ending = "list", ""

    def serve_list(self, column: Column) -> None:
        super().serve_list(column)
        key = hashlib.md5(column.slug.encode(), usedforsecurity=False).hexdigest()
        self.route(f"/common/search/{key}", lambda request: self.search(column, request))

    def list_body(self, column: Column, number: int, url: str) -> str:
        if column in self.news:
            return super().list_body(column, number, url)
        key = hashlib.md5(column.slug.encode(), usedforsecurity=False).hexdigest()
        return (
            f'<div id="{self.css("lb")}"></div><script>var api="/common/search/{key}?_isAgg=true&_isJson=true&_pageSize=20'
            '&_template=index&page=";load(api,1);</script>'
        )

    def search(self, column: Column, request: Request) -> Answer:
        page, size = int(request.query.get("page", 1)), int(request.query.get("_pageSize", 20))
        results = [
            {"title": e.title, "url": self.base + e.path, "publishedTimeStr": f"{e.date} 10:00:00", "content": ""}
            for e in column.entries[(page - 1) * size : page * size]
        ]
        return self.json({"data": {"total": len(column.entries), "page": page, "results": results}})


class UcapManuscripts(Ucap):
    """The list is asked for with a POST."""

    template, ending = "common_list", "t"

    def __init__(self, key: str, place: str, address: str) -> None:
        super().__init__(key, place, address)
        self.route(_MANUSCRIPTS, self.manuscripts)

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"{self.folder(slug)}/{entry.date:%Y%m}/c03_{entry.serial}.shtml"

    def list_body(self, column: Column, number: int, url: str) -> str:
        if column in self.news:
            return super().list_body(column, number, url)
        return (
            f'<div class="{self.css("lb")}"></div><script>var websiteId="7c2f0e"; var channelId="{self.number(column.slug)}";'
            f'$.post("{_MANUSCRIPTS}",{{websiteId:websiteId,channelId:[channelId],pageNum:1,pageSize:15}},show);</script>'
        )

    def manuscripts(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(b"", status=405)
        try:
            asked = json.loads(request.body)
        except json.JSONDecodeError:
            asked = request.form
        channels = asked.get("channelId", [])
        wanted = [str(channel) for channel in (channels if isinstance(channels, list) else [channels])]
        page, size = int(asked.get("pageNum", 1)), int(asked.get("pageSize", 15))
        for column in self.columns:
            if str(self.number(column.slug)) in wanted and asked.get("websiteId") == "7c2f0e":
                results = [
                    {
                        "manuscriptId": str(e.serial),
                        "channelId": wanted[0],
                        "title": e.title,
                        "url": e.path,
                        "staticUrl": e.path,
                        "publishedTime": f"{e.date} 08:30:00",
                    }
                    for e in column.entries[(page - 1) * size : page * size]
                ]
                return self.json({"total": len(column.entries), "results": results})
        return self.json({"total": 0, "results": []})


def _lists() -> Site:
    """A column a year; one entry of the page is behind a captcha."""
    site = Ucap("jiyuan", "霁原市", "127.2.3.31", validators="modified")
    agencies = [f"霁原市{bureau}" for bureau in words.BUREAUS[:6]] + words.townships("霁原市", 6)
    years: list[Link] = []
    for year in sorted(words.YEARS, reverse=True):
        entries = [site.entry(agency, year) for agency in agencies[: 3 if year < 2022 else 12]]
        entries += site.decoy_entries(3) if year in (2020, 2023) else []
        years.append((f"{year}年度", site.column(f"niandu{year}", f"{year}年度", entries, size=7)))
    site.way([("信息公开", "xxgk"), ("政府信息公开年报", "xxgknb")], *years)
    return site


def _search() -> Site:
    site = UcapSearch("jiaoyu", "椒屿县", "127.2.3.32")
    entries = [
        e for agency in ("椒屿县人民政府", "椒屿县司法局", *words.townships("椒屿县", 1)) for e in site.entries(agency)
    ]
    column = site.column("gknb", "公开年报", [*entries, *site.decoy_entries(5)])
    site.way([("政务公开", "zwgk"), ("政府信息公开", "zfxxgk")], ("公开年报", column))
    return site


def _manuscripts() -> Site:
    site = UcapManuscripts("liwu", "栗坞县", "127.2.3.32")
    entries = [e for agency in ("栗坞县审计局", *words.townships("栗坞县", 1)) for e in site.entries(agency)]
    column = site.column("xxgknb", "政府信息公开年度报告", [*entries, *site.decoy_entries(4)])
    site.way([("政府信息公开", "zfxxgk")], ("政府信息公开年度报告", column))
    site.routes |= {
        "/liwu/index.shtml": site.home,
        "/": lambda _: Answer(b"", status=302, headers=(("Location", "/liwu/index.shtml"),)),
    }
    return site


def sites() -> list[Site]:
    return [_lists(), _search(), _manuscripts()]
