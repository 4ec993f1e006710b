-- 哪些应有的报告没有找到，为什么
-- Which expected reports were not found, and why
-- 提醒：“未找到”不等于“未公布”。why 说明隔在中间的是什么：网站没有回应、拒绝访问、没有列出等。
-- Caution: *not found* is not *did not publish*; `why` says what stood between this archive and the report.
-- Reading: whose day has passed; `year` narrows it down (empty: all years); `is_binding` 1 where the law names that day.
select e.year, a.name as agency, p.name as region_above, e.why, e.due_on, e.is_binding, e.basis, a.agency_key
from expected e join agencies a on a.id = e.agency_id
  left join regions g on g.id = e.region_id left join regions p on p.id = g.parent_id
where e.status = 'not_found' and (coalesce(:year, '') = '' or e.year = :year)
order by e.year desc, e.why, a.name, a.agency_key
limit 1000
