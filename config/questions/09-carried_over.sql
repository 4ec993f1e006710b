-- 上年结转与本年对不上的
-- Where last year's carry-out is not this year's carry-in
-- 提醒：只比同一机关相邻两年，更名的随沿革相连，合并的不比；不符也可能出自上一年的印错（见第 8 题）。
-- Caution: only successive years of one body, a renamed one followed; merged bodies are not compared. A break may come
-- from a misprint of the year before (question 8).
-- Reading: column "total" only; the single applicants have rows of their own.
select r.issuer_printed, r.year, f.left_value as carried_out_last_year, f.right_value as carried_in, f.message,
  r.report_key, b.report_key as previous_report_key
from report_findings f join reports r on r.id = f.report_id left join reports b on b.id = f.other_report_id
where f.check_id = 'T2-CARRY' and f.basis = 'years' and f.verdict = 'fail' and f.subject = 'total'
order by r.issuer_printed, r.year
