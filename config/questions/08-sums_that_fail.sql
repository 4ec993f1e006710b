-- 哪些报告自己就对不上
-- Which reports break a printed sum, and whose fault it is
-- 提醒：cause 为 source 时两种独立读法都认为原文如此；unknown 在有人看过之前不是机关的错。
-- Caution: `cause` says whether two independent readers agree that it is printed so (`source`); `unknown` is not the
-- agency's fault until somebody looked.
-- Reading: both sides of the sum; a report may break one sum in several columns.
select issuer_printed, year, check_id, subject, subject_zh, left_value, right_value, cause, message,
  report_key
from failed_checks
where severity = 'error'
order by issuer_printed, year, check_id, subject
