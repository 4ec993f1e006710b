"""The numbers of many readings at once, by the form's keys, from the wide tables."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from extract.across.levels import KEYS
from extract.across.years import needed_keys
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database


def figures(db: Database, reading_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By reading, those of its numbers that are compared across reports; a number that is not stated is left out."""
    found: dict[int, dict[str, Any]] = {}
    asked = json.dumps(list(reading_ids))
    for table, row, columns, key in _needed():
        sql = (
            f"select t.reading_id, {row}, {', '.join(columns)} from json_each(?) w "
            f"cross join {table} t on t.reading_id = w.value"
        )
        for reading_id, of, *values in db.execute(sql, [asked]):
            numbers = found.setdefault(reading_id, {})
            for column, value in zip(columns, values, strict=True):
                if value is not None:
                    numbers[key.format(of=of, column=column)] = value
    return found


@cache
def _needed() -> tuple[tuple[str, str, tuple[str, ...], str], ...]:
    """Of each wide table: what names its row, the columns that some comparison needs, and how a key is made of both."""
    wanted = [key.split(".") for key in (*needed_keys(), *KEYS)]
    disclosed = {rest[0] for table, *rest in wanted if table == "disclosure"}
    requested = {rest[0] for table, *rest in wanted if table == "requests"}
    disputed = {rest[0].rpartition("_")[2] for table, *rest in wanted if table == "disputes"}
    return (
        ("reading_disclosure", "''", _of(disclosed, *DISCLOSURE, *DISCLOSURE_2019), "disclosure.{column}"),
        ("reading_requests", "applicant", _of(requested, *REQUESTS), "requests.{column}.{of}"),
        ("reading_disputes", "route", _of(disputed, *DISPUTES), "disputes.{of}_{column}"),
    )


def _of(wanted: set[str], *columns: str) -> tuple[str, ...]:
    return tuple(name for name in columns if name in wanted)
