-- 找到的年报栏目
-- Columns of yearly reports that were found
-- 提醒：栏目可能随网站改版而变；没有找到栏目的网站见 gongkai status。
-- Caution: columns move when sites are rebuilt; sites of which none was found are told by `gongkai status`.
-- Reading: later runs begin at these pages; `reports` as listed on that page.
select c.site_id, c.title, c.url, max(c.run_id) as run_id,
  (select count(distinct r.url) from listings r where r.verdict = 'report' and r.found_on = c.url) as reports
from listings c
where c.verdict = 'column'
group by c.site_id, c.url
order by c.site_id, c.url
