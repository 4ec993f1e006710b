"""config/corrections/*.json: what a person reads where a reader read wrongly, and reports with it.

A decision is bound to a document's bytes and a cell, not to a reading: a newer reader that reads something else again
does not undo it. What does not fit is refused with the reason, and the reader's number stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from extract.decisions.errors import DecisionError
from extract.records import Cell, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from extract.forms import Form, FormCell
    from extract.records import Report

Status = Literal["applied", "agrees", "refused"]

_NEEDED = ("report", "document", "cell", "read", "printed", "evidence", "readers", "decided_by", "decided_on")
_FIELDS = {*_NEEDED, "member", "reason", "note", "not_in_text"}
_TEXTS = (
    "report",
    "document",
    "member",
    "cell",
    "evidence",
    "reason",
    "decided_by",
    "decided_on",
    "note",
    "not_in_text",
)
_PRINTED = ("number", "blank", "na_mark", "unreadable")
_REPORT = re.compile(r"r[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MONEY = ("decimal", "money")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a cell says: ``value`` in the form's unit, None unless ``state`` is number; ``raw`` as printed."""

    state: State
    value: int | Decimal | None = None
    raw: str = ""

    def same(self, other: Stated | Cell) -> bool:
        """Whether the other says the same, however it is written."""
        return self.state == other.state and self.value == other.value

    def __str__(self) -> str:
        return str(self.value) if self.state == "number" else self.state


