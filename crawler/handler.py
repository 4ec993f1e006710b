"""The download handler: every response is in the archive before anything else sees it.

It must sit here: a signal's receiver may fail without notice, a handler's failure reaches the request's errback, so
that there is no item without a record.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import ResponseDataLossError

from crawler import certificates
from crawler.archive import ArchiveError, Exchange
from crawler.bounded_headers import BoundedFactory

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.archive.exchange import Headers
    from crawler.recorder import Recorder


class ArchivingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler with the archive in it."""

    _closing: asyncio.Future[None] | None = None

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory  # noqa: SLF001  # as Scrapy's own handler does
        self._most_answers = crawler.settings.getint("MOST_PAGES")
        self._unverified = frozenset(host.lower() for host in crawler.settings.getlist("UNVERIFIED_HOSTS"))
        if self._unverified:
            self._contextFactory: Any = certificates.VerifiedButNamed(crawler, self._contextFactory, self._unverified)

    async def download_request(self, request: Request) -> Response:
        """The response, stored.

        Raises:
            ResponseDataLossError: the body was cut short; what came is stored as truncated.
            ArchiveError: it could not be stored; the spider is closed.
        """
        request.meta["download_fail_on_dataloss"] = False
        spider: Any = self._crawler.spider
        recorder: Recorder = spider.recorder
        if recorder.failed is not None:  # a listing could not be noted: nobody is asked for what cannot be kept
            self._stop(recorder.failed)
            raise recorder.failed
        await self._pause(request, spider.answered_at)
        try:
            response: Response = await super().download_request(request)
        finally:
            spider.answered_at = time.monotonic()
        # "partial" only says that the connection's end is the body's: many old servers send all pages so, and nobody
        # can tell a whole one from a cut one (RFC 9112 section 6.3); that it came without a length is in its headers
        cut = "dataloss" in response.flags
        try:
            request.meta["capture"] = recorder.keep(
                _exchange(request, response, recorder, cut=cut, note=self._note(request))
            )
        except (ArchiveError, OSError) as error:
            self._stop(error)
            raise
        if 0 < self._most_answers <= recorder.answers:
            self._close("closespider_pagecount")
        if cut:
            raise ResponseDataLossError(f"{request.url}: the connection ended before the body did")
        return response

    async def _pause(self, request: Request, answered_at: float) -> None:
        """Wait until the delay has passed since the last answer.

        Scrapy counts from the moment at which a request was due. Where many sites are crawled in one process it leaves
        later than that, and the next one would follow it too soon.
        """
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(request.meta.get("download_slot"))
        least = slot.delay * (1 - slot.jitter) if slot is not None else 0.0
        if (left := answered_at + least - time.monotonic()) > 0:
            await asyncio.sleep(left)

    def _note(self, request: Request) -> str:
        url = urlsplit(request.url)
        return certificates.NOTE if url.scheme == "https" and url.hostname in self._unverified else ""

    def _stop(self, error: Exception) -> None:
        spider: Any = self._crawler.spider
        if self._close("archive_failed"):
            log.error("%s: the archive failed (%s); the spider is closed", spider.site.id, error)

    def _close(self, reason: str) -> bool:
        """Close the spider, not waiting for it: closing waits for the requests under way, this one among them."""
        engine: Any = self._crawler.engine
        if engine.spider is None or self._closing is not None:
            return False
        self._closing = asyncio.ensure_future(engine.close_spider_async(reason=reason))
        return True


def _exchange(request: Request, response: Response, recorder: Recorder, *, cut: bool, note: str) -> Exchange:
    return Exchange(
        url=request.url,
        fetched_at=recorder.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        status=response.status,
        reason="",
        method=request.method,
        request_headers=_headers(request),
        request_body=request.body,
        response_headers=_headers(response),
        body=response.body,
        address=str(response.ip_address or ""),
        truncated=cut,
        note=note,
    )


def _headers(message: Request | Response) -> Headers:
    return tuple((name, value) for name, values in message.headers.items() for value in values)
