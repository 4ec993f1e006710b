"""The rules for numbers in prose as data: config/facts.json read into frozen records.

A rule says by which words a number is told, and beside which words it is something else. Patterns are Python ``re``
over a normalised clause: compatibility forms, no white space, no quotation marks, no brackets that hold no number.
``{word}`` in a pattern stands for an entry of the file's ``vocabulary``, ``{n}`` for a number with one of the rule's
units, ``{zero}`` for a nought with one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG = Path(__file__).resolve().parent.parent / "config" / "facts.json"

_WORD = re.compile(r"\{([a-z_]+)\}")
# Never a part of a longer number, of a range, of an ordinal (第3期), or of a rate (每村3个, 各3条).
_ALONE = r"(?<![\d.,\-~—–/第每各￼])(?<!\d[ 至到])"
_DIGITS = r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.,])(?P<scale>[万亿千])?"
_CHINESE = r"(?<![第每各一二两三四五六七八九十百千万亿零几数多])(?P<chinese>[一二两三四五六七八九十])"
_NUMBER = r"(?:(?P<before>约|大约|近|将近|接近|超过|超|逾))?" + _ALONE
_AFTER = r"(?P<more>余|多)?(?P<unit>{units})(?P<after>左右|以上|余)?(?![例款线月次])"


class FactRuleError(Exception):
    """config/facts.json has a rule that cannot be used: raised when it is loaded, names the file and the rule."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and what its rule must make of it: ``values`` is empty where the rule must keep silent."""

    text: str
    values: tuple[int, ...]
    year: int
    negation: bool
    approximate: bool


@dataclass(frozen=True, slots=True)
class FactRule:
    """How one kind of number is told in prose.

    ``words``: every match holds one of them. ``patterns``: the number and the words around it; ``none``: words that
    say that there was none. ``following`` counts only after ``follows`` in the same sentence (废止 1 件 says by itself
    not of what). ``skip``: what may not stand between the numbers before and after; ``skip_before``: between the number
    before and the match; ``skip_earlier``: in the sentence up to the match. ``context``: what the sentence must say,
    ``context_near``: what it or the one before it must, but not in ``context_sections``. ``yields_to``: keys that go
    first where they claim the same number (``requests.*``: all of them). ``parts_of``: keys of its totals. ``whole``:
    it is itself a total, which a list of parts does not restate. ``stock``: a state at the end of the year.
    ``running_total``: 累计 means since the beginning. ``fixed_period``: its words themselves name another year.
    ``list_name``: its name in lists such as 网站、微信分别公开 1 条、2 条.
    """

    key: str
    label_zh: str
    label_en: str
    units: tuple[str, ...]
    words: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]
    following: tuple[re.Pattern[str], ...]
    follows: re.Pattern[str] | None
    skip: re.Pattern[str] | None
    skip_before: re.Pattern[str] | None
    skip_earlier: re.Pattern[str] | None
    context: re.Pattern[str] | None
    context_near: re.Pattern[str] | None
    context_sections: tuple[str, ...]
    yields_to: tuple[str, ...]
    parts_of: tuple[str, ...]
    list_name: re.Pattern[str] | None
    whole: bool
    stock: bool
    running_total: bool
    fixed_period: bool
    within_sections: bool
    examples: tuple[Example, ...]

    def yields(self, key: str) -> bool:
        """Whether it gives way to the rule of that key."""
        return any(key == other or (other.endswith("*") and key.startswith(other[:-1])) for other in self.yields_to)


@dataclass(frozen=True, slots=True)
class FactRules:
    """All of config/facts.json: the rules, and what holds for every one of them.

    ``everywhere``: words that make any number something else (a difference, a plan, a rate). ``periods`` and
    ``scopes``: words that tell a number's year and whose it is. ``{year}`` in ``periods`` is the report's year.
    """

    rules: tuple[FactRule, ...]
    everywhere: Mapping[str, re.Pattern[str]]
    periods: Mapping[str, str]
    scopes: Mapping[str, re.Pattern[str]]
    list_verb: re.Pattern[str]

    def rule(self, key: str) -> FactRule:
        """The rule of that key.

        Raises:
            KeyError: there is none.
        """
        return {rule.key: rule for rule in self.rules}[key]


