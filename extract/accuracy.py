"""What was published of samples that people read (config/accuracy/*.json) -> rows for the table ``accuracy``.

``gongkai sample --take`` writes those files; each is a sample whole, with counts, intervals and every answer. A row is
a stratum of one sample, or several together, where ``all`` stands for a format, band or state.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
COLUMNS = {
    "format": str,
    "band": str,
    "state": str,
    "drawn": int,
    "agreed": int,
    "wrong": int,
    "rate": float,
    "low": float,
    "high": float,
    "sampled_on": str,
    "reader": str,
}
"""The columns, in order. ``agreed``: by both readers at first. ``rate`` of wrong cells, 0 to 1, weighted to the whole,
with its interval of 95 %; null where nothing could be judged. ``reader``: the version that read."""
_MAY_BE_NULL = frozenset({"rate"})


class AccuracyError(Exception):
    """A file of config/accuracy is none that ``gongkai sample --take`` wrote; names it and what is wrong."""


def accuracy_rows(folder: Path) -> list[dict[str, Any]]:
    """A row for each stratum and each group of strata of every published sample, oldest first.

    A folder that is not there holds none.

    Raises:
        AccuracyError: a file is damaged or was changed by hand, or two samples are of one day, which is a row's key.
    """
    paths: dict[str, Path] = {}
    rows = []
    for path in sorted(folder.glob("*.json")):
        found = _rows(path)
        for day in {row["sampled_on"] for row in found}:
            if paths.setdefault(day, path) is not path:
                raise AccuracyError(f"{paths[day]} and {path} were drawn on one day; keep one of them here")
        rows += found
    return rows


def published(path: Path) -> dict[str, Any]:
    """A published sample, whole.

    Raises:
        AccuracyError: see there.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
        made_as, rates = told["format"], [dict(rate) for rate in told["rates"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AccuracyError(f"{path}: damaged ({error}); take the sample again: gongkai sample --take") from error
    if made_as != FORMAT:
        raise AccuracyError(f"{path}: of format {made_as}, which this version does not know; update gongkai")
    return {**told, "rates": rates}


def _rows(path: Path) -> list[dict[str, Any]]:
    told = published(path)
    rows = [
        {name: {**rate, "sampled_on": told.get("drawn_on")}.get(name) for name in COLUMNS} for rate in told["rates"]
    ]
    for row in rows:
        for name, kind in COLUMNS.items():
            is_so = isinstance(row[name], (int, float) if kind is float else kind)
            if not is_so and not (row[name] is None and name in _MAY_BE_NULL):
                message = f"{path}: {name} is {row[name]!r}; take the sample again: gongkai sample --take"
                raise AccuracyError(message)
    return rows
