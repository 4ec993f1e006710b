"""The running site: Datasette with the archive it may read originals from."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.database import Database

from publish.download import Snapshots
from publish.limits import PAGES

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive import Archive

Row = dict[str, Any]
KEPT_SECONDS = 300.0


class PublicSite(Datasette):  # type: ignore[misc]  # Datasette has no types
    """Datasette over archive.db, at ``/archive``, and our pages, which also read the archive.

    The archive is an attribute, not a plugin setting: settings are shown at /-/metadata, and paths are not.
    """

    def __init__(self, db: Path, archive: Archive, **options: Any) -> None:
        super().__init__([], **options)
        self.archive = archive
        self.is_sample = archive.holds == "sample"
        self.snapshots = Snapshots(db)
        self.add_database(Database(self, path=str(db), is_mutable=True), name="archive")
        # Our pages' own connections: whole texts may be longer than what a query from outside may return.
        self._pages = Database(self, path=str(db), is_mutable=True)
        self._pages.name = PAGES
        self._kept: dict[str, tuple[float, list[Row]]] = {}
        self._keeping = asyncio.Lock()

    async def rows(self, sql: str, parameters: Any = None) -> list[Row]:
        """The rows of a query of ours, as dicts."""
        results = await self._pages.execute(sql, parameters)
        return [dict(row) for row in results.rows]

    async def row(self, sql: str, parameters: Any = None) -> Row | None:
        """The first row, or None."""
        return next(iter(await self.rows(sql, parameters)), None)

    async def kept(self, sql: str) -> list[Row]:
        """The rows of a count over everything, at most ``KEPT_SECONDS`` old; no time limit, one at a time."""
        async with self._keeping:
            counted_at, rows = self._kept.get(sql, (float("-inf"), []))
            if time.monotonic() - counted_at > KEPT_SECONDS:
                found = await self._pages.execute_fn(lambda connection: connection.execute(sql).fetchall())
                rows = [dict(row) for row in found]
                self._kept[sql] = time.monotonic(), rows
            return rows
