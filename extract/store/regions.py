"""The tree of divisions as rows: each with its validity, what it follows, and its codes by the lists that give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from extract.identity.divisions import Divisions


def load_regions(db: Database, divisions: Divisions) -> None:
    """Make the tables of regions anew; a superior stands before its parts."""
    rank = {"province": 0, "prefecture": 1, "county": 2, "township": 3}
    ordered = sorted(divisions.every(), key=lambda division: (rank[division.level], division.id))
    db.execute("delete from region_codes")
    db.execute("update regions set parent_id = null")
    db.execute("delete from regions")
    db.conn.executemany(
        "insert into regions (id, name, kind, level, parent_id, valid_from, valid_to, follows, change) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (d.id, d.name, d.kind, d.level, d.parent or None, d.valid_from, d.valid_to, d.follows or None,
             d.change or None)
            for d in ordered
        ),
    )  # fmt: skip
    db.conn.executemany(
        "insert into region_codes (region_id, scheme, code, first_year, last_year) values (?, ?, ?, ?, ?)",
        ((division.id, *coded) for division in ordered for coded in division.coded()),
    )
