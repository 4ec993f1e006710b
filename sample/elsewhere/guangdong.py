"""Guangdong (§3.5): gkmlpt, whose lists and texts are JSON, and NFCMS.

Assumed: ``window._CONFIG`` holds SID and TREE; ``/gkmlpt/api/all/<cat>?page=N&sid=<SID>`` gives ``classify.post_count``
and ``articles``; the detail's text is ``_CONFIG.DETAIL.content``; units live under ``/<unit>/gkmlpt``. NFCMS: the list is
the directory before ``content/``, pages ``index_2.html`` counted from 1, ``mpost_`` is the page for telephones.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.site import Column, Entry, Site

if TYPE_CHECKING:
    from sample.elsewhere.serving import Answer, Request

_NOON = dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Nfcms(Site):
    """Directories, posts by number, each with a twin for telephones."""

    body_mark = 'class="news_cont_d_wrap"'

    def list_url(self, slug: str, page: int) -> str:
        return f"/{slug}/" if page == 1 else f"/{slug}/index_{page}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/{slug}/content/post_{entry.serial}.html"

    def twin_urls(self, entry: Entry) -> tuple[str, ...]:
        return (entry.path.replace("/post_", "/mpost_"),)

    def file_url(self, entry: Entry, kind: str) -> str:
        return f"/attachment/0/{entry.serial // 1000}/{entry.serial * 10}/{entry.serial}.{kind}"


class Gkmlpt(Nfcms):
    """``units``: the path prefix of each column's platform, by slug; the slug is the category's number."""

    def __init__(self, key: str, place: str, address: str) -> None:
        self.units: dict[str, str] = {}
        super().__init__(key, place, address)

    def platform(self, prefix: str, agency: str, category: str, entries: list[Entry]) -> str:
        """A unit's platform: its index and the interface below; gives the index's address."""
        self.units[category] = prefix
        self.column(category, "政府信息公开年报", entries)
        self.route(f"{prefix}/gkmlpt/index", lambda _: self.tree(prefix, agency, category))
        self.route(f"{prefix}/gkmlpt/annualreport", lambda _: self.tree(prefix, agency, category))
        return f"{prefix}/gkmlpt/index"

    def entry_url(self, slug: str, entry: Entry) -> str:
        if slug not in self.units:
            return super().entry_url(slug, entry)
        return f"{self.units[slug]}/gkmlpt/content/{entry.serial // 1_000_000}/{entry.serial // 1000}/post_{entry.serial}.html"

    def twin_urls(self, entry: Entry) -> tuple[str, ...]:
        return () if "/gkmlpt/" in entry.path else super().twin_urls(entry)

    def serve_list(self, column: Column) -> None:
        if column.slug in self.units:
            path = f"{self.units[column.slug]}/gkmlpt/api/all/{column.slug}"
            self.route(path, lambda request: self.articles(column, request))
        else:
            super().serve_list(column)

    def tree(self, prefix: str, agency: str, category: str) -> Answer:
        number = int(category)
        nodes = [
            {"id": number - 3, "name": "政府信息公开指南", "children": [], "jump_url": f"{prefix}/gkmlpt/guide"},
            {"id": number - 2, "name": "法定主动公开内容", "children": [{"id": number - 1, "name": "机构职能", "children": [], "jump_url": ""}], "jump_url": ""},
            {"id": number, "name": "政府信息公开年报", "children": [], "jump_url": f"{prefix}/gkmlpt/annualreport#{category}"},
        ]  # fmt: skip
        config = {"SID": str(self.number(prefix or "own")), "SITE": {"name": agency}, "TREE": nodes}
        script = f"<div id='app'></div><script>window._CONFIG = {json.dumps(config, ensure_ascii=False)};</script>"
        return self.page(f"{agency}政府信息公开目录", f"{prefix}/gkmlpt/index", script + _PADDING)

    def articles(self, column: Column, request: Request) -> Answer:
        page = int(request.query.get("page", 1))
        if request.query.get("sid") != str(self.number(self.units[column.slug] or "own")):
            return self.json({"classify": {"post_count": 0}, "articles": []})
        articles = [
            {
                "id": entry.serial,
                "title": entry.title,
                "url": self.base + entry.path,
                "create_time": int(dt.datetime.combine(entry.date, _NOON).timestamp()),
                "date": f"{entry.date}",
                "document_number": "",
                "publisher": self.place_name,
            }
            for entry in column.entries[(page - 1) * 10 : page * 10]
        ]
        classify = {"id": int(column.slug), "name": column.title, "post_count": len(column.entries)}
        return self.json({"classify": classify, "articles": articles})

    def detail(self, column: Column, entry: Entry, request: Request) -> Answer:
        if column.slug not in self.units or (entry.wall and not entry.files):
            return super().detail(column, entry, request)
        detail = {
            "id": entry.serial,
            "title": entry.title,
            "content": self.content(entry) + self.attachments(entry, request.path),
        }
        script = f"<div id='app'></div><script>window._CONFIG = {json.dumps({'DETAIL': detail})};</script>"
        tags = (("ArticleTitle", entry.title), ("PubDate", f"{entry.date} 12:00"))
        return self.page(entry.title, request.path, script, tags=tags, whole=True)


_PADDING = "<!-- " + "gkmlpt " * 60 + "-->"


def _gkmlpt() -> Site:
    site = Gkmlpt("xiangshui", "缃水县", "127.2.5.51")
    units = [
        ("", "缃水县人民政府", "20811"),
        ("/xsxswj", "缃水县水利局", "20911"),
        ("/xsxrs", words.townships("缃水县", 1)[0], "21011"),
    ]
    links = []
    for prefix, agency, category in units:
        entries = site.entries(agency)
        entries += site.decoy_entries(5) if not prefix else []
        links.append((agency.removeprefix("缃水县"), site.platform(prefix, agency, category, entries)))
    site.way(
        [("政务公开", "zwgk")],
        ("政府信息公开", links[0][1]),
        ("部门及镇街信息公开目录", site.menu("gkml", "部门及镇街", links[1:])),
    )
    return site


def _nfcms() -> Site:
    site = Nfcms("liaoting", "蓼汀区", "127.2.5.52", validators="modified")
    entries = [e for agency in ("蓼汀区教育局", *words.townships("蓼汀区", 2)) for e in site.entries(agency)]
    entries[6].files, entries[6].shows = ("pdf",), False
    entries[14].files = ("pdf",)
    column = site.column("zwgk/zfxxgkgzndbg", "年度报告", [*entries, *site.decoy_entries(6)], size=10)
    site.way([("信息公开", "zwgk"), ("法定主动公开内容", "zwgk/fdzdgknr")], ("年度报告", column))
    site.forces_gzip = True
    return site


def sites() -> list[Site]:
    return [_gkmlpt(), _nfcms()]
