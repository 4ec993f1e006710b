"""All writes of one site: a record is whole in the WARC and then in the index, or it is in neither.

One process at a time writes a site (flock). When a writer opens, what a killed one left is put right (recovery.py).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import io
import os
import time
from typing import TYPE_CHECKING, Self

from crawler.archive import index
from crawler.archive.errors import SiteLockedError, SiteNameError
from crawler.archive.files import GrowingFile, write_error, write_whole
from crawler.archive.index import Line, line_of
from crawler.archive.recovery import Recovered, recover
from crawler.archive.shipped import open_closed
from crawler.archive.stored import Stored, read_note, read_one
from crawler.archive.warc import IDENTICAL, NOT_MODIFIED, digest, exchange_records, note_record, run_urn
from crawler.items import Listing, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crawler.archive.exchange import Exchange
    from crawler.archive.warc import Note
    from crawler.items import Capture

LOCK = "lock"
LARGEST_FILE = 256_000_000
SYNC_SECONDS = 5.0


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SiteWriter:
    """Use as a context manager. ``recovered_bytes``: what a torn tail lost, usually 0.

    ``largest_file``: bytes at which the next WARC file is begun. ``sync_seconds``: what was written is brought to the
    disk at least so often while records come in (0: each record), and always at the end.

    Raises:
        SiteLockedError: another process writes this site.
        ArchiveWriteError: its folder cannot be written.
        SiteNameError: the id cannot be a folder's name.
    """

    def __init__(
        self,
        root: Path,
        site_id: str,
        *,
        software: str = "gongkai",
        largest_file: int = LARGEST_FILE,
        sync_seconds: float = SYNC_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        if not site_id or site_id.startswith(".") or any(c in "/\\\0" or c.isspace() for c in site_id):
            raise SiteNameError(
                f"{site_id!r} cannot be the id of a site: it names a folder; use letters, digits, - _ ."
            )
        self.root = root
        self.site_id = site_id
        self.folder = root / site_id
        self.recovered_bytes = 0
        self._sync_seconds = sync_seconds
        self._monotonic, self._now = monotonic, now
        self._growing = GrowingFile(self.folder, software, largest_file)
        self._synced = monotonic()
        self._lines: list[Line] = []
        self._by_url: dict[str, list[Capture]] = {}
        self._by_digest: dict[str, Capture] = {}
        self._by_record: dict[str, Capture] = {}
        self._notes: dict[str, list[Line]] = {}
        self._sorted = 0

    def __enter__(self) -> Self:
        try:
            recovered = self._open()
        except OSError as error:
            raise write_error(error.filename or self.site_id, error) from error
        self.recovered_bytes = recovered.lost_bytes
        for line in recovered.lines:
            self._remember(line)
            self._growing.taken.add(line.warc.rpartition("/")[2])
        return self

    def _open(self) -> Recovered:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._take_lock()
            recovered = recover(self.folder)
            self._index = os.open(self.folder / index.NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        except BaseException:
            os.close(self._lock)
            raise
        return recovered

    def __exit__(self, *_: object) -> None:
        """Close the site's file.

        Raises:
            ArchiveWriteError: what was written could not be brought to the disk.
        """
        try:
            self._growing.close()
            os.fsync(self._index)
        except OSError as error:
            raise write_error(self.site_id, error) from error
        finally:
            os.close(self._index)
            os.close(self._lock)

    def put(self, exchange: Exchange, run_id: str) -> Capture:
        """Keep a request and its response; a body stored before becomes a revisit that points at its first record.

        Raises:
            ArchiveFullError, ArchiveWriteError: it could not be written whole; nothing of it stays.
        """
        payload_digest = digest(exchange.body)
        original, profile = self._original_of(exchange, payload_digest)
        record, request = exchange_records(exchange, run_id, original, profile, payload_digest=payload_digest)
        line = self._store(record, request, exchange.fetched_at)
        assert line.capture is not None
        return line.capture

    def note(self, note: Note, date: str = "") -> None:
        """Keep what was learnt beside bytes, as of ``date`` (UTC, ISO 8601, ``Z``; now if not given).

        Raises:
            ArchiveFullError, ArchiveWriteError: it could not be written whole; nothing of it stays.
        """
        date = date or self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self._store(note_record(note, date), b"", date)

    def last(self, url: str) -> Capture | None:
        """The newest capture of an address."""
        return self._by_url[url][-1] if url in self._by_url else None

    def holds(self, url: str, sha256: str) -> bool:
        """Was this (decoded) body ever captured at this address?"""
        return any(capture.sha256 == sha256 for capture in self._by_url.get(url, ()))

    def captures_of(self, run_id: str) -> dict[str, Capture]:
        """What a run has stored so far: address -> its newest capture."""
        return {line.url: line.capture for line in self._lines if line.capture and line.capture.run_id == run_id}

    def first(self, url: str) -> Capture | None:
        """The oldest capture of an address."""
        return self._by_url[url][0] if url in self._by_url else None

    def captures_at(self, url: str) -> Sequence[Capture]:
        """All captures of an address, the oldest first."""
        return self._by_url.get(url, ())

    def notes_of(self, run_id: str) -> Iterator[Note]:
        """What a run has noted, from its start to its end; no other run's records are read for it."""
        about = run_urn(run_id)
        ends = [number for number, line in enumerate(self._lines) if line.url == about]
        for line in self._lines[ends[0] : ends[-1] + 1] if ends else ():
            if line.kind == "metadata":
                yield read_note(self._read(line.warc, line.offset))

    def last_listing(self, url: str, *, column: bool) -> Listing | None:
        """The newest listing of an address, as an entry or as a column."""
        for line in reversed(self._notes_by_url().get(url, ())):
            note = read_note(self._read(line.warc, line.offset))
            if isinstance(note, Listing) and (note.verdict == "column") == column:
                return note
        return None

    def _notes_by_url(self) -> dict[str, list[Line]]:
        """Kept up to date as lines come: a run asks for each of its entries."""
        for line in self._lines[self._sorted :]:
            if line.kind == "metadata":
                self._notes.setdefault(line.url, []).append(line)
        self._sorted = len(self._lines)
        return self._notes

    def unfinished_run(self) -> Run | None:
        """The newest run, if it has no end: it was killed, and can go on."""
        for line in reversed(self._lines):
            if line.kind == "metadata" and line.url.startswith(run_urn("")):
                run = read_note(self._read(line.warc, line.offset))
                return run if isinstance(run, Run) and not run.finished_at else None
        return None

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SiteLockedError(
                f"{self.site_id}: another process is writing this site; wait for it to end, or stop it first"
            ) from None

    def _original_of(self, exchange: Exchange, payload_digest: str) -> tuple[Capture | None, str]:
        """The capture whose record holds this body already, and why we know: the server said so, or the digest."""
        if exchange.status == 304:
            earlier = (c for c in reversed(self._by_url.get(exchange.url, ())) if c.status in (0, 200) or c.revisit_of)
            return self._first(next(earlier, None)), NOT_MODIFIED
        if exchange.status == 0 or not exchange.body or exchange.truncated:
            return None, IDENTICAL
        same = self._by_digest.get(payload_digest)
        # the same bytes under another content coding are another document
        return (same if same and same.sha256 == _sha256(exchange) else None), IDENTICAL

    def _first(self, capture: Capture | None) -> Capture | None:
        return self._by_record.get(capture.revisit_of) if capture and capture.revisit_of else capture

    def _store(self, record: bytes, request: bytes, date: str) -> Line:
        """Record and request into the WARC, the line into the index; all of it or nothing."""
        try:
            offset = self._growing.append(record + request, date)
        except OSError as error:
            raise write_error(self.site_id, error) from error
        try:
            line = self._line(offset, record + request, len(request))
            write_whole(self._index, line.as_text().encode(), os.fstat(self._index).st_size, index.NAME)
        except BaseException:
            self._growing.take_back(offset)
            raise
        self._remember(line)
        self._sync_if_due()
        return line

    def _line(self, offset: int, written: bytes, following: int) -> Line:
        """The line of what was just written, read back from its bytes: index and record cannot differ."""
        is_first = offset == self._growing.head_size
        with self._growing.reader() if is_first else _Written(written, offset) as file:
            return line_of(
                read_one(file, offset),
                file,
                site_id=self.site_id,
                warc=self._growing.warc,
                originals=self._by_record,
                following=following,
                is_first=is_first,
            )

    def _remember(self, line: Line) -> None:
        self._lines.append(line)
        if (capture := line.capture) is None:
            return
        self._by_url.setdefault(line.url, []).append(capture)
        self._by_record[capture.record_id] = capture
        if not capture.revisit_of and not capture.truncated:
            self._by_digest.setdefault(capture.payload_digest, capture)

    def _read(self, warc: str, offset: int) -> Stored:
        growing = self._growing.path
        path = growing if growing is not None and warc == self._growing.warc else self.root / warc
        with open_closed(path) as file:
            return read_one(file, offset)

    def _sync_if_due(self) -> None:
        if self._monotonic() - self._synced < self._sync_seconds:
            return
        try:
            self._growing.sync()
            os.fsync(self._index)
        except OSError as error:
            raise write_error(self.site_id, error) from error
        self._synced = self._monotonic()


class _Written(io.BytesIO):
    """Bytes as they are in a file from ``offset`` on, without asking the file for them."""

    def __init__(self, data: bytes, offset: int) -> None:
        super().__init__(data)
        self._offset = offset

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return super().seek(offset - self._offset, whence) + self._offset

    def tell(self) -> int:
        return super().tell() + self._offset


def _sha256(exchange: Exchange) -> str:
    return hashlib.sha256(exchange.decoded_body()).hexdigest()
