"""What a cell's text says: a number, nothing, a mark for "not applicable", or something that cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from extract.records import State

NA_MARKS = frozenset({"/", "\\", "-", "--", "—", "——", "–", "ー", "一一", "无", "不适用", "N/A", "n/a", "NA", "*"})

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    r"(?P<unit>件|项|个|条|次|份|宗|例|起|亿元|万元|元)?(?P<note>\(.*\))?"
)
_KNOWN = 2048  # texts of cells that are remembered: most say 0
_TORN = re.compile(r"\d[^\S\n]+\d")
_WRAPPED = re.compile(r"\d\s*\n\s*\d")
_CHANGE = re.compile(r"(增|减)(?:加|少)?(\d+)(?:项|个|件)?")
_MINUS = str.maketrans("−﹣－", "---")
_IN_WAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's text understood. ``certainty`` 0 to 1 lowers the cell's confidence; ``reason`` says what was unusual.

    ``unit``: the unit as printed, only of a number whose unit the form does not fix.
    """

    state: State
    number: int | Decimal | None = None
    certainty: float = 1.0
    reason: str = ""
    unit: str = ""


@lru_cache(maxsize=_KNOWN)
def looks_numeric(text: str) -> bool:
    """Whether a cell's text is a number as tables print them, with or without unit and note.

    >>> [looks_numeric(t) for t in ("0 ", "1,234", "２２（其中修订 16 件）", "26.55", "1.", "规章", "")]
    [True, True, True, True, False, False, False]
    """
    plain = squeeze(text)
    return _NUMBER.fullmatch(plain.translate(_MINUS)) is not None or _CHANGE.fullmatch(plain) is not None


@lru_cache(maxsize=_KNOWN)
def is_na(text: str) -> bool:
    """Whether a cell holds nothing but a mark for "not applicable".

    >>> is_na(" / "), is_na("0"), is_na("")
    (True, False, False)
    """
    return squeeze(text) in NA_MARKS


@lru_cache(maxsize=_KNOWN)
def read_count(text: str) -> Value:
    """A count (件): a whole number, possibly signed; a number with decimals is no count.

    >>> read_count("1,808").number, read_count("3.0").number, read_count("5.382").state
    (1808, 3, 'unreadable')
    """
    value = _read(text)
    if value.number is None:
        return value
    if _unit(text) in _IN_WAN:
        return Value("unreadable", reason="an amount of money where a count is expected")
    if value.number != int(value.number):
        return Value("unreadable", reason="a number with decimals where a count is expected")
    return Value("number", int(value.number), value.certainty, value.reason)


@lru_cache(maxsize=_KNOWN)
def read_amount(text: str, printed_unit: str = "万元") -> Value:
    """An amount of money in 万元; ``printed_unit`` is what the header states, a unit in the cell itself goes before it.

    >>> read_amount("251000元").number, read_amount("59237.2449").number, read_amount("120", "元").number
    (Decimal('25.1000'), Decimal('59237.2449'), Decimal('0.0120'))
    """
    value = _read(text)
    if value.number is None:
        return value
    factor = _IN_WAN.get(_unit(text) or printed_unit)
    if factor is None:
        return Value("unreadable", reason=f"not an amount of money: {text.strip()}")
    number = value.number if factor == 1 else Decimal(value.number) * factor
    return Value("number", number, value.certainty, value.reason)


def read_decimal(text: str) -> Value:
    """A number, whole or not, in whatever unit its row states.

    >>> read_decimal("3.5万元").number, read_decimal("/").state
    (Decimal('3.5'), 'na_mark')
    """
    return _read(text)


def read_change(text: str) -> Value:
    """A change against last year: a whole number with a sign, or with 增 or 减 for one.

    >>> [read_change(text).number for text in ("-11", "+1036", "减 3", "增加2", "0")]
    [-11, 1036, -3, 2, 0]
    >>> read_change("+5/-3").state
    'unreadable'
    """
    match = _CHANGE.fullmatch(squeeze(text))
    return read_count(("-" if match[1] == "减" else "") + match[2] if match else text)


def read_money(text: str, printed_unit: str = "") -> Value:
    """An amount of money in the unit that is printed: in the cell, else in the heading above it, else unknown.

    >>> read_money("251000元").number, read_money("251000元").unit, read_money("25.1", "万元").unit
    (Decimal('251000'), '元', '万元')
    """
    value = _read(text)
    if value.number is None:
        return value
    unit = _unit(text) or printed_unit
    if unit and unit not in _IN_WAN:
        return Value("unreadable", reason=f"not an amount of money: {text.strip()}")
    reason = value.reason if unit else "; ".join(r for r in (value.reason, "no unit is printed") if r)
    return Value("number", value.number, value.certainty, reason, unit)


def _read(text: str) -> Value:
    plain = squeeze(text)
    if not plain:
        return Value("blank")
    if plain in NA_MARKS:
        return Value("na_mark")
    match = _NUMBER.fullmatch(plain.translate(_MINUS))
    if match is None:
        return Value("unreadable", reason="no number as a cell prints them")
    if _TORN.search(text.strip()):
        return Value("unreadable", reason="digits with spaces between them: one number or several")
    number = Decimal(match["sign"] + match["whole"].replace(",", "") + (match["part"] or ""))
    if _WRAPPED.search(text):
        return Value("number", number, 0.75, "the number is broken over lines")
    if match["note"]:
        return Value("number", number, 0.9, "a note stands beside the number")
    return Value("number", number)


def _unit(text: str) -> str:
    match = _NUMBER.fullmatch(squeeze(text))
    return (match["unit"] or "") if match else ""
