-- 同一原件，前后两版读取程序读得不同的格
-- Cells that two versions of the reader read otherwise, of one document
-- 提醒：新版不一定对；请对照原件。更正过的读取不在此列。
-- Caution: the newer version is not right for being newer: look at the original. Corrected readings are not compared.
-- Reading: each document's newest reading with the one before; `sha256` asks for one document, empty for the fifty that
-- were read anew last.
with pair as (
  select max(o.id) as old_id, n.id as new_id
  from readings n join readings o on o.sha256 = n.sha256 and o.member = n.member and o.id < n.id
  where n.corrects is null and o.corrects is null and n.kind = 'report' and o.kind = 'report'
    and (coalesce(:sha256, '') = '' or n.sha256 = :sha256)
  group by n.id order by n.id desc limit 50
)
select d.sha256, d.member, c.key, b.state as state_before, b.value as value_before, b.raw as raw_before,
  c.state as state_now, c.value as value_now, c.raw as raw_now, e.reader as reader_before, d.reader as reader_now
from pair p join readings d on d.id = p.new_id join readings e on e.id = p.old_id
  join cells c on c.reading_id = p.new_id left join cells b on b.reading_id = p.old_id and b.key = c.key
where c.state is not b.state or c.value is not b.value
order by d.id desc, c.key
limit 1000
