"""What is known of a report beyond its own text: whose it is, what other reports say beside it, what became of it.

``across_data`` is what archive.db says, as the report's JSON gives it; ``told_across`` puts it into sentences for
the page.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract.across.expected import basis_in_words, due
from extract.across.findings import ReportFinding, cautions_in_words
from extract.present_checks import InWords
from publish import words
from publish.pages import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract.forms import Form
    from publish.pages import Language
    from publish.site import PublicSite, Row

_AGENCY = "select agency_key, name, kind, level, region_id from agencies where id = ?"
_PLACE = """
    with recursive up (id, name, parent_id, height) as (
      select id, name, parent_id, 0 from regions where id = ?
      union all
      select r.id, r.name, r.parent_id, height + 1 from regions r join up on r.id = up.parent_id where height < 9
    )
    select name from up order by height desc"""
_EVIDENCE = """
    select e.source, e.says, e.region_id, e.weight, p.name as above, g.name as place
    from agency_evidence e left join regions g on g.id = e.region_id left join regions p on p.id = g.parent_id
    where e.report_id = ? order by e.position"""
_FINDINGS = """
    select f.basis, f.check_id, f.subject, f.verdict, f.times, f.severity, f.left_value, f.right_value, f.keys,
      f.message, f.reason, f.cautions, o.report_key as other_report_key, o.issuer_printed as other_issuer,
      o.year as other_year
    from report_findings f left join reports o on o.id = f.other_report_id
    where f.report_id = ? order by f.basis, f.check_id, f.subject"""
_NAMED_BY = """
    select o.report_key, o.issuer_printed as issuer, o.year, f.check_id, count(*) as times
    from comparisons c join comparison_failures f on f.report_id = c.report_id and f.basis = c.basis
      join reports o on o.id = c.report_id
    where c.other_report_id = ? and c.report_id <> c.other_report_id
      and not exists (
        select 1 from comparisons b where b.report_id = ?1 and b.basis = c.basis and b.other_report_id = c.report_id)
    group by o.id, f.check_id order by o.year, o.report_key, f.check_id"""
_ROLLUPS = """
    select key, stated, parts_sum, parts_found, parts_expected, verdict, reason from rollups where report_id = ?
    order by verdict = 'equal', verdict = 'not_assessable', key"""
_CHANGES = """
    select key, old_value, old_state, old_raw, new_value, new_state, new_raw, old_last_seen, seen_at, url
    from changes where report_id = ? order by seen_at, url, key"""
_EXPECTED = """
    select year, basis, due_on, is_binding, days_after_due from expected
    where agency_id = ? and year = ? and report_id = ?"""


async def across_data(site: PublicSite, report: Row) -> dict[str, Any]:
    """What archive.db says of a report beside its own reading; numbers in the unit of their cells."""
    report_id = report["id"]
    agency = await site.row(_AGENCY, [report["agency_id"]]) if report["agency_id"] else None
    place = await site.rows(_PLACE, [agency["region_id"]]) if agency else []
    expected = await site.row(_EXPECTED, [report["agency_id"], report["year"], report_id])
    return {
        "agency": {
            "status": report["agency_status"] or "unknown",
            **{name: agency[name] if agency else None for name in ("agency_key", "name", "kind", "level", "region_id")},
            "place": [row["name"] for row in place],
            "evidence": await site.rows(_EVIDENCE, [report_id]),
        },
        "missed_at": report["missed_at"],
        "expected": expected and {**expected, "is_binding": bool(expected["is_binding"])},
        "report_findings": [_listed(row) for row in await site.rows(_FINDINGS, [report_id])],
        "named_by": await site.rows(_NAMED_BY, [report_id]),
        "rollups": await site.rows(_ROLLUPS, [report_id]),
        "changes": await site.rows(_CHANGES, [report_id]),
    }


def _listed(row: Row) -> Row:
    """As stored, but for what is JSON there."""
    return {**row, "keys": json.loads(row["keys"] or "[]"), "cautions": json.loads(row["cautions"] or "[]")}


def told_across(data: Mapping[str, Any], form: Form | None, labels: Mapping[str, str], t: Language) -> dict[str, Any]:
    """The same for the page, in its language. ``labels``: what each cell is called."""
    found = data["report_findings"]
    fails = [_fail(row, form, t) for row in found if row["verdict"] == "fail"]
    return {
        "agency": _agency(data["agency"], t),
        "missed_at": data["missed_at"],
        "due": _due(data, t),
        "failed": [row for row in fails if row["severity"] == "error"],
        "remarks": [row for row in fails if row["severity"] != "error"],
        "passed": _count(found, "pass"),
        "not_assessable": _count(found, "not_assessable"),
        "compared_with": _compared_with(found, t),
        "named_by": [{**row, "title": InWords(form, t.en).title(row["check_id"])} for row in data["named_by"]],
        "rollups": [_rollup(row, labels, t) for row in data["rollups"]],
        "rollup_caution": cautions_in_words(["L-SUM"], en=t.en),
        "changes": [_change(row, labels, t) for row in data["changes"]],
    }


def _count(found: Sequence[Row], verdict: str) -> int:
    return sum(row["times"] for row in found if row["verdict"] == verdict)


def _agency(agency: Mapping[str, Any], t: Language) -> Row:
    kind, level = agency["kind"], agency["level"]
    return {
        **agency,
        "status_label": t(*words.AGENCY_STATUSES.get(agency["status"], words.AGENCY_STATUSES["unknown"])),
        "kind_label": t(*words.AGENCY_KINDS[kind]) if kind in words.AGENCY_KINDS else kind,
        "level_label": t(*words.LEVELS[level]) if level in words.LEVELS else level,
        "evidence": [_evidence(row, t) for row in agency["evidence"]],
    }


def _evidence(row: Row, t: Language) -> Row:
    source = row["source"] or ""
    other = source.endswith(" places")
    name = words.EVIDENCE.get(source.removesuffix(" places"))
    place = f"{row['above'] or ''}{row['place']}" if row["place"] else row["region_id"]
    return {
        "source": f"{t(*name)}{t('中的地名', ': place') if other else ''}" if name else source,
        "says": row["says"] or "",
        "place": place or "",
        "weight": row["weight"],
        "is_against": (row["weight"] or 0) < 0,
    }


def _due(data: Mapping[str, Any], t: Language) -> Row | None:
    """Which day it was due, and how many days before or after it was published.

    Where the law names no day, the days are counted from the one that others have, and that day is said.
    """
    expected, agency = data["expected"], data["agency"]
    if expected is None:
        return None
    days, is_binding = expected["days_after_due"], expected["is_binding"]
    day = due(agency["kind"] or "", agency["level"] or "", expected["year"]).measured_from
    if days is None:
        said = t("网页没有可用的公布日期", "the page gives no usable date of publication")
    elif days > 0:
        said = t(f"其后 {days} 天公布", f"published {days} day{'s' * (days != 1)} after it")
    elif days < 0:
        said = t(f"提前 {-days} 天公布", f"published {-days} day{'s' * (days != -1)} before it")
    else:
        said = t("当日公布", "published on that day")
    if days is not None and not is_binding:
        said = t(f"从 {day} 算：{said}", f"counted from {day}: {said}")
    zh, en = basis_in_words(expected["basis"])
    return {"due_on": expected["due_on"], "is_late": is_binding and (days or 0) > 0, "said": said, "basis": t(zh, en)}


def _fail(row: Row, form: Form | None, t: Language) -> Row:
    finding = ReportFinding(
        row["basis"],
        row["check_id"],
        "fail",
        row["subject"] or "",
        row["left_value"],
        row["right_value"],
        tuple(row["keys"]),
        row["message"] or "",
        row["reason"] or "",
        row["severity"] or "error",
    )
    return {
        **row,
        "severity": row["severity"] or "error",
        "basis_label": t(*words.BASES[row["basis"]]),
        "says": InWords(form, t.en).sentence(finding.as_finding()),
        "as_printed": row["message"] if row["basis"] == "documents" else "",
        "caution": cautions_in_words(row["cautions"], en=t.en),
    }


def _compared_with(found: Sequence[Row], t: Language) -> list[Row]:
    """The other reports, each once, with what it was compared for."""
    seen: dict[str, Row] = {}
    for row in found:
        if row["other_report_key"]:
            about = {"report_key": row["other_report_key"], "issuer": row["other_issuer"], "year": row["other_year"]}
            seen.setdefault(row["other_report_key"], about | {"basis_label": t(*words.BASES[row["basis"]])})
    return list(seen.values())


def _rollup(row: Row, labels: Mapping[str, str], t: Language) -> Row:
    verdict = row["verdict"]
    return {
        **row,
        "label": labels.get(row["key"], row["key"]),
        "verdict_label": t(*words.ROLLUPS[verdict]) if verdict in words.ROLLUPS else verdict,
        "is_wrong": verdict in ("differs", "exceeds"),
    }


def _change(row: Row, labels: Mapping[str, str], t: Language) -> Row:
    return {
        **row,
        "label": labels.get(row["key"], row["key"]),
        "old": _side(row["old_value"], row["old_state"], t),
        "new": _side(row["new_value"], row["new_state"], t),
    }


def _side(value: float | None, state: str | None, t: Language) -> str:
    if state == "number" or value is not None:
        return number(value)
    return str(t(*words.STATE_WORDS[state])) if state in words.STATE_WORDS else str(t("无数字", "no number"))
