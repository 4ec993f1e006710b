-- 规范性文件的存量、增减与缺口
-- Normative documents: stock, flow, and the gap between them
-- 提醒：2021 年格式问存量，2019 年格式问的是别的；差额可能出自重新清点、机关间移交或印错。
-- Caution: the form of 2021 asks for the stock; that of 2019 counted something else. A gap may be a recount, a transfer
-- between bodies, or a misprint.
-- Reading: a row a body and pair of years, nothing is added; `gap` 0 means the stock follows from the flow.
with body as (
  select a.id as agency_id, coalesce(
    (select b.id from agency_links l join agencies b on b.agency_key = l.to_key
     where l.from_key = a.agency_key and l.kind in ('renamed', 'same')), a.id) as body_id
  from agencies a
),
stock as (
  select body.body_id, o.issuer_printed, o.year, o.counts, o.scope, d.normdocs_issued, d.normdocs_repealed,
    d.normdocs_in_force
  from counted_reports o join body on body.agency_id = o.agency_id
    join reading_disclosure d on d.reading_id = o.reading_id
  where d.normdocs_in_force is not null
)
select now.issuer_printed, now.year, before.normdocs_in_force as stock_before, now.normdocs_issued as issued,
  now.normdocs_repealed as repealed, now.normdocs_in_force as stock_now,
  now.normdocs_in_force - (before.normdocs_in_force + now.normdocs_issued - now.normdocs_repealed) as gap
from stock now join stock before on before.body_id = now.body_id and before.year = now.year - 1
  and before.counts = now.counts and coalesce(before.scope, '') = coalesce(now.scope, '')
order by abs(gap) desc, now.issuer_printed, now.year
