-- 公布之后改过哪些数
-- Numbers changed after publication
-- 提醒：改动发生在 old_last_seen 与 seen_at 两次访问之间，哪一天改的不知道；改正数字不是过错；整份消失的见 vanished。
-- Caution: seen between `old_last_seen` and `seen_at`, the two visits; the day of the change itself is not known. A
-- corrected number is no fault. What vanished altogether: question `vanished`.
-- Reading: each row is one cell of one address; both originals are in the archive.
select r.issuer_printed, r.year, c.key, f.row_label_zh, c.old_value, c.old_state, c.new_value, c.new_state,
  c.old_last_seen, c.seen_at, c.url, r.report_key
from changes c join reports r on r.id = c.report_id
  left join form_cells f on f.form = r.form and f.key = c.key
order by c.seen_at, r.issuer_printed, c.key
