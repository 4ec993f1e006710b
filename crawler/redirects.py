"""Redirects are followed even where their target was asked for before: otherwise the request would vanish unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

if TYPE_CHECKING:
    from scrapy import Request


class FollowedRedirectMiddleware(RedirectMiddleware):
    """Scrapy's filter of duplicates drops a redirected request without callback or errback.

    A report that moved to a page known already would have no listing, a page that redirects to itself no failure.
    REDIRECT_MAX_TIMES ends the loops.
    """

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        following: Request = super()._redirect(redirected, request, reason)
        following.dont_filter = True
        return following
