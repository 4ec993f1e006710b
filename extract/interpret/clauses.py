"""Sentences of normalised prose: titles masked, brackets taken out, those with a number read by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.interpret.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*〉|https?:[\w./:?=&%-]+")
_END = frozenset("。;!?")
_BRACKET = re.compile(r"\(([^()]*)\)")
_ASIDE = re.compile(r"[含包不其以简注详见附如即原]|[一二三四五六七八九十]{1,3}$")
"""How a bracket begins that changes nothing: what stands before and after it reads on."""
_NUMBERING = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its brackets; those that hold numbers are ``inside``, each with where it was taken out."""

    prose: Prose
    whole: Prose
    inside: tuple[tuple[int, Prose], ...] = ()

    @property
    def text(self) -> str:
        """Its normalised text, without brackets."""
        return self.prose.text

    def clauses(self) -> Iterator[tuple[int, int]]:
        """Where its clauses begin and end: they are parted by commas."""
        start = 0
        for end, character in enumerate(self.text + "，"):
            if character == "，":
                if end > start:
                    yield start, end
                start = end + 1


def sentences(run: Prose) -> Iterator[Sentence]:
    """The sentences of a run, in order; a bracket keeps its inner full stops to itself."""
    masked = Prose(_TITLE.sub(lambda match: "□" * len(match[0]), run.text), run.at)
    start, depth = 0, 0
    for position, character in enumerate(masked.text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(depth - 1, 0)
        if character == "。" or (character in _END and not depth):
            depth = 0
            if position > start:
                yield _sentence(masked.part(start, position), run.part(start, position + 1))
            start = position + 1
    if start < len(masked.text):
        yield _sentence(masked.part(start, len(masked.text)), run.part(start, len(masked.text)))


def _sentence(prose: Prose, whole: Prose) -> Sentence:
    inside: list[tuple[int, Prose]] = []
    while match := _BRACKET.search(prose.text):
        start, end = match.span()
        held = prose.part(start + 1, end - 1)
        between = ""
        if _NUMBERING.fullmatch(held.text):
            between = "，"  # a list's number: what follows begins anew
        elif not _ASIDE.match(held.text) and not any(character.isdigit() for character in held.text):
            between = f"〔{held.text}〕"  # 复议（诉讼）3 件 is no 复议 3 件
        elif any(character.isdigit() for character in held.text):
            inside = [(place, text) for place, text in inside if place <= start] + [(start, held)]
        inside = [(place - (end - start) + len(between) if place >= end else place, text) for place, text in inside]
        prose = Prose(
            prose.text[:start] + between + prose.text[end:],
            prose.at[:start] + prose.at[start : start + len(between)] + prose.at[end:],
        )
    text = prose.text.replace("(", "，").replace(")", "，")  # half a bracket
    return Sentence(Prose(text, prose.at), whole, tuple(inside))


def inner(held: Prose) -> Sentence:
    """What a bracket holds, as a sentence of its own."""
    return Sentence(Prose(held.text.replace(";", "，").replace("。", "，"), held.at), held)
