"""Originals from the archive: ``/document/<sha256>`` with its provenance, ``/original/<sha256>`` the bytes themselves.

What a foreign page holds must neither run nor load nor reach our pages: it is served sandboxed, in an origin of its own
(Content-Security-Policy Level 3, section 6.3.2), and may load nothing. Everything but HTML is a download.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from crawler.archive import ArchiveError
from crawler.items import Capture
from publish import page_picture, words
from publish.html_place import charset
from publish.pages import FOREVER, not_found, page

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from publish.site import PublicSite, Row

HTML = frozenset({"text/html", "application/xml"})
PDF = "application/pdf"
MOST_PICTURES = 60
"""Pages of a PDF shown on one page of ours; the rest is in the download."""

SANDBOX_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
SANDBOX_HEADERS = {
    "content-security-policy": SANDBOX_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": FOREVER,
}
ENDINGS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/zip": "zip",
    "application/rtf": "rtf",
    "application/x-ole-storage": "doc",
    "multipart/related": "mht",
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
}

_CAPTURES = """
    select c.*, s.name as site_name from captures c left join sites s on s.id = c.site_id
    where c.sha256 = ? and c.warc <> '' order by c.revisit_of <> '', c.fetched_at, c.id"""
_REPORTS = """
    select distinct r.report_key, r.title, r.issuer_printed, r.year from report_documents p join reports r on r.id = p.report_id
    where p.sha256 = ? order by r.year, r.report_key"""
_DOCUMENT = "select media_type, size from documents where sha256 = ? order by member limit 1"


async def captures_of(site: PublicSite, sha256: str) -> list[Row]:
    """The captures that hold these bytes, the first one first; empty for what is not ours to show."""
    return await site.rows(_CAPTURES, [sha256])


async def original_bytes(site: PublicSite, capture: Row) -> bytes:
    """The body of a capture, decoded.

    Raises:
        ArchiveError: the record is not where the database says.
    """
    names = ("run_id", "site_id", "url", "fetched_at", "claimed_type", "sniffed_type", "sha256", "warc", "record_id")
    record = Capture(
        **{name: capture[name] or "" for name in names},
        status=capture["status"] or 0,
        size=capture["size"] or 0,
        payload_digest="",
        offset=capture["offset"],
        length=capture["length"],
    )
    return await asyncio.get_running_loop().run_in_executor(None, partial(site.archive.get, record))


async def original(request: Request, datasette: PublicSite) -> Response:
    """The archived bytes: HTML sandboxed, everything else as a download."""
    sha256 = request.url_vars["sha256"]
    found = await _bytes_or_page(datasette, request, sha256)
    if isinstance(found, Response):
        return found
    capture, data = found
    media_type = capture["sniffed_type"] or "application/octet-stream"
    if media_type in HTML:
        return sandboxed(data, charset(data))
    name = f"{sha256[:16]}.{ENDINGS.get(media_type, 'bin')}"
    headers = {**SANDBOX_HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    return _raw(data, media_type if media_type in ENDINGS else "application/octet-stream", headers)


async def document_page(request: Request, datasette: PublicSite) -> Response:
    """A document with where it came from, and the document itself, shut in."""
    sha256 = request.url_vars["sha256"]
    captures = await captures_of(datasette, sha256)
    if not captures:
        return await original_missing(datasette, request)
    stored = await datasette.row(_DOCUMENT, [sha256])
    media_type = captures[0]["sniffed_type"]
    sizes, error = await _sizes(datasette, captures[0]) if media_type == PDF else ([], "")
    context = {
        "sha256": sha256,
        "captures": captures,
        "media_type": words.MEDIA_TYPES.get(media_type, media_type),
        "size": (stored or captures[0])["size"],
        "is_html": media_type in HTML,
        "sizes": sizes[:MOST_PICTURES],
        "pages": len(sizes),
        "error": error,
        "reports": await datasette.rows(_REPORTS, [sha256]),
    }
    return await page(datasette, request, "gongkai_document.html", context)


async def page_png(request: Request, datasette: PublicSite) -> Response:
    """One page of a PDF as a picture."""
    found = await _bytes_or_page(datasette, request, request.url_vars["sha256"])
    if isinstance(found, Response):
        return found
    capture, data = found
    number = int(request.url_vars["page"])
    if capture["sniffed_type"] != PDF:
        return await not_found(
            datasette, request, "这份原件不是 PDF，没有页图。", "This original is no PDF and has no pages."
        )
    try:
        png = await page_picture.picture(data, number)
    except page_picture.PictureError as error:
        return await not_found(
            datasette, request, f"第 {number} 页画不出来，请下载原件查看。", f"Page {number}: {error}."
        )
    return _raw(png, "image/png", {"cache-control": FOREVER, "x-content-type-options": "nosniff"})


async def original_missing(site: PublicSite, request: Request) -> Response:
    """The page for a digest of which nothing is kept."""
    return await not_found(
        site,
        request,
        "档案中没有这个 SHA-256 的原件。请从报告页的“原件”表进入；如果地址是抄写的，请核对 64 位十六进制数。",
        "The archive holds no original with this SHA-256. Start from the documents of a report; if the address was "
        "copied by hand, check its 64 hexadecimal digits.",
    )


def sandboxed(body: bytes | str, encoding: str = "utf-8", *, cache: str = FOREVER) -> Response:
    """Foreign HTML: nothing in it runs, loads, submits or navigates; it is in an origin of its own."""
    data = body.encode() if isinstance(body, str) else body
    return _raw(data, f"text/html; charset={encoding}", {**SANDBOX_HEADERS, "cache-control": cache})


def _raw(data: bytes, content_type: str, headers: dict[str, str]) -> Response:
    return Response(body=data, status=200, headers=headers, content_type=content_type)


async def _bytes_or_page(site: PublicSite, request: Request, sha256: str) -> tuple[Row, bytes] | Response:
    captures = await captures_of(site, sha256)
    if not captures:
        return await original_missing(site, request)
    try:
        return captures[0], await original_bytes(site, captures[0])
    except ArchiveError:
        return await not_found(
            site,
            request,
            "数据库记有这份原件，但档案中对应的记录读不出来。请告知站点管理者运行 gongkai verify。",
            "The database knows this original, but its record in the archive cannot be read. Ask the keeper of this site "
            "to run: gongkai verify.",
        )


async def _sizes(site: PublicSite, capture: Row) -> tuple[list[tuple[float, float]], str]:
    try:
        return await page_picture.page_sizes(await original_bytes(site, capture)), ""
    except (ArchiveError, page_picture.PictureError) as error:
        return [], str(error)
