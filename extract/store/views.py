"""Views: the numbers of each report's current reading, and what its checks say, for people who write SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.across.concepts import view_sql
from extract.store.evidence import cells_view
from extract.store.migrations import DISCLOSURE, DISCLOSURE_2019, DISPUTES, REQUESTS

if TYPE_CHECKING:
    from sqlite_utils import Database

_REPORT = (
    "r.id as report_id, r.report_key, r.issuer_printed, r.year, r.agency_id, a.agency_key, a.region_id, r.scope, r.form"
)
_OF = "from reports r left join agencies a on a.id = r.agency_id"
# Which report of a body and year is taken where there are several, and what its figures cover. A government above the
# townships whose report does not say so may state the sum over its departments: nobody knows, and it is not added.
_COVERS = (
    "case when {r}.scope in ('territory', 'level') then {r}.scope "
    "when coalesce({r}.scope, '') = '' and a.kind = 'government' and a.level <> 'township' then 'unsure' else 'own' end"
)
_RANK = "({d}.numbers = 0, {r}.report_key)"

VIEWS = {
    "cells": cells_view(),
    "facts": """
        select f.reading_id, f.position, f.key, f.value, f.raw, f.unit,
          coalesce(f.sentence, substr(o.text, f.sentence_start + 1, f.sentence_end - f.sentence_start)) as sentence,
          f.start, f."end", f.stated_as, f.part_of, f.period, f.scope, f.section, f.approximate
        from reading_facts f join readings d on d.id = f.reading_id
          left join documents o on o.sha256 = d.sha256 and o.member = d.member""",
    "findings": """
        select reading_id, position, check_id, verdict, times, subject, severity, left_value, right_value, keys,
          message, cause, matched, sentence, start, "end"
        from reading_findings
        union all
        select r.id, 1000 + p.id, p.key, 'pass', p.value, null, null, null, null, null, null, null, null, null, null,
          null
        from readings r, json_each(r.passed) p""",
    "disclosure": f"select {_REPORT}, {', '.join((*DISCLOSURE, *DISCLOSURE_2019))}, procurement_unit "
    f"{_OF} join reading_disclosure on reading_id = r.numbers_reading_id",
    "requests": f"select {_REPORT}, applicant, {', '.join(REQUESTS)} "
    f"{_OF} join reading_requests on reading_id = r.numbers_reading_id",
    "requests_by_applicant": "select * from requests where applicant <> 'total'",
    "disputes": f"select {_REPORT}, route, {', '.join(DISPUTES)} "
    f"{_OF} join reading_disputes on reading_id = r.numbers_reading_id",
    "statistics": f"select {_REPORT}, s.key, s.label, s.unit, s.value, s.cumulative "
    f"{_OF} join reading_statistics s on s.reading_id = r.numbers_reading_id",
    "report_findings": """
        select c.report_id, c.basis, c.other_report_id, f.check_id, f.subject, 'fail' as verdict, 1 as times,
          f.severity, f.left_value, f.right_value, f.keys, f.message, f.reason, f.cautions
        from comparison_failures f join comparisons c on c.report_id = f.report_id and c.basis = f.basis
        union all
        select c.report_id, c.basis, c.other_report_id, p.key, null, 'pass', p.value, null, null, null, null, null,
          null, null
        from comparisons c, json_each(c.passed) p
        union all
        select c.report_id, c.basis, c.other_report_id, p.key, null, 'not_assessable', 1, null, null, null, null, null,
          p.value, null
        from comparisons c, json_each(c.not_assessable) p""",
    "concepts": view_sql(),
    "failed_checks": f"""
        select {_REPORT}, f.check_id, f.subject,
          case when c.table_key = 'disputes' then c.group_zh when c.row_key = f.subject then c.row_label_zh
            else c.column_label_zh end as subject_zh,
          f.left_value, f.right_value, coalesce(f.severity, 'error') as severity, f.cause, f.message, f.keys
        {_OF} join reading_findings f on f.reading_id = r.numbers_reading_id and f.verdict = 'fail'
          join readings d on d.id = f.reading_id
          left join form_cells c on c.form = d.form and c.key = json_extract(f.keys, '$[0]')""",
    "counted_reports": f"""
        select {_REPORT}, a.name as agency_name, a.kind, a.level, {_COVERS.format(r="r")} as counts,
          r.numbers_reading_id as reading_id
        from reports r join agencies a on a.id = r.agency_id join readings d on d.id = r.numbers_reading_id
        where r.year is not null and not exists (
          select 1 from reports o join readings e on e.id = o.numbers_reading_id
          where o.agency_id = r.agency_id and o.year = r.year and o.id <> r.id
            and {_COVERS.format(r="o")} = {_COVERS.format(r="r")}
            and {_RANK.format(d="e", r="o")} < {_RANK.format(d="d", r="r")})""",
    "report_list": f"""
        select {_REPORT}, r.title, r.site_id, r.published_on, d.reason,
          (select count(*) from report_documents where report_id = r.id) as documents,
          d.numbers as numbers_read, d.failed as failed_checks,
          q.received_new, q.outcome_total, p.total as review_total, t.licensing_decisions, t.penalty_decisions
        {_OF} join readings d on d.id = r.numbers_reading_id
          left join reading_requests q on q.reading_id = d.id and q.applicant = 'total'
          left join reading_disputes p on p.reading_id = d.id and p.route = 'review'
          left join reading_disclosure t on t.reading_id = d.id""",
}


def create_views(db: Database) -> None:
    """Make the views as they are in this version; a view holds no data, so it is simply replaced."""
    for name, sql in VIEWS.items():
        db.create_view(name, sql, replace=True)
