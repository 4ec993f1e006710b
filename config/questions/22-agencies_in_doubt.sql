-- 哪些报告的机关还不能确认，依据是什么
-- Whose reports could not be told, with the evidence and the candidates
-- 提醒：这里不猜；由人在 config/agencies.csv 中写明是谁。
-- Caution: nothing is guessed here: a person says who it is, in `config/agencies.csv`.
-- Reading: a row a report and place that something speaks for or against; `weight` is what speaks for it, less what speaks
-- against; of an unknown body often nothing speaks for any place.
with latest as (
  select id, report_key, issuer_printed, year, site_id, agency_status from reports
  where agency_status in ('ambiguous', 'unknown') order by id desc limit 500
)
select l.report_key, l.issuer_printed, l.year, l.site_id, l.agency_status, p.name as region_above,
  g.name as candidate, e.region_id, round(sum(e.weight), 2) as weight,
  group_concat(e.source || ': ' || coalesce(e.says, ''), '; ') as evidence
from latest l left join agency_evidence e on e.report_id = l.id
  left join regions g on g.id = e.region_id left join regions p on p.id = g.parent_id
group by l.id, e.region_id
order by l.agency_status, l.id desc, weight desc
