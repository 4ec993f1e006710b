"""A second world of sample sites, written from the survey of real systems alone and apart from the crawler's families.

It keeps the contract of ``sample.world.World`` and measures whether what the families take for granted holds where class
names, nesting, order and menus are others. Each module says what it assumes of its family. Everything is made by code
from ``report.SEED``; places, agencies, numbers and hosts are invented. Building PDF files needs reportlab.

>>> with Elsewhere() as world:
...     len(world.homes) > 20
True
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Self

from sample.elsewhere import anhui, boda, epoint, guangdong, hanweb, plain, short, trs, ucap
from sample.elsewhere.report import SEED, Report
from sample.elsewhere.serving import Server
from sample.world import Asked, Changes, Decoy, WorldReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sample.elsewhere.site import Column, Entry, Site
    from sample.world import World

_MODULES = (trs, hanweb, ucap, anhui, guangdong, boda, epoint, short, plain)
_DAY = 86_400.0
# Where something new comes: two reports of a new year, and a correction of an old one.
_NEWS = (("yanxi", 2025, ""), ("xiangshui", 2025, ""), ("jungu", 2024, "（更正）"))


class Elsewhere:
    """Use as a context manager; addresses are known once it is entered, since ports are chosen then."""

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.sites: list[Site] = [site for module in _MODULES for site in module.sites()]
        for number, site in enumerate(self.sites):
            site.neighbours = [self.sites[(number + step) % len(self.sites)] for step in (1, 2, 7)]
        self.homes: Mapping[str, str] = {}
        self.reports: Sequence[WorldReport] = ()
        self.decoys: Sequence[Decoy] = ()
        self.forbidden: Mapping[str, tuple[str, ...]] = {
            site.id: site.forbidden for site in self.sites if site.forbidden
        }
        self.delays: Mapping[str, float] = {site.id: site.delay for site in self.sites if site.delay}
        self._days = 0
        self._server = Server(self.sites, self.log)

    def __enter__(self) -> Self:
        self._server.start()
        self.homes = {site.id: site.base + "/" for site in self.sites}
        self._tell()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def turn_the_day(self) -> Changes:
        """Five reports changed, each on another site, two removed, three new.

        Raises:
            RuntimeError: the world is not served yet.
        """
        changes: list[Changes] = []
        self._server.call(lambda: changes.append(self._turn()))
        self._tell()
        return changes[0]

    def _turn(self) -> Changes:
        self._days += 1
        self._server.today += _DAY
        dice = random.Random(f"{SEED}day{self._days}")
        chosen = [(site, dice.choice(found)) for site in self.sites if not site.soft_404 and (found := _pages(site))]
        dice.shuffle(chosen)
        for _, entry in chosen[:5]:
            assert entry.report
            entry.report.edition += 1
        for site, entry in chosen[5:7]:
            site.take_away(entry)
        new = tuple(self._add(*news) for news in _NEWS)
        changed, removed = (tuple(site.base + entry.path for site, entry in some) for some in (chosen[:5], chosen[5:7]))
        return Changes(changed, removed, new)

    def _add(self, key: str, year: int, mark: str) -> str:
        site = next(site for site in self.sites if site.id == key)
        column, latest = _newest(site, year if mark else year + self._days - 2)
        assert latest.report
        entry = site.entry(latest.report.issuer, year if mark else year + self._days - 1)
        entry.title += f"{mark}{self._days}" if mark and self._days > 1 else mark
        entry.date = dt.date(2026, 1, 15) + dt.timedelta(self._days)
        entry.report = Report(latest.report.issuer, entry.report.year if entry.report else year, entry.title)
        site.add_first(column, entry)
        return site.base + entry.path

    def _tell(self) -> None:
        self.reports = [report for site in self.sites for report in site.reports()]
        self.decoys = [decoy for site in self.sites for decoy in site.no_reports()]


if TYPE_CHECKING:
    _keeps_the_contract: type[World] = Elsewhere


def _pages(site: Site) -> list[Entry]:
    """Reports that are pages alone: they can be changed or removed as one."""
    every = (entry for column in site.columns for entry in column.entries)
    return [entry for entry in every if entry.report and not entry.why and not entry.files]


def _newest(site: Site, year: int) -> tuple[Column, Entry]:
    """A report of that year and its list, which the new one will head."""
    found = ((column, entry) for column in site.columns for entry in column.entries)
    return next((c, e) for c, e in found if e.report and not e.why and e.report.year == year)
