"""Items into the archive, the only place where they are needed: extraction reads them from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.items import Failure, Listing


class ArchivePipeline:
    """Notes each Listing and Failure in the site's archive."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> ArchivePipeline:
        return cls(crawler)

    def process_item(self, item: Listing | Failure) -> Listing | Failure:
        self.crawler.spider.recorder.note(item)
        return item
