"""A crawl stays on its site, wherever links and redirects of any kind lead.

A redirect to another host is a login, a block page, a copy of the site, or its new home: a person decides which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

from crawler.families.page import same_host

if TYPE_CHECKING:
    from scrapy import Request


class AnotherSiteError(IgnoreRequest):
    """A request to another host than the site's was stopped."""


class OwnSiteMiddleware:
    """Stops requests to other hosts; with and without www. is one site."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> OwnSiteMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Only robots.txt is fetched from elsewhere, where it redirects (RFC 9309 section 2.3.1.2).

        Raises:
            AnotherSiteError: the request is for another host.
        """
        start_url: str = self.crawler.spider.site.start_url
        if not same_host(request.url, start_url) and not request.meta.get("dont_obey_robotstxt"):
            raise AnotherSiteError("on another host; if the site has moved there, name that address in the registry")
