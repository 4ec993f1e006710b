"""One place, several ways to write it: 街道办事处 and 街道, rare characters that printers replace, names cut short."""

from __future__ import annotations

import re
from functools import lru_cache

_PAIRS = (
    "阎闫 閆闫 閻闫 嵖查 灈瞿 濛蒙 疃町 垱当 酂酇 塚冢 窊洼 韮韭 㳇父 鲖同 堽罡 淯育 漋隆 洑伏 "
    "涴宛 洈危 塝榜 澴环 剅豆 埫倘 㮾榔 塅段 碁基 磜礤 菉录 廻回 榃林 埌垠 蔈票 漹焉 鲊乍 㯊焉 "
    "颍颖 旴盱 嘡堂 墕焉 塄楞 愣楞 涞来 峯峰 邨村 菓果 舖铺 鋪铺 衞卫 橫横 黃黄 靑青 淸清 甯宁 "
    "岺岭 塆湾 坵丘 垻坝 埧坝 樑梁 莊庄 荘庄 硚桥 彊疆 岀出 ０〇 零〇 朳扒 杓勺 巉馋 塬原 廰厅 "
)
"""What the editions themselves write now this way and now that (a code goes on, one rare character is another), and
forms of one character. The builder of the tree refuses a pair that makes one of two places in a county."""
SAME = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})

PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|"
    "瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|高山族|"
    "拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|"
    "撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族|塔吉克族|怒族|乌孜别克族|俄罗斯族|鄂温克族|"
    "德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|"
    "蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯|各族|民族"
)
_OFFICE = re.compile(r"(?:街道)?(?:办事处|办)$")
_KIND = re.compile(
    rf"(?:(?<=内蒙古)自治区|(?<!内)(?:{PEOPLES})*(?:自治县|自治旗|自治州|自治区|乡|苏木)|街道|地区|(?<=六枝)特区|(?<=神农架)林区|[镇县市区旗盟州省])$"
)


def plain(name: str) -> str:
    """A name as it is given out: a subdistrict's office is the subdistrict.

    >>> plain("瞿阳街道办事处"), plain("东街道办"), plain("卢沟桥地区办事处"), plain("城南办事处")
    ('瞿阳街道', '东街道', '卢沟桥地区', '城南街道')
    """
    if name.endswith("地区办事处"):
        return name[:-3]
    if name.endswith(("办事处", "道办")) and len(name) >= 4:
        return _OFFICE.sub("街道", name)
    return name


@lru_cache(maxsize=200_000)
def canonical(name: str) -> str:
    """A name as it is compared: plain, and characters that stand for each other are one.

    >>> canonical("瞿阳街道办事处") == canonical("灈阳街道"), canonical("城关镇") == canonical("城关街道")
    (True, False)
    """
    return plain(name).translate(SAME)


@lru_cache(maxsize=200_000)
def stem(name: str) -> str:
    """A name as it is compared, without the word for its kind: 恰尔巴格 of 恰尔巴格乡 and of 恰尔巴格镇.

    >>> stem("恰尔巴格乡"), stem("三家子蒙古族乡"), stem("蓟县"), stem("大理白族自治州"), stem("内蒙古自治区")
    ('恰尔巴格', '三家子', '蓟', '大理', '内蒙古')
    """
    compared = canonical(name)
    return _KIND.sub("", compared) or compared


_WINGS = re.compile(r"^(?P<first>.).+?(?P<side>[左右])翼?(?P<part>[前中后]?).*?(?P<kind>[旗县])$")
_PEOPLE = re.compile(rf"^(?:{PEOPLES})+自治(?P<kind>[县旗])$")
_CUSTOMARY = {
    "达尔罕茂明安联合旗": "达茂旗",
    "杜尔伯特蒙古族自治县": "杜蒙县",
    "前郭尔罗斯蒙古族自治县": "前郭县",
    "莫力达瓦达斡尔族自治旗": "莫旗",
}


def short_names(name: str) -> tuple[str, ...]:
    """How people cut the long name of a county or prefecture short, its kind kept.

    >>> short_names("互助土族自治县"), short_names("科尔沁右翼中旗"), short_names("鄂温克族自治旗")
    (('互助县',), ('科右中旗',), ('鄂温克旗',))
    >>> short_names("新疆维吾尔自治区"), short_names("遂平县")
    (('新疆自治区',), ())
    """
    found = []
    bare = stem(name)
    if bare != name and "自治" in name:
        found.append(f"{bare}{'自治区' if name.endswith('区') else name[-1]}")
    if match := _PEOPLE.match(name):
        found.append(f"{name[: match.start('kind') - 2].removesuffix('族')}{match['kind']}")
    if match := _WINGS.match(name):
        found.append("".join(match.group("first", "side", "part", "kind")))
    if name in _CUSTOMARY:
        found.append(_CUSTOMARY[name])
    return tuple(each for each in dict.fromkeys(found) if each != name)


def is_rare(character: str) -> bool:
    """Whether a character is outside the 3,755 common ones (GB 2312, first level): printers replace such ones.

    >>> is_rare("嵖"), is_rare("东")
    (True, False)
    """
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return not (len(code) == 2 and 0xB0 <= code[0] <= 0xD7)


def differ_by_one_rare(left: str, right: str) -> bool:
    """Whether two names differ in one character only, and one of the two is rare. Only ever asked within one county.

    东坪镇 and 西坪镇 differ by one, too: two places.

    >>> differ_by_one_rare("碴岈山镇", "嵖岈山镇"), differ_by_one_rare("东坪镇", "西坪镇")
    (True, False)
    """
    if len(left) != len(right) or left == right:
        return False
    pairs = [(one, other) for one, other in zip(left, right, strict=True) if one != other]
    return len(pairs) == 1 and any(is_rare(character) for character in pairs[0])
