-- 各省每年收到多少申请
-- Requests received, by province and year
-- 提醒：各年找到的报告数不同，先比较 reports；转由其他机关处理的申请计在收到的机关。
-- Caution: years differ in how many reports were found; compare `reports` first. What an agency received and passed on
-- is counted where it was received.
-- Reading: one report an agency and year, each agency once, wherever it stands in the province.
with recursive line (region_id, province) as (
  select id, name from regions where level = 'province'
  union all
  select r.id, line.province from regions r join line on r.parent_id = line.region_id
)
select line.province, o.year, count(q.received_new) as reports, sum(q.received_new) as received
from counted_reports o join reading_requests q on q.reading_id = o.reading_id and q.applicant = 'total'
  join line on line.region_id = o.region_id
where o.counts = 'own'
group by line.province, o.year
order by line.province, o.year
