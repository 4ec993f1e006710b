"""``/report/<key>/cell/<cell key>``: one number and where it stands in the original.

The place is shown only where it can be proved to be the right one; otherwise the page says that it cannot be shown.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

from crawler.archive import ArchiveError
from publish import page_picture, words
from publish.html_place import MARK, outlined
from publish.originals import HTML, PDF, captures_of, original_bytes, original_missing, sandboxed
from publish.pages import CACHED, language, not_found, page
from publish.report_page import (
    SURE,
    cell_labels,
    cells_of,
    find_report,
    form_of,
    place_as_data,
    report_missing,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.utils.asgi import Request, Response

    from extract.forms import Form, FormCell, FormRow
    from publish.pages import Language
    from publish.site import PublicSite, Row

AROUND = 400
"""Characters of text shown before and after a marked number."""
SCRIPTED = "stands in a script"
"""In a reading's warnings: its places count in markup that only a script shows."""

_DOCUMENT = "select media_type, text, size from documents where sha256 = ? and member = ?"
_FINDINGS = "select check_id, verdict, keys from findings where reading_id = ? order by id"


async def cell_page(request: Request, datasette: PublicSite) -> Response:
    """The page of one cell."""
    report = await find_report(datasette, request.url_vars["key"])
    if report is None:
        return await report_missing(datasette, request)
    cells = await cells_of(datasette, report["current_reading_id"])
    cell = cells.get(request.url_vars["cell"])
    if cell is None:
        return await _cell_missing(datasette, request)
    t, form = language(request), form_of(report["form"])
    printed_row = form and _form_row(form, cell["key"])
    document = await datasette.row(_DOCUMENT, [report["sha256"], report["member"]])
    context = {
        "report": report,
        "cell": cell,
        "view": shown(cell, report["report_key"], (), t),
        "label": cell_labels(form, t).get(cell["key"], cell["key"]) if form else cell["key"],
        "form_row": printed_row[0] if printed_row else None,
        "unit": printed_row[1].unit if printed_row else "",
        "states": words.STATES,
        "sure": SURE,
        "place": place_as_data(cell),
        "evidence": await _evidence(datasette, report, cells, cell, document, t),
        "checks": await _checks(datasette, report, cell["key"], t),
        "media_type": words.MEDIA_TYPES.get(document["media_type"], document["media_type"]) if document else "",
    }
    return await page(datasette, request, "gongkai_cell.html", context)


async def cell_original(request: Request, datasette: PublicSite) -> Response:
    """The archived page with that cell outlined, as shut in as the original itself."""
    report = await find_report(datasette, request.url_vars["key"])
    if report is None:
        return await report_missing(datasette, request)
    cells = await cells_of(datasette, report["current_reading_id"])
    cell = cells.get(request.url_vars["cell"])
    if cell is None:
        return await _cell_missing(datasette, request)
    if not await captures_of(datasette, report["sha256"]):
        return await original_missing(datasette, request)
    html = await _outlined(datasette, report, cells, cell)
    if html is None:
        return await not_found(
            datasette,
            request,
            "在存档网页中没有可靠地找到这一格，因此不作标示。请打开原件自行查看。",
            "This cell was not found for certain in the archived page, so nothing is marked. Open the original instead.",
        )
    return sandboxed(html, cache=CACHED)


async def _cell_missing(site: PublicSite, request: Request) -> Response:
    return await not_found(
        site,
        request,
        "这份报告没有这个单元格。请从报告页的表格进入。",
        "This report has no such cell. Start from the tables of the report.",
    )


async def _evidence(
    site: PublicSite, report: Row, cells: Mapping[str, Row], cell: Row, document: Row | None, t: Language
) -> dict[str, Any]:
    """What to show: ``kind`` page, html, text, grid or none, and what that kind's part of the template needs."""
    media_type = document["media_type"] if document else ""
    if place_as_data(cell) is None:
        return {"kind": "none", "why": t("这一格没有记下位置。", "No place was recorded for this cell.")}
    if report["member"]:
        return {
            "kind": "none",
            "why": t("原件在压缩包内，请下载查看。", "The original is inside a ZIP file; download it."),
        }
    if cell["page"] is not None and media_type == PDF:
        return await _on_page(site, report, cell, t)
    if cell["start"] is not None and document:
        return _in_text(document["text"] or "", cell, t)
    if cell["table_index"] is None:
        return {"kind": "none", "why": t("这一格没有记下位置。", "No place was recorded for this cell.")}
    if media_type in HTML:
        found = await _outlined(site, report, cells, cell)
        if found is not None:
            return {"kind": "html", "mark": MARK}
        return {
            "kind": "none",
            "why": t(
                "在存档网页中没有可靠地找到这一格，因此不作标示。",
                "This cell was not found for certain in the archived page, so nothing is marked.",
            ),
        }
    return {"kind": "grid", "line": _line_of(document["text"] or "", cells, cell) if document else None}


