"""Which bodies follow each other: what the tree says of their places, and what people decided about their names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract.identity.decided import Decisions
    from extract.identity.divisions import Divisions

_REASONS = {
    "upgraded": "{old} became {new} (edition of {year})",
    "moved": "{old} came under {superior} (edition of {year})",
    "renamed": "{old} was renamed {new} (edition of {year})",
}


@dataclass(frozen=True, slots=True)
class AgencyLink:
    """One body follows another. Two names are never one body without such a link."""

    from_key: str
    to_key: str
    kind: Literal["renamed", "merged", "split", "same"]
    year: int | None
    reason: str


def agency_links(keys: Iterable[str], divisions: Divisions, decided: Decisions) -> list[AgencyLink]:
    """The links between the agencies with these keys (``<division id>:<organ>``), sorted.

    Places that follow each other link their organs of one name. A change of name that holds in every place
    (国土资源局 to 自然资源局) links the two where both are in ``keys`` and stand in one place, or in what it was.
    """
    known = sorted(set(keys))
    organs: dict[str, set[str]] = defaultdict(set)
    for key in known:
        place, _, organ = key.partition(":")
        organs[place].add(organ)
    found = {*_of_places(organs, divisions), *_of_names(organs, divisions, decided)}
    for link in decided.links:
        if not link.is_name:
            found.add(AgencyLink(link.from_key, link.to_key, link.kind, link.year, link.reason))
    return sorted(found, key=lambda link: (link.from_key, link.to_key, link.kind))


def _of_places(organs: dict[str, set[str]], divisions: Divisions) -> Iterator[AgencyLink]:
    for place, organs_there in organs.items():
        names = organs_there
        division = divisions.get(place)
        before = divisions.get(division.follows) if division else None
        years = []
        while division and before:
            years.append(division.valid_from)
            shared = names & organs.get(before.id, set())
            superior = divisions[division.parent].name if division.parent else ""
            words = _REASONS[division.change].format(
                old=before.name, new=division.name, superior=superior, year=division.valid_from
            )
            for organ in shared:
                yield AgencyLink(f"{before.id}:{organ}", f"{place}:{organ}", "renamed", years[0], words)
            if shared == names:
                break
            names = names - shared  # an organ that was not seen in between follows the one before
            division, before = before, divisions.get(before.follows)


def _of_names(organs: dict[str, set[str]], divisions: Divisions, decided: Decisions) -> Iterator[AgencyLink]:
    by_name = decided.names()
    for place, names in organs.items():
        division = divisions.get(place)
        if division is None:
            continue
        line = divisions.same_line(division)
        for link in by_name:
            if link.to_key not in names:
                continue
            for other in line:
                if link.from_key in organs.get(other, set()):
                    yield AgencyLink(
                        f"{other}:{link.from_key}", f"{place}:{link.to_key}", link.kind, link.year, link.reason
                    )
