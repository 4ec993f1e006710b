"""Which documents are to be read: those that a listing judged a report leads to, as far as they were received."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.items import Capture

if TYPE_CHECKING:
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
    """What the runs listed at one address: the newest that was said of it, and every attachment ever linked."""

    title: str = ""
    publisher: str = ""
    published_on: str = ""
    linked: tuple[str, ...] = ()
    once: dict[str, None] = field(default_factory=dict)


def groups(db: Database) -> list[Group]:
    """One group an address that some run listed as a report: by site, in the order in which they were first listed."""
    seen, redirects = _seen(db), _redirects(db)
    result = []
    for (site_id, url), listed in _listed(db).items():
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


def _listed(db: Database) -> dict[tuple[str, str], _Listed]:
    found: dict[tuple[str, str], _Listed] = {}
    for site_id, url, title, publisher, published_on, attachments in db.execute(
        "select site_id, url, title, publisher, published_on, attachments from listings "
        "where verdict = 'report' order by site_id, id"
    ):
        listed = found.setdefault((site_id, url), _Listed())
        listed.title = title or listed.title
        listed.publisher = publisher or listed.publisher
        listed.published_on = published_on or listed.published_on
        listed.linked = tuple(json.loads(attachments))
        listed.once |= dict.fromkeys(listed.linked)
    return found


def _seen(db: Database) -> dict[tuple[str, str], list[Seen]]:
    marks = ", ".join(map(str, _RECEIVED))
    found: dict[tuple[str, str], list[Seen]] = {}
    for site_id, url, sha256, first, last, capture_id in db.execute(
        f"select site_id, url, sha256, min(fetched_at), max(fetched_at), min(id) from captures "  # numbers
        f"where failure is null and truncated = 0 and size > 0 and status in ({marks}) "
        "group by site_id, url, sha256 order by min(fetched_at), min(id)"
    ):
        found.setdefault((site_id, url), []).append(Seen(sha256, url, first, last, capture_id))
    return found


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
        f"select sha256, fetched_at from captures where site_id = ? and url = ? and failure is null "
        f"and truncated = 0 and size > 0 and status in ({marks}) order by fetched_at, id",
        [site_id, url],
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
