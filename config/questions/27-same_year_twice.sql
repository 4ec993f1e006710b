-- 哪些机关同一年有不止一份报告
-- Which bodies have more than one report of a year
-- 提醒：同一份报告登在两个网站、政府与其办公室各自署名，都会如此；统计各题只取其中一份（见视图 counted_reports）。
-- Caution: one report on two sites looks like this, and so do own and territory figures side by side. The queries that
-- add take one of each kind (view `counted_reports`).
-- Reading: `counts` says what each covers; `is_counted` 1 for the one that is added.
with several as (
  select agency_id, year from reports where agency_id is not null and year is not null
  group by agency_id, year having count(*) > 1 order by year desc, agency_id limit 300
)
select r.year, a.name as agency, r.report_key, r.site_id, r.issuer_printed, r.scope, o.counts,
  o.report_id is not null as is_counted
from several s join reports r on r.agency_id = s.agency_id and r.year = s.year
  join agencies a on a.id = r.agency_id left join counted_reports o on o.report_id = r.id
order by r.year desc, a.name, r.report_key
