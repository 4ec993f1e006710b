"""requests_by_applicant.csv: one row a report and kind of applicant, no row of totals: these may be added up."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from publish.export.columns import Column
from publish.export.panel_csv import ENCODING, plain
from publish.export.source import columns_of

if TYPE_CHECKING:
    from pathlib import Path

    from publish.export.source import Source

ABOUT = (
    Column("report_key", "string", "reports.report_key"),
    Column("agency_key", "string", "agencies.agency_key"),
    Column("issuer_printed", "string", "reports.issuer_printed"),
    Column("year", "integer", "reports.year"),
    Column("form", "string", "readings.form"),
    Column("scope", "string", "reports.scope"),
    Column("applicant", "string", "requests.applicant"),
)
ORDER = ("natural_person", "enterprise", "research", "social_org", "legal_service", "other_org")


def columns(source: Source) -> tuple[Column, ...]:
    """What is said of the report, then the rows of table 2 under their long names, in the order of the form."""
    return (*ABOUT, *(Column(name, "integer", f"requests.{name}") for name in _rows_of_form(source)))


def write_applicants(path: Path, source: Source) -> int:
    """Write the file; the number of its rows."""
    names = _rows_of_form(source)
    numbers = ", ".join(f'w."{name}"' for name in names)
    order = " ".join(f"when '{applicant}' then {place}" for place, applicant in enumerate(ORDER))
    sql = f"""
        select r.report_key, a.agency_key, r.issuer_printed, r.year, d.form, r.scope, w.applicant, {numbers}
        from kept r join reading_requests w on w.reading_id = r.numbers_id and w.applicant <> 'total'
          join readings d on d.id = r.numbers_id left join agencies a on a.id = r.agency_id
        where r.id > ? and r.id <= ? order by r.id, case w.applicant {order} end"""  # noqa: S608  # our names
    count = 0
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in columns(source)])
        for after, upto in source.ranges():
            rows = source.rows(sql, after, upto).fetchall()
            writer.writerows((*map(plain, row[: len(ABOUT)]), *row[len(ABOUT) :]) for row in rows)
            count += len(rows)
    return count


def _rows_of_form(source: Source) -> list[str]:
    return [name for name in columns_of(source, "reading_requests") if name not in ("reading_id", "applicant")]
