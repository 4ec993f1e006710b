"""``/report/<key>``: a report as its form prints it, what its checks say, and the documents it was read from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from extract.decisions import reader_as_read
from extract.fact_rules import load_fact_rules
from extract.forms import load_forms
from extract.present_checks import InWords
from extract.records import SURE, Finding
from publish import words
from publish.across_page import across_data, told_across
from publish.decided import corrections_of, unavailable, withheld_documents, withheld_report
from publish.form_layout import lay_out
from publish.pages import CACHED, Language, language, not_found, number, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasette.utils.asgi import Request

    from extract.forms import Form, Identity
    from publish.site import PublicSite, Row

_REPORT = """
    select r.*, d.kind, d.reason, d.confidence, d.sha256, d.member, d.reader, d.signed_on, d.warnings,
      d.scope_cue, d.year_sources, d.document_number,
      s.name as site_name, s.start_url
    from reports r join readings d on d.id = r.current_reading_id left join sites s on s.id = r.site_id
    where r.report_key = ?"""
_DOCUMENTS = """
    select p.sha256, p.member, p.role, p.url, p.first_seen, p.last_seen, p.reading_id, d.media_type, d.size,
      n.numbers
    from report_documents p left join documents d on d.sha256 = p.sha256 and d.member = p.member
      left join readings n on n.id = p.reading_id
    where p.report_id = ? order by p.role = 'edition', p.first_seen, p.url"""
_OTHER_YEARS = """
    select report_key, year from reports where agency_id = ?1 and id <> ?4
    union
    select report_key, year from reports where ?1 is null and site_id = ?2 and issuer_printed = ?3 and id <> ?4
    order by year, report_key"""
_FINDINGS = "select * from findings where reading_id = ? order by position"
_FACTS = "select * from facts where reading_id = ? order by start, position"

# The unit is the cell's own where the form fixes none: procurement in 2019.
_CELLS = """
    select c.*, case when c.key = 'disclosure.procurement_amount' then d.procurement_unit end as unit
    from cells c left join reading_disclosure d on d.reading_id = c.reading_id where c.reading_id = ?"""
_STATISTICS = (
    "select position, label, key, unit, value, cumulative from reading_statistics where reading_id = ? "
    "order by position"
)


async def find_report(site: PublicSite, key: str) -> Row | None:
    """The report of that key with what its current reading says of itself; none that is withheld."""
    if await withheld_report(site, key):
        return None
    return await site.row(_REPORT, [key])


async def report_missing(site: PublicSite, request: Request) -> Response:
    """The page for a report key that is none, or of a report that is withheld."""
    if decision := await withheld_report(site, request.url_vars["key"]):
        return await unavailable(site, request, decision)
    return await not_found(
        site,
        request,
        "没有这个编号的报告。编号由发布网站、机关名称和年度算出；请从首页或检索中查找；不予展示的内容列于 /withheld。",
        "There is no report with this key. Keys come from the publishing host, the issuer and the year; "
        "find the report from the home page or by search. What is withheld is listed at /withheld.",
    )


async def cells_of(site: PublicSite, reading_id: int) -> dict[str, Row]:
    """The cells of a reading by key."""
    return {row["key"]: row for row in await site.rows(_CELLS, [reading_id])}


async def statistics_of(site: PublicSite, reading_id: int) -> list[Row]:
    """The rows of a reading's statistics tables, as printed."""
    return await site.rows(_STATISTICS, [reading_id])


def form_of(form_id: str | None) -> Form | None:
    """The form of that id, if its tables can be read."""
    return next((form for form in load_forms() if form.id == form_id and form.tables), None)


