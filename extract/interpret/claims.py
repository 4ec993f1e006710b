"""What the rules claim of one clause: which number, by which words. Where they disagree nobody gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.fact_rules import FactRule, FactRules

_SCALE = {None: 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CHINESE = {"两": 2} | {character: value for value, character in enumerate("一二三四五六七八九十", start=1)}
_COUNTS = re.compile(r"(?<!第)\d[\d.,]*(?![\d.,]*[年月日])")
_NONE = re.compile(r"[未无没]|不存在")
_RESPECTIVELY = re.compile(r"(?P<names>[^\d]+?)分别(?P<verb>[^\d]*)(?P<numbers>\d.*)")
_AND = re.compile(r"[、和及与]")
_LISTED = re.compile(r"(?P<digits>\d+(?:\.\d+)?)(?P<scale>[万亿])?(?P<more>余|多)?(?P<unit>[^\d]{1,2})")
_MONEY = "元"


@dataclass(frozen=True, slots=True)
class Claim:
    """A rule's claim on a number: its words are ``start`` to ``end`` of the sentence, its digits begin at ``number``.

    ``number`` is -1 where words say that there was none.
    """

    rule: FactRule
    value: int | Decimal
    unit: str
    start: int
    end: int
    number: int = -1
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a text stands: in a report of ``year``, in ``section``; ``lead`` is the sentence before.

    ``left``: what stands before it in its sentence, if it is what a bracket holds.
    """

    year: int | None
    section: str
    lead: str = ""
    left: str = ""


def claims_of(text: str, start: int, end: int, context: Context, rules: FactRules) -> list[Claim]:
    """The claims on the clause ``start`` to ``end`` of a sentence that stand."""
    clause = text[start:end]
    counts = [match.span() for match in _COUNTS.finditer(clause)]
    if "分别" in clause:
        return list(_respectively(text, start, end, context, rules))
    none = _NONE.search(clause) is not None
    if not counts and not none and not re.search(r"[一二两三四五六七八九十]", clause):
        return []
    claims: list[Claim] = []
    for rule in rules.rules:
        if any(word in clause for word in rule.words):
            claims += _numbers(rule, text, start, clause, counts, context, rules)
            if none:
                claims += _negations(rule, text, start, clause, context, rules)
    return _undisputed(claims)


def _numbers(
    rule: FactRule,
    text: str,
    offset: int,
    clause: str,
    counts: Sequence[tuple[int, int]],
    context: Context,
    rules: FactRules,
) -> Iterator[Claim]:
    for pattern in (*rule.patterns, *rule.following):
        for match in pattern.finditer(clause):
            if pattern in rule.following and not (
                rule.follows and rule.follows.search(context.left + text[: offset + match.start()])
            ):
                continue
            groups = match.groupdict()
            value = number_of(groups)
            number = match.start("digits") if groups.get("digits") else match.start("chinese")
            if value is None or not _stands(rule, clause, match, number, counts, rules):
                continue
            if not in_context(rule, text, offset + match.start(), offset + len(clause), context):
                continue
            if not _names_the_year(groups, context.year):
                continue
            yield Claim(
                rule=rule,
                value=value,
                unit=match["unit"],
                start=offset + match.start(),
                end=offset + match.end(),
                number=offset + number,
                approximate=any(groups.get(name) for name in ("before", "more", "after")),
            )


def _names_the_year(groups: dict[str, str | None], year: int | None) -> bool:
    """Whether a year that the words name (结转到2024年) is the one that they must name in a report of ``year``."""
    for name, difference in (("before_year", -1), ("this_year", 0), ("next_year", 1)):
        if stated := groups.get(name):
            return year is not None and int(stated) == year + difference
    return True


def number_of(groups: dict[str, str | None]) -> int | Decimal | None:
    """The value of a matched number; None where a count would have decimals."""
    if chinese := groups.get("chinese"):
        return _CHINESE[chinese]
    digits = groups["digits"]
    assert digits is not None
    value = Decimal(digits.replace(",", "")) * _SCALE[groups.get("scale")]
    if value == int(value):
        return int(value)
    return value if groups["unit"] == _MONEY else None


