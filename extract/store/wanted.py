"""Which documents are to be read: those that a listing judged a report leads to, as far as they were received."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from crawler.archive.ingest import SITE_ID as INGEST
from crawler.items import Capture
from crawler.sniff import ZIP
from extract.store.leads import Homes, leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlite_utils import Database

    from extract.store.leads import Lead

Item = TypeVar("Item")
Redirects: TypeAlias = "Mapping[tuple[str, str], Mapping[str, str]]"
"""By site and address, the addresses it was redirected to and when that was last, the newest last."""
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
    """What one lead leads to: ``page`` the landing page's documents, ``attachments`` those linked, now or once."""

    lead_id: int
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


def groups(db: Database, of: Sequence[Lead]) -> list[Group]:
    """What the leads lead to, in their order; a lead that no listing makes any more leads to nothing."""
    linked = _linked(db, of)
    redirects = _redirects(db, {lead.url for lead in of}.union(*linked.values()))
    reach = {lead: _reach(lead, linked.get(lead.id, ()), redirects) for lead in of}
    _note_wanted(db, reach)
    homes = Homes(db, "temp.wanted")
    listed, seen = _listed(db, homes), _seen(db, homes)
    result = []
    for lead in of:
        known = listed.get((lead.site_id, lead.url))
        if known is None:
            continue
        page = _documents(lead.site_id, lead.url, seen, redirects)
        attachments = [
            replace(document, current=document.current and other in known.linked)
            for other in dict.fromkeys((*known.linked, *known.once))
            for document in _documents(lead.site_id, other, seen, redirects)
        ]
        about = (lead.id, lead.site_id, lead.url, known.title, known.publisher, known.published_on)
        result.append(Group(*about, page, tuple(attachments)))
    return result


def _linked(db: Database, of: Sequence[Lead]) -> dict[int, set[str]]:
    """The attachments of each lead that were ever linked, and where its addresses were redirected to before."""
    found: dict[int, set[str]] = {}
    for lead_id, address in db.execute(
        "select lead_id, address from json_each(?) w cross join lead_addresses a on a.lead_id = w.value",
        [json.dumps([lead.id for lead in of])],
    ):
        found.setdefault(lead_id, set()).add(address)
    return found


