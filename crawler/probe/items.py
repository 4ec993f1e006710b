"""What a probe works on and what it says: answers as they came, a site's visit, one fact about one site."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.discovery import is_home
from crawler.families import FAMILIES, Page, recognise
from crawler.families.page import text_of
from crawler.sniff import HTML, TEXT, XML
from crawler.walls import wall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.families import Family
    from crawler.items import Failure, Listing, Run, Site

_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One assumption tried at one site, in plain words. ``holds``: None where nothing came that could tell.

    ``family`` is the one whose assumption it is: what the pages show, where they show one, else the registry's.
    ``url`` is the page that tells, or the first that speaks against it.
    """

    site: str
    family: str
    what: str
    assumed: str
    seen: str
    holds: bool | None
    url: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """One answer as it came. ``headers``: names in lower case; ``body``: decoded; ``kept``: its fixture, if any."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    sniffed_type: str
    location: str = ""
    kept: str = ""

    @cached_property
    def page(self) -> Page:
        """As families read it."""
        return Page(self.url, text_of(self.body))

    @property
    def wall(self) -> str:
        """What wall it is, in words; empty if it is none."""
        return wall(self.status, self.body)

    @property
    def is_page(self) -> bool:
        """Whether families can read it: markup, or an endpoint's text, and not just the rules."""
        is_text = self.sniffed_type in (HTML, XML, TEXT)
        return self.status == 200 and is_text and not self.wall and urlsplit(self.url).path != "/robots.txt"


@dataclass(frozen=True, eq=False)
class Probed:
    """A site's line and what a short visit brought, in the order received; a site nothing came from has no answers.

    ``again``: address -> status where a page that has validators was asked for a second time.
    """

    site: Site
    line: int
    run: Run
    answers: tuple[Answer, ...] = ()
    listings: tuple[Listing, ...] = ()
    failures: tuple[Failure, ...] = ()
    again: tuple[tuple[str, int], ...] = ()

    @cached_property
    def _by_url(self) -> Mapping[str, tuple[Answer, ...]]:
        found: dict[str, tuple[Answer, ...]] = {}
        for one in self.answers:
            found[one.url] = (*found.get(one.url, ()), one)
        return found

    def at(self, url: str) -> tuple[Answer, ...]:
        """The answers at an address: several where it was asked by POST."""
        return self._by_url.get(url, ())

    def led_to(self, url: str) -> Answer | None:
        """The answer behind an address, through redirects that were followed; a redirect that was not is that one."""
        found = next(iter(self.at(url)), None)
        for _ in range(_MOST_REDIRECTS):
            if found is None or not found.location or not (further := self.at(found.location)):
                break
            found = further[0]
        return found

    def failure_at(self, url: str) -> Failure | None:
        """What came of an address instead of a page."""
        return next((one for one in self.failures if one.url == url), None)

    @cached_property
    def ways_in(self) -> tuple[str, ...]:
        """The addresses of the registry that a visit begins with."""
        return self.site.entry_points or (self.site.start_url,)

    @cached_property
    def pages(self) -> tuple[Answer, ...]:
        """The answers that families can read."""
        return tuple(one for one in self.answers if one.is_page)

    @cached_property
    def columns(self) -> tuple[Answer, ...]:
        """Pages that are columns by the registry or by what the spider made of them, those of the registry first."""
        told = [one for one in self.listings if one.verdict == "column"]
        reports = Counter(one.found_on for one in self.listings if one.verdict == "report")
        # a page that only links some reports comes last, one that lists most of them first
        told.sort(key=lambda one: (bool(one.reason), is_home(one.url), -reports[one.url]))
        named = [*self.site.entry_points, *(one.url for one in told)]
        found = (self.led_to(url) for url in named)
        return tuple(dict.fromkeys(one for one in found if one is not None and one.is_page))

    @cached_property
    def articles(self) -> tuple[Answer, ...]:
        """The pages behind what was listed as a report."""
        found = (self.led_to(one.url) for one in self.listings if one.verdict == "report")
        return tuple(dict.fromkeys(one for one in found if one is not None and one.is_page))

    @cached_property
    def family(self) -> Family:
        """The family whose assumptions are tried: what the pages show, else the registry's, else generic."""
        return FAMILIES[families_seen(self)[0] or self.site.family or "generic"]


def families_seen(probed: Probed) -> tuple[str, int, int]:
    """The family that most pages show, how many do, and how many were looked at; no name where none shows any sign.

    Columns and reports tell first: a site's front page may be made by another system.
    """
    for looked_at in ((*probed.columns, *probed.articles), probed.pages):
        counts = Counter(name for one in looked_at if (name := recognise(one.page).NAME) != "generic")
        if counts:
            name, number = counts.most_common(1)[0]
            return name, number, len(looked_at)
    return "", 0, len(probed.pages)
