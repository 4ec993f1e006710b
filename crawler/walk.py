"""What the walk of one site has met so far, and what it makes of what it meets next; no request is made here.

One page may be met under many addresses, in many lists, at many depths: what was met once is not asked for again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from crawler import discovery
from crawler.families import FAMILIES, Ask, columns, judge, recognise
from crawler.families.page import ATTACHMENT, same_host
from crawler.families.titles import UNDECIDED, instead_of
from crawler.families.twins import canonical
from crawler.mirrors import is_mirror

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.discovery import Lead
    from crawler.families import Entry, Family, Page
    from crawler.items import Site

_BARREN = 3  # pages in a row of a column of yearly reports without a new one, after which its pager is left
_DEEPEST_COLUMN = 4  # annual column, year, group, agency: sites were seen to nest three or four levels
_A_YEAR = re.compile(r"(?:19|20)\d{2}|二[〇○零]")
_THOUGH = "listed among yearly reports, though its title does not say so"


@dataclass
class Column:
    """A column on its walk. ``annual``: it is one of yearly reports by its own words; ``family``: its system."""

    root: str
    family: Family | None = None
    annual: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entry is before anything is fetched: a report's page, a list (or both), or skipped, with the reason."""

    what: Literal["detail", "list", "skipped", "known"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """Another page of a list. ``guessed``: it may not exist; ``first``: it leads on even if it brings nothing new."""

    ask: str | Ask
    guessed: bool
    first: bool


@dataclass
class Walk:
    """The walk of one site from ``site.start_url``; addresses are compared by what all their twins have in common.

    ``fruitless``: how many links of little promise in a row led to no column.
    """

    site: Site
    columns: dict[str, Column] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    led: set[str] = field(default_factory=set)
    fruitless: int = 0
    _own: set[str] = field(default_factory=set)
    _links: set[str] = field(default_factory=set)

    def family_of(self, page: Page, column: Column | None = None) -> Family:
        """The system that made a page: its column's once that is known, else told by the page, else the registry's.

        A newer generation keeps the addresses of the older one: neither column nor registry may know of the change.
        """
        family = (column.family if column else None) or FAMILIES.get(self.site.family)
        successor = FAMILIES.get(family.SUCCEEDED_BY) if family else None
        if family is None or (successor is not None and successor.recognises(page)) or column is None:
            recognised = recognise(page)
            family = family if family is not None and recognised.NAME == "generic" else recognised
        if column is not None and family.NAME != "generic":
            column.family = family
        return family

    def fresh(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those whose page, by any of its twins' addresses, was not listed before in this run."""
        new: dict[str, Entry] = {}
        for entry in entries:
            if (key := canonical(entry.url)) not in self.listed:
                new.setdefault(key, entry)
        self.listed.update(new)
        return list(new.values())

    def entries_of_list(self, family: Family, page: Page, column: Column, *, is_first: bool) -> list[Entry]:
        """The new entries of a column's page; a column of yearly reports has some whose titles do not say so."""
        pages = {*map(url_of, family.next_pages(page)), page.url}
        column.annual |= is_first and columns.is_annual(page)
        own = list(columns.own_articles(page, annual=column.annual))
        self._own.update(entry.url for entry in own)
        return [entry for entry in self.fresh((*family.entries(page), *own)) if entry.url not in pages]

    def entries_on_the_way(self, family: Family, page: Page, named: Iterable[Entry]) -> list[Entry]:
        """The new reports that a page links which is no column; ``named``: those that a notice links by units' names.

        A title without a year names a column.
        """
        named = list(named)
        self._own.update(entry.url for entry in named)
        dated = [one for one in family.entries(page) if is_report(one) and _A_YEAR.search(one.title)]
        return self.fresh((*named, *dated))

    def decide(self, entry: Entry, root: str) -> Decision:
        """What to do with an entry of the column that begins at ``root``."""
        verdict, reason = judge(entry.title, entry.url)
        if verdict == "unrelated" or (reason == UNDECIDED and entry.url in self._own):
            what = instead_of(entry.title)
            verdict, reason = ("skipped", what) if what else ("report", _THOUGH)
        if is_mirror(entry.url):
            return Decision("skipped", "a known spam mirror")
        if not same_host(entry.url, self.site.start_url):
            return Decision("skipped", "a link to another host")
        if verdict != "report":
            return Decision("skipped", reason)
        if not columns.is_list(entry.url):
            return Decision("detail", reason)
        if not columns.is_column_name(entry.title):
            return Decision("list")
        known = columns.list_key(entry.url) in self.lists or columns.is_below(entry.url, root)
        return Decision("known") if known else Decision("skipped", "a column and no report")

    def new_leads(self, page: Page, *, score: int, depth: int) -> Iterator[Lead]:
        """The links of a page that may lead to columns and were not met before."""
        for lead in discovery.leads(page, score=score, depth=depth):
            key = canonical(lead.url)
            if key not in self.led and columns.list_key(lead.url) not in self.lists:
                self.led.add(key)
                yield lead

    def further_pages(
        self, page: Page, family: Family, column: Column, *, first: bool, barren: int
    ) -> Iterator[Further]:
        """The other pages of this list, unless this one brought no new links: then it repeats another, or is empty.

        Where a column of yearly reports has shown none on ``barren`` pages, its pager leads on without end.
        """
        asks = self._asks(page, family)
        links = {url for url, _, _ in page.anchors()} | {one.url for one in family.entries(page)}
        fresh = links - self._links - set(map(url_of, asks))
        self._links |= links
        if not (fresh or first) or (column.annual and barren >= _BARREN):
            return
        for ask in asks:
            from_here = urlsplit(url_of(ask)).path == urlsplit(page.url).path
            endpoint = isinstance(ask, Ask) or "?" in ask  # not a page that is called one more than this
            leads_on = (family.LISTS_ELSEWHERE or endpoint) and not from_here
            yield Further(ask, family.GUESSES_PAGES and not endpoint, leads_on)

    def lists_below(self, page: Page, family: Family, column: Column, depth: int) -> Iterator[str]:
        """The lists on this page that are parts of its column and were not met before."""
        following = set(map(url_of, self._asks(page, family)))
        for url in columns.sub_columns(page, column.root):
            if depth < _DEEPEST_COLUMN and columns.list_key(url) not in self.lists and url not in following:
                self.lists.add(columns.list_key(url))
                yield url

    def _asks(self, page: Page, family: Family) -> list[str | Ask]:
        return [ask for ask in family.next_pages(page) if same_host(url_of(ask), self.site.start_url)]


def is_report(entry: Entry) -> bool:
    """Whether an entry's title (or address) is a report's."""
    return judge(entry.title, entry.url)[0] == "report"


def leads_to_reports(entries: Iterable[Entry], *, of_a_report: bool) -> bool:
    """Whether a page's entries are reports; the documents that a report's own page links are none."""
    return any(is_report(one) and not (of_a_report and ATTACHMENT.search(one.url)) for one in entries)


def url_of(ask: str | Ask) -> str:
    """The address that is asked."""
    return ask.url if isinstance(ask, Ask) else ask
