"""The Anhui pair (§3.4): Xxgk/Openness with lists an agency, and LonSun, where a page of a time frame is the report.

Assumed: ids are shared by all agencies of a host, paths are case-sensitive; LonSun's ``type=3`` is the annual report, and
``timeFrame=<year>&hasContent=true`` prints it; another agency of the same host lists ``/public/<org>/<id>.html``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.site import Column, Entry, Site

if TYPE_CHECKING:
    from sample.elsewhere.serving import Answer


class Openness(Site):
    """Slugs that are numbers are agencies."""

    body_mark = 'class="wzcon j-fontContent"'

    def list_url(self, slug: str, page: int) -> str:
        if slug.isdigit():
            return f"/XxgkContent/showList/{slug}/0/page_{page}.html"
        return f"/Content/showList/{self.number(slug)}/page_{page}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/{'XxgkAnnualReport' if slug.isdigit() else 'Content'}/show/{entry.serial}.html"


class LonSun(Site):
    """Slugs that are numbers are agencies; those of ``framed`` have a page a year instead of a list."""

    body_mark = 'class="j-fontContent newscontnet"'

    def __init__(self, key: str, place: str, address: str) -> None:
        self.framed: set[str] = set()
        super().__init__(key, place, address, validators="none")

    def list_url(self, slug: str, page: int) -> str:
        if slug.isdigit():
            return f"/public/column/{slug}?type=3" + (f"&pageIndex={page}" if page > 1 else "")
        return f"/content/column/{self.number(slug)}" + (f"?pageIndex={page}" if page > 1 else "")

    def entry_url(self, slug: str, entry: Entry) -> str:
        if slug in self.framed and entry.report:
            return f"/public/column/{slug}?type=3&timeFrame={entry.report.year}&hasContent=true"
        return f"/public/{slug}/{entry.serial}.html" if slug.isdigit() else f"/content/detail/{entry.serial}.html"

    def list_body(self, column: Column, number: int, url: str) -> str:
        kinds = ("公开制度", "公开指南", "公开年报", "公开目录", "依申请公开")
        tabs = self.links([(kind, f"/public/column/{column.slug}?type={n}") for n, kind in enumerate(kinds, 1)], url)
        if not column.slug.isdigit():
            return super().list_body(column, number, url)
        if column.slug not in self.framed:
            return tabs + super().list_body(column, number, url)
        years = [(f"{entry.report.year}年", entry.path) for entry in column.entries if entry.report]
        return tabs + self.links(years, url)

    def serve_list(self, column: Column) -> None:
        super().serve_list(column)
        if column.slug.isdigit():
            for kind, title in ((1, "公开制度"), (2, "公开指南"), (4, "公开目录"), (5, "依申请公开")):
                self.route(f"/public/column/{column.slug}?type={kind}", lambda _, title=title: self._other(title))  # type: ignore[misc]

    def _other(self, title: str) -> Answer:
        return self.page(title, "/public/column/0", f"<p>{title}：内容维护中。</p>")


def _openness() -> Site:
    site = Openness("dianzhou", "簟州区", "127.2.4.41", validators="modified")
    agencies = ("簟州区人民政府", "簟州区统计局", *words.townships("簟州区", 2))
    links = []
    for number, agency in enumerate(agencies):
        entries = site.entries(agency)
        if number == 1:
            entries += site.decoy_entries(6)
        slug = str(3_411_000 + number * 17)
        annual = site.column(slug, "政府信息公开年报", entries, size=6)
        short = agency.removeprefix("簟州区")
        links.append((short, site.menu(f"dw{number}", short, [*site.siblings(3), ("政府信息公开年报", annual)])))
    site.way([("政府信息公开", "xxgk"), ("部门乡镇信息公开", "bmxz")], *links)
    return site


def _lonsun() -> Site:
    site = LonSun("wujian", "梧笺县", "127.2.4.42")
    agencies = ("梧笺县人民政府办公室", "梧笺县自然资源局", *words.townships("梧笺县", 1))
    site.framed = {"6601", "6619"}
    links = []
    for slug, agency in zip(("6601", "6607", "6619"), agencies, strict=True):
        entries = site.entries(agency)
        links.append(
            (agency, site.column(slug, "公开年报", [*entries, *(site.decoy_entries(4) if slug == "6607" else [])]))
        )
    site.way([("政务公开", "zwgk"), ("信息公开目录", "gkml")], *links)
    return site


def sites() -> list[Site]:
    return [_openness(), _lonsun()]
