"""rollups.parquet: whether a government's stated figure is the sum of the parts that were found, and how many were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.columns import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publish.export.source import Source

COLUMNS = (
    Column("report_key", "string", "reports.report_key"),
    Column("year", "integer", "reports.year"),
    Column("key", "category", "cells.key"),
    Column("stated", "number", "所报数 / the figure as stated"),
    Column("parts_sum", "number", "已找到各部分之和 / sum of the parts that were found"),
    Column("parts_found", "integer", "找到几个部分 / how many parts were found"),
    Column("parts_expected", "integer", "应有几个部分 / how many parts there should be"),
    Column(
        "verdict",
        "category",
        "equal 相等，differs 不等，incomplete 部分不全，not_assessable 无法核对 / whether the sum is the figure",
    ),
    Column("reason", "string", "原因 / why"),
)


def rows(source: Source) -> Iterator[list[tuple[Any, ...]]]:
    """The roll-ups of reports that are not withheld."""
    for after, upto in source.ranges():
        yield source.rows(_ROLLUPS, after, upto).fetchall()


_ROLLUPS = """
    select r.report_key, r.year, u.key, u.stated, u.parts_sum, u.parts_found, u.parts_expected, u.verdict, u.reason
    from kept r join rollups u on u.report_id = r.id where r.id > ? and r.id <= ? order by r.id, u.key"""
