"""Telephone numbers, addresses of mail, ID numbers and names in contact blocks, masked at the same length.

Reports print them for the day's caller; a table of all of them is another thing. The archived original keeps them, the
structured tables do not. What might be a number of the report is left: a count that is lost is worse than a number of
an office that stays. Spans stay right, because a mask has the length of what it hides.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extract.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract.records import Fact, Finding, Reading, Report

MASK = "*"

Stretch = tuple[int, int]

_DASH = r"[-－‐‑–—―]"
_NOT_IN_A_NUMBER = r"(?<![\d.,．，])"
# What follows a count, an amount, a date or a share; a comma before three digits groups them.
_UNITS = "年|月|日|号文|件|条|项|次|个|份|人|篇|户|万|亿|千|百|元|%|％|平方|公里|小时|分钟|天"
_NO_COUNT = rf"(?!\d|[.,，．]\d|\s*(?:余|多|来|左右|{_UNITS}))"
_OF_A_PERSON = (
    r"(?:联系电话|咨询电话|监督电话|投诉电话|举报电话|办公电话|服务电话|值班电话|固定电话|移动电话|电话号码|手机号码?"
    r"|联系方式|座\s?机|手\s?机|传\s?真)"
)
_LABEL = rf"(?:{_OF_A_PERSON}|电\s?话|热线|Tel|TEL|Fax|FAX)"
# Without a label beside it only what can be nothing else: a mobile number in one piece, an area code with its dash.
_MOBILE = rf"{_NOT_IN_A_NUMBER}(?:\+?86{_DASH}?)?1[3-9]\d(?:\d{{8}}|{_DASH}\d{{4}}{_DASH}\d{{4}})"
_LANDLINE = rf"{_NOT_IN_A_NUMBER}(?:\(0\d{{2,3}}\)|（0\d{{2,3}}）|0\d{{2,3}}{_DASH})[ ]?\d{{7,8}}"
_EXTENSION = rf"(?:{_DASH}\d{{1,6}}(?!\d)|\s?转\s?\d{{1,6}}(?!\d))?"
_WHOLE = (
    rf"(?:\+?86{_DASH}?)?(?:1[3-9]\d[{_DASH[1:-1]} ]?\d{{4}}[{_DASH[1:-1]} ]?\d{{4}}"
    rf"|[(（]?0\d{{2,3}}[)）]?[ ]?{_DASH}?[ ]?\d{{7,8}}|[48]00{_DASH}?\d{{3,4}}{_DASH}?\d{{3,4}}"
    rf"|\d{{3,4}}{_DASH}\d{{4}}){_EXTENSION}"
)
_LOCAL = rf"\d{{7,8}}{_EXTENSION}"
_MORE = rf"(?:\s?[、/／,，;；或和]\s?(?:{_WHOLE}|{_LOCAL}))*"
_GAP = r"[ \u3000\n]{0,3}"
_NOTE = r"(?:[（(][^（()）\d]{1,12}[)）])?"
# Seven or eight digits alone may count calls: only behind a colon, or in the row of a label that can mean nothing else.
_AFTER_LABEL = (
    re.compile(rf"{_LABEL}{_NOTE}{_GAP}(?:[:：为]|号码|是)?{_GAP}(?P<numbers>{_WHOLE}{_MORE}){_NO_COUNT}"),
    re.compile(rf"{_LABEL}{_NOTE}{_GAP}[:：]{_GAP}(?P<numbers>{_LOCAL}{_MORE}){_NO_COUNT}"),
    re.compile(rf"{_OF_A_PERSON}{_NOTE}[ ]?[:：]?\t[ ]?(?P<numbers>(?:{_WHOLE}|{_LOCAL}){_MORE}){_NO_COUNT}"),
)
_ONE = re.compile(rf"{_WHOLE}|{_LOCAL}")
_UNLABELLED = re.compile(rf"(?:{_MOBILE}|{_LANDLINE}{_EXTENSION}{_MORE}){_NO_COUNT}")
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}[@＠][A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_ID = re.compile(r"(?<![0-9A-Za-z.])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_ACCOUNT = re.compile(r"(?:QQ|微信)号?(?:码)?\s?[:：]\s?(?P<account>[A-Za-z0-9_-]{5,20})(?![A-Za-z0-9_-])")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_PERSON = (
    r"(?:[\u4e00-\u9fff]{1,8}(?:[·•・][\u4e00-\u9fff]{1,8}){1,3}|[\u4e00-\u9fff](?:[ \u3000]?[\u4e00-\u9fff]){1,3}?)"
)
_NAME_LABEL = r"(?:联\s?系\s?人|联络人|联络员|经办人|填报人|填表人|制表人|撰稿人|审核人|签发人)(?:姓名|员)?"
_NAME_ENDS = (
    r"(?=$|[\s,，;；。、/／()（）:：|]|联系|联络|电\s?话|手\s?机|传\s?真|邮\s?箱|邮\s?编|地\s?址|职务|同志|女士|先生"
    r"|\+?\d)"
)
_NAMED = re.compile(
    rf"{_NAME_LABEL}[ \u3000]?(?:[:：]\s?|\t)(?P<names>{_PERSON}(?:\s?[、/／]\s?{_PERSON})*){_NAME_ENDS}", re.MULTILINE
)
_OFFICE = re.compile(r"(?:室|科|股|局|办|处|中心|委|会|厅|所|站|队|部|组|政府|大厅|窗口|单位|机关|电话|地址)$")
_ROW_LABEL = re.compile(r"联\s?系\s?(?:人|电话|方式)|手\s?机|邮\s?箱|办公电话")
_LONGEST_ROW = 400  # characters on each side
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def mask(text: str, keep: Iterable[Stretch] = ()) -> str:
    """The text with what reaches a person masked; nothing that touches a stretch of ``keep`` is.

    >>> mask("联系人：张三，联系电话：0930-6221234，地址：岚汀县砚池镇1号")
    '联系人：**，联系电话：************，地址：岚汀县砚池镇1号'
    >>> mask("2023年收到申请1234567件，电话答复13800001件，网址 www.lanting.example")
    '2023年收到申请1234567件，电话答复13800001件，网址 www.lanting.example'
    """
    hidden = [at for at in found(text) if not any(_touch(at, kept) for kept in keep)]
    return _overwritten(text, hidden)


def found(text: str) -> list[Stretch]:
    """Where something stands that reaches a person, as stretches that do not overlap, in order."""
    places = sorted({*_numbers(text), *_spans(_MAIL, text), *_ids(text), *_names(text)})
    joined: list[Stretch] = []
    for start, end in places:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def mask_reading(reading: Reading) -> Reading:
    """The reading with contact blocks masked in its texts; cells, numbers, dates and issuers stay as they are."""
    report = reading.report
    keep = _numbers_of(report) if report else ()
    masked = replace(reading, text=mask(reading.text, keep), findings=tuple(map(_finding, reading.findings)))
    return replace(masked, report=_report(report)) if report else masked


def _report(report: Report) -> Report:
    return replace(
        report,
        sections={key: mask(text) for key, text in report.sections.items()},
        facts=tuple(map(_fact, report.facts)),
    )


def _fact(fact: Fact) -> Fact:
    at = fact.sentence.find(fact.raw)
    keep = [(at, at + len(fact.raw))] if fact.raw and at >= 0 else []
    return replace(fact, sentence=mask(fact.sentence, keep))


def _finding(finding: Finding) -> Finding:
    return replace(finding, sentence=mask(finding.sentence)) if finding.sentence else finding


def _numbers_of(report: Report) -> Sequence[Stretch]:
    """Where the numbers that were read stand in the text: of cells that have no other place, of facts."""
    spans = [cell.place for cell in report.cells.values() if isinstance(cell.place, Span)]
    spans += [fact.span for fact in report.facts]
    return [(span.start, span.end) for span in spans]


def _numbers(text: str) -> Iterator[Stretch]:
    for pattern in _AFTER_LABEL:
        for match in pattern.finditer(text):
            yield from _each(text, match.span("numbers"))
    for match in _UNLABELLED.finditer(text):
        if not (match[0].isdigit() and _is_cell(text, *match.span())):
            yield from _each(text, match.span())
    yield from (match.span("account") for match in _ACCOUNT.finditer(text))


def _each(text: str, within: Stretch) -> Iterator[Stretch]:
    """The numbers of a stretch, those left out that are written like a date."""
    return (number.span() for number in _ONE.finditer(text, *within) if not _DAY.fullmatch(number[0]))


def _is_cell(text: str, start: int, end: int) -> bool:
    """Whether it fills a cell of a printed row in which nothing speaks of telephones: then it may be a number."""
    before = text[max(0, start - _LONGEST_ROW) : start].rpartition("\n")[2]
    after = text[end : end + _LONGEST_ROW].partition("\n")[0]
    fills = before.rstrip(" ")[-1:] in ("", "\t") and after.lstrip(" ")[:1] in ("", "\t")
    return fills and not _ROW_LABEL.search(before + after)


def _ids(text: str) -> Iterator[Stretch]:
    for match in _ID.finditer(text):
        digits = match[0]
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
        if _DAY.fullmatch(digits[6:14]) and _CHECKS[total % 11] == digits[17].upper():
            yield match.span()


def _names(text: str) -> Iterator[Stretch]:
    """Each name after a label; 联系人：办公室 names none."""
    for match in _NAMED.finditer(text):
        for name in re.finditer(_PERSON.replace("{1,3}?", "{1,3}"), match["names"]):
            if not _OFFICE.search(name[0]):
                yield match.start("names") + name.start(), match.start("names") + name.end()


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Stretch]:
    return (match.span() for match in pattern.finditer(text))


def _touch(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _overwritten(text: str, stretches: Iterable[Stretch]) -> str:
    pieces, done = [], 0
    for start, end in stretches:
        pieces += [text[done:start], MASK * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])
