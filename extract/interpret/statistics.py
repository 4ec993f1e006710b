"""The statistics tables of 2014 and before: rows of an indicator, its unit, the year's figure and the cumulative one.

No two places print the same rows: what the form of 2014 names gets its key, any other row is kept under its printed
label. Columns are told by their headings; a figure whose column cannot be told is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.forms import Statistics
from extract.interpret.labels import likeness, squeeze, words
from extract.interpret.run_together import pairs_of, values_of
from extract.interpret.values import read_count, read_decimal
from extract.records import SURE, Cell, Span, Statistic, TableCell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from extract.forms import Form, StatisticsRow
    from extract.interpret.values import Value
    from extract.records import Document, Table

_FEWEST_ROWS = 3
_YEAR_HEADING = re.compile(r"(?:20\d{2}|本)?年(?:度|份)?(?:数量?|数据|统计数|合计|累计数?)?|20\d{2}")
_CUMULATIVE_HEADING = re.compile(r".*累计.*|.*(?:年)?以来.*")
_OF_WHICH = re.compile(r"^其中[:：,，]?(?:\d+[.、]|\(\d+\))?")
_TEXT_LABEL = re.compile(r"(?P<name>.{2,60}?)\s*(?P<unit>人次|万元|[条件次人篇个元份期场起])")
_DECIMAL_UNITS = frozenset(("万元", "元", "亿元", "%"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table's label, unit, year and cumulative columns stand, as positions in its rows; -1: it has none."""

    label: int
    unit: int
    year: int
    cumulative: int


def read_statistics(document: Document, forms: Sequence[Form]) -> tuple[Form | None, tuple[Statistic, ...]]:
    """The rows of all statistics tables, in order, and the form that they are in; nothing where there is no such table.

    The form is the one with the most signatures in those tables, else the newest of those that have statistics.
    """
    described = [form for form in forms if form.statistics]
    known = _together([form.statistics for form in described if form.statistics])
    found: list[Statistic] = []
    printed = ""
    for table in document.tables():
        if rows := _read_table(table, known):
            found += rows
            printed += squeeze("\n".join(cell.text for row in table.rows for cell in row))
    if not found:
        printed = squeeze(document.text)
        found = _of_text(document.text, known)
    if not found:
        return None, ()
    form = max(described, key=lambda form: sum(signature in printed for signature in form.signatures))
    return form, tuple(found)


