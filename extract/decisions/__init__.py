"""What people decide, kept as files: corrections, what is withheld, and whether contact blocks are masked.

Files are read here, at the edge; what they do to a reading is done by pure functions between frozen records.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from extract.decisions.contacts import mask_reading
from extract.decisions.corrections import (
    Circumstances,
    Correction,
    Outcome,
    Stated,
    Status,
    apply,
    load_corrections,
    of_report,
)
from extract.decisions.errors import DecisionError
from extract.decisions.withheld import Withheld, load_withheld, withheld_reading, withhold, without_passages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from extract.forms import Form
    from extract.records import Reading

__all__ = [
    "Correction",
    "Decided",
    "DecisionError",
    "Decisions",
    "Outcome",
    "Stated",
    "Status",
    "Withheld",
    "config_dir",
    "decide",
    "is_corrected",
    "load",
    "of_report",
    "reader_as_read",
    "today_in_china",
    "withheld_reading",
    "without_passages",
]

_ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = "extract.toml"
_CORRECTED = "+corrected-"
_RECOGNISED = "read by text recognition"
_CHINA = dt.timezone(dt.timedelta(hours=8))
_HERE = Path(__file__).parent
_HOW = ("contacts.py", "corrections.py", "withheld.py")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided, as ``load`` gives it or, with the documents of reports, ``covering``."""

    corrections: tuple[Correction, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    mask_contacts: bool = True

    @property
    def digest(self) -> str:
        """Of everything decided, and of how it is done."""
        return _digest([repr(asdict(self)), _source(*_HOW)])

    def marks(self, today: dt.date) -> dict[str, str]:
        """By sha256, a digest of what is decided about that original; under "" of what concerns every one.

        Where a mark differs from the one a database was made with, what was read of that original is looked at again.
        """
        about: dict[str, list[str]] = defaultdict(list)
        for decision in self.withheld:
            if not decision.is_of_report:
                about[decision.target].append(repr(decision))
        for correction in self.corrections:
            is_early = correction.decided_on > today.isoformat()  # refused until its day has come
            about[correction.sha256].append(f"{correction} {is_early}")
        how = _source("corrections.py", "withheld.py")
        marks = {sha256: _digest([*sorted(said), how]) for sha256, said in sorted(about.items())}
        return {"": _digest([str(self.mask_contacts), _source("contacts.py")]), **marks}

    def covering(self, documents: Mapping[tuple[str, str], str]) -> Decisions:
        """With what is decided about reports as decisions about their documents (sha256, member), each to its report.

        What is no document of such a report (any more) is left out.
        """
        more = tuple(
            replace(
                decision,
                what="document" if decision.what == "report" else "passage",
                target=sha256,
                member=member,
                report_key=key,
            )
            for (sha256, member), key in sorted(documents.items())
            for decision in self.withheld
            if decision.is_of_report and decision.target == key
        )
        return replace(self, withheld=(*(one for one in self.withheld if not one.report_key), *more))


@dataclass(frozen=True, slots=True)
class Decided:
    """A reading after what people decided.

    ``reading``: as the reader read it, without what is withheld and with contact blocks masked. ``corrected``: the
    same with corrections applied and its findings computed again, under a reader's name of its own; None where no
    correction applies. ``outcomes``: what became of each correction of this document.
    """

    reading: Reading
    corrected: Reading | None = None
    outcomes: tuple[Outcome, ...] = ()


def config_dir(holds: str = "real") -> Path:
    """Where the decisions lie for an archive of that kind: the sample's beside the sample, else the repository's."""
    sample = _ROOT / "sample" / "config"
    return sample if holds == "sample" and sample.is_dir() else _ROOT / "config"


def today_in_china() -> dt.date:
    """The day on which a decision is no longer in the future for those who decide."""
    return dt.datetime.now(_CHINA).date()


def load(folder: Path, *, today: dt.date | None = None) -> Decisions:
    """The decisions of a config directory; a file that is not there decides nothing.

    Raises:
        DecisionError: a file cannot be used; the message names it and what to do.
    """
    return Decisions(
        corrections=load_corrections(folder / "corrections"),
        withheld=load_withheld(folder / "withheld.csv", today=today or today_in_china()),
        mask_contacts=_masks_contacts(folder / _SETTINGS),
    )


def decide(
    readings: Sequence[Reading],
    decisions: Decisions,
    *,
    form_of: Callable[[Reading], Form | None],
    reconciled: Callable[[Reading], Reading],
    today: dt.date,
    earlier: Mapping[str, Mapping[str, Mapping[str, Stated]]] | None = None,
) -> tuple[Decided, ...]:
    """The readings of one original after what is decided about it.

    ``form_of`` gives the form that a reading was read by, ``reconciled`` the reading with its findings anew.
    ``earlier``: by member, reader and key, what other versions read there, as far as at hand.
    """
    shown = withhold(readings, decisions.withheld)
    if decisions.mask_contacts:
        shown = tuple(map(mask_reading, shown))
    known = earlier or {}
    return tuple(
        _corrected(reading, decisions.corrections, form_of, reconciled, today, known.get(reading.member, {}))
        for reading in shown
    )


def is_corrected(reader: str) -> bool:
    """Whether a reading's ``reader`` says that people corrected it."""
    return _CORRECTED in reader


def reader_as_read(reader: str) -> str:
    """The reader whose reading was corrected.

    >>> reader_as_read("gongkai-0.1.0+0d64631d+corrected-1a2b3c4d")
    'gongkai-0.1.0+0d64631d'
    """
    return reader.partition(_CORRECTED)[0]


def _corrected(
    reading: Reading,
    corrections: Iterable[Correction],
    form_of: Callable[[Reading], Form | None],
    reconciled: Callable[[Reading], Reading],
    today: dt.date,
    earlier: Mapping[str, Mapping[str, Stated]],
) -> Decided:
    own = [one for one in corrections if (one.sha256, one.member) == (reading.sha256, reading.member)]
    if not own:
        return Decided(reading)
    if reading.report is None:
        why = f"the document could not be read: {reading.error}"
        return Decided(reading, None, tuple(Outcome(one, "refused", why) for one in own))
    text = "" if _is_recognised(reading) else reading.text
    given = Circumstances(form_of(reading), reading.reader, text, today, earlier)
    report, outcomes = apply(reading.report, own, given)
    applied = [outcome.correction for outcome in outcomes if outcome.status == "applied"]
    if not applied:
        return Decided(reading, None, outcomes)
    reader = reading.reader + _CORRECTED + _digest(sorted(map(repr, applied)))
    return Decided(reading, reconciled(replace(reading, reader=reader, report=report)), outcomes)


def _is_recognised(reading: Reading) -> bool:
    """Whether its text comes, in part, from pictures: then it proves nothing about what is printed."""
    return reading.media_type.startswith("image/") or any(_RECOGNISED in warning for warning in reading.warnings)


def _masks_contacts(path: Path) -> bool:
    if not path.exists():
        return True
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DecisionError(f"{path}: no TOML ({error}); mend it or take it away") from error
    value = settings.get("mask_contacts", True)
    if not isinstance(value, bool) or set(settings) - {"mask_contacts"}:
        raise DecisionError(f"{path}: it may say mask_contacts = true or false, and nothing else")
    return value


def _source(*names: str) -> str:
    """Of how decisions are carried out: a mended mask is a reason to look again."""
    return _digest([(_HERE / name).read_text("utf-8") for name in names])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
