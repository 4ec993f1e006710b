"""``/archive.db``: the whole database to take away, as one whole file.

Datasette offers no download of a database that may change while it is served, and copying such a file byte by byte
would give a torn one. So a snapshot is made (SQLite online backup), kept, and made again when it is out of date.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
import time
import weakref
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from datasette.utils.asgi import AsgiFileDownload

from publish.decided import withheld_digest
from publish.pages import CACHED

if TYPE_CHECKING:
    from publish.site import PublicSite

KEPT_SECONDS = 600
"""So long a snapshot is given out even if the database has changed: a load may run while many people download."""


class Snapshots:
    """The newest snapshot of one database, in a folder that goes with the process."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self._lock = asyncio.Lock()
        self._folder: Path | None = None
        self._state: tuple[float, ...] = ()
        self._made_at = 0.0
        self._withheld = ""

    async def newest(self, withheld: str = "") -> Path:
        """A whole copy of the database, at most ``KEPT_SECONDS`` behind it.

        ``withheld``: the digest of what is withheld; a copy from before that changed is not given out any more.
        """
        async with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="gongkai-"))
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            state, target = _state(self.database), self._folder / "archive.db"
            is_old = time.monotonic() - self._made_at > KEPT_SECONDS
            if not self._state or withheld != self._withheld or (state != self._state and is_old):
                await asyncio.to_thread(_copy, self.database, target)
                self._state, self._made_at, self._withheld = state, time.monotonic(), withheld
            return target


async def database(datasette: PublicSite) -> AsgiFileDownload:
    """The database as a download."""
    path = await datasette.snapshots.newest(await withheld_digest(datasette))
    return AsgiFileDownload(
        str(path), filename="archive.db", content_type="application/vnd.sqlite3", headers={"cache-control": CACHED}
    )


def _state(path: Path) -> tuple[float, ...]:
    """What changes when the database does: time and size of the file and of its write-ahead log."""
    files = (path, path.with_name(path.name + "-wal"))
    return tuple(number for file in files if file.exists() for number in (file.stat().st_mtime, file.stat().st_size))


def _copy(source: Path, target: Path) -> None:
    """A downloader who is still reading the file before keeps it: the new one takes its name, not its place."""
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(fresh)) as copy,
    ):
        read.backup(copy)
        copy.execute("pragma journal_mode = delete")  # a file alone, without a log beside it
    fresh.replace(target)
