"""The only module that joins the steps: bytes -> decode -> interpret -> reconcile -> Reading; archive -> archive.db."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive import Archive, RecordError
from crawler.sniff import PDF, media_type
from extract.decode import DecodeError, decode
from extract.decode.pdf_second import decode_second
from extract.decode.picture import INSTALL, can_recognise
from extract.forms import CONFIG, load_forms
from extract.interpret import interpret
from extract.reconcile import reconcile
from extract.records import DOUBT, PageBox, Reading
from extract.second_opinion import compare
from extract.store import RebuildError, codebook, load, resolve, state, wanted
from extract.store.database import check_database, open_for_writing, put_in_place, remove_database, writer_lock
from extract.suspicion import suspect
from extract.verify import verify_rows
from extract.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from sqlite_utils import Database

    from crawler.items import Capture
    from extract.forms import Form
    from extract.records import Document, Finding, Report

log = logging.getLogger(__name__)

__all__ = ["ExtractCounts", "extract", "read", "read_file", "reader_version", "rebuild", "verify_rows"]

_MOST_FAULTS = 10
_LARGEST = 256 << 20  # bytes; the archive keeps no larger ones


def read(data: bytes, *, name: str = "") -> Reading:
    """One reading of one document; never raises for bad input: what went wrong is in ``error``, in one line.

    ``name`` is what the log calls the document, if one of the steps meets what nobody foresaw.
    """
    blank = Reading(hashlib.sha256(data).hexdigest(), len(data), media_type(data), reader_version())
    name = name or blank.sha256
    try:
        document = decode(data)
    except DecodeError as error:
        return replace(blank, error=_one_line(str(error)))
    except Exception as error:  # one document is lost, with its reason, and not the run
        log.exception("decoding %s failed", name)
        return replace(blank, error=_unforeseen(error))
    blank = replace(blank, text=document.text, warnings=document.warnings)
    if not document.text.strip():  # of what nobody can read nobody can say that it is no report
        return replace(blank, error=_no_text())
    try:
        return _interpreted(blank, document, data, name)
    except Exception as error:  # the same of the steps after it; what was decoded is kept
        log.exception("interpreting %s failed", name)
        return replace(blank, error=_unforeseen(error))


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
    try:
        if path.exists() and not path.is_file():
            return Reading(
                "", 0, "", reader_version(), error="not a file; name the documents in it, or: gongkai ingest"
            )
        if path.stat().st_size > _LARGEST:
            return Reading("", 0, "", reader_version(), error=f"larger than {_LARGEST >> 20} MB: no annual report")
        data = path.read_bytes()
    except OSError as error:
        return Reading("", 0, "", reader_version(), error=f"cannot be opened: {error.strerror or error}")
    return read(data, name=str(path))


@cache
def reader_version() -> str:
    """Which reader this is: the package's version, and a digest of the forms it knows and of the steps' own source.

    A reader that was mended reads everything again, whether or not anyone thought of a new version; so does one that
    can read pictures (``.ocr``) where the one before could not.
    """
    digest = _digest("decode", "interpret", "reconcile", "second_opinion.py", "suspicion.py")
    return f"gongkai-{version('gongkai')}+{digest}{'.ocr' if can_recognise() else ''}"


@cache
def _digest(*names: str) -> str:
    """Of the forms and of the source of these modules and packages of extract/: eight hexadecimal digits."""
    paths = [path for name in names for path in sorted((Path(__file__).parent / name).rglob("*.py"))]
    paths += [Path(__file__).parent / name for name in names if name.endswith(".py")]
    sources = (path.read_bytes() for path in [*sorted(CONFIG.glob("*.json")), *paths])
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
    return report, reconcile(report, form) if form else ()


def _form(form_id: str | None) -> Form | None:
    return next((form for form in load_forms() if form.id == form_id), None)


def _in_doubt(report: Report, findings: tuple[Finding, ...]) -> bool:
    """Whether a sum fails, or what was read is unsure, as a whole or in a cell."""
    if not report.cells:
        return False
    unsure = any(cell.state == "number" and cell.confidence < DOUBT for cell in report.cells.values())
    unread = any(cell.state == "unreadable" for cell in report.cells.values())
    fails = any(finding.verdict == "fail" for finding in findings)
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
    with open_for_writing(db_path) as db:
        state.claim(db, db_path, archive.holds, archive.id)
        damage = _load_archive(db, archive)
        unread = wanted.unread(db, reader_version())
        work = [capture for _, capture in unread]
        read_one = partial(_read_capture, archive_root)
        readings = in_order(read_one, work, workers=min(workers, max(len(work), 1)), lost=_lost, executor=executor)
        for (capture_id, _), reading in zip(unread, readings, strict=True):
            kinds.append(_keep(db, reading, capture_id))
            damage += [reading.error] if reading.reader == load.NOT_HAD else []
            if on_progress is not None:
                on_progress(len(kinds), len(unread))
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
        counts = extract(archive_root, fresh, workers=workers, on_progress=on_progress, executor=executor)
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


def _keep(db: Database, reading: Reading, capture_id: int) -> str:
    """Store a reading; one that the database refuses is stored as an error. The kind that was stored."""
    try:
        load.load_reading(db, reading, capture_id)
    except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError) as error:
        log.exception("storing %s failed", reading.sha256)
        message = _one_line(f"what was read cannot be stored ({error!r}); please report it")
        reading = Reading(reading.sha256, reading.size, reading.media_type, reading.reader, error=message)
        load.load_reading(db, reading, capture_id)
    return reading.kind


def _count_documents(db: Database) -> int:
    return int(db.execute("select count(*) from documents").fetchone()[0])


def _read_capture(archive_root: Path, capture: Capture) -> Reading:
    """Read a stored document; runs in a worker process.

    Bytes that the archive cannot give are no reading of this reader, and are asked for again the next time.
    """
    try:
        data = Archive(archive_root).get(capture)
    except RecordError as error:
        return replace(_lost(capture), reader=load.NOT_HAD, error=_one_line(str(error)))
    if hashlib.sha256(data).hexdigest() != capture.sha256:
        message = f"{capture.warc}: the record at byte {capture.offset} was changed after it was stored; "
        return replace(_lost(capture), reader=load.NOT_HAD, error=message + "run: gongkai verify")
    return read(data, name=capture.url)


def _lost(capture: Capture) -> Reading:
    message = "the reader's process died on this document; please report it"
    return Reading(capture.sha256, capture.size, capture.sniffed_type, reader_version(), error=message)


def _derive(db: Database) -> None:
    """Reports and codebook, unless nothing they come from has changed since they were derived."""
    numbers = db.execute(
        "select (select max(id) from captures), (select max(id) from listings), (select max(id) from readings)"
    ).fetchone()
    basis = f"{reader_version()} {_digest('store')} {numbers}"
    if state.get(db, "derived_from") == basis:
        return
    codebook.load_forms(db, [form for form in load_forms() if form.readable])
    resolve.resolve(db)
    state.put(db, "derived_from", basis)
