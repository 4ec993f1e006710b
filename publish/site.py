"""The running site: Datasette with the archive it may read originals from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.database import Database

from publish.limits import PAGES

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive import Archive

Row = dict[str, Any]


class PublicSite(Datasette):  # type: ignore[misc]  # Datasette has no types
    """Datasette over archive.db, at ``/archive``, and our pages, which also read the archive.

    The archive is an attribute, not a plugin setting: settings are shown at /-/metadata, and a path is nobody's business.
    """

    def __init__(self, db: Path, archive: Archive, **options: Any) -> None:
        super().__init__([], **options)
        self.archive = archive
        self.is_sample = archive.holds == "sample"
        self.add_database(Database(self, path=str(db), is_mutable=True), name="archive")
        # Our pages' own connections: whole texts may be longer than what a query from outside may return.
        self._pages = Database(self, path=str(db), is_mutable=True)
        self._pages.name = PAGES

    async def rows(self, sql: str, parameters: Any = None) -> list[Row]:
        """The rows of a query of ours, as dicts."""
        results = await self._pages.execute(sql, parameters)
        return [dict(row) for row in results.rows]

    async def row(self, sql: str, parameters: Any = None) -> Row | None:
        """The first row, or None."""
        return next(iter(await self.rows(sql, parameters)), None)
