"""What is compared across reports: documents of one report, successive years of one body, prose of neighbours.

Failures are rows. Of what passed, or could not be tested, a report keeps the count and the reason, as json: most checks
pass, and there are hundreds of thousands of reports.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from extract.across.copies import bare, compare_with_last_year, compare_with_neighbours, fingerprint
from extract.across.documents import compare_documents
from extract.across.years import YearNumbers, compare_year_numbers
from extract.store.figures import figures
from extract.store.rows import plain
from extract.store.wanted import batched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from extract.across.findings import ReportFinding
    from extract.store.basis import Basis

_Result = tuple[int, str, int | None, "Sequence[ReportFinding]"]
"""A report, the basis it is compared on, the other report, and what was found."""

_CHANGED = "select distinct agency_id from temp.changed where agency_id is not null order by 1"
_WITH_TWINS = """
    select p.report_id, p.reading_id, p.url, min((p.role <> 'page') || p.url), p.role
    from (select distinct report_id from temp.changed) c join report_documents p on p.report_id = c.report_id
      join readings d on d.id = p.reading_id and d.numbers > 0
    where p.role <> 'edition' group by p.report_id, p.reading_id
    order by p.report_id, p.role = 'page' desc, p.url, p.sha256, p.member"""
_OF_AGENCIES = """
    select r.id, r.agency_id, r.year, r.form, r.scope, r.site_id, r.numbers_reading_id, r.current_reading_id
    from reports r where r.agency_id in (select value from json_each(?)) and r.year is not null
    order by r.agency_id, r.year, r.report_key"""
_LINKED = """
    select b.id, a.id, l.kind from json_each(?) w
      join agencies b on b.id = w.value join agency_links l on l.to_key = b.agency_key
      join agencies a on a.agency_key = l.from_key order by b.id, a.id"""
_OVERVIEW = "select text from sections where reading_id = ? and key = 'overview'"
_ROLES = {"page": "网页", "attachment": "附件", "twin": "附件"}


def compare(db: Database, basis: Basis) -> None:
    """Compare anew whatever a changed report takes part in."""
    _compare_documents(db)
    _note_prints(db, basis)
    for piece in batched([agency for (agency,) in db.execute(_CHANGED)], 500):
        _compare_years(db, piece)
    _compare_neighbours(db, basis)


def _compare_documents(db: Database) -> None:
    results: list[_Result] = []
    for report_id, alike in groupby(db.execute(_WITH_TWINS).fetchall(), key=itemgetter(0)):
        first, *others = alike
        if not others:
            continue
        cells = {reading: _cells(db, reading) for _, reading, *_ in (first, *others)}
        found: list[ReportFinding] = []
        for other in others:
            names = _ROLES.get(first[-1], "原件"), f"{_ROLES.get(other[-1], '原件')} {other[2].rpartition('/')[2]}"
            found += compare_documents(cells[first[1]], cells[other[1]], names).findings
        results.append((report_id, "documents", None, found))
    _store(db, results)


def _cells(db: Database, reading_id: int) -> dict[str, tuple[Any, Any, str]]:
    rows = db.execute("select key, value, state, raw from cells where reading_id = ?", [reading_id])
    return {key: (value, state, raw) for key, value, state, raw in rows}


def _note_prints(db: Database, basis: Basis) -> None:
    """The fingerprint of each changed report's first section, without the names of its place."""
    rows = db.execute(
        """select distinct r.id, r.current_reading_id, r.issuer_printed, a.region_id
           from temp.changed c join reports r on r.id = c.report_id left join agencies a on a.id = r.agency_id"""
    )
    db.conn.executemany(
        "insert into report_prints (report_id, print) values (?, ?) on conflict do update set print = excluded.print",
        [
            (number, fingerprint(bare(_overview(db, reading), _names(basis, issuer, region))))
            for number, reading, issuer, region in rows.fetchall()
        ],
    )


def _overview(db: Database, reading_id: int) -> str:
    row = db.execute(_OVERVIEW, [reading_id]).fetchone()
    return row[0] if row else ""


def _names(basis: Basis, issuer: str, region_id: str | None) -> list[str]:
    place = basis.divisions.get(region_id) if region_id else None
    return [issuer, *(basis.divisions.path(place) if place else ())]


def _compare_years(db: Database, agencies: Sequence[int]) -> None:
    """Each report of these agencies with the one of the year before, of the agency itself or of one it follows.

    A report of an agency that others follow is compared from their side, too.
    """
    followers = _followers(db, agencies)
    whole = sorted({*agencies, *followers})
    before: dict[int, list[tuple[int, str]]] = {}
    for agency, earlier, kind in db.execute(_LINKED, [json.dumps(whole)]):
        before.setdefault(agency, []).append((earlier, kind))
    everyone = sorted({*whole, *(earlier for linked in before.values() for earlier, _ in linked)})
    reports: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for row in db.execute(_OF_AGENCIES, [json.dumps(everyone)]):
        reports.setdefault((row[1], row[2]), []).append(row)
    numbers = figures(db, [row[6] for rows in reports.values() for row in rows])
    prints = _prints(db, [row[0] for rows in reports.values() for row in rows])
    results: list[_Result] = []
    looked_at = set(whole)
    for (agency, year), rows in sorted(reports.items()):
        if agency not in looked_at:
            continue
        for report in rows:
            earlier, link = _year_before(report, agency, year, reports, before)
            found = []
            if earlier is not None:
                found = [*_numbers_of_years(report, earlier, link, numbers), _prose(db, report, earlier, prints)]
            results.append((report[0], "years", earlier[0] if earlier else None, found))
    _store(db, results)


