"""Redirects are followed even where their target was asked for before, and never to a known spam mirror.

Scrapy's filter of duplicates drops a redirected request without callback or errback: a report that moved to a known
page would have no listing, a page that redirects to itself no failure. REDIRECT_MAX_TIMES ends the loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.mirrors import is_mirror

if TYPE_CHECKING:
    from scrapy.http import Response


class FollowedRedirectMiddleware(RedirectMiddleware):
    """Redirects by status."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        return _followed(super()._redirect(redirected, request, reason))


class FollowedRefreshMiddleware(MetaRefreshMiddleware):
    """Redirects by a meta element; a page that only shows itself anew is the page."""

    def process_response(  # type: ignore[override]  # Scrapy warns of the spider argument that its own method still has
        self, request: Request, response: Response
    ) -> Request | Response:
        following: Request | Response = super().process_response(request, response)
        return response if isinstance(following, Request) and following.url == request.url else following

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        return _followed(super()._redirect(redirected, request, reason))


def _followed(redirected: Request) -> Request:
    if is_mirror(redirected.url):
        raise IgnoreRequest(f"a redirect to a known spam mirror ({redirected.url})")
    redirected.dont_filter = True
    return redirected
