"""archive -> archive.db: what is new is loaded, read, and derived from; the reading of a document is in reading.py."""

from __future__ import annotations

import hashlib
import logging
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.archive import Archive, RecordError
from extract import deciding
from extract.brought import Piece, Pieces
from extract.decisions import config_dir as config_of
from extract.decisions import is_corrected
from extract.reader import reader_version, source_digest
from extract.reading import at_most, one_line, read_members
from extract.records import Reading
from extract.store import RebuildError, load, state, wanted
from extract.store.basis import read_basis
from extract.store.database import check_database, open_for_writing, put_in_place, remove_database, writer_lock
from extract.store.decided import count_refused
from extract.store.derive import derive, find_leads
from extract.store.readings import NOT_HAD, ReadingWriter
from extract.verify import verify_rows
from extract.workers import Limits, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from sqlite_utils import Database

    from crawler.items import Capture
    from extract.decisions import Decisions

log = logging.getLogger(__name__)

__all__ = ["ExtractCounts", "extract", "rebuild", "verify_rows"]

_DERIVING = ("store", "identity", "across")
_MOST_FAULTS = 10
_AT_ONCE = 32
"""Originals whose readings are written in one transaction: what a death costs at most."""
_ALL = " (gongkai verify lists them)"
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class ExtractCounts:
    """What an extraction came to: documents read now, of them reports, others, errors; and those read before.

    ``derived``: addresses whose reports were derived again, all of them where people decided otherwise about bodies.
    ``refused``: corrections that have no effect, of all that there are.
    ``idle``: what is to be withheld and is not here.
    """

    documents: int
    reports: int
    others: int
    errors: int
    unchanged: int
    derived: int
    refused: int
    idle: tuple[str, ...]
    seconds: float


