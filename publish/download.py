"""``/archive.db``: the whole database to take away, as one whole file.

Datasette offers no download of a database that may change while it is served, and copying such a file byte by byte would
give a torn one. So a snapshot is made (SQLite online backup), kept, and made again when it is out of date.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from datasette.utils.asgi import AsgiFileDownload

from publish.pages import CACHED

if TYPE_CHECKING:
    from publish.site import PublicSite

KEPT_SECONDS = 600
"""So long a snapshot is given out even if the database has changed: a load may run while many people download."""


@dataclass(slots=True)
class Snapshots:
    """The newest snapshot of one database, in a folder that goes with the process."""

    database: Path
    folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="gongkai-")
    )
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    state: tuple[float, ...] = ()
    made_at: float = 0.0

    async def newest(self) -> Path:
        """A whole copy of the database, at most ``KEPT_SECONDS`` behind it."""
        async with self.lock:
            state = _state(self.database)
            target = Path(self.folder.name) / "archive.db"
            if not self.state or (state != self.state and time.monotonic() - self.made_at > KEPT_SECONDS):
                await asyncio.to_thread(_copy, self.database, target)
                self.state, self.made_at = state, time.monotonic()
            return target


async def database(datasette: PublicSite) -> AsgiFileDownload:
    """The database as a download."""
    path = await datasette.snapshots.newest()
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
