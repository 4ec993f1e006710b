"""The archive as those see it who read it: sites, records in stored order, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from crawler.archive import index
from crawler.archive.errors import PlaceError, RecordError
from crawler.archive.exchange import decoded_body, header
from crawler.archive.files import OPEN, warc_paths
from crawler.archive.shipped import open_closed
from crawler.archive.stamp import Holds, read_stamp, stamp, stamp_problem
from crawler.archive.stored import read_note, read_one
from crawler.archive.verify import Damage, verify_site
from crawler.archive.warc import SOURCE_HEADER
from crawler.archive.writer import LARGEST_FILE, SYNC_SECONDS, SiteWriter
from crawler.items import Capture, Failure, Listing, Relisted, Run, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from crawler.archive.stored import Stored

Position = tuple[str, int]
"""Where a stored record begins: WARC file relative to the archive's root, and byte. Sorts in a site's stored order."""

Record = Site | Run | Listing | Relisted | Failure | Capture
"""What comes out of the archive: what was received, and what was learnt beside it."""


class Archive:
    """An archive folder. With ``holds`` it is made if missing; without, it must be there.

    Raises:
        ArchiveMissingError: there is no archive and ``holds`` was not given.
        ArchiveHoldsOtherError: it is stamped otherwise.
    """

    def __init__(self, root: Path, *, holds: Holds | None = None) -> None:
        self.root = root
        if holds is not None:
            stamp(root, holds)
        stamped = read_stamp(root)
        self.holds: Holds = stamped.holds
        self.id = stamped.id

    def writer(
        self, site_id: str, *, largest_file: int = LARGEST_FILE, sync_seconds: float = SYNC_SECONDS
    ) -> SiteWriter:
        """The writer of one site, to be used as a context manager; bytes a file, seconds between fsyncs.

        Raises:
            SiteNameError: the id cannot be a folder's name.
        """
        return SiteWriter(self.root, site_id, largest_file=largest_file, sync_seconds=sync_seconds)

    def site_ids(self) -> list[str]:
        """The sites that have records, sorted."""
        return [path.name for path in self._folders() if warc_paths(path) or index.holds_lines(path)]

    def _folders(self) -> list[Path]:
        """Those of sites, sorted; a hidden one is none: the locks of crawls lie in one."""
        return sorted(path for path in self.root.iterdir() if path.is_dir() and not path.name.startswith("."))

    def sizes(self, site_id: str) -> dict[str, int]:
        """WARC file -> bytes of whole records in it now: what ``records(after=...)`` takes next time."""
        sizes: dict[str, int] = {}
        for line in index.read_lines(self.root / site_id, site_id):
            sizes[line.warc] = max(sizes.get(line.warc, 0), line.end)
        return sizes

    def records(self, site_id: str, after: Mapping[str, int] | None = None) -> Iterator[tuple[Position, Record]]:
        """Every record of a site in stored order; ``after`` leaves out what begins before so many bytes of a file.

        Raises:
            RecordError: an index line, or a note's record, is damaged.
        """
        done = after or {}
        for line in index.read_lines(self.root / site_id, site_id):
            if line.offset >= done.get(line.warc, 0):
                yield (line.warc, line.offset), line.capture or read_note(self._stored(line.warc, line.offset))

    def get(self, capture: Capture) -> bytes:
        """The decoded body, Content-Encoding removed; of a revisit, that of its first record.

        Raises:
            RecordError: the record is not where the capture says.
        """
        stored = self._stored(capture.warc, capture.offset)
        return decoded_body(stored.body, header(stored.http, b"content-encoding"))

    def is_here(self, capture: Capture) -> bool:
        """Whether the body lies in the archive's folder, and not only where it was shipped to."""
        path = self.root / capture.warc
        return path.exists() or path.with_name(path.name + OPEN).exists()

    def headers(self, capture: Capture) -> list[tuple[str, str]]:
        """The response's headers as received (those of the first record, for a revisit)."""
        stored = self._stored(capture.warc, capture.offset)
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in stored.http]

    def source(self, capture: Capture) -> str:
        """Of a body that others fetched: their file's name, percent-encoded, and its record's id there; or empty."""
        return self._stored(capture.warc, capture.offset).headers.get(SOURCE_HEADER.lower(), "")

    def verify(self) -> Iterator[Damage]:
        """Every record against its digests and the index against the records; nothing where all is well.

        Files that are only where they were shipped to are fetched from there, one at a time.
        """
        if problem := stamp_problem(self.root):
            yield Damage("archive.json", 0, problem)
        for folder in self._folders():
            yield from verify_site(self.root, folder.name)

    def open(self, warc: str) -> BinaryIO:
        """A WARC file, closed or being written, here or where it was shipped to.

        Raises:
            RecordError: it is nowhere, or cannot be read.
        """
        path = self.root / warc
        for name in (path, path.with_name(path.name + OPEN)):
            try:
                return name.open("rb")
            except FileNotFoundError:
                continue
            except OSError as error:
                raise RecordError(f"{warc}: cannot be read ({error.strerror}); run: gongkai verify") from error
        return open_closed(path)  # it may have been closed between two looks; or it was shipped

    def _stored(self, warc: str, offset: int) -> Stored:
        try:
            with self.open(warc) as file:
                return read_one(file, offset)
        except PlaceError as error:
            raise RecordError(f"{warc} is not here any more, and {error}") from error
        except OSError as error:
            raise RecordError(f"{warc}: cannot be read ({error.strerror}); run: gongkai verify") from error
