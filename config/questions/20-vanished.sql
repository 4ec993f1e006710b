-- 哪些报告后来从网站上消失
-- Which reports were later gone from their address
-- 提醒：网站改版、换域名、一时故障都会如此；原件仍在档案中。
-- Caution: a site that was rebuilt, moved or failed that day looks the same; the archive keeps the original.
-- Reading: `missed_at` is when we first did not find it, `last_seen` when it was last there.
select r.report_key, r.issuer_printed, r.year, r.last_seen, r.missed_at, r.site_id, p.url
from reports r left join report_documents p on p.report_id = r.id and p.reading_id = r.current_reading_id
where r.missed_at is not null
group by r.id
order by r.missed_at desc, r.issuer_printed, r.year
