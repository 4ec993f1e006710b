"""How each content-management system lists, pages and links: one file a family, pure functions on pages.

FAMILIES is in the order in which signs are told apart; ``generic`` takes what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crawler.families import (
    epoint,
    generic,
    gkmlpt,
    gongkai_site,
    hanweb,
    hanweb_annual,
    hebei,
    jeecms,
    jpaas,
    lonsun,
    nfcms,
    sheets,
    trs,
    ucap,
    webplus,
    xxgk,
)
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

    @property
    def NAME(self) -> str: ...  # noqa: N802  # a module's constant
    @property
    def GUESSES_PAGES(self) -> bool: ...  # noqa: N802
    @property
    def LISTS_ELSEWHERE(self) -> bool: ...  # noqa: N802
    @property
    def NAMES_COLUMNS(self) -> bool: ...  # noqa: N802
    @property
    def SUCCEEDED_BY(self) -> str: ...  # noqa: N802

    def recognises(self, page: Page) -> bool: ...
    def entries(self, page: Page) -> Iterator[Entry]: ...
    def next_pages(self, page: Page) -> Iterator[str | Ask]: ...
    def detail(self, page: Page) -> Detail: ...


_IN_ORDER: tuple[Family, ...] = (
    hanweb_annual,
    gkmlpt,
    nfcms,
    jpaas,
    hanweb,
    xxgk,
    lonsun,
    gongkai_site,
    hebei,
    webplus,
    ucap,
    trs,
    jeecms,
    epoint,
    *sheets.SHEETS,
    generic,
)
FAMILIES: dict[str, Family] = {family.NAME: family for family in _IN_ORDER}


def recognise(page: Page) -> Family:
    """The first family whose signs are on the page."""
    return next(family for family in FAMILIES.values() if family.recognises(page))
