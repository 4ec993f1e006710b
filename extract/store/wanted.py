"""Which documents are to be read: those that a listing judged a report leads to, as far as they were received."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.items import Capture

if TYPE_CHECKING:
    from sqlite_utils import Database

_RECEIVED = (200, 304, 0)
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A document at an address: which, when first and last, and the row of its first capture there."""

    sha256: str
    url: str
    first_seen: str
    last_seen: str
    capture_id: int


@dataclass(frozen=True, slots=True)
class Group:
    """What one listing leads to: ``page`` the landing page's documents (newest last), ``attachments`` those linked."""

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


def groups(db: Database) -> list[Group]:
    """One group an address that some run listed as a report, in the order in which they were first listed."""
    rows = db.execute(
        "select site_id, url, title, publisher, published_on, attachments from listings "
        "where verdict = 'report' order by id"
    )
    newest: dict[tuple[str, str], tuple[str, ...]] = {}
    for site_id, url, *rest in rows:
        newest[site_id, url] = tuple(rest)
    seen = _seen(db)
    redirects = _redirects(db)
    result = []
    for (site_id, url), (title, publisher, published_on, attachments) in newest.items():
        page = _documents(site_id, url, seen, redirects)
        linked = [doc for other in json.loads(attachments) for doc in _documents(site_id, other, seen, redirects)]
        result.append(Group(site_id, url, title, publisher, published_on, page, tuple(linked)))
    return result


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
    for _ in range(_MOST_REDIRECTS):
        if documents := seen.get((site_id, url)):
            return tuple(documents)
        if (site_id, url) not in redirects:
            return ()
        url = redirects[site_id, url]
    return ()


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
