"""What is known is not fetched again: a continued run takes its pages from the archive, a new run asks what changed.

Where only what is due is asked for (``ONLY_DUE``), old reports come from the archive too until their time has come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.responsetypes import responsetypes

from crawler.schedule import page_is_due
from crawler.walls import wall

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.items import Capture
    from crawler.recorder import Recorder

_PAGES = ("", "text/html", "application/xhtml+xml")
_LEFT_OUT = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class IncrementMiddleware:
    """Next to the downloader: what it answers goes through all other middlewares like a fresh response."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.only_due = crawler.settings.getbool("ONLY_DUE")

    @classmethod
    def from_crawler(cls, crawler: Any) -> IncrementMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        recorder: Recorder = self.crawler.spider.recorder
        if request.method != "GET":
            return None
        known = recorder.captured.get(request.url)
        if recorder.resumed and known is not None and not known.truncated and known.status < 500:
            request.meta["capture"] = known
            return _stored(recorder, known, 200 if known.status == 304 else known.status)
        last = recorder.writer.last(request.url)
        if last is None or last.status not in (200, 304) or last.truncated or not _is_answer(request, last, recorder):
            return None
        if self.only_due and not self._is_due(request, last, recorder):
            recorder.counts["not_due"] += 1
            request.meta["capture"] = last
            return _stored(recorder, last, 200)
        self._ask_what_changed(request, last, recorder)
        return None

    def _is_due(self, request: Request, last: Capture, recorder: Recorder) -> bool:
        kind = request.meta.get("kind", "list")
        first = recorder.writer.first(request.url) or last
        published_on = request.meta.get("published_on", "")
        return page_is_due(
            kind, published_on, last.fetched_at, recorder.now(), url=request.url, first_seen_at=first.fetched_at
        )

    def process_response(self, request: Request, response: Response) -> Response:
        """A 304 becomes the stored page, as if it had been sent again."""
        recorder: Recorder = self.crawler.spider.recorder
        capture = request.meta.get("capture")
        if response.status != 304 or capture is None or not capture.revisit_of:
            return response
        return _stored(recorder, capture, 200)

    def _ask_what_changed(self, request: Request, known: Capture, recorder: Recorder) -> None:
        for name, value in recorder.archive.headers(known):
            if name.lower() == "etag":
                request.headers.setdefault("If-None-Match", value)
            elif name.lower() == "last-modified":
                request.headers.setdefault("If-Modified-Since", value)


def _is_answer(request: Request, last: Capture, recorder: Recorder) -> bool:
    """Whether what was sent with status 200 is what was asked for: no wall, not empty, no page in a document's place.

    What is none is asked for again as if for the first time: a wall's ETag is not that of the page behind it.
    """
    if request.meta.get("kind") == "document" and last.sniffed_type == "text/html" and last.claimed_type in _PAGES:
        return False
    body = recorder.archive.get(last)
    return bool(body.strip()) and not wall(200, body)


def _stored(recorder: Recorder, capture: Capture, status: int) -> Response:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in recorder.archive.headers(capture):
        if (key := name.encode("latin-1").lower()) not in _LEFT_OUT:
            headers.setdefault(key, []).append(value.encode("latin-1"))
    body = recorder.archive.get(capture)
    kind = responsetypes.from_args(url=capture.url, body=body)
    response: Response = kind(capture.url, status=status, headers=headers, body=body, flags=["archived"])
    return response
