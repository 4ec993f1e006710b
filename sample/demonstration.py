"""What `gongkai demo` does with the sample portal beside serving it: crawl it, and account for what was found."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.address_lock import LOCKS
from crawler.archive import Archive, ArchiveMissingError
from crawler.archive.errors import ArchiveHoldsOtherError
from crawler.archive.stamp import NAME as STAMP
from crawler.run import crawl as crawl_sites
from extract.store.database import is_ours, open_for_reading, remove_database
from extract.store.state import holds_of
from sample.manifest import load, registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.items import Run
    from sample.server import Portal

ADDRESSES = ("127.0.0.0/8",)
SETTINGS = {"DOWNLOAD_DELAY": 0.05, "CONTACT": "demo@lanting.example"}


def crawl(
    portal: Portal, archive_root: Path, *, workers: int, on_progress: Callable[[int, int], None] | None = None
) -> list[Run]:
    """Crawl the five sites into an archive that is stamped as a sample.

    Raises:
        ArchiveHoldsOtherError: there is an archive of real captures.
    """
    return crawl_sites(
        registry(portal.port),
        archive_root=archive_root,
        holds="sample",
        allow_addresses=ADDRESSES,
        workers=workers,
        settings=SETTINGS,
        on_progress=on_progress,
    )


@dataclass(frozen=True)
class Account:
    """What is in archive.db against what the portal holds."""

    expected: int
    found: int
    missing: tuple[str, ...]
    beyond: tuple[str, ...]
    decoys_skipped: int
    decoys_read: int
    not_had: tuple[tuple[str, str], ...]
    not_named: tuple[str, ...]
    cells: int
    cells_stated: int
    wrong_cells: int

    @property
    def complete(self) -> bool:
        """Whether all is found, nothing else is taken, and every page that cannot be had is named as such."""
        return not (self.missing or self.beyond or self.not_named or self.wrong_cells)

    def as_text(self) -> str:
        """Line by line."""
        lines = [f"missing   {name}" for name in self.missing] + [f"beyond    {name}" for name in self.beyond]
        lines += [f"{kind:<10}{url}" for kind, url in self.not_had] + [f"not named {name}" for name in self.not_named]
        lines.append(
            f"cells     {self.cells} of {self.cells_stated} as the portal's manifest states them, {self.wrong_cells} otherwise"
        )
        return "\n".join(lines)

    def closing(self) -> str:
        """The one line that counts."""
        return (
            f"{self.found} of {self.expected} reports found · {len(self.beyond)} decoys taken "
            f"({self.decoys_skipped} skipped by title, {self.decoys_read} told by reading) · "
            + " · ".join(f"{sum(k == kind for k, _ in self.not_had)} {kind}" for kind in ("gone", "blocked", "robots"))
        )


def account(db_path: Path) -> Account:
    """Compare archive.db with the manifest: reports, cells, decoys, and what cannot be had."""
    manifest = load()
    db = open_for_reading(db_path)
    stored = {
        (issuer, year): reading
        for issuer, year, reading in db.execute("select issuer_printed, year, current_reading_id from reports")
    }
    expected = {(report.issuer, report.year): report for report in manifest.reports}
    cells = wrong = 0
    for key in expected.keys() & stored.keys():
        rows = db.execute("select key, value, state from cells where reading_id = ?", [stored[key]])
        read = {name: (value, state) for name, value, state in rows}
        states = expected[key].states
        same = sum(read.get(name) == (value, states.get(name, "number")) for name, value in expected[key].cells.items())
        cells += same
        wrong += len(expected[key].cells) - same
    failures = db.execute("select distinct failure, url from captures where failure is not null").fetchall()
    named = {(kind, url) for kind, url in failures if kind in ("gone", "blocked", "robots")}
    paths = {url.split("/", 3)[-1]: kind for kind, url in named}
    return Account(
        expected=len(expected),
        found=len(expected.keys() & stored.keys()),
        missing=tuple(f"{issuer} {year}" for issuer, year in sorted(expected.keys() - stored.keys())),
        beyond=tuple(f"{issuer} {year}" for issuer, year in sorted(stored.keys() - expected.keys(), key=str)),
        decoys_skipped=_count(
            db.execute("select count(distinct url) from listings where verdict = 'skipped'").fetchone()
        ),
        decoys_read=_count(db.execute("select count(distinct sha256) from readings where kind = 'other'").fetchone()),
        not_had=tuple(sorted(named)),
        not_named=tuple(
            f"{other.what}: {other.title}"
            for other in manifest.unavailable
            if paths.get(other.path.lstrip("/")) != other.what
        ),
        cells=cells,
        cells_stated=sum(len(report.cells) for report in manifest.reports),
        wrong_cells=wrong,
    )


def _count(row: tuple[int]) -> int:
    return row[0]


def remove(archive_root: Path, db: Path) -> str:
    """Remove the sample's archive and database; real captures and what is not of the sample are left alone.

    Raises:
        ArchiveHoldsOtherError: the archive at that place is real, or the database is, or is none of ours.
    """
    try:
        archive = Archive(archive_root)
    except ArchiveMissingError:
        return f"nothing to remove: there is no archive at {archive_root}"
    if archive.holds != "sample":
        raise ArchiveHoldsOtherError(f"the archive at {archive_root} holds real captures and is left alone")
    if db.exists() and (holds_of(db) == "real" or not is_ours(db)):
        raise ArchiveHoldsOtherError(
            f"{db} was not built from the sample and is left alone; name another with: --db FILE"
        )
    remove_database(db)
    for site_id in {site.id for site in registry(port=0)} & {path.name for path in archive_root.iterdir()}:
        shutil.rmtree(archive_root / site_id)
    shutil.rmtree(archive_root / LOCKS, ignore_errors=True)
    for name in ("crawl.log", STAMP):  # the stamp last: killed before, it is a sample's archive still
        (archive_root / name).unlink(missing_ok=True)
    if any(archive_root.iterdir()):
        return f"removed {db} and the sample in {archive_root}, where what is not of the sample stays"
    archive_root.rmdir()
    return f"removed {archive_root} and {db}"
