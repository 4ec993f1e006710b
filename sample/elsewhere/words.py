"""Invented names, and the titles that stand in lists: reports, what looks like one, and the news of the day."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sample.elsewhere.report import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator

YEARS = range(2017, 2025)
BUREAUS = (
    "教育局",
    "财政局",
    "水利局",
    "民政局",
    "司法局",
    "卫生健康局",
    "自然资源局",
    "交通运输局",
    "统计局",
    "审计局",
)
_FIRST = "砚榆苇簟槿芰萤筠笺霁缃蓼汐椒麓荇"
_SECOND = "泾坞栈屿箬湫圩埠岚汀蓬渚"
_REPORT_TITLES = (
    "{a}{y}年政府信息公开工作年度报告",
    "{a}{y}年度政府信息公开工作年度报告",
    "{a}{y}年政府信息公开工作年度报告",
    "{y}年{a}政府信息公开工作年度报告",
    "{a}政府信息公开工作{y}年度报告",
    "{a}{y}年政府信息公开年度报告",
    "{a}{y}年度政府信息公开年报",
    "{a}{y}年度政府信息公开工作报告",
    "{a}政府信息公开工作报告（{y}年）",
    "关于{a}{y}年度政府信息公开工作情况的报告",
)
# Title and why it is no report: what shares its words in the columns of real sites.
_DECOYS = (
    ("{p}人民政府网站工作年度报表（{y}年度）", "website"),
    ("关于做好{y}年政府信息公开工作年度报告编制和发布工作的通知", "call"),
    ("关于{y}年度政府信息公开工作年度报告公布情况的通知", "notice"),
    ("图解：{p}{y}年政府信息公开工作年度报告", "explainer"),
    ("《{p}{y}年政府信息公开工作年度报告》解读", "explainer"),
    ("{p}政府信息公开指南（{y}年版）", "guide"),
    ("{p}政府信息公开工作年度报告制度", "rules"),
    ("{p}{y}年上半年政府信息公开情况统计表", "half-year"),
    ("{p}水务集团有限公司{y}年信息公开工作年度报告", "company"),
    ("{p}人民医院{y}年信息公开年度报告", "hospital"),
    ("{p}职业技术学院{y}年信息公开年度报告", "school"),
    ("{p}{y}年法治政府建设年度报告", "rule of law"),
    ("{p}政府办公室{y}年度部门决算", "budget"),
    ("{p}{y}年政务公开工作总结", "summary"),
)
_NEWS = (
    "{p}召开{t}工作推进会",
    "县领导调研{t}工作",
    "{p}{t}工作取得新进展",
    "我县举办{t}培训班",
    "关于{t}有关事项的公告",
    "{p}开展{t}专项检查",
    "{t}：为群众办实事",
    "{p}{t}情况通报",
)
_TOPICS = (
    "春季防火", "防汛抗旱", "招商引资", "农村供水", "校园安全", "城市更新", "河道整治", "养老服务", "政务公开",
    "政府信息公开", "年度考核", "食品安全", "公路养护", "秸秆利用", "数字乡村", "文明创建", "就业援助", "统计年报",
)  # fmt: skip


def townships(place: str, count: int) -> list[str]:
    """That many names of townships and streets of a place, none of which exists."""
    dice = random.Random(f"{SEED}{place}")
    names: dict[str, None] = {}
    while len(names) < count:
        kind = "街道办事处" if len(names) % 3 == 2 else "镇人民政府" if len(names) % 3 == 0 else "乡人民政府"
        names[f"{place}{dice.choice(_FIRST)}{dice.choice(_SECOND)}{kind}"] = None
    return list(names)


def report_title(agency: str, year: int) -> str:
    """The title of a report, in one of the ways in which real ones are worded."""
    return random.Random(f"{SEED}title{agency}{year}").choice(_REPORT_TITLES).format(a=agency, y=year)


def decoys(place: str, dice: random.Random, count: int) -> Iterator[tuple[str, str, int]]:
    """Title, why it is no report, and year."""
    for title, why in dice.sample(_DECOYS, count):
        year = dice.choice(YEARS)
        yield title.format(p=place, y=year), why, year


def news_title(place: str, number: int) -> str:
    """The title of the news of that number."""
    return _NEWS[number % len(_NEWS)].format(p=place, t=_TOPICS[number * 7 % len(_TOPICS)])
