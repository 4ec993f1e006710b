"""What the sites publish: reports, what looks like one, and news; titles, dates and carriers follow from the names."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample.province.columns import Column

YEARS = range(2017, 2025)
TO_COME = 2025
_TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{name}{year}年度政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
    "{name}政府信息公开工作{year}年度报告",
    "{name}{year}年政府信息公开年度报告",
    "{name}{year}年政府信息公开年报",
    "{name}{year}年度政府信息公开工作报告",
    "关于{name}{year}年度政府信息公开工作情况的报告",
    "{name}政府信息公开工作年度报告（{year}年）",
)
# What looks like a report by its words: title, why it is none, the carrier of its text.
_DECOYS = (
    ("{place}政府网站工作年度报表（{year}年度）", "the site's own yearly report", "website"),
    ("{place}政府网站与政务新媒体{year}年自查报告", "the site's own yearly report", "website"),
    ("政府信息公开工作年度报告制度", "rules", "rules"),
    ("关于印发政府信息公开工作年度报告格式的通知", "a form", "notice"),
    ("关于报送{year}年政府信息公开工作年度报告的通知", "a call for reports", "notice"),
    ("{place}各单位{year}年政府信息公开年度报告公布情况", "a notice of publication", "publication"),
    ("图解：{name}{year}年政府信息公开工作年度报告", "an explainer", "explainer"),
    ("{name}政府信息公开指南（{year}年版）", "a guide", "guide"),
    ("{place}{year}年上半年政府信息公开情况统计表", "half a year", "website"),
    ("{place}{year}年法治政府建设年度报告", "another yearly report", "law"),
    ("{name}{year}年度部门决算", "another yearly report", "law"),
    ("{place}职业技术学院{year}年信息公开工作年度报告", "a school", "tables"),
    ("{place}第一人民医院{year}年政府信息公开工作年度报告", "a hospital", "tables"),
    ("{place}水务集团有限公司{year}年政府信息公开工作年度报告", "a company", "tables"),
    ("《政府信息公开工作年度报告》填报解释", "an explainer", "explainer"),
)
_WALLS = ("412", "403", "gone", "soft 404", "captcha", "robots", "521", "script shell")
_NEWS = (
    "{place}召开{topic}工作推进会", "我县{topic}工作有序推进", "关于{topic}期间交通管制的通告", "{place}开展{topic}专项检查",
    "政府信息公开申请办理窗口搬迁公告", "{topic}进社区活动举行", "{place}{topic}年度报告会召开", "关于{topic}的公示",
)  # fmt: skip
_TOPICS = ("春耕备耕", "防汛", "招商", "校园安全", "森林防火", "乡村道路", "文化惠民", "垃圾分类", "供水改造", "秋收")


@dataclass(eq=False)
class Item:
    """One thing published. ``why`` is empty for a report; ``closed`` is what stands in the way of having it.

    ``carriers``: html or prose (the page itself), pdf, docx; ``direct``: the list links the document, without a page.
    ``path``: where it is, set by its site.
    """

    site: str
    agency: str
    year: int
    title: str
    date: str
    serial: int
    carriers: tuple[str, ...] = ("html",)
    why: str = ""
    text: str = "tables"
    closed: str = ""
    direct: bool = False
    live: bool = True
    withdrawn: bool = False
    revision: int = 0
    column: Column | None = None
    fixed_path: str = ""

    @cached_property
    def token(self) -> str:
        """32 hexadecimal digits of its own."""
        return hashlib.md5(f"{self.site}{self.serial}{self.title}".encode(), usedforsecurity=False).hexdigest()

    @property
    def day(self) -> str:
        """As 20240120."""
        return self.date.replace("-", "")

    @property
    def month(self) -> str:
        """As 202401."""
        return self.day[:6]

    @property
    def has_page_text(self) -> bool:
        """Whether the page itself carries the text."""
        return bool({"html", "prose"} & set(self.carriers))

    @property
    def attachments(self) -> list[str]:
        """Endings of the documents beside it."""
        return [kind for kind in self.carriers if kind in ("pdf", "docx")]


def chance(*parts: object) -> int:
    """A number that follows from the parts: the same at every start."""
    return zlib.crc32("/".join(map(str, parts)).encode())


def reports_of(site: str, agencies: tuple[str, ...]) -> list[Item]:
    """All reports of a site's agencies; that of the year to come waits for a day to turn."""
    found: list[Item] = []
    serials: set[int] = set()
    for agency in agencies:
        for year in (*YEARS, TO_COME):
            luck = chance(site, agency, year)
            title = _TITLES[luck // 7 % len(_TITLES)].format(name=agency, year=year)
            serial = 5200 + luck % 80_000
            while serial in serials:
                serial += 1
            serials.add(serial)
            item = Item(site, agency, year, title, _published(year, luck), serial)
            item.carriers = _carriers(luck % 40, year)
            item.direct = luck % 40 == 5
            item.live = year != TO_COME
            found.append(item)
    return found


def _published(year: int, luck: int) -> str:
    later = 3 if luck % 11 == 0 and year < 2022 else 1  # some were moved in bulk later on
    return f"{year + later}-{1 + luck % 3:02d}-{1 + luck // 3 % 28:02d}"


def _carriers(luck: int, year: int) -> tuple[str, ...]:
    told = {0: ("pdf",), 1: ("docx",), 2: ("html", "pdf", "docx"), 3: ("html", "pdf"), 5: ("pdf",)}
    if year == TO_COME:
        return ("html",)
    return told.get(luck) or (("prose",) if year <= 2018 and luck % 5 == 4 else ("html",))


def decoys_of(site: str, place: str, agencies: tuple[str, ...], number: int) -> list[Item]:
    """Six pages that look like reports, two reports behind walls, one on a mirror; which ones differs from site to site."""
    found = []
    for step in range(6):
        title, why, text = _DECOYS[(number * 6 + step) % len(_DECOYS)]
        agency, year = agencies[step % len(agencies)], 2018 + (number + step) % 7
        item = Item(
            site, agency, year, title.format(place=place, name=agency, year=year), f"{year + 1}-02-{10 + step}", 0
        )
        item.why, item.text = why, text
        found.append(item)
    for step in range(2):
        wall, year = _WALLS[(number * 2 + step) % len(_WALLS)], 2015 + step
        item = Item(site, agencies[0], year, f"{agencies[0]}{year}年政府信息公开工作年度报告", f"{year + 1}-03-05", 0)
        item.why = item.closed = wall
        if wall == "captcha":
            item.carriers = ("pdf",)
        found.append(item)
    if number % 3 == 0:
        mirror = Item(site, agencies[0], 2022, f"{agencies[0]}2022年政府信息公开工作年度报告", "2023-01-18", 0)
        mirror.why, mirror.fixed_path = "a spam mirror", f"http://www-{site}.mirror.example/nianbao/2022.html"
        found.append(mirror)
    for step, item in enumerate(found):
        item.serial = 90_000 + number * 20 + step
    return found


def notices_of(site: str, place: str) -> list[Item]:
    """A notice a year that links what all agencies have published."""
    found = []
    for year in (*YEARS, TO_COME):
        title = f"关于{place}{year}年度政府信息公开工作年度报告公布情况的公告"
        item = Item(
            site, "", year, title, f"{year + 1}-04-02", 95_000 + year, why="a notice of publication", text="publication"
        )
        found.append(item)
    return found


def news_of(site: str, place: str, count: int) -> list[Item]:
    """Pages that have nothing to do with reports; a few speak of public information or of a yearly report."""
    found = []
    for step in range(count):
        luck = chance(site, "news", step)
        title = _NEWS[luck % len(_NEWS)].format(place=place, topic=_TOPICS[luck // 9 % len(_TOPICS)])
        date = f"{2025 - step * 4 // count}-{1 + luck % 12:02d}-{1 + luck // 5 % 28:02d}"
        found.append(Item(site, "", 0, title, date, 200_000 + step, why="news", text="news"))
    return found
