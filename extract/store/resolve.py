"""Readings -> reports: which documents are the same report, whose, of which year; what changed between its editions.

Derived as a whole, in one transaction, in an order that comes from content: the same archive gives the same rows.
"""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extract.search_text import unigrams
from extract.store.load import NOT_HAD, insert, insert_all
from extract.store.wanted import editions, groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from extract.store.wanted import Group, Seen

UNNAMED = "（未署名）"
_FIRST_CAPTURES = """
    update documents set first_capture_id = coalesce((
      select id from captures c where c.sha256 = documents.sha256 and failure is null and truncated = 0
      order by fetched_at, site_id, url, record_id limit 1), first_capture_id)"""
_PREFERENCE = ("html", "wordprocessingml", "pdf", "plain")


@dataclass(frozen=True, slots=True)
class Read:
    """What is needed of a reading to tell reports apart; ``numbers`` is how many cells state one.

    ``member``: which document of a ZIP; empty where the original itself is the document.
    """

    id: int
    sha256: str
    member: str
    reader: str
    kind: str
    issuer: str
    year: int | None
    title: str
    scope: str | None
    published_on: str
    confidence: float
    media_type: str
    form: str | None
    numbers: int

    @property
    def rank(self) -> tuple[int, float, int]:
        """Which of a report's readings speaks for it: most numbers, most sure, best format."""
        order = next((i for i, word in enumerate(_PREFERENCE) if word in self.media_type), len(_PREFERENCE))
        return self.numbers, self.confidence, -order


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a report: where it stands in its group, and its reading."""

    seen: Seen
    role: str
    read: Read
    group: Group


def resolve(db: Database) -> int:
    """Make reports, their documents, changes and the search index anew from what was read; the number of reports."""
    readings = _current_readings(db)
    reports: dict[str, list[Part]] = {}
    identity: dict[str, tuple[str, int | None]] = {}
    for group in groups(db):
        for issuer, year, parts in _reports_of(group, readings):
            key = report_key(parts[0], issuer, year)
            reports.setdefault(key, []).extend(parts)
            identity.setdefault(key, (issuer, year))
    with db.atomic():
        for table in ("changes", "report_documents", "reports", "agencies"):
            db.execute(f"delete from {table}")  # our names
        db.execute("insert into reports_fts (reports_fts) values ('delete-all')")
        db.execute(_FIRST_CAPTURES)
        for number, key in enumerate(sorted(reports), start=1):
            _store(db, number, key, *identity[key], reports[key])
    return len(reports)


def report_key(part: Part, issuer: str, year: int | None) -> str:
    """The public id of a report: the host that publishes it, its issuer as printed, its year.

    Two towns of one name on two hosts stay two. What nobody can tell apart is not put together: a document that names
    no issuer or no year is the report of its address (in a ZIP: of its name there), and one whose source nobody knows
    is a report of its own.
    """
    source = urlsplit(part.group.url).netloc or part.seen.sha256
    if issuer == UNNAMED or year is None:
        source = f"{source} {part.group.url} {part.read.member}".rstrip()
    name = "".join(unicodedata.normalize("NFKC", issuer).split())
    digest = hashlib.sha256("\n".join((source, name, str(year or ""))).encode())
    return "r" + digest.hexdigest()[:12]


def _current_readings(db: Database) -> dict[str, list[Read]]:
    """By digest, the readings of the reader that read the original last: of a ZIP one a document in it."""
    rows = db.execute(
        """select r.id, r.sha256, r.member, r.reader, r.kind, coalesce(r.issuer_printed, ''), r.year,
             coalesce(r.title, ''), r.scope, coalesce(r.published_on, ''), coalesce(r.confidence, 0), d.media_type,
             r.form, (select count(*) from cells where reading_id = r.id and state = 'number')
           from readings r join documents d using (sha256, member) order by r.reader <> ?, r.id""",
        [NOT_HAD],  # what the archive could not give once is no newer reading
    )
    current: dict[str, list[Read]] = {}
    for read in (Read(*row) for row in rows):
        before = current.get(read.sha256, [])
        current[read.sha256] = [other for other in before if other.reader == read.reader] + [read]
    return current


def _reports_of(group: Group, readings: dict[str, list[Read]]) -> Iterator[tuple[str, int | None, list[Part]]]:
    """The reports that a group's documents are: usually one, several where a page bundles agencies' files."""
    parts = [
        Part(seen, _role(group, seen), read, group)
        for seen in group.documents
        for read in readings.get(seen.sha256, ())
        if read.kind == "report"
    ]
    standing = [part for part in parts if part.seen.current] or parts
    covers = [part for part in parts if _is_cover(part)]
    bundles: dict[tuple[str, int | None], list[Part]] = {}
    for part in sorted((part for part in parts if part not in covers), key=_rank, reverse=True):
        own = _identity(part, standing)
        if part.read.member and (own[0] == UNNAMED or own[1] is None):
            yield *own, [part]
            continue
        bundle = next((who for who in bundles if _same(own, who, part)), own)
        bundles.setdefault(bundle, []).append(part)
    for cover in covers:
        _put_cover(bundles, cover, _identity(cover, standing))
    for (issuer, year), members in bundles.items():
        yield issuer, year, members


def _rank(part: Part) -> tuple[int, float, int]:
    return part.read.rank


def _put_cover(bundles: dict[tuple[str, int | None], list[Part]], cover: Part, own: tuple[str, int | None]) -> None:
    """A page that only leads to reports is no report beside them: it is the page of each that is of its year."""
    led_to = [who for who in bundles if cover.read.year in (None, who[1])]
    for who in led_to or [own]:
        bundles.setdefault(who, []).append(cover)


def _is_cover(part: Part) -> bool:
    is_page = part.seen in part.group.page and not part.read.member
    return is_page and part.read.form is None and not part.read.numbers


def _role(group: Group, seen: Seen) -> str:
    if not seen.current:
        return "edition"
    return "page" if seen in group.page else "attachment"


def _identity(part: Part, standing: Sequence[Part]) -> tuple[str, int | None]:
    """Whose report of which year: as the document says, else the page that leads to it, else what is best beside it.

    What once stood at an address may be of another year than what stands there now. Of the documents in a ZIP each
    speaks for itself: beside others, one that names no agency is nobody's.
    """
    if part.read.member and sum(other.seen.sha256 == part.seen.sha256 for other in standing) != 1:
        return part.read.issuer or UNNAMED, part.read.year
    pages = [other for other in standing if other.role == "page"]
    said = [part, *pages, *sorted(standing, key=_rank, reverse=True)]
    issuer = next((other.read.issuer for other in said if other.read.issuer), part.group.publisher or UNNAMED)
    if not part.seen.current:
        return issuer, part.read.year
    return issuer, next((other.read.year for other in said if other.read.year is not None), None)


def _same(one: tuple[str, int | None], other: tuple[str, int | None], part: Part) -> bool:
    """The same year, and one name within the other (水务局 and 云河县水务局).

    In a ZIP, which may hold those of a whole county (云河县 and 云河县水务局), it must be the very name.
    """
    if part.read.member:
        return one == other
    return one[1] == other[1] and (one[0] in other[0] or other[0] in one[0])


def _store(db: Database, number: int, key: str, issuer: str, year: int | None, parts: Sequence[Part]) -> None:
    standing = [part for part in parts if part.role != "edition"]
    best = max(standing or parts, key=_rank)
    listed = best.group if standing else None  # of what once stood at an address the listing says nothing any more
    published = best.read.published_on or (listed.published_on if listed else "")
    published = published or next((p.read.published_on for p in parts if p.read.published_on), "")
    row: dict[str, Any] = {
        "id": number,
        "report_key": key,
        "site_id": best.group.site_id,
        "issuer_printed": issuer,
        "agency_id": _agency(db, best.group.site_id, issuer),
        "year": year,
        "scope": best.read.scope,
        "title": best.read.title or (listed.title if listed else "") or None,
        "published_on": published or None,
        "first_seen": min(part.seen.first_seen for part in parts),
        "last_seen": max(part.seen.last_seen for part in parts),
        "current_reading_id": best.read.id,
    }
    insert(db, "reports", row)
    documents = {
        (part.seen.sha256, part.read.member, part.seen.url): _document_row(number, part, best) for part in parts
    }
    insert_all(db, "report_documents", list(documents.values()))
    insert_all(db, "changes", list(_changes(db, number, parts)))
    sections = db.execute("select text from sections where reading_id = ? order by key", [best.read.id])
    body = unigrams("\n".join(text for (text,) in sections))
    title = unigrams(f"{row['title'] or ''} {issuer}")
    db.execute("insert into reports_fts (rowid, title, body) values (?, ?, ?)", [number, title, body])


def _agency(db: Database, site_id: str, issuer: str) -> int | None:
    """The agency that the registry names for this site, if the report names exactly that one; else nobody knows yet."""
    site = db.execute("select level, region_code from sites where id = ? and agency = ?", [site_id, issuer]).fetchone()
    if site is None:
        return None
    key = f"{site_id}:{issuer}"
    known = db.execute("select id from agencies where agency_key = ?", [key]).fetchone()
    if known:
        return int(known[0])
    row = {"agency_key": key, "name": issuer, "level": site[0], "region_code": site[1], "site_id": site_id}
    return insert(db, "agencies", {**row, "basis": "the registry names this agency for the site"})


def _document_row(number: int, part: Part, best: Part) -> dict[str, Any]:
    twin = part.role == "attachment" and part.read.numbers and best.role == "page" and best.read.numbers
    return {
        "report_id": number,
        "sha256": part.seen.sha256,
        "member": part.read.member,
        "role": "twin" if twin else part.role,
        "url": part.seen.url,
        "reading_id": part.read.id,
        "first_seen": part.seen.first_seen,
        "last_seen": part.seen.last_seen,
    }


def _changes(db: Database, number: int, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    """Numbers that differ between successive documents at one address."""
    by_url: dict[tuple[str, str, str], dict[str, Part]] = {}
    for part in parts:
        by_url.setdefault((part.group.site_id, part.seen.url, part.read.member), {})[part.seen.sha256] = part
    for (site_id, url, _), known in sorted(by_url.items()):
        if len(known) < 2:
            continue
        turns = [(known[sha256], seen_at) for sha256, seen_at in editions(db, site_id, url) if sha256 in known]
        for (old, _), (new, seen_at) in itertools.pairwise(turns):
            about = {"report_id": number, "url": url, "seen_at": seen_at}
            about |= {"old_reading_id": old.read.id, "new_reading_id": new.read.id}
            for key, before, after in _differences(db, old.read.id, new.read.id):
                yield {**about, "key": key, "old_value": before, "new_value": after}


def _differences(
    db: Database, old_reading_id: int, new_reading_id: int
) -> list[tuple[str, float | None, float | None]]:
    return db.execute(
        "select o.key, o.value, n.value from cells o join cells n on n.key = o.key and n.reading_id = ? "
        "where o.reading_id = ? and o.value is not n.value order by o.key",
        [new_reading_id, old_reading_id],
    ).fetchall()
