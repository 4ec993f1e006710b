"""Whose report, of which year: from the title as printed, else from what the page says of itself."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract.records import Document

_YEAR = r"(?:(?:19|20)\d{2}|二[〇○零Oo0][〇○零Oo0一二三][〇○零Oo0一二三四五六七八九])"
_REPORT = (
    r"(?:年度工作报告|工作年度报告|年度报告|工作年报|年报|工作告年度报|工作总结报告|工作报告|情况的?报告|情况年度报告)"
)
_TITLE = re.compile(rf"信息公开.{{0,14}}?{_REPORT}|{_YEAR}年度?.{{0,12}}信息公开.{{0,10}}报告")
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_SITE_NAME = re.compile(r"\s*(?:[-_|—–]{1,2}|\|\|)\s*")
_QUOTED = re.compile(r"《[^》]*》|〈[^〉]*〉")
_AGENCY_END = (
    "政府|办公室|办公厅|委员会|管委会|办事处|街道办|街道|局|厅|部|院|委|办|镇|乡|苏木|区|县|市|省|旗|盟|州"
    "|中心|队|所|站|署|行|社|会|处|科|海关|场"
)
_AGENCY = re.compile(rf"[\u3400-\u9fff\U00020000-\U0003ffff（）()·]{{2,40}}?(?:{_AGENCY_END})")
_OWN_WORDS = re.compile(r"^(?:我|本)(?:局|镇|乡|街道|委|办|单位|机关|县|市|区|厅)$")
_STATED_AGENCY = (
    "发布机构",
    "发布单位",
    "发文机关",
    "发文单位",
    "公开责任部门",
    "publisher",
    "ContentSource",
    "来源",
    "信息来源",
)
_STATED_TITLE = ("标题", "名称", "ArticleTitle", "title")
_PERIOD = re.compile(rf"(?:统计|数据).{{0,14}}?(?:期限|时间|期间|截止|时段).{{0,14}}?({_YEAR})年")
_WHERE = re.compile(r"(?:当前|您的|您所在的?|您现在的)?\s*位置|首页\s*[>＞»]")
_LONGEST_TITLE = 90
_TITLE_REACH = 60


def find_title(document: Document, before: int) -> str:
    """The report's title as printed, lines of one title joined; empty where nothing reads like one.

    ``before``: index of the paragraph with the first section heading; a title stands above it.
    """
    lines = [p.text.strip() for p in document.paragraphs()][:before][-_TITLE_REACH:]
    lines = ["" if _WHERE.match(line) else line for line in lines]
    printed = sorted(_printed_titles(lines), key=_completeness, reverse=True)
    for candidate in (document.title, *(_stated(document.metadata, _STATED_TITLE))):
        title = without_site_name(candidate)
        if is_title(title) and issuer_of(title) and not _outdated(title, printed):
            return title
    stated = without_site_name(document.title)
    return printed[0] if printed else stated if is_title(stated) else ""


def _outdated(title: str, printed: Sequence[str]) -> bool:
    """Whether whole titles are printed and none is of this year: a copied file keeps its old name."""
    years = {year_of(line) for line in printed if issuer_of(line)} - {None}
    return bool(years) and year_of(title) not in years


def without_site_name(title: str) -> str:
    """An HTML title without the names of site and column that follow it.

    >>> without_site_name("云河镇2023年政府信息公开工作年度报告_政府信息公开年报_云河县")
    '云河镇2023年政府信息公开工作年度报告'
    """
    parts = [part for part in _SITE_NAME.split(title.strip()) if part]
    return next((part for part in parts if is_title(part) and year_of(part)), title.strip())


def is_title(text: str) -> bool:
    """Whether a line reads like the title of such a report (or of something about one: see kind.py)."""
    plain = squeeze(text)
    return 8 <= len(plain) <= _LONGEST_TITLE and not re.search("[。；;]", plain) and _TITLE.search(plain) is not None


def _printed_titles(lines: Sequence[str]) -> Iterator[str]:
    """Titles among the lines, alone or broken over two or three of them."""
    for index, line in enumerate(lines):
        for count in (1, 2, 3):
            part = lines[index : index + count]
            stated = count > 1 and any(re.search("[:：]", line) for line in part)  # 来源：..., 时间：...: no title
            if (
                len(part) == count
                and all(part)
                and not stated
                and is_title("".join(part))
                and not any(map(is_title, part[1:-1]))
            ):
                yield "".join(part)
        if not line:
            continue


def _completeness(title: str) -> tuple[bool, bool, int]:
    """A title that names an agency and a year goes first, then the shorter one."""
    return bool(issuer_of(title)), year_of(title) is not None, -len(title)


def year_of(text: str) -> int | None:
    """The report year that a title states: the last year in it (a title names no other).

    >>> year_of("二〇二三年度政府信息公开工作年度报告"), year_of("政府信息公开指南")
    (2023, None)
    """
    years = re.findall(rf"({_YEAR})\s*年?", squeeze(_QUOTED.sub("", text)))
    return int(years[-1].translate(_DIGITS)) if years else None


def find_years(title: str, document: Document) -> dict[str, int]:
    """The report year as each source states it, the most trusted first; sources that state none are left out.

    ``title``, then ``period`` (the statistical period in the text), then ``metadata`` (the title the page states about
    itself). They may differ: a text copied from last year keeps its period.
    """
    match = _PERIOD.search(squeeze(document.text))
    stated = (year for text in _stated(document.metadata, _STATED_TITLE) if (year := year_of(text)) is not None)
    sources = {
        "title": year_of(title),
        "period": int(match[1].translate(_DIGITS)) if match else None,
        "metadata": next(stated, None),
    }
    return {source: year for source, year in sources.items() if year is not None}


def issuer_of(title: str) -> str:
    """The agency a title names, as printed; empty if it names none.

    >>> issuer_of("关于云河县水务局 2023 年度政府信息公开工作情况的报告")
    '云河县水务局'
    >>> issuer_of("2023年云河县青石镇政府信息公开工作年度报告")
    '云河县青石镇'
    >>> issuer_of("青石镇人民政府信息公开工作报告（2020年）")
    '青石镇人民政府'
    """
    plain = squeeze(_QUOTED.sub("", title))
    plain = re.sub(rf"[(\[【]?{_YEAR}年?度?[)\]】]?", "\n", plain)
    plain = re.sub(r"(?:的)?(?:(?<!人民)政府|政务)?信息公开.*", "\n", plain)  # 青石镇人民政府信息公开… says 政府 once
    parts = [re.sub(r"^(?:关于|附件\d*[:：]?|索引号.*)|(?:的|关于|:)$", "", part) for part in plain.split("\n")]
    agency = max((part for part in parts if part), key=len, default="")
    agency = re.split(r"[^\u3400-\u9fff\U00020000-\U0003ffff〇（）()·、A-Za-z]", agency)[-1]
    return agency if len(agency) >= 2 and not _OWN_WORDS.match(agency) else ""


def find_issuer(title: str, document: Document) -> str:
    """Title, then what the page states (发布机构, 来源, ...), then the signature at the end; as printed, or empty."""
    if agency := issuer_of(title):
        return agency
    for text in _stated(document.metadata, _STATED_AGENCY):
        if _AGENCY.fullmatch(squeeze(text)):
            return squeeze(text)
    return _signature([p.text for p in document.paragraphs()])


def _signature(paragraphs: Sequence[str]) -> str:
    """The agency's name on the line above the date that closes the report."""
    for line, following in pairwise(reversed([squeeze(text) for text in paragraphs[-12:] if squeeze(text)])):
        if re.fullmatch(rf"{_YEAR}年\d{{1,2}}月\d{{1,2}}日", line) and _AGENCY.fullmatch(following):
            return following
    return ""


def _stated(metadata: Mapping[str, str], names: Sequence[str]) -> list[str]:
    by_name = {name.lower(): value for name, value in metadata.items()}
    return [by_name[name.lower()] for name in names if by_name.get(name.lower(), "").strip()]
