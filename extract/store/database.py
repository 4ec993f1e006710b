"""archive.db opened by its only writer: locked, migrated, foreign keys on, write-ahead log."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING

from sqlite_utils import Database

from extract.store.errors import DatabaseLockedError, DatabaseMissingError, DatabaseNewerError
from extract.store.migrations import STEPS, migrations
from extract.store.views import create_views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def open_for_writing(path: Path) -> Iterator[Database]:
    """The database, made and migrated if need be, with this process as its only writer until the end of the block.

    Raises:
        DatabaseLockedError: another process writes it.
        DatabaseNewerError: a newer version of this program made it.
    """
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseLockedError(f"{path}: another process is writing it; wait for it to end") from None
        db = Database(path)
        try:
            _prepare(db, path)
            yield db
        finally:
            db.close()
    finally:
        os.close(lock)


def open_for_reading(path: Path) -> Database:
    """The database, read only.

    Raises:
        DatabaseMissingError: there is none; the message says how to make it.
    """
    if not path.exists():
        raise DatabaseMissingError(f"there is no database at {path}; make it with: gongkai extract")
    db = Database(path)
    db.execute("pragma query_only = on")
    return db


def _prepare(db: Database, path: Path) -> None:
    db.enable_wal()
    db.execute("pragma foreign_keys = on")
    if {migration.name for migration in migrations.applied(db)} - {step.__name__ for step in STEPS}:
        raise DatabaseNewerError(
            f"{path} was made by a newer version of gongkai; update, or rebuild it: gongkai rebuild"
        )
    migrations.apply(db)
    create_views(db)
