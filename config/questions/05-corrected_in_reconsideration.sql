-- 谁在行政复议中被纠正最多
-- Which bodies lose most often in reconsideration
-- 提醒：先看 concluded（已审结件数）再看比例；案件计在审结之年，有的机关把全系统的复议都计入。
-- Caution: look at `concluded` before the percentage. Cases are counted in the year they were concluded, and some bodies
-- count the requests of a whole line.
-- Reading: all years together, concluded cases only; what is pending is in neither number.
with body as (
  select a.id as agency_id, coalesce(
    (select b.id from agency_links l join agencies b on b.agency_key = l.to_key
     where l.from_key = a.agency_key and l.kind in ('renamed', 'same')), a.id) as body_id
  from agencies a
)
select b.name, count(*) as reports, sum(d.corrected) as corrected,
  sum(d.upheld + d.corrected + d.other) as concluded,
  round(100.0 * sum(d.corrected) / sum(d.upheld + d.corrected + d.other), 1) as corrected_percent
from counted_reports o join reading_disputes d on d.reading_id = o.reading_id and d.route = 'review'
  join body on body.agency_id = o.agency_id join agencies b on b.id = body.body_id
where o.counts = 'own' and d.upheld + d.corrected + d.other is not null
group by b.id
having concluded > 0
order by corrected_percent desc, concluded desc
