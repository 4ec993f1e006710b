"""How each content-management system lists, pages and links: one file a family, pure functions on pages.

FAMILIES is in the order in which signs are told apart; ``generic`` takes what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crawler.families import generic, gkmlpt, hanweb, jpaas, lonsun, nfcms, trs, ucap, webplus, xxgk
from crawler.families.page import Ask, Detail, Entry, Page
from crawler.families.titles import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FAMILIES", "Ask", "Detail", "Entry", "Family", "Page", "judge", "recognise"]


class Family(Protocol):
    """What a family's module offers.

    ``GUESSES_PAGES``: the page after the last one is asked for, since no pager counts; its 404 is the end, no loss.
    ``LISTS_ELSEWHERE``: rows come from an endpoint of their own, not from the column's page.
    ``NAMES_COLUMNS``: its entry page names the columns of yearly reports, which ``next_pages`` then gives.
    ``SUCCEEDED_BY``: the newer generation that may answer at this one's addresses, or empty.
    """

    NAME: str
    GUESSES_PAGES: bool
    LISTS_ELSEWHERE: bool
    NAMES_COLUMNS: bool
    SUCCEEDED_BY: str

    def recognises(self, page: Page) -> bool: ...
    def entries(self, page: Page) -> Iterator[Entry]: ...
    def next_pages(self, page: Page) -> Iterator[str | Ask]: ...
    def detail(self, page: Page) -> Detail: ...


FAMILIES: dict[str, Family] = {
    module.NAME: module for module in (gkmlpt, nfcms, jpaas, hanweb, xxgk, lonsun, webplus, ucap, trs, generic)
}


def recognise(page: Page) -> Family:
    """The first family whose signs are on the page."""
    return next(family for family in FAMILIES.values() if family.recognises(page))
