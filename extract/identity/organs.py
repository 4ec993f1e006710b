"""Which organ of a place an issuer is: the government itself, its office, a department, a body of another line.

What is read here are the words after the place: 水利局 of 遂平县水利局. Where the place ends only the tree knows
(``places.py``): 市场监督管理局 begins with 市, and 河北区 is no part of 河北省.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

OrganKind: TypeAlias = Literal[
    "government", "office", "department", "vertical", "functional_area", "party", "organisation", "central", "place", ""
]
GOVERNMENT = "政府"
OFFICE = "政府办公室"

_GOVERNMENT = re.compile(
    r"^(?:(?:自治区|自治州|自治县|自治旗|[省市县区旗州盟镇乡])?(?:人民)?政府|行政公署|行署|(?:人民政府)?办事处|办|管理委员会|管委会|管委)?$"
)
_OFFICE = re.compile(
    r"^(?:(?:人民)?政府(?:办公室|办公厅|办)|(?:街道)?党政(?:综合)?办(?:公室)?|综合办公室|办公室|办公厅)(?:[(（].*[)）])?$"
)
_PARTY = re.compile(
    r"^(?:中共)?(?:.{0,8}委)?(?:宣传部|组织部|统战部|统一战线工作部|政法委|政法委员会|党校|老干部局|巡察办|编办"
    r"|机构编制委员会办公室|网信办|社会工作部)$|^(?:中共.*)?(?:党委|纪委|纪律检查委员会|党工委|直属机关工委|委办公室|委员会办公室)$|^委"
)
_VERTICAL = re.compile(
    r"税务局|海关|气象|(?:消防|森林消防).*(?:队|局)|海事|调查队|邮政管理局|烟草专卖局|地震局|银保监|银监|保监|证监|金融监督管理局?$"
    r"|金融监管|外汇管理|人民银行|出入境检验检疫|边检|边防检查|通信管理局|铁路局|煤矿安全|矿山安全|国家安全|能源监管|航空安全|民航"
    r"|长江航道|航道局|黄河河务|水文局"
)
_ZONE = (
    r"(?:开发区|高新区|经开区|新区|园区|产业园|工业园|示范区|度假区|保税区|管理区|风景区|名胜区|景区|经济区|集聚区|新城|港区|实验区|先行区|合作区|高新|"
    r"试验区|科技城|片区)"
)
_AREA = re.compile(
    rf"^(?P<area>.*{_ZONE})(?:(?:政府信息公开|政务公开)?(?:管理委员会|管委会|管委|管理局|党工委))?(?:[(（].*[)）])?$"
)
_PLACE = re.compile(r"^.{1,14}(?:镇|乡|苏木|街道|县|区|市|旗)(?:人民政府|政府|办事处|办)?$")
_OF_A_PLACE = re.compile(  # 岚汀县水务局: the tree has no 岚汀县; 城市管理局 and 社区矫正局 name no place
    r"^[^局委厅办部]{1,9}?(?:县(?!域)|(?<!城)市(?!场|政|容|民)|(?<![社景园山小库林矿灾地牧老湖港厂])区(?!域|划)|旗|(?<![城乡村])镇"
    r"|(?<!城)乡(?![镇村])|街道).{2,}$"
)
_DEPARTMENT = re.compile(
    r"(?:局|委员会|委|厅|办公室|办|室|部|处|署|(?<![医学])院|支队|大队|总队|队|所|站|分局|指挥部|领导小组)(?:[(（].*[)）])?$"
)
_ORGANISATION = re.compile(
    r"(?:中心|公司|医院|学校|中学|小学|大学|学院|幼儿园|银行|支行|分行|联合会|协会|学会|残联|妇联|文联|工商联|科协|工会|集团|基金会|馆|社|会|场|电台|电视台|台|库)(?:[(（].*[)）])?$"
)
_CENTRAL = re.compile(
    r"^(?:中华人民共和国)?(?:国务院.*|国家.{1,14}(?:局|委员会|委|办公室|总局)|(?:外交|教育|科学技术|科技|工业和信息化|公安|民政|司法|财政"
    r"|人力资源和?社会保障|自然资源|生态环境|环境保护|国土资源|住房和?城乡建设|交通运输|水利|农业农村|农业|商务|文化和?旅游|文化|退役军人事务"
    r"|应急管理)部|审计署|海关总署|中国人民银行|中国气象局|中国地震局|中国民用航空局|中国证券监督管理委员会|中国银行保险监督管理委员会)$"
)
_OWN_LINE = re.compile(
    r"^(?:国家税务总局|国家统计局|国家外汇管理局|国家金融监督管理总局|中国银行?保险?监督管理委员会|中国银保监会|中国证监会|中国人民银行|中华人民共和国|中共)(?=.{3})"
)
_LEVEL_WORD = re.compile(
    r"^(自治区|自治州|自治县|自治旗|[省市县区旗州盟])(?!场|政(?!府)|容|民|域|外|界|直)(?=.{2,}(?:局|委|厅|办|部|室|会|中心|院|队)$)"
)
_CONNECTORS = re.compile(r"(?<=.)[和与及、](?=.)")
_OWN_WORDS = re.compile(r"^[我本该全](?:局|镇|乡|街道|委|办|单位|机关|部门|县|市|区|厅|院|中心)$")
_NOISE = re.compile(
    r"^(?:关于|附件\d*|信息来源|来源|发布机构|发布单位)[:：]?|(?:[(（](?:本级|机关|本部|兵团第?.{1,4}师)[)）]|本级|机关本级|(?<=政府)机关|关于|年度|[的:：;；,，。\s])+$"
)
_WEB_SITE = re.compile(r"(?:网|网站|平台|客户端|公众号|报|日报|电视台|融媒体中心)$")

_AREA_WORDS = (
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("高新$", "高新区"),
)
_OFFICES = {"政府办", "政府办公厅", "政府办公室", "人民政府办公室", "人民政府办公厅", "人民政府办"}
NAMES = Path(__file__).resolve().parent.parent.parent / "config" / "organ_names.csv"


@lru_cache(maxsize=1)
def full_names(path: Path = NAMES) -> Mapping[str, str]:
    """What short names stand for (config/organ_names.csv): 卫健委, 住建局. Both without 和."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["short"]: row["full"] for row in csv.DictReader(file)}