async def _outlined(site: PublicSite, report: Row, cells: Mapping[str, Row], cell: Row) -> str | None:
    captures = await captures_of(site, report["sha256"])
    if cell["table_index"] is None or SCRIPTED in (report["warnings"] or "") or not captures:
        return None
    if captures[0]["sniffed_type"] not in HTML:
        return None
    try:
        data = await original_bytes(site, captures[0])
    except ArchiveError:
        return None
    row = {other["column_index"]: other["raw"] or "" for other in _same_row(cells, cell)}
    return outlined(data, (cell["table_index"], cell["row_index"], cell["column_index"]), row)


def _same_row(cells: Mapping[str, Row], cell: Row) -> list[Row]:
    """The cells read from the same printed row, left to right."""
    here = (cell["table_index"], cell["row_index"])
    row = [other for other in cells.values() if (other["table_index"], other["row_index"]) == here]
    return sorted(row, key=lambda other: int(other["column_index"]))


async def _on_page(site: PublicSite, report: Row, cell: Row, t: Language) -> dict[str, Any]:
    captures = await captures_of(site, report["sha256"])
    try:
        sizes = await page_picture.page_sizes(await original_bytes(site, captures[0])) if captures else []
    except (ArchiveError, page_picture.PictureError) as error:
        return {"kind": "none", "why": t(f"页图画不出来（{error}）。", f"The page cannot be drawn: {error}.")}
    if not 1 <= cell["page"] <= len(sizes):
        return {"kind": "none", "why": t("原件没有这一页。", "The original has no such page.")}
    width, height = sizes[cell["page"] - 1]
    pad = 2
    box = {
        "x": cell["left"] - pad,
        "y": cell["top"] - pad,
        "width": cell["right"] - cell["left"] + 2 * pad,
        "height": cell["bottom"] - cell["top"] + 2 * pad,
    }
    return {"kind": "page", "width": width, "height": height, "box": box, "pages": len(sizes)}


def _in_text(text: str, cell: Row, t: Language) -> dict[str, Any]:
    start, end = cell["start"], cell["end"]
    if _bare(text[start:end]) != _bare(cell["raw"] or ""):
        why = t(
            "所记位置上的文字与读出的不同，因此不作标示。", "The text at the recorded place differs from what was read."
        )
        return {"kind": "none", "why": why}
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return {"kind": "text", "before": before, "marked": text[start:end], "after": after}


def _line_of(text: str, cells: Mapping[str, Row], cell: Row) -> str | None:
    """The line of the text that is this row, if exactly one holds its numbers in order."""
    printed = [_bare(other["raw"] or "") for other in _same_row(cells, cell)]
    lines = [line for line in text.splitlines() if "\t" in line]
    found = [line for line in lines if [_bare(part) for part in line.split("\t")][-len(printed) :] == printed]
    return found[0] if len(found) == 1 else None


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _form_row(form: Form, key: str) -> tuple[FormRow, FormCell] | None:
    return next(((row, cell) for row in form.rows() for cell in row.cells if cell.key == key), None)


async def _checks(site: PublicSite, report: Row, key: str, t: Language) -> list[Row]:
    """The checks this cell takes part in."""
    rows = await site.rows(_FINDINGS, [report["current_reading_id"]])
    identities = {
        identity.id: identity.label_zh for form in [form_of(report["form"])] if form for identity in form.identities
    }
    return [
        {
            "id": row["check_id"],
            "verdict": row["verdict"],
            "formula": t(
                identities.get(row["check_id"], row["check_id"]),
                words.IDENTITIES_EN.get(row["check_id"], identities.get(row["check_id"], row["check_id"])),
            ),
            "verdict_label": t(*words.VERDICTS[row["verdict"]]),
        }
        for row in rows
        if key in json.loads(row["keys"] or "[]")
    ]
