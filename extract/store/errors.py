"""What the store raises: each message says what to do next."""


class StoreError(Exception):
    """Root of the store's errors."""


class DatabaseLockedError(StoreError):
    """Another process writes this database."""


class DatabaseNewerError(StoreError):
    """The database was made by a newer version of this program."""


class DatabaseMissingError(StoreError):
    """There is no database at that place."""
