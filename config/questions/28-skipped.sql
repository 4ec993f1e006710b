-- 未跟进的条目及原因
-- Listed and not followed, with the reason
-- 提醒：按标题判断不是报告，可能判断错；请看 reason。
-- Caution: titles decide, and may mislead: look at `reason`.
-- Reading: what titles say is no report, and links to other hosts; as last listed.
select site_id, title, reason, url, found_on, max(run_id) as run_id
from listings
where verdict = 'skipped'
group by site_id, url
order by reason, site_id, title
limit 1000