@cache
def load_fact_rules(path: Path = CONFIG) -> FactRules:
    """The rules of a file.

    Raises:
        FactRuleError: it is no JSON, lacks a field, or a pattern is none; the message names file and rule.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        vocabulary = {name: str(words) for name, words in data["vocabulary"].items()}
        rules = tuple(_rule(path, item, vocabulary) for item in data["rules"])
        return FactRules(
            rules=rules,
            everywhere={name: re.compile(_expand(text, vocabulary)) for name, text in data["everywhere"].items()},
            periods=dict(data["periods"]),
            scopes={name: re.compile(text) for name, text in data["scopes"].items()},
            list_verb=re.compile(_expand(data["list_verb"], vocabulary)),
        )
    except (json.JSONDecodeError, KeyError, TypeError, re.error) as error:
        raise FactRuleError(f"{path.name}: not a file of fact rules ({error!r})") from error


def _rule(path: Path, item: Mapping[str, Any], vocabulary: Mapping[str, str]) -> FactRule:
    name = item.get("key", "a rule without key") if isinstance(item, dict) else repr(item)
    try:
        return _read_rule(item, vocabulary)
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise FactRuleError(
            f"{path.name}: {name}: not a fact rule ({error!r}); compare it with its neighbours"
        ) from error


def _read_rule(item: Mapping[str, Any], vocabulary: Mapping[str, str]) -> FactRule:
    units = "|".join(sorted(map(re.escape, item["units"]), key=len, reverse=True))
    digits = f"(?:{_DIGITS}|{_CHINESE})" if item.get("chinese") else _DIGITS
    known = {
        **vocabulary,
        "n": f"(?:{_NUMBER}{digits}{_AFTER.format(units=units)})",
        "zero": f"(?:{_ALONE}(?P<digits>0)(?P<unit>{units}))",
    }

    def patterns(field: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_expand(text, known)) for text in item.get(field, ()))

    def pattern(field: str) -> re.Pattern[str] | None:
        return re.compile(_expand(item[field], known)) if field in item else None

    return FactRule(
        key=item["key"],
        label_zh=item["label_zh"],
        label_en=item["label_en"],
        units=tuple(item["units"]),
        words=tuple(item["words"]),
        patterns=patterns("patterns"),
        none=patterns("none"),
        following=patterns("following"),
        follows=pattern("follows"),
        skip=pattern("skip"),
        skip_before=pattern("skip_before"),
        skip_earlier=pattern("skip_earlier"),
        context=pattern("context"),
        context_near=pattern("context_near"),
        context_sections=tuple(item.get("context_sections", ())),
        yields_to=tuple(item.get("yields_to", ())),
        parts_of=tuple(item.get("parts_of", ())),
        list_name=pattern("list_name"),
        whole=bool(item.get("whole")),
        stock=bool(item.get("stock")),
        running_total=bool(item.get("running_total")),
        fixed_period=bool(item.get("fixed_period")),
        within_sections=bool(item.get("within_sections")),
        examples=tuple(_example(example) for example in item["examples"]),
    )


def _expand(text: str, vocabulary: Mapping[str, str]) -> str:
    """The pattern with the vocabulary's entries in place of their names; entries may name others."""
    while _WORD.search(text):
        text = _WORD.sub(lambda match: vocabulary[match[1]], text)
    return text


def _example(item: Mapping[str, Any]) -> Example:
    value = item["value"]
    values = () if value is None else tuple(value) if isinstance(value, list) else (value,)
    return Example(
        text=item["text"],
        values=values,
        year=item.get("year", 2023),
        negation=bool(item.get("negation")),
        approximate=bool(item.get("approximate")),
    )
