"""The world of sample/world.py: all sites of the province on loopback, their reports, and the next day."""

from __future__ import annotations

import datetime as dt
import random
import socket
from typing import TYPE_CHECKING, Self

from sample.province.families import FAMILIES
from sample.province.places import PLACES
from sample.province.server import Server
from sample.world import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sample.province.items import Item
    from sample.province.site import Site
    from sample.world import Asked, Decoy, World, WorldReport

_CHANGED, _REMOVED, _NEW = 5, 2, 3
_FIRST_DAY = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


class ProvinceError(Exception):
    """The province cannot be served; the message says what is in the way."""


class Province:
    """Use as a context manager; what it offers is there while it is entered (see sample.world.World).

    ``port``: the sites' port, the next ones for those that share an address; 0 takes any that is free. ``latency``:
    seconds that each answer takes at least.

    Raises:
        ProvinceError: an address or a port cannot be had.
    """

    def __init__(self, port: int = 0, latency: float = 0.002) -> None:
        self.homes: Mapping[str, str] = {}
        self.forbidden: Mapping[str, tuple[str, ...]] = {}
        self.delays: Mapping[str, float] = {}
        self.reports: Sequence[WorldReport] = ()
        self.decoys: Sequence[Decoy] = ()
        self.log: list[Asked] = []
        self.sites: dict[str, Site] = {}
        self._port, self._latency, self._day = port, latency, 0
        self._server: Server | None = None

    def __enter__(self) -> Self:
        bound = self._bind()
        bases = {place.id: "http://{}:{}".format(*bound[place.id].getsockname()) for place in PLACES}
        names = {place.name: bases[place.id] for place in PLACES}
        for number, place in enumerate(PLACES):
            neighbours = {name: base for name, base in names.items() if name != place.name}
            self.sites[place.id] = FAMILIES[place.family](place, bases[place.id], number, neighbours)
        self.homes = {name: f"{base}/" for name, base in bases.items()}
        self.forbidden = {name: site.forbidden for name, site in self.sites.items() if site.forbidden}
        self.delays = {place.id: place.delay for place in PLACES if place.delay}
        self.decoys = tuple(decoy for site in self.sites.values() for decoy in site.world_decoys())
        self._count()
        pairs = [(bound[name], site) for name, site in self.sites.items()]
        self._server = Server(pairs, self.log, self._latency, _stamp(self._day))
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _bind(self) -> dict[str, socket.socket]:
        bound: dict[str, socket.socket] = {}
        for place in PLACES:
            shared = sum(1 for other in PLACES[: PLACES.index(place)] if other.address == place.address)
            port = self._port + shared if self._port else 0
            bound[place.id] = socket.socket()
            bound[place.id].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                bound[place.id].bind((place.address, port))
            except OSError as error:
                for one in bound.values():
                    one.close()
                raise ProvinceError(
                    f"{place.name} cannot be served at {place.address}:{port} ({error.strerror}); "
                    "stop what uses it, or name another port"
                ) from error
        return bound

    def _count(self) -> None:
        self.reports = tuple(report for site in self.sites.values() for report in site.world_reports())

    def turn_the_day(self) -> Changes:
        """The next day's state from here on: five reports changed, two removed, three new, each at another site.

        Raises:
            ProvinceError: the province is not being served.
        """
        if self._server is None:
            raise ProvinceError("no day turns in a province that is not served; enter it first")
        return self._server.do(self._next_day)

    def _next_day(self) -> Changes:
        self._day += 1
        if self._server is not None:
            self._server.stamp = _stamp(self._day)
        randomness = random.Random(f"day {self._day}")
        open_sites = [site for site in self.sites.values() if not site.place.wall]
        randomness.shuffle(open_sites)
        changed = _pick(randomness, open_sites, _CHANGED, _can_change)
        removed = _pick(randomness, open_sites, _REMOVED, _can_go)
        new = _pick(randomness, open_sites, _NEW, _can_come)
        gone = tuple(site.base + site.link_of(item) for site, item in removed)
        for _, item in changed:
            item.revision += 1
        for _, item in removed:
            item.live, item.withdrawn = False, True
        for _, item in new:
            item.live = True
        for site, _ in (*changed, *removed, *new):
            site.arrange()
        self._count()
        return Changes(
            tuple(site.base + site.link_of(item) for site, item in changed),
            gone,
            tuple(site.base + site.link_of(item) for site, item in new),
        )


def _pick(
    randomness: random.Random, sites: list[Site], count: int, fits: Callable[[Site, Item], bool]
) -> list[tuple[Site, Item]]:
    """One fitting report of each of the first sites that have one; these sites are taken off the list."""
    found: list[tuple[Site, Item]] = []
    for site in list(sites):
        fitting = [item for item in site.reports if fits(site, item)]
        if fitting and len(found) < count:
            found.append((site, randomness.choice(fitting)))
            sites.remove(site)
    return found


def _can_change(site: Site, item: Item) -> bool:
    """Where the address of the report is that of its one document: the page, or a PDF that the list links."""
    del site
    return item.live and (item.carriers == ("html",) or item.direct)


def _can_go(site: Site, item: Item) -> bool:
    return item.live and not site.place.soft_404


def _can_come(site: Site, item: Item) -> bool:
    del site
    return not item.live and not item.withdrawn


def _stamp(day: int) -> str:
    return (_FIRST_DAY + dt.timedelta(days=day)).strftime("%a, %d %b %Y %H:%M:%S GMT")


if TYPE_CHECKING:
    _keeps_the_contract: World = Province()
