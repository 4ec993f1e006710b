-- 有多少内容不予展示
-- How much is withheld
-- 提醒：不予展示不等于机关没有公布；各项及理由列于 /withheld，档案保留记录。
-- Caution: withheld here does not mean not published; each with its reason is listed at /withheld.
-- Reading: a row a kind (report, document, passage) and reason.
select what, reason, count(*) as decisions, min(decided_on) as first_decided, max(decided_on) as last_decided
from withheld where follows is null
group by what, reason
order by what, decisions desc, reason
