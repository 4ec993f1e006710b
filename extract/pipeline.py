"""The only module that joins the steps: bytes -> decode -> interpret -> reconcile -> Reading; archive -> archive.db."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from crawler.archive import Archive, RecordError
from crawler.sniff import PDF, ZIP, media_type
from extract.archive_members import ZipError, members
from extract.decode import DecodeError, decode
from extract.decode.pdf_second import decode_second
from extract.decode.picture import INSTALL, can_recognise
from extract.fact_rules import CONFIG as FACT_RULES
from extract.forms import CONFIG, load_forms
from extract.interpret import interpret
from extract.reconcile import compare_years, reconcile
from extract.records import DOUBT, PageBox, Reading
from extract.second_opinion import compare
from extract.store import RebuildError, codebook, load, resolve, state, wanted
from extract.store.database import check_database, open_for_writing, put_in_place, remove_database, writer_lock
from extract.suspicion import suspect
from extract.verify import verify_rows
from extract.workers import Limits, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from concurrent.futures import Executor

    from sqlite_utils import Database

    from crawler.items import Capture
    from extract.forms import Form
    from extract.records import Document, Finding, Kind, Report

Shown = TypeVar("Shown")

log = logging.getLogger(__name__)

__all__ = [
    "ExtractCounts",
    "extract",
    "read",
    "read_file",
    "read_files",
    "read_members",
    "read_path",
    "read_paths",
    "reader_version",
    "rebuild",
    "verify_rows",
    "with_previous",
]

_MOST_FAULTS = 10
_LIMITS = Limits()
_LARGEST = 256 << 20  # bytes; the archive keeps no larger ones


def read(data: bytes, *, name: str = "") -> Reading:
    """One reading of one document; never raises for bad input: what went wrong is in ``error``, in one line.

    ``name`` is what the log calls the document, if one of the steps meets what nobody foresaw. It is read in this very
    process, with nothing to hold what it takes: documents of strangers are read by workers (``read_files``).

    Raises:
        MemoryError: it takes more memory than this process has; whoever runs it ends the process and records that.
    """
    blank = Reading(hashlib.sha256(data).hexdigest(), len(data), media_type(data), reader_version())
    name = name or blank.sha256
    try:
        document = decode(data)
    except DecodeError as error:
        return replace(blank, error=_one_line(str(error)))
    except MemoryError:
        raise
    except Exception as error:  # one document is lost, with its reason, and not the run
        log.exception("decoding %s failed", name)
        return replace(blank, error=_unforeseen(error))
    blank = replace(blank, text=document.text, warnings=document.warnings)
    if not document.text.strip():  # of what nobody can read nobody can say that it is no report
        return replace(blank, error=_no_text())
    try:
        return _interpreted(blank, document, data, name)
    except MemoryError:
        raise
    except Exception as error:  # the same of the steps after it; what was decoded is kept
        log.exception("interpreting %s failed", name)
        return replace(blank, error=_unforeseen(error))


def read_members(data: bytes, *, name: str = "") -> list[Reading]:
    """The readings of a file: one, unless it is a ZIP: then one a document in it, under the digest of the ZIP.

    What is in the ZIP beside documents is named in the first reading's warnings. A ZIP that gives no document gives
    one reading, whose error says what it holds.
    """
    if media_type(data) != ZIP:
        return [read(data, name=name)]
    blank = Reading(hashlib.sha256(data).hexdigest(), len(data), ZIP, reader_version())
    readings: list[Reading] = []
    left: list[str] = []
    try:
        for member in members(data):
            if member.left:
                left.append(f"{member.name}: {member.left}")
                continue
            if member.error:
                reading = replace(blank, size=0, media_type="", error=_one_line(member.error))
            else:
                reading = read(member.data, name=f"{name or blank.sha256} {member.name}")
            readings.append(replace(reading, sha256=blank.sha256, member=member.name))
    except ZipError as error:
        return [replace(blank, error=_one_line(str(error)))]
    if not readings:
        return [replace(blank, error=_one_line(f"a ZIP without a document; it holds {_at_most(left) or 'nothing'}"))]
    if left:
        warnings = (*readings[0].warnings, _one_line(f"left in the ZIP: {_at_most(left)}"))
        readings[0] = replace(readings[0], warnings=warnings)
    return readings


def _no_text() -> str:
    if can_recognise():
        return "there is no text in it, on its pictures neither"
    return f"there is no text in it; if its pages are pictures (scans): {INSTALL} reads them"


def _unforeseen(error: Exception) -> str:
    return _one_line(f"the reader failed on this document ({error!r}); please report it")


def _one_line(message: str) -> str:
    return " ".join(message.split())


def read_file(path: Path) -> Reading:
    """The reading of a local file; a file that cannot be opened gives a reading with the reason as its error."""
    data = _file(path)
    return data if isinstance(data, Reading) else read(data, name=str(path))


def read_path(path: Path) -> list[Reading]:
    """As ``read_file``, and of a ZIP the readings of the documents in it."""
    data = _file(path)
    return [data] if isinstance(data, Reading) else read_members(data, name=str(path))


def _file(path: Path) -> bytes | Reading:
    unopened = Reading("", 0, "", reader_version())
    try:
        if path.exists() and not path.is_file():
            return replace(unopened, error="not a file; name the documents in it, or: gongkai ingest")
        if path.stat().st_size > _LARGEST:
            return replace(unopened, error=f"larger than {_LARGEST >> 20} MB: no annual report")
        return path.read_bytes()
    except OSError as error:
        return replace(unopened, error=f"cannot be opened: {error.strerror or error}")


def read_files(
    paths: Sequence[Path],
    *,
    workers: int = 1,
    limits: Limits = _LIMITS,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Reading]:
    """The readings of local files, in their order; one that breaks ``limits`` has that as its error."""
    readings = []
    count = min(workers, max(len(paths), 1))
    with closing(in_order(read_file, paths, workers=count, lost=_lost_file, limits=limits)) as done:
        for reading in done:
            readings.append(reading)
            if on_progress is not None:
                on_progress(len(readings), len(paths))
    return readings


def _lost_file(path: Path, reason: str) -> Reading:
    log.warning("%s was not read: %s", path, reason)
    return Reading("", 0, "", reader_version(), error=reason)


def with_previous(reading: Reading, previous: Reading) -> Reading:
    """The reading with what is found beside last year's report of the same agency."""
    report, before = reading.report, previous.report
    form = _form(report.form) if report else None
    if report is None or before is None or form is None:
        return reading
    previous_form = _form(before.form) or form
    return replace(reading, findings=reading.findings + compare_years(report, before, form, previous_form))


