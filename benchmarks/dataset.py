"""archive.db at the size of a country: loading, deriving, adding a little, exporting. ``python -m benchmarks.dataset``.

Reports are made by ``benchmarks.synthetic``. Beside the loader, in the same run, stands a bare ``executemany`` of the
very rows it wrote, into an empty database of the same schema. Times are CPU seconds of this one process (system calls
with it), so that other programs on the machine do not count.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from benchmarks.synthetic import PER_SITE, Country, counties, write_divisions
from extract.store.basis import read_basis
from extract.store.database import open_for_writing
from extract.store.derive import derive
from extract.store.load import load_records
from extract.store.readings import ReadingWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from benchmarks.synthetic import County

_NUMBERS = (
    "readings", "reading_disclosure", "reading_requests", "reading_disputes", "reading_statistics", "cell_keys",
    "printed_rows", "odd_cells", "reading_facts", "reading_findings", "reports", "report_documents", "report_leads",
    "leads", "agency_evidence", "changes", "comparisons", "comparison_failures", "report_prints", "rollups", "expected",
    "agencies", "agency_names", "agency_links", "regions", "region_codes",
)  # fmt: skip
"""Numbers and evidence, and what is derived from them; apart stand texts, the index, and the crawl's own log."""
_TEXT = ("documents", "sections")
_INDEX = "reports_fts"
_HUNG_ON = ("sites", "captures", "cell_keys")
"""What the rows of a reading hang on, or are named by; they are there before it."""
_CHILDREN = (
    "reading_disclosure", "reading_requests", "reading_disputes", "reading_statistics", "printed_rows", "odd_cells",
    "sections", "reading_facts", "reading_findings",
)  # fmt: skip
_OF_READINGS = {
    "documents": "select d.* from readings r join documents d on d.sha256 = r.sha256 and d.member = r.member "
    "where r.id between ? and ?",
    "readings": "select * from readings where id between ? and ?",
    **{table: f"select * from {table} where reading_id between ? and ?" for table in _CHILDREN},  # noqa: S608  # ours
}
"""What loading a reading writes, each row after what it hangs on; of the readings from one number to another."""
RATE, BYTES, LITTLE, MEMORY, GROWTH = 0.5, 6_000, 0.02, 1_000_000_000, 1.3


@dataclass
class Cost:
    """Seconds of each part, and bytes of each kind, for a number of reports."""

    reports: int
    records: float = 0.0
    readings: float = 0.0
    bare: float = 0.0
    derive: float = 0.0
    more: float = 0.0
    export: float = 0.0
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def full(self) -> float:
        """All of it, from records to what is derived."""
        return self.records + self.readings + self.derive


