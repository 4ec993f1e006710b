"""What a document says of its region beside names: footer numbers, phone and post codes, document numbers, superiors.

Each hint is weak or strong by what it can prove (``WEIGHTS``): a site's identification is the site's region, a police
registration is of the office that filed it, a phone code is a prefecture's.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract.identity.divisions import Division, Divisions

AREA_CODES = Path(__file__).resolve().parent.parent.parent / "config" / "area_codes.csv"

WEIGHTS = {
    "site": 0.95, "site code": 0.95, "police": 0.8, "phone": 0.7, "icp": 0.7, "postcode": 0.4, "breadcrumb": 0.8,
    "publisher": 0.7, "superior": 0.8, "document number": 0.4, "level": 0.3,
}  # fmt: skip
AGAINST = {"site": 0.95, "site code": 0.95, "police": 0.4, "phone": 0.5, "icp": 0.5, "level": 0.5, "other county": 0.5}
"""What a hint takes from a place that it speaks against. What is missing here proves nothing by its absence."""

PROVINCE_LETTERS = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22", "黑": "23",
    "沪": "31", "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41",
    "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51", "蜀": "51",
    "贵": "52", "黔": "52", "云": "53", "滇": "53", "藏": "54", "陕": "61", "甘": "62", "陇": "62",
    "青": "63", "宁": "64", "新": "65",
}  # fmt: skip

_FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚ]")
_SITE_CODE = re.compile(r"网站标识码\s*[:：]?\s*(\d{10})(?!\d)")
_POLICE = re.compile(r"公网安备\s*(\d{14})(?!\d)")
_ICP = re.compile(r"([京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕甘陇青宁新])\s*ICP\s*备")
_PHONE = re.compile(r"0(?<![\d\-]0)((?:10|2\d|[3-9]\d{2}))[)）]?\s?[-—－–]?\s?[2-8]\d{6,7}(?!\d)")
_POSTCODE = re.compile(r"(?:邮编|邮政编码)\s*[:：]?\s*(\d{6})(?!\d)")
_NUMBER = re.compile(r"(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{1,3}?)(?:政|府)[\u4e00-\u9fff]{0,4}$")
_NUMBER_YEAR = re.compile(r"[〔\[［（(]20\d{2}[〕\]］）)]")
_COUNTY_END = re.compile(r"[县区旗市]")
_LEVELS = {
    "county": (("县委", "县人民政府", "县政府"), re.compile(r"县委|县人民政府|县政府")),
    "district": (("区委", "区人民政府", "区政府"), re.compile(r"(?<![地治])区(?:委(?!员)|人民政府|政府)")),
    "banner": (("旗委", "旗人民政府", "旗政府"), re.compile(r"旗(?:委(?!员)|人民政府|政府)")),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What one passage says: ``source`` as in WEIGHTS, the words, and the regions any of which it can mean.

    ``wide``: regions that it does not speak against (a police registration is often of the next county).
    """

    source: str
    says: str
    regions: tuple[Division, ...]
    wide: tuple[Division, ...] = ()


@lru_cache(maxsize=2)
def area_codes(path: Path = AREA_CODES) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Division codes by phone area code, and by the first three digits of a postcode (prefectures share them)."""
    phones: dict[str, list[str]] = defaultdict(list)
    posts: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            phones[row["phone"]].append(row["code"])
            if row["postcode"]:
                posts[row["postcode"][:3]].append(row["code"])
    return {k: tuple(v) for k, v in phones.items()}, {k: tuple(v) for k, v in posts.items()}


def coded(code: str, year: int, divisions: Divisions) -> tuple[Division, ...]:
    """The place that a six-digit code means in that year's edition, else all that ever had it.

    A row that only fills a level stands for the place above it.
    """
    code = code[:6].ljust(6, "0")
    found = divisions.by_code(code, year)
    places = (found,) if found else divisions.ever_coded(code)
    return tuple(divisions[each.parent] if each.kind == "pseudo" else each for each in places)


def footer_hints(text: str, year: int, divisions: Divisions) -> Iterator[Hint]:
    """Numbers that the site states of itself. A copy on a mirror states the mirror's: not to be asked there."""
    for code in dict.fromkeys(_SITE_CODE.findall(text) if "网站标识码" in text else ()):
        if places := coded(code[:6], year, divisions):
            yield Hint("site code", code, places)
    for number in dict.fromkeys(_POLICE.findall(text) if "公网安备" in text else ()):
        if places := coded(number[:6], year, divisions):
            wide = tuple(each for place in places for each in divisions.line(place) if each.level == "prefecture")
            yield Hint("police", number, places, wide)
    for letter in dict.fromkeys(_ICP.findall(text) if "ICP" in text else ()):
        yield Hint("icp", letter, coded(PROVINCE_LETTERS[letter], year, divisions))


def text_hints(text: str, year: int, divisions: Divisions) -> Iterator[Hint]:
    """Phone area codes and postcodes of the contact block."""
    phones, posts = area_codes()
    for source, codes, table in (
        ("phone", [f"0{code}" for code in _PHONE.findall(text)], phones),
        ("postcode", [code[:3] for code in _POSTCODE.findall(text)] if "邮" in text else [], posts),
    ):
        for code in dict.fromkeys(codes):
            places = tuple(place for each in table.get(code, ()) for place in coded(each, year, divisions))
            if places:
                yield Hint(source, code, places)


def readable(text: str) -> str:
    """The text with digits and letters of half width. Most texts have no others, and normalising is slow."""
    return unicodedata.normalize("NFKC", text) if _FULL_WIDTH.search(text) else text


def number_prefixes(text: str) -> tuple[str, ...]:
    """The places that stand in document numbers: 洛 of 洛政办函〔2024〕2号; not 国.

    >>> number_prefixes("（洛政办函〔2024〕2号）、国政发〔2020〕1号"), number_prefixes("渝府办发〔2021〕3号")
    (('洛',), ('渝',))
    """
    before = (text[max(0, year.start() - 9) : year.start()] for year in _NUMBER_YEAR.finditer(text))
    found = (match[1] for words in before if (match := _NUMBER.search(words)))
    return tuple(dict.fromkeys(prefix for prefix in found if "国" not in prefix))


def level_named(text: str) -> tuple[str, str]:
    """The kind of county that the text calls its superior, and the words; empty where it names none or several.

    >>> level_named("在县委、县政府的领导下"), level_named("按照区委、区政府要求"), level_named("按照自治区政府要求")
    (('county', '县委'), ('district', '区委'), ('', ''))
    """
    found = {}
    for kind, (words, pattern) in _LEVELS.items():
        if any(each in text for each in words) and (
            match := pattern.search(text)
        ):  # most texts name none: `in` is fast
            found[kind] = match[0]
    return next(iter(found.items())) if len(found) == 1 else ("", "")


def counties_named(text: str, divisions: Divisions) -> Counter[str]:
    """The full names of counties in a text (three characters and more), and how often each stands there."""
    found: Counter[str] = Counter()
    for match in _COUNTY_END.finditer(text):
        for length in range(10, 2, -1):
            name = text[max(0, match.end() - length) : match.end()]
            if len(name) == length and any(each.level == "county" for each in divisions.named(name)):
                found[name] += 1
                break
    return found


def is_of_level(kind: str, level: str) -> bool:
    """Whether a kind of county-level division is what the text calls it (a city's party committee says 市委)."""
    return kind in {
        "county": {"county", "autonomous_county"},
        "district": {"district", "functional_area"},
        "banner": {"banner", "autonomous_banner"},
    }.get(level, set())