def read_paths(
    paths: Sequence[Path], show: Callable[[Reading, str], Shown], *, workers: int, limits: Limits = _LIMITS
) -> Generator[list[tuple[Kind, Shown]]]:
    """Of each path, in order: kind of each document's reading, and what ``show`` makes of it and the path.

    Both are done in worker processes; a file that breaks ``limits`` gives a reading with that as its error.
    """
    lost = partial(_lost_path, show)
    return in_order(partial(_shown, show), paths, workers=min(workers, max(len(paths), 1)), lost=lost, limits=limits)


def _shown(show: Callable[[Reading, str], Shown], path: Path) -> list[tuple[Kind, Shown]]:
    return [(reading.kind, show(reading, str(path))) for reading in read_path(path)]


def _lost_path(show: Callable[[Reading, str], Shown], path: Path, reason: str) -> list[tuple[Kind, Shown]]:
    reading = _lost_file(path, reason)
    return [(reading.kind, show(reading, str(path)))]


@cache
def reader_version() -> str:
    """Which reader this is: the package's version, and a digest of the forms and rules it knows and the steps' source.

    A reader that was mended reads everything again, whether or not anyone thought of a new version; so does one that
    can read pictures (``.ocr``) where the one before could not.
    """
    steps = ("archive_members.py", "decode", "interpret", "reconcile", "names.py", "second_opinion.py", "suspicion.py")
    return f"gongkai-{version('gongkai')}+{_digest(*steps)}{'.ocr' if can_recognise() else ''}"


@cache
def _digest(*names: str) -> str:
    """Of the forms, the fact rules and the source of these parts of extract/: eight hexadecimal digits."""
    paths = [path for name in names for path in sorted((Path(__file__).parent / name).rglob("*.py"))]
    paths += [Path(__file__).parent / name for name in names if name.endswith(".py")]
    sources = (path.read_bytes() for path in [*sorted(CONFIG.glob("*.json")), FACT_RULES, *paths])
    return hashlib.sha256(b"".join(sources)).hexdigest()[:8]


