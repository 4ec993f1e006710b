"""What each hint adds to a candidate or takes from it, and the evidence rows that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.identity.candidates import BARE_OLD
from extract.identity.clues import MOST_CANDIDATES, Evidence
from extract.identity.hints import AGAINST, WEIGHTS, Hint
from extract.identity.site_evidence import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract.identity.clues import Site
    from extract.identity.divisions import Division, Divisions
    from extract.identity.lineage import Lineage

SETTLED = 0.9
"""From here up names and site are enough: the text is not searched."""


@dataclass(slots=True)
class Weighed:
    """A candidate line with its score."""

    division: Division
    score: float
    against: float


def apply_hint(hint: Hint, weighed: Sequence[Weighed], worth: float, lineage: Lineage) -> list[Evidence]:
    """Add the hint's weight to the candidates that it speaks for, and take it from those that it speaks against."""
    weight = _weight(hint)
    if worth == BARE_OLD and hint.regions and hint.regions[0].level in {"province", "prefecture"}:
        weight = BARE_OLD
    against = AGAINST.get(hint.source, 0.9 if hint.source.endswith("places") else 0.0)
    rows = []
    for each in weighed:
        side = lineage.side(each.division, hint.regions)
        if side > 0:
            each.score += weight
        elif side < 0:
            if hint.wide and lineage.side(each.division, hint.wide) >= 0:
                continue
            each.score -= against
            each.against = max(each.against, against)
            if against and len(weighed) == 1:
                rows.append(Evidence(hint.source, hint.says, each.division.id, -against))
    return [*(Evidence(hint.source, hint.says, region.id, weight) for region in hint.regions[:4]), *rows]


def apply_unknown_site(site: Site, weighed: Sequence[Weighed], divisions: Divisions) -> list[Evidence]:
    """The site of a place that no list has: a township's bare name there is hardly the one that is known."""
    owner = owner_of(site, divisions)
    if owner.places or owner.organ.kind != "place":
        return []
    for each in weighed:
        each.score -= AGAINST["site"]
        each.against = max(each.against, AGAINST["site"])
    return [
        Evidence("site", f"{site.id} {owner.printed}", each.division.id, -AGAINST["site"])
        for each in weighed[:MOST_CANDIDATES]
    ]


def unweighed(hints: Iterable[Hint]) -> tuple[Evidence, ...]:
    """Hints that had nothing to speak for: kept all the same."""
    return tuple(
        Evidence(hint.source, hint.says, region.id, _weight(hint)) for hint in hints for region in hint.regions[:4]
    )


def _weight(hint: Hint) -> float:
    return WEIGHTS.get(hint.source, 0.9)
