-- 有哪些更正，各自怎样了
-- Corrections, and what became of each
-- 提醒：原读数与更正数并存；refused 的没有采用，note 说明为什么。
-- Caution: what was read stands beside what is printed; a `refused` one has no effect, and `note` says why.
-- Reading: `applied`: the report's numbers follow it; `agrees`: the reader reads the same by now.
select c.status, c.report_key, r.issuer_printed, r.year, c.key, c.read_state, c.read_value, c.printed_state,
  c.printed_value, c.printed_raw, c.reason, c.note, c.evidence, c.decided_by, c.decided_on
from corrections c left join reports r on r.report_key = c.report_key
order by c.status = 'refused' desc, c.decided_on desc, c.report_key, c.key
limit 1000
