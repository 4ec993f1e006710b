-- 谁的报告没有找到，或迟于期限
-- Who was not found, or published late, and by how many days
-- 提醒：“未找到”不等于“未公布”，why 说明隔在中间的是什么；is_binding 为 0 时没有法律为这类机关定日期（乡镇、街道），天数只是事实，不是迟延。
-- Caution: *not found* is not *did not publish*; `why` says what stood between. `is_binding` 0: no law names a day for this
-- body (townships, subdistricts), so its days are a fact and no delay.
-- Reading: `days_after_due` counts from `due_on`, or from 31 January where there is none.
select a.name, e.year, e.status, e.why, e.due_on, e.is_binding, e.days_after_due, r.published_on,
  r.report_key
from expected e join agencies a on a.id = e.agency_id left join reports r on r.id = e.report_id
where e.status = 'not_found' or e.days_after_due > 0
order by e.year, a.name