async def report_page(request: Request, datasette: PublicSite) -> Response:
    """The page of one report."""
    report = await find_report(datasette, request.url_vars["key"])
    if report is None:
        return await report_missing(datasette, request)
    t = language(request)
    reading_id = numbers_reading(report)
    form, cells = form_of(report["form"]), await cells_of(datasette, reading_id)
    findings = [_finding(row) for row in await datasette.rows(_FINDINGS, [reading_id])]
    fails = [finding for finding in findings if finding["verdict"] == "fail"]
    failed = [finding for finding in fails if finding["severity"] == "error"]
    documents = await datasette.rows(_DOCUMENTS, [report["id"]])
    labels = cell_labels(form, t) if form else {}
    corrections = await corrections_of(datasette, report["report_key"])
    decided = applied(corrections)
    context = {
        "report": report,
        "form": form,
        "grids": lay_out(form, cells, en=t.en) if form and cells else (),
        "cells": {
            key: shown(row, report["report_key"], _numbers_of(failed, key), t, decided.get(key))
            for key, row in cells.items()
        },
        "statistics": await statistics_of(datasette, reading_id),
        "sections": await _sections(datasette, reading_id, form),
        "facts": [stated(row, t) for row in await datasette.rows(_FACTS, [reading_id])],
        "failed": [_in_words(finding, form, labels, t) for finding in failed],
        "remarks": [_in_words(finding, form, labels, t) for finding in fails if finding["severity"] != "error"],
        "severities": words.SEVERITIES,
        "passed": sum(finding["times"] for finding in findings if finding["verdict"] == "pass"),
        "not_assessable": sum(finding["times"] for finding in findings if finding["verdict"] == "not_assessable"),
        "documents": documents,
        "other_years": await datasette.rows(
            _OTHER_YEARS, [report[name] for name in ("agency_id", "site_id", "issuer_printed", "id")]
        ),
        "across": told_across(await across_data(datasette, report), form, labels, t),
        "corrections": [
            {
                **row,
                "read": said(row["read_value"], row["read_state"], t),
                "printed": said(row["printed_value"], row["printed_state"], t),
            }
            for row in corrections
        ],
        "correction_statuses": words.CORRECTIONS,
        "withheld": await withheld_documents(datasette, [document["sha256"] for document in documents]),
        "labels": labels,
        "counts": _state_counts(cells.values()),
        "states": words.STATES,
        "roles": words.ROLES,
        "scopes": words.SCOPES,
        "years_differ": _differing_years(report["year_sources"]),
        "year_sources": words.YEAR_SOURCES,
        "media_types": words.MEDIA_TYPES,
        "source": next((d for d in documents if d["reading_id"] == report["current_reading_id"]), None),
        "unsure": sum((row["confidence"] or 0) < SURE for row in cells.values()),
        "warnings": json.loads(report["warnings"] or "[]"),
    }
    return await page(datasette, request, "gongkai_report.html", context)


def _differing_years(sources: str | None) -> dict[str, int]:
    """The year by each source, if they do not agree."""
    years: dict[str, int] = json.loads(sources or "{}")
    return years if len(set(years.values())) > 1 else {}


async def report_json(request: Request, datasette: PublicSite) -> Response:
    """The same report for programs: every cell with its state and place, every fact, finding and document."""
    report = await find_report(datasette, request.url_vars["key"])
    if report is None and await withheld_report(datasette, request.url_vars["key"]):
        return await report_missing(datasette, request)
    if report is None:
        return Response.json({"error": "no report has this key; see /archive/reports.json"}, status=404)
    reading_id = numbers_reading(report)
    about = ("report_key", "issuer_printed", "year", "form", "scope", "scope_cue", "title", "document_number")
    kept = (*about, "published_on", "signed_on", "first_seen", "last_seen")
    documents = await datasette.rows(_DOCUMENTS, [report["id"]])
    answer = {name: report[name] for name in kept} | {
        "read_from": {
            "sha256": report["sha256"],
            "member": report["member"],
            "reader": reader_as_read(report["reader"]),
        },
        "year_sources": json.loads(report["year_sources"] or "{}"),
        "confidence": report["confidence"],
        "reason": report["reason"],
        "cells": {key: _cell_as_data(row) for key, row in (await cells_of(datasette, reading_id)).items()},
        "corrections": await corrections_of(datasette, report["report_key"]),
        "statistics": await datasette.rows(_STATISTICS, [reading_id]),
        "facts": [_fact_as_data(row) for row in await datasette.rows(_FACTS, [reading_id])],
        "findings": [_finding_as_data(_finding(row)) for row in await datasette.rows(_FINDINGS, [reading_id])],
        "sections": {
            row["key"]: row["text"]
            for row in await datasette.rows("select key, text from sections where reading_id = ?", [reading_id])
        },
        **await across_data(datasette, report),
        "documents": [
            {name: value for name, value in document.items() if name not in ("reading_id", "numbers")}
            for document in documents
        ],
    }
    return Response.json(answer, headers={"cache-control": CACHED, "access-control-allow-origin": "*"})


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell on the page: its text, CSS classes, and what a screen reader or a pointer is told.

    ``checks``: the numbers of the failed checks it takes part in. ``was``: what was read where a person decided.
    """

    text: str
    classes: str
    hint: str
    href: str
    checks: tuple[int, ...]
    was: str = ""


def shown(row: Row, report_key: str, checks: Sequence[int], t: Language, correction: Row | None = None) -> ShownCell:
    """A cell as it is shown: only a number that was read looks like one."""
    state, unsure = row["state"], (row["confidence"] or 0) < SURE
    texts = {
        "number": f"{number(row['value'])}{row['unit'] or ''}",
        "blank": t("空", "blank"),
        "na_mark": row["raw"] or "/",
        "unreadable": t("难辨", "unclear"),
        "absent": t("无此格", "absent"),
    }
    hint = [] if state == "number" else [str(t(*words.STATES[state]))]
    hint += [str(t("把握较低", "low confidence"))] if unsure else []
    hint += [str(t("核对未通过", "part of a failed check"))] if checks else []
    hint += [row["reason"]] if row["reason"] else []
    was = said(correction["read_value"], correction["read_state"], t) if correction else ""
    classes = ["cell", f"is-{state}", *(["is-unsure"] if unsure else []), *(["is-failed"] if checks else [])]
    classes += ["is-zero"] if state == "number" and row["value"] == 0 else []
    classes += ["is-corrected"] if correction else []
    href = t.href(f"/report/{report_key}/cell/{row['key']}")
    return ShownCell(str(texts[state]), " ".join(classes), t("；", "; ").join(hint), href, tuple(checks), was)


def said(value: float | None, state: str, t: Language) -> str:
    """What a cell says, in a word or as its number."""
    return number(value) if state == "number" else str(t(*words.STATE_WORDS[state]))


def applied(corrections: Sequence[Row]) -> dict[str, Row]:
    """The corrections that stand, by cell."""
    return {row["key"]: row for row in corrections if row["status"] == "applied"}


def numbers_reading(report: Row) -> int:
    """The reading whose numbers count: with corrections applied, if there are any."""
    return int(report.get("numbers_reading_id") or report["current_reading_id"])


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number in the prose on the page, with its marks; the sentence in three parts, the middle one states it."""

    label: str
    value: str
    unit: str
    before: str
    words: str
    after: str
    marks: tuple[str, ...]


