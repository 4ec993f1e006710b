"""Both sheets, filled in -> what the readers disagree on, and once that is decided the published result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publish.accuracy import folder as folders
from publish.accuracy.answers import Answer, AnswerError, understand
from publish.accuracy.rates import Agreement, agreement
from publish.accuracy.result import Settled, result_of
from publish.accuracy.sheets import Line, SheetError, as_csv, at_most, filled, sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from publish.accuracy.items import Sample

THIRD = "sheet-c.csv"
DISPUTED = "disputed.csv"
NAMES = ("a", "b", "c")
"""Who read, where no names are given."""
_DISPUTED_HEAD = ("item", "report", "table", "row", "column", "picture", "a", "b", "note a", "note b")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: how far the readers agree, how many cells wait for the third, and the result if none does."""

    sample: Sample
    agreement: Agreement
    waiting: int
    result: dict[str, Any] | None


def take(folder: Path, *, readers: Sequence[str] = (), taken_on: str) -> Taken:
    """Read the sheets in a sample's folder. ``readers``: who read, in the order of the sheets.

    Writes ``DISPUTED`` and, where it isn't there, ``THIRD`` if the readers disagree.

    Raises:
        FolderError: it is no sample's folder.
        SheetError: a sheet is missing, not filled in, of another sample, changed, or an answer is not understood.
    """
    sample = folders.read(folder)
    every = {item.number for item in sample.items}
    first, second = (_sheet(folder, f"sheet-{reader}.csv", sample, every) for reader in "ab")
    agreed = agreement([(first[number][1], second[number][1]) for number in sorted(every)])
    disputed = {number for number in every if first[number][1] != second[number][1]}
    third: Mapping[int, tuple[Line, Answer]] = {}
    if disputed:
        (folder / DISPUTED).write_bytes(_disputes(sample, disputed, first, second))
        if not _is_asked(folder, sample, disputed):
            return Taken(sample, agreed, len(disputed), None)
        third = _sheet(folder, THIRD, sample, disputed)
    settled = [
        Settled(
            item,
            first[item.number][1],
            second[item.number][1],
            third[item.number][1] if item.number in third else None,
            tuple(one[item.number][0].note for one in (first, second, third) if item.number in one),
        )
        for item in sample.items
    ]
    who = (*readers, *NAMES[len(readers) :])[: 3 if disputed else 2]
    return Taken(sample, agreed, 0, result_of(sample, settled, agreed, readers=who, taken_on=taken_on))


def _sheet(folder: Path, name: str, sample: Sample, numbers: Collection[int]) -> dict[int, tuple[Line, Answer]]:
    """A sheet's lines with what they say."""
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise SheetError(f"{folder / name} cannot be read ({error.strerror}); put the filled sheet there") from error
    lines = filled(data, name, sample, numbers)
    units = {item.number: item.unit for item in sample.items}
    found: dict[int, tuple[Line, Answer]] = {}
    wrong: list[str] = []
    for number, line in sorted(lines.items()):
        try:
            found[number] = line, understand(line.printed, units[number])
        except AnswerError as error:
            wrong.append(f"item {number}: {error}")
    if wrong:
        raise SheetError(f"{name}: {at_most(wrong)}")
    return found


def _is_asked(folder: Path, sample: Sample, disputed: Collection[int]) -> bool:
    """Whether the third reader has answered; the sheet is written if it isn't there, and never over an answer."""
    path = folder / THIRD
    empty = sheet(sample, disputed)
    if not path.exists():
        path.write_bytes(empty)
    return path.read_bytes() != empty


def _disputes(
    sample: Sample,
    disputed: Collection[int],
    first: Mapping[int, tuple[Line, Answer]],
    second: Mapping[int, tuple[Line, Answer]],
) -> bytes:
    rows = []
    for item in sample.items:
        if item.number in disputed:
            (line_a, _), (line_b, _) = first[item.number], second[item.number]
            said = (line_a.printed, line_b.printed, line_a.note, line_b.note)
            rows.append((item.number, item.report_key, item.table, item.row, item.column, item.picture, *said))
    return as_csv(_DISPUTED_HEAD, rows)
