-- 全部公开、部分公开、不予公开各占多少
-- Shares disclosed in full, in part, refused, by kind of body and year
-- 提醒：其余是“无法提供”“不予处理”等，不属于公开或不予公开；件数少时比例大起大落。
-- Caution: the rest are answers such as "not held" or "not processed", which are neither. Few requests make wild shares.
-- Reading: of what was handled in the year, whenever it came; reports that leave one of the cells open are left out whole.
select o.level, o.kind, o.year, count(*) as reports, sum(q.outcome_total) as handled,
  round(100.0 * sum(q.granted) / sum(q.outcome_total), 1) as full_percent,
  round(100.0 * sum(q.granted_partly) / sum(q.outcome_total), 1) as part_percent,
  round(100.0 * sum(q.denied_state_secret + q.denied_law_forbids + q.denied_three_securities_stability
    + q.denied_third_party + q.denied_internal_affairs + q.denied_process + q.denied_enforcement_file
    + q.denied_admin_query) / sum(q.outcome_total), 1) as refused_percent
from counted_reports o join reading_requests q on q.reading_id = o.reading_id and q.applicant = 'total'
where o.counts = 'own'
  and q.outcome_total + q.granted + q.granted_partly + q.denied_state_secret + q.denied_law_forbids
    + q.denied_three_securities_stability + q.denied_third_party + q.denied_internal_affairs + q.denied_process
    + q.denied_enforcement_file + q.denied_admin_query is not null
group by o.level, o.kind, o.year
having sum(q.outcome_total) > 0
order by o.level, o.kind, o.year
