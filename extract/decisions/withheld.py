"""config/withheld.csv: what must not be shown, by report, document or passage, and readings without it.

The archive keeps the record and the bytes; what is published says that something is withheld, why, and nothing else.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from extract.decisions.errors import DecisionError
from extract.records import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from extract.records import Cell, Finding, Reading, Statistic

What = Literal["report", "document", "passage"]

BLOCK = "■"
COLUMNS = ("what", "target", "passage", "reason", "decided_by", "decided_on")
_REPORT = re.compile(r"r[0-9a-f]{12}")
_DOCUMENT = re.compile(r"(?P<sha256>[0-9a-f]{64})(?:/(?P<member>.+))?")
_WORDS = re.compile(r"[^\W\d_].")
_LONG_NUMBER = re.compile(r"[\d()+－—-]{7,}")
_NOT_FOUND = "a passage of it is withheld and this reader does not find that passage"


@dataclass(frozen=True, slots=True)
class Withheld:
    """One decision to withhold. ``target``: a report_key, or the sha256 of a document.

    A passage may be withheld of one document or of a report, which covers what its address brings later too: pages
    change by a counter, and then have another digest. ``member``: which document of a ZIP; None means whatever the
    original holds. ``passage``: the exact text, of a passage only. ``report_key``: where the decision is about a
    report, and this is what it means for one of its documents.
    """

    what: What
    target: str
    reason: str
    decided_by: str
    decided_on: str
    passage: str = ""
    member: str | None = None
    report_key: str = ""

    def concerns(self, reading: Reading) -> bool:
        """Whether it is of this document."""
        return self.what != "report" and self.target == reading.sha256 and self.member in (None, reading.member)

    @property
    def is_of_report(self) -> bool:
        """Whether its documents are known only when reports are."""
        return _REPORT.fullmatch(self.target) is not None


def load_withheld(path: Path, *, today: dt.date) -> tuple[Withheld, ...]:
    """The decisions in the order of the file; none where there is no file.

    Raises:
        DecisionError: a line cannot be used; withholding that fails silently would show what must not be shown.
    """
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="")
            rows, named = list(reader), tuple(reader.fieldnames or ())
    except (csv.Error, UnicodeDecodeError) as error:
        raise DecisionError(f"{path}: no CSV in UTF-8 ({error}); save it as UTF-8") from error
    except OSError as error:
        raise DecisionError(f"{path}: cannot be read ({error.strerror})") from error
    if named != COLUMNS:
        raise DecisionError(f"{path}: not the columns {','.join(COLUMNS)}; write them as its first line")
    return tuple(_withheld(f"{path} line {number}", row, today) for number, row in enumerate(rows, start=2))


def withhold(readings: Sequence[Reading], decisions: Iterable[Withheld]) -> tuple[Reading, ...]:
    """The readings of one original without what is withheld of them.

    A withheld document has no text, cells or sections left. A passage is overwritten wherever it stands, at the same
    length, whatever white space is in it; if it stands nowhere, nobody knows what would be shown, and the document is
    withheld as a whole until a person has looked. Of a report's passage only some of its documents need to have it.
    """
    decided = [decision for decision in decisions if any(map(decision.concerns, readings))]
    passages = [decision for decision in decided if decision.what == "passage" and not decision.report_key]
    missed = [one for one in passages if not any(_holds(reading, one) for reading in readings if one.concerns(reading))]
    return tuple(_without(reading, decided, missed) for reading in readings)


def withheld_reading(reading: Reading, reason: str) -> Reading:
    """What is left of the reading of a withheld document: that there is one, and why it is not shown."""
    emptied = replace(reading, text="", findings=(), warnings=(), error="")
    return replace(emptied, report=Report(kind="other", reason=f"withheld: {reason}"))


def without_passages(text: str, digests: Iterable[str], decisions: Iterable[Withheld]) -> str:
    """A text about these originals that stands outside of them, such as the title in a list, without their passages."""
    about = set(digests)
    for decision in decisions:
        if decision.what == "passage" and decision.target in about:
            text = overwrite(text, decision.passage)
    return text


def _without(reading: Reading, decisions: Sequence[Withheld], missed: Sequence[Withheld]) -> Reading:
    for decision in decisions:
        if not decision.concerns(reading):
            continue
        if decision.what == "document":
            return withheld_reading(reading, decision.reason)
        if decision in missed:
            return withheld_reading(reading, f"{decision.reason} ({_NOT_FOUND}; mend its line in withheld.csv)")
        reading = _blocked(reading, decision.passage)
    return reading


def _holds(reading: Reading, decision: Withheld) -> bool:
    return reading.kind == "error" or bool(_pattern(decision.passage).search(reading.text))


def _pattern(passage: str) -> re.Pattern[str]:
    """The passage with any white space, or none, between its characters: sections and tables break lines otherwise."""
    return re.compile(r"\s*".join(map(re.escape, "".join(passage.split()))))


def overwrite(text: str, passage: str) -> str:
    """The text with the passage overwritten at the same length, its white space kept.

    >>> overwrite("村民王 小明申请公开", "王小明")
    '村民■ ■■申请公开'
    """
    return _pattern(passage).sub(lambda match: re.sub(r"\S", BLOCK, match[0]), text)


def _blocked(reading: Reading, passage: str) -> Reading:
    def out(text: str) -> str:
        return overwrite(text, passage)

    report = reading.report
    return replace(
        reading,
        text=out(reading.text),
        warnings=tuple(map(out, reading.warnings)),
        error=out(reading.error),
        findings=tuple(_finding(finding, passage) for finding in reading.findings),
        report=_report(report, passage) if report else None,
    )


def _report(report: Report, passage: str) -> Report:
    def out(text: str) -> str:
        return overwrite(text, passage)

    return replace(
        report,
        reason=out(report.reason),
        title=out(report.title),
        issuer=out(report.issuer),
        scope_cue=out(report.scope_cue),
        document_number=out(report.document_number),
        cells={key: _cell(cell, passage) for key, cell in report.cells.items()},
        sections={key: out(text) for key, text in report.sections.items()},
        facts=tuple(replace(fact, raw=out(fact.raw), sentence=out(fact.sentence)) for fact in report.facts),
        statistics=tuple(_statistic(row, passage) for row in report.statistics),
    )


def _cell(cell: Cell, passage: str) -> Cell:
    return replace(cell, raw=overwrite(cell.raw, passage), reason=overwrite(cell.reason, passage))


def _statistic(row: Statistic, passage: str) -> Statistic:
    return replace(
        row,
        label=overwrite(row.label, passage),
        key=overwrite(row.key, passage),
        year=_cell(row.year, passage) if row.year else None,
        total=_cell(row.total, passage) if row.total else None,
    )


def _finding(finding: Finding, passage: str) -> Finding:
    texts: Mapping[str, Any] = {
        name: overwrite(getattr(finding, name), passage) for name in ("message", "subject", "matched", "sentence")
    }
    return replace(finding, **texts)


def _withheld(where: str, row: Mapping[str, Any], today: dt.date) -> Withheld:
    if len(row) != len(COLUMNS) or None in row.values():
        raise DecisionError(f"{where}: not the columns {','.join(COLUMNS)}; quote a text that has commas in it")
    said = {name: str(value).strip() for name, value in row.items()}
    what = said["what"]
    if what not in get_args(What):
        raise DecisionError(f"{where}: {what!r} can't be withheld; write report, document or passage")
    target, member = _target(where, what, said["target"])
    missing = [name for name in ("reason", "decided_by", "decided_on") if not said[name]]
    if missing:
        raise DecisionError(f"{where}: {', '.join(missing)} missing; say why, who decided, and on which day")
    _check_day(where, said["decided_on"], today)
    passage = _passage(where, what, said["passage"], said["reason"])
    return Withheld(
        what=cast("What", what),
        target=target,
        reason=said["reason"],
        decided_by=said["decided_by"],
        decided_on=said["decided_on"],
        passage=passage,
        member=member,
    )


def _target(where: str, what: str, target: str) -> tuple[str, str | None]:
    if what == "report" or (what == "passage" and _REPORT.fullmatch(target)):
        if not _REPORT.fullmatch(target):
            raise DecisionError(f"{where}: {target!r} is no report_key; it is the end of the page's address /report/r…")
        return target, None
    match = _DOCUMENT.fullmatch(target)
    if match is None:
        raise DecisionError(f"{where}: {target!r} is no sha256 of 64 digits; it is in the address /document/…")
    return match["sha256"], match["member"]


def _passage(where: str, what: str, passage: str, reason: str) -> str:
    if (what == "passage") != bool(passage):
        wanted = "write the exact text" if what == "passage" else "leave it empty, or write what=passage"
        raise DecisionError(f"{where}: column passage: {wanted}")
    letters = "".join(passage.split())
    if passage and not (_WORDS.search(letters) or _LONG_NUMBER.fullmatch(letters)):
        raise DecisionError(f"{where}: the passage {passage!r} is so short that it may be a number of the tables")
    if passage and _pattern(passage).search(reason):
        raise DecisionError(f"{where}: the reason is published and repeats the passage; say it without")
    return passage


def _check_day(where: str, day: str, today: dt.date) -> None:
    try:
        decided = dt.date.fromisoformat(day)
    except ValueError as error:
        raise DecisionError(f"{where}: decided_on {day!r} is no date; write it as 2026-01-31") from error
    if decided > today:
        raise DecisionError(f"{where}: decided_on {day} is in the future; write the day of the decision")
