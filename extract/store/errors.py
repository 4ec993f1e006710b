"""What the store raises: each message says what to do next."""


class StoreError(Exception):
    """Root of the store's errors."""


class DatabaseLockedError(StoreError):
    """Another process writes this database."""


class DatabaseNewerError(StoreError):
    """The database was made by another version of this program, whose tables are not these."""


class DatabaseMissingError(StoreError):
    """There is no database at that place."""


class DatabaseUnusableError(StoreError):
    """The file is no database, or nothing can be written at that place."""


class DatabaseOfOtherArchiveError(StoreError):
    """The database was built from an archive that holds something else (the sample, or real captures)."""


class RebuildError(StoreError):
    """The new database does not agree with the archive; the old one was left in its place."""


class BasisError(StoreError):
    """The divisions, or what people decided about bodies, cannot be used as they are written."""
