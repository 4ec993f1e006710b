-- 谁迟于法定期限公布
-- Which reports were published after the day that the law sets
-- 提醒：公布日期照网页所写，网站迁移时会改写日期，因此不晚于首次采集之日；没有日期的不在此列。
-- Caution: the day is the one that the page states, or the day we first saw it if that was before: sites date pages anew
-- when they move. A report without a date is not here.
-- Reading: only bodies whose day the law names (`is_binding`); `year` narrows it down (empty: all years).
select e.year, a.name as agency, e.due_on, r.published_on, e.days_after_due, e.basis, r.report_key
from expected e join agencies a on a.id = e.agency_id join reports r on r.id = e.report_id
where e.is_binding = 1 and e.days_after_due > 0 and (coalesce(:year, '') = '' or e.year = :year)
order by e.year desc, e.days_after_due desc, a.name
limit 1000
