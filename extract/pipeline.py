"""The only module that joins the steps: bytes -> decode -> interpret -> reconcile -> Reading, and archive -> archive.db."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from extract.decode import DecodeError, decode, media_type
from extract.decode.pdf_second import decode_second
from crawler.sniff import PDF
from extract.forms import CONFIG, load_forms
from extract.interpret import interpret
from extract.reconcile import reconcile
from extract.records import Reading
from extract.second_opinion import compare

if TYPE_CHECKING:
    from pathlib import Path

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
