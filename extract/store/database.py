"""archive.db opened by its only writer: locked, migrated, foreign keys on, write-ahead log."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from typing import TYPE_CHECKING

from sqlite_utils import Database

from extract.store.errors import DatabaseLockedError, DatabaseMissingError, DatabaseNewerError, DatabaseUnusableError
from extract.store.migrations import STEPS, migrations
from extract.store.views import create_views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOGS = ("-wal", "-shm", "-journal")


@contextlib.contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """This process as the only writer of the database at ``path``, which need not be there, until the block's end.

    The lock is the kernel's, on ``<path>.lock``: it ends with the process, however that ends.

    Raises:
        DatabaseLockedError: another process writes it.
        DatabaseUnusableError: its folder is missing or closed to us.
    """
    try:
        lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise DatabaseUnusableError(f"{path}: cannot be written there ({error.strerror}); name another --db") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseLockedError(f"{path}: another process is writing it; wait for it to end") from None
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def open_for_writing(path: Path) -> Iterator[Database]:
    """The database, made and migrated if need be, with this process as its only writer until the end of the block.

    Raises:
        DatabaseLockedError: another process writes it.
        DatabaseNewerError: a newer version of this program made it.
        DatabaseUnusableError: it cannot be written, or the file is no database.
    """
    with writer_lock(path):
        db = Database(path)
        try:
            _prepare(db, path)
            yield db
        finally:
            db.close()


def open_for_reading(path: Path) -> Database:
    """The database, read only.

    Raises:
        DatabaseMissingError: there is none; the message says how to make it.
        DatabaseUnusableError: the file is no database of this program.
    """
    if not path.exists():
        raise DatabaseMissingError(f"there is no database at {path}; make it with: gongkai extract")
    db = Database(path)
    try:
        db.execute("pragma query_only = on")
        known = bool(migrations.applied(db))
    except sqlite3.DatabaseError as error:
        db.close()
        raise _unusable(path, str(error)) from error
    if not known:
        db.close()
        raise _unusable(path, "it holds none of our tables")
    return db


def _unusable(path: Path, why: str) -> DatabaseUnusableError:
    message = f"{path}: cannot be used as a database ({why}); move it away, or make it anew: gongkai rebuild"
    return DatabaseUnusableError(message)


def _prepare(db: Database, path: Path) -> None:
    try:
        db.enable_wal()
        db.execute("pragma foreign_keys = on")
        # Power that fails may cost the last documents, which are then read again; the file stays whole.
        db.execute("pragma synchronous = normal")
        applied = {migration.name for migration in migrations.applied(db)}
    except sqlite3.DatabaseError as error:
        raise _unusable(path, str(error)) from error
    if applied - {step.__name__ for step in STEPS}:
        message = f"{path} was made by a newer version of gongkai; update, or make it anew: gongkai rebuild"
        raise DatabaseNewerError(message)
    migrations.apply(db)
    create_views(db)


def check_database(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a database: damaged pages, rows that hang on nothing."""
    db = open_for_reading(path)
    try:
        damage = [str(row[0]) for row in db.execute("pragma integrity_check(5)") if row[0] != "ok"]
        return damage + [
            f"{table}: row {row} hangs on no {parent}"
            for table, row, parent, _ in db.execute("pragma foreign_key_check").fetchmany(5)
        ]
    finally:
        db.close()


def put_in_place(fresh: Path, path: Path) -> None:
    """Replace the database at ``path``, whose lock the caller holds, by a fresh one, at once and whole.

    Those who read the old one keep it until they open it again.
    """
    with contextlib.closing(sqlite3.connect(fresh)) as connection:
        connection.execute("pragma journal_mode = delete")
    if path.exists():
        _empty_log(path)
    for ending in _LOGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.replace(path)
    remove_database(fresh)


def _empty_log(path: Path) -> None:
    """Write an old database's log into it, so that a death before the replacement leaves it whole."""
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")  # what is no database is replaced all the same


def remove_database(path: Path) -> None:
    """Remove a database with its log and lock, as far as they are there."""
    for ending in ("", *_LOGS, ".lock"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
