"""-> archive.db, whose only writer this is: schema and migrations, load, resolve, derive."""

from extract.store.errors import (
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseNewerError,
    DatabaseOfOtherArchiveError,
    DatabaseUnusableError,
    RebuildError,
    StoreError,
)

__all__ = [
    "DatabaseLockedError",
    "DatabaseMissingError",
    "DatabaseNewerError",
    "DatabaseOfOtherArchiveError",
    "DatabaseUnusableError",
    "RebuildError",
    "StoreError",
]
