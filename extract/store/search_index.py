"""The full-text index of reports: titles, issuers and sections, single characters apart. It follows each report.

The index keeps no text (contentless FTS5), so that a row can only be taken out by giving the very words it was made of:
they come from the report's row and its reading, which stand until the new ones are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.search_text import unigrams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

_TITLE = "select title, issuer_printed, current_reading_id from reports where id = ?"
_SECTIONS = "select text from sections where reading_id = ? order by key"


def remove(db: Database, number: int) -> None:
    """Take a report out, as it stands in its row."""
    row = _words(db, number)
    db.execute("insert into reports_fts (reports_fts, rowid, title, body) values ('delete', ?, ?, ?)", row)


def add(db: Database, numbers: Sequence[int]) -> None:
    """Take reports in, as they stand in their rows."""
    db.conn.executemany("insert into reports_fts (rowid, title, body) values (?, ?, ?)", _all_words(db, numbers))


def clear(db: Database) -> None:
    """Empty the index."""
    db.execute("insert into reports_fts (reports_fts) values ('delete-all')")


def _all_words(db: Database, numbers: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    return (_words(db, number) for number in numbers)


def _words(db: Database, number: int) -> tuple[int, str, str]:
    title, issuer, reading_id = db.execute(_TITLE, [number]).fetchone()
    body = "\n".join(text for (text,) in db.execute(_SECTIONS, [reading_id]))
    return number, unigrams(f"{title or ''} {issuer}"), unigrams(body)