def stated(row: Row, t: Language) -> StatedNumber:
    """A fact as it is shown: what it counts, the number, and what keeps it from being the year's plain number."""
    sentence, raw = row["sentence"] or "", row["raw"] or ""
    once = sentence.count(raw) == 1  # which of two is meant the database does not say
    before, stating, after = sentence.partition(raw) if once else (sentence, "", "")
    marks = [words.FACT_MARKS["approximate"]] if row["approximate"] else []
    marks += [words.FACT_MARKS["negation"]] if row["stated_as"] == "negation" else []
    marks += [words.PERIODS[row["period"]]] if row["period"] in words.PERIODS else []
    marks += [words.FACT_SCOPES[row["scope"]]] if row["scope"] in words.FACT_SCOPES else []
    shown_marks = [str(t(*mark)) for mark in marks]
    if row["part_of"]:
        shown_marks.append(f"{t('属于：', 'part of: ')}{_fact_label(row['part_of'], t)}")
    return StatedNumber(
        label=_fact_label(row["key"], t),
        value=number(row["value"]),
        unit=row["unit"] or "",
        before=before,
        words=stating,
        after=after,
        marks=tuple(shown_marks),
    )


def _fact_label(key: str, t: Language) -> str:
    rule = next((rule for rule in load_fact_rules().rules if rule.key == key), None)
    return str(t(rule.label_zh, rule.label_en)) if rule else key


def cell_labels(form: Form, t: Language) -> dict[str, str]:
    """What each cell is called in words: row and column."""
    labels = {}
    for row in form.rows():
        for cell in row.cells:
            column = cell.column_en if t.en else cell.column_labels[-1 if row.table == "disputes" else 0]
            label = row.label_en if t.en else row.labels[0]
            labels[cell.key] = column if row.table == "disputes" else f"{label} · {column}"
    return labels


def _numbers_of(failed: Sequence[Row], key: str) -> list[int]:
    return [position for position, finding in enumerate(failed, start=1) if key in finding["keys"]]


def _finding(row: Row) -> Row:
    """As stored, but for its keys as a list; a finding of before there were severities is an error."""
    return {**row, "keys": json.loads(row["keys"] or "[]"), "severity": row["severity"] or "error"}


def in_words(row: Row, form: Form | None, t: Language) -> str:
    """What a failed check says, with both sides, as a sentence."""
    return InWords(form, t.en).sentence(_as_record(_finding(row)))


def check_title(check: str, identity: Identity | None, t: Language) -> str:
    """What a check is called: the formula of an identity, else its title."""
    zh, en = words.CHECKS.get(check, (check, check))
    return str(t(identity.label_zh if identity else zh, (identity and identity.label_en) or en))


