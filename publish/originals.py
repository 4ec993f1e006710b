"""``/original/<sha256>``: archived bytes, served so that nothing in them runs, loads, or reaches our pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from publish.decided import unavailable, withheld_document
from publish.pages import CACHED, FOREVER, not_found
from publish.pdf_pictures import PictureError, draw
from publish.stored import ENDINGS, HTML, PDF, StoredError, charset_of, stored, stored_document

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from publish.site import PublicSite
    from publish.stored import Stored

# `sandbox` without allow-scripts, allow-forms or allow-same-origin: no script, no form, no automatic navigation by
# <meta http-equiv=refresh> (HTML, "sandboxed automatic features"), an origin of its own. The rest: nothing is fetched.
SANDBOX_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
SAFE_HEADERS = {
    "content-security-policy": SANDBOX_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
}


async def original(request: Request, datasette: PublicSite) -> Response:
    """The archived bytes: a web page to look at, locked up; anything else as a download."""
    if decision := await withheld_document(datasette, request.url_vars["sha256"]):
        return await unavailable(datasette, request, decision)
    try:
        found = await stored(datasette, request.url_vars["sha256"])
    except StoredError as error:
        return await damaged(datasette, request, error)
    if found is None:
        return await original_missing(datasette, request)
    if found.media_type == HTML:
        return locked_up(found.data, charset_of(found.data), cache=FOREVER)
    return _download(found)


def locked_up(page: bytes, charset: str, *, cache: str = CACHED) -> Response:
    """An archived page as an answer in which nothing runs."""
    headers = {**SAFE_HEADERS, "cache-control": cache}
    return Response(page, headers=headers, content_type=f"text/html; charset={charset}")


def _download(found: Stored) -> Response:
    name = f"gongkai-{found.sha256[:12]}.{ENDINGS.get(found.media_type, 'bin')}"
    headers = {
        **SAFE_HEADERS,
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": FOREVER,
    }
    # The type is ours, from the first bytes; what the server claimed could make a browser run it.
    known = found.media_type if found.media_type in ENDINGS else "application/octet-stream"
    return Response(found.data, headers=headers, content_type=known)


async def page_picture(request: Request, datasette: PublicSite) -> Response:
    """``/original/<sha256>/page/<n>.png``: the picture of a PDF's page, counted from 1.

    ``?member=`` names a PDF in an original that is a ZIP.
    """
    if decision := await withheld_document(datasette, request.url_vars["sha256"]):
        return await unavailable(datasette, request, decision)
    try:
        found = await stored_document(datasette, request.url_vars["sha256"], request.args.get("member") or "")
        if found is None or found.media_type != PDF:
            return await original_missing(datasette, request)
        picture = await asyncio.to_thread(draw, found.data, int(request.url_vars["page"]))
    except StoredError as error:
        return await damaged(datasette, request, error)
    except PictureError as error:
        return await not_found(datasette, request, f"这一页画不出来：{error}", f"This page cannot be drawn: {error}")
    headers = {**SAFE_HEADERS, "content-security-policy": "default-src 'none'", "cache-control": FOREVER}
    return Response(picture, headers=headers, content_type="image/png")


async def original_missing(site: PublicSite, request: Request) -> Response:
    """The page for a digest that no capture has."""
    return await not_found(
        site,
        request,
        "本站档案中没有这个摘要（SHA-256）的原件。摘要是 64 位小写十六进制；请从报告页的“原件”一节进入。",
        "This archive holds no original with that SHA-256 (64 lower-case hexadecimal digits). "
        "Start from the documents of a report.",
    )


async def damaged(site: PublicSite, request: Request, error: Exception) -> Response:
    """The page for an original that the archive should have and cannot give."""
    return await not_found(
        site,
        request,
        f"档案中应有此原件，但现在取不出来（{error}）。请告知维护者运行 gongkai verify。",
        f"The archive should hold this original and cannot give it ({error}). "
        "Tell the maintainers, who can run gongkai verify.",
    )
