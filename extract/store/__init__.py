"""-> archive.db, whose only writer this is: schema and migrations, load, resolve, derive."""

from extract.store.errors import (
    BasisError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseNewerError,
    DatabaseOfOtherArchiveError,
    DatabaseUnusableError,
    RebuildError,
    StoreError,
)

__all__ = [
    "BasisError",
    "DatabaseLockedError",
    "DatabaseMissingError",
    "DatabaseNewerError",
    "DatabaseOfOtherArchiveError",
    "DatabaseUnusableError",
    "RebuildError",
    "StoreError",
]
