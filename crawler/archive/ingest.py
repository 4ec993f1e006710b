"""Take what was fetched elsewhere into the archive: local documents with provenance, WARC and WACZ files of others.

Everything goes under the site ``ingest``. A document becomes a resource record and a Listing; without a source address
it is known by its digest and name, so that two towns' files of one name stay apart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.archive.exchange import Exchange
from crawler.archive.foreign import exchanges
from crawler.archive.provenance import IngestError, Provenance, read_manifest
from crawler.archive.reader import Archive
from crawler.archive.selection import DOCUMENTS, files_under, is_archive, readable_name, why_left
from crawler.items import Listing, Run, Site
from crawler.sniff import EMPTY, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.archive.stamp import Holds
    from crawler.archive.writer import SiteWriter

__all__ = ["SITE_ID", "IngestCounts", "IngestError", "ingest"]

SITE_ID = "ingest"
Reasons = tuple[tuple["Path", str], ...]


@dataclass(frozen=True, slots=True)
class IngestCounts:
    """What came of it: documents taken, known already, paths left out and files that failed, with the reason each."""

    taken: int = 0
    known: int = 0
    left: Reasons = ()
    failed: Reasons = ()


def ingest(
    archive_root: Path,
    paths: Sequence[Path],
    *,
    holds: Holds = "real",
    source_url: str = "",
    retrieved_at: str = "",
    manifest: Path | None = None,
    now: Callable[[], dt.datetime],
    code_version: str,
) -> IngestCounts:
    """Take files and folders in; a file that cannot be read is counted with its reason and the rest goes on.

    ``retrieved_at`` is a file's own time where nobody says. A manifest without paths takes what it names. The same
    bytes of the same address twice are known, and nothing is stored.

    Raises:
        IngestError: the manifest or an option cannot be used; nothing was taken, and no archive was made.
        ArchiveError: the archive cannot be written; what was taken before stays.
    """
    stated = read_manifest(manifest) if manifest else {}
    given = _checked_options(source_url, retrieved_at)
    chosen = list(_choose(paths or tuple(stated), manifest))
    files = [path for path, reason in chosen if not reason]
    left = [(path, reason) for path, reason in chosen if reason]
    if source_url and (len(files) != 1 or is_archive(files[0])):
        raise IngestError(
            f"--source-url is of one document, and {len(files)} were named; use --manifest for several"
            if len(files) != 1
            else f"{files[0].name} holds addresses of its own; leave --source-url out"
        )
    taken_up = {path.resolve() for path, _ in chosen}
    left += [(path, "in the manifest, but not among the paths") for path in stated if path not in taken_up]
    archive = Archive(archive_root, holds=holds)  # only now: an option mistyped makes no archive
    return _take_all(archive, files, left, lambda path: stated.get(path.resolve(), given), now, code_version)


def _checked_options(source_url: str, retrieved_at: str) -> Provenance:
    try:
        return Provenance(source_url=source_url, retrieved_at=retrieved_at).checked()
    except ValueError as error:
        raise IngestError(str(error)) from error


def _choose(paths: Sequence[Path], manifest: Path | None) -> Iterator[tuple[Path, str]]:
    """The files named and those under the folders named, each once, with the reason why it is left, or none."""
    seen: set[Path] = set()
    for path in paths:
        inner = files_under(path) if path.is_dir() else iter([(path, why_left(path) if path.is_file() else "")])
        for file, reason in inner:
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            is_manifest = manifest is not None and file.resolve() == manifest.resolve()
            yield file, "the manifest itself" if is_manifest else reason


def _take_all(
    archive: Archive,
    files: Sequence[Path],
    left: list[tuple[Path, str]],
    provenance_of: Callable[[Path], Provenance],
    now: Callable[[], dt.datetime],
    code_version: str,
) -> IngestCounts:
    started = _iso(now())
    run = Run(run_id=f"{SITE_ID}-{started}", site_id=SITE_ID, started_at=started, code_version=code_version)
    failed: list[tuple[Path, str]] = []
    with archive.writer(SITE_ID) as writer:
        taker = _Taker(writer, run)
        for path in files:
            try:
                held = taker.take(path, provenance_of(path).checked())
            except (OSError, ValueError) as error:
                failed.append((path, _said(error)))
            else:
                left += [] if held else [(path, "holds no answer with status 200")]
        taker.end(_iso(now()), len(failed))
    return IngestCounts(taker.counts["taken"], taker.counts["known"], tuple(left), tuple(failed))


def _said(error: OSError | ValueError) -> str:
    return f"cannot be read: {error.strerror or error}" if isinstance(error, OSError) else str(error)


class _Taker:
    """One ingest: the run begins with the first thing there is to keep, so that taking nothing leaves no trace."""

    def __init__(self, writer: SiteWriter, run: Run) -> None:
        self.writer, self.run = writer, run
        self.counts: Counter[str] = Counter()
        self.begun = False

    def take(self, path: Path, provenance: Provenance) -> int:
        """Keep what a file holds; of how many documents that was (known ones too)."""
        held = 0
        for exchange, its_provenance in _documents(path, provenance):
            self._keep(exchange, its_provenance)
            held += 1
        return held

    def _keep(self, exchange: Exchange, provenance: Provenance) -> None:
        body = exchange.decoded_body()
        if self.writer.holds(exchange.url, hashlib.sha256(body).hexdigest()):
            self.counts["known"] += 1
            return
        if not self.begun:
            site = Site(id=SITE_ID, start_url="urn:gongkai:ingest", name="taken from local files")
            self.writer.note(site, self.run.started_at)
            self.writer.note(self.run, self.run.started_at)
            self.begun = True
        if exchange.status == 0 or media_type(body) in DOCUMENTS:
            # before its bytes: if we are killed between the two, the next ingest takes both again
            self.writer.note(_listing(self.run, exchange, provenance), self.run.started_at)
        self.writer.put(exchange, self.run.run_id)
        self.counts["taken"] += 1

    def end(self, finished_at: str, failures: int) -> None:
        if self.begun:
            counts: Mapping[str, int] = {
                "captures": self.counts["taken"],
                "known": self.counts["known"],
                "failures": failures,
            }
            ended = replace(self.run, finished_at=finished_at, finish_reason="finished", verdict="ok", counts=counts)
            self.writer.note(ended, finished_at)


def _listing(run: Run, exchange: Exchange, provenance: Provenance) -> Listing:
    return Listing(
        run_id=run.run_id,
        site_id=SITE_ID,
        url=exchange.url,
        title=provenance.title,
        found_on="ingest",
        verdict="report",
        published_on=provenance.published_on,
        publisher=provenance.publisher,
    )


def _documents(path: Path, provenance: Provenance) -> Iterator[tuple[Exchange, Provenance]]:
    """What a file holds: itself, or the answers in somebody's archive, whose pages state their titles themselves."""
    if is_archive(path):
        for exchange in exchanges(path):
            yield exchange, replace(provenance, title="")
    else:
        yield _local(path, provenance), replace(provenance, title=provenance.title or readable_name(path))


def _local(path: Path, provenance: Provenance) -> Exchange:
    data = path.read_bytes()
    if media_type(data) == EMPTY:
        raise ValueError("cannot be read: the file is empty")
    digest = hashlib.sha256(data).hexdigest()
    url = provenance.source_url or f"urn:gongkai:ingest:{digest[:16]}:{quote(readable_name(path), safe='')}"
    changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Exchange(url=url, fetched_at=provenance.retrieved_at or _iso(changed), status=0, body=data)


def _iso(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
