"""``/report/<key>/cell/<cell>``: one number and where it stands in the original."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.records import IN_A_SCRIPT, SURE
from publish import words
from publish.decided import corrections_of, unavailable, withheld_document
from publish.html_place import ANCHOR, outlined
from publish.originals import locked_up
from publish.pages import language, not_found, page
from publish.passed_checks import not_failed
from publish.pdf_pictures import PictureError, Sheet, measure
from publish.report_page import (
    applied,
    cell_labels,
    cells_of,
    check_title,
    find_report,
    form_of,
    in_words,
    numbers_reading,
    report_missing,
    said,
    statistics_of,
)
from publish.report_page import shown as as_shown
from publish.stored import HTML, PDF, TEXT, Stored, StoredError, stored_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasette.utils.asgi import Request, Response

    from extract.forms import Form, FormCell, FormRow
    from publish.pages import Language
    from publish.site import PublicSite, Row

_DOCUMENT = "select text, media_type from documents where sha256 = ? and member = ?"
_FINDINGS = "select * from findings where reading_id = ? order by position"
_AROUND = 600
_IN_SCRIPT = (
    "这个表格由网页的脚本写入，而存档网页不运行脚本；下面引用从中读出的文字",
    "a script of the page writes this table, and no script runs in an archived page; what was read is quoted",
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text of the document around a place: before, the place itself, after."""

    before: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class Located:
    """Where a cell was found, for the page: ``kind`` is picture, page, text, row or nowhere.

    ``why`` says why it is nowhere, or why a row of text is all that can be shown.
    """

    kind: str
    why: tuple[str, str] = ("", "")
    sheet: Sheet | None = None
    excerpt: Excerpt | None = None
    medium: str = ""


async def evidence_page(request: Request, datasette: PublicSite) -> Response:
    """The page of one cell."""
    report = await find_report(datasette, request.url_vars["key"])
    if report is None:
        return await report_missing(datasette, request)
    reading_id = numbers_reading(report)
    cells = await cells_of(datasette, reading_id)
    cell = cells.get(request.url_vars["cell"])
    if cell is None:
        return await _cell_missing(datasette, request)
    t, form = language(request), form_of(report["form"])
    row, column = _in_form(form, cell["key"])
    findings = await datasette.rows(_FINDINGS, [reading_id])
    correction = applied(await corrections_of(datasette, report["report_key"])).get(cell["key"])
    labels = cell_labels(form, t) if form else await _statistics_labels(datasette, reading_id, t)
    keys = [key for key in labels if key in cells]
    position = keys.index(cell["key"])
    context = {
        "report": report,
        "cell": cell,
        "shown": as_shown(cell, report["report_key"], (), t, correction),
        "correction": correction,
        "was": said(correction["read_value"], correction["read_state"], t) if correction else "",
        "row": row,
        "column": column,
        "label": labels[cell["key"]],
        "located": await _locate(datasette, report, cell, cells),
        "anchor": ANCHOR,
        "checks": _checks(findings, cell, cells, form, t),
        "previous": keys[position - 1] if position else None,
        "following": keys[position + 1] if position + 1 < len(keys) else None,
        "states": words.STATES,
        "severities": words.SEVERITIES,
        "units_en": words.UNITS_EN,
        "is_unsure": (cell["confidence"] or 0) < SURE,
    }
    return await page(datasette, request, "gongkai_cell.html", context)


def _checks(findings: Sequence[Row], cell: Row, cells: Mapping[str, Row], form: Form | None, t: Language) -> list[Row]:
    """The checks that a cell takes part in: those that name it, failed ones first, then the other sums of the form."""
    identities = {identity.id: identity for identity in form.identities} if form else {}
    naming = [row for row in findings if cell["key"] in json.loads(row["keys"] or "[]")]
    named = [
        {
            "verdict": row["verdict"],
            "severity": row["severity"] or "error",
            "title": check_title(row["check_id"], identities.get(row["check_id"]), t),
            "sentence": in_words(row, form, t) if row["verdict"] == "fail" else "",
        }
        for row in sorted(naming, key=lambda row: bool(row["verdict"] != "fail"))
    ]
    others = not_failed(form, cell, cells, findings) if form else ()
    return named + [
        {"verdict": verdict, "severity": one.severity, "title": check_title(one.id, one, t), "sentence": ""}
        for one, verdict in others
    ]


async def _statistics_labels(site: PublicSite, reading_id: int, t: Language) -> dict[str, str]:
    """What each figure of an older statistics table is called: its label as printed, and of which column it is."""
    columns = (("year", t("本年", "year")), ("cumulative", t("历年累计", "cumulative")))
    return {
        f"statistics.{row['position']}.{name}": f"{row['label']} · {column}"
        for row in await statistics_of(site, reading_id)
        for name, column in columns
    }


async def outlined_page(request: Request, datasette: PublicSite) -> Response:
    """``…/cell/<cell>/original``: the archived web page with that very cell outlined, nothing in it running."""
    report = await find_report(datasette, request.url_vars["key"])
    if report is None:
        return await report_missing(datasette, request)
    if decision := await withheld_document(datasette, report["sha256"]):
        return await unavailable(datasette, request, decision)
    cells = await cells_of(datasette, numbers_reading(report))
    cell = cells.get(request.url_vars["cell"])
    try:
        found = await stored_document(datasette, report["sha256"], report["member"]) if cell else None
    except StoredError:
        found = None
    html = await _outlined(found, cell, cells) if cell and found and found.media_type == HTML else None
    if html is None:
        return await _cell_missing(datasette, request)
    return locked_up(html, "utf-8")


