-- 各地各年应有多少报告，找到多少
-- How many reports each place should have, and how many were found, by year
-- 提醒：分母是本数据集已知的机关，未必齐全；未找到的多半是采集的缺口，不是机关的缺口。
-- Caution: the denominator holds the bodies that are known here, perhaps not all of a place; what is missing is more
-- often a gap of the crawl than of the agencies.
-- Reading: bodies of the place itself, without those of the places below it; `with_numbers`: whose tables were read.
-- `region` (a name such as 岚汀县) takes that place and everything below it; empty: all.
with recursive wanted (id) as (
  select id from regions where coalesce(:region, '') = '' or name = :region
  union
  select r.id from regions r join wanted w on r.parent_id = w.id where coalesce(:region, '') <> ''
)
select g.name as region, g.level, e.year, count(*) as expected, sum(e.status = 'found') as found,
  sum(d.numbers > 0) as with_numbers, round(100.0 * sum(e.status = 'found') / count(*), 1) as found_percent,
  sum(e.is_binding) as bound_by_law, e.region_id
from expected e join regions g on g.id = e.region_id
  left join reports r on r.id = e.report_id left join readings d on d.id = r.numbers_reading_id
where e.region_id in (select id from wanted)
group by e.region_id, e.year
order by e.year desc, g.level, g.name, e.region_id
limit 1000
