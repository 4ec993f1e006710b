"""Which documents are to be read: those that a listing judged a report leads to, as far as they were received.

What was taken from elsewhere (``gongkai ingest``: other people's WARC files, local documents) counts as received by the
crawled site whose address it has, so that a page which the site has lost is that site's page still.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.archive.ingest import SITE_ID as INGEST
from crawler.items import Capture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

_RECEIVED = (200, 304, 0)
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A document at an address: which, when first and last, and the row of its first capture there.

    ``current``: it is what stood there when the address was last seen, and the page still leads there.
    """

    sha256: str
    url: str
    first_seen: str
    last_seen: str
    capture_id: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What one listing leads to: ``page`` the landing page's documents, ``attachments`` those linked, now or once."""

    site_id: str
    url: str
    title: str
    publisher: str
    published_on: str
    page: tuple[Seen, ...]
    attachments: tuple[Seen, ...]

    @property
    def documents(self) -> tuple[Seen, ...]:
        """All of them, the page's first."""
        return self.page + self.attachments


@dataclass(slots=True)
class _Listed:
    """What the runs listed at one address: the newest that was said of it, and every attachment ever linked.

    ``own``: some run of the site itself listed it.
    """

    title: str = ""
    publisher: str = ""
    published_on: str = ""
    linked: tuple[str, ...] = ()
    once: dict[str, None] = field(default_factory=dict)
    own: bool = False


def groups(db: Database) -> list[Group]:
    """One group an address that some run listed as a report: by site, in the order in which they were first listed."""
    homes = _homes(db)
    seen, redirects = _seen(db, homes), _redirects(db)
    result = []
    for (site_id, url), listed in _listed(db, homes).items():
        page = _documents(site_id, url, seen, redirects)
        attachments = [
            replace(document, current=document.current and other in listed.linked)
            for other in dict.fromkeys((*listed.linked, *listed.once))
            for document in _documents(site_id, other, seen, redirects)
        ]
        result.append(
            Group(site_id, url, listed.title, listed.publisher, listed.published_on, page, tuple(attachments))
        )
    return result


@dataclass(frozen=True, slots=True)
class _Homes:
    """Whose the addresses are that something was taken from elsewhere for: ``of`` the address, the site.

    ``attached``: addresses that the sites' own pages link as documents; such a document is its page's.
    """

    of: Mapping[str, str]
    attached: frozenset[str]

    def site(self, site_id: str, url: str) -> str:
        """The site that a row counts for."""
        return self.of.get(url, site_id) if site_id == INGEST else site_id


def _homes(db: Database) -> _Homes:
    """The site that lists the address or links it; else the only one at its host. Where nobody can tell, none."""
    own = "from listings where site_id <> ? and verdict = 'report'"
    linked = dict(
        db.execute(f"select value, min(site_id) from (select * {own}), json_each(attachments) group by value", [INGEST])
    )
    listed = {**linked, **dict(db.execute(f"select url, min(site_id) {own} group by url", [INGEST]))}
    at_host: dict[str, set[str]] = {}
    for site_id, start_url in db.execute("select id, start_url from sites where id <> ?", [INGEST]):
        at_host.setdefault(_host(start_url or ""), set()).add(site_id)
    found: dict[str, str] = {}
    for (url,) in db.execute("select distinct url from captures where site_id = ?", [INGEST]):
        at = at_host.get(_host(url), set()) if _host(url) else set()
        if home := listed.get(url) or (min(at) if len(at) == 1 else ""):
            found[url] = home
    return _Homes(found, frozenset(linked))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # "http://[": a site's mistake
        return ""


def _listed(db: Database, homes: _Homes) -> dict[tuple[str, str], _Listed]:
    """What the sites say themselves goes before what was said of a document that was taken from elsewhere."""
    found: dict[tuple[str, str], _Listed] = {}
    for site_id, url, title, publisher, published_on, attachments in db.execute(
        "select site_id, url, title, publisher, published_on, attachments from listings "
        "where verdict = 'report' order by site_id = ?, site_id, id",
        [INGEST],
    ):
        key = homes.site(site_id, url), url
        listed = found.setdefault(key, _Listed())
        if site_id == INGEST != key[0]:
            listed.title = listed.title or title
            listed.publisher = listed.publisher or publisher
            listed.published_on = listed.published_on or published_on
            continue
        listed.own = True
        listed.title = title or listed.title
        listed.publisher = publisher or listed.publisher
        listed.published_on = published_on or listed.published_on
        listed.linked = tuple(json.loads(attachments))
        listed.once |= dict.fromkeys(listed.linked)
    return {
        (site_id, url): listed
        for (site_id, url), listed in found.items()
        if not (url in homes.attached and url in homes.of and not listed.own)
    }


