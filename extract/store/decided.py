"""What people decided, in the database: rows of their decisions, and nothing left of what is withheld."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract.store.load import insert_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlite_utils import Database


def forget(db: Database, originals: Collection[str] | None) -> int:
    """Take away what was read of these originals (None: of all), so that they are read anew; how many readings went.

    What hangs on a reading goes with it; reports are derived again. Pages are overwritten (secure_delete), or a copy
    of the database would still hold the text.
    """
    db.execute("pragma secure_delete = on")
    if originals is not None:
        db.execute("create temp table if not exists forgotten (sha256 text primary key)")
        db.execute("delete from forgotten")
        db.conn.executemany("insert or ignore into forgotten values (?)", [(sha256,) for sha256 in originals])
    chosen = "" if originals is None else " where sha256 in (select sha256 from forgotten)"
    count = int(db.execute(f"select count(*) from readings{chosen}").fetchone()[0])
    _take_away(db, "readings", f"id in (select id from readings{chosen})")
    db.execute(f"update documents set text = null{chosen}")
    return count


def note_corrected(db: Database, sha256: str, member: str, reader: str, as_read: str) -> None:
    """Note which reading a corrected one corrects: that of the reader ``as_read``."""
    db.execute(
        "update readings set corrects = (select r.id from readings r where r.sha256 = ? and r.member = ? "
        "and r.reader = ?) where sha256 = ? and member = ? and reader = ?",
        [sha256, member, as_read, sha256, member, reader],
    )


def has_corrected(db: Database, sha256: str, member: str) -> bool:
    """Whether a document has a corrected reading."""
    return bool(_corrected(db, sha256, member))


def forget_corrected(db: Database, sha256: str, member: str) -> int:
    """Take away the corrected readings of a document; how many went. What the reader read stays."""
    ids = _corrected(db, sha256, member)
    for reading_id in ids:
        db.execute(
            "update reports set numbers_reading_id = current_reading_id where numbers_reading_id = ?", [reading_id]
        )
        _take_away(db, "readings", f"id = {reading_id}")
    return len(ids)


def _corrected(db: Database, sha256: str, member: str) -> list[int]:
    sql = "select id from readings where sha256 = ? and member = ? and corrects is not null"
    return [int(reading_id) for (reading_id,) in db.execute(sql, [sha256, member])]


def count_refused(db: Database) -> int:
    """How many corrections have no effect because they do not fit; the reason of each is in its row."""
    return int(db.execute("select count(*) from corrections where status = 'refused'").fetchone()[0])


def received(db: Database, digests: Collection[str]) -> set[str]:
    """Those of these originals that were ever received."""
    rows = db.execute(
        "select c.sha256 from json_each(?) w cross join captures c on c.sha256 = w.value", [json.dumps(sorted(digests))]
    )
    return {sha256 for (sha256,) in rows}


def known_documents(db: Database, report_keys: Collection[str]) -> dict[tuple[str, str], str]:
    """The documents (sha256, member) of these reports, each to its report's key.

    A page that also leads to other reports, and has no numbers itself, is left out: those would lose it.
    """
    rows = db.execute(
        "select d.sha256, d.member, r.report_key, d.role = 'page' and g.numbers = 0 from report_documents d "
        "join reports r on r.id = d.report_id join readings g on g.id = d.reading_id"
    )
    keys: dict[tuple[str, str], set[str]] = {}
    covers: set[tuple[str, str]] = set()
    for sha256, member, key, is_cover in rows:
        keys.setdefault((sha256, member), set()).add(key)
        if is_cover:
            covers.add((sha256, member))
    wanted = set(report_keys)
    return {
        document: min(of & wanted)
        for document, of in keys.items()
        if of & wanted and (of <= wanted or document not in covers)
    }


def documents_of_reports(db: Database, report_keys: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """By report_key, its documents (sha256, member); a key that no report has is left out."""
    found: dict[str, set[tuple[str, str]]] = {}
    for key in report_keys:
        documents = db.execute(
            "select sha256, member from report_documents d join reports r on r.id = d.report_id where report_key = ?",
            [key],
        ).fetchall()
        if documents:
            found[key] = {(sha256, member) for sha256, member in documents}
    return found


def read_before(
    db: Database, sha256: str, keys: Collection[str]
) -> dict[str, dict[str, dict[str, tuple[str, float | None]]]]:
    """What earlier readings of that original say in these cells: state and value by member, reader and key."""
    found: dict[str, dict[str, dict[str, tuple[str, float | None]]]] = {}
    for key in keys:
        for member, reader, state, value in db.execute(
            "select r.member, r.reader, c.state, c.value from readings r join cells c on c.reading_id = r.id "
            "where r.sha256 = ? and c.key = ?",
            [sha256, key],
        ):
            found.setdefault(member, {}).setdefault(reader, {})[key] = state, value
    return found


def replace_rows(db: Database, table: str, rows: Sequence[Mapping[str, Any]], **where: str) -> None:
    """The table with these rows in place of those it had, or of those that ``where`` names."""
    chosen = " and ".join(f"{name} = ?" for name in where) or "true"
    db.execute(f"delete from {table} where {chosen}", list(where.values()))
    insert_all(db, table, rows)


def _take_away(db: Database, table: str, chosen: str) -> None:
    """Delete rows, those that refer to them first; what refers is told by the schema itself."""
    for other, column, referred in _referring(db, table):
        _take_away(db, other, f"{column} in (select {referred} from {table} where {chosen})")
    db.execute(f"delete from {table} where {chosen}")


def _referring(db: Database, table: str) -> list[tuple[str, str, str]]:
    """Tables that refer to this one by a foreign key, or by a column's name: name, column, the column referred to."""
    names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
    found = {
        (name, f'"{row[3]}"', str(row[4] or "id"))
        for name in names
        for row in db.execute(f'pragma foreign_key_list("{name}")')
        if row[2] == table and name != table
    }
    by_name = f"{table.removesuffix('s')}_id"
    found |= {
        (name, f'"{by_name}"', "id")
        for name in names
        if any(row[1] == by_name for row in db.execute(f'pragma table_info("{name}")'))
    }
    return sorted(found)
