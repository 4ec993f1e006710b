"""-> archive.db, whose only writer this is: schema and migrations, load, resolve, derive."""

from extract.store.errors import DatabaseLockedError, DatabaseMissingError, DatabaseNewerError, StoreError

__all__ = ["DatabaseLockedError", "DatabaseMissingError", "DatabaseNewerError", "StoreError"]