def _followers(db: Database, agencies: Sequence[int]) -> list[int]:
    rows = db.execute(
        """select b.id from json_each(?) w join agencies a on a.id = w.value
           join agency_links l on l.from_key = a.agency_key join agencies b on b.agency_key = l.to_key""",
        [json.dumps(list(agencies))],
    )
    return [agency for (agency,) in rows]


def _year_before(
    report: tuple[Any, ...],
    agency: int,
    year: int,
    reports: dict[tuple[int, int], list[tuple[Any, ...]]],
    before: dict[int, list[tuple[int, str]]],
) -> tuple[tuple[Any, ...] | None, str]:
    """The report of the year before, and the kind of link to its agency; none where several might be meant."""
    candidates = [(row, "") for row in reports.get((agency, year - 1), ())]
    if not candidates:
        candidates = [
            (row, kind) for earlier, kind in before.get(agency, ()) for row in reports.get((earlier, year - 1), ())
        ]
    scope, site = report[4], report[5]
    of_scope = [pair for pair in candidates if pair[0][4] == scope]
    for fitting in ([pair for pair in of_scope if pair[0][5] == site], of_scope, candidates):
        if len(fitting) == 1:
            return fitting[0]
    return None, ""


def _numbers_of_years(
    report: tuple[Any, ...], earlier: tuple[Any, ...], link: str, numbers: dict[int, dict[str, Any]]
) -> Iterable[ReportFinding]:
    now, then = (YearNumbers(row[2], row[3], row[4] or "", numbers.get(row[6], {})) for row in (report, earlier))
    return compare_year_numbers(now, then, link)


def _prose(db: Database, report: tuple[Any, ...], earlier: tuple[Any, ...], prints: dict[int, bytes]) -> ReportFinding:
    def texts() -> tuple[str, str]:
        return bare(_overview(db, report[7])), bare(_overview(db, earlier[7]))

    return compare_with_last_year(prints.get(report[0], b""), prints.get(earlier[0], b""), texts)


def _prints(db: Database, reports: Sequence[int]) -> dict[int, bytes]:
    return dict(
        db.execute(
            "select p.report_id, p.print from json_each(?) w cross join report_prints p on p.report_id = w.value",
            [json.dumps(list(reports))],
        )
    )


def _compare_neighbours(db: Database, basis: Basis) -> None:
    """Within each group of neighbours that a changed report belongs to: one kind, one region above, one year."""
    groups = db.execute("select kind, parent_id, year from temp.neighbourhoods order by 1, 2, 3").fetchall()
    for kind, parent, year in groups:
        rows = db.execute(
            """select r.report_key, r.id, r.current_reading_id, r.issuer_printed, a.region_id, p.print, a.id
               from regions g join agencies a on a.region_id = g.id and a.kind = ?
               join reports r on r.agency_id = a.id and r.year = ? join report_prints p on p.report_id = r.id
               where g.parent_id = ? order by 1""",
            [kind, year, parent],
        ).fetchall()
        speaking: dict[int, tuple[Any, ...]] = {}
        for row in rows:
            speaking.setdefault(row[6], row)  # a body's second report of the year is not its neighbour's
        seconds = [row for row in rows if speaking[row[6]] is not row]
        _store(db, [(row[1], "neighbours", None, ()) for row in seconds])
        _within(db, basis, {row[0]: row for row in speaking.values()})


def _within(db: Database, basis: Basis, rows: dict[str, tuple[Any, ...]]) -> None:
    def text_of(key: str) -> str:
        _, _, reading, issuer, region, *_ = rows[key]
        return bare(_overview(db, reading), _names(basis, issuer, region))

    found = compare_with_neighbours({key: row[5] for key, row in rows.items()}, text_of)
    _store(
        db,
        [(rows[key][1], "neighbours", rows[other][1] if other else None, [finding]) for key, other, finding in found],
    )


def _store(db: Database, results: Sequence[_Result]) -> None:
    """Replace what these comparisons said before of their reports."""
    for table in ("comparisons", "comparison_failures"):
        db.conn.executemany(
            f"delete from {table} where report_id = ? and basis = ?",  # our names
            (result[:2] for result in results),
        )
    db.conn.executemany(
        "insert into comparisons (report_id, basis, other_report_id, passed, not_assessable) values (?, ?, ?, ?, ?)",
        ((*about, *_counts(found)) for *about, found in results if found),
    )
    db.conn.executemany(
        "insert into comparison_failures (report_id, basis, position, check_id, subject, severity, left_value, "
        "right_value, keys, message, reason, cautions) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row for report_id, basis, _, found in results for row in _failures(report_id, basis, found)),
    )


def _counts(found: Sequence[ReportFinding]) -> tuple[str | None, str | None]:
    """How often each check passed, and why others were not assessable."""
    passed = Counter(each.check for each in found if each.verdict == "pass")
    untested = {each.check: each.code for each in found if each.verdict == "not_assessable"}
    return _json(passed), _json(untested)


def _failures(report_id: int, basis: str, found: Sequence[ReportFinding]) -> Iterator[tuple[Any, ...]]:
    failed = (each for each in found if each.verdict == "fail")
    for position, each in enumerate(failed):
        yield (
            report_id, basis, position, each.check, each.subject or None, each.severity, _plain(each.left),
            _plain(each.right), json.dumps(each.keys) if each.keys else None, each.message or None, each.code or None,
            json.dumps(each.cautions) if each.cautions else None,
        )  # fmt: skip


def _plain(value: Any) -> int | float | None:
    return value if isinstance(value, float) else plain(value)


def _json(counts: dict[str, Any]) -> str | None:
    return json.dumps(counts, sort_keys=True, separators=(",", ":")) if counts else None
