"""statistics.parquet: the tables of 2014 and before, row by row, those that no form names included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.columns import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publish.export.source import Source

COLUMNS = (
    Column("report_key", "category", "reports.report_key"),
    Column("year", "integer", "reports.year"),
    Column(
        "position",
        "integer",
        "表中第几行，从 0 起；cells.parquet 中其键为 statistics.<行>.year 与 .cumulative / "
        "row of the table, from 0; in cells.parquet its keys are statistics.<row>.year and .cumulative",
    ),
    Column("key", "category", "statistics.key"),
    Column("label", "category", "statistics.label"),
    Column("unit", "category", "statistics.unit"),
    Column("value", "number", "statistics.value"),
    Column("cumulative", "number", "statistics.cumulative"),
)


def rows(source: Source) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of reports that are not withheld, in the unit that is printed."""
    for after, upto in source.ranges():
        yield source.rows(_STATISTICS, after, upto).fetchall()


_STATISTICS = """
    select r.report_key, r.year, s.position, s.key, s.label, s.unit, s.value, s.cumulative
    from kept r join reading_statistics s on s.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? order by r.id, s.position"""
