"""What `gongkai demo` does with the sample portal beside serving it: crawl it on two days, account for what was found."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.address_lock import LOCKS
from crawler.archive import Archive, ArchiveMissingError
from crawler.archive.errors import ArchiveHoldsOtherError
from crawler.archive.runs import newest_runs
from crawler.archive.stamp import NAME as STAMP
from crawler.run import crawl as crawl_sites
from extract.store.database import is_ours, open_for_reading, remove_database
from extract.store.state import holds_of
from sample.manifest import FIRST_DAY, NEXT_DAY, load, registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from crawler.items import Run
    from sample.manifest import Manifest, SampleReport
    from sample.server import Portal

ADDRESSES = ("127.0.0.0/8",)
_TO_THE_END = ("ok", "nothing_new")
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


def first_day_is_over(archive_root: Path) -> bool:
    """Whether each site was crawled to its end: what comes then is the portal's next day, killed and begun again or not."""
    return all(
        any(run.verdict in _TO_THE_END for run in newest_runs(archive_root, site.id)) for site in registry(port=0)
    )


@dataclass(frozen=True)
class Account:
    """What is in archive.db against what the portal holds on both days.

    ``cells``: those that are as a document prints them, of all documents, earlier editions and files beside pages
    among them; ``changed``: numbers that were altered after publication and noticed, of ``altered``.
    """

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
    altered: int
    changed: int
    not_altered: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether all is found as it is printed, nothing else is taken, and what cannot be had or changed is named."""
        faults = self.missing or self.beyond or self.not_named or self.not_altered or self.wrong_cells
        return not faults and self.changed == self.altered

    def as_text(self) -> str:
        """Line by line."""
        lines = [f"missing   {name}" for name in self.missing] + [f"beyond    {name}" for name in self.beyond]
        lines += [f"{kind:<10}{url}" for kind, url in self.not_had] + [f"not named {name}" for name in self.not_named]
        lines += [f"no change {name}" for name in self.not_altered]
        lines.append(
            f"cells     {self.cells} of {self.cells_stated} as the portal's manifest states them, {self.wrong_cells} otherwise"
        )
        return "\n".join(lines)

    def closing(self) -> str:
        """The one line that counts."""
        return (
            f"{self.found} of {self.expected} reports found · {len(self.beyond)} decoys taken "
            f"({self.decoys_skipped} skipped by title, {self.decoys_read} told by reading) · "
            f"{self.changed} of {self.altered} altered numbers noticed · "
            + " · ".join(f"{sum(k == kind for k, _ in self.not_had)} {kind}" for kind in ("gone", "blocked", "robots"))
        )


Numbers = dict[str, tuple[float | None, str]]
"""Key of a cell or a statistic -> its value and state."""


def account(db_path: Path) -> Account:
    """Compare archive.db with the manifest: reports, every document's cells, changes, decoys, and what cannot be had."""
    first, following = load(FIRST_DAY), load(NEXT_DAY)
    db = open_for_reading(db_path)
    stored = {
        (issuer, year): (report_id, reading)
        for report_id, issuer, year, reading in db.execute(
            "select id, issuer_printed, year, current_reading_id from reports"
        )
    }
    expected = {report.who: report for report in (*first.reports, *following.reports)}  # the next day's word stands
    cells = wrong = stated = 0
    for key, report in expected.items():
        before = [edition for edition in first.reports if edition.who == key and edition != report]
        others = [edition.as_attached for edition in (report,) if report.attachments] + before
        stated += sum(len(_printed(one)) for one in (report, *others))
        if key in stored:
            same, differing = _compare(db, *stored[key], report, others)
            cells, wrong = cells + same, wrong + differing
    failures = db.execute("select distinct failure, url from captures where failure is not null").fetchall()
    named = {(kind, url) for kind, url in failures if kind in ("gone", "blocked", "robots")}
    paths = {url.split("/", 3)[-1]: kind for kind, url in named}
    not_to_be_had = [(other.path, other.what, other.title) for other in first.unavailable]
    not_to_be_had += [(report.page, "gone", report.title) for report in first.reports if report.who in first.vanished]
    altered = _altered(first, following)
    changes = set(
        db.execute(
            "select issuer_printed, year, key, old_value, new_value from changes join reports r on r.id = report_id"
        )
    )
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
            f"{what}: {title}" for path, what, title in not_to_be_had if paths.get(path.lstrip("/")) != what
        ),
        cells=cells,
        cells_stated=stated,
        wrong_cells=wrong,
        altered=len(altered),
        changed=len(altered & changes),
        not_altered=tuple(f"{issuer} {year}: {key}" for issuer, year, key, *_ in sorted(changes - altered, key=str)),
    )


def _altered(first: Manifest, following: Manifest) -> set[tuple[str, int, str, float | None, float | None]]:
    before, after = ({report.who: report.cells for report in day.reports} for day in (first, following))
    return {(*who, key, before[who][key], after[who][key]) for who, cells in first.altered.items() for key in cells}


def _compare(
    db: Database, report_id: int, reading: int, report: SampleReport, others: Sequence[SampleReport]
) -> tuple[int, int]:
    """How many cells are as printed, and how many are not: of the reading that stands, and of each further document.

    A further document (a file beside the page, an earlier edition) is held against the reading that is most like it.
    """
    wanted = _printed(report)
    wrong = _wrong(wanted, _read(db, reading))
    same = len(wanted) - wrong
    rows = db.execute("select distinct reading_id from report_documents where report_id = ?", [report_id])
    readings = [_read(db, row[0]) for row in rows.fetchall()]
    for other in others:
        wanted = _printed(other)
        differing = min((_wrong(wanted, read) for read in readings), default=len(wanted))
        same, wrong = same + len(wanted) - differing, wrong + differing
    return same, wrong


def _wrong(wanted: Numbers, read: Numbers) -> int:
    return sum(read.get(key) != value for key, value in wanted.items())


def _printed(report: SampleReport) -> Numbers:
    cells: Numbers = {key: (value, report.states.get(key, "number")) for key, value in report.cells.items()}
    return cells | {key: (value, "number") for key, value in report.statistics.items()}


def _read(db: Database, reading: int) -> Numbers:
    cells = db.execute("select key, value, state from cells where reading_id = ?", [reading])
    statistics = db.execute("select key, value, 'number' from reading_statistics where reading_id = ?", [reading])
    return {key: (value, state) for rows in (cells, statistics) for key, value, state in rows}


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
