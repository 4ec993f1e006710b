"""TRS WCM (§3.1): directories as lists, pages ``index_N.html`` counted from 0 and known to a script alone.

Assumed from the sheet: details at ``YYYYMM/tYYYYMMDD_ID.html`` below the list; ``createPageHTML(total, current, …)`` or
``countPage = N`` holds the count; what lies past the end is a stub without links; documents ``P0….pdf`` lie beside the
page; twins end in ``_wap``; some lists are written by ``document.writeln``, their details named ``t0035_ID``; trees of years and groups stand above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Link, Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sample.elsewhere.serving import Request


class Trs(Site):
    """Static directories; ``counted``: how the script states the number of pages."""

    body_mark = 'class="trs_editor_view"'
    counted = 'createPageHTML({pages}, {current}, "index", "html");'
    waps = False

    def list_url(self, slug: str, page: int) -> str:
        return f"/{slug}/" if page == 1 else f"/{slug}/index_{page - 1}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/{slug}/{entry.date:%Y%m}/t{entry.date:%Y%m%d}_{entry.serial}.html"

    def file_url(self, entry: Entry, kind: str) -> str:
        return f"{entry.path.rsplit('/', 1)[0]}/P0{entry.date:%Y%m%d}{entry.serial:09d}221.{kind}"

    def twin_urls(self, entry: Entry) -> tuple[str, ...]:
        return (entry.path.replace(".html", "_wap.html"),) if self.waps else ()

    def serve_list(self, column: Column) -> None:
        super().serve_list(column)
        self.routes[f"/{column.slug}/index.html"] = self.routes[f"/{column.slug}/"]

    def list_page(self, column: Column, number: int, request: Request) -> Answer:
        if number > column.pages:
            return Answer(b"<html><head></head><body><div class=pagelist></div></body></html>", self.header)
        return super().list_page(column, number, request)

    def pager(self, column: Column, number: int, url: str) -> str:  # noqa: ARG002  # the script asks for no address
        script = self.counted.format(pages=column.pages, current=number - 1)
        return f'<div class="{self.css("fy")}"><script>{script}</script></div>'


class TrsWritten(Trs):
    """Its lists' rows are written by a script."""

    counted = "var countPage = {pages}; //共多少页"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/{slug}/{entry.date:%Y%m}/t0035_{entry.serial}.html"

    def rows(self, entries: Iterable[Entry], url: str) -> str:
        lines = []
        for entry in entries:
            row = (
                f"<li><a href='{self.href(entry.path, url)}' title='{entry.title}'>{entry.title}</a> {entry.date}</li>"
            )
            lines.append(f'document.writeln("{row}");')
        return f'<ul class="{self.css("lb")}"><script>\n' + "\n".join(lines) + "\n</script></ul>"


def _tree() -> Site:
    """A city: years, below them groups, below them agencies' reports; a column tagged and called 点击查看."""
    site = Trs("lanxiu", "澜岫市", "127.2.1.11")
    groups = {
        "szf": ("市政府", [site.place_name + "人民政府"]),
        "sjbm": ("市级部门", [f"澜岫市{bureau}" for bureau in words.BUREAUS[:4]]),
        "qxzf": ("县区", ["砚溪县人民政府", "苇渡区人民政府"]),
    }
    years: list[Link] = []
    for year in sorted(words.YEARS, reverse=True):
        below = []
        for slug, (title, agencies) in groups.items():
            entries = [site.entry(agency, year) for agency in agencies]
            if slug == "sjbm" and year == 2021:
                entries += site.decoy_entries(5, mirror=True)
            if slug == "sjbm" and year > 2021:
                entries[0].files, entries[0].shows = ("pdf",), False
                entries[1].files = ("docx",)
            below.append((title, site.column(f"zwgk/xxnb/{year}n/{slug}", title, entries, tagged=slug == "szf")))
        years.append((f"{year}年", site.menu(f"zwgk/xxnb/{year}n", f"{year}年", below)))
    annual = site.menu("zwgk/xxnb", "政府信息公开年报", years)
    site.way([("政务公开", "zwgk"), ("法定主动公开内容", "zwgk/fdzdgk")], ("政府信息公开年报", annual))
    return site


def _flat() -> Site:
    """A county, GBK declared as gb2312; three pages; twins; a report that is a PDF in the list."""
    site = _Gbk("yanxi", "砚溪县", "127.2.1.12", validators="modified")
    entries = [
        e for agency in ("砚溪县教育局", "砚溪县水利局", *words.townships("砚溪县", 1)) for e in site.entries(agency)
    ]
    for entry in entries[5:8]:
        entry.files, entry.direct, entry.shows = ("pdf",), True, False
    entries[0].wall, entries[0].why = Answer(b"<h1>403 Forbidden</h1>", status=403), "403"
    column = site.column("zfxxgk/fdzdgknr/xxgknb", "信息公开年度报告", [*entries, *site.decoy_entries(8)], size=9)
    site.way([("政府信息公开", "zfxxgk"), ("法定主动公开内容", "zfxxgk/fdzdgknr")], ("信息公开年度报告", column))
    site.robots = "User-agent: *\nDisallow:\nSitemap: /sitemap.xml\n"
    return site


class _Gbk(Trs):
    codec, declared, header = "gbk", "gb2312", "text/html"
    waps = True


def _written() -> Site:
    """A district: rows by document.writeln, and one directory closed by robots.txt."""
    site = TrsWritten("weidu", "苇渡区", "127.2.1.13")
    site.robots, site.forbidden = "User-agent: *\nDisallow: /neibu/\n", ("/neibu/",)
    entries = [e for agency in words.townships("苇渡区", 2) for e in site.entries(agency)]
    column = site.column("gk/ndbg", "年度报告", [*entries, *site.decoy_entries(3)], size=8)
    closed = site.entries("苇渡区审计局", range(2021, 2024))
    for entry in closed:
        entry.why = "robots closed"
    inner = site.column("neibu/sjnb", "审计局年报", closed)
    site.way([("信息公开", "gk"), ("公开年报", "gk/nbml")], ("年度报告", column), ("审计局", inner))
    return site


def sites() -> list[Site]:
    return [_tree(), _flat(), _written()]
