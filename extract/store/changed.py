"""What changed in a derivation, and where: tables of this connection that each step reads and the next ones add to.

``temp.changed``: a report, the body and the year that it was of or is of now; a body alone where its own row or its
links changed. ``temp.areas``: places and years whose totals may come out otherwise. ``temp.neighbourhoods``: kinds of
body, the region above and years within which prose is compared anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from extract.store.basis import Basis

_CHANGED = "(select distinct agency_id, year from temp.changed where agency_id is not null) c"
_DEPARTMENTS = """
    select distinct a.region_id from temp.changed c join agencies a on a.id = c.agency_id
    where a.kind = 'department' and a.region_id is not null"""


def begin(db: Database) -> None:
    """Nothing changed yet."""
    for table, columns in (
        ("changed", "report_id integer, agency_id integer, year integer"),
        ("areas", "region_id text, year integer, primary key (region_id, year)"),
        ("neighbourhoods", "kind text, parent_id text, year integer, primary key (kind, parent_id, year)"),
    ):
        db.execute(f"drop table if exists temp.{table}")  # our names
        db.execute(f"create temp table {table} ({columns})")


def note_bodies(db: Database, agencies: set[int]) -> None:
    """Bodies whose rows or links changed."""
    rows = ((agency,) for agency in sorted(agencies))
    db.conn.executemany("insert into temp.changed (report_id, agency_id, year) values (null, ?, null)", rows)


def note_places(db: Database, basis: Basis) -> None:
    """Where the bodies that changed are, as their rows stand; to be asked before a row goes or changes, and after.

    Where all departments of a place are known, one more or less of them counts in every year.
    """
    db.execute(
        f"""insert or ignore into temp.areas select a.region_id, c.year from {_CHANGED}
            join agencies a on a.id = c.agency_id where a.region_id is not null and c.year is not null"""
    )
    db.execute(
        f"""insert or ignore into temp.neighbourhoods select a.kind, g.parent_id, c.year from {_CHANGED}
            join agencies a on a.id = c.agency_id join regions g on g.id = a.region_id
            where c.year is not null and g.parent_id is not null"""
    )
    if not basis.decided.complete:
        return
    known = [
        (place, basis.decided.complete[place])
        for (place,) in db.execute(_DEPARTMENTS)
        if place in basis.decided.complete
    ]
    (last,) = db.execute("select max(year) from reports").fetchone()
    db.conn.executemany(
        "insert or ignore into temp.areas values (?, ?)",
        ((place, year) for place, first in known for year in range(first, (last or 0) + 1)),
    )
