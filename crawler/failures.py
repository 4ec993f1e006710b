"""Why a request gave nothing to keep: the kinds of crawler.items.Failure, told from statuses and errors."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.bounded_headers import TOLD
from crawler.rest import DownError, SiteRestsError
from crawler.robots import RobotsForbidden
from crawler.safety import UnsafeAddressError
from crawler.walls import wall


def classify_status(status: int, body: bytes) -> tuple[str, str]:
    """The kind and message of an answer that is no success."""
    if message := wall(status, body):
        return "blocked", message
    if status in (404, 410):
        return "gone", f"the page is gone ({status})"
    if status >= 500:
        return "server_error", f"the server failed ({status})"
    return "other", f"an answer of status {status}"


def classify_error(error: BaseException | None) -> tuple[str, str]:
    """The kind and message of a request without an answer."""
    name = type(error).__name__
    if isinstance(error, DownloadCancelledError):
        return "too_large", "the answer is larger than largest_body of config/crawl.toml allows; it was not kept"
    if isinstance(error, RobotsForbidden):
        return "robots", "robots.txt closes this path"
    if isinstance(error, SiteRestsError):
        return "blocked", str(error)
    if isinstance(error, DownError):
        return error.kind, str(error)
    if isinstance(error, UnsafeAddressError):
        return "unsafe_address", str(error)
    if isinstance(error, DownloadTimeoutError):
        return "timeout", "no whole answer in time"
    if isinstance(error, ResponseDataLossError):
        return "truncated", "the connection ended before the body did; what came is kept"
    if isinstance(error, DownloadConnectionRefusedError | CannotResolveHostError | DownloadFailedError):
        if "certificate" in str(error):
            return "refused", (
                "the server's certificate cannot be verified; try the site's http address, or its owner, or name the "
                "host in `unverified` of config/crawl.toml"
            )
        if TOLD in str(error):
            return "too_large", f"the answer begins with {TOLD}; it was not kept"
        return "refused", f"no connection, or one that ended without an answer ({name})"
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):  # Scrapy's own, when it decompresses
        return "too_large", "the answer unpacks to more than largest_body of config/crawl.toml; it is kept as it came"
    if isinstance(error, IgnoreRequest | UnsupportedURLSchemeError):
        return "not_followed", str(error) or name
    return "other", f"{name}: {error}"
