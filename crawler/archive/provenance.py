"""Where local documents came from and when, as far as anyone said: from options, or from a manifest (CSV)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.archive.errors import ArchiveError
from crawler.archive.exchange import UNSAFE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ADDRESS = re.compile(r"(?:https?|ftp)://[^/]+|urn:.+", re.IGNORECASE)


class IngestError(ArchiveError):
    """The manifest or the options cannot be used; nothing was taken."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is stated of one document; empty where nobody said. Dates are ISO 8601, ``retrieved_at`` in UTC."""

    source_url: str = ""
    retrieved_at: str = ""
    title: str = ""
    publisher: str = ""
    published_on: str = ""

    def checked(self) -> Provenance:
        """The same with ``retrieved_at`` in UTC.

        Raises:
            ValueError: an address or a date is none.
        """
        if self.source_url and (UNSAFE.search(self.source_url) or not _ADDRESS.match(self.source_url)):
            raise ValueError(f"source_url is no address (http://... without spaces): {self.source_url!r}")
        if self.published_on:
            _date(self.published_on)
        return replace(self, retrieved_at=utc(self.retrieved_at)) if self.retrieved_at else self


def utc(stated: str) -> str:
    """A time in UTC, ``Z`` at its end. One without an offset is UTC already, and a day is its first second.

    >>> utc("2024-01-05T08:00:00+08:00"), utc("2024-01-05")
    ('2024-01-05T00:00:00Z', '2024-01-05T00:00:00Z')

    Raises:
        ValueError: it is no ISO 8601 date or time.
    """
    try:
        when = dt.datetime.fromisoformat(stated)
    except ValueError as error:
        raise ValueError(f"no time like 2024-01-05T08:00:00+08:00 or 2024-01-05: {stated!r}") from error
    when = when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    return when.isoformat().replace("+00:00", "Z")


def _date(stated: str) -> dt.date:
    try:
        return dt.date.fromisoformat(stated)
    except ValueError as error:
        raise ValueError(f"published_on is no date like 2024-01-05: {stated!r}") from error


def read_manifest(path: Path) -> Mapping[Path, Provenance]:
    """Absolute path -> provenance. Paths in the file are relative to it; only the column ``path`` must be there.

    Raises:
        IngestError: it is no such table, or names a document twice or not at all.
    """
    rows = csv.DictReader(io.StringIO(_text(path), newline=""))
    if "path" not in (rows.fieldnames or ()):
        there = ", ".join(rows.fieldnames or ["none"])
        raise IngestError(f"{path}: a manifest needs a column 'path' (and source_url, retrieved_at); it has {there}")
    stated: dict[Path, Provenance] = {}
    for number, name, provenance in _rows(rows):
        document = (path.parent / name).resolve()
        if not name or document in stated:
            raise IngestError(f"{path}, line {number}: " + (f"{name} is named twice" if name else "no path"))
        stated[document] = provenance
    return stated


def _rows(rows: csv.DictReader[str]) -> Iterator[tuple[int, str, Provenance]]:
    names = ("source_url", "retrieved_at", "title", "publisher", "published_on")
    for row in rows:
        fields = {name: (row.get(name) or "").strip() for name in ("path", *names)}
        yield rows.line_num, fields.pop("path"), Provenance(**fields)


def _text(path: Path) -> str:
    """UTF-8, or GB18030 as spreadsheet programs in China save it."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise IngestError(f"{path}: neither UTF-8 nor GB18030; save the manifest as CSV UTF-8")