def _together(forms: Sequence[Statistics]) -> Statistics:
    """The headings and rows of all forms: local tables mix them."""

    def all_of(headings: Callable[[Statistics], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(words(text) for form in forms for text in headings(form))

    return Statistics(
        all_of(lambda form: form.label_columns),
        all_of(lambda form: form.unit_columns),
        all_of(lambda form: form.year_columns),
        all_of(lambda form: form.cumulative_columns),
        tuple(row for form in forms for row in form.rows),
    )


def _read_table(table: Table, known: Statistics) -> list[Statistic]:
    """The rows below the first heading that names an indicator column and a column of figures."""
    columns: list[_Columns] = []
    rows: list[tuple[TableCell, ...]] = []
    for row in table.rows:
        if not columns:
            columns = _columns(row, known)
        elif not _columns(row, known):  # a heading that the next page repeats is no row
            rows.append(row)
    found: list[Statistic] = []
    for row in rows:
        for part in columns:
            found += _statistic(_fields(row), part, known.rows, found)
    return found if len(found) >= _FEWEST_ROWS else []


def _of_text(text: str, known: Statistics) -> list[Statistic]:
    """The rows of a table that lost its separators: heading, then label, unit and figures, over and over.

    Only where the unit column is there: it ends each label, and a row without a unit is not the table's any more.
    """
    found: list[Statistic] = []
    heading = _heading(known).search(text)
    if heading is None:
        return found
    size = 2 if heading["cumulative"] else 1
    for pair in pairs_of(text[heading.end() :]):
        label = _TEXT_LABEL.fullmatch(" ".join(pair.label.split()))
        if label is None:
            break
        at = Span(pair.at.start + heading.end(), pair.at.end + heading.end())
        fields = dict(enumerate(values_of(replace(pair, at=at), size), start=2))
        fields |= {0: TableCell(label["name"], at), 1: TableCell(label["unit"], at)}
        found += _statistic(fields, _Columns(0, 1, 2, 3 if size > 1 else -1), known.rows, found)
    return found


def _heading(known: Statistics) -> re.Pattern[str]:
    def any_of(names: Sequence[str], *further: str) -> str:
        printed = (r"\s*".join(map(re.escape, name)) for name in sorted(set(names), key=len, reverse=True))
        return "(?:" + "|".join([*further, *printed]) + ")"

    return re.compile(
        any_of(known.label_columns)
        + r"\s*"
        + any_of(known.unit_columns)
        + r"\s*"
        + any_of(known.year_columns, r"20\d{2}\s*年度?")
        + r"\s*(?P<cumulative>"
        + any_of(known.cumulative_columns)
        + ")?"
    )


def _fields(row: Sequence[TableCell]) -> dict[int, TableCell]:
    """Each cell at its grid column, or at its position where the format has no grid."""
    return {cell.column if cell.column is not None else index: cell for index, cell in enumerate(row)}


def _columns(row: Sequence[TableCell], known: Statistics) -> list[_Columns]:
    """The columns that a row heads: one set, or several side by side; empty if it is no such heading."""
    sets: list[_Columns] = []
    for position, cell in _fields(row).items():
        text = words(cell.text)
        if text in known.label_columns:
            sets.append(_Columns(position, -1, -1, -1))
        elif sets and sets[-1].unit < 0 and text in known.unit_columns:
            sets[-1] = _replaced(sets[-1], unit=position)
        elif sets and sets[-1].cumulative < 0 and _is_cumulative(text, known):
            sets[-1] = _replaced(sets[-1], cumulative=position)
        elif sets and sets[-1].year < 0 and _is_year(text, known):
            sets[-1] = _replaced(sets[-1], year=position)
    return [one for one in sets if one.year >= 0 or one.cumulative >= 0]


def _replaced(columns: _Columns, **changes: int) -> _Columns:
    return _Columns(**{**{name: getattr(columns, name) for name in columns.__slots__}, **changes})


def _is_cumulative(text: str, known: Statistics) -> bool:
    return text in known.cumulative_columns or _CUMULATIVE_HEADING.fullmatch(text) is not None


def _is_year(text: str, known: Statistics) -> bool:
    return text in known.year_columns or _YEAR_HEADING.fullmatch(text) is not None


def _statistic(
    fields: dict[int, TableCell], columns: _Columns, named: Sequence[StatisticsRow], before: Sequence[Statistic]
) -> Iterator[Statistic]:
    """A row of one set of columns; ``before``: those that the table has above it."""
    label_cell = fields.get(columns.label)
    label = " ".join(label_cell.text.split()) if label_cell else ""
    figures = [fields.get(position) for position in (columns.year, columns.cumulative) if position >= 0]
    if not words(label) or not any(figures):
        return
    row = _named(label, named, before)
    unit_cell = fields.get(columns.unit)
    unit = squeeze(unit_cell.text) if unit_cell else ""
    key = row.key if row else f"x_{words(_OF_WHICH.sub('', squeeze(label)))}"
    unit = unit or (row.unit if row else "")
    cells = [_cell(key, fields.get(position), unit) for position in (columns.year, columns.cumulative)]
    if any(cell and cell.state != "blank" for cell in cells) or (unit_cell and unit_cell.text.strip()):
        yield Statistic(label, key, unit, *cells)


def _named(label: str, named: Sequence[StatisticsRow], before: Sequence[Statistic]) -> StatisticsRow | None:
    """The form's row of that label: only one that is as good as printed, since local rows sound alike.

    Two rows may bear one label (被依法纠错数 of reconsiderations, of lawsuits): it is the next after what stands above.
    """
    text = words(_OF_WHICH.sub("", squeeze(label)))
    scores = [max(likeness(text, words(_OF_WHICH.sub("", squeeze(name)))) for name in row.labels) for row in named]
    best = max(scores, default=0.0)
    if best < SURE:
        return None
    alike = [position for position, score in enumerate(scores) if score == best]
    if len(alike) == 1:
        return named[alike[0]]
    places = {row.key: position for position, row in enumerate(named)}
    above = next((places[one.key] for one in reversed(before) if one.key in places), -1)
    return named[next((position for position in alike if position > above), alike[0])]


def _cell(key: str, printed: TableCell | None, unit: str) -> Cell | None:
    if printed is None:
        return None
    if not printed.certainty:
        return Cell(key, None, printed.text, "unreadable", 0.0, printed.place, printed.reason)
    value: Value = read_decimal(printed.text) if unit in _DECIMAL_UNITS else read_count(printed.text)
    return Cell(
        key,
        value.number,
        printed.text,
        value.state,
        round(value.certainty * printed.certainty, 3),
        printed.place,
        "; ".join(reason for reason in (value.reason, printed.reason) if reason),
    )
