"""What a reader typed for a cell -> what is printed there. Pure.

A number may be full width, with separators of thousands, a sign, or its unit; what is no number is one of few words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["number", "blank", "na_mark", "absent", "unreadable", "unjudged"]
Verdict: TypeAlias = Literal["right", "other_number", "invented", "missed", "other_state", "unjudged"]

_WORDS: dict[str, Kind] = {
    **dict.fromkeys(("空白", "空", "blank"), "blank"),
    **dict.fromkeys(("/", "\\", "-", "--", "—", "——", "–", "无", "不适用", "n/a", "na", "*"), "na_mark"),
    **dict.fromkeys(("缺格", "无此格", "absent"), "absent"),
    **dict.fromkeys(("难辨", "看不清", "unreadable"), "unreadable"),
    **dict.fromkeys(("?", "无法判断", "cannot judge"), "unjudged"),
}
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?(?P<unit>\D*)")
_COUNTED = ("", "件", "项", "个", "条", "次", "份", "宗", "例", "起")
_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_ALIKE = str.maketrans({"−": "-", "﹣": "-", "，": ",", "’": "", "'": "", "～": "~"})


class AnswerError(ValueError):
    """What was typed is neither a number nor one of the words; the message quotes it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is printed in a cell, by a reader: ``number`` in the cell's unit, or None and the ``kind`` says why."""

    kind: Kind
    number: Decimal | None = None


def understand(typed: str, unit: str = "") -> Answer:
    """What a reader typed.

    ``unit``: the cell's (件, 万元, 元, ...); a number that is typed with another unit of money is turned into it.

    Raises:
        AnswerError: it is no number and no word that we know, or in a unit that the cell cannot have.

    >>> [str(understand(t).number) for t in ("１２", "1,234", "1，234", " 12 件", "-3", "减3")]
    ['12', '1234', '1234', '12', '-3', '-3']
    >>> [understand(t).kind for t in ("空白", "／", "—", "缺格", "看不清", "？")]
    ['blank', 'na_mark', 'na_mark', 'absent', 'unreadable', 'unjudged']
    >>> str(understand("251000元", "万元").number)
    '25.1'
    """
    plain = unicodedata.normalize("NFKC", typed.strip()).translate(_ALIKE).strip().lower()
    if (kind := _WORDS.get(plain)) is not None:
        return Answer(kind)
    signed = re.sub(r"^(增加?|减少?)\s*", lambda found: "-" if found[1].startswith("减") else "+", plain)
    match = _NUMBER.fullmatch(signed)
    if match is None:
        raise AnswerError(f"“{typed.strip()}” is no number and none of the words of the README")
    number = Decimal(match["sign"] + match["digits"].replace(",", "") + (match["part"] or ""))
    return Answer("number", _in_unit(number, match["unit"].strip(), unit, typed))


def _in_unit(number: Decimal, printed: str, unit: str, typed: str) -> Decimal:
    if printed in _COUNTED or printed == unit or (printed in _IN_YUAN and not unit):
        return number
    if printed not in _IN_YUAN or unit not in _IN_YUAN:
        raise AnswerError(f"“{typed.strip()}” is not in the unit of the cell ({unit or 'none'})")
    return (number * _IN_YUAN[printed] / _IN_YUAN[unit]).normalize()


def judge(state: str, value: float | None, printed: Answer) -> Verdict:
    """What we read (``state`` and ``value`` as in archive.db) against what is printed.

    A number where two people see none, or cannot read it, is invented: the worst fault. None where a number is printed
    is missed, whatever reason we give.

    >>> judge("number", 12.0, Answer("number", Decimal(12))), judge("blank", None, Answer("number", Decimal(0)))
    ('right', 'missed')
    """
    if printed.kind == "unjudged":
        return "unjudged"
    if state == "number" and value is not None:
        if printed.number is None:
            return "invented"
        return "right" if math.isclose(value, printed.number, rel_tol=1e-12, abs_tol=1e-9) else "other_number"
    if printed.number is not None:
        return "missed"
    return "right" if state == printed.kind else "other_state"
