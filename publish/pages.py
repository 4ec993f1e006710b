"""What all pages share: language, links, headers, and the page for what is not there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from publish.limits import PAGE_POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.utils.asgi import Request

    from publish.site import PublicSite

CACHED = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
"""For what is named by its digest: it can never be anything else."""


@dataclass(frozen=True, slots=True)
class Language:
    """The language of a page: Chinese unless ``?lang=en`` asks for English."""

    en: bool

    @property
    def tag(self) -> str:
        """For the ``lang`` attribute."""
        return "en" if self.en else "zh-Hans"

    def __call__(self, zh: str, en: str) -> str:
        """The one of two wordings that is asked for."""
        return en if self.en else zh

    def href(self, path: str, **query: object) -> str:
        """A path of this site that keeps the language."""
        wanted = {name: value for name, value in query.items() if value not in (None, "")}
        if self.en:
            wanted["lang"] = "en"
        return f"{path}?{urlencode(wanted)}" if wanted else path


def language(request: Request) -> Language:
    """The language a request asks for."""
    return Language(request.args.get("lang") == "en")


async def page(
    site: PublicSite, request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> Response:
    """A page of ours from its template, with headers that let caches keep it and nothing foreign run in it."""
    spoken = language(request)
    shown = {
        **context,
        "t": spoken,
        "href": spoken.href,
        "other_language": _other_language(request, spoken),
        "number": number,
        "moment": moment,
        "bytes_": size,
    }
    html = await site.render_template(template, shown, request=request)
    headers = {"content-security-policy": PAGE_POLICY, "cache-control": CACHED if status == 200 else "no-cache"}
    return Response.html(html, status=status, headers=headers)


def page_number(request: Request, most: int) -> int:
    """Which page of a list is asked for by ``?page=``, from 1 to ``most``; what is no number is the first.

    >>> from types import SimpleNamespace
    >>> [page_number(SimpleNamespace(args={"page": asked}), 500) for asked in ("3", "0", "x", "9" * 5000)]
    [3, 1, 1, 500]
    """
    asked = request.args.get("page") or "1"
    if not (asked.isascii() and asked.isdigit()):
        return 1
    return min(max(int(asked[:9]), 1), most)


async def not_found(site: PublicSite, request: Request, zh: str, en: str) -> Response:
    """The page for what is not there; both texts say what to do instead."""
    return await page(site, request, "gongkai_missing.html", {"zh": zh, "en": en, "is_missing": True}, status=404)


async def failure(site: PublicSite, request: Request, zh: str, en: str) -> Response:
    """The page for what cannot be done as it was asked; both texts say what to do instead."""
    return await page(site, request, "gongkai_missing.html", {"zh": zh, "en": en, "is_missing": False}, status=400)


def _other_language(request: Request, spoken: Language) -> str:
    query = [(key, value) for key in request.args for value in request.args.getlist(key) if key != "lang"]
    if not spoken.en:
        query.append(("lang", "en"))
    return f"{request.path}?{urlencode(query)}" if query else str(request.path)


def number(value: float | None) -> str:
    """A number as text: thousands apart, no trailing zeros; empty for None.

    >>> number(3607), number(26.50), number(59237.2449), number(None)
    ('3,607', '26.5', '59,237.2449', '')
    """
    if value is None:
        return ""
    return f"{int(value):,}" if value == int(value) else f"{value:,.10f}".rstrip("0")


def moment(iso: str | None) -> str:
    """A UTC time to the minute; what is no time is given back as it is.

    >>> moment("2026-01-05T10:24:30Z"), moment("2026-01-05"), moment(None)
    ('2026-01-05 10:24 UTC', '2026-01-05', '')
    """
    if not iso or "T" not in iso:
        return iso or ""
    try:
        return dt.datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return iso


def size(count: int | None) -> str:
    """Bytes for people.

    >>> size(512), size(42725), size(3_500_000)
    ('512 B', '42.7 kB', '3.5 MB')
    """
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
