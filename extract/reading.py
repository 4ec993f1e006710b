"""bytes -> decode -> interpret -> reconcile -> Reading: one document, or the documents of a file, in a process or many.

The order of the steps stands here and nowhere else; pipeline.py runs it over an archive.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from crawler.sniff import PDF, ZIP, media_type
from extract.archive_members import ZipError, members
from extract.decode import DecodeError, decode
from extract.decode.pdf_second import decode_second
from extract.decode.picture import INSTALL, can_recognise
from extract.forms import load_forms
from extract.interpret import interpret
from extract.reader import reader_version
from extract.reconcile import compare_years, reconcile
from extract.records import DOUBT, PageBox, Reading
from extract.second_opinion import compare, still_disagreeing
from extract.suspicion import suspect
from extract.workers import Limits, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from extract.forms import Form
    from extract.records import Document, Finding, Kind, Report

Shown = TypeVar("Shown")

log = logging.getLogger(__name__)

_LIMITS = Limits()
_LARGEST = 256 << 20  # bytes; the archive keeps no larger ones
_MOST_NAMED = 10


def read(data: bytes, *, name: str = "") -> Reading:
    """One reading of one document; never raises for bad input: what went wrong is in ``error``, in one line.

    ``name`` is what the log calls the document, if one of the steps meets what nobody foresaw. It is read in this very
    process, with nothing to hold what it takes: documents of strangers are read by workers (``read_files``).

    Raises:
        MemoryError: it takes more memory than this process has; whoever runs it ends the process and records that.
    """
    kind = media_type(data)
    blank = Reading(hashlib.sha256(data).hexdigest(), len(data), kind, reader_version(kind))
    name = name or blank.sha256
    try:
        document = decode(data)
    except DecodeError as error:
        return replace(blank, error=one_line(str(error)))
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
    blank = Reading(hashlib.sha256(data).hexdigest(), len(data), ZIP, reader_version(ZIP))
    readings: list[Reading] = []
    left: list[str] = []
    try:
        for member in members(data):
            if member.left:
                left.append(f"{member.name}: {member.left}")
                continue
            if member.error:
                reading = replace(blank, size=0, media_type="", error=one_line(member.error))
            else:
                reading = read(member.data, name=f"{name or blank.sha256} {member.name}")
            readings.append(replace(reading, sha256=blank.sha256, member=member.name, reader=blank.reader))
    except ZipError as error:
        return [replace(blank, error=one_line(str(error)))]
    if not readings:
        return [replace(blank, error=one_line(f"a ZIP without a document; it holds {at_most(left) or 'nothing'}"))]
    if left:
        warnings = (*readings[0].warnings, one_line(f"left in the ZIP: {at_most(left)}"))
        readings[0] = replace(readings[0], warnings=warnings)
    return readings


def _no_text() -> str:
    if can_recognise():
        return "there is no text in it, on its pictures neither"
    return f"there is no text in it; if its pages are pictures (scans): {INSTALL} reads them"


def _unforeseen(error: Exception) -> str:
    return one_line(f"the reader failed on this document ({error!r}); please report it")


def one_line(message: str) -> str:
    """A message as errors and warnings hold it."""
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
) -> list[list[Reading]]:
    """The readings of each local file, in their order; one that breaks ``limits`` has that as its error."""
    readings = []
    count = min(workers, max(len(paths), 1))
    with closing(in_order(read_path, paths, workers=count, lost=_lost_file, limits=limits)) as done:
        for of_one in done:
            readings.append(of_one)
            if on_progress is not None:
                on_progress(len(readings), len(paths))
    return readings


def _lost_file(path: Path, reason: str) -> list[Reading]:
    log.warning("%s was not read: %s", path, reason)
    return [Reading("", 0, "", reader_version(), error=reason)]


def with_previous(reading: Reading, previous: Reading) -> Reading:
    """The reading with what is found beside last year's report of the same agency."""
    report, before = reading.report, previous.report
    form = _form(report.form) if report else None
    if report is None or before is None or form is None:
        return reading
    previous_form = _form(before.form) or form
    return replace(reading, findings=reading.findings + compare_years(report, before, form, previous_form))


def reconciled(reading: Reading) -> Reading:
    """The reading with its findings computed again, after people corrected cells.

    What a second reader said of a sum that fails as it did stands; that readers disagree on a cell that a person has
    decided does not.
    """
    report = reading.report
    form = form_of(reading)
    if report is None or form is None:
        return reading
    causes = {_sum_of(finding): finding.cause for finding in reading.findings if finding.verdict == "fail"}
    findings = tuple(
        replace(finding, cause=causes[_sum_of(finding)]) if _sum_of(finding) in causes else finding
        for finding in reconcile(report, form, reading.text)
    )
    return replace(reading, findings=findings + still_disagreeing(reading.findings, report))


def form_of(reading: Reading) -> Form | None:
    """The form that a reading was read by."""
    return _form(reading.report.form) if reading.report else None


def _sum_of(finding: Finding) -> tuple[object, ...]:
    return finding.check, finding.subject, finding.keys, finding.left, finding.right


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
    return [(reading.kind, show(reading, str(path))) for reading in _lost_file(path, reason)]


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
        return report, findings, (one_line(f"no second opinion: {error}"),)
    except Exception as error:
        log.exception("the second reading of %s failed", name)
        return report, findings, (one_line(f"no second opinion: {error!r}"),)
    report, findings = compare(report, findings, other)
    return report, findings, ()


def at_most(named: Sequence[str], hint: str = "") -> str:
    """The first ten of them, how many more there are, and with ``hint`` how to see those."""
    more = len(named) - _MOST_NAMED
    return "; ".join(named[:_MOST_NAMED]) + (f"; and {more} more{hint}" if more > 0 else "")
