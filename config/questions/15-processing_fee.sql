-- 谁收了信息处理费、收了多少
-- Who charges the information-processing fee, and how much
-- 提醒：只有规则认得的说法才读出；表中没有收费一格，dropped_unpaid 是因逾期不缴费而不再处理的申请件数。
-- Caution: only what the prose says in words that a rule knows; the form has no cell for the fee. `dropped_unpaid` is of
-- the table: requests that were dropped because the fee was not paid.
-- Reading: yuan as printed in section six; search the full text for 信息处理费 for what no rule caught.
select r.issuer_printed, r.year, yuan.value as yuan, cases.value as cases, q.other_fee_unpaid as dropped_unpaid,
  yuan.sentence, r.report_key
from reports r
  join facts yuan on yuan.reading_id = r.current_reading_id and yuan.key = 'info_processing_fee_yuan'
    and yuan.value > 0 and coalesce(yuan.scope, '') <> 'territory' and yuan.period = 'report_year'
  left join facts cases on cases.reading_id = yuan.reading_id and cases.key = 'info_processing_fee_cases'
    and coalesce(cases.scope, '') <> 'territory' and cases.period = 'report_year'
  left join requests q on q.report_id = r.id and q.applicant = 'total'
where coalesce(r.scope, '') not in ('territory', 'level')
order by r.issuer_printed, r.year