def _seen(db: Database, homes: _Homes) -> dict[tuple[str, str], list[Seen]]:
    marks = ", ".join(map(str, _RECEIVED))
    found: dict[tuple[str, str], dict[str, Seen]] = {}
    for site_id, url, sha256, first, last, capture_id in db.execute(
        f"select site_id, url, sha256, min(fetched_at), max(fetched_at), min(id) from captures "  # numbers
        f"where failure is null and truncated = 0 and size > 0 and status in ({marks}) "
        "group by site_id, url, sha256"
    ):
        of_address = found.setdefault((homes.site(site_id, url), url), {})
        other = of_address.get(sha256, Seen(sha256, url, first, last, capture_id))
        of_address[sha256] = Seen(
            sha256,
            url,
            min(first, other.first_seen),
            max(last, other.last_seen),
            min(capture_id, other.capture_id),
        )
    return {address: sorted(documents.values(), key=_first_sight) for address, documents in found.items()}


def _first_sight(document: Seen) -> tuple[str, int]:
    return document.first_seen, document.capture_id


def _redirects(db: Database) -> dict[tuple[str, str], str]:
    rows = db.execute("select site_id, url, location from captures where location <> '' order by id")
    return {(site_id, url): location for site_id, url, location in rows}


def _documents(
    site_id: str, url: str, seen: dict[tuple[str, str], list[Seen]], redirects: dict[tuple[str, str], str]
) -> tuple[Seen, ...]:
    """What was received at an address and where it was redirected to, in order of first sight; the last is current."""
    found: list[Seen] = []
    for address in _chain(site_id, url, redirects):
        found += seen.get((site_id, address), ())
    if not found:
        return ()
    newest = max(found, key=lambda document: (document.last_seen, document.first_seen))
    return tuple(replace(document, current=document is newest) for document in found)


def _chain(site_id: str, url: str, redirects: dict[tuple[str, str], str]) -> list[str]:
    chain = [url]
    while (following := redirects.get((site_id, chain[-1]))) and len(chain) <= _MOST_REDIRECTS:
        if following in chain:
            break
        chain.append(following)
    return chain


def editions(db: Database, site_id: str, url: str) -> list[tuple[str, str]]:
    """What stood at an address in turn: digest and when it was first seen then; the same again later counts again."""
    marks = ", ".join(map(str, _RECEIVED))
    turns: list[tuple[str, str]] = []
    for sha256, fetched_at in db.execute(
        f"select sha256, fetched_at from captures where site_id in (?, ?) and url = ? and failure is null "
        f"and truncated = 0 and size > 0 and status in ({marks}) order by fetched_at, id",
        [site_id, INGEST, url],
    ):
        if not turns or turns[-1][0] != sha256:
            turns.append((sha256, fetched_at))
    return turns


def unread(db: Database, reader: str) -> list[tuple[int, Capture]]:
    """The documents that this reader has not read: capture row and Capture each, in stored order."""
    read = {row[0] for row in db.execute("select sha256 from readings where reader = ?", [reader])}
    first: dict[str, int] = {}
    for group in groups(db):
        for document in group.documents:
            if document.sha256 not in read:
                first[document.sha256] = min(first.get(document.sha256, document.capture_id), document.capture_id)
    return [(capture_id, capture(db, capture_id)) for capture_id in sorted(first.values())]


def capture(db: Database, capture_id: int) -> Capture:
    names = [name for name in Capture.__dataclass_fields__ if name != "payload_digest"]
    columns = ", ".join(f'"{name}"' for name in names)
    row = db.execute(f"select {columns} from captures where id = ?", [capture_id]).fetchone()  # our names
    fields = dict(zip(names, row, strict=True))
    return Capture(**{**fields, "truncated": bool(fields["truncated"]), "payload_digest": ""})
