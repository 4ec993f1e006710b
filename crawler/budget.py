"""What finding a column may cost: links that are not worth a request are left, the best having been asked for first.

A site of a hundred thousand pages costs its reports and so many requests at most (``MOST_LEADS``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request


class NotWorthAsking(IgnoreRequest):  # reads as what it is
    """A link was left: the budget is spent, or better links have led to reports."""


class LeadBudgetMiddleware:
    """Asks the spider when a link's turn comes, not when it was found: by then more is known."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> LeadBudgetMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Counts leads, and those that are left.

        Raises:
            NotWorthAsking: with the reason.
        """
        score = request.meta.get("lead")
        if score is None or not request.meta.get("leads", True):
            return
        counts = self.crawler.spider.recorder.counts
        if reason := self.crawler.spider.refuses(score):
            counts["discovery_left"] += 1
            raise NotWorthAsking(reason)
        counts["discovery"] += 1
