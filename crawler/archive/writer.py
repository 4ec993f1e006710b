"""All writes of one site: a record is whole in the WARC and then in the index, or it is in neither.

One process at a time writes a site (flock). A file being written ends in ``.open`` and loses it when it is closed. When
a writer opens, what a killed one left is put right: torn records cut off, missing index lines added, files closed.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from typing import TYPE_CHECKING, Self

from crawler.archive import index
from crawler.archive.errors import ArchiveFullError, SiteLockedError
from crawler.archive.index import Line
from crawler.archive.members import whole_length
from crawler.archive.warc import (
    IDENTICAL,
    NOT_MODIFIED,
    Original,
    exchange_records,
    note_record,
    note_url,
    payload_digest,
    read_note,
    read_one,
    read_records,
    to_capture,
    warcinfo,
)
from crawler.items import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from crawler.archive.exchange import Exchange
    from crawler.archive.warc import Note
    from crawler.items import Capture

log = logging.getLogger(__name__)

OPEN = ".open"
LARGEST_FILE = 256_000_000
SYNC_SECONDS = 5.0


class SiteWriter:
    """Use as a context manager. ``recovered_bytes``: what a torn tail lost, usually 0.

    Raises:
        SiteLockedError: another process writes this site.
    """

    def __init__(
        self,
        root: Path,
        site_id: str,
        *,
        software: str = "gongkai",
        largest_file: int = LARGEST_FILE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root = root
        self.site_id = site_id
        self.folder = root / site_id
        self.software = software
        self.largest_file = largest_file
        self.monotonic = monotonic
        self.recovered_bytes = 0
        self._lines: list[Line] = []
        self._by_url: dict[str, Line] = {}
        self._by_digest: dict[str, Line] = {}
        self._file: int | None = None
        self._name = ""
        self._size = 0
        self._synced = 0.0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise SiteLockedError(
                f"{self.site_id}: another process is writing this site; wait for it to end, or stop it first"
            ) from None
        self._recover()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._close_file()
        finally:
            os.close(self._lock)

    def put(self, exchange: Exchange, run_id: str) -> Capture:
        """Keep a request and its response; a body stored before becomes a revisit that points at its first record.

        Raises:
            ArchiveFullError: it could not be written whole; nothing of it stays.
        """
        original, profile = self._original_of(exchange)
        refers = (
            Original(original.url, original.date, original.capture.record_id) if original and original.capture else None
        )
        record, request, _ = exchange_records(exchange, run_id, refers, profile)
        warc, offset = self._append(record + request, exchange.fetched_at)
        line = self._line(warc, offset, len(record), original.capture if original else None)
        self._add(line)
        assert line.capture is not None
        return line.capture

    def note(self, note: Note, date: str) -> None:
        """Keep what was learnt beside bytes, as of ``date`` (UTC, ISO 8601).

        Raises:
            ArchiveFullError: it could not be written whole; nothing of it stays.
        """
        record, _ = note_record(note, date)
        warc, offset = self._append(record, date)
        self._add(Line("metadata", note_url(note), date, warc, offset, len(record)))

    def last(self, url: str) -> Capture | None:
        """The newest capture of an address."""
        line = self._by_url.get(url)
        return line.capture if line else None

    def captures_of(self, run_id: str) -> dict[str, Capture]:
        """What a run has stored so far: address -> its newest capture."""
        return {line.url: line.capture for line in self._lines if line.capture and line.capture.run_id == run_id}

    def unfinished_run(self) -> Run | None:
        """The newest run, if it has no end: it was killed, and can go on."""
        for line in reversed(self._lines):
            if line.kind == "metadata" and line.url.startswith("urn:gongkai:run:"):
                with self._path(line.warc).open("rb") as file:
                    run = read_note(read_one(file, line.offset))
                return run if isinstance(run, Run) and not run.finished_at else None
        return None

    def _original_of(self, exchange: Exchange) -> tuple[Line | None, str]:
        if exchange.status == 304:
            return self._by_url.get(exchange.url), NOT_MODIFIED
        if not exchange.body or exchange.truncated:
            return None, IDENTICAL
        return self._by_digest.get(payload_digest(exchange.body)), IDENTICAL

    def _line(self, warc: str, offset: int, length: int, original: Capture | None) -> Line:
        """The index line of a record just written, from the record as it is stored: index and record cannot differ."""
        with self._path(warc).open("rb") as file:
            stored = read_one(file, offset)
        capture = to_capture(stored, site_id=self.site_id, warc=warc, original=original)
        return Line(stored.kind, stored.url, capture.fetched_at, warc, offset, length, capture)

    def _add(self, line: Line) -> None:
        self._append_index(line.as_text())
        self._remember(line)

    def _remember(self, line: Line) -> None:
        self._lines.append(line)
        if line.capture is None:
            return
        self._by_url[line.url] = line
        if not line.capture.revisit_of and not line.capture.truncated:
            self._by_digest.setdefault(line.capture.payload_digest, line)

    def _path(self, warc: str) -> Path:
        path = self.root / warc
        return path if path.exists() else path.with_name(path.name + OPEN)

    def _append(self, data: bytes, date: str) -> tuple[str, int]:
        """Write records at the end of the open file in one call; cut back to where it was if that fails."""
        if self._file is None or self._size + len(data) > self.largest_file:
            self._close_file()
            self._open_file(date)
        assert self._file is not None
        start = self._size
        self._write_whole(self._file, data, start)
        self._size += len(data)
        if self.monotonic() - self._synced >= SYNC_SECONDS:
            os.fsync(self._file)
            self._synced = self.monotonic()
        return self._name, start

    def _write_whole(self, file: int, data: bytes, start: int) -> None:
        try:
            written = os.write(file, data)
        except OSError as error:
            os.ftruncate(file, start)
            raise ArchiveFullError(
                f"{self._name}: cannot be written ({error.strerror}); free space, then run again"
            ) from error
        if written != len(data):
            os.ftruncate(file, start)
            raise ArchiveFullError(f"{self._name}: the disk is full; free space, then run again")

    def _append_index(self, text: str) -> None:
        data = text.encode()
        file = os.open(self.folder / index.NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            self._write_whole(file, data, os.fstat(file).st_size)
        finally:
            os.close(file)

    def _open_file(self, date: str) -> None:
        stamp = "".join(c for c in date if c.isdigit())[:14]
        serial = sum(1 for path in self.folder.glob("*.warc.gz"))
        filename = f"{self.site_id}-{stamp}-{serial:05d}.warc.gz"
        self._name = f"{self.site_id}/{filename}"
        self._file = os.open(self.folder / (filename + OPEN), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        self._size = 0
        self._synced = self.monotonic()
        head = warcinfo(filename, date, self.software)
        self._write_whole(self._file, head, 0)
        self._size = len(head)

    def _close_file(self) -> None:
        if self._file is None:
            return
        os.fsync(self._file)
        os.close(self._file)
        self._file = None
        path = self.root / self._name
        path.with_name(path.name + OPEN).rename(path)

    def _recover(self) -> None:
        self.recovered_bytes += index.cut_torn_line(self.folder)
        for line in index.read_lines(self.folder, self.site_id):
            self._remember(line)
        for path in sorted(self.folder.glob(f"*.warc.gz{OPEN}")):
            self._recover_file(path)

    def _recover_file(self, path: Path) -> None:
        whole = whole_length(path)
        torn = path.stat().st_size - whole
        if torn:
            log.warning("%s: %d bytes of a torn record were cut off", path.name, torn)
            self.recovered_bytes += torn
            os.truncate(path, whole)
        final = path.with_name(path.name.removesuffix(OPEN))
        if whole == 0:
            path.unlink()
            return
        warc = f"{self.site_id}/{final.name}"
        known = {line.offset for line in self._lines if line.warc == warc}
        with path.open("rb") as file:
            for stored in read_records(file):
                if stored.kind in ("response", "revisit", "resource", "metadata") and stored.offset not in known:
                    self._add(self._recovered_line(stored.kind, stored.offset, stored.length, warc, stored.headers))
        path.rename(final)

    def _recovered_line(self, kind: str, offset: int, length: int, warc: str, headers: Mapping[str, str]) -> Line:
        if kind == "metadata":
            return Line(kind, headers["warc-target-uri"], headers["warc-date"], warc, offset, length)
        refers = headers.get("warc-refers-to")
        original = next(
            (line.capture for line in self._lines if line.capture and line.capture.record_id == refers), None
        )
        return self._line(warc, offset, length, original)
