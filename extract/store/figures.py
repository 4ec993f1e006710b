"""The numbers of many readings at once, by the form's keys, from the wide tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract.across.levels import KEYS
from extract.across.years import needed_keys
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

_DISCLOSURE = (*DISCLOSURE, *DISCLOSURE_2019)


def figures(db: Database, reading_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By reading, those of its numbers that are compared across reports; a number that is not stated is left out."""
    wanted = {*needed_keys(), *KEYS}
    found: dict[int, dict[str, Any]] = {}
    asked = json.dumps(list(reading_ids))
    for table, row, columns, key in (
        ("reading_disclosure", "''", _DISCLOSURE, "disclosure.{column}"),
        ("reading_requests", "applicant", REQUESTS, "requests.{column}.{row}"),
        ("reading_disputes", "route", DISPUTES, "disputes.{row}_{column}"),
    ):
        needed = [name for name in columns if any(_names(each, table, name) for each in wanted)]
        sql = (
            f"select t.reading_id, {row}, {', '.join(needed)} from json_each(?) w "
            f"cross join {table} t on t.reading_id = w.value"
        )
        for reading_id, of, *values in db.execute(sql, [asked]):
            numbers = found.setdefault(reading_id, {})
            for column, value in zip(needed, values, strict=True):
                if value is not None:
                    numbers[key.format(column=column, row=of)] = value
    return found


def _names(key: str, table: str, column: str) -> bool:
    kind, _, rest = key.partition(".")
    if not table.endswith(kind):
        return False
    return rest.split(".")[0] == column if kind != "disputes" else rest.endswith(f"_{column}")
