-- 先看什么
-- What deserves a look first
-- 提醒：排在前面的是最该看的，不是最坏的；多数是本程序的疑问，不是机关的错。
-- Caution: first comes what a look helps most, not what is worst; most of it is our doubt and nobody's fault.
-- Reading: refused corrections, passages to withhold that were not found, failed sums of unknown cause, readers that
-- disagree, ambiguous agencies, cells of low confidence; a row is one reason to look at one report.
with found (weight, why, times, report_key, issuer_printed, year, example) as (
  select 100, 'correction refused', count(*), c.report_key, r.issuer_printed, r.year,
    min(c.key || ': ' || coalesce(c.reason, ''))
  from corrections c left join reports r on r.report_key = c.report_key
  where c.status = 'refused' group by c.report_key
union all
  select 90, 'withheld passage not found', count(*), null, null, null, min(sha256)
  from readings where kind = 'other' and reason like 'withheld: %does not find that passage%' group by sha256
union all
  select 60 + min(count(*), 9), 'sum fails, cause unknown', count(*), report_key, issuer_printed, year,
    min(check_id || ' ' || coalesce(subject, ''))
  from failed_checks where severity = 'error' and coalesce(cause, 'unknown') = 'unknown' group by report_key
union all
  select 50 + min(sum(json_array_length(keys)), 9), 'readers disagree', sum(json_array_length(keys)), report_key,
    issuer_printed, year, min(json_extract(keys, '$[0]'))
  from failed_checks where check_id = 'READERS-DISAGREE' group by report_key
union all
  select 40, 'agency ambiguous', 1, report_key, issuer_printed, year, issuer_printed
  from reports where agency_status = 'ambiguous'
union all
  select 20 + min(d.doubtful + d.unreadable, 19), 'low confidence', d.doubtful + d.unreadable, r.report_key,
    r.issuer_printed, r.year, d.doubtful || ' in doubt, ' || d.unreadable || ' unreadable'
  from reports r join readings d on d.id = r.numbers_reading_id where d.doubtful + d.unreadable > 0
)
select * from found order by weight desc, times desc, report_key, why limit 1000
