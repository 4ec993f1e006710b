"""The answer of a case: its candidates weighed, and one taken only where it clearly leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.identity.agency import resolved
from extract.identity.candidates import BARE, Candidates, candidates
from extract.identity.clues import MOST_CANDIDATES, Evidence, Identity
from extract.identity.hints import level_named
from extract.identity.lineage import distance
from extract.identity.organs import GOVERNMENT, Organ
from extract.identity.places import Named, gazetteer
from extract.identity.superiors import apply_text
from extract.identity.weighing import SETTLED, Weighed, apply_hint, apply_unknown_site, unweighed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.identity.clues import Case
    from extract.identity.divisions import Division, Divisions
    from extract.identity.lineage import Lineage

ENOUGH = 0.5
"""The least that the best candidate must have."""
LEAD = 0.45
"""By how much it must lead."""
FAR = 2
"""How many editions away from the report's year a place may have been listed and still be meant."""


def verdict(case: Case, lineage: Lineage) -> tuple[Identity, bool]:
    """The identity, and whether the text need not be asked (any more)."""
    name, text, divisions = case.name, case.text, lineage.divisions
    found = candidates(case, lineage)
    if not found.places:
        named = [each.id for each in name.places[:4]] or [""]
        rows = [Evidence(case.source, name.printed, each, 0.0) for each in named]
        return Identity(
            "unknown", organ=name.organ.name, evidence=(*rows, *unweighed(case.hints)), why=found.why
        ), bool(text)
    weighed, evidence = _weigh(case, found, lineage)
    best = weighed[0]
    lead = best.score - weighed[1].score if len(weighed) > 1 else best.score
    if best.score >= ENOUGH and lead >= LEAD and best.against < 0.9 and _is_near(best, case.year):
        if not name.places and name.organ.kind != "place" and not _site_settles(case, best, divisions):
            return _open(weighed, evidence, name, _several_levels(name)), bool(text)
        if not name.organ.kind:
            return _open(weighed, evidence, name, _no_kind(name)), True
        organ = Organ(GOVERNMENT, "government") if name.organ.kind == "place" else name.organ
        identity = resolved(best.division, organ, case.clues.year, evidence, divisions)
        return identity, bool(text) or (best.score >= SETTLED and not best.against)
    return _open(weighed, evidence, name, _none_leads(case, weighed, found.why)), bool(text)


def _weigh(case: Case, found: Candidates, lineage: Lineage) -> tuple[list[Weighed], tuple[Evidence, ...]]:
    """The candidates with their scores, the best first, and all that was said of them."""
    name, site, divisions = case.name, case.clues.site, lineage.divisions
    by_line: dict[frozenset[str], list[Division]] = {}
    for each in found.places:
        by_line.setdefault(lineage.line(each), []).append(each)
    lines = [lineage.as_of(members, case.year) for members in by_line.values()]
    says = name.said or name.printed
    rows = [Evidence(case.source, says, each.id, found.worth) for each in lines[:MOST_CANDIDATES]]
    weighed = [Weighed(each, found.worth, 0.0) for each in lines]
    for hint in case.hints:
        rows += apply_hint(hint, weighed, found.worth, lineage)
    if site and not site.region_code and name.words == 1 and found.worth <= BARE:
        rows += apply_unknown_site(site, weighed, divisions)
    if case.text:
        rows += apply_text(case.text, weighed, divisions)
    weighed.sort(key=lambda each: (-each.score, each.division.id))
    return weighed, tuple(rows)


def _is_near(candidate: Weighed, year: int) -> bool:
    return distance(candidate.division, year) <= FAR


def _site_settles(case: Case, best: Weighed, divisions: Divisions) -> bool:
    """Whether an organ without a place is surely the one of the site's region.

    A county's site holds the county's bodies. A site of a prefecture or province holds those of its counties, too:
    there the name's own word (市水利局) or the site's owner must say so.
    """
    division, name, site = best.division, case.name, case.clues.site
    if division.level == "county" and division.kind != "functional_area":
        return True
    owner = gazetteer(divisions).named(site.agency) if site else Named("")
    if owner.organ.name == name.organ.name and owner.organ.kind == name.organ.kind:
        return True
    return bool(name.organ.of) and not level_named(case.text)[0]


def _none_leads(case: Case, weighed: Sequence[Weighed], why: str) -> str:
    """What stands in the way of the best candidate; ``why``: what the name alone lacks."""
    name, best = case.name, weighed[0]
    if not _is_near(best, case.year):
        return (
            f"no list within {FAR} years of {case.clues.year} has {best.division.name}: see whether the year is right, "
            "or what the place was called then"
        )
    if best.against:
        return f"{name.printed} is printed, but other evidence speaks against {best.division.name}: see which is right"
    if len(weighed) > 1:
        return (
            f"{len(weighed)} places bear the name {name.said or name.printed} and none clearly leads: "
            "look for its county on the page or in the address"
        )
    return why or _name_alone(name)


def _open(weighed: Sequence[Weighed], evidence: tuple[Evidence, ...], name: Named, why: str) -> Identity:
    places = tuple(each.division for each in weighed[:MOST_CANDIDATES])
    return Identity("ambiguous", organ=name.organ.name, candidates=places, evidence=evidence, why=why)


def _name_alone(name: Named) -> str:
    return f"nothing but the name {name.printed} speaks for it: look for its county on the page or in the address"


def _several_levels(name: Named) -> str:
    return f"the site holds bodies of several levels: see whether {name.printed} is its owner's or a lower place's"


def _no_kind(name: Named) -> str:
    return f"{name.rest} is no kind of body that is known: see what it is, and of which place"
