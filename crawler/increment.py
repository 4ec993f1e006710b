"""What is known is not fetched again: a continued run takes its pages from the archive, a new run asks what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.responsetypes import responsetypes

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.items import Capture
    from crawler.recorder import Recorder

_LEFT_OUT = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class IncrementMiddleware:
    """Next to the downloader: what it answers goes through all other middlewares like a fresh response."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

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
        self._ask_what_changed(request, recorder)
        return None

    def process_response(self, request: Request, response: Response) -> Response:
        """A 304 becomes the stored page, as if it had been sent again."""
        recorder: Recorder = self.crawler.spider.recorder
        capture = request.meta.get("capture")
        if response.status != 304 or capture is None or not capture.revisit_of:
            return response
        return _stored(recorder, capture, 200)

    def _ask_what_changed(self, request: Request, recorder: Recorder) -> None:
        known = recorder.writer.last(request.url)
        if known is None or known.status not in (200, 304) or known.truncated:
            return
        for name, value in recorder.archive.headers(known):
            if name.lower() == "etag":
                request.headers.setdefault("If-None-Match", value)
            elif name.lower() == "last-modified":
                request.headers.setdefault("If-Modified-Since", value)


def _stored(recorder: Recorder, capture: Capture, status: int) -> Response:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in recorder.archive.headers(capture):
        if (key := name.encode("latin-1").lower()) not in _LEFT_OUT:
            headers.setdefault(key, []).append(value.encode("latin-1"))
    body = recorder.archive.get(capture)
    kind = responsetypes.from_args(url=capture.url, body=body)
    response: Response = kind(capture.url, status=status, headers=headers, body=body, flags=["archived"])
    return response
