"""What the archive raises: each message says what to do next."""


class ArchiveError(Exception):
    """Root of the archive's errors."""


class ArchiveMissingError(ArchiveError):
    """There is no archive at that place, or its stamp cannot be read; raised when it is opened."""


class ArchiveHoldsOtherError(ArchiveError):
    """The archive is stamped as a sample and something real was to go in, or the reverse."""


class SiteNameError(ArchiveError):
    """A site's id cannot be the name of a folder."""


class SiteLockedError(ArchiveError):
    """Another process writes this site's records."""


class ArchiveWriteError(ArchiveError):
    """A record could not be written whole and was taken back; the file ends on the record before."""


class ArchiveFullError(ArchiveWriteError):
    """As above, because the disk, the quota or the largest file size is exhausted."""


class RecordError(ArchiveError):
    """A stored record cannot be read where the index says it is; `gongkai verify` says more."""


class PlaceError(ArchiveError):
    """A place where files are shipped to does not take them, or does not give them back."""
