"""The only module that joins the steps: bytes -> decode -> interpret -> reconcile -> Reading; archive -> archive.db."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from crawler.archive import Archive, RecordError
from crawler.items import Capture
from crawler.sniff import PDF, media_type
from extract.decode import DecodeError, decode
from extract.decode.pdf_second import decode_second
from extract.forms import CONFIG, load_forms
from extract.interpret import interpret
from extract.reconcile import reconcile
from extract.records import Reading
from extract.second_opinion import compare
from extract.store import load, resolve, wanted
from extract.store.database import open_for_reading, open_for_writing
from extract.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from sqlite_utils import Database

    from extract.forms import Form
    from extract.records import Document, Finding, Report

log = logging.getLogger(__name__)

_DOUBT = 0.8


def read(data: bytes) -> Reading:
    """One reading of one document; never raises for bad input: what went wrong is in ``error``, in one line."""
    blank = Reading(hashlib.sha256(data).hexdigest(), len(data), media_type(data), reader_version())
    try:
        document = decode(data)
    except DecodeError as error:
        return replace(blank, error=str(error))
    except Exception as error:  # a decoder met what nobody foresaw: one document is lost, with its reason, not the run
        log.exception("decoding %s failed", blank.sha256)
        return replace(blank, error=f"the reader failed on this document ({error!r}); please report it")
    return _interpreted(blank, document, data)


def read_file(path: Path) -> Reading:
    """The reading of a local file; a file that cannot be opened gives a reading with the reason as its error."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Reading("", 0, "", reader_version(), error=f"cannot be opened: {error.strerror or error}")
    return read(data)


