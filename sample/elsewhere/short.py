"""The shorter sheets (§3.7): families that differ in their addresses alone, a line each.

Where the sheet does not know the pager, the page itself links its next page. ``{s}`` column, ``{n}`` its number,
``{p}`` page, ``{d}`` date, ``{i}`` serial, ``{hex}``, ``{uuid}``, ``{ms}`` milliseconds since 1970, ``{snow}`` 18 digits.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample.elsewhere.report import Report
    from sample.elsewhere.serving import Request, Validators
    from sample.world import WorldReport

_GATE = "/gate/big5/"
# What the gate turns: enough to make the text another one.
_TRADITIONAL = str.maketrans(
    "县区办教财乡镇业门报开级务总结实发关于图书汇统计项数无现体",
    "縣區辦教財鄉鎮業門報開級務總結實發關於圖書匯統計項數無現體",
)


@dataclass(frozen=True)
class Sheet:
    """A family of §3.7: its addresses, and the site that shows it."""

    key: str
    place: str
    address: str
    first: str
    more: str
    detail: str
    column: str = "zfxxgknb"
    clicks: tuple[tuple[str, str], ...] = (("政府信息公开", "zfxxgk"),)
    label: str = "政府信息公开年报"
    agencies: int = 2
    decoys: int = 3
    size: int = 9
    validators: Validators = "etag"


_OPEN = ("政务公开", "zwgk")
_DUTY = ("法定主动公开内容", "fdzdgknr")
SHEETS = (
    Sheet("jinpu", "槿浦县", "127.2.8.81", "/gongkai/site_jpx/channel_c_{n}/", "/gongkai/site_jpx/channel_c_{n}/index_{p}.html", "/gongkai/site_jpx/channel_c_{n}/doc_{hex24}.html", clicks=(_OPEN, _DUTY)),
    Sheet("jihu", "芰湖区", "127.2.8.82", "/columns/{u}/index.html", "/columns/{u}/index_{p}.html", "/columns/{u}/{d:%Y%m}/{d:%d}/{uuid}.html", label="信息公开年报"),
    Sheet("yingchuan", "萤川县", "127.2.8.83", "/{s}/index.jhtml", "/{s}/index_{p}.jhtml", "/{s}/{i}.jhtml", clicks=(_OPEN,), label="年报", validators="modified"),
    Sheet("shuofan", "朔帆区", "127.2.8.84", "/{s}/", "/{s}/{p}.html", "/{s}/{oid}.html", column="xxgk/fdzdgknr/nb"),
    Sheet("shuomo", "朔墨区", "127.2.8.84", "/{s}/", "/{s}/{p}.html", "/{s}/{snow}.html", column="zwgk/xxgknb", agencies=1),
    Sheet("haitan", "海檀市", "127.2.8.85", "/html/HTS/{n}/index.html", "/html/HTS/{n}/index{p}.html", "/html/HTS/{d:%Y%m}/0{ms}00.html", clicks=(_OPEN, _DUTY), label="年度报告"),
    Sheet("kunlan", "鹍岚区", "127.2.8.86", "/{s}/", "/{s}/index_{p}.shtml", "/c/{d:%Y-%m-%d}/{i}.shtml", column="zfxxgkml/zfxxgkndbg", agencies=1),
    Sheet("changqi", "棠蹊区", "127.2.8.87", "/class/{caps}", "/class/{caps}?page={p}", "/gi_news/{i}", clicks=(("信息公开", "xxgk"), _DUTY), label="公开年报"),
    Sheet("shijian", "时笺旗", "127.2.8.88", "/{s}/index.html", "/{s}/index_{p}.html", "/{s}/{snow}/index.html", column="zwgk/gknb", agencies=1, validators="none"),
    Sheet("wenzhang", "汶樟旗", "127.2.8.89", "/{s}/index.html", "/{s}/index_{p}.html", "/wzq/{d:%Y-%m}/{d:%d}/article_{ms}.html", column="wzq/xxgk/nb", agencies=1),
    Sheet("zhoulin", "洲霖县", "127.2.8.90", "/sitesources/zlx/page_pc/{s}/list1.html", "/sitesources/zlx/page_pc/{s}/list{p}.html", "/sitesources/zlx/page_pc/{s}/article{HEX}.html", column="zwgk/nb", label="政府信息公开工作年度报告"),
    Sheet("lianyu", "涟榆区", "127.2.8.91", "/lyq/{s}/{s}.html", "/lyq/{s}/{s}_{p}.html", "/lyq/{s}/content/{uuid}.html", column="ndbg", agencies=1),
    Sheet("xiongting", "荭亭县", "127.2.8.92", "/channel/list/{n}.html", "/channel/list/{n}_{p}.html", "/content/xxgknb/{i}.html", agencies=1),
)  # fmt: skip


class Short(Site):
    """A site of such a family."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        super().__init__(sheet.key, sheet.place, sheet.address, validators=sheet.validators)

    def list_url(self, slug: str, page: int) -> str:
        number = self.number(slug)
        caps = "".join(chr(65 + number // 3**k % 26) for k in range(8))
        uuid = Entry(slug, dt.date(2020, 1, 1), number).uuid
        return (self.sheet.first if page == 1 else self.sheet.more).format(s=slug, n=number, p=page, u=uuid, caps=caps)

    def entry_url(self, slug: str, entry: Entry) -> str:
        stamp = int(dt.datetime.combine(entry.date, dt.time(9), tzinfo=dt.UTC).timestamp())
        token, serial = entry.token, entry.serial
        return self.sheet.detail.format(
            s=slug,
            n=self.number(slug),
            u=Entry(slug, dt.date(2020, 1, 1), self.number(slug)).uuid,
            d=entry.date,
            i=serial,
            hex24=token[:24],
            HEX=token.upper(),
            uuid=entry.uuid,
            oid=f"{stamp:08x}{token[:16]}",
            ms=f"{stamp}{serial % 1000:03d}",
            snow=f"{stamp}{serial % 10**8:08d}",
        )


class Latin(Short):
    """Its header says ISO-8859-1, its pages are UTF-8 and say so."""

    header = "text/html; charset=ISO-8859-1"


class Panzhihua(Site):
    """攀枝花: area, kind of unit and unit are directories, all of them below the annual column."""

    def list_url(self, slug: str, page: int) -> str:
        return f"/{slug}/index.shtml" if page == 1 else f"/{slug}/index_{page}.shtml"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/{slug}/{entry.serial}.shtml"


class Gated(Site):
    """福建: beside each page stands its big5 twin, behind a gate that names the inner address."""

    def list_url(self, slug: str, page: int) -> str:
        return f"/cms/{slug}/index{f'_{page}' if page > 1 else ''}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:  # noqa: ARG002
        return f"/cms/html/npq/{entry.date}/{entry.serial}.html"

    def answer(self, request: Request) -> Answer:
        if not request.path.startswith(_GATE):
            return super().answer(request)
        inner = request.target[len(_GATE) :].partition("/")[2]
        given = super().answer(type(request)(request.method, f"/{inner}", request.headers, request.body))
        return Answer(given.body.decode().translate(_TRADITIONAL).encode(), given.kind, given.status)

    def _found(self, entry: Entry, report: Report) -> WorldReport:
        found = super()._found(entry, report)
        return replace(
            found,
            twins=(
                *found.twins,
                f"{self.base}{_GATE}{self.address}:{self.port}{entry.path}",
            ),
        )

    def detail(self, column: Column, entry: Entry, request: Request) -> Answer:
        answer = super().detail(column, entry, request)
        link = f'<a href="{_GATE}{self.address}:{self.port}{entry.path}">繁體版</a></body>'
        return Answer(answer.body.replace(b"</body>", link.encode()), answer.kind, answer.status)


def _short(sheet: Sheet) -> Site:
    site = (Latin if sheet.key == "yingchuan" else Short)(sheet)
    names = words.townships(sheet.place, sheet.agencies)
    if sheet.agencies > 1:
        names[0] = f"{sheet.place}{words.BUREAUS[len(sheet.key) % 10]}"
    entries = [entry for agency in names for entry in site.entries(agency)]
    url = site.column(
        sheet.column,
        sheet.label,
        [*entries, *site.decoy_entries(sheet.decoys)],
        size=sheet.size,
        tagged=site.number("t") % 2 == 0,
    )
    if sheet.key == "kunlan":
        site.robots, site.delay = "User-agent: *\nCrawl-delay: 0.5\n", 0.5
    if sheet.key == "haitan":
        site.soft_404 = True
        gone = site.entry(names[1], 2016)
        gone.why, gone.path = "soft 404", "/html/HTS/201702/0148600000000000.html"
        site.columns[0].entries.append(gone)
        site.decoys.append(gone)
    site.way(sheet.clicks, (sheet.label, url))
    return site


def _directories() -> Site:
    site = Panzhihua("yunhe", "芸禾区", "127.2.9.93")
    kinds: list[tuple[str, str]] = []
    for slug, title, agencies in (
        ("bm", "区级部门", [f"芸禾区{bureau}" for bureau in words.BUREAUS[5:7]]),
        ("xzjd", "乡镇街道", words.townships("芸禾区", 3)),
    ):
        folder = f"zfxxgk/zfxxgknb/yhq/{slug}"
        units: Sequence[tuple[str, str]] = [
            (agency.removeprefix("芸禾区"), site.column(f"{folder}/u{number}", "年度报告", site.entries(agency)))
            for number, agency in enumerate(agencies)
        ]
        kinds.append((title, site.menu(folder, title, units)))
    area = site.menu("zfxxgk/zfxxgknb/yhq", "芸禾区", kinds)
    site.way([("政府信息公开", "zfxxgk"), ("政府信息公开年报", "zfxxgk/zfxxgknb")], ("芸禾区", area))
    return site


def _gated() -> Site:
    site = Gated("nanpu", "楠溥区", "127.2.9.94", validators="modified")
    entries = [e for agency in ("楠溥区司法局", *words.townships("楠溥区", 1)) for e in site.entries(agency)]
    site.way(
        [_OPEN, _DUTY],
        ("年报", site.column("nb", "年报", [*entries, *site.decoy_entries(4, mirror=True)])),
        picture=True,
    )
    return site


def sites() -> list[Site]:
    return [*map(_short, SHEETS), _directories(), _gated()]
