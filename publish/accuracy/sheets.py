"""The sheets that people fill in: CSV that spreadsheets open, without any value that we read, and back again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publish.stored import charset_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from publish.accuracy.items import Item, Sample

HEAD = (
    "sample",
    "item",
    "report",
    "agency",
    "year",
    "table",
    "row",
    "column",
    "unit",
    "where",
    "picture",
    "document",
    "url",
)
FILLED = ("printed", "note")
_FIXED = ("report", "agency", "year", "table", "row", "column")
"""What tells which cell a line is about: it must be as it was given out."""
_TOLD = 5
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SheetError(Exception):
    """A sheet cannot be taken; the message names the lines and says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a reader wrote for an item."""

    printed: str
    note: str


def sheet(sample: Sample, numbers: Collection[int]) -> bytes:
    """The sheet of these items, empty: UTF-8 with a byte order mark, which Excel needs."""
    lines = [[*(_safe(text) for text in _given(sample, item)), "", ""] for item in sample.items]
    return as_csv((*HEAD, *FILLED), (line for line in lines if int(line[1]) in numbers))


def as_csv(head: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """Rows as such a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _given(sample: Sample, item: Item) -> tuple[str, ...]:
    year = "" if item.year is None else str(item.year)
    cell = (item.table, item.row, item.column, item.unit, item.where, item.picture, item.document, item.url)
    return (sample.id, str(item.number), item.report_key, item.issuer, year, *cell)


def _safe(text: str) -> str:
    """Text of strangers that a spreadsheet would run as a formula, as text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def filled(data: bytes, name: str, sample: Sample, numbers: Collection[int]) -> dict[int, Line]:
    """What was filled in, by item; in whatever order, encoding and with whatever separator a spreadsheet saved it.

    Raises:
        SheetError: columns or lines are missing, changed or doubled, it is the sheet of another sample, or answers are
            missing.
    """
    rows = _rows(data, name)
    strangers = sorted({row["sample"] for row in rows} - {sample.id})
    if strangers:
        other = strangers[0] or "no name"
        raise SheetError(f"{name} is a sheet of another sample ({other}, not {sample.id}); put the right one there")
    given = {item.number: dict(zip(HEAD, _given(sample, item), strict=True)) for item in sample.items}
    found: dict[int, Line] = {}
    changed: list[str] = []
    for row in rows:
        number = int(row["item"]) if row["item"].isascii() and row["item"].isdigit() else 0
        if number not in numbers or number in found or not _is_same(row, given[number]):
            changed.append(row["item"] or "(empty)")
        else:
            found[number] = Line(row["printed"], row["note"])
    missing = [str(number) for number in sorted(numbers) if number not in found]
    if changed or missing:
        wrong = "; ".join(
            f"{what}: {at_most(which)}"
            for what, which in (("items changed, doubled or not of it", changed), ("items missing", missing))
            if which
        )
        raise SheetError(f"{name}: {wrong}. Only the columns printed and note may be changed: fill in a fresh copy")
    if empty := [str(number) for number in sorted(found) if not found[number].printed]:
        raise SheetError(
            f"{name}: nothing is filled in for items {at_most(empty)}; what is printed goes into the column printed, "
            "a blank cell is 空白"
        )
    return found


def at_most(which: Sequence[str]) -> str:
    """The first few, and how many more."""
    return ", ".join(which[:_TOLD]) + (f" and {len(which) - _TOLD} more" if len(which) > _TOLD else "")


def _rows(data: bytes, name: str) -> list[dict[str, str]]:
    try:
        text = data.decode(charset_of(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise SheetError(f"{name}: no text in an encoding that we know; save it as CSV UTF-8") from error
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restkey="", restval="")
    names = [column.strip() for column in reader.fieldnames or ()]
    if missing := [column for column in (*HEAD, *FILLED) if column not in names]:
        raise SheetError(f"{name}: the columns {', '.join(missing)} are missing; fill in a fresh copy of the sheet")
    reader.fieldnames = names
    rows = [{column: (row[column] or "").strip() for column in (*HEAD, *FILLED)} for row in reader]
    return [row for row in rows if any(row.values())]


def _is_same(row: Mapping[str, str], given: Mapping[str, str]) -> bool:
    return all("".join(row[name].split()).lstrip("'") == "".join(given[name].split()) for name in _FIXED)
