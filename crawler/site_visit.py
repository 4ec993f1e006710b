"""A short, polite crawl of one address into a folder that is thrown away: what ``gongkai site add`` looks at."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive import Archive
from crawler.discovery import is_home
from crawler.families import Page
from crawler.families.page import text_of
from crawler.items import Capture, Failure, Listing, Site
from crawler.run import crawl
from crawler.site_proposal import Visit, site_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SETTINGS: Mapping[str, Any] = {"CLOSESPIDER_PAGECOUNT": 60, "CLOSESPIDER_TIMEOUT": 600, "RETRY_TIMES": 1}


def visit(url: str, *, allow_addresses: Sequence[str] = (), settings: Mapping[str, Any] | None = None) -> Visit:
    """What is at an address: robots are obeyed, one page a second, sixty pages or ten minutes at most.

    Raises:
        CrawlError: no contact is set and the address is public.
    """
    site = Site(id=site_id(url, set()), start_url=url, entry_points=() if is_home(url) else (url,))
    with tempfile.TemporaryDirectory(prefix="gongkai-visit-") as folder:
        root = Path(folder)
        (run,) = crawl(
            [site], archive_root=root, allow_addresses=allow_addresses, settings={**SETTINGS, **(settings or {})}
        )
        archive = Archive(root)
        records = [record for _, record in archive.records(site.id)] if run.run_id else []
        pages = [
            Page(one.url, text_of(archive.get(one)))
            for one in records
            if isinstance(one, Capture) and one.status == 200 and one.sniffed_type == "text/html"
        ]
    return Visit(
        run,
        tuple(pages),
        tuple(one for one in records if isinstance(one, Listing)),
        tuple(one for one in records if isinstance(one, Failure)),
    )
