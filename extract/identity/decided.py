"""What people decided about bodies: config/agencies.csv read into a frozen record.

One row is a link between two bodies (renamed, merged, split, same), says who an issuer is on one site (identity), or
that a list of departments is whole (complete).

======== ============================== ============================================ =======================
kind     from                           to                                           where
======== ============================== ============================================ =======================
renamed  agency key or name of an organ agency key or name of an organ               empty
merged   the same                       the same: one row for each that merged       empty
split    the same                       the same: one row for each that came out     empty
same     agency key                     agency key                                   empty
identity an issuer as printed           agency key: ``<division id>:<organ>``         id or host of the site
complete id of a division               ``departments``                              empty
======== ============================== ============================================ =======================

``complete`` says that the departments known of that place are all it has, from ``year`` on: only then is a government's
total held against the sum of its parts. A name of an organ (国土资源局) holds in every place; ``year`` is the first
report year of the new body.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from extract.identity.organs import organ_name
from extract.names import squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG = Path(__file__).resolve().parent.parent.parent / "config" / "agencies.csv"
COLUMNS = ("kind", "from", "to", "where", "year", "reason", "source")
LINKS = ("renamed", "merged", "split", "same")

LinkKind: TypeAlias = Literal["renamed", "merged", "split", "same"]


class DecisionsError(Exception):
    """A row that cannot be used. The message names the file and the line, and says what to write."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two bodies, or two names of an organ in every place (``is_name``), and why they belong together."""

    from_key: str
    to_key: str
    kind: LinkKind
    year: int | None
    reason: str
    source: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class Decisions:
    """``links`` in the order of the file. ``identities``: agency key by issuer (without spaces) and site id or host.

    ``complete``: places all of whose departments are known, each with the first report year that this holds for.
    """

    links: tuple[Link, ...] = ()
    identities: Mapping[tuple[str, str], str] = field(default_factory=dict, hash=False)
    complete: Mapping[str, int] = field(default_factory=dict, hash=False)

    def is_complete(self, division_id: str, year: int) -> bool:
        """Whether the departments that are known of a place are all that it had in that year."""
        return year >= self.complete.get(division_id, 9999)

    def names(self) -> tuple[Link, ...]:
        """The links that hold in every place."""
        return tuple(link for link in self.links if link.is_name)


NOTHING = Decisions()


def read_decisions(path: Path = CONFIG) -> Decisions:
    """The decisions of a file; none where there is no such file.

    Raises:
        DecisionsError: A row cannot be used.
    """
    if not path.exists():
        return NOTHING
    links: list[Link] = []
    identities: dict[tuple[str, str], str] = {}
    complete: dict[str, int] = {}
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    head = tuple(next(rows, ()))
    if head != COLUMNS:
        raise DecisionsError(f"{path}: the first line must be {','.join(COLUMNS)}")
    for number, row in enumerate(rows, 2):
        if not any(row) or row[0].startswith("#"):
            continue
        place = f"{path}:{number}"
        if len(row) != len(COLUMNS):
            raise DecisionsError(f"{place}: {len(row)} fields; a row has {','.join(COLUMNS)}")
        kind, one, other, where, year, reason, source = (each.strip() for each in row)
        if not one or not other or not reason:
            raise DecisionsError(f"{place}: from, to and reason must not be empty")
        if year and not (year.isdecimal() and len(year) == 4):
            raise DecisionsError(f"{place}: year {year!r}; four digits, or nothing")
        if kind == "identity":
            _identity(place, identities, squeeze(one), where, other)
        elif kind == "complete":
            complete[one] = _complete(place, other, year)
        elif kind in LINKS:
            links.append(_link(place, cast("LinkKind", kind), one, other, where, year, reason, source))
        else:
            raise DecisionsError(f"{place}: kind {kind!r}; one of {', '.join(LINKS)}, identity, complete")
    return Decisions(tuple(links), identities, complete)


def _complete(place: str, what: str, year: str) -> int:
    if what != "departments" or not year:
        raise DecisionsError(f"{place}: complete: write the division's id, then departments, and the first year")
    return int(year)


def _identity(place: str, identities: dict[tuple[str, str], str], issuer: str, where: str, key: str) -> None:
    if not where:
        raise DecisionsError(f"{place}: an identity holds on one site: write its id or host under where")
    if ":" not in key:
        raise DecisionsError(f"{place}: {key!r} is no agency key; write <division id>:<organ>")
    if identities.setdefault((issuer, where), key) != key:
        raise DecisionsError(f"{place}: {issuer} on {where} was decided before, otherwise; keep one of the rows")


def _link(place: str, kind: LinkKind, one: str, other: str, where: str, year: str, reason: str, source: str) -> Link:
    if where:
        raise DecisionsError(f"{place}: a link holds on every site: leave where empty")
    if (":" in one) != (":" in other):
        raise DecisionsError(f"{place}: link two agency keys, or two names of an organ, not one with the other")
    is_name = ":" not in one
    if is_name and kind == "same":
        raise DecisionsError(f"{place}: names are the same in one place, not in every one; link two agency keys")
    left, right = (organ_name(one), organ_name(other)) if is_name else (one, other)
    if left == right:
        raise DecisionsError(f"{place}: {one} and {other} are one name already")
    return Link(left, right, kind, int(year) if year else None, reason, source, is_name)
