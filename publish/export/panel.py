"""The panel: one row a report, every cell of every form a column, what is no number told apart in five kinds.

Within this program a row is a list: numbers as numbers, a missing cell as the letter of its kind. panel.csv leaves
such a cell empty (cells.parquet says why), panel.dta writes Stata's .a to .e.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from publish.export.evidence import Dictionary, not_numbers
from publish.export.reports import Reports
from publish.export.source import columns_of
from publish.export.variables import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.export.source import Source
    from publish.export.variables import Variable

BLANK, NOT_APPLICABLE, UNREADABLE, ABSENT, NO_REPORT = "a", "b", "c", "d", "e"
MISSING = {
    BLANK: ("空白", "left blank"),
    NOT_APPLICABLE: ("填“/”或不适用", "marked / or not applicable"),
    UNREADABLE: ("难辨", "cannot be read"),
    ABSENT: ("本格式或原件无此格", "no such cell in this form or document"),
    NO_REPORT: ("未找到报告（不等于未公布）", "no report found (not: not published)"),
}
_KINDS = {"blank": BLANK, "na_mark": NOT_APPLICABLE, "unreadable": UNREADABLE, "absent": ABSENT}
_WIDE = (
    ("reading_disclosure", "''", "disclosure.{column}"),
    ("reading_requests", "w.applicant", "requests.{column}.{part}"),
    ("reading_disputes", "w.route", "disputes.{part}_{column}"),
)
_NO_NUMBERS = ("reading_id", "applicant", "route", "procurement_unit")
_YUAN_IN_WAN = 10_000

Row = list[Any]


class Panel:
    """The rows of the panel, a range of reports at a time; at the end those of reports that were not found."""

    def __init__(self, source: Source, columns: Sequence[Variable]) -> None:
        self._source = source
        self._reports = Reports(source)
        self._dictionary = Dictionary(source)
        self._columns = columns
        self._at = {variable.key: position for position, variable in enumerate(columns)}
        self._wide = [_WideTable(source, *wide, self._at) for wide in _WIDE]
        self._row_id = 0

    def batches(self) -> Iterator[list[Row]]:
        """Rows in the order of ``names``: first what is said of the report, then its cells."""
        for after, upto in self._source.ranges():
            yield list(self._found(after, upto))
        yield from self._not_found()

    def _found(self, after: int, upto: int) -> Iterator[Row]:
        reports = self._reports.within(after, upto)
        rows = {report.id: [UNREADABLE if report.is_unread else ABSENT] * len(self._columns) for report in reports}
        counts = self._fill_kinds(rows, after, upto)
        for wide in self._wide:
            wide.fill(rows, after, upto)
        self._fill_statistics(rows, after, upto)
        corrected = dict(self._source.rows(_CORRECTED, after, upto).fetchall())
        for report in reports:
            known = counts[report.id]
            report.about.update({f"cells_{state}": known.get(state, 0) for state in ("number", *_KINDS)})
            report.about["cells_corrected"] = corrected.get(report.id, 0)
            yield self._row(report.about, rows[report.id])

    def _row(self, about: dict[str, Any], cells: Row) -> Row:
        self._row_id += 1
        about["row_id"] = self._row_id
        return [about.get(column.name) for column in ABOUT] + cells

    def _fill_kinds(self, rows: dict[int, Row], after: int, upto: int) -> dict[int, Counter[str]]:
        """Put in why a cell has no number; how many cells of each state a report has."""
        counts = {
            id_: Counter({"number": numbers}) for id_, numbers in self._source.rows(_NUMBERS, after, upto).fetchall()
        }
        for id_, cells in not_numbers(self._source, self._dictionary, after, upto):
            row, count = rows[id_], counts[id_]
            for key, state in cells:
                count[state] += 1
                if key in self._at:
                    row[self._at[key]] = _KINDS[state]
        return counts

    def _fill_statistics(self, rows: dict[int, Row], after: int, upto: int) -> None:
        """The year's figures of the older statistics; two under one name that contradict each other are neither."""
        seen: dict[tuple[int, str], Any] = {}
        for id_, key, unit, value in self._source.rows(_STATISTICS, after, upto):
            at = self._at.get(key)
            if at is None:
                continue
            number = _in_unit(value, unit, self._columns[at].unit)
            same = seen.setdefault((id_, key), number) == number
            rows[id_][at] = number if same else UNREADABLE

    def _not_found(self) -> Iterator[list[Row]]:
        """Reports that were expected and are not there: a row each, so that the panel is balanced."""
        batch: list[Row] = []
        for row in self._source.rows(_NOT_FOUND):
            about = dict(zip(_EXPECTED, row, strict=True)) | {"report_status": "not_found"}
            about |= self._reports.where(about["region_id"], about["year"])
            batch.append(self._row(about, [NO_REPORT] * len(self._columns)))
            if len(batch) >= 1000:
                yield batch
                batch = []
        yield batch


class _WideTable:
    """A table that has a column for each row of the form, a row for each part of it: applicants, routes."""

    def __init__(self, source: Source, table: str, part: str, key: str, at: dict[str, int]) -> None:
        self._source = source
        self._key = key
        self._at = at
        self._columns = [name for name in columns_of(source, table) if name not in _NO_NUMBERS]
        names = ", ".join(f'w."{column}"' for column in self._columns)
        self._sql = (
            f"select r.id, {part}, {names} from kept r join {table} w on w.reading_id = r.numbers_id "  # noqa: S608  # ours
            "where r.id > ? and r.id <= ?"  # names are our own
        )
        self._places: dict[str, list[int]] = {}

    def fill(self, rows: dict[int, Row], after: int, upto: int) -> None:
        """Put the numbers in; where there is none, what stands there stays."""
        for id_, part, *values in self._source.rows(self._sql, after, upto):
            row = rows[id_]
            for place, value in zip(self._of(part), values, strict=True):
                if value is not None:
                    row[place] = value

    def _of(self, part: str) -> list[int]:
        if part not in self._places:
            keys = [self._key.format(column=column, part=part) for column in self._columns]
            self._places[part] = [self._at[key] for key in keys]
        return self._places[part]


def _in_unit(value: float | None, printed: str | None, wanted: str) -> float | str:
    """A figure of the older statistics in the unit of its column; money printed in yuan is counted in 10,000 yuan."""
    if value is None:
        return BLANK
    if wanted == "万元" and printed == "元":
        value /= _YUAN_IN_WAN
    elif wanted == "万元" and printed != wanted:
        return UNREADABLE
    return int(value) if value == int(value) else value


_NUMBERS = """
    select r.id, d.numbers from kept r join readings d on d.id = r.numbers_id where r.id > ? and r.id <= ?"""
_CORRECTED = """
    select r.id, count(*) from kept r join cells n on n.reading_id = r.numbers_id
      left join cells o on o.reading_id = r.current_reading_id and o.key = n.key
    where r.numbers_id <> r.current_reading_id and r.id > ? and r.id <= ?
      and (o.state is not n.state or o.value is not n.value) group by 1"""
_STATISTICS = """
    select r.id, s.key, s.unit, s.value from kept r join reading_statistics s on s.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? order by r.id, s.position"""
_EXPECTED = (
    *("agency_key", "agency_name", "agency_status", "region_id", "level", "kind", "year"),
    *("not_found_because", "expected_because"),
)
_NOT_FOUND = """
    select a.agency_key, a.name, 'resolved', e.region_id, a.level, a.kind, e.year, e.why, e.basis
    from expected e join agencies a on a.id = e.agency_id where e.status = 'not_found'
    order by a.agency_key, e.year"""