def _as_record(finding: Row) -> Finding:
    left, right = (_exact(finding[side]) for side in ("left_value", "right_value"))
    return Finding(
        check=finding["check_id"],
        verdict=finding["verdict"],
        keys=tuple(finding["keys"]),
        left=left,
        right=right,
        message=finding["message"] or "",
        cause=finding["cause"] or "",
        subject=finding["subject"] or "",
        severity=finding["severity"],
        matched=finding["matched"] or "",
        sentence=finding["sentence"] or "",
    )


def _exact(value: float | None) -> Decimal | None:
    """A stored side as people wrote it: the database keeps it as a floating number."""
    return None if value is None else Decimal(repr(value))


def _in_words(finding: Row, form: Form | None, labels: Mapping[str, str], t: Language) -> Row:
    identity = next((i for i in form.identities if i.id == finding["check_id"]), None) if form else None
    return {
        **finding,
        "formula": check_title(finding["check_id"], identity, t),
        "says": InWords(form, t.en).sentence(_as_record(finding)),
        "is_sum": identity is not None and identity.op == "==",
        "subject_label": _subject(finding, identity.for_each if identity else "", form, t),
        "terms": [(key, labels.get(key, key)) for key in finding["keys"]],
        "cause_label": t(*words.CAUSES.get(finding["cause"] or "unknown", words.CAUSES["unknown"])),
    }


def _subject(finding: Row, for_each: str, form: Form | None, t: Language) -> str:
    """The row, column or route that a check is about, in words."""
    if form is None or not finding["keys"]:
        return finding["subject"] or ""
    key = finding["keys"][0]
    for row in form.rows():
        for cell in row.cells:
            if cell.key != key:
                continue
            if for_each == "rows":
                return f"{t('行', 'row')} {row.label_en if t.en else row.labels[0]}"
            if for_each == "columns":
                return f"{t('列', 'column')} {cell.column_en if t.en else cell.column_labels[0]}"
            return cell.column_en.rpartition(": ")[0] if t.en else cell.column_labels[-1].rpartition("：")[0]
    return finding["subject"] or ""


async def _sections(site: PublicSite, reading_id: int, form: Form | None) -> list[Row]:
    """The six sections in the form's order; one that the document lacks has no text.

    Of a report whose form is not read, those that have text: the sections are called alike in every form since 2019.
    """
    texts = {
        r["key"]: r["text"]
        for r in await site.rows("select key, text from sections where reading_id = ?", [reading_id])
    }
    named = form or next(known for known in load_forms() if known.tables)
    sections = [
        {"key": s.key, "number": s.number, "zh": s.labels[0], "en": s.label_en, "text": texts.get(s.key)}
        for s in named.sections
    ]
    return sections if form else [section for section in sections if section["text"]]


def _state_counts(cells: Any) -> dict[str, int]:
    counts = dict.fromkeys(words.STATES, 0)
    for cell in cells:
        counts[cell["state"]] += 1
    return counts


def _cell_as_data(row: Row) -> Row:
    return {
        "value": row["value"],
        "raw": row["raw"],
        "state": row["state"],
        "confidence": row["confidence"],
        "place": place_as_data(row),
        "reason": row["reason"],
        **({"unit": row["unit"]} if row["unit"] else {}),
    }


def _fact_as_data(row: Row) -> Row:
    kept = ("key", "value", "unit", "raw", "sentence", "stated_as", "part_of", "period", "scope", "section")
    return {name: row[name] for name in kept} | {"approximate": bool(row["approximate"]), "place": place_as_data(row)}


def place_as_data(row: Row) -> Row | None:
    """Where a cell stands, in the units of extract.records: points from the page's top left, or counts from 0."""
    if row.get("page") is not None:
        return {"page": row["page"], "box": [row["left"], row["top"], row["right"], row["bottom"]]}
    if row.get("table_index") is not None:
        return {"table": row["table_index"], "row": row["row_index"], "column": row["column_index"]}
    if row["start"] is not None:
        return {"start": row["start"], "end": row["end"]}
    return None


def _finding_as_data(finding: Row) -> Row:
    return {
        "check": finding["check_id"],
        "subject": finding["subject"],
        "verdict": finding["verdict"],
        "times": finding["times"],
        "keys": finding["keys"],
        "left": finding["left_value"],
        "right": finding["right_value"],
        "cause": finding["cause"],
        "message": finding["message"],
        "severity": finding["severity"],
        "matched": finding["matched"],
        "sentence": finding["sentence"],
    }
