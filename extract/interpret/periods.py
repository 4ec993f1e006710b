"""Of which year a number in prose is, and whose it is, by the words before it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from extract.fact_rules import FactRule, FactRules

Period: TypeAlias = Literal["report_year", "previous", "cumulative", "other"]

Named: TypeAlias = Literal["report_year", "previous", "cumulative", "other", "unclear"]
_WORDS: tuple[tuple[str, Named], ...] = (
    ("previous", "previous"),
    ("now", "report_year"),
    ("other", "other"),
    ("since", "cumulative"),
)
_A_TIME_ALONE = 9
"""Characters of a clause that says no more than when: 2022年, 2023年6月份."""


@lru_cache(maxsize=256)
def _pattern(text: str, year: int | None) -> re.Pattern[str]:
    return re.compile(text.replace("{year}", str(year or "0000")))


def period_of(left: str, rule: FactRule, rules: FactRules, year: int | None, before: Period | None) -> Period | None:
    """The period of a number that stands after ``left`` (its sentence so far); None where it cannot be told.

    ``before``: what the sentence before it was about. A sentence that names no year goes on about another one that
    was named there: then nobody can tell.
    """
    if rule.fixed_period:
        return "report_year"
    named, sure = _last_named(left, rules, year)
    if named == "unclear":
        return None
    if rules.periods["running"] in left and not rule.stock:
        until = re.search(rules.periods["until"], left)
        if (named is None and rule.running_total) or (
            until and not re.search(rules.periods["now"], left[: until.start()])
        ):
            return "cumulative"
    if named is None:
        return "report_year" if before in {None, "report_year", "cumulative"} else None
    return named if named in {"report_year", "cumulative"} or sure else None


def named_period(text: str, rules: FactRules, year: int | None) -> Period | None:
    """The period that the last words about time in a sentence name; None if there are none or they are unclear."""
    named, _ = _last_named(text, rules, year)
    return None if named == "unclear" else named


def _last_named(left: str, rules: FactRules, year: int | None) -> tuple[Named | None, bool]:
    """What the last words about time name, and whether they are about what follows ``left``.

    They are if they stand in the same clause or make up a clause of their own (2022年，…); 2022年度考核优秀，… is about
    something else.
    """
    text = _pattern(rules.periods["since_now"], year).sub("今年", left)
    text = re.sub(rules.periods["whole_year"], r"\1年", text)
    text = re.sub(rules.periods["in_a_name"], "", re.sub(rules.periods["year_end"], "年底", text))
    text = re.sub(rules.periods["carried"], "", re.sub(rules.periods["compared"], "", text))
    found: list[tuple[int, Named]] = [
        (match.start(), _year(int(match[1]), year)) for match in re.finditer(rules.periods["year"], text)
    ]
    for name, period in _WORDS:
        found += [(match.start(), period) for match in re.finditer(rules.periods[name], text)]
    if not found:
        return None, True
    position, named = max(found, key=lambda item: item[0])
    clause, _, after = text[position:].partition("，")
    begin = text.rfind("，", 0, position) + 1
    alone = len(text[begin:position]) + len(clause) <= _A_TIME_ALONE
    return named, not after or alone


def _year(stated: int, year: int | None) -> Named:
    if year is None or stated > year:
        return "unclear"
    if stated == year:
        return "report_year"
    return "previous" if stated == year - 1 else "other"


def scope_of(left: str, rules: FactRules) -> Literal["", "own", "territory"]:
    """Whose number it is, by the last words before it that say so."""
    last = {
        name: max((m.start() for m in pattern.finditer(left)), default=-1) for name, pattern in rules.scopes.items()
    }
    if max(last.values()) < 0:
        return ""
    return "own" if last["own"] > last["territory"] else "territory"
