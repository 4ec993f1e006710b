-- 多少乡镇（街道）全年没有申请
-- Townships without any request, every year
-- 提醒：空白和“/”不是 0，不计入；报告没有找到的乡镇也不计入。
-- Caution: a blank or a mark "/" is not 0 and is left out, as is a township whose report was not found.
-- Reading: `townships` are those that state a number.
select o.year, count(*) as townships, sum(q.received_new = 0) as without_requests,
  round(100.0 * sum(q.received_new = 0) / count(*), 1) as percent
from counted_reports o join reading_requests q on q.reading_id = o.reading_id and q.applicant = 'total'
where o.counts = 'own' and o.level = 'township' and q.received_new is not null
group by o.year
order by o.year
