"""Readings -> reports: which documents are the same report, whose, and of which year.

Decided from content alone, never from row numbers: the same archive gives the same reports in whatever order it came.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extract.store.readings import NOT_HAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from extract.store.wanted import Group, Seen

UNNAMED = "（未署名）"
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
    """One document of a report: where it stands in its group, and its reading.

    ``issuer`` and ``year`` are those of the report that it is a part of.
    """

    seen: Seen
    role: str
    read: Read
    group: Group
    issuer: str = ""
    year: int | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """Where it stands among a report's parts; by content, so that the order of loading makes no difference."""
        return (
            self.group.site_id,
            self.group.url,
            self.seen.first_seen,
            self.seen.url,
            self.seen.sha256,
            self.read.member,
        )


def reports_of(db: Database, led_to: Sequence[Group]) -> dict[str, list[Part]]:
    """What leads lead to, by report key: the documents that are parts of that report."""
    found: dict[str, list[Part]] = {}
    readings = _current_readings(db, {document.sha256 for group in led_to for document in group.documents})
    for group in led_to:
        for issuer, year, parts in _reports_of(group, readings):
            found.setdefault(report_key(parts[0], issuer, year), []).extend(
                replace(part, issuer=issuer, year=year) for part in parts
            )
    return found


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


def _current_readings(db: Database, digests: Iterable[str]) -> dict[str, list[Read]]:
    """By digest, the readings of the reader that read the original last: of a ZIP one a document in it."""
    rows = db.execute(
        """select r.id, r.sha256, r.member, r.reader, r.kind, coalesce(r.issuer_printed, ''), r.year,
             coalesce(r.title, ''), r.scope, coalesce(r.published_on, ''), coalesce(r.confidence, 0), d.media_type,
             r.form, r.numbers
           from json_each(?) w cross join readings r on r.sha256 = w.value
             join documents d on d.sha256 = r.sha256 and d.member = r.member
           where r.corrects is null order by r.reader <> ?, r.id""",
        [json.dumps(list(digests)), NOT_HAD],  # what the archive could not give once is no newer reading
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
