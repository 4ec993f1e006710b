"""A body described: its stable key, its kind and level, and its full name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.identity.clues import Evidence, Identity
from extract.identity.organs import GOVERNMENT, OFFICE, Organ, organ_of

if TYPE_CHECKING:
    from extract.identity.divisions import Division, Divisions
    from extract.identity.places import Named

_BELOW = {"province": "prefecture", "prefecture": "county", "county": "township", "township": "township"}


def agency_key(division: Division | None, organ: str) -> str:
    """The stable key of a body: the id of its place and its organ (``cn`` for the central government's)."""
    return f"{division.id if division else 'cn'}:{organ}"


def resolved(
    division: Division, organ: Organ, year: int | None, evidence: tuple[Evidence, ...], divisions: Divisions
) -> Identity:
    """The identity of an organ of a place, with the place's code in the edition nearest to the year."""
    edition = divisions.edition(year)
    code = division.code_in(edition)
    if not code and division.codes:
        code, edition = min(
            ((each, min(max(first, edition), last)) for each, first, last in division.spans()),
            key=lambda found: abs(found[1] - divisions.edition(year)),
        )
    kind, level, name = _described(division, organ, divisions)
    return Identity(
        "resolved", division, organ.name, kind, level, agency_key(division, organ.name), name, code,
        edition if code else None, evidence=evidence,
    )  # fmt: skip


def central(name: Named, source: str) -> Identity:
    """The identity of a body of the central government."""
    organ = name.organ.name
    row = Evidence(source, name.printed, "", 1.0)
    return Identity(
        "resolved", None, organ, "central", "central", agency_key(None, organ), organ, evidence=(row,)
    )  # fmt: skip


def government_of(division: Division, divisions: Divisions) -> Identity:
    """The government of a place, without any report of it."""
    kind, level, name = _described(division, Organ(GOVERNMENT, "government"), divisions)
    return Identity("resolved", division, GOVERNMENT, kind, level, agency_key(division, GOVERNMENT), name)


def plainly(division: Division | None, organ: str, divisions: Divisions) -> tuple[str, str, str]:
    """Kind, level and name of the body with that key, where nothing more is known of how its name is written."""
    if division is None:
        return "central", "central", organ
    return _described(division, Organ(organ, organ_of(organ).kind or "department"), divisions)


def _described(division: Division, organ: Organ, divisions: Divisions) -> tuple[str, str, str]:
    """Kind, level and full name of an organ of a place."""
    level: str = division.level
    kind: str = organ.kind
    superior = divisions[division.parent].name if division.level == "township" and division.parent else ""
    place = superior + division.name
    if organ.name == GOVERNMENT:
        if division.level == "township":
            kind = "subdistrict" if division.kind == "subdistrict" else "township"
        if division.kind == "functional_area":
            kind = "functional_area"
        ending = {"subdistrict": "办事处", "functional_area": "管理委员会"}.get(kind, "人民政府")
        if division.kind in {"quasi", "other"}:  # a farm, a prison: no government
            ending = ""
        return kind, level, place if place.endswith(("管委会", "管理委员会")) else place + ending
    if kind == "functional_area":
        return kind, _BELOW[level], place + (organ.label or organ.name)
    if organ.name == OFFICE:
        return kind, level, f"{place}{'党政办公室' if level == 'township' else f'人民{OFFICE}'}"
    return kind, level, place + (organ.label or organ.name)
