"""Hanweb (§3.2): jpage columns, the page that is an agency's report of a year, and JPaaS.

Assumed: the first rows stand in ``<datastore>`` as CDATA; ``dataproxy.jsp`` gives the others for columnid, unitid and
webid as the column's script prints them, and next to nothing without them; ``downfile.jsp`` redirects to ``/attach/0``;
``xxgkAnnualReport.jsp`` takes area and fbtime in any order, fbtime the report's year with one agency and the year of
publication with another; the unit build endpoint answers the first page for numbers past the end. A site with
``<nextgroup>`` tells the address of its second page, and N in place of 2 that of others.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Link, Site

if TYPE_CHECKING:
    from sample.elsewhere.report import Report
    from sample.elsewhere.serving import Request
    from sample.world import WorldReport

_PROXY = "/module/web/jpage/dataproxy.jsp"
_BUILD = "/api-gateway/jpaas-publish-server/front/page/build/unit"


class Jpage(Site):
    """Columns by number."""

    body_mark = 'id="zoom"'
    per_page = 8

    def __init__(self, key: str, place: str, address: str) -> None:
        super().__init__(key, place, address)
        self.link_style = "root"
        self.route(_PROXY, self.proxy)

    def list_url(self, slug: str, page: int) -> str:
        return f"/col/col{self.number(slug)}/index.html" + (
            f"?uid={self.unit(slug)}&pageNum={page}" if page > 1 else ""
        )

    def unit(self, slug: str) -> int:
        return self.number("unit" + slug)

    def entry_url(self, slug: str, entry: Entry) -> str:
        day = f"{entry.date.year}/{entry.date.month}/{entry.date.day}"
        return f"/art/{day}/art_{self.number(slug)}_{entry.serial}.html"

    def file_url(self, entry: Entry, kind: str) -> str:
        name = f"{entry.date:%Y%m%d}{entry.serial}.{kind}"
        return f"/module/download/downfile.jsp?classid=0&showname={quote(entry.title)}.{kind}&filename={name}"

    def place(self, column: Column, entry: Entry) -> None:
        super().place(column, entry)
        for kind in entry.files:
            attached = f"/attach/0/{entry.date:%Y%m%d}{entry.serial}.{kind}"
            self.route(attached, lambda request, kind=kind: super(Jpage, self).file(entry, kind, request))  # type: ignore[misc]

    def file(self, entry: Entry, kind: str, _: Request) -> Answer:
        attached = f"/attach/0/{entry.date:%Y%m%d}{entry.serial}.{kind}"
        return Answer(b"", status=302, headers=(("Location", attached),))

    def list_body(self, column: Column, number: int, url: str) -> str:
        """Rows as data, and the script that knows how to ask for more."""
        if column not in (*self.columns, *self.news):
            return super().list_body(column, number, url)
        unit, each = self.unit(column.slug), self.per_page
        values = (
            f"{{col:1,appid:1,webid:47,path:'/',columnid:{self.number(column.slug)},sourceContentType:1,"
            f"unitid:'{unit}',webname:'{self.place_name}人民政府',permissiontype:0}}"
        )
        return (
            f'<div id="{unit}"><script type="text/xml">{self.datastore(column, 1, 3 * each)}</script></div>'
            f"<script>jQuery('#{unit}').jpage({{perPage:{each},totalRecord:{len(column.entries)},"
            f"proxyUrl:'{_PROXY}',ajaxParam:{values}}});</script>"
        )

    def datastore(self, column: Column, first: int, last: int) -> str:
        records = (
            f'<record><![CDATA[<li><a href="{entry.path}" title="{entry.title}">{entry.title}</a><i>{entry.date}</i></li>]]></record>'
            for entry in column.entries[first - 1 : last]
        )
        return (
            f"<datastore><totalrecord>{len(column.entries)}</totalrecord><totalpage>{-(-len(column.entries) // self.per_page)}"
            f"</totalpage><recordset>{''.join(records)}</recordset></datastore>"
        )

    def proxy(self, request: Request) -> Answer:
        form = request.form
        for column in (*self.columns, *self.news):
            right = form.get("unitid") == str(self.unit(column.slug)) and form.get("webid") == "47"
            if right and form.get("columnid") == str(self.number(column.slug)):
                first = int(form.get("startrecord", 1))
                last = min(int(form.get("endrecord", first + 23)), first + 299)
                return Answer(self.datastore(column, first, last).encode(), "text/xml; charset=utf-8")
        return Answer(b"<datastore><recordset></recordset></datastore>", "text/xml; charset=utf-8")


class JpageGroups(Jpage):
    """Its columns print the next page's address, ids encrypted, and no script that knows them."""

    per_page = 5

    def list_body(self, column: Column, number: int, url: str) -> str:  # noqa: ARG002  # the proxy pages
        data = self.datastore(column, 1, self.per_page)
        if column.pages > 1 or len(column.entries) > self.per_page:
            following = (
                f"{_PROXY}?page=2&webid=47&columnid={self.secret(column, 'c')}&unitid={self.secret(column, 'u')}"
            )
            group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup><recordset>'
            data = data.replace("<recordset>", group)
        return f'<div id="{self.unit(column.slug)}"><script type="text/xml">{data}</script></div>'

    def secret(self, column: Column, what: str) -> str:
        """An id that tells nothing."""
        return Entry(what + column.slug, dt.date(2020, 1, 1), self.number(column.slug)).token.upper()

    def proxy(self, request: Request) -> Answer:
        form = request.form
        data = "<datastore><recordset></recordset></datastore>"
        for column in (*self.columns, *self.news):
            if (form.get("columnid"), form.get("unitid")) == (self.secret(column, "c"), self.secret(column, "u")):
                page = int(form.get("page", 1))
                data = self.datastore(column, (page - 1) * self.per_page + 1, page * self.per_page)
        return Answer(data.encode(), "text/xml; charset=utf-8")