@cache
def reader_version() -> str:
    """Which reader this is: the package's version and a digest of the forms it knows."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(CONFIG.glob("*.json"))))
    return f"gongkai-{version('gongkai')}+{digest.hexdigest()[:8]}"


def _interpreted(blank: Reading, document: Document, data: bytes) -> Reading:
    report, findings = _understand(document)
    if document.media_type == PDF and _in_doubt(report, findings):
        report, findings, warning = _second_opinion(data, report, findings)
        document = replace(document, warnings=(*document.warnings, *warning))
    return replace(blank, text=document.text, report=report, findings=findings, warnings=document.warnings)


def _understand(document: Document) -> tuple[Report, tuple[Finding, ...]]:
    report = interpret(document, load_forms())
    form = _form(report.form)
    return report, reconcile(report, form) if form else ()


def _form(form_id: str | None) -> Form | None:
    return next((form for form in load_forms() if form.id == form_id), None)


def _in_doubt(report: Report, findings: tuple[Finding, ...]) -> bool:
    unsure = any(cell.state == "number" and cell.confidence < _DOUBT for cell in report.cells.values())
    unread = any(cell.state == "unreadable" for cell in report.cells.values())
    return unsure or unread or any(finding.verdict == "fail" for finding in findings)


def _second_opinion(
    data: bytes, report: Report, findings: tuple[Finding, ...]
) -> tuple[Report, tuple[Finding, ...], tuple[str, ...]]:
    try:
        other = interpret(decode_second(data), load_forms())
    except DecodeError as error:
        return report, findings, (f"no second opinion: {error}",)
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
    """
    started = time.monotonic()
    archive = Archive(archive_root)
    kinds: list[str] = []
    with open_for_writing(db_path) as db:
        _load_archive(db, archive)
        unread = wanted.unread(db, reader_version())
        work = [capture for _, capture in unread]
        read_one = partial(_read_capture, archive_root)
        readings = in_order(read_one, work, workers=min(workers, max(len(work), 1)), lost=_lost, executor=executor)
        for (capture_id, _), reading in zip(unread, readings, strict=True):
            load.load_reading(db, reading, capture_id)
            kinds.append(reading.kind)
            if on_progress is not None:
                on_progress(len(kinds), len(unread))
        _derive(db)
        before = _count_documents(db) - len(kinds)
    return ExtractCounts(
        documents=len(kinds),
        reports=kinds.count("report"),
        others=kinds.count("other"),
        errors=kinds.count("error"),
        unchanged=max(before, 0),
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
    """Make the database anew beside the old one and put it in its place when it is whole."""
    fresh = db_path.with_name(db_path.name + ".new")
    for path in _files_of(fresh):
        path.unlink(missing_ok=True)
    counts = extract(archive_root, fresh, workers=workers, on_progress=on_progress, executor=executor)
    with open_for_writing(fresh) as db:
        db.disable_wal()
    with open_for_writing(db_path):  # nobody else writes the old one while it is replaced
        for path in _files_of(db_path)[1:3]:
            path.unlink(missing_ok=True)
        fresh.replace(db_path)
    for path in _files_of(fresh):
        path.unlink(missing_ok=True)
    return counts


def _files_of(db_path: Path) -> list[Path]:
    return [db_path.with_name(db_path.name + ending) for ending in ("", "-wal", "-shm", ".lock")]


def _load_archive(db: Database, archive: Archive) -> None:
    """New records of each site, in stored order; files that have not grown are not looked into."""
    done = dict(db.execute("select warc, bytes_loaded from archive_files").fetchall())
    for site_id in archive.site_ids():
        sizes = archive.sizes(site_id)
        if any(size > done.get(warc, 0) for warc, size in sizes.items()):
            records = (record for _, record in archive.records(site_id, done))
            load.load_records(db, site_id, records, sizes)


def _count_documents(db: Database) -> int:
    return int(db.execute("select count(*) from documents").fetchone()[0])


def _read_capture(archive_root: Path, capture: Capture) -> Reading:
    """Read a stored document; runs in a worker process."""
    try:
        data = Archive(archive_root).get(capture)
    except RecordError as error:
        return replace(_lost(capture), error=str(error))
    return read(data)


def _lost(capture: Capture) -> Reading:
    message = "the reader's process died on this document; please report it"
    return Reading(capture.sha256, capture.size, capture.sniffed_type, reader_version(), error=message)


def _derive(db: Database) -> None:
    """Reports and codebook, unless nothing they come from has changed since they were derived."""
    numbers = db.execute(
        "select (select max(id) from captures), (select max(id) from listings), (select max(id) from readings)"
    ).fetchone()
    basis = f"{reader_version()} {numbers}"
    known = db.execute("select value from state where key = 'derived_from'").fetchone()
    if known and known[0] == basis:
        return
    load.load_forms(db, [form for form in load_forms() if form.readable])
    resolve.resolve(db)
    with db.atomic():
        db.execute(
            "insert into state values ('derived_from', ?) on conflict (key) do update set value = excluded.value",
            [basis],
        )


def verify_rows(archive: Archive, db_path: Path) -> Iterator[str]:
    """What of the database does not agree with the archive: rows without record, records without row, other bytes."""
    db = open_for_reading(db_path)
    rows = set(db.execute("select site_id, url, fetched_at, sha256, record_id from captures where failure is null"))
    for site_id in archive.site_ids():
        loaded = dict(
            db.execute("select warc, bytes_loaded from archive_files where site_id = ?", [site_id]).fetchall()
        )
        for (warc, offset), record in archive.records(site_id):
            if offset >= loaded.get(warc, 0) or not isinstance(record, Capture):
                continue
            row = (site_id, record.url, record.fetched_at, record.sha256, record.record_id)
            if row not in rows:
                yield f"{record.url}: the archive has a capture of {record.fetched_at}, archive.db has no row for it"
            rows.discard(row)
    yield from (
        f"{url}: archive.db has a capture of {fetched_at} that the archive has not" for _, url, fetched_at, *_ in rows
    )
    yield from _verify_documents(archive, db)


def _verify_documents(archive: Archive, db: Database) -> Iterator[str]:
    for sha256, capture_id in db.execute("select sha256, first_capture_id from documents where member = ''").fetchall():
        try:
            data = archive.get(wanted.capture(db, capture_id))
        except RecordError as error:
            yield f"document {sha256}: {error}"
            continue
        if hashlib.sha256(data).hexdigest() != sha256:
            yield f"document {sha256}: the archive's bytes are others"