@dataclass(frozen=True, slots=True)
class Organ:
    """What the words after the place say. ``name``: of the organ, short names in full and without 和, as in keys.

    ``kind`` place: no organ, but a place that the tree does not have. ``of``: the one word for the level that stands
    where a place would (县 of 县水务局), empty in most names. ``label``: the name as people write it, with its 和.
    """

    name: str
    kind: OrganKind
    of: str = ""
    label: str = ""


NONE = Organ("", "")


def clean(printed: str) -> str:
    """An issuer without what is no part of its name; empty for 我局, 本单位 and the like, and for web sites and papers.

    >>> clean("来源：遂平县水利局 "), clean("我局"), clean("遂平县政府门户网站")
    ('遂平县水利局', '', '')
    """
    name = _NOISE.sub("", _NOISE.sub("", printed.strip()))
    return "" if _OWN_WORDS.match(name) or _WEB_SITE.search(name) else name


def own_line(printed: str) -> tuple[str, str]:
    """The head of a line that runs through all places, and the rest: 国家税务总局 and 安徽省税务局.

    >>> own_line("国家税务总局安徽省税务局"), own_line("安徽省水利厅")
    (('国家税务总局', '安徽省税务局'), ('', '安徽省水利厅'))
    """
    match = _OWN_LINE.match(printed)
    return (match[0], printed[match.end() :]) if match else ("", printed)


@lru_cache(maxsize=50_000)
def organ_name(words: str) -> str:
    """The name of an organ in full, as in keys.

    >>> organ_name("市场监管局"), organ_name("文化和旅游局"), organ_name("卫健委")
    ('市场监督管理局', '文化旅游局', '卫生健康委员会')
    """
    name = re.sub(r"[(（].*?[)）]", "", words)
    name = re.sub(r"^人民政府(?=..)", "", name)
    name = _CONNECTORS.sub("", name)
    return OFFICE if name in _OFFICES else full_names().get(name, name)


def area_name(words: str) -> str:
    """The name of a zone as in keys: 高新技术产业开发区 and 高新区 are one, as are those with 管委会 and without.

    >>> area_name("高新技术产业开发区管理委员会"), area_name("东湖风景区")
    ('高新区', '东湖风景区')
    """
    match = _AREA.match(words)
    name = match["area"] if match else words
    for long, short in _AREA_WORDS:
        name = re.sub(long, short, name)
    return name


@lru_cache(maxsize=50_000)
def organ_of(words: str) -> Organ:
    """What the words after the place say.

    >>> organ_of("人民政府").kind, organ_of("市场监管局").name, organ_of("县水务局").of
    ('government', '市场监督管理局', '县')
    >>> organ_of("委宣传部").kind, organ_of("气象局").kind, organ_of("高新技术产业开发区管委会").name
    ('party', 'vertical', '高新区')
    >>> organ_of("白石镇人民政府").kind, organ_of("人民政府办公室").name, organ_of("自来水公司").kind
    ('place', '政府办公室', 'organisation')
    >>> organ_of("岚汀县水务局").kind, organ_of("城市管理局").kind, organ_of("生态环境局黄州分局").kind
    ('place', 'department', 'department')
    """
    if _GOVERNMENT.match(words):
        return Organ(
            GOVERNMENT, "government", re.sub("(?:人民)?政府$", "", words).strip("镇乡") if "政府" in words else ""
        )
    if _OFFICE.match(words):
        return Organ(OFFICE, "office")
    match = _LEVEL_WORD.match(words)
    of, rest = (match[1], words[match.end(1) :]) if match else ("", words)
    name = organ_name(rest)
    if name == OFFICE:
        return Organ(OFFICE, "office", of)
    kind: OrganKind
    if _PARTY.search(rest):
        kind = "party"
    elif _AREA.match(rest):
        kind, name = "functional_area", area_name(rest)
    elif _VERTICAL.search(rest):
        kind = "vertical"
    elif _OF_A_PLACE.match(rest):
        kind = "place"
    elif _PLACE.match(rest):
        kind, name = "place", re.sub(r"(?:人民政府|政府|办事处|办)$", "", rest)
    elif _DEPARTMENT.search(rest):
        kind = "department"
    elif _ORGANISATION.search(rest):
        kind = "organisation"
    else:
        return NONE
    plain = re.sub(r"[(（].*?[)）]", "", rest.removeprefix("人民政府") or rest)
    return Organ(name, kind, of, plain if _CONNECTORS.sub("", plain) == name else name)


def is_central(printed: str) -> bool:
    """Whether a whole name is that of a body of the central government.

    >>> is_central("水利部"), is_central("国家林业和草原局"), is_central("安徽省水利厅")
    (True, True, False)
    """
    return _CENTRAL.match(printed) is not None
