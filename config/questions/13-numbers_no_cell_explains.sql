-- 正文里的哪些数在表里找不到
-- Stated numbers that no cell explains
-- 提醒：正文有理由与表不同口径（含上年结转、只计办结等），这些读法都试过而不合；写出去之前先看原句。
-- Caution: prose may count otherwise than the table with good reason (including what was carried in, concluded only); such
-- readings were tried and none fits. Look at the sentence before you write about it.
-- Reading: `in_table` is the cell that the words mean first.
select issuer_printed, year, check_id, subject, left_value as stated, right_value as in_table, message,
  report_key
from failed_checks
where check_id in ('N-REQ', 'N-NONE', 'N-OUT', 'N-DISP', 'N-NORM') and severity <> 'info'
order by issuer_printed, year, check_id
