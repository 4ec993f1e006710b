-- 哪些不予公开、不予处理的理由在增加
-- Which grounds of refusal and rejection grow
-- 提醒：理由以 2019 年修订的条例为准，不可追溯到 2019 年以前；两年只是两点，不是趋势，年份可在 ends 中改。
-- Caution: the grounds of 2019 and later are those of the revised regulations; do not go back before 2019. Two years are
-- two points, not a trend: change `ends`.
-- Reading: only bodies with a report of both years, a renamed one followed through its name; shares of all that they
-- handled.
with ends (first, last) as (select 2021, 2025),
body as (
  select a.id as agency_id, coalesce(
    (select b.id from agency_links l join agencies b on b.agency_key = l.to_key
     where l.from_key = a.agency_key and l.kind in ('renamed', 'same')), a.id) as body_id
  from agencies a
),
report as (
  select body.body_id, o.year, min(o.reading_id) as reading_id
  from counted_reports o join body on body.agency_id = o.agency_id join ends on o.year in (ends.first, ends.last)
    join reading_requests q on q.reading_id = o.reading_id and q.applicant = 'total'
  where o.counts = 'own' and q.outcome_total is not null
  group by body.body_id, o.year
),
panel as (
  select * from report where body_id in (select body_id from report group by body_id having count(*) = 2)
),
handled as (
  select p.year, count(*) as bodies, sum(q.outcome_total) as handled
  from panel p join reading_requests q on q.reading_id = p.reading_id and q.applicant = 'total'
  group by p.year
),
ground as (
  select 'requests.' || each.key || '.total' as key, p.year, sum(each.value) as cases
  from panel p join reading_requests q on q.reading_id = p.reading_id and q.applicant = 'total'
    join json_each(json_object(
      'denied_state_secret', q.denied_state_secret,
      'denied_law_forbids', q.denied_law_forbids,
      'denied_three_securities_stability', q.denied_three_securities_stability,
      'denied_third_party', q.denied_third_party,
      'denied_internal_affairs', q.denied_internal_affairs,
      'denied_process', q.denied_process,
      'denied_enforcement_file', q.denied_enforcement_file,
      'denied_admin_query', q.denied_admin_query,
      'rejected_petition', q.rejected_petition,
      'rejected_repeat', q.rejected_repeat,
      'rejected_publication', q.rejected_publication,
      'rejected_excessive', q.rejected_excessive,
      'rejected_reconfirm', q.rejected_reconfirm
    )) each
  group by each.key, p.year
)
select f.row_label_zh as ground, now.key, before_all.bodies, before.cases as cases_before, now.cases as cases_now,
  round(100.0 * before.cases / before_all.handled, 1) as percent_before,
  round(100.0 * now.cases / now_all.handled, 1) as percent_now
from ends
  join ground before on before.year = ends.first
  join ground now on now.year = ends.last and now.key = before.key
  join handled before_all on before_all.year = ends.first
  join handled now_all on now_all.year = ends.last
  join form_cells f on f.form = '2021' and f.key = now.key
where before.cases + now.cases > 0
order by 1.0 * now.cases / now_all.handled - 1.0 * before.cases / before_all.handled desc
