"""expected.parquet: who should have reported, and what came of it. Not found is not the same as not published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.columns import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publish.export.source import Source

COLUMNS = (
    Column("agency_key", "category", "机关的键 / key of the agency"),
    Column("agency_name", "category", "机关名称 / name of the agency"),
    Column("region_id", "category", "行政区划 / administrative division"),
    Column("year", "integer", "reports.year"),
    Column("basis", "category", "依据 / on what basis a report is expected"),
    Column("due_on", "category", "应公布日期 / due date (ISO)"),
    Column("is_binding", "boolean", "该日期对其有无法律约束 / whether that date binds it by law"),
    Column(
        "status",
        "category",
        "found 已找到，not_found 未找到（不等于未公布） / found or not (which is not: not published)",
    ),
    Column("days_after_due", "integer", "晚于该日期的天数 / days after that date"),
    Column("report_key", "string", "reports.report_key"),
    Column("why", "category", "未找到的原因 / why none was found"),
)


def rows(source: Source) -> Iterator[list[tuple[Any, ...]]]:
    """All that is expected; a report that is withheld is named by that word alone."""
    cursor = source.rows(
        """select a.agency_key, a.name, e.region_id, e.year, e.basis, e.due_on, e.is_binding, e.status,
             e.days_after_due, r.report_key, iif(e.report_id is not null and r.id is null, 'withheld', e.why)
           from expected e join agencies a on a.id = e.agency_id left join kept r on r.id = e.report_id
           order by a.agency_key, e.year"""
    )
    while batch := cursor.fetchmany(50_000):
        yield batch