def _interpreted(blank: Reading, document: Document, data: bytes, name: str) -> Reading:
    report, findings = _understand(document)
    warnings = blank.warnings
    report = suspect(report, findings, document.recognised)
    if document.media_type == PDF and _has_text(report, document) and _in_doubt(report, findings):
        report, findings, warning = _second_opinion(data, report, findings, name)
        warnings += warning
    return replace(blank, report=report, findings=findings, warnings=warnings)


def _has_text(report: Report, document: Document) -> bool:
    """Whether numbers stand in the file's own text; of what was read off pictures no second reader knows."""
    if not document.recognised:
        return True
    places = [cell.place for cell in report.cells.values() if cell.state == "number"]
    return any(not isinstance(place, PageBox) or place.page not in document.recognised for place in places)


def _understand(document: Document) -> tuple[Report, tuple[Finding, ...]]:
    report = interpret(document, load_forms())
    form = _form(report.form)
    return report, reconcile(report, form, document.text) if form else ()


def _form(form_id: str | None) -> Form | None:
    return next((form for form in load_forms() if form.id == form_id), None)


def _in_doubt(report: Report, findings: tuple[Finding, ...]) -> bool:
    """Whether a sum fails, or what was read is unsure, as a whole or in a cell."""
    if not report.cells:
        return False
    unsure = any(cell.state == "number" and cell.confidence < DOUBT for cell in report.cells.values())
    unread = any(cell.state == "unreadable" for cell in report.cells.values())
    fails = any(finding.verdict == "fail" and finding.severity == "error" for finding in findings)
    return unsure or unread or fails or report.confidence < DOUBT


def _second_opinion(
    data: bytes, report: Report, findings: tuple[Finding, ...], name: str
) -> tuple[Report, tuple[Finding, ...], tuple[str, ...]]:
    """The report and its findings beside what the second reader sees; that this one fails is a warning."""
    try:
        other = interpret(decode_second(data), load_forms())
    except DecodeError as error:
        return report, findings, (_one_line(f"no second opinion: {error}"),)
    except Exception as error:
        log.exception("the second reading of %s failed", name)
        return report, findings, (_one_line(f"no second opinion: {error!r}"),)
    report, findings = compare(report, findings, other)
    return report, findings, ()


@dataclass(frozen=True, slots=True)
class ExtractCounts:
    """What an extraction came to: documents read now, of them reports, others, errors; and those read before."""

    documents: int
    reports: int
    others: int
    errors: int
    unchanged: int
    seconds: float


def extract(
    archive_root: Path,
    db_path: Path,
    *,
    workers: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    limits: Limits = _LIMITS,
) -> ExtractCounts:
    """Load what is new in the archive, read the documents that this reader has not read, and derive the reports.

    Killed at any moment, the next call goes on from there: each document is one transaction, and what is derived is
    derived again.

    Raises:
        ArchiveMissingError, StoreError: there is no archive, or the database cannot be written.
        RecordError: records of a site or documents cannot be read; everything else was done before, and what was read
            of them earlier stands.
    """
    started = time.monotonic()
    archive = Archive(archive_root)
    kinds: list[str] = []
    done = 0
    with open_for_writing(db_path) as db:
        state.claim(db, db_path, archive.holds, archive.id)
        damage = _load_archive(db, archive)
        unread = wanted.unread(db, reader_version())
        work = [capture for _, capture in unread]
        read_one = partial(_read_capture, archive_root)
        count = min(workers, max(len(work), 1))
        with closing(in_order(read_one, work, workers=count, lost=_lost, limits=limits, executor=executor)) as readings:
            for (capture_id, _), of_one in zip(unread, readings, strict=True):
                kinds += _keep_all(db, of_one, capture_id)
                damage += [reading.error for reading in of_one if reading.reader == load.NOT_HAD]
                done += 1
                if on_progress is not None:
                    on_progress(done, len(unread))
        _derive(db)
        documents = _count_documents(db)
    if damage:
        raise RecordError(_at_most(damage))
    return ExtractCounts(
        documents=len(kinds),
        reports=kinds.count("report"),
        others=kinds.count("other"),
        errors=kinds.count("error"),
        unchanged=documents - len(kinds),
        seconds=time.monotonic() - started,
    )


