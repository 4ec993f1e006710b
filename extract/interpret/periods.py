"""Of which year a number in prose is, and whose it is, by the words before it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from extract.fact_rules import FactRule, FactRules

Period: TypeAlias = Literal["report_year", "previous", "cumulative", "other"]


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
    named = named_period(left, rules, year)
    if named == "":
        return None
    since = _pattern(rules.periods["since_now"], year).sub("", left)
    if re.search(rules.periods["since"], since):
        return "cumulative"
    running = rules.periods["running"] in left
    if running and named is None and rule.running_total:
        return "cumulative"
    until = re.search(rules.periods["until"], left)
    if running and until and not rule.stock and not re.search(rules.periods["now"], left[: until.start()]):
        return "cumulative"
    if named is None:
        return "report_year" if before in (None, "report_year", "cumulative") else None
    return named


def named_period(left: str, rules: FactRules, year: int | None) -> Period | Literal[""] | None:
    """The period that the last words about time in ``left`` name: None if there are none, "" if it cannot be told."""
    text = re.sub(rules.periods["whole_year"], r"\1年", left)
    text = re.sub(rules.periods["in_a_name"], "", re.sub(rules.periods["year_end"], "年底", text))
    text = re.sub(rules.periods["carried"], "", re.sub(rules.periods["compared"], "", text))
    found: list[tuple[int, Period | Literal[""]]] = []
    for match in _pattern(rules.periods["year"], None).finditer(text):
        found.append((match.start(), _year(int(match[1]), year)))
    for name, period in (("previous", "previous"), ("now", "report_year"), ("other", "other")):
        for match in _pattern(rules.periods[name], None).finditer(text):
            found.append((match.start(), period))  # type: ignore[arg-type]  # the three names above
    return max(found, key=lambda item: item[0])[1] if found else None


def _year(stated: int, year: int | None) -> Period | Literal[""]:
    if year is None or stated > year:
        return ""
    if stated == year:
        return "report_year"
    return "previous" if stated == year - 1 else "other"


def scope_of(left: str, rules: FactRules) -> Literal["", "own", "territory"]:
    """Whose number it is, by the last words before it that say so."""
    last = {name: max((m.start() for m in pattern.finditer(left)), default=-1) for name, pattern in rules.scopes.items()}
    if max(last.values()) < 0:
        return ""
    return "own" if last["own"] > last["territory"] else "territory"
