-- 各县每年的许可、处罚、强制
-- Licensing, penalties and coercion, by county and year
-- 提醒：territory、level 行是县政府自己写的汇总数，unsure 行没有写明统计范围；它们与 own 行并列，从不相加。
-- Caution: the rows `territory`, `level` and `unsure` are what the county's own government states of more than itself, or
-- of nobody knows whom: they stand beside the rows `own`, never added to them.
-- Reading: `own` adds the bodies found; `without_penalties` counts reports that state no such number.
with recursive line (region_id, county) as (
  select id, name from regions where level = 'county'
  union all
  select r.id, line.county from regions r join line on r.parent_id = line.region_id
)
select line.county, o.year, o.counts, count(*) as reports,
  sum(d.licensing_decisions) as licensing, sum(d.penalty_decisions) as penalties,
  sum(d.coercion_decisions) as coercion, count(*) - count(d.penalty_decisions) as without_penalties
from counted_reports o join reading_disclosure d on d.reading_id = o.reading_id
  join line on line.region_id = o.region_id
where o.counts = 'own' or (o.kind = 'government' and o.level = 'county')
group by line.county, o.year, o.counts
order by line.county, o.year, o.counts
