"""Take into the archive what was fetched elsewhere: local documents with their provenance, WARC and WACZ files.

Everything goes under the site ``ingest``. A document becomes a resource record and a Listing; without a source address
it is known by its digest and name, so that two towns' files of one name stay apart.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator

from crawler.archive.errors import ArchiveError
from crawler.archive.exchange import Exchange
from crawler.items import Listing, Run, Site
from crawler.sniff import DOCX, EMPTY, HTML, OFD, OLE, PDF, RTF, TEXT, XLSX, XML, ZIP, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.archive.reader import Archive
    from crawler.archive.writer import SiteWriter

SITE_ID = "ingest"
_ENDINGS = frozenset(
    [
        ".html",
        ".htm",
        ".shtml",
        ".xhtml",
        ".pdf",
        ".docx",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".xls",
        ".xlsx",
        ".ofd",
        ".txt",
        ".zip",
        ".warc",
        ".gz",
        ".wacz",
    ]
)
_DOCUMENTS = frozenset({HTML, XML, PDF, DOCX, TEXT, OLE, RTF, XLSX, OFD, ZIP})
_DROPPED_HEADERS = frozenset({"content-encoding", "transfer-encoding"})


class IngestError(ArchiveError):
    """The manifest or the options cannot be used; nothing was taken."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a local document came from and when, as far as anyone said."""

    source_url: str = ""
    retrieved_at: str = ""
    title: str = ""
    publisher: str = ""
    published_on: str = ""


@dataclass(slots=True)
class IngestCounts:
    """What came of it: documents taken, known already, paths left out and files that failed, with the reason each."""

    taken: int = 0
    known: int = 0
    left: list[tuple[Path, str]] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)


def ingest(
    archive: Archive,
    paths: Sequence[Path],
    *,
    source_url: str = "",
    retrieved_at: str = "",
    manifest: Path | None = None,
    now: Callable[[], dt.datetime],
    code_version: str,
) -> IngestCounts:
    """Take files and folders in; a file that cannot be read is counted with its reason and the rest goes on.

    Raises:
        IngestError: the manifest has no column ``path``, or a source address was given for several documents.
    """
    stated = _read_manifest(manifest) if manifest else {}
    counts = IngestCounts()
    files = list(_files([*paths, *(path for path in stated if not paths)], counts))
    if source_url and len(files) != 1:
        raise IngestError(f"--source-url is of one document, and {len(files)} were named; use --manifest for several")
    given = Provenance(source_url=source_url, retrieved_at=retrieved_at)
    started = _iso(now())
    run = Run(run_id=f"{SITE_ID}-{started}", site_id=SITE_ID, started_at=started, code_version=code_version)
    with archive.writer(SITE_ID) as writer:
        taker = _Taker(writer, run, counts)
        for path in files:
            taker.take(path, stated.get(path.resolve(), given))
        taker.end(_iso(now()))
    return counts


class _Taker:
    """One ingest: the run begins with the first thing there is to keep, so that taking nothing leaves no trace."""

    def __init__(self, writer: SiteWriter, run: Run, counts: IngestCounts) -> None:
        self.writer, self.run, self.counts = writer, run, counts
        self.begun = False

    def take(self, path: Path, provenance: Provenance) -> None:
        try:
            if _is_archive(path):
                for exchange in _exchanges(path):
                    self._keep(exchange, Provenance(source_url=exchange.url))
            else:
                self._keep(*_local(path, provenance))
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            self.counts.failed.append((path, f"cannot be read: {error}"))

    def _keep(self, exchange: Exchange, provenance: Provenance) -> None:
        known = self.writer.last(exchange.url)
        if known is not None and known.sha256 == hashlib.sha256(exchange.body).hexdigest():
            self.counts.known += 1
            return
        if not self.begun:
            site = Site(id=SITE_ID, start_url="urn:gongkai:ingest", name="taken from local files")
            self.writer.note(site, self.run.started_at)
            self.writer.note(self.run, self.run.started_at)
            self.begun = True
        capture = self.writer.put(exchange, self.run.run_id)
        if capture.sniffed_type in _DOCUMENTS or exchange.status == 0:
            self.writer.note(_listing(self.run, exchange, provenance), exchange.fetched_at)
        self.counts.taken += 1

    def end(self, finished_at: str) -> None:
        if self.begun:
            counts = {"captures": self.counts.taken, "known": self.counts.known, "failures": len(self.counts.failed)}
            ended = Run(
                run_id=self.run.run_id,
                site_id=SITE_ID,
                started_at=self.run.started_at,
                code_version=self.run.code_version,
                finished_at=finished_at,
                finish_reason="finished",
                verdict="ok",
                counts=counts,
            )
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


