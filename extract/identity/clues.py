"""What is known of a report, and what is found from it: the frozen records that identifying goes from and to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.identity.divisions import Division
    from extract.identity.hints import Hint
    from extract.identity.places import Named

Status: TypeAlias = Literal["resolved", "ambiguous", "unknown"]

MOST_CANDIDATES = 12
"""How many candidates an ambiguous identity names; the evidence row tells how many there are."""


@dataclass(frozen=True, slots=True)
class Site:
    """A row of the registry of sites: whose it is."""

    id: str
    name: str = ""
    agency: str = ""
    level: str = ""
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of a report: its title, issuer and signature as printed, where it was found, and its whole text.

    ``year``: the report year. ``breadcrumb``: the way of columns that the page shows, joined with ``>``. ``site``: the
    registry's row of the host. ``publisher``: who put the page up, as its page tags or its list say; often the
    government's office for all its bodies, so it speaks for a place and against none.
    """

    title: str = ""
    issuer: str = ""
    signature: str = ""
    year: int | None = None
    host: str = ""
    url: str = ""
    breadcrumb: str = ""
    site: Site | None = None
    text: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is weighed: the name that tells whose report it is, where it stood (``source``), and all hints at a place.

    ``text``: the document's, readable; empty where it is not searched. ``year``: the edition for the report's year.
    """

    clues: Clues
    source: str
    name: Named
    hints: Sequence[Hint]
    text: str
    year: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: where it stood, what it says, the region that it speaks for, and with what weight.

    A negative weight speaks against that region.
    """

    source: str
    says: str
    region_id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a report is from, or why that is not settled.

    ``resolved``: ``division`` (None for bodies of the central government), ``organ`` (政府, 政府办公室, 水利局),
    ``kind`` (government, township, subdistrict, office, department, vertical, functional_area, party, organisation or
    central), ``level`` (central, province, prefecture, county, township), ``agency_key`` and ``name`` are filled, and
    ``code`` is the division's in ``edition``, the edition of the report's year or the nearest that has it.
    ``ambiguous``: ``candidates`` are the divisions it may be. ``unknown``: nothing that could be one was found. ``why``
    says of both, in a sentence, what stands in the way and what a person should look at.
    """

    status: Status
    division: Division | None = None
    organ: str = ""
    kind: str = ""
    level: str = ""
    agency_key: str = ""
    name: str = ""
    code: str = ""
    edition: int | None = None
    candidates: tuple[Division, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