def _redirects(db: Database, addresses: Iterable[str]) -> Redirects:
    """Where each site ever redirected these addresses, and those they lead to: when last, and to where; by time."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    known, asked = set(addresses), list(addresses)
    for _ in range(_MOST_REDIRECTS):
        rows = db.execute(
            "select c.site_id, c.url, c.location, max(c.fetched_at) from json_each(?) a "
            "cross join captures c on c.url = a.value where c.location <> '' group by 1, 2, 3 order by 4, max(c.id)",
            [json.dumps(asked)],
        ).fetchall()
        for site_id, url, location, at in rows:
            found.setdefault((site_id, url), {})[location] = at
        asked = list({location for _, _, location, _ in rows} - known)
        known.update(asked)
        if not asked:
            break
    return found


def _reach(lead: Lead, linked: Iterable[str], redirects: Redirects) -> set[str]:
    """Every address that something of this lead may stand at."""
    return {address for start in (lead.url, *linked) for address in _chain(lead.site_id, start, redirects)}


def _note_wanted(db: Database, reach: Mapping[Lead, set[str]]) -> None:
    """The addresses in question, into ``temp.wanted``; a lead is touched from now on where its redirects end, too."""
    db.execute("drop table if exists temp.wanted")
    db.execute("create temp table wanted (address text primary key) without rowid")
    add = "insert into temp.wanted values (?) on conflict do nothing"
    db.conn.executemany(add, ((address,) for addresses in reach.values() for address in addresses))
    db.conn.executemany(
        "insert into lead_addresses (address, lead_id, is_linked) values (?, ?, 0) on conflict do nothing",
        ((address, lead.id) for lead, addresses in reach.items() for address in addresses if address != lead.url),
    )


def _listed(db: Database, homes: Homes) -> dict[tuple[str, str], _Listed]:
    """What the sites say themselves goes before what was said of a document that was taken from elsewhere."""
    found: dict[tuple[str, str], _Listed] = {}
    for site_id, url, title, publisher, published_on, attachments in db.execute(
        "select l.site_id, l.url, l.title, l.publisher, l.published_on, l.attachments "
        "from temp.wanted w cross join listings l on l.url = w.address where l.verdict = 'report' "
        "order by l.site_id = ?, l.site_id, l.id",
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
        if not (homes.is_only_attached(url) and not listed.own)
    }


def _seen(db: Database, homes: Homes) -> dict[tuple[str, str], list[Seen]]:
    marks = ", ".join(map(str, _RECEIVED))
    found: dict[tuple[str, str], dict[str, Seen]] = {}
    for site_id, url, sha256, first, last, capture_id in db.execute(
        "select c.site_id, c.url, c.sha256, min(c.fetched_at), max(c.fetched_at), min(c.id) "
        "from temp.wanted w cross join captures c on c.url = w.address "
        f"where c.failure is null and c.truncated = 0 and c.size > 0 and c.status in ({marks}) "  # numbers
        "group by c.site_id, c.url, c.sha256"
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


def _first_sight(document: Seen) -> tuple[str, str]:
    return document.first_seen, document.sha256


def _documents(
    site_id: str, url: str, seen: Mapping[tuple[str, str], list[Seen]], redirects: Redirects
) -> tuple[Seen, ...]:
    """What was received at an address and wherever it was redirected to, in order of first sight; one is current."""
    found = [document for address in _chain(site_id, url, redirects) for document in seen.get((site_id, address), ())]
    if not found:
        return ()
    newest = _newest(seen.get((site_id, _leads_to(site_id, url, seen, redirects)), ()) or found)
    return tuple(replace(document, current=document is newest) for document in found)


def _newest(documents: Sequence[Seen]) -> Seen:
    return max(documents, key=lambda document: (document.last_seen, document.first_seen))


def _leads_to(site_id: str, url: str, seen: Mapping[tuple[str, str], list[Seen]], redirects: Redirects) -> str:
    """The address at which one ends now: a redirect counts until something was received again where it began."""
    passed = [url]
    while len(passed) <= _MOST_REDIRECTS:
        to = redirects.get((site_id, passed[-1]))
        here = seen.get((site_id, passed[-1]), ())
        following, at = list(to.items())[-1] if to else ("", "")
        if not following or following in passed or (here and _newest(here).last_seen > at):
            break
        passed.append(following)
    return passed[-1]


def _chain(site_id: str, url: str, redirects: Redirects) -> list[str]:
    """An address and all that it ever led to, the nearest first."""
    chain, begins = [url], [url]
    for _ in range(_MOST_REDIRECTS):
        begins = [to for each in begins for to in redirects.get((site_id, each), ()) if to not in chain]
        begins = list(dict.fromkeys(begins))
        chain += begins
    return chain


def unread(db: Database, reader_of: Callable[[str], str], touched: Sequence[int]) -> list[tuple[int, Capture]]:
    """Of what the touched leads lead to, the documents that today's reader has not read: capture row and Capture each.

    ``reader_of`` names the reader of a media type; what is in a ZIP is read by the reader of the ZIP. In stored order.
    """
    first: dict[str, int] = {}
    with db.atomic():  # where redirects lead is noted on the way
        for batch in batched(touched):
            for group in groups(db, leads(db, batch)):
                for document in group.documents:
                    first[document.sha256] = min(first.get(document.sha256, document.capture_id), document.capture_id)
    read = {
        sha256
        for batch in batched(list(first))
        for sha256, member, reader, media_type in db.execute(
            "select r.sha256, r.member, r.reader, d.media_type from json_each(?) w "
            "cross join readings r on r.sha256 = w.value "
            "join documents d on d.sha256 = r.sha256 and d.member = r.member",
            [json.dumps(batch)],
        )
        if reader == reader_of(ZIP if member else media_type)
    }
    rows = sorted(capture_id for sha256, capture_id in first.items() if sha256 not in read)
    return [(capture_id, capture(db, capture_id)) for capture_id in rows]


def batched(items: Sequence[Item], size: int = 2_000) -> Iterator[Sequence[Item]]:
    """Pieces of a sequence, so that memory does not grow with it."""
    return (items[start : start + size] for start in range(0, len(items), size))


def capture(db: Database, capture_id: int) -> Capture:
    names = [name for name in Capture.__dataclass_fields__ if name != "payload_digest"]
    columns = ", ".join(f'"{name}"' for name in names)
    row = db.execute(f"select {columns} from captures where id = ?", [capture_id]).fetchone()  # our names
    fields = dict(zip(names, row, strict=True))
    return Capture(**{**fields, "truncated": bool(fields["truncated"]), "payload_digest": ""})