class AnnualPages(Jpage):
    """Each agency's report of each year is a page with two parameters, and links to the other years."""

    def __init__(self, key: str, place: str, address: str) -> None:
        super().__init__(key, place, address)
        self.publishes: set[str] = set()  # areas whose fbtime is the year of publication
        self.places: dict[str, str] = {}

    def entry_url(self, slug: str, entry: Entry) -> str:
        if not entry.report or slug not in self.places:
            return super().entry_url(slug, entry)
        year = entry.report.year + (slug in self.publishes)
        pairs = [f"area={slug}", f"fbtime={year}"]
        return "/module/xxgk/xxgkAnnualReport.jsp?" + "&".join(pairs if entry.serial % 2 else pairs[::-1])

    def _found(self, entry: Entry, report: Report) -> WorldReport:
        return replace(super()._found(entry, report), twins=(self.base + _turned(entry.path),))

    def unit_column(self, area: str, agency: str, entries: list[Entry]) -> None:
        self.places[area] = agency
        self.columns.append(column := Column(area, agency, sorted(entries, key=lambda entry: entry.date, reverse=True)))
        for entry in column.entries:
            self.place(column, entry)

    def directory(self, _: Request) -> Answer:
        newest = [(column.title, column.entries[0].path) for column in self.columns]
        return self.page("部门乡镇年报", "/", self.links(newest, "/"), trail=("年报",))

    def detail(self, column: Column, entry: Entry, request: Request) -> Answer:
        answer = super().detail(column, entry, request)
        if column.slug not in self.places:
            return answer
        years = [(f"{other.report.year}年", _turned(other.path)) for other in column.entries if other.report]
        nav = self.links(years, request.path).encode()
        return Answer(answer.body.replace(b"</body>", nav + b"</body>"), answer.kind)


def _turned(path: str) -> str:
    """The same page, its two parameters in the other order."""
    script, _, query = path.partition("?")
    return f"{script}?{'&'.join(reversed(query.split('&')))}"


