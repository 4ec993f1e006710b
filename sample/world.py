"""What a whole world of sample sites offers to a crawl that knows nothing but home pages: the benchmark's measure.

Two worlds keep this contract: ``sample/province`` in the ways that the families' manuals describe, and
``sample/elsewhere``, written apart from them. Places, agencies and numbers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class WorldReport:
    """One report that can be found: its page's address (or the document's, where a list links it directly).

    ``documents``: the addresses that carry the report itself, the page among them if its text does. ``twins``: other
    addresses of the same page, of which any may be asked instead.
    """

    site: str
    url: str
    title: str
    issuer: str
    year: int
    documents: tuple[str, ...]
    twins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decoy:
    """What looks like a report and is none, or cannot be had: ``why`` in a word or two."""

    site: str
    url: str
    title: str
    why: str


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it: ``began`` and ``ended`` in monotonic seconds, ``address`` is IP without port.

    ``in_flight``: requests under way at that address when this one began, itself counted.
    """

    began: float
    ended: float
    address: str
    port: int
    target: str
    status: int
    in_flight: int
    method: str = "GET"


@dataclass(frozen=True)
class Changes:
    """What the next day brings: addresses whose report now reads differently, is gone, or is new."""

    changed: tuple[str, ...] = field(default=())
    removed: tuple[str, ...] = field(default=())
    new: tuple[str, ...] = field(default=())


class World(Protocol):
    """Served while it is entered. All sites are on loopback addresses; some share one and differ by port.

    ``homes``: site id -> address of its home page. ``forbidden``: path prefixes that robots.txt closes, by site id.
    ``delays``: the Crawl-delay in seconds that robots.txt asks for, by site id, where it asks for one.
    """

    homes: Mapping[str, str]
    reports: Sequence[WorldReport]
    decoys: Sequence[Decoy]
    forbidden: Mapping[str, tuple[str, ...]]
    delays: Mapping[str, float]
    log: list[Asked]

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def turn_the_day(self) -> Changes:
        """The next day's state from here on: five reports changed, two removed, three new; ``reports`` follows."""
        ...
