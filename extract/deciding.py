"""Where what people decided meets the database: what is looked at again, what is kept of each decision.

decisions/ says what a decision does to a reading, store/ writes rows; here the pipeline joins the two.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from extract import decisions as deciding
from extract.decisions.rows import correction_rows, withheld_rows
from extract.reading import form_of, reconciled
from extract.store import decided, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from extract.decisions import Correction, Decisions, Outcome, Stated
    from extract.records import Reading, State

_MARKS = "decided_marks"
_DOCUMENTS = "withheld_documents"
_OUTCOMES = "decided_outcomes"
_DERIVED = "derived_until"  # emptied, everything is derived anew
_NEVER_READ = "the archive holds no such document, or no listing leads to it"


def load_decisions(config: Path) -> Decisions:
    """What people decided, from that directory.

    Raises:
        DecisionError: a file cannot be used as it is written.
    """
    return deciding.load(config)


def with_known(db: Database, decisions: Decisions) -> Decisions:
    """With the documents of withheld reports that are known from before."""
    known = json.loads(state.get(db, _DOCUMENTS) or "[]")
    return decisions.covering({(sha256, member): key for sha256, member, key in known})


def with_found(db: Database, decisions: Decisions) -> Decisions | None:
    """With the documents, as derived now, of reports about which something is withheld; None if all were known."""
    whole = {one.target for one in decisions.withheld if one.what == "report"}
    parts = {one.target for one in decisions.withheld if one.is_of_report} - whole
    found = decided.known_documents(db, whole) if whole else {}
    for key, documents in decided.documents_of_reports(db, parts).items():
        found |= dict.fromkeys(documents, key)
    if not found:
        return None
    known = {(one.target, one.member or ""): one.report_key for one in decisions.withheld if one.report_key}
    more = decisions.covering({**known, **found})
    return more if more != decisions else None


def look_again(db: Database, decisions: Decisions) -> None:
    """Take away what was read of originals about which something else is decided now, and note what is decided."""
    marks = decisions.marks(deciding.today_in_china())
    known = json.loads(state.get(db, _MARKS) or "{}")
    changed = {sha256 for sha256 in {*marks, *known} if marks.get(sha256) != known.get(sha256)}
    covered = sorted({(one.target, one.member or "", one.report_key) for one in decisions.withheld if one.report_key})
    with db.atomic():
        if changed and decided.forget(db, None if "" in changed else changed):
            state.put(db, _DERIVED, "")
        state.put(db, _MARKS, json.dumps(marks))
        state.put(db, _DOCUMENTS, json.dumps(covered, ensure_ascii=False))
        decided.replace_rows(db, "withheld", withheld_rows(decisions.withheld))


def without_effect(db: Database, decisions: Decisions) -> tuple[str, ...]:
    """What is to be withheld and is not here, by its key or digest: not here yet, or misspelt and shown."""
    reports = {one.report_key for one in decisions.withheld}
    here = decided.received(db, {one.target for one in decisions.withheld if not one.is_of_report})
    targets = dict.fromkeys(one.target for one in decisions.withheld)
    return tuple(target for target in targets if target not in reports and target not in here)


def decide_here(db: Database, readings: Sequence[Reading], decisions: Decisions) -> list[Reading]:
    """The readings of one original after what is decided, corrected ones behind those that they correct.

    What became of its corrections is noted.
    """
    sha256 = readings[0].sha256
    keys = {one.key for one in decisions.corrections if one.sha256 == sha256}
    before = decided.read_before(db, sha256, keys)
    found = deciding.decide(
        readings,
        decisions,
        form_of=form_of,
        reconciled=reconciled,
        today=deciding.today_in_china(),
        earlier={m: {r: _stated(cells) for r, cells in readers.items()} for m, readers in before.items()},
    )
    if outcomes := [outcome for one in found for outcome in one.outcomes]:
        noted = json.loads(state.get(db, _OUTCOMES) or "{}")
        noted |= {outcome.correction.id: [outcome.status, outcome.reason] for outcome in outcomes}
        state.put(db, _OUTCOMES, json.dumps(noted, ensure_ascii=False))
    return [reading for one in found for reading in (one.reading, one.corrected) if reading is not None]


def note_corrected(db: Database, originals: Sequence[Sequence[tuple[Reading, int | None]]]) -> None:
    """Note of the corrected readings among those just written which reading each corrects."""
    for reading in (reading for of_one in originals for reading, _ in of_one):
        if deciding.is_corrected(reading.reader):
            name = (reading.sha256, reading.member, reading.reader)
            decided.note_corrected(db, *name, deciding.reader_as_read(reading.reader))


def settle(db: Database, decisions: Decisions) -> bool:
    """Write what became of each correction, now that the reports are known; whether reports are to be derived again.

    A correction whose document is none of the report's changes nothing: the corrected reading goes. Where it would
    apply after all, for the report has that document by now, the document is read again the next time.
    """
    noted = json.loads(state.get(db, _OUTCOMES) or "{}")
    documents = decided.documents_of_reports(db, {one.report_key for one in decisions.corrections})
    before = [_noted(one, noted) for one in decisions.corrections]
    after = [deciding.of_report(outcome, documents) for outcome in before]
    undone, lost = set(), set()
    for one, other in zip(before, after, strict=True):
        of = one.correction.sha256, one.correction.member
        if other.status == "applied" and not decided.has_corrected(db, *of):
            lost.add(of[0])
        elif one.status == "applied" != other.status:
            undone.add(of)
    with db.atomic():
        gone = sum(decided.forget_corrected(db, *of) for of in sorted(undone))
        if gone:
            state.put(db, _DERIVED, "")
        if lost:
            marks = json.loads(state.get(db, _MARKS) or "{}")
            state.put(db, _MARKS, json.dumps({sha256: mark for sha256, mark in marks.items() if sha256 not in lost}))
        decided.replace_rows(db, "corrections", correction_rows(after))
    return gone > 0


def _noted(correction: Correction, noted: dict[str, list[str]]) -> Outcome:
    status, reason = noted.get(correction.id, ("refused", _NEVER_READ))
    return deciding.Outcome(correction, cast("deciding.Status", status), reason)


def _stated(cells: dict[str, tuple[str, float | None]]) -> dict[str, Stated]:
    return {
        key: deciding.Stated(cast("State", said), None if value is None else Decimal(repr(value)))
        for key, (said, value) in cells.items()
    }