class Jpaas(Site):
    """Lists are built by a gateway; the page names what it wants of it."""

    body_mark = 'class="article_con"'

    def __init__(self, key: str, place: str, address: str) -> None:
        super().__init__(key, place, address, validators="none")
        self.route(_BUILD, self.build)

    def list_url(self, slug: str, page: int) -> str:
        return f"/xzx/{slug}/index.html" + (f"?page={page}" if page > 1 else "")

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/xzx/{slug}/art/{entry.date.year}/art_{entry.token}.html"

    def list_body(self, column: Column, number: int, url: str) -> str:  # noqa: ARG002  # the gateway pages
        number = self.number(column.slug)
        data = (
            f"{{'parseType':'bulidstatic','webId':'3f1c47','tplSetId':'9ab20d','pageType':'column','tagId':'列表{number}',"
            f"'editType':'null','pageId':'{number}'}}"
        )
        return (
            f'<div id="u{number}"></div><script src="/script/unitbuild.js" url="{_BUILD}" queryData="{data}"></script>'
        )

    def build(self, request: Request) -> Answer:
        form = request.form
        try:
            page = json.loads(form.get("paramJson", "{}"))
        except json.JSONDecodeError:
            page = {}
        for column in (*self.columns, *self.news):
            if form.get("pageId") == str(self.number(column.slug)) and form.get("webId") == "3f1c47":
                size = int(page.get("pageSize", 10))
                first = (int(page.get("pageNo", 1)) - 1) * size
                shown = column.entries[first : first + size] or column.entries[:size]
                total = f'<div class="pagination" totalCount="{len(column.entries)}"></div>'
                return self.json({"success": True, "code": "200", "data": {"html": self.rows(shown, "/") + total}})
        return self.json({"success": False, "code": "500", "data": {"html": ""}})


def _jpage() -> Site:
    site = Jpage("fengjiang", "枫桨县", "127.2.2.21")
    agencies = ("枫桨县人民政府", "枫桨县财政局", *words.townships("枫桨县", 2))
    entries = [entry for agency in agencies for entry in site.entries(agency)]
    entries[10].files, entries[10].shows = ("pdf",), False
    entries[18].files = ("docx",)
    entries[16].wall, entries[16].why = Answer(b"error", status=500), "500"
    entries[17].wall, entries[17].why = Answer(b"<h1>404</h1>", status=404), "404"
    column = site.column("nb", "政府信息公开年报", [*entries, *site.decoy_entries(7, mirror=True)])
    site.way([("政府信息公开", "xxgk"), ("公开内容", "gknr")], ("政府信息公开年报", column))
    return site


def _annual() -> Site:
    site = AnnualPages("lanping", "岚坪县", "127.2.2.22")
    codes = ("11990883004326403Q", "119908020026215644", "001008003004073", "01251010-066")
    agencies = ("岚坪县人民政府办公室", "岚坪县民政局", *words.townships("岚坪县", 2))
    site.publishes = {codes[3]}
    for area, agency in zip(codes, agencies, strict=True):
        entries = site.entries(agency)
        for entry in entries:
            if entry.report and entry.report.year == 2023:
                entry.files = ("pdf", "docx")
        site.places[area] = agency
        site.unit_column(area, agency, entries)
    site.route("/col/col88021/index.html", site.directory)
    site.way([("政务公开", "zwgk")], ("部门乡镇年报", "/col/col88021/index.html"))
    return site


def _jpaas() -> Site:
    site = Jpaas("xizhan", "汐栈县", "127.2.2.23")
    groups: list[Link] = []
    for slug, title, agencies in (
        ("zwgk/xxgkndbg/bm", "部门", [f"汐栈县{bureau}" for bureau in words.BUREAUS[2:4]]),
        ("zwgk/xxgkndbg/xzf", "乡镇", words.townships("汐栈县", 2)),
    ):
        entries = [entry for agency in agencies for entry in site.entries(agency)]
        groups.append((title, site.column(slug, f"{title}信息公开年度报告", [*entries, *site.decoy_entries(2)])))
    site.way([("政务公开", "zwgk"), ("信息公开年度报告", "zwgk/xxgkndbg")], *groups)
    return site


def _groups() -> Site:
    site = JpageGroups("mianhe", "湎荷区", "127.2.2.24")
    entries = site.entries(words.townships("湎荷区", 1)[0])
    column = site.column("nb", "公开年报", [*entries, *site.decoy_entries(4)], size=99)
    site.way([("政务公开", "zwgk")], ("公开年报", column))
    return site


def sites() -> list[Site]:
    return [_jpage(), _groups(), _annual(), _jpaas()]
