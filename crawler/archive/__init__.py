"""The archive: put what was received, get its bytes back. WARC files, index, recovery, verification, ingest."""

from crawler.archive.errors import (
    ArchiveError,
    ArchiveFullError,
    ArchiveHoldsOtherError,
    ArchiveMissingError,
    ArchiveWriteError,
    RecordError,
    SiteLockedError,
    SiteNameError,
)
from crawler.archive.exchange import Exchange
from crawler.archive.reader import Archive, Position, Record
from crawler.archive.verify import Damage
from crawler.archive.writer import SiteWriter

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveFullError",
    "ArchiveHoldsOtherError",
    "ArchiveMissingError",
    "ArchiveWriteError",
    "Damage",
    "Exchange",
    "Position",
    "Record",
    "RecordError",
    "SiteLockedError",
    "SiteNameError",
    "SiteWriter",
]
