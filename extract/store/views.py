"""Views: the numbers of each report's current reading, and what its checks say, for people who write SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from sqlite_utils import Database

_REPORT = "r.id as report_id, r.report_key, r.issuer_printed, r.year"

VIEWS = {
    "disclosure": f"select {_REPORT}, {', '.join((*DISCLOSURE, *DISCLOSURE_2019))}, procurement_unit "
    "from reports r join reading_disclosure on reading_id = r.current_reading_id",
    "requests": f"select {_REPORT}, applicant, {', '.join(REQUESTS)} "
    "from reports r join reading_requests on reading_id = r.current_reading_id",
    "requests_by_applicant": "select * from requests where applicant <> 'total'",
    "disputes": f"select {_REPORT}, route, {', '.join(DISPUTES)} "
    "from reports r join reading_disputes on reading_id = r.current_reading_id",
    "statistics": f"select {_REPORT}, s.key, s.label, s.unit, s.value, s.cumulative "
    "from reports r join reading_statistics s on s.reading_id = r.current_reading_id",
    "failed_checks": f"""
        select {_REPORT}, f.check_id, f.subject,
          case when c.table_key = 'disputes' then c.group_zh when c.row_key = f.subject then c.row_label_zh
            else c.column_label_zh end as subject_zh,
          f.left_value, f.right_value, coalesce(f.severity, 'error') as severity, f.cause, f.message, f.keys
        from reports r join findings f on f.reading_id = r.current_reading_id and f.verdict = 'fail'
          join readings d on d.id = f.reading_id
          left join form_cells c on c.form = d.form and c.key = json_extract(f.keys, '$[0]')""",
    "report_list": f"""
        select {_REPORT}, r.title, d.form, r.site_id, r.published_on, d.reason,
          (select count(*) from report_documents where report_id = r.id) as documents,
          (select count(*) from cells where reading_id = r.current_reading_id and state = 'number') as numbers_read,
          (select count(*) from findings where reading_id = r.current_reading_id and verdict = 'fail'
            and coalesce(severity, 'error') = 'error') as failed_checks,
          q.received_new, q.outcome_total, p.total as review_total, t.licensing_decisions, t.penalty_decisions
        from reports r join readings d on d.id = r.current_reading_id
          left join reading_requests q on q.reading_id = d.id and q.applicant = 'total'
          left join reading_disputes p on p.reading_id = d.id and p.route = 'review'
          left join reading_disclosure t on t.reading_id = d.id""",
}


def create_views(db: Database) -> None:
    """Make the views as they are in this version; a view holds no data, so it is simply replaced."""
    for name, sql in VIEWS.items():
        db.create_view(name, sql, replace=True)
