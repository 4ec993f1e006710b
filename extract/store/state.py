"""What the database says of itself: which kind of archive it is built from, and from what its reports were derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.store.database import open_for_reading
from extract.store.errors import DatabaseOfOtherArchiveError, StoreError
from extract.store.load import replace_row

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

_HOLDS = "archive_holds"
_ID = "archive_id"
_KINDS = {"sample": "the sample portal", "real": "real captures"}


def claim(db: Database, path: Path, holds: str, archive_id: str) -> None:
    """Note which archive this database is built from, and what that one holds.

    Raises:
        DatabaseOfOtherArchiveError: it was built from another.
    """
    known = get(db, _HOLDS)
    if known not in (None, holds):
        message = f"{path} was built from an archive of {_KINDS[str(known)]}, this archive is of {_KINDS[holds]}"
        raise DatabaseOfOtherArchiveError(f"{message}; name another with --db, or: gongkai rebuild")
    if get(db, _ID) not in (None, "", archive_id):
        message = f"{path} was built from another archive; name another database with --db, or: gongkai rebuild"
        raise DatabaseOfOtherArchiveError(message)
    put(db, _HOLDS, holds)
    put(db, _ID, archive_id)


def holds_of(path: Path) -> str | None:
    """What kind of archive the database at that path was built from; None if it says nothing, or is none of ours."""
    try:
        return get(open_for_reading(path), _HOLDS)
    except StoreError:
        return None


def get(db: Database, key: str) -> str | None:
    """What the database says of itself under that key; None if nothing."""
    known = db.execute("select value from state where key = ?", [key]).fetchone()
    return known[0] if known else None


def put(db: Database, key: str, value: str) -> None:
    """Note something about the database itself."""
    replace_row(db, "state", {"key": key, "value": value}, "key")
