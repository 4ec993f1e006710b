"""archive.db -> how many cells of each stratum every report has, and the cells that were drawn.

The whole is what is published: the cells of each report's current reading, as it was read. Forty million cells are
counted, never listed: only the reports that were drawn give their cells.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publish.accuracy.draw import BANDS, NO_NUMBER, NUMBER, Stratum, band_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Row = dict[str, Any]

RECOGNISED = "read by text recognition"
"""What the warnings of a document say whose page was read off a picture."""
_FORMATS = {
    "text/html": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain": "text",
    "multipart/related": "mhtml",
    "application/xml": "xhtml",
    "application/x-ole-storage": "doc",
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/ofd": "ofd",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_CURRENT = "reading_id in (select current_reading_id from reports)"
# Of printed rows only the lengths of their texts are looked at: a number is bare, a blank or a mark stands in quotes,
# null is a cell that odd_cells tells of; a row without text has as many absent cells as keys (extract.store.evidence).
_PACKED = f"""
    select reading_id, confidence, total(cells - nulls - strings), total(strings) from (
      select p.reading_id, p.confidence, json_array_length(p.printed) as cells,
        (length(p.printed) - length(replace(p.printed, 'null', ''))) / 4 as nulls,
        (length(p.printed) - length(replace(p.printed, '"', ''))) / 2 as strings
      from printed_rows p where p.printed is not null and p.{_CURRENT})
    group by reading_id, confidence
    union all
    select reading_id, confidence, 0, count(*) from printed_rows join cell_keys using (row_id)
    where printed is null and {_CURRENT} group by reading_id, confidence
    union all
    select reading_id, confidence, total(state = 'number'), total(state <> 'number') from odd_cells
    where {_CURRENT} group by reading_id, confidence"""  # noqa: S608  # a constant
_PLAIN = f"""
    select reading_id, confidence, total(state = 'number'), total(state <> 'number') from cells
    where {_CURRENT} group by reading_id, confidence"""  # noqa: S608  # a constant
_REPORTS = """
    select r.id, r.report_key, g.id as reading_id, g.sha256, g.member, g.reader, g.warnings, d.media_type
    from reports r join readings g on g.id = r.current_reading_id
      left join documents d on d.sha256 = g.sha256 and d.member = g.member
    order by r.report_key"""
_REPORT = """
    select r.report_key, r.issuer_printed, r.year, g.id as reading_id, g.form, g.sha256, g.member, g.reader,
      (select url from report_documents where report_id = r.id and reading_id = g.id
        order by last_seen desc, url limit 1) as url
    from reports r join readings g on g.id = r.current_reading_id where r.id = ?"""


CHANGED = "the database changed while it was read; draw again when gongkai extract is done"


class PopulationError(Exception):
    """The database gives no cells to draw from; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Population:
    """What can be drawn: ``sizes`` of the strata, and for each its reports (ids, in the order of their public keys).

    ``starts``: for each of these how many cells of the stratum stand before its own.

    ``digest`` (SHA-256) holds which documents were read by which reader with how many cells of each stratum, by public
    keys: a rebuild of the same archive has the same one, and the same seed then draws the same cells.
    """

    sizes: Mapping[Stratum, int]
    members: Mapping[Stratum, Sequence[int]]
    starts: Mapping[Stratum, Sequence[int]]
    digest: str

    def at(self, stratum: Stratum, position: int) -> tuple[int, int]:
        """The id of the report that has the stratum's position-th cell, and which of its own that is, from 0."""
        index = bisect.bisect_right(self.starts[stratum], position) - 1
        return self.members[stratum][index], position - self.starts[stratum][index]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, read only, its rows by name.

    Raises:
        PopulationError: there is none, or the file is none of ours.
    """
    if not path.exists():
        raise PopulationError(f"there is no database at {path}; make it with: gongkai extract")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("select count(*) from reports").fetchone()
    except sqlite3.Error as error:
        connection.close()
        message = f"{path} is no database of ours ({error}); make it with: gongkai extract or rebuild"
        raise PopulationError(message) from error
    try:
        yield connection
    finally:
        connection.close()


def format_of(media_type: str | None, warnings: str | None) -> str:
    """The format that a document's cells are sampled under: a PDF whose pages were recognised is a scan.

    >>> format_of("text/html", "[]"), format_of("image/png", "[]"), format_of("application/x-new", None)
    ('html', 'scan', 'other')
    """
    if RECOGNISED in (warnings or "") or (media_type or "").startswith("image/"):
        return "scan"
    return _FORMATS.get(media_type or "", "other")


def count(db: sqlite3.Connection) -> Population:
    """The whole, by strata and reports.

    Raises:
        PopulationError: no report has a cell.
    """
    shares = _shares(db)
    members: dict[Stratum, list[int]] = defaultdict(list)
    cells: dict[Stratum, list[int]] = defaultdict(list)
    digest = hashlib.sha256()
    for row in db.execute(_REPORTS):
        kind = format_of(row["media_type"], row["warnings"])
        for (band, is_number), number in sorted(shares.get(row["reading_id"], {}).items()):
            stratum = Stratum(kind, BANDS[band], NUMBER if is_number else NO_NUMBER)
            members[stratum].append(row["id"])
            cells[stratum].append(number)
            names = (row["report_key"], row["sha256"], row["member"], row["reader"])
            digest.update(json.dumps([*names, kind, band, is_number, number]).encode())
    if not members:
        raise PopulationError("no report in the database has cells to draw from; read some first: gongkai extract")
    starts = {stratum: [0, *itertools.accumulate(numbers)][:-1] for stratum, numbers in cells.items()}
    sizes = {stratum: sum(numbers) for stratum, numbers in cells.items()}
    return Population(sizes, members, starts, digest.hexdigest())


def _shares(db: sqlite3.Connection) -> dict[int, Counter[tuple[int, int]]]:
    """Of each reading: cells by band (an index of ``BANDS``) and by whether they are numbers."""
    is_packed = db.execute("select 1 from sqlite_master where name = 'printed_rows'").fetchone() is not None
    shares: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    for reading_id, confidence, numbers, others in db.execute(_PACKED if is_packed else _PLAIN):
        band = BANDS.index(band_of(confidence))
        for is_number, cells in ((1, int(numbers)), (0, int(others))):
            if cells:
                shares[reading_id][band, is_number] += cells
    return shares


def report_of(db: sqlite3.Connection, report_id: int) -> Row:
    """Who reports, by which document, where it was found, and its current reading.

    Raises:
        PopulationError: it is gone.
    """
    row = db.execute(_REPORT, [report_id]).fetchone()
    if row is None:
        raise PopulationError(CHANGED)
    return dict(row)


def cells_of(db: sqlite3.Connection, reading_id: int) -> list[Row]:
    """Every cell of a reading, by key."""
    return [dict(row) for row in db.execute("select * from cells where reading_id = ? order by key", [reading_id])]


def of_stratum(cells: Iterable[Row], stratum: Stratum) -> list[Row]:
    """The cells of a report that belong to a stratum of its format, in the order in which positions count."""
    return [
        cell
        for cell in cells
        if band_of(cell["confidence"]) == stratum.band and (cell["state"] == "number") == (stratum.state == NUMBER)
    ]


def archive_of(db: sqlite3.Connection) -> tuple[str, str]:
    """The id of the archive that the database was made from, and what it holds (``sample`` for the made-up portal)."""
    known = dict(db.execute("select key, value from state").fetchall())
    return known.get("archive_id") or "", known.get("archive_holds") or ""
