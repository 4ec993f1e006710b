"""What a report's text says of the places above: their names, level and documents, or that the county is another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from extract.identity.clues import MOST_CANDIDATES, Evidence
from extract.identity.hints import (
    AGAINST,
    PROVINCE_LETTERS,
    WEIGHTS,
    counties_named,
    is_of_level,
    level_named,
    number_prefixes,
)
from extract.identity.variants import canonical, stem
from extract.identity.weighing import SETTLED, Weighed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract.identity.divisions import Division, Divisions

_HEADING = re.compile(
    r"^[ \t]*(?![按经在由向与根各本全该我对为报请])([\u4e00-\u9fff]{2,5}[县区旗市])"
    r"(?:人民政府|政府)(?:门户网站|网站|网)?[ \t]*$",
    re.MULTILINE,
)


def apply_text(text: str, weighed: Sequence[Weighed], divisions: Divisions) -> list[Evidence]:
    """What the text says of superiors: their names, their level, the character of their documents."""
    rows: list[Evidence] = []
    level, words = level_named(text)
    prefixes = number_prefixes(text)
    for each in weighed[:80]:
        above = divisions.line(each.division)
        superior = above[-2] if each.division.level == "township" and len(above) > 1 else each.division
        if superior is not each.division and _said(text, _names(superior)):
            each.score += WEIGHTS["superior"]
            rows.append(Evidence("superior", superior.name, superior.id, WEIGHTS["superior"]))
        if level and superior.level == "county":
            fits = is_of_level(superior.kind, level)
            if fits:
                each.score += WEIGHTS["level"]
            elif superior.kind != "county_city":
                each.score -= AGAINST["level"]
            if len(weighed) <= MOST_CANDIDATES:
                weight = WEIGHTS["level"] if fits else -AGAINST["level"]
                rows.append(Evidence("level", words, superior.id, weight))
        if len(weighed) == 1 and superior.level == "county" and each.score < SETTLED:
            rows += _other_county(text, each, superior, divisions)
        if prefix := next((prefix for prefix in prefixes if _is_of(prefix, above)), ""):
            each.score += WEIGHTS["document number"]
            rows.append(Evidence("document number", prefix, superior.id, WEIGHTS["document number"]))
    return rows


def _other_county(text: str, only: Weighed, superior: Division, divisions: Divisions) -> list[Evidence]:
    """The only place of a name, in a text that names another county and not this one: it is not listed there."""
    named = counties_named(text, divisions)
    other = next((name for name, times in named.most_common() if times > 1), "") or _heading(text, superior, divisions)
    if not other or any(each.name in named for each in divisions.named(superior.name)):
        return []
    only.score -= AGAINST["other county"]
    only.against = max(only.against, AGAINST["other county"])
    return [Evidence("other county", other, superior.id, -AGAINST["other county"])]


def _heading(text: str, superior: Division, divisions: Divisions) -> str:
    """A government named on a line of its own that is none of those above: the page's head, or a signature."""
    above = {name for each in divisions.line(superior) for name in _names(each)}
    return next((name for name in _HEADING.findall(text) if canonical(name) not in above and name not in above), "")


@lru_cache(maxsize=20_000)
def _names(division: Division) -> frozenset[str]:
    """How a text can name a county: in full, or 互助县."""
    full, bare = division.name, stem(division.name)
    short = {bare + full[-1]} if len(bare) > 1 else set()
    return frozenset({full, canonical(full), *short})


def _said(text: str, names: Iterable[str]) -> frozenset[str]:
    return frozenset(each for each in names if len(each) > 2 and each in text)


def _is_of(prefix: str, above: Sequence[Division]) -> bool:
    """Whether 洛 of 洛政办函 can be of one of these: a character of its name, or the letter of the province."""
    if len(prefix) == 1 and prefix in PROVINCE_LETTERS:
        return bool(above) and above[0].codes.startswith(PROVINCE_LETTERS[prefix])
    return any(
        all(character in stem(each.name) for character in prefix) for each in above[1:] if each.level != "township"
    )