def measure(reports: int, more: int, folder: Path, *, with_export: bool) -> Cost:
    """Load so many reports, derive, add some more."""
    cost = Cost(reports)
    country = Country()
    write_divisions(folder, counties((reports + more) // PER_SITE + 2))
    basis = read_basis(folder, "benchmark")
    path = folder / f"{reports}.db"
    sites = counties(-(-(reports + more) // PER_SITE) + 1)
    with open_for_writing(path) as db:
        cost.records, cost.readings = _load(db, country, list(islice(sites, reports // PER_SITE)))
        with _timed() as took:
            derive(db, basis)
        cost.derive = took.seconds
        db.execute("pragma wal_checkpoint(truncate)")
        cost.sizes = _sizes(db)
        cost.bare = _bare(db, folder / "bare.db")
        loading = sum(_load(db, country, list(islice(sites, more // PER_SITE))))
        with _timed() as took:
            derive(db, basis)
        cost.more = loading + took.seconds
    if with_export:
        cost.export = _export(path, folder / "export")
    return cost


def _load(db: Database, country: Country, of: Sequence[County]) -> tuple[float, float]:
    """Seconds for the crawl's records and for the readings; making them is not counted.

    All records go first, as the pipeline loads them: what they leave to be written back is theirs to pay for.
    """
    of_records = of_readings = 0.0
    firsts = []
    for county in of:
        batch = country.batch(county)
        with _timed() as took:
            load_records(db, county.site.id, batch.records, {f"{county.site.id}/2026.warc.gz": 1})
        of_records += took.seconds
        firsts.append(db.execute("select max(id) from captures").fetchone()[0] - len(batch.readings))
    db.execute("pragma wal_checkpoint(truncate)")
    writer = ReadingWriter(db)
    for county, first in zip(of, firsts, strict=True):
        batch = country.batch(county)
        with _timed() as took:
            writer.write([[(reading, first + number)] for number, reading in enumerate(batch.readings, 1)])
        of_readings += took.seconds
    return of_records, of_readings


def _bare(db: Database, path: Path) -> float:
    """Seconds of executemany alone, for the rows of the readings, as many at once as the loader wrote."""
    seconds = 0.0
    (last,) = db.execute("select max(id) from readings").fetchone()
    with open_for_writing(path) as empty:
        for table in _HUNG_ON:  # not counted
            _insert(empty, table, *_fetched(db, f"select * from {table}"))  # noqa: S608  # our names
        for start in range(1, last + 1, PER_SITE):
            chunk = [start, start + PER_SITE - 1]
            rows = [(table, *_fetched(db, sql, chunk)) for table, sql in _OF_READINGS.items()]
            with _timed() as took, empty.conn:
                for table, columns, of_table in rows:
                    _insert(empty, table, columns, of_table)
            seconds += took.seconds
    path.unlink()
    return seconds


def _fetched(db: Database, sql: str, values: Sequence[int] = ()) -> tuple[int, list[tuple[object, ...]]]:
    """How many columns, and the rows."""
    cursor = db.execute(sql, values)
    return len(cursor.description), cursor.fetchall()


def _insert(db: Database, table: str, columns: int, rows: Sequence[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * columns)
    db.conn.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608  # our names


def _sizes(db: Database) -> dict[str, int]:
    """Bytes on disk by table, its indexes with it."""
    of = dict(db.execute("select name, tbl_name from sqlite_master where rootpage > 0"))
    sizes: dict[str, int] = {}
    for name, size in db.execute("select name, sum(pgsize) from dbstat group by name"):
        table = of.get(name, name)
        sizes[table] = sizes.get(table, 0) + size
    return sizes


def _export(path: Path, folder: Path) -> float:
    from publish.export import export  # noqa: PLC0415  # an extra

    with _timed() as took:
        export(path, folder)
    return took.seconds


class _timed:  # noqa: N801  # used as a word: with _timed() as took
    def __enter__(self) -> Self:
        self._start = time.process_time()
        self.seconds = 0.0
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.process_time() - self._start


def lines(cost: Cost, more: int) -> Iterator[str]:
    """What was measured, for people."""
    n = cost.reports
    numbers = sum(cost.sizes.get(table, 0) for table in _NUMBERS)
    text = sum(cost.sizes.get(table, 0) for table in _TEXT)
    index = sum(size for table, size in cost.sizes.items() if table.startswith(_INDEX))
    rest = sum(cost.sizes.values()) - numbers - text - index
    yield f"{n} reports"
    yield f"  load      records {cost.records:.1f} s, readings {cost.readings:.1f} s ({n / cost.readings:.0f} a second)"
    yield f"  bare      {cost.bare:.1f} s: the loader runs at {cost.bare / cost.readings:.2f} of its rate"
    yield f"  derive    {cost.derive:.1f} s; all {cost.full:.1f} s, {cost.full / n * 1e6:.0f} microseconds a report"
    yield f"  {more} more {cost.more:.2f} s, {cost.more / cost.full:.4f} of the full one"
    apart = f"text {text / n:.0f}, index {index / n:.0f}, the crawl's log {rest / n:.0f}"
    yield f"  size      {numbers / n:.0f} bytes a report; {apart}"
    largest = sorted(cost.sizes.items(), key=lambda item: -item[1])[:16]
    yield "            " + ", ".join(f"{table} {size / n:.0f}" for table, size in largest)
    if cost.export:
        yield f"  export    {cost.export:.1f} s"


def main() -> int:
    """Measure, print, and say with the exit status whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200_000)
    parser.add_argument("--more", type=int, default=1_000)
    parser.add_argument("--small", type=int, default=20_000, help="The smaller size that growth is measured from.")
    parser.add_argument("--export", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        costs = [
            measure(n, options.more, Path(folder), with_export=options.export and n == options.reports)
            for n in dict.fromkeys((options.small, options.reports))
            if n
        ]
    for cost in costs:
        print("\n".join(lines(cost, options.more)), flush=True)
    return _judge(costs)


def _judge(costs: list[Cost]) -> int:
    large, small = costs[-1], costs[0]
    numbers = sum(large.sizes.get(table, 0) for table in _NUMBERS) / large.reports
    growth = (large.full / large.reports) / (small.full / small.reports)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    held = {
        f"loading at {large.bare / large.readings:.2f} of a bare executemany (at least {RATE})": large.bare
        / large.readings
        >= RATE,
        f"{numbers:.0f} bytes a report (at most {BYTES})": numbers <= BYTES,
        f"a little more costs {large.more / large.full:.4f} (at most {LITTLE})": large.more / large.full <= LITTLE,
        f"a report costs {growth:.2f} of one among {small.reports} (at most {GROWTH})": growth <= GROWTH,
        f"memory {memory / 1e6:.0f} MB (at most {MEMORY / 1e6:.0f})": memory <= MEMORY,
    }
    if large.export:
        held[f"exports {large.export:.0f} s, loading {large.full:.0f} s"] = large.export <= large.full
    for what, holds in held.items():
        print(("holds   " if holds else "MISSED  ") + what)
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
