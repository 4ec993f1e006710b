"""Further pages of a list that only a script of its pager counts: ``index_1.html`` and so on, counted from 0.

TRS pages so, and so do static directories of other makers, who took its scripts over::

    <script>createPageHTML(3, 0, "index", "html");</script>
    <script>var countPage = 3;</script>
    <script>pagination_script_config = {total: 3, ...}</script>
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.families.page import Page

PAGER = re.compile(r"createPageHTML\(\s*(\d{1,9})\s*,\s*\d+\s*,\s*[\"']([\w.-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
_COUNT = re.compile(
    r"(?:(?:countPage|pageCount)\s*=|pagination_script_config[^;]{0,80}?\btotal[\"']?\s*[:=])\s*[\"']?(\d{1,9})"
)
_BUILT = re.compile(r"[\"'](?:\./)?([A-Za-z][\w-]*)_[\"']\s*\+[^;\n]{0,60}\+\s*[\"']\.(s?html?|jsp)[\"']")
_ENDING = re.compile(r"\.(s?html?|jsp)$")
_MOST_PAGES = 200


def counted_pages(page: Page) -> Iterator[str]:
    """The pages that the script counts, the first and this one left out."""
    count, name, ending = _pager(page)
    for number in range(1, min(count, _MOST_PAGES)):
        url = urljoin(page.url, f"{name}_{number}.{ending}")
        if url != page.url:
            yield url


def _pager(page: Page) -> tuple[int, str, str]:
    if match := PAGER.search(page.text):
        return int(match[1]), match[2], match[3]
    count, built = _COUNT.search(page.text), _BUILT.search(page.text)
    own = _ENDING.search(urlsplit(page.url).path)
    name, ending = (built[1], built[2]) if built else ("index", own[1] if own else "html")
    return (int(count[1]) if count else 0), name, ending
