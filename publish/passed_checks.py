"""Which sums of the form a cell is part of that came out right, or could not be tested.

The database keeps a failed check with its cells, and only counts the others: which cells they were about follows from
the form's identities. Where what is counted leaves open how a test came out, nothing is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from extract.forms import Form, FormTable, Identity
    from extract.records import Verdict
    from publish.site import Row


def not_failed(
    form: Form, cell: Row, printed: Collection[str], findings: Sequence[Row]
) -> Iterator[tuple[Identity, Verdict]]:
    """The identities with this cell as a term that passed or were not assessable, in the form's order.

    ``cell``: a row of the view ``cells``. ``printed``: keys of all cells of the report. ``findings``: rows of the table
    of that name, all of the reading. Identities between two years are left out: no finding of one reading is of them.
    """
    for identity in form.identities:
        subject = None if identity.previous else _subject(identity, form, cell["key"], printed)
        verdict = _verdict(identity.id, subject, findings, has_number=cell["value"] is not None) if subject else None
        if verdict:
            yield identity, verdict


def _verdict(check: str, subject: str, findings: Sequence[Row], *, has_number: bool) -> Verdict | None:
    """What the finding of this test says, or all that stand for several tests and may be about it.

    A finding that stands for one test names what it is about; one that stands for several does not.
    """
    of_check = [row for row in findings if row["check_id"] == check]
    told = {row["verdict"] for row in of_check if row["subject"] == subject}
    told = told or {row["verdict"] for row in of_check if not row["subject"]}
    if told == {"pass"} and has_number:
        return "pass"
    if told == {"not_assessable"} or ("not_assessable" in told and not has_number):
        return "not_assessable"
    return None


def _subject(identity: Identity, form: Form, key: str, printed: Collection[str]) -> str | None:
    """What the test of the identity that has the cell as a term is called in findings; None if no test has it."""
    table_key, _, name = key.partition(".")
    if identity.table != table_key:
        return None
    table, terms = form.table(table_key), [term.removeprefix("-") for term in (*identity.left, *identity.right)]
    if identity.for_each == "once":
        return _row_or_route(terms[0], table) if name in terms else None
    row, _, column = name.rpartition(".")
    if identity.for_each == "rows":
        return row if column in terms and row in _printed_rows(table, printed) else None
    return column if _is_term(row, terms, table, printed) else None


def _row_or_route(term: str, table: FormTable) -> str:
    """The row that a term stands in; in table 3, a single line, its route."""
    key = f"{table.key}.{term}"
    row = next((row.key for row in table.rows for cell in row.cells if cell.key == key), table.key)
    return row if row != table.key else term.rpartition("_")[0]


def _printed_rows(table: FormTable, printed: Collection[str]) -> set[str]:
    return {row.key for row in table.rows if row.cells[0].key in printed}


def _is_term(row_key: str, terms: Sequence[str], table: FormTable, printed: Collection[str]) -> bool:
    """Whether a row counts in a sum over rows: one that is printed instead of others replaces them."""
    there = _printed_rows(table, printed)
    instead = {row.key: row.instead_of for row in table.rows if row.instead_of and row.key in there}
    if row_key in instead and not set(terms).isdisjoint(instead[row_key]):
        return True
    replaced = {key for keys in instead.values() for key in keys}
    return row_key in terms and row_key in there and row_key not in replaced
