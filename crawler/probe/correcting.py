"""Where what does not hold is to be corrected: a line of the registry, a file and a step of its manual."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.families import FAMILIES
from crawler.registry import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.families import Family
    from crawler.probe.items import Fact, Probed

# Sentences of a manual that begin so, and remarks in brackets; and the numbered steps, to tell in which they stand.
_SENTENCE = re.compile(r"(?:Assumed|Unproven)\b.*?[.)](?=\s|\Z)|[^.:]*\(assumed\b[^)]*\)", re.DOTALL)
_STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
_IN_REGISTRY = {
    "host": "start_url",
    "entry point": "entry_points",
    "family": "family",
    "region": "region_code",
}
# What of a family's manual each fact tries: words with which the step's heading may begin.
_STEPS = {
    "list": ("List", "Start", "Entries"),
    "pager": ("Pages", "Next pages", "List"),
    "second page": ("Pages", "Next pages", "List"),
    "address form": ("Detail", "Entries"),
    "title": ("Detail",),
    "date": ("Detail",),
    "attachments": ("Attachments",),
}
_IN_CODE = {
    "title": "crawler/families/page.py, detail_of; crawler/families/titles.py judges it",
    "date": "crawler/families/page.py, detail_of",
    "body": "crawler/families/page.py, BODIES",
    "attachments": "crawler/families/page.py, attachments_of",
    "charset": "crawler/families/page.py, text_of",
}
_NOTHING_TO_CORRECT = {
    "reachable": "a wall is left alone, a host that is down is asked again another day",
    "robots": "it is the site's word",
    "validators": "its pages are sent whole each time",
    "conditional": "its pages are sent whole each time",
    "publisher": "reports name their issuer themselves",
    "site tags": "the site does not print what the standard asks for",
    "column type": "the site does not print what the standard asks for",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person should look at. ``where``: file and line, step or constant; empty where nothing is to be corrected.

    ``kept``: the fixture that shows it, below the probe's folder; empty where no page came.
    """

    where: str
    says: str
    site: str
    url: str
    kept: str = ""


def corrections(probed: Probed, facts: Iterable[Fact], registry: str) -> Iterator[Correction]:
    """Of each fact that does not hold, and of what the registry leaves empty and the visit found.

    ``registry``: how its file is called.
    """
    for fact in facts:
        where = where_of(fact, probed.line, registry)
        if fact.holds is False:
            yield Correction(where, _says(fact), fact.site, fact.url, _kept(probed, fact.url))
        elif fact.what == "region" and not probed.site.region_code and fact.seen[:2] in PROVINCES:
            yield Correction(where, f"region_code is empty: SiteIDCode is {fact.seen}", fact.site, fact.url)


def _says(fact: Fact) -> str:
    if fact.what in _NOTHING_TO_CORRECT:
        return f"{fact.what}: {fact.seen} ({_NOTHING_TO_CORRECT[fact.what]})"
    if fact.what == "entry point":
        return f"{fact.url}: assumed that it {fact.assumed}; seen: {fact.seen}"
    if fact.what in _IN_REGISTRY:
        return f"{_IN_REGISTRY[fact.what]}: {fact.assumed}; seen: {fact.seen}"
    return f"{fact.what}: assumed that {fact.assumed}; seen: {fact.seen}"


def _kept(probed: Probed, url: str) -> str:
    return next((one.kept for one in probed.at(url) if one.kept), "")


def where_of(fact: Fact, line: int, registry: str) -> str:
    """File and line, step or constant; empty where there is nothing to correct."""
    if fact.what in _IN_REGISTRY:
        return f"{registry} line {line}, {_IN_REGISTRY[fact.what]}"
    places = [_step(FAMILIES[fact.family], _STEPS[fact.what])] if fact.what in _STEPS else []
    return "; ".join(filter(None, (*places, _IN_CODE.get(fact.what, ""))))


def _step(family: Family, headings: tuple[str, ...]) -> str:
    """A family's file, with the number of the step in its manual that has such a heading."""
    for heading in headings:
        if found := re.search(rf"^(\d+)\. [^:\n]*\b{heading}\b[^:\n]*:", manual(family), re.MULTILINE | re.IGNORECASE):
            return f"{file_of(family)} step {found[1]}"
    return file_of(family)


def file_of(family: Family) -> str:
    """The file that is a family's code and manual."""
    return _module(family).replace(".", "/") + ".py"


def manual(family: Family) -> str:
    """The docstring of that file."""
    return sys.modules[_module(family)].__doc__ or ""


def _module(family: Family) -> str:
    return getattr(family, "__name__", "") or type(family).__module__


def unproven() -> Iterator[tuple[str, str]]:
    """What the families' manuals say is assumed or unproven: file, with the step it stands in, and the sentence."""
    for path, text in {file_of(family): manual(family) for family in FAMILIES.values()}.items():
        for match in _SENTENCE.finditer(text):
            before = [step[1] for step in _STEP.finditer(text) if step.start() < match.start()]
            line = text[text.rfind("\n", 0, match.start()) + 1 :]
            is_of_step = before and line[:1] in " 0123456789"  # what follows a step's first line is indented
            step = f" step {before[-1]}" if is_of_step else ""
            yield path + step, " ".join(match[0].split())
