-- 哪些汇总数与各单位之和不等
-- Which territory totals are not the sum of their parts, with what was found of them
-- 提醒：只有名单上的单位全部找到才说 differs；exceeds 是还没有找全就已超过。名单只含本数据集已知的机关。
-- Caution: `differs` is only said where all parts on the list were found, `exceeds` where those found already add up to
-- more. The list holds the bodies that are known here, perhaps not all.
-- Reading: `found_of` says how many of the parts were found; `year` narrows it down (empty: all years).
select r.year, r.issuer_printed, u.key, f.row_label_zh, u.stated, u.parts_sum, u.stated - u.parts_sum as gap,
  u.parts_found || ' / ' || u.parts_expected as found_of, u.verdict, r.report_key
from rollups u join reports r on r.id = u.report_id
  left join form_cells f on f.form = r.form and f.key = u.key
where u.verdict in ('differs', 'exceeds') and (coalesce(:year, '') = '' or r.year = :year)
order by r.year desc, r.issuer_printed, u.key
limit 1000
