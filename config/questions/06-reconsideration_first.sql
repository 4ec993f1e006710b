-- 2024 年“复议前置”后案件去了哪里
-- Did the reconsideration-first rule of 2024 move cases
-- 提醒：新法 2024 年 1 月 1 日起施行，之前开始的案件照旧；各年找到的报告不同；先复议后起诉的案件在两列各计一次，三列不可相加。
-- Caution: the rule (行政复议法 2023, art. 23) is in force since 2024-01-01; cases begun before go on. The reports found
-- differ from year to year. A case that goes through both is counted in both columns, so the three are not added.
-- Reading: what bodies state of themselves, each route by itself.
select o.year, count(distinct o.report_id) as reports,
  sum(case when d.route = 'review' then d.total end) as reconsiderations,
  sum(case when d.route = 'lit_direct' then d.total end) as direct_lawsuits,
  sum(case when d.route = 'lit_after_review' then d.total end) as lawsuits_after_review
from counted_reports o join reading_disputes d on d.reading_id = o.reading_id
where o.counts = 'own'
group by o.year
order by o.year