def rebuild(
    archive_root: Path,
    db_path: Path,
    *,
    workers: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    limits: Limits = _LIMITS,
) -> ExtractCounts:
    """Make the database anew beside the old one, hold it against the archive, and put it in the old one's place.

    Raises:
        RebuildError: the archive is damaged, or the new database does not agree with it (it is left beside the old
            one, to be looked at); the old one stays.
        ArchiveMissingError, StoreError: as ``extract``.
    """
    fresh = db_path.with_name(db_path.name + ".new")
    with writer_lock(db_path):
        remove_database(fresh)
        damage = [f"{fault.warc} at {fault.offset}: {fault.message}" for fault in Archive(archive_root).verify()]
        if damage:
            raise RebuildError(f"the archive is damaged, and {db_path} stays: {_at_most(damage)}")
        counts = extract(
            archive_root, fresh, workers=workers, on_progress=on_progress, executor=executor, limits=limits
        )
        faults = [*check_database(fresh), *islice(verify_rows(Archive(archive_root), fresh), _MOST_FAULTS)]
        if faults:
            raise RebuildError(f"{fresh} is not put in place: " + "; ".join(faults))
        if kept := put_in_place(fresh, db_path):
            log.warning("%s was no database of ours; it is kept as %s", db_path, kept)
    return counts


def _at_most(faults: Sequence[str]) -> str:
    more = len(faults) - _MOST_FAULTS
    return "; ".join(faults[:_MOST_FAULTS]) + (f"; and {more} more (gongkai verify lists them)" if more > 0 else "")


def _load_archive(db: Database, archive: Archive) -> list[str]:
    """New records of each site, in stored order; files that have not grown are not looked into.

    A site whose records cannot be read is left for the next time, and why is what comes back.
    """
    done = dict(db.execute("select warc, bytes_loaded from archive_files").fetchall())
    damage = []
    for site_id in archive.site_ids():
        sizes = archive.sizes(site_id)
        if any(size > done.get(warc, 0) for warc, size in sizes.items()):
            try:
                load.load_records(db, site_id, (record for _, record in archive.records(site_id, done)), sizes)
            except RecordError as error:
                damage.append(f"site {site_id}: {error}")
    return damage


def _keep_all(db: Database, readings: Sequence[Reading], capture_id: int) -> list[str]:
    """Store the readings of one original, all or none: it counts as read when there is one. The kinds stored."""
    with db.atomic():
        return [_keep(db, reading, capture_id) for reading in readings]


def _keep(db: Database, reading: Reading, capture_id: int) -> str:
    """Store a reading; one that the database refuses is stored as an error. The kind that was stored."""
    try:
        load.load_reading(db, reading, capture_id)
    except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError) as error:
        log.exception("storing %s %s failed", reading.sha256, reading.member)
        message = _one_line(f"what was read cannot be stored ({error!r}); please report it")
        reading = replace(reading, text="", report=None, findings=(), warnings=(), error=message)
        load.load_reading(db, reading, capture_id)
    return reading.kind


def _count_documents(db: Database) -> int:
    return int(db.execute("select count(*) from documents").fetchone()[0])


def _read_capture(archive_root: Path, capture: Capture) -> list[Reading]:
    """Read a stored document, or those in a stored ZIP; runs in a worker process.

    Bytes that the archive cannot give are no reading of this reader, and are asked for again the next time.
    """
    try:
        data = Archive(archive_root).get(capture)
    except RecordError as error:
        return [_not_had(capture, _one_line(str(error)))]
    if hashlib.sha256(data).hexdigest() != capture.sha256:
        changed = f"{capture.warc}: the record at byte {capture.offset} was changed after it was stored"
        return [_not_had(capture, f"{changed}; run: gongkai verify")]
    return read_members(data, name=capture.url)


def _not_had(capture: Capture, reason: str) -> Reading:
    return Reading(capture.sha256, capture.size, capture.sniffed_type, load.NOT_HAD, error=reason)


def _lost(capture: Capture, reason: str) -> list[Reading]:
    log.warning("%s was not read: %s", capture.url, reason)
    return [Reading(capture.sha256, capture.size, capture.sniffed_type, reader_version(), error=reason)]


def _derive(db: Database) -> None:
    """Reports and codebook, unless nothing they come from has changed since they were derived."""
    numbers = db.execute(
        "select (select max(id) from captures), (select max(id) from listings), (select max(id) from readings)"
    ).fetchone()
    basis = f"{reader_version()} {_digest('store')} {numbers}"
    if state.get(db, "derived_from") == basis:
        return
    codebook.load_forms(db, [form for form in load_forms() if form.tables])
    resolve.resolve(db)
    state.put(db, "derived_from", basis)
