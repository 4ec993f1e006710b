-- 政府的全辖区数是否等于各单位之和
-- Does a territory report equal the sum of its parts
-- 提醒：政府报告汇总到哪里法律没有写明；incomplete 不是错误，是这里缺少部分单位；not_assessable 是还没有人确认该地的部门已经列全。
-- Caution: what a government's report sums up is not settled by law. `incomplete` is no error: parts are missing here.
-- `not_assessable` with parts: nobody has said yet that all departments of the place are known (`config/agencies.csv`).
-- Reading: `gap` means something only where all parts were found (`equal`, `differs`).
select r.issuer_printed, r.year, u.key, u.stated, u.parts_sum, u.stated - u.parts_sum as gap,
  u.parts_found, u.parts_expected, u.verdict, r.report_key
from rollups u join reports r on r.id = u.report_id
where u.stated is not null and u.parts_found > 0
order by r.issuer_printed, r.year, u.key
