"""What follows from the rows that were loaded: reports, agencies, changes, comparisons, who should have reported.

Only what something new was stored for is derived again; where the code, the forms or a decision changed, everything is.
One transaction: those who read see it all or nothing of it, and a death in between costs nothing but the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.forms import load_forms
from extract.store import agencies, codebook, comparisons, expected, regions, rollups, search_index, sites
from extract.store.leads import Until, is_any_not_had, note_seen, now, seen_until, touched
from extract.store.reports import write_reports

if TYPE_CHECKING:
    from sqlite_utils import Database

    from extract.store.basis import Basis

_DERIVED = (
    "expected", "rollups", "report_prints", "comparison_failures", "comparisons", "changes", "agency_evidence",
    "report_documents", "report_leads", "lead_addresses", "leads", "reports", "agency_links", "agency_names",
    "agencies",
)  # fmt: skip
_FIRST_CAPTURES = """
    update documents set first_capture_id = coalesce((
      select id from captures c where c.sha256 = documents.sha256 and failure is null and truncated = 0
      order by fetched_at, site_id, url, record_id limit 1), first_capture_id)
    where sha256 in (select sha256 from captures where id > ? union select sha256 from readings where id > ?)"""


def find_leads(db: Database, basis: Basis) -> list[int]:
    """The leads for which something new was stored since the last derivation; what hangs on them may be unread.

    Those too whose document the archive did not give: it is asked for again each time.
    """
    since, until = seen_until(db), now(db, basis.digest)
    with db.atomic():
        return touched(db, since, until) if since != until or is_any_not_had(db) else []


def derive(db: Database, basis: Basis) -> int:
    """Bring what is derived up to date; how many leads were looked at."""
    since, until = seen_until(db), now(db, basis.digest)
    if since == until:
        return 0
    anew = since.basis != until.basis
    known = Until() if anew else since
    with db.atomic():
        if anew:
            _begin_anew(db, basis)
        leads = touched(db, since, until)
        db.execute(_FIRST_CAPTURES, [known.captures, known.readings])
        write_reports(db, leads)
        now_there = sites.standings(db)
        before = {} if anew else sites.seen(db)
        agencies.assign(db, basis, agencies.of_other_sites(db, before, now_there))
        agencies.settle(db, basis)
        expected.add_governments(db, basis, before, now_there)
        agencies.link(db, basis)
        expected.expect(db, basis, before, now_there, anew=anew)
        comparisons.compare(db, basis)
        rollups.roll_up_changed(db, basis)
        sites.note_seen(db, now_there)
        note_seen(db, until)
    return len(leads)


def _begin_anew(db: Database, basis: Basis) -> None:
    """Empty what is derived; every lead is looked at again."""
    search_index.clear(db)
    for table in _DERIVED:
        db.execute(f"delete from {table}")  # our names
    codebook.load_forms(db, [form for form in load_forms() if form.tables])
    regions.load_regions(db, basis.divisions)
