-- 同一份报告的几个文件，哪些数字不一致
-- Where the documents of one report state different numbers
-- 提醒：差异首先可能是本程序读错，请对照两份原件；空白不等于 0。
-- Caution: a difference may first be a misreading of ours: compare both originals. Blank is not 0.
-- Reading: a page and its attachment, cell by cell; `message` says which says what.
select r.report_key, r.issuer_printed, r.year, f.subject as key, c.row_label_zh, f.left_value, f.right_value,
  f.severity, f.message
from report_findings f join reports r on r.id = f.report_id
  left join form_cells c on c.form = r.form and c.key = f.subject
where f.basis = 'documents' and f.verdict = 'fail'
order by r.year desc, r.issuer_printed, f.subject
limit 1000
