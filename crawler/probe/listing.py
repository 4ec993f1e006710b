"""Facts about the family and its lists: is it the registry's, do lists give entries, does the pager lead on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.families import Ask, columns, judge
from crawler.probe.items import Fact, families_seen
from crawler.walls import is_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families import Family
    from crawler.probe.items import Answer, Probed

# A page that states how many pages its list has, in the ways that were seen or are known from programs.
_STATES_PAGES = re.compile(
    r"createPageHTML\(\s*(?:[\"'][\w-]+[\"']\s*,\s*)?(\d{1,6})|(?:countPage|pageCount|totalPages?)[\"']?\s*[:=]\s*[\"']?(\d{1,6})"
    r"|共\s*(\d{1,6})\s*页|页次[：:]\s*\d+/(\d{1,6})"
)
# An address in a script that may be that of the list's rows: what a developer would look for in the source.
_ENDPOINT = re.compile(
    r"[\"'](/?[\w./-]{0,120}(?:api|rest|query|search|getList|proxy|\.json|\.do\b|\.action)[\w./-]{0,80})[\"'?]",
    re.IGNORECASE,
)
_SHOWN = 3
_LONGEST = 60


def facts(probed: Probed) -> Iterator[Fact]:
    """The family, its lists, its pager."""
    yield _family(probed)
    found = lists(probed)
    yield _list(probed, found)
    yield _pager(probed, found)
    yield _second_page(probed, found)


def lists(probed: Probed) -> tuple[Answer, ...]:
    """Pages with entries that read like reports: columns of the registry first, then by how many they have."""

    def worth(one: Answer) -> tuple[bool, int]:
        return one in probed.columns, _reports(probed.family, one)

    return tuple(sorted((one for one in probed.pages if worth(one)[1]), key=worth, reverse=True))


def _reports(family: Family, one: Answer) -> int:
    """Entries that read like a report; a menu's link to the column of yearly reports is none."""
    titles = [(entry.title, entry.url) for entry in family.entries(one.page)]
    return sum(judge(title, url)[0] == "report" and not columns.is_column_name(title) for title, url in titles)


def _fact(probed: Probed, what: str, assumed: str, seen: str, holds: bool | None, url: str = "") -> Fact:
    return Fact(probed.site.id, probed.family.NAME, what, assumed, seen, holds, url)


def _family(probed: Probed) -> Fact:
    named = probed.site.family
    name, number, of = families_seen(probed)
    seen = f"{name} on {number} of {of} pages" if name else f"no family's signs on {of} pages" if of else ""
    holds = None if not of else (name or "generic") == named
    url = next((one.url for one in (*probed.columns, *probed.articles, *probed.pages)), "")
    return Fact(probed.site.id, named or "generic", "family", named or "none is named", seen, holds, url)


def _list(probed: Probed, found: tuple[Answer, ...]) -> Fact:
    assumed = "entries that read like reports are found in what the list sends"
    if found:
        entries = list(probed.family.entries(found[0].page))
        dated = sum(bool(entry.published_on) for entry in entries)
        reports = _reports(probed.family, found[0])
        return _fact(
            probed,
            "list",
            assumed,
            f"{len(entries)} entries, {reports} read like reports, {dated} have a date beside them",
            True,
            found[0].url,
        )
    if not probed.columns:
        return _fact(probed, "list", assumed, "no list came", None)
    one = probed.columns[0]
    shell = "; the page is hardly more than a script" if is_shell(one.body) else ""
    named = list(dict.fromkeys(_ENDPOINT.findall(one.page.text)))[:_SHOWN]
    scripts = f"; its scripts name {', '.join(map(_cut, named))}" if named else ""
    links = sum(1 for _ in one.page.anchors())
    seen = f"no entry among {links} links of the column's page{shell}{scripts}"
    return _fact(probed, "list", assumed, seen, False, one.url)


def _pager(probed: Probed, found: tuple[Answer, ...]) -> Fact:
    assumed = "further pages are named as the family's manual says"
    for one in found or probed.columns[:1]:
        if following := _following(probed, one):
            names = ", ".join(_short(url, one.url) for url in following[:_SHOWN])
            return _fact(probed, "pager", assumed, f"{len(following)} further pages: {names}", True, one.url)
    for one in found or probed.columns[:1]:
        if stated := next((match for match in _STATES_PAGES.finditer(one.page.text) if _number(match) > 1), None):
            seen = f"the page speaks of {_number(stated)} pages ({stated[0]}); no further one is named"
            return _fact(probed, "pager", assumed, seen, False, one.url)
    return _fact(probed, "pager", assumed, "lists of one page" if found else "", None)


def _number(match: re.Match[str]) -> int:
    return int(next(filter(None, match.groups())))


def _following(probed: Probed, one: Answer) -> list[str]:
    asks = probed.family.next_pages(one.page)
    return [url for url in dict.fromkeys(_url_of(ask) for ask in asks) if url != one.url or "?" not in url]


def _second_page(probed: Probed, found: tuple[Answer, ...]) -> Fact:
    """The first of the further pages that brought entries; else what stood in the way."""
    assumed = "a further page brings entries that the first has not"
    against: list[tuple[str, str]] = []
    for one in dict.fromkeys((*found, *probed.columns)):
        shown = {entry.url for entry in probed.family.entries(one.page)}
        for url in _following(probed, one):
            seen, brings = _brought(probed, one, url, shown)
            if brings:
                return _fact(probed, "second page", assumed, seen, True, url)
            if seen:
                against.append((seen, url))
    if not against:
        return _fact(probed, "second page", assumed, "", None)
    seen, url = against[0]
    guessed = probed.family.GUESSES_PAGES or (probed.family.LISTS_ELSEWHERE and probed.failure_at(url) is None)
    seen += "; the family tries one page more than there may be" if guessed else ""
    return _fact(probed, "second page", assumed, seen, None if guessed else False, url)


def _brought(probed: Probed, first: Answer, url: str, shown: set[str]) -> tuple[str, bool]:
    """What a further page said; nothing where it was not asked for."""
    name = _short(url, first.url)
    for one in probed.at(url):
        if one.is_page and one is not first:
            fresh = {entry.url for entry in probed.family.entries(one.page)} - shown
            if fresh:
                return f"{name} brought {len(fresh)} new entries", True
    behind, failure = probed.led_to(url), probed.failure_at(url)
    if behind is not None and behind is not first:
        return f"{name} answers {behind.status} without a new entry", False
    return (f"{name}: {failure.message}" if failure else ""), False


def _url_of(ask: str | Ask) -> str:
    return ask.url if isinstance(ask, Ask) else ask


def _short(url: str, base: str) -> str:
    """The part of an address in which it differs from the list's directory."""
    name = url.removeprefix(base.partition("?")[0].rpartition("/")[0] + "/") or url
    return _cut(name)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[:_LONGEST] + "…"