@dataclass(frozen=True, slots=True)
class Correction:
    """A reviewed decision on one cell of one document.

    ``source``: its file. ``read``: what ``reader`` (its version) had read. ``evidence``: where it is printed, in
    words. ``readers``: the people who read it, two of them, or one and the ``reason`` why that is enough.
    ``not_in_text``: why what is printed is not in the document's text, such as a font without characters.
    """

    source: str
    report_key: str
    sha256: str
    member: str
    key: str
    read: Stated
    reader: str
    printed: Stated
    evidence: str
    readers: tuple[str, ...]
    reason: str
    decided_by: str
    decided_on: str
    note: str = ""
    not_in_text: str = ""

    @property
    def id(self) -> str:
        """Its digest: that of another decision is another."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision: applied, agrees (the reader reads it so by now), or refused; and why, in words."""

    correction: Correction
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision is held against beside the report.

    ``reader``: the version that read it. ``text``: the document's, empty where it was recognised from pictures and
    proves nothing. ``today``: the day. ``others``: what other versions read in the same document's cells, by version
    and key, as far as at hand.
    """

    form: Form | None
    reader: str
    text: str
    today: dt.date
    others: Mapping[str, Mapping[str, Stated | Cell]] = field(default_factory=dict)


def load_corrections(folder: Path) -> tuple[Correction, ...]:
    """The decisions in a folder's JSON files, in the order of the file names; none where there is no folder.

    Raises:
        DecisionError: a file is no decision; the message names it and what to do.
    """
    if not folder.is_dir():
        return ()
    return tuple(correction for path in sorted(folder.rglob("*.json")) for correction in _of_file(path, folder))


def apply(
    report: Report, corrections: Sequence[Correction], given: Circumstances
) -> tuple[Report, tuple[Outcome, ...]]:
    """The report with what people decided in its cells, and what became of each decision, in their order.

    The decisions are those of this very document. Findings are to be computed again over what comes back.
    """
    clashes = _clashes(corrections)
    cells = dict(report.cells)
    outcomes = []
    for correction in corrections:
        outcome = _outcome(report, correction, given, clashes.get(correction, ""))
        outcomes.append(outcome)
        if outcome.status == "applied":
            cells[correction.key] = _corrected(report.cells.get(correction.key), correction)
    return replace(report, cells=cells), tuple(outcomes)


def of_report(outcome: Outcome, documents: Mapping[str, Iterable[tuple[str, str]]]) -> Outcome:
    """The outcome once it is known which documents (sha256, member) each report has."""
    correction = outcome.correction
    known = documents.get(correction.report_key)
    if known is None:
        return replace(outcome, status="refused", reason=f"there is no report {correction.report_key}")
    if (correction.sha256, correction.member) not in set(known):
        return replace(outcome, status="refused", reason="the document is not one of the report's")
    return outcome


def _outcome(report: Report, correction: Correction, given: Circumstances, clash: str) -> Outcome:
    if refused := clash or _refusal(report, correction, given):
        return Outcome(correction, "refused", refused)
    cell = report.cells.get(correction.key)
    if cell is not None and correction.printed.same(cell):
        return Outcome(correction, "agrees", "the reader reads what is printed; the decision is no longer needed")
    if cell is not None and not correction.read.same(cell):
        return Outcome(correction, "applied", f"the reader reads {_said(cell)} by now; the decision stands")
    return Outcome(correction, "applied")


def _refusal(report: Report, correction: Correction, given: Circumstances) -> str:
    """Why the decision cannot stand; empty if it can."""
    form, printed = given.form, correction.printed
    if form is None or not report.cells:
        return "the document was not read as a report with tables, so there is no cell to correct"
    known = {cell.key: cell for row in form.rows() for cell in row.cells}
    if correction.key not in known:
        return f"the form of {form.id} has no cell {correction.key}"
    checks = (
        _wrong_day(correction.decided_on, given.today),
        "what is printed is what was read: there is nothing to correct" if printed.same(correction.read) else "",
        _unfit(printed, known[correction.key]),
        _not_printed(correction, given.text),
        _never_read(report, correction, given),
    )
    return next((why for why in checks if why), "")


def _wrong_day(day: str, today: dt.date) -> str:
    if not day:
        return "decided_on is missing"
    try:
        decided = dt.date.fromisoformat(day)
    except ValueError:
        return f"decided_on {day!r} is no date; write it as 2026-01-31"
    return f"decided_on {day} is in the future" if decided > today else ""


def _unfit(printed: Stated, cell: FormCell) -> str:
    value = printed.value
    if value is None:
        return ""
    if cell.kind != "signed" and value < 0:
        return f"{value} is negative, and {cell.key} counts"
    if cell.kind not in _MONEY and value != int(value):
        return f"{value} is a fraction, and {cell.key} counts whole ones"
    plain = _plain(printed.raw)
    if plain is not None and plain != value and cell.kind not in _MONEY:
        return f"printed is {printed.raw!r}, which is not {value}"
    return ""


def _not_printed(correction: Correction, text: str) -> str:
    raw = _squeezed(correction.printed.raw)
    if not raw or not text.strip() or correction.not_in_text:
        return ""
    # A number's white space counts: 1 and 2 in two cells print no 12.
    pattern = re.escape(raw) if raw.isdigit() else r"\s*".join(map(re.escape, raw))
    first, last = r"(?<!\d)" if raw[0].isdigit() else "", r"(?!\d)" if raw[-1].isdigit() else ""
    if re.search(first + pattern + last, unicodedata.normalize("NFKC", text)):
        return ""
    return f"{correction.printed.raw!r} is nowhere in the document's text; if that is garbled, say so in not_in_text"


def _never_read(report: Report, correction: Correction, given: Circumstances) -> str:
    """Held against the very version that is named; of a version whose reading is not at hand nobody can tell."""
    by = report.cells if given.reader == correction.reader else given.others.get(correction.reader)
    if by is None:
        return ""
    cell = by.get(correction.key)
    if cell is not None and correction.read.same(cell):
        return ""
    return f"{correction.reader} did not read {correction.read} there, but {_said(cell)}"


def _said(cell: Stated | Cell | None) -> str:
    return str(Stated(cell.state, cell.value)) if cell else "no such cell"


def _clashes(corrections: Sequence[Correction]) -> dict[Correction, str]:
    """Decisions that cannot both be right: of one cell two numbers, of one document two reports."""
    cells: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        cells[correction.key].append(correction)
    clashes = {}
    for of_cell in cells.values():
        for one in of_cell:
            for other in of_cell:
                if not one.printed.same(other.printed):
                    clashes[one] = f"contradicts the decision in {other.source}"
    for one in corrections:
        for other in corrections:
            if one.report_key != other.report_key:
                clashes[one] = f"names another report for this document than {other.source}"
    return clashes


def _corrected(cell: Cell | None, correction: Correction) -> Cell:
    was = f"{correction.reader} read {correction.read}"
    reason = f"corrected by {correction.decided_by} on {correction.decided_on}: {was}"
    printed = correction.printed
    blank = cell or Cell(correction.key, None, "", "absent", 0.0)
    return replace(blank, value=printed.value, raw=printed.raw, state=printed.state, confidence=1.0, reason=reason)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _plain(raw: str) -> Decimal | None:
    text = _squeezed(raw)
    return Decimal(text.replace(",", "")) if _PLAIN.fullmatch(text) else None


def _of_file(path: Path, folder: Path) -> list[Correction]:
    name = path.relative_to(folder).as_posix()
    where = f"{path}"
    try:
        content = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DecisionError(f"{where}: no JSON in UTF-8 ({error}); compare it with the README beside it") from error
    except OSError as error:
        raise DecisionError(f"{where}: cannot be read ({error.strerror})") from error
    items = content if isinstance(content, list) else [content]
    return [_correction(where, name, item) for item in items]


def _correction(where: str, source: str, item: Any) -> Correction:
    if not isinstance(item, dict):
        raise DecisionError(f"{where}: a decision is a JSON object, or a list of them")
    if missing := [name for name in _NEEDED if name not in item]:
        raise DecisionError(f"{where}: {', '.join(missing)} missing; compare it with the README beside it")
    if unknown := sorted(set(item) - _FIELDS):
        raise DecisionError(f"{where}: {', '.join(unknown)} unknown; the fields are {', '.join(sorted(_FIELDS))}")
    texts = {name: item.get(name, "") for name in _TEXTS}
    if wrong := [name for name, value in texts.items() if not isinstance(value, str)]:
        raise DecisionError(f"{where}: {', '.join(wrong)}: write a text, in quotes")
    if not _REPORT.fullmatch(texts["report"]):
        raise DecisionError(f"{where}: report {texts['report']!r} is no key; it is the end of the address /report/r…")
    if not _SHA256.fullmatch(texts["document"]):
        raise DecisionError(f"{where}: document is no sha256 of 64 digits; it is in the address /document/…")
    for name in ("evidence", "decided_by"):
        if not texts[name].strip():
            raise DecisionError(
                f"{where}: {name} is empty; say {'where it is printed' if name == 'evidence' else 'who'}"
            )
    return Correction(
        source=source,
        report_key=texts["report"],
        sha256=texts["document"],
        member=texts["member"],
        key=texts["cell"],
        read=_stated(where, "read", item["read"]),
        reader=_reader(where, item["read"]),
        printed=_stated(where, "printed", item["printed"]),
        evidence=texts["evidence"],
        readers=_readers(where, item["readers"], texts["reason"]),
        reason=texts["reason"],
        decided_by=texts["decided_by"],
        decided_on=texts["decided_on"],
        note=texts["note"],
        not_in_text=texts["not_in_text"],
    )


def _reader(where: str, read: Any) -> str:
    reader = read.get("reader") if isinstance(read, dict) else None
    if not isinstance(reader, str) or not reader:
        raise DecisionError(f"{where}: read.reader missing: the version that read it, such as gongkai-0.1.0+0d64631d")
    return reader


def _readers(where: str, readers: Any, reason: str) -> tuple[str, ...]:
    is_list = isinstance(readers, list) and all(isinstance(reader, str) and reader.strip() for reader in readers)
    named = tuple(dict.fromkeys(reader.strip() for reader in readers)) if is_list else ()
    if not named or (len(named) < 2 and not reason.strip()):
        raise DecisionError(f"{where}: readers: name two people who read it, or one and the reason why that is enough")
    return named


def _stated(where: str, name: str, said: Any) -> Stated:
    """What was read or is printed: {"value": 12} (and "raw"), or {"state": "blank"}."""
    if not isinstance(said, dict) or set(said) - {"value", "state", "raw", "reader"}:
        raise DecisionError(f'{where}: {name}: write {{"raw": "12", "value": 12}} or {{"state": "blank"}}')
    value, raw = said.get("value"), said.get("raw", "")
    state = said.get("state", "number" if value is not None else "")
    allowed = get_args(State) if name == "read" else _PRINTED
    if state not in allowed or not isinstance(raw, str):
        raise DecisionError(f"{where}: {name}: the state is one of {', '.join(allowed)}; raw is a text")
    if (value is not None) != (state == "number"):
        raise DecisionError(f"{where}: {name}: a value goes with the state number, and with no other")
    if name == "printed" and not raw.strip() and state in ("number", "na_mark"):
        raise DecisionError(f"{where}: printed.raw missing: the characters as they are printed")
    return Stated(cast("State", state), _number(where, name, value), raw)


def _number(where: str, name: str, value: Any) -> int | Decimal | None:
    if value is None:
        return None
    try:
        number = None if isinstance(value, bool) else Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        number = None
    if number is None or not number.is_finite():
        raise DecisionError(f"{where}: {name}.value is no number")
    return int(number) if number == int(number) else number
