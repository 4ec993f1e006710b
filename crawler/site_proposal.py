"""A line of the registry proposed for a site, from what a short visit brought: pure, it fetches and writes nothing.

Name and division come from the page tags that every government site must print (国办发〔2017〕47号): ``SiteName``, and
``SiteIDCode``, whose first six digits are the division of who owns the site (``bm`` and a number: a central agency).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.discovery import is_home
from crawler.families import columns, recognise
from crawler.families.page import same_host
from crawler.items import Failure, Listing, Run, Site
from crawler.registry import PROVINCES, holder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.families import Page

_GOVERNMENT = re.compile(r"人民政府$")
_DEPARTMENT = re.compile(r"(?:局|厅|部|委员会|委|办公室|办公厅|中心|署)$")
_AGENCY = re.compile(r"(?:人民政府|委员会|管委会|办事处|办公室|中心|局|厅|部|署|镇|乡)(?:门户网站|网站|网)?$")
_WEBSITE = re.compile(r"(?:门户网站|网站|网)$")
_BETWEEN = re.compile(r"[\s_|｜—–\-－·>]+")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ENDING_OF_HOST = re.compile(r"\.(?:gov\.cn|com\.cn|org\.cn|cn|com|org|net)$")


class NothingToProposeError(Exception):
    """The site gave no report; the message says what it gave instead and what to try."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a short crawl brought: its run, the HTML pages in the order received, what was listed, what failed."""

    run: Run
    pages: tuple[Page, ...]
    listings: tuple[Listing, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The line, what a crawl of it would find (newest first) and leave, and what a person should look at."""

    site: Site
    reports: tuple[Listing, ...]
    skipped: tuple[Listing, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


def propose(url: str, visit: Visit, sites: Sequence[Site] = ()) -> Proposal:
    """The line for the site at ``url``; ``sites`` are those of the registry, whose ids are taken.

    Raises:
        NothingToProposeError: a wall, no answer, or no report.
    """
    found = (one for one in visit.listings if one.verdict == "report")
    reports = tuple(sorted(found, key=lambda one: (one.published_on, one.title), reverse=True))
    if not reports:
        raise NothingToProposeError(_obstacle(url, visit))
    column = _column(url, visit.pages, reports)
    code = _id_code(visit.pages)
    name = _name(visit.pages)
    site = Site(
        id=site_id(url, {site.id for site in sites}),
        start_url=_home(url, sites),
        name=name,
        agency=_WEBSITE.sub("", name) if _AGENCY.search(name) else "",
        level=_level(_WEBSITE.sub("", name), code),
        region_code=code[:6] if code[:2] in PROVINCES else "",
        family=_family(visit.pages, column),
        entry_points=() if is_home(url) else (column.replace(" ", "%20"),),  # a crawl finds a home page's columns
        evidence=_evidence(reports, visit.run),
        confidence="high",
    )
    skipped = tuple(one for one in visit.listings if one.verdict == "skipped")
    return Proposal(site, reports, skipped, visit.failures, tuple(_notes(site, visit)))


def _obstacle(url: str, visit: Visit) -> str:
    first = next((one for one in visit.failures if one.kind == visit.run.verdict), None) or next(
        iter(visit.failures), None
    )
    why = f": {first.url} ({first.message})" if first else ""
    if visit.run.verdict == "blocked":
        return (
            f"{url}: the site answers with a wall{why}. It is left alone; ask its web team, or take documents in "
            "that you have: gongkai ingest"
        )
    if visit.run.verdict == "robots":
        return f"{url}: robots.txt closes it{why}. It is left alone; ask its web team"
    if visit.run.verdict == "down":
        return (
            f"{url}: nothing answered{why}. Look at the address in a browser; some sites answer only with, or only "
            "without, www. or https"
        )
    if visit.run.verdict in ("interrupted", "not_run", "archive_failed"):
        return f"{url}: the visit did not finish ({visit.run.verdict}); try again"
    skipped = [one for one in visit.listings if one.verdict == "skipped"]
    left = f", {len(skipped)} entries that are no reports (such as {skipped[0].title!r})" if skipped else ""
    return (
        f"{url}: no report was found on {len(visit.pages)} pages{left}{why}. Name the column of yearly reports "
        "itself (政府信息公开年报), as a browser shows it"
    )


def _column(url: str, pages: Iterable[Page], reports: Sequence[Listing]) -> str:
    """The address that leads to most of the reports; the deepest such, since what lies above it is walked in vain."""
    if not is_home(url):
        return url
    found_on = Counter(one.found_on for one in reports)
    lists = [page.url for page in pages if columns.is_list(page.url) and same_host(page.url, url)]
    candidates = dict.fromkeys((*lists, *found_on))

    def covered(candidate: str) -> int:
        return sum(n for at, n in found_on.items() if at == candidate or columns.is_below(at, candidate))

    return max(candidates, key=lambda one: (covered(one), one in lists, one.count("/")))


def _family(pages: Sequence[Page], column: str) -> str:
    """The family of the column's page; where that page shows no sign of one, that of most pages that do."""
    own = [recognise(page).NAME for page in pages if columns.list_key(page.url) == columns.list_key(column)]
    told = [name for name in own if name != "generic"] or [
        name for name in (recognise(page).NAME for page in pages) if name != "generic"
    ]
    return Counter(told).most_common(1)[0][0] if told else "generic"


def _tag(pages: Iterable[Page], name: str) -> str:
    values = (
        " ".join((element.get("content") or "").split())
        for page in pages
        for element in page.root.iter("meta")
        if (element.get("name") or "").lower() == name
    )
    return next(iter(Counter(filter(None, values)).most_common(1)), ("", 0))[0]


def _id_code(pages: Sequence[Page]) -> str:
    return _tag(pages, "siteidcode").lower()


def _name(pages: Sequence[Page]) -> str:
    """What the site calls itself; else what its titles end with, as 政府信息公开年报-云溪县人民政府 does.

    A table program takes a cell that begins with ``=`` for a formula: such marks are left out.
    """
    name = _tag(pages, "sitename")
    if not name:
        titles = (page.root.findtext(".//title") or "" for page in pages)
        parts = Counter(part for title in titles for part in set(_BETWEEN.split(title)) if _AGENCY.search(part))
        name = next(iter(parts.most_common(1)), ("", 0))[0]
    return name.lstrip("=+-@ ")


def _level(name: str, code: str) -> str:
    if code.startswith("bm"):
        return "central"
    if _GOVERNMENT.search(name) and code[:2] in PROVINCES:
        return "province" if code[2:6] == "0000" else "prefecture" if code[4:6] == "00" else "county"
    return "department" if _DEPARTMENT.search(name) else ""


def site_id(url: str, taken: set[str]) -> str:
    """The host without what all share; then with the first folder, then with a number.

    >>> site_id("http://www.sjj.yunxi.gov.cn/nb/", set()), site_id("http://www.yunxi.gov.cn/nb/", {"yunxi"})
    ('sjj-yunxi', 'yunxi-nb')
    """
    parts = urlsplit(url)
    host = _ENDING_OF_HOST.sub("", (parts.hostname or "").removeprefix("www."))
    base = _plain(host) or "site"
    folder = _plain(parts.path.strip("/").partition("/")[0])
    names = (base, f"{base}-{folder}" if folder else base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _home(url: str, sites: Sequence[Site]) -> str:
    """The host's home page; where the registry has other parts of that host, the address itself."""
    parts = urlsplit(url)
    home = f"{parts.scheme}://{parts.netloc}/"
    shared = any(same_host(home, site.start_url) for site in sites) and holder(sites, url) is None
    return url if shared else home


def _evidence(reports: Sequence[Listing], run: Run) -> str:
    newest = max(reports, key=lambda one: (_year(one), one.published_on))
    of = f"report of {_year(newest)}" if _year(newest) else "report"
    return f"{newest.url} ({of}, visited {run.started_at[:10]})"


def _year(listing: Listing) -> str:
    found = _YEAR.search(listing.title)
    return found[0] if found else ""


def _notes(site: Site, visit: Visit) -> Iterable[str]:
    if visit.run.finish_reason.startswith("closespider"):
        yield f"the visit stopped after {len(visit.pages)} pages: a crawl will find more"
    if site.family == "generic":
        yield "no known system was recognised: links are followed by what they are called"
    if not site.name:
        yield "no page says what the site is called: fill in name and agency"
    if not site.region_code and site.level != "central":
        yield "no page prints SiteIDCode: fill in region_code, six digits"
    walls = sum(one.kind == "blocked" for one in visit.failures)
    if walls:
        yield f"{walls} addresses answered with a wall: a crawl will not get them"
