"""Leads: the addresses that some run listed as reports; and those for which something new was stored since last time.

What was taken from elsewhere (``gongkai ingest``: other people's WARC files, local documents) counts as received by the
crawled site whose address it has, so that a page which the site has lost is that site's page still.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.archive.ingest import SITE_ID as INGEST
from extract.store import state
from extract.store.readings import NOT_HAD
from extract.store.sites import digest, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

_STATE = "derived_until"
_NEWLY_LISTED = """
    select distinct l.site_id, l.url, l.attachments from temp.touched t cross join listings l on l.url = t.address
    where l.verdict = 'report'"""
_NOT_HAD = f"from readings r where r.reader = '{NOT_HAD}'"  # by its index
_LISTED_NOW = "from listings where verdict = 'report'"


@dataclass(frozen=True, slots=True)
class Until:
    """How far what is derived has seen the database: the newest rows, and digests of what else it rests on.

    ``sites``: whose addresses are whose. ``standings``: who the sites are, and their newest runs. ``basis``: reader,
    code of the store, and what people decided.
    """

    captures: int = 0
    listings: int = 0
    readings: int = 0
    sites: str = ""
    standings: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that is listed as a report, by the site that it counts for."""

    id: int
    site_id: str
    url: str


def seen_until(db: Database) -> Until:
    """How far the derived tables have seen the database; nothing yet if they were never derived."""
    known = json.loads(state.get(db, _STATE) or "{}")
    return Until(**{name: known[name] for name in Until.__slots__ if name in known})


def note_seen(db: Database, until: Until) -> None:
    """Note how far the derived tables have seen the database now."""
    state.put(db, _STATE, json.dumps(asdict(until)))


def is_any_not_had(db: Database) -> bool:
    """Whether there is a document that the archive did not give when it was to be read."""
    return db.execute(f"select 1 {_NOT_HAD} limit 1").fetchone() is not None


def now(db: Database, basis: str) -> Until:
    """How far there is something to see."""
    captures, listings, readings = (
        int(db.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0])
        for table in ("captures", "listings", "readings")
    )
    sites = "\n".join(f"{site} {url}" for site, url in db.execute("select id, start_url from sites order by id"))
    addresses = hashlib.sha256(sites.encode()).hexdigest()[:16]
    return Until(captures, listings, readings, addresses, digest(standings(db)), basis)


def touched(db: Database, since: Until, until: Until) -> list[int]:
    """The leads whose reports may have changed between the two, those that are new among them, in a fixed order."""
    _note_addresses(db, since, until)
    _note_leads(db)
    return [
        lead
        for (lead,) in db.execute(
            """select id from leads where url in (select address from temp.touched)
               union select lead_id from lead_addresses where address in (select address from temp.touched)
               order by 1"""
        )
    ]


def leads(db: Database, ids: Iterable[int]) -> list[Lead]:
    """The leads of those rows, by site and address."""
    wanted = json.dumps(list(ids))
    rows = db.execute(
        "select id, site_id, url from leads where id in (select value from json_each(?)) order by site_id, url",
        [wanted],
    )
    return [Lead(*row) for row in rows]


def _note_addresses(db: Database, since: Until, until: Until) -> None:
    """All addresses of which something new is known, into ``temp.touched``."""
    db.execute("drop table if exists temp.touched")
    db.execute("create temp table touched (address text primary key) without rowid")
    add = "insert or ignore into temp.touched"
    if since.basis != until.basis:
        db.execute(f"{add} select url {_LISTED_NOW}")
        db.execute(f"{add} select url from captures where failure is null")
        return
    if since.sites != until.sites:
        db.execute(f"{add} select url from captures where site_id = ?", [INGEST])
    db.execute(f"{add} select url from captures where id > ?", [since.captures])
    db.execute(f"{add} select url {_LISTED_NOW} and id > ?", [since.listings])
    db.execute(
        f"{add} select a.value from (select attachments {_LISTED_NOW} and id > ?) l, json_each(l.attachments) a",
        [since.listings],
    )
    db.execute(
        f"{add} select c.url from readings r join captures c on c.sha256 = r.sha256 where r.id > ?", [since.readings]
    )
    db.execute(f"{add} select c.url from captures c where c.sha256 in (select r.sha256 {_NOT_HAD})")


def _note_leads(db: Database) -> None:
    """The leads that listings at touched addresses make, and the attachments that those link.

    What the sites list themselves goes first: it says whose the addresses are that were taken from elsewhere.
    """
    _note(db, db.execute(f"{_NEWLY_LISTED} and l.site_id <> ?", [INGEST]).fetchall(), is_linked=1)
    homes = Homes(db, "temp.touched")
    taken = db.execute(f"{_NEWLY_LISTED} and l.site_id = ?", [INGEST]).fetchall()
    _note(db, [(homes.site(site_id, url), url, linked) for site_id, url, linked in taken], is_linked=0)


def _note(db: Database, listed: Sequence[tuple[str, str, str]], *, is_linked: int) -> None:
    """``listed``: site, address, and the attachments' addresses as json."""
    keys = dict.fromkeys((site_id, url) for site_id, url, _ in listed)
    db.conn.executemany("insert into leads (site_id, url) values (?, ?) on conflict do nothing", keys)
    attached = ((address, site_id, url) for site_id, url, linked in listed for address in json.loads(linked))
    db.conn.executemany(
        f"insert into lead_addresses (address, lead_id, is_linked) select ?, id, {is_linked} from leads "
        "where site_id = ? and url = ? on conflict do update set is_linked = max(is_linked, excluded.is_linked)",
        attached,
    )


class Homes:
    """Whose the addresses are that something was taken from elsewhere for.

    The site that lists the address or links it; else the only one at its host. Where nobody can tell, none.
    """

    def __init__(self, db: Database, table: str) -> None:
        """``table``: one of ours, whose column ``address`` holds the addresses in question."""
        taken = [
            url
            for (url,) in db.execute(
                f"select distinct c.url from {table} w cross join captures c on c.url = w.address where c.site_id = ?",
                [INGEST],
            )
        ]
        self._of: dict[str, str] = {}
        self.attached: set[str] = set()
        if not taken:
            return
        at_host = _sites_by_host(db)
        for url in taken:
            listing = _first_site(db, f"select min(site_id) {_LISTED_NOW} and url = ? and site_id <> ?", url)
            linking = _first_site(
                db,
                "select min(l.site_id) from lead_addresses a join leads l on l.id = a.lead_id "
                "where a.address = ? and a.is_linked and l.site_id <> ?",
                url,
            )
            if linking:
                self.attached.add(url)
            at = at_host.get(_host(url), set()) if _host(url) else set()
            if home := listing or linking or (min(at) if len(at) == 1 else ""):
                self._of[url] = home

    def site(self, site_id: str, url: str) -> str:
        """The site that a row counts for."""
        return self._of.get(url, site_id) if site_id == INGEST else site_id

    def is_only_attached(self, url: str) -> bool:
        """Whether an address that was taken from elsewhere is a document of some site's page."""
        return url in self.attached and url in self._of


def _first_site(db: Database, sql: str, url: str) -> str:
    return db.execute(sql, [url, INGEST]).fetchone()[0] or ""


def _sites_by_host(db: Database) -> Mapping[str, set[str]]:
    at_host: dict[str, set[str]] = {}
    for site_id, start_url in db.execute("select id, start_url from sites where id <> ?", [INGEST]):
        at_host.setdefault(_host(start_url or ""), set()).add(site_id)
    return at_host


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # "http://[": a site's mistake
        return ""
