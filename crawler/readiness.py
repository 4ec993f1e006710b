"""What must be so before a crawl begins: someone to write to, and a pause between requests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import CloseSpider

from crawler.safety import is_open, literal_address, networks

if TYPE_CHECKING:
    from crawler.items import Site


class NotReadyError(CloseSpider):
    """A crawl that must not begin; says what to set (Scrapy's own exception prints nothing)."""

    def __str__(self) -> str:
        return str(self.reason)


def require_contact(site: Site, contact: str, allowed: list[str]) -> None:
    """Refuse a public site while nobody is named to write to.

    Raises:
        NotReadyError: with what to set, and where.
    """
    host = urlsplit(site.start_url).hostname or ""
    address = literal_address(host)
    opened = address is not None and any(address in network for network in networks(allowed))
    if not contact and not opened and (address is None or is_open(address)):
        raise NotReadyError(f"{site.id}: set a contact in config/crawl.toml first; it stands in the user agent")


def require_delay(seconds: float) -> None:
    """Refuse to begin without a delay: Scrapy 2.19 then sends many requests to one address at once.

    Raises:
        NotReadyError: with what to set.
    """
    if not seconds > 0:
        raise NotReadyError("DOWNLOAD_DELAY must be above 0; without a delay requests to one address overlap")
