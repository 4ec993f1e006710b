"""What deserves a person's look first: one query over archive.db, the heaviest reason first.

A row is one reason to look at one report: what is wrong, how often there, and how much it weighs. Weights: a decision
that somebody made and that has no effect, before a sum that fails and nobody knows why, before readers that disagree,
before an agency that nobody could tell, before numbers that a reader was unsure of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

QUERY = "needs_a_look"
COLUMNS = ("weight", "why", "times", "report_key", "issuer_printed", "year", "example")

_REFUSED = """
  select 100, 'correction refused', count(*), c.report_key, r.issuer_printed, r.year,
    min(c.key || ': ' || coalesce(c.reason, ''))
  from corrections c left join reports r on r.report_key = c.report_key
  where c.status = 'refused' group by c.report_key"""
_PASSAGE = """
  select 90, 'withheld passage not found', count(*), null, null, null, min(sha256)
  from readings where kind = 'other' and reason like 'withheld: %does not find that passage%' group by sha256"""
_FAILED = """
  select 60 + min(count(*), 9), 'sum fails, cause unknown', count(*), report_key, issuer_printed, year,
    min(check_id || ' ' || coalesce(subject, ''))
  from failed_checks where severity = 'error' and coalesce(cause, 'unknown') = 'unknown' group by report_key"""
_DISAGREE = """
  select 50 + min(sum(json_array_length(keys)), 9), 'readers disagree', sum(json_array_length(keys)), report_key,
    issuer_printed, year, min(json_extract(keys, '$[0]'))
  from failed_checks where check_id = 'READERS-DISAGREE' group by report_key"""
_AGENCY = """
  select 40, 'agency ambiguous', 1, report_key, issuer_printed, year, issuer_printed
  from reports where agency_status = 'ambiguous'"""
_UNSURE = """
  select 20 + min(sum(u.times), 19), 'low confidence', sum(u.times), r.report_key, r.issuer_printed, r.year, min(u.key)
  from (
    {cells}
  ) u join reports r on r.current_reading_id = u.reading_id group by r.report_key"""
_CELLS = """select reading_id, key, 1 as times from cells
    where confidence < 0.9 and state in ('number', 'unreadable')"""
# Where whole rows are kept compact, only what is not plain has rows of its own.
_COMPACT = """select reading_id, key, 1 as times from odd_cells
    where confidence < 0.9 and state in ('number', 'unreadable')
    union all
    select reading_id, row_id, json_array_length(printed) from printed_rows
    where confidence < 0.9 and (state is null or state = 'number')"""


def needs_a_look(schema: Mapping[str, Collection[str]]) -> str:
    """The query, of what a database with these tables and columns can answer."""
    parts = [_FAILED, _DISAGREE, _UNSURE.format(cells=_COMPACT if "odd_cells" in schema else _CELLS), _PASSAGE]
    if "status" in schema.get("corrections", ()):
        parts.insert(0, _REFUSED)
    if "agency_status" in schema.get("reports", ()):
        parts.append(_AGENCY)
    found = "\nunion all".join(parts)
    return (
        f"with found ({', '.join(COLUMNS)}) as ({found}\n)\n"
        "select * from found order by weight desc, times desc, report_key, why limit 1000"
    )