def _stands(
    rule: FactRule, clause: str, match: re.Match[str], number: int, counts: Sequence[tuple[int, int]], rules: FactRules
) -> bool:
    """Whether nothing between the numbers before and after makes it something else."""
    left = max((end for _, end in counts if end <= number), default=0)
    following = min((begin for begin, _ in counts if begin > number), default=len(clause))
    right = clause.find("、", number, following) if following < len(clause) else -1
    right = max(right, match.end()) if right >= 0 else max(following, match.end())
    if rule.skip and rule.skip.search(clause[left:right]):
        return False
    if rule.skip_before and rule.skip_before.search(clause[left : max(match.start(), left)]):
        return False
    everywhere, before = rules.everywhere, clause[:number]
    if everywhere["rate"].search(before) or everywhere["not_done"].search(clause[: match.start()]):
        return False
    return rule.fixed_period or not everywhere["difference"].search(before)


def _negations(
    rule: FactRule, text: str, offset: int, clause: str, context: Context, rules: FactRules
) -> Iterator[Claim]:
    for pattern in rule.none:
        match = pattern.search(clause)
        if match is None or (rule.skip and rule.skip.search(clause)):
            continue
        if rules.everywhere["condition"].search(text[: offset + match.end()]):
            continue
        if in_context(rule, text, offset + match.start(), offset + len(clause), context):
            yield Claim(rule, 0, rule.units[0], offset + match.start(), offset + match.end())
            return


def in_context(rule: FactRule, text: str, start: int, end: int, context: Context) -> bool:
    """Whether the sentence (or the one before it) speaks of what the rule is about."""
    left = context.left
    if rule.within_sections and not context.section:
        return False
    if rule.skip_earlier and rule.skip_earlier.search(left + text[:start]):
        return False
    if context.section in rule.context_sections:
        return True
    if rule.context and not rule.context.search(left + text[:end]):
        return False
    return not rule.context_near or rule.context_near.search(f"{context.lead}。{left}{text[:end]}") is not None


def _undisputed(claims: list[Claim]) -> list[Claim]:
    """Those that no other rule claims, and no other number of the clause: a nought may be several things at once."""
    standing = [
        claim
        for claim in claims
        if not any(
            other.number == claim.number >= 0 and other.rule is not claim.rule and claim.rule.yields(other.rule.key)
            for other in claims
        )
    ]
    kept: dict[tuple[str, int], Claim] = {}
    for claim in standing:
        rivals = [other for other in standing if other.number == claim.number >= 0 and other.rule.key != claim.rule.key]
        same = [other for other in standing if other.rule.key == claim.rule.key and other.value != claim.value]
        if same or (rivals and claim.value != 0):
            continue
        known = kept.get((claim.rule.key, claim.number))
        if known is None or claim.start < known.start:
            kept[claim.rule.key, claim.number] = claim
    return list(kept.values())


def _respectively(text: str, offset: int, end: int, context: Context, rules: FactRules) -> Iterator[Claim]:
    """网站、微信分别公开 12 条、30 条: as many names as numbers, each name one rule's; otherwise nothing."""
    match = _RESPECTIVELY.search(text[offset:end])
    if match is None or not rules.list_verb.fullmatch(match["verb"]):
        return
    begin = offset + match.start("numbers")
    pieces = [(begin + piece.start(), piece[0]) for piece in re.finditer(r"[^、和及与]+", match["numbers"])]
    named = [_named(name, rules) for name in _AND.split(match["names"])]
    if len(named) != len(pieces) or len(set(named)) != len(named):
        return
    claims = [_listed(rule, place, piece) for rule, (place, piece) in zip(named, pieces, strict=True)]
    if None not in claims:
        yield from (claim for claim in claims if claim and in_context(claim.rule, text, claim.start, end, context))


def _listed(rule: FactRule | None, place: int, piece: str) -> Claim | None:
    number = _LISTED.fullmatch(piece)
    if rule is None or number is None or number["unit"] not in rule.units:
        return None
    value = number_of(number.groupdict())
    if value is None:
        return None
    return Claim(rule, value, number["unit"], place, place + len(piece), place, approximate=bool(number["more"]))


def _named(name: str, rules: FactRules) -> FactRule | None:
    found = [rule for rule in rules.rules if rule.list_name and rule.list_name.search(name)]
    found = [rule for rule in found if not any(rule.yields(other.key) for other in found if other is not rule)]
    return found[0] if len(found) == 1 else None