def extract(
    archive_root: Path,
    db_path: Path,
    *,
    workers: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    limits: Limits = _LIMITS,
    config: Path | None = None,
) -> ExtractCounts:
    """Load what is new in the archive, read the documents that this reader has not read, and derive the reports.

    ``config``: the directory of what people decided; without it, the one that goes with what the archive holds.

    Killed at any moment, the next call goes on from there: a few documents are one transaction, and what is derived is
    derived again.

    Raises:
        ArchiveMissingError, StoreError: there is no archive, the database cannot be written, or the divisions or
            decisions about bodies cannot be used as they are written.
        DecisionError: what people decided cannot be read as it is written; nothing was done.
        RecordError: records of a site or documents cannot be read; everything else was done before, and what was read
            of them earlier stands.
    """
    started = time.monotonic()
    archive = Archive(archive_root)
    folder = config or config_of(archive.holds)
    decided = deciding.load_decisions(folder)
    basis = read_basis(folder, f"{reader_version()} {source_digest(*_DERIVING)}")
    kinds_of: dict[str, list[str]] = {}
    derived = 0
    with open_for_writing(db_path) as db:
        state.claim(db, db_path, archive.holds, archive.id)
        damage = _load_archive(db, archive)
        decisions = deciding.with_known(db, decided)
        while True:
            deciding.look_again(db, decisions)
            unread = wanted.unread(db, reader_version, find_leads(db, basis))
            with closing(
                in_order(
                    partial(_read_capture, archive_root),
                    Pieces(archive, [capture for _, capture in unread]),
                    workers=min(workers, max(len(unread), 1)),
                    lost=_lost,
                    limits=limits,
                    executor=executor,
                )
            ) as readings:
                read = zip(unread, readings, strict=True)
                stored, not_had = _write_all(db, read, decisions, on_progress, len(unread))
            kinds_of |= stored
            damage += not_had
            derived += derive(db, basis)
            if (more := deciding.with_found(db, decisions)) is None:
                break
            decisions = more  # documents of withheld reports, which only reports know: they are looked at again
        if deciding.settle(db, decisions):
            derived += derive(db, basis)
        documents, refused = _count_documents(db), count_refused(db)
        idle = deciding.without_effect(db, decisions)
    if damage:
        raise RecordError(at_most(damage, _ALL))
    kinds = list(chain.from_iterable(kinds_of.values()))
    return ExtractCounts(
        documents=len(kinds),
        reports=kinds.count("report"),
        others=kinds.count("other"),
        errors=kinds.count("error"),
        unchanged=documents - len(kinds),
        derived=derived,
        refused=refused,
        idle=idle,
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
    config: Path | None = None,
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
            raise RebuildError(f"the archive is damaged, and {db_path} stays: {at_most(damage, _ALL)}")
        counts = extract(
            archive_root,
            fresh,
            workers=workers,
            on_progress=on_progress,
            executor=executor,
            limits=limits,
            config=config,
        )
        faults = [*check_database(fresh), *islice(verify_rows(Archive(archive_root), fresh), _MOST_FAULTS)]
        if faults:
            raise RebuildError(f"{fresh} is not put in place: " + "; ".join(faults))
        if kept := put_in_place(fresh, db_path):
            log.warning("%s was no database of ours; it is kept as %s", db_path, kept)
    return counts


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


def _write_all(
    db: Database,
    read: Iterator[tuple[tuple[int, Capture], list[Reading]]],
    decisions: Decisions,
    on_progress: Callable[[int, int], None] | None,
    total: int,
) -> tuple[dict[str, list[str]], list[str]]:
    """Store what was read of each original as it comes: by digest the kinds, and what the archive could not give."""
    writer = ReadingWriter(db)
    kinds_of: dict[str, list[str]] = {}
    not_had: list[str] = []
    done = 0
    while batch := [(capture_id, of_one) for (capture_id, _), of_one in islice(read, _AT_ONCE)]:
        kinds_of |= _write(db, writer, batch, decisions)
        not_had += [reading.error for _, of_one in batch for reading in of_one if reading.reader == NOT_HAD]
        done += len(batch)
        if on_progress is not None:
            on_progress(done, total)
    return kinds_of, not_had


def _write(
    db: Database, writer: ReadingWriter, batch: Sequence[tuple[int, Sequence[Reading]]], decisions: Decisions
) -> dict[str, list[str]]:
    """Store the readings of some originals after what is decided about them; by digest, the kinds that were stored."""
    with db.atomic():
        originals = [
            [(reading, capture_id) for reading in deciding.decide_here(db, of_one, decisions)]
            for capture_id, of_one in batch
        ]
        stored = writer.write(originals)
        deciding.note_corrected(db, originals)
    return {
        of_one[0][0].sha256: [
            kind for (reading, _), kind in zip(of_one, kinds, strict=True) if not is_corrected(reading.reader)
        ]
        for of_one, kinds in zip(originals, stored, strict=True)
    }


def _count_documents(db: Database) -> int:
    return int(db.execute("select count(*) from documents").fetchone()[0])


def _read_capture(archive_root: Path, piece: Piece) -> list[Reading]:
    """Read a stored document, or those in a stored ZIP; runs in a worker process.

    Bytes that the archive cannot give are no reading of this reader, and are asked for again the next time.
    """
    capture, data = piece.capture, piece.data
    if data is None:
        try:
            data = Archive(archive_root).get(capture)
        except RecordError as error:
            data = error
    if isinstance(data, RecordError):
        return [_not_had(capture, one_line(str(data)))]
    if hashlib.sha256(data).hexdigest() != capture.sha256:
        changed = f"{capture.warc}: the record at byte {capture.offset} was changed after it was stored"
        return [_not_had(capture, f"{changed}; run: gongkai verify")]
    return read_members(data, name=capture.url)


def _not_had(capture: Capture, reason: str) -> Reading:
    return Reading(capture.sha256, capture.size, capture.sniffed_type, NOT_HAD, error=reason)


def _lost(piece: Piece, reason: str) -> list[Reading]:
    capture = piece.capture
    log.warning("%s was not read: %s", capture.url, reason)
    kind = capture.sniffed_type
    return [Reading(capture.sha256, capture.size, kind, reader_version(kind), error=reason)]
