-- 未能取得的网址
-- Addresses that gave nothing
-- 提醒：“未取得”不等于“未公布”。
-- Caution: not obtained does not mean not published.
-- Reading: each failed visit as it was recorded.
select failure, url, site_id, status, fetched_at, message
from captures
where failure is not null
order by failure, site_id, url, fetched_at
limit 1000