async def _cell_missing(site: PublicSite, request: Request) -> Response:
    return await not_found(
        site,
        request,
        "这份报告没有这一格，或它在原件中的位置无法确认。请回到报告页，从表中点选。",
        "This report has no such cell, or its place in the original cannot be confirmed. "
        "Go back to the report and follow a cell of its tables.",
    )


async def _locate(site: PublicSite, report: Row, cell: Row, cells: Mapping[str, Row]) -> Located:
    """Where the cell can be shown. When in doubt nowhere, with the reason: never a wrong place."""
    if decision := await withheld_document(site, report["sha256"]):
        why = decision["reason"]
        return _nowhere(f"原件或其中一段不予展示（{why}）", f"the original or a passage of it is withheld ({why})")
    if cell["state"] == "absent" and not _has_place(cell):
        return _nowhere("原文没有这一格", "the document does not have this cell")
    try:
        found = await stored_document(site, report["sha256"], report["member"])
    except StoredError as error:
        return _nowhere(f"档案中的原件取不出来（{error}）", f"the archived original cannot be read ({error})")
    if found is None:
        return _nowhere("档案中没有这份原件", "the archive does not hold the original")
    if cell["page"] is not None and found.media_type == PDF:
        return await _on_page(found, cell)
    is_scripted = IN_A_SCRIPT in (report["warnings"] or "")
    if found.media_type == HTML and not is_scripted and cell["table_index"] is not None:
        html = await _outlined(found, cell, cells)
        other = "存档网页中对应位置的内容与读出的不一致，因此不指出位置"
        return Located("page") if html else _nowhere(other, "the archived page shows something else at that place")
    document = await site.row(_DOCUMENT, [report["sha256"], report["member"]])
    text = (document or {}).get("text") or ""
    if cell["start"] is not None and found.media_type == TEXT:
        return _in_text(text, cell)
    if cell["table_index"] is not None:
        row, _ = _in_form(form_of(report["form"]), cell["key"])
        located = _in_row(text, cell, cells, row.labels if row else ())
        why = _IN_SCRIPT if is_scripted else ("", "")
        return replace(located, why=why, medium=words.MEDIA_TYPES.get(found.media_type, found.media_type))
    if _has_place(cell):
        return _nowhere("这种格式的原件不能在网页中指出位置", "a place in this format cannot be shown here")
    return _nowhere("读取时没有记下它的位置", "no place was kept when it was read")


def _has_place(cell: Row) -> bool:
    return any(cell[name] is not None for name in ("page", "table_index", "start"))


def _nowhere(zh: str, en: str) -> Located:
    return Located("nowhere", (zh, en))


async def _on_page(found: Stored, cell: Row) -> Located:
    try:
        sheet = await asyncio.to_thread(measure, found.data, cell["page"])
    except PictureError as error:
        return _nowhere(f"原件这一页画不出来（{error}）", f"that page of the original cannot be drawn ({error})")
    inside = (
        0 <= cell["left"] < cell["right"] <= sheet.width + 1 and 0 <= cell["top"] < cell["bottom"] <= sheet.height + 1
    )
    if not inside:
        return _nowhere("记下的位置在页面之外", "the place that was kept lies outside the page")
    return Located("picture", sheet=sheet)


async def _outlined(found: Stored, cell: Row, cells: Mapping[str, Row]) -> bytes | None:
    if cell["table_index"] is None:
        return None
    printed = {
        (other["row_index"], other["column_index"]): other["raw"]
        for other in cells.values()
        if other["table_index"] == cell["table_index"]
    }
    spot = (cell["row_index"], cell["column_index"])
    return await asyncio.to_thread(outlined, found.data, cell["table_index"], spot, printed)


def _in_text(text: str, cell: Row) -> Located:
    start, end = cell["start"], cell["end"]
    at = text[start:end]
    if "".join(at.split()) != "".join((cell["raw"] or "").split()):
        return _nowhere("原文该处的文字与读出的不一致", "the text at that place is not what was read")
    return Located("text", excerpt=Excerpt(_from_line(text, start), at, _to_line(text, end)))


def _from_line(text: str, start: int) -> str:
    begin = max(0, start - _AROUND)
    return text[text.rfind("\n", 0, begin) + 1 : start]


def _to_line(text: str, end: int) -> str:
    stop = text.find("\n", min(len(text), end + _AROUND))
    return text[end : stop if stop >= 0 else len(text)]


def _in_row(text: str, cell: Row, cells: Mapping[str, Row], labels: Sequence[str]) -> Located:
    """The printed row, if one line of the text has its values, or one of several also has its label; else none."""
    same = [c for c in cells.values() if (c["table_index"], c["row_index"]) == (cell["table_index"], cell["row_index"])]
    ordered = sorted(same, key=lambda other: other["column_index"])
    values = [(other["raw"] or "").replace("\n", " ") for other in ordered]
    printed = "\t".join(values)
    lines = [line for line in text.split("\n") if line == printed or line.endswith("\t" + printed)]
    if len(lines) > 1:
        lines = [line for line in lines if _is_labelled(line.removesuffix(printed), labels)]
    if len(lines) != 1:
        return Located("row")
    at = ordered.index(cell)
    start = len(lines[0]) - len(printed) + sum(len(value) + 1 for value in values[:at])
    end = start + len(values[at])
    return Located("row", excerpt=Excerpt(lines[0][:start], lines[0][start:end], lines[0][end:]))


def _is_labelled(before: str, labels: Sequence[str]) -> bool:
    """Whether the last cell before the values ends with the label of the row, white space aside."""
    last = "".join(before.rstrip("\t").rpartition("\t")[2].split())
    return any(last.endswith("".join(label.split())) for label in labels)


def _in_form(form: Form | None, key: str) -> tuple[FormRow | None, FormCell | None]:
    if form:
        for row in form.rows():
            for cell in row.cells:
                if cell.key == key:
                    return row, cell
    return None, None
