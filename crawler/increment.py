"""What is known is not fetched again: a continued run takes its pages from the archive, a new run asks what changed.

Where only what is due is asked for (``ONLY_DUE``), old reports come from the archive too until their time has come,
with redirects to them and what was gone.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from scrapy.responsetypes import responsetypes
from w3lib.url import safe_url_string

from crawler.schedule import page_is_due
from crawler.walls import SHELL, wall

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.items import Capture
    from crawler.recorder import Recorder

_HERE, _MOVED, _GONE = (200, 304), (301, 302, 307, 308), (404, 410)
_LONGEST_CHAIN = 5
_PAGES = ("", "text/html", "application/xhtml+xml")
_LEFT_OUT = frozenset({b"content-encoding", b"content-length", b"transfer-encoding", b"location"})


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
        if last is None:
            return None
        end = _where_it_leads(last, recorder)
        if not _is_answer(request, end, recorder):
            return None
        if self.only_due and not self._is_due(request, last, end, recorder):
            recorder.counts["not_due"] += 1
            request.meta["capture"] = last
            return _stored(recorder, last, 200 if last.status == 304 else last.status)
        if last.status in _HERE:
            self._ask_what_changed(request, last, recorder)
        return None

    def _is_due(self, request: Request, last: Capture, end: Capture, recorder: Recorder) -> bool:
        """What is gone is looked for as if it had been published when it went: it may only have been moved about."""
        published_on, seen = request.meta.get("published_on", ""), recorder.writer.captures_at(request.url)[0]
        if end.status not in _HERE:
            since = takewhile(lambda one: one.status not in _HERE, reversed(recorder.writer.captures_at(end.url)))
            published_on, seen = "", [*since][-1]
        kind, now = request.meta.get("kind", "list"), recorder.now()
        return page_is_due(kind, published_on, last.fetched_at, now, url=request.url, first_seen_at=seen.fetched_at)

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


def _where_it_leads(capture: Capture, recorder: Recorder) -> Capture:
    """The newest answer at the end of a redirect, as far as it was followed; of a page the page."""
    for _ in range(_LONGEST_CHAIN):
        following = recorder.writer.last(safe_url_string(capture.location)) if capture.status in _MOVED else None
        if following is None:
            break
        capture = following
    return capture


def _is_answer(request: Request, end: Capture, recorder: Recorder) -> bool:
    """Whether what came is what was asked for: no failure or wall, not empty, no page in a document's place.

    What is none is asked for again as if for the first time: a wall's ETag is not that of the page behind it.
    """
    if end.status in (*_MOVED, *_GONE):
        return True
    if end.status not in _HERE or end.truncated:
        return False
    claims_a_page = end.claimed_type.partition(";")[0].strip().lower() in _PAGES
    if request.meta.get("kind") == "document" and end.sniffed_type == "text/html" and claims_a_page:
        return False
    if end.size > SHELL:
        return True
    body = recorder.archive.get(end)
    return bool(body.strip()) and not wall(200, body)


def _stored(recorder: Recorder, capture: Capture, status: int) -> Response:
    """As it came; of a body that was stored before, the headers are its first record's: its Location was another."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in recorder.archive.headers(capture):
        if (key := name.encode("latin-1").lower()) not in _LEFT_OUT:
            headers.setdefault(key, []).append(value.encode("latin-1"))
    if capture.location:
        headers[b"location"] = [capture.location.encode("utf-8")]
    body = recorder.archive.get(capture)
    kind = responsetypes.from_args(url=capture.url, body=body)
    response: Response = kind(capture.url, status=status, headers=headers, body=body, flags=["archived"])
    return response
