"""What an undisturbed crawl brought, and what an interrupted one lost or doubled beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.families.twins import canonical
from crawler.items import Capture, Failure, Listing, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sample.world import Asked

Noted = TypeVar("Noted", Listing, Capture, Failure, Run)
Request = tuple[str, int, str, str]
_FAILED = 500
NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Contents:
    """What an archive holds of some sites, from all their runs.

    ``reports``: site and address of what is listed as one. ``documents``: site, address and digest of these pages and
    of what they link. ``verdicts``: of each site's newest run, empty where it has no end.
    """

    reports: frozenset[tuple[str, str]]
    documents: frozenset[tuple[str, str, str]]
    doubled_bodies: tuple[str, ...]
    doubled_listings: tuple[str, ...]
    runs: dict[str, int]
    verdicts: dict[str, str]
    damage: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """The crawl that nobody disturbed: what it brought, its requests, its bytes on a disk, its length in seconds."""

    root: Path
    contents: Contents
    requests: Counter[Request]
    seconds: float


@dataclass
class Compared:
    """What interrupted crawls lost, doubled and asked for again, added up."""

    lost_reports: list[str] = field(default_factory=list)
    lost_documents: list[str] = field(default_factory=list)
    doubled_bodies: list[str] = field(default_factory=list)
    doubled_listings: list[str] = field(default_factory=list)
    further_runs: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    repeated_posts: int = 0

    def add(self, truth: Truth, root: Path, asked: Iterable[Asked], ended: Mapping[str, str] = NONE) -> None:
        """One crawl that was interrupted and has ended since.

        ``ended``: home pages of the sites that it had come to the end of, by id: begun again, these are crawled anew.
        """
        now = contents(root, truth.contents.verdicts)
        self.lost_reports += sorted(url for _, url in truth.contents.reports - now.reports)
        self.lost_documents += sorted(url for _, url, _ in truth.contents.documents - now.documents)
        self.doubled_bodies += now.doubled_bodies
        self.doubled_listings += now.doubled_listings
        self.further_runs += [name for name, count in now.runs.items() if count != 1 + (name in ended)]
        for name, verdict in now.verdicts.items():
            wanted = ("ok", "nothing_new") if name in ended else (truth.contents.verdicts[name],)
            self.unfinished += [f"{name} {verdict}"] if verdict not in wanted else []
        self.damage += now.damage
        anew = {(home.hostname, home.port) for home in map(urlsplit, ended.values())}
        again = requests(one for one in asked if (one.address, one.port) not in anew) - truth.requests
        posts = sum(count for (_, _, method, _), count in again.items() if method == "POST")
        self.repeated.append(again.total() - posts)
        self.repeated_posts += posts


def contents(root: Path, site_ids: Iterable[str]) -> Contents:
    """What an archive holds."""
    archive = Archive(root)
    reports: set[tuple[str, str]] = set()
    documents: set[tuple[str, str, str]] = set()
    bodies: list[str] = []
    doubled: list[str] = []
    verdicts: dict[str, str] = {}
    begun: dict[str, int] = {}
    for name in site_ids:
        records = [record for _, record in archive.records(name)]
        listings, captures = list(_of_kind(records, Listing)), list(_of_kind(records, Capture))
        listed = [one for one in listings if one.verdict == "report"]
        wanted = {canonical(url) for one in listed for url in (one.url, *one.attachments)}
        reports |= {(name, canonical(one.url)) for one in listed}
        # a revisit has its body in an earlier record: that it is stored is all that is asked here
        stored = [one for one in captures if one.status == 200 and one.size]
        documents |= {(name, canonical(one.url), one.sha256) for one in stored if canonical(one.url) in wanted}
        bodies += _twice((one.run_id, one.url, one.sha256) for one in captures if one.size and not one.revisit_of)
        doubled += _twice((one.run_id, one.url, "column" if one.verdict == "column" else "") for one in listings)
        runs = list(_of_kind(records, Run))
        begun[name] = len({run.run_id for run in runs})
        verdicts[name] = runs[-1].verdict if runs else ""
    damage = tuple(f"{one.warc} {one.offset}: {one.message}" for one in archive.verify())
    return Contents(frozenset(reports), frozenset(documents), tuple(bodies), tuple(doubled), begun, verdicts, damage)


def requests(asked: Iterable[Asked]) -> Counter[Request]:
    """How often each was sent, without those that failed or met a wall (5xx): these are asked again on purpose."""
    return Counter((one.address, one.port, one.method, one.target) for one in asked if one.status < _FAILED)


def _of_kind(records: Iterable[object], kind: type[Noted]) -> Iterator[Noted]:
    return (record for record in records if isinstance(record, kind))


def _twice(keys: Iterable[tuple[str, str, str]]) -> list[str]:
    return [" ".join(key) for key, count in Counter(keys).items() if count > 1]
