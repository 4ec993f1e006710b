"""Document -> the numbers that its prose states, rule by rule (config/facts.json). Tables are never read here.

Precision first: a number is a fact only where the words around it say what it counts, and of which year. What two
rules claim, what a sentence compares or plans, what could be two numbers, is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from extract.interpret.claims import Claim, Context, claims_of
from extract.interpret.clauses import Sentence, inner, sentences
from extract.interpret.periods import Period, named_period, period_of, scope_of
from extract.interpret.prose import placed_paragraphs, runs
from extract.interpret.subjects import subjects_of
from extract.records import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from extract.fact_rules import FactRules
    from extract.interpret.prose import Prose
    from extract.records import Document

_WORTH_READING = re.compile(r"[\d未无没]|不存在|[一二两三四五六七八九十](?:场|次|期|处|个|名)")
_PARTS = re.compile(r"其中|包括|包含")
_BESIDES = re.compile(r"此外|另外|另有|同时|还")
_A_NUMBER = re.compile(r"(?<!第)\d[\d.,]*(?![\d.,年月日])")
_TOTAL = "proactive_items"


@dataclass(slots=True)
class _Run:
    """What a run of sentences is read with, and what the sentence before left behind."""

    printed: str
    section: str
    year: int | None
    rules: FactRules
    lead: str = ""
    before: Period | None = None
    last: Claim | None = None
    facts: list[Fact] = field(default_factory=list)

    def context(self, left: str = "") -> Context:
        """For a text of the sentence that is read; ``left`` stands before it, if it is what a bracket holds."""
        return Context(self.year, self.section, self.lead, left)


def read_facts(
    document: Document, sections: Mapping[int, str], year: int | None, rules: FactRules, end: int | None = None
) -> tuple[Fact, ...]:
    """The facts of a document's prose, in order; every ``raw`` is what stands at its span of the document's text.

    ``sections``: index of a paragraph -> key of the section whose heading it is. ``end``: the paragraph from which on
    the page speaks for itself (print this page, related links).
    """
    paragraphs = [placed for placed in placed_paragraphs(document) if end is None or placed.index < end]
    facts: list[Fact] = []
    for first, prose in runs(paragraphs):
        section = next((key for index, key in sorted(sections.items(), reverse=True) if index <= first), "")
        run = _Run(document.text, section, year, rules)
        _read(prose, run)
        facts += run.facts
    return tuple(dict.fromkeys(facts))


def _read(prose: Prose, run: _Run) -> None:
    if not _WORTH_READING.search(prose.text):
        return
    for sentence in sentences(prose):
        claims: list[Claim] = []
        if _WORTH_READING.search(sentence.whole.text) and not run.rules.everywhere["plan"].search(sentence.text):
            claims = _sentence(sentence, run)
        run.lead = sentence.text
        run.before = named_period(sentence.text, run.rules, run.year)
        run.last = next((claim for claim in claims if claim.number == _last_number(sentence.text)), None)


def _last_number(text: str) -> int:
    return max((match.start() for match in _A_NUMBER.finditer(text)), default=-2)


def _sentence(sentence: Sentence, run: _Run) -> list[Claim]:
    """The claims that became facts; the facts are in ``run``."""
    claims = [c for bounds in sentence.clauses() for c in claims_of(sentence.text, *bounds, run.context(), run.rules)]
    claims += subjects_of(sentence.text, claims, _listed_from(sentence.text, claims), run.rules)
    made = _facts(sentence, claims, "", None, run)
    for place, held in sentence.inside:
        total = next((claim for claim in claims if claim.end == place and claim.number >= 0), None)
        made += _bracket(inner(held), sentence, place, total, run)
    run.facts += _parts_side_by_side(_one_total_each(made, run.rules), sentence.text)
    return claims


def _bracket(sentence: Sentence, outer: Sentence, place: int, total: Claim | None, run: _Run) -> list[Fact]:
    """The facts in a bracket: parts of the number that it follows, if that one is known."""
    left = outer.text[:place] + "，"
    claims = [
        c for bounds in sentence.clauses() for c in claims_of(sentence.text, *bounds, run.context(left), run.rules)
    ]
    if total and total.rule.key == _TOTAL:
        claims += subjects_of(sentence.text, claims, (0, total), run.rules)
    return _facts(sentence, claims, left, (0, total), run, whole=outer)


def _listed_from(text: str, claims: list[Claim], before: Claim | None = None) -> tuple[int, Claim | None] | None:
    """Where the last list of parts (其中) begins, and the total that stands before it."""
    found = list(_PARTS.finditer(text))
    if not found:
        return None
    begin = found[-1].end()
    number = _last_number(text[: found[-1].start()])
    if number < 0:
        return begin, before
    return begin, next((claim for claim in claims if claim.number == number), None)


def _facts(
    sentence: Sentence,
    claims: list[Claim],
    left: str,
    listed: tuple[int, Claim | None] | None,
    run: _Run,
    whole: Sentence | None = None,
) -> list[Fact]:
    listed = listed or _listed_from(sentence.text, claims, run.last)
    printed = (whole or sentence).whole
    found = []
    for claim in sorted(claims, key=lambda claim: claim.start):
        is_part = listed is not None and max(claim.start, claim.number) >= listed[0]
        total = listed[1] if listed and is_part else None
        if is_part and claim.rule.whole and (total is None or total.rule.key.startswith(claim.rule.key)):
            continue
        before = left + sentence.text[: claim.start if claim.number < 0 else claim.number]
        period = period_of(before, claim.rule, run.rules, run.year, run.before)
        if period is None:
            continue
        span = sentence.prose.span(claim.start, claim.end)
        ends = printed.span(0, len(printed.text))
        found.append(
            Fact(
                key=claim.rule.key,
                value=claim.value,
                raw=run.printed[span.start : span.end],
                unit=claim.unit,
                sentence=run.printed[ends.start : ends.end],
                span=span,
                stated_as="negation" if claim.number < 0 else "number",
                approximate=claim.approximate,
                part_of=total.rule.key if total and total.rule.key in claim.rule.parts_of else "",
                period=period,
                scope=scope_of(left + sentence.text[: claim.start], run.rules),
                section=run.section,
            )
        )
    return found


def _one_total_each(facts: list[Fact], rules: FactRules) -> list[Fact]:
    """Without totals of which one sentence states several: 教育局公开 120 条，民政局公开 88 条 are of two offices."""
    whole = {rule.key for rule in rules.rules if rule.whole}
    stated: dict[tuple[str, str], set[int | Decimal]] = {}
    for fact in facts:
        stated.setdefault((fact.key, fact.period), set()).add(fact.value)
    return [fact for fact in facts if fact.key not in whole or len(stated[fact.key, fact.period]) == 1]


def _parts_side_by_side(facts: list[Fact], text: str) -> list[Fact]:
    """Items by channel beside their one total in a sentence are its parts, unless one is larger or 另外 is said."""
    totals = [fact for fact in facts if fact.key == _TOTAL and not fact.part_of]
    if len(totals) != 1 or _BESIDES.search(text):
        return facts
    total = totals[0]
    channels = [f for f in facts if f.key.startswith(f"{_TOTAL}.") and not f.part_of and f.period == total.period]
    if any(fact.value > total.value for fact in channels):
        return facts
    return [replace(fact, part_of=_TOTAL) if fact in channels else fact for fact in facts]
