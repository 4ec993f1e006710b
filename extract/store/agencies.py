"""Which body published a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def assign(db: Database) -> None:
    """The agency that the registry names for this site, if the report names exactly that one; else nobody knows yet."""
    named = """from temp.changed c join reports r on r.id = c.report_id
        join sites s on s.id = r.site_id and s.agency = r.issuer_printed"""
    db.execute(
        f"""insert into agencies (agency_key, name, level)
            select distinct r.site_id || ':' || r.issuer_printed, r.issuer_printed, s.level {named}
            where true on conflict do nothing"""
    )
    db.execute(
        """update reports set agency_id = (
             select a.id from agencies a join sites s on s.id = reports.site_id and s.agency = reports.issuer_printed
             where a.agency_key = reports.site_id || ':' || reports.issuer_printed)
           where id in (select report_id from temp.changed)"""
    )
    db.execute(
        """update reports set agency_status = case when agency_id is null then 'unknown' else 'resolved' end
           where id in (select report_id from temp.changed)"""
    )
