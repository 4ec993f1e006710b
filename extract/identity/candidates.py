"""The places that a printed name can mean, and what the name alone is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.identity.organs import Organ
from extract.identity.places import Named
from extract.identity.variants import canonical, differ_by_one_rare, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract.identity.clues import Case
    from extract.identity.divisions import Division, Divisions
    from extract.identity.hints import Hint
    from extract.identity.lineage import Lineage

BARE = 0.6
"""A township's name without its county."""
BARE_OLD = 0.2
"""One that no place has had for years: one that has it now may not be listed."""
BARE_LATER = 0.4
"""The same in a year that the tree does not know: another place may have that name now."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The places it can be, what their name alone is worth, and ``why`` that may not be enough."""

    places: Sequence[Division]
    worth: float
    why: str = ""


def candidates(case: Case, lineage: Lineage) -> Candidates:
    """The places that the name of a case can mean; in a year that no list knows, a bare name is worth less."""
    found = _of_name(case, lineage)
    year = case.clues.year
    is_later = year is not None and year > lineage.divisions.last_edition
    return replace(found, worth=BARE_LATER) if found.worth == BARE and is_later else found


def _of_name(case: Case, lineage: Lineage) -> Candidates:
    name, divisions = case.name, lineage.divisions
    if name.organ.kind == "place":
        return _unlisted(name, case.hints, lineage)
    if name.places:
        alike = [each for each in name.places if _is_listed_near(each, case.year, divisions)] or list(name.places)
        if name.places[0].level == "township":
            alike = list(name.places)  # a bare name of one place now may be that of another later: all years count
            if name.words == 1:
                is_old = not any(_is_listed_near(each, case.year, divisions) for each in name.places)
                alike += _upgraded_here(name, case.hints, lineage)
                return Candidates(alike, BARE_OLD if is_old else BARE)
        worth = 1.0 if name.words > 1 else 0.9 if alike[0].level != "township" else BARE
        return Candidates(alike, worth - (0.1 if name.is_short and name.words == 1 else 0))
    # An organ without a place: that of the region whose site it is.
    for hint in case.hints:
        if hint.source in {"site", "site code"} or hint.source.endswith("places"):
            places = [each for each in hint.regions if _fits_word(each, name.organ.of)]
            if places:
                return Candidates(places, 0.0, _no_place(name))
    return Candidates((), 0.0, _no_place(name))


def _upgraded_here(name: Named, hints: Sequence[Hint], lineage: Lineage) -> Sequence[Division]:
    """X镇 on the site of a county that has X乡 and no X镇: a town since the last edition."""
    counties = tuple(each for hint in hints if hint.source == "site" for each in hint.regions if each.level == "county")
    if not counties or any(lineage.side(each, counties) > 0 for each in name.places):
        return ()
    return _unlisted(Named(name.printed, organ=Organ(name.said, "place")), hints, lineage).places


def _is_listed_near(division: Division, year: int, divisions: Divisions) -> bool:
    last = division.valid_to if division.valid_to is not None else divisions.last_edition
    return division.valid_from - 1 <= year <= last + 1


def _fits_word(division: Division, word: str) -> bool:
    return not word or division.name.endswith(word) or (word == "市" and division.kind == "municipality")


def _unlisted(name: Named, hints: Sequence[Hint], lineage: Lineage) -> Candidates:
    """A township that the tree has under another kind, or with another rare character, in that one county."""
    printed = canonical(name.organ.name)
    counties = [each for each in name.places if each.level in {"county", "prefecture"}]
    if not name.places:
        counties = [each for hint in hints if hint.source == "site" for each in hint.regions if each.level == "county"]
    found: dict[str, Division] = {}
    for county in counties:
        for each in _ever_under(county, lineage):
            if each.level != "township" or each.kind in {"quasi", "other", "functional_area"}:
                continue
            other = canonical(each.name)
            is_upgrade = stem(printed) == stem(other) and _order(printed) > _order(other) >= 0
            if is_upgrade or differ_by_one_rare(printed, other):
                found[each.id] = each
    where = f" under {name.said}" if name.said else ""
    why = f"no list of divisions has {name.organ.name}{where}: look for another spelling, or for one that began since"
    return Candidates(tuple(found.values()), 0.7 if name.places else 0.0, why)


def _ever_under(county: Division, lineage: Lineage) -> Iterable[Division]:
    for identifier in lineage.line(county):
        yield from lineage.divisions.children(identifier)


def _order(name: str) -> int:
    """乡, 镇, 街道: what a township can become, in that order."""
    return next((place for place, ending in enumerate(("乡", "镇", "街道")) if name.endswith(ending)), -1)


def _no_place(name: Named) -> str:
    return f"{name.printed} names no place, and nothing known of the site says which: look whose site it is"
