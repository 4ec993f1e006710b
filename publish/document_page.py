"""``/document/<sha256>``: where an original came from, who reports by it, and the original itself, locked up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from publish import words
from publish.decided import unavailable, withheld_document
from publish.originals import damaged, original_missing
from publish.pages import page
from publish.pdf_pictures import PictureError, measure
from publish.stored import HTML, PDF, StoredError, stored

if TYPE_CHECKING:
    from datasette.utils.asgi import Request, Response

    from publish.site import PublicSite
    from publish.stored import Stored

MOST_CAPTURES = 50
MOST_PAGES = 60
MOST_TEXT = 200_000

_CAPTURES = """
    select url, fetched_at, status, claimed_type, sniffed_type, size, warc, offset, length, run_id, record_id,
      revisit_of, truncated
    from captures where sha256 = ? and failure is null order by fetched_at, id limit ?"""
_REPORTS = """
    select distinct r.report_key, r.issuer_printed, r.year, r.title from report_documents d
    join reports r on r.id = d.report_id where d.sha256 = ? order by r.year, r.report_key"""
_READINGS = """
    select g.member, g.reader, g.kind, g.reason, g.error, d.text, d.media_type from readings g
    left join documents d on d.sha256 = g.sha256 and d.member = g.member where g.sha256 = ? order by g.id desc"""


async def document_page(request: Request, datasette: PublicSite) -> Response:
    """The page of one archived original."""
    sha256 = request.url_vars["sha256"]
    decision = await withheld_document(datasette, sha256)
    if decision and decision["what"] == "document":
        return await unavailable(datasette, request, decision)
    try:
        found = await stored(datasette, sha256)
    except StoredError as error:
        return await damaged(datasette, request, error)
    if found is None:
        return await original_missing(datasette, request)
    readings = await datasette.rows(_READINGS, [sha256])
    readings = [reading for reading in readings if reading["reader"] == readings[0]["reader"]]
    members = sorted((r for r in readings if r["member"]), key=lambda reading: str(reading["member"]))
    text = next((reading["text"] for reading in readings if reading["text"] and not members), "")
    context: dict[str, Any] = {
        "sha256": sha256,
        "found": found,
        "captures": await datasette.rows(_CAPTURES, [sha256, MOST_CAPTURES]),
        "most_captures": MOST_CAPTURES,
        "reports": await datasette.rows(_REPORTS, [sha256]),
        "readings": readings,
        "members": members,
        "text": text[:MOST_TEXT],
        "is_cut": len(text) > MOST_TEXT,
        "is_page": found.media_type == HTML and decision is None,
        "media_types": words.MEDIA_TYPES,
        "decision": decision,  # of a passage: the text has it overwritten, the original is not shown
        **await _pages(found if decision is None else None),
    }
    return await page(datasette, request, "gongkai_document.html", context)


async def _pages(found: Stored | None) -> dict[str, Any]:
    """How many pages a PDF has, of which so many are shown; or why none is."""
    if found is None or found.media_type != PDF:
        return {"pages": 0, "shown_pages": 0, "trouble": ""}
    try:
        sheet = await asyncio.to_thread(measure, found.data, 1)
    except PictureError as error:
        return {"pages": 0, "shown_pages": 0, "trouble": str(error)}
    return {"pages": sheet.pages, "shown_pages": min(sheet.pages, MOST_PAGES), "trouble": ""}
