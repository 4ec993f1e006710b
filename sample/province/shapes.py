"""The ways from a home page to the reports: each makes a site's columns of its items, several clicks deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.province.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sample.province.items import Item

ANNUAL = "信息公开年报"
_GROUPS = (("szf", "政府"), ("bm", "部门"), ("xzjd", "乡镇街道"))


def kind_of(agency: str) -> str:
    """Which group of agencies one belongs to.

    >>> kind_of("白荻镇人民政府"), kind_of("桐溪县公安局"), kind_of("桐溪县人民政府")
    ('乡镇街道', '部门', '政府')
    """
    if any(sign in agency for sign in ("镇人民", "乡人民", "街道")):
        return "乡镇街道"
    return "政府" if agency.endswith("人民政府") else "部门"


def flat(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """信息公开 → 政府信息公开年报, all of them in one list."""
    del agencies
    return [Column("xxgk", "信息公开", children=[*_usual(), _annual("xxgk/zfxxgknb").takes(items)])]


def years(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """政务公开 → 政府信息公开 → 年报 → the year; a year's column has an alias of its own making."""
    del agencies
    annual = _annual("zwgk/xxgk/xxgkndbg")
    for year in _years(items):
        alias = f"{annual.key}/{year}n" if year % 3 else f"zwgk/xxgk/c{year}niandu{year % 7}"
        of_year = [item for item in items if item.year == year]
        annual.children.append(Column(alias, f"{year}年", kind=ANNUAL).takes(of_year))
    return [Column("zwgk", "政务公开", children=[Column("zwgk/xxgk", "政府信息公开", children=[*_usual(), annual])])]


def groups_of_years(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """信息公开 → 年报 → the year → 政府, 部门, 乡镇街道."""
    del agencies
    annual = _annual("zwgk/zfxxgknb")
    for year in _years(items):
        column = Column(f"{annual.key}/{year}n", f"{year}年")
        for alias, name in _GROUPS:
            part = [item for item in items if item.year == year and kind_of(item.agency) == name]
            if part:
                column.children.append(Column(f"{column.key}/{alias}", name).takes(part))
        annual.children.append(column)
    return [Column("zwgk", "信息公开", children=[*_usual(), annual])]


def directory(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """政务公开 → a directory of agencies → each agency's own page → its 年报."""
    top = Column("zwgk", "政务公开", children=_usual())
    for alias, name in _GROUPS:
        group = Column(f"zwgk/{alias}", f"{name}信息公开")
        for number, agency in enumerate(agencies):
            if kind_of(agency) == name:
                key = f"{group.key}/dw{number:02d}"
                own = _annual(f"{key}/gknb").takes([item for item in items if item.agency == agency])
                others = [Column(f"{key}/jgzn", "机构职能"), Column(f"{key}/zcwj", "政策文件")]
                group.children.append(Column(key, agency, children=[*others, own]))
        if group.children:
            top.children.append(group)
    return [top]


def tree(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """政务公开 → 法定主动公开内容, a tree of a dozen names, one of which is the column."""
    del agencies
    names = (
        "机构概况",
        "规划计划",
        "统计信息",
        "财政预决算",
        "行政许可",
        "行政处罚",
        "政府采购",
        "重大项目",
        "应急管理",
    )
    leaves = [Column(f"zwgk/fdzdgknr/n{number}", name) for number, name in enumerate(names)]
    leaves.insert(6, _annual("zwgk/fdzdgknr/zfxxgknb", kind="").takes(items))
    below = Column("zwgk/fdzdgknr", "法定主动公开内容", children=leaves)
    return [Column("zwgk", "政务公开", children=[*_usual(), below])]


def notice(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """通知公告 has notices that link each agency's report; the reports lie in columns of another name, most of which no menu names."""
    notices = [item for item in items if item.text == "publication"]
    columns = [Column("zwgk/tzgg", "通知公告").takes(notices)]
    for number, agency in enumerate(agencies):
        own = [item for item in items if item not in notices and (number == 0 if item.why else item.agency == agency)]
        columns.append(
            Column(f"zwgk/ghzj{number}", f"规划总结（{agency}）", shown="规划总结", hidden=number > 0).takes(own)
        )
    return [Column("zwgk", "政务公开", children=[*_usual(), *columns])]


def unhelpful(items: list[Item], agencies: Sequence[str]) -> list[Column]:
    """Links called 查看更多 lead on; only the standard's ColumnType says what the column is."""
    del agencies
    last = Column("gkzl/zl3", "专栏", shown="查看更多", kind=ANNUAL).takes(items)
    return [Column("gkzl", "公开专栏", children=[Column("gkzl/zl1", "通知", shown="查看更多"), last], shown="进入专栏")]


def _annual(key: str, kind: str = ANNUAL) -> Column:
    return Column(key, "政府信息公开年报", kind=kind)


def _usual() -> list[Column]:
    return [
        Column("zwgk/zn", "政府信息公开指南"),
        Column("zwgk/zd", "政府信息公开制度"),
        Column("zwgk/ysq", "依申请公开"),
    ]


def _years(items: list[Item]) -> list[int]:
    return sorted({item.year for item in items}, reverse=True)


SHAPES: dict[str, Callable[[list[Item], Sequence[str]], list[Column]]] = {
    "flat": flat,
    "years": years,
    "groups of years": groups_of_years,
    "directory": directory,
    "tree": tree,
    "notice": notice,
    "unhelpful": unhelpful,
}
