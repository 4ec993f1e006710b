"""changes.parquet: numbers that were altered after publication, what they were and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.columns import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publish.export.source import Source

COLUMNS = (
    Column("report_key", "string", "reports.report_key"),
    Column("year", "integer", "reports.year"),
    Column("url", "string", "changes.url"),
    Column("key", "string", "changes.key"),
    Column("old_value", "number", "changes.old_value"),
    Column("old_state", "string", "原状态 / state before"),
    Column("old_raw", "string", "原样 / as printed before"),
    Column("new_value", "number", "changes.new_value"),
    Column("new_state", "string", "现状态 / state after"),
    Column("new_raw", "string", "现样 / as printed after"),
    Column("old_last_seen", "string", "原值最后一次见到（UTC） / when the former was last seen (UTC)"),
    Column("seen_at", "string", "changes.seen_at"),
    Column("old_sha256", "string", "原件摘要，改前 / digest of the document before"),
    Column("new_sha256", "string", "原件摘要，改后 / digest of the document after"),
)


def rows(source: Source) -> Iterator[list[tuple[Any, ...]]]:
    """The changes of reports that are not withheld."""
    for after, upto in source.ranges():
        yield source.rows(_CHANGES, after, upto).fetchall()


_CHANGES = """
    select r.report_key, r.year, c.url, c.key, c.old_value, c.old_state, c.old_raw, c.new_value, c.new_state, c.new_raw,
      c.old_last_seen, c.seen_at, o.sha256, n.sha256
    from changes c join kept r on r.id = c.report_id
      left join readings o on o.id = c.old_reading_id left join readings n on n.id = c.new_reading_id
    where c.report_id > ? and c.report_id <= ?
      and not exists (select 1 from withheld where what = 'document' and target in (o.sha256, n.sha256))
    order by r.id, c.url, c.seen_at, c.key, o.sha256, n.sha256"""