def _files(paths: Iterable[Path], counts: IngestCounts) -> Iterator[Path]:
    """The files named, and of folders those of the kinds we know; what is left is counted with the reason."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for inner in sorted(p for p in path.rglob("*") if p.is_file()):
            if any(part.startswith(".") for part in inner.relative_to(path).parts):
                counts.left.append((inner, "a hidden file"))
            elif inner.suffix.lower() not in _ENDINGS and (inner.suffix or not _is_document(inner)):
                counts.left.append((inner, f"no kind of document we know ({inner.suffix or 'no ending'})"))
            else:
                yield inner


def _is_document(path: Path) -> bool:
    with path.open("rb") as file:
        return media_type(file.read(65536)) in _DOCUMENTS


def _local(path: Path, provenance: Provenance) -> tuple[Exchange, Provenance]:
    data = path.read_bytes()
    if media_type(data) == EMPTY:
        raise ValueError("the file is empty")
    digest = hashlib.sha256(data).hexdigest()
    url = provenance.source_url or f"urn:gongkai:ingest:{digest[:16]}:{quote(path.name)}"
    changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Exchange(url=url, fetched_at=provenance.retrieved_at or _iso(changed), status=0, body=data), provenance


def _is_archive(path: Path) -> bool:
    return path.name.lower().endswith((".warc", ".warc.gz", ".wacz"))


def _exchanges(path: Path) -> Iterator[Exchange]:
    """The answers with status 200 of a WARC file, or of all WARC files in a WACZ."""
    if path.suffix.lower() != ".wacz":
        with path.open("rb") as file:
            yield from _responses(file)
        return
    with zipfile.ZipFile(path) as members:
        for name in sorted(n for n in members.namelist() if n.startswith("archive/")):
            with members.open(name) as member:
                yield from _responses(member)  # type: ignore[arg-type]  # a ZipExtFile reads like a file


def _responses(file: BinaryIO) -> Iterator[Exchange]:
    try:
        for record in ArchiveIterator(file):
            http = record.http_headers
            if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
                continue
            yield Exchange(
                url=record.rec_headers.get_header("WARC-Target-URI"),
                fetched_at=record.rec_headers.get_header("WARC-Date"),
                status=200,
                reason="OK",
                body=record.content_stream().read(),
                response_headers=tuple(
                    (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                    for name, value in http.headers
                    if name.lower() not in _DROPPED_HEADERS
                ),
            )
    except Exception as error:
        if isinstance(error, ArchiveError | OSError):
            raise
        raise ValueError(f"not a whole WARC file ({error!r})") from error


def _read_manifest(path: Path) -> Mapping[Path, Provenance]:
    """Absolute path -> provenance; paths in the file are relative to it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "path" not in (rows.fieldnames or ()):
            raise IngestError(
                f"{path}: a manifest needs a column 'path'; it has {', '.join(rows.fieldnames or ['none'])}"
            )
        names = ("source_url", "retrieved_at", "title", "publisher", "published_on")
        return {
            (path.parent / row["path"]).resolve(): Provenance(**{name: (row.get(name) or "").strip() for name in names})
            for row in rows
        }


def _iso(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
