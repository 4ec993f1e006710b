"""archive.db opened by its only writer: locked, migrated, foreign keys on, write-ahead log."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from itertools import count
from typing import TYPE_CHECKING

from sqlite_utils import Database

from extract.store.errors import DatabaseLockedError, DatabaseMissingError, DatabaseNewerError, DatabaseUnusableError
from extract.store.migrations import STEPS, migrations
from extract.store.views import create_views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CACHE_KIB = 96 * 1024
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


def ensure_place(path: Path) -> None:
    """Whether a database can be written at ``path``, before the work that leads to it.

    Raises:
        DatabaseLockedError, DatabaseUnusableError: it cannot.
    """
    with writer_lock(path):
        pass


@contextlib.contextmanager
def open_for_writing(path: Path) -> Iterator[Database]:
    """The database, made and migrated if need be, with this process as its only writer until the end of the block.

    Raises:
        DatabaseLockedError: another process writes it.
        DatabaseNewerError: a newer version of this program made it.
        DatabaseUnusableError: it cannot be written, or the file is no database, or one of somebody else.
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
    return DatabaseUnusableError(
        f"{path}: cannot be used as a database ({why}); name another with --db, or make it anew, which keeps this file "
        "beside it: gongkai rebuild"
    )


def _prepare(db: Database, path: Path) -> None:
    try:
        applied = {migration.name for migration in migrations.applied(db)}
        if not applied and set(db.table_names()) - {migrations.migrations_table}:
            raise _unusable(path, "it holds tables, and none of ours")
        db.enable_wal()
        db.execute("pragma foreign_keys = on")
        # Digests come in no order: what looks them up reads the same pages of the indexes over and over.
        db.execute(f"pragma cache_size = -{_CACHE_KIB}")
        # Power that fails may cost the last documents, which are then read again; the file stays whole.
        db.execute("pragma synchronous = normal")
    except sqlite3.DatabaseError as error:
        raise _unusable(path, str(error)) from error
    if applied - {step.__name__ for step in STEPS}:
        message = f"{path} was made by another version of gongkai; make it anew: gongkai rebuild"
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


def put_in_place(fresh: Path, path: Path) -> Path | None:
    """Replace the database at ``path``, whose lock the caller holds, by a fresh one, at once and whole.

    Those who read the old one keep it until they open it again. What stood there and is no database of ours (a file
    that was named by mistake, a database too damaged to tell) is moved beside it, and its new place comes back.
    """
    with contextlib.closing(sqlite3.connect(fresh)) as connection:
        connection.execute("pragma journal_mode = delete")
    kept = None if not path.exists() or is_ours(path) else _set_aside(path)
    if kept is None and path.exists():
        _empty_log(path)
    for ending in _LOGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.replace(path)
    remove_database(fresh)
    return kept


def is_ours(path: Path) -> bool:
    """Whether the file at ``path`` may be replaced or removed: a database of this program, or an empty file."""
    try:
        open_for_reading(path).close()
    except DatabaseUnusableError:
        return not path.stat().st_size
    return True


def _set_aside(path: Path) -> Path:
    """Move a file, and the logs that SQLite keeps beside it, to a name that nothing has yet."""
    names = (path.with_name(f"{path.name}.kept-{number}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    for ending in (*_LOGS, ""):  # the file last: after a death in between, the next call still finds it to move
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _empty_log(path: Path) -> None:
    """Write an old database's log into it, so that a death before the replacement leaves it whole."""
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")  # what is damaged is replaced all the same


def remove_database(path: Path) -> None:
    """Remove a database with its log and lock, as far as they are there."""
    for ending in ("", *_LOGS, ".lock"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
