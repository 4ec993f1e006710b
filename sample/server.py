"""The sample portal over real HTTP: one server an address, in threads that end with the process."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlsplit

from sample.manifest import FIRST_DAY, NEXT_DAY, load
from sample.portal import gkmlpt, hanweb, plain, trs, ucap
from sample.portal.page import Resource, not_found
from sample.portal.site import front_pages

if TYPE_CHECKING:
    from sample.manifest import SampleSite

PORT = 8790
_FAMILIES = {"trs": trs, "hanweb": hanweb, "ucap": ucap, "gkmlpt": gkmlpt, "generic": plain}
_MODIFIED = "Wed, 31 Jan 2024 08:00:00 GMT"
_WITHOUT_VALIDATORS = "maipu"


class PortalError(Exception):
    """The portal cannot be served; the message says what is in the way."""


@dataclass(frozen=True)
class Asked:
    """One request: when (monotonic seconds), where, what came, and how many were under way at that address."""

    at: float
    address: str
    path: str
    status: int
    in_flight: int


class Portal:
    """Use as a context manager. ``urls``: where each site's column begins; ``log``: what was asked.

    ``edition``: what it shows, that of the first day or of the next (see ``turn_the_day``).

    Raises:
        PortalError: an address or the port cannot be had.
    """

    def __init__(self, port: int = PORT, edition: int = FIRST_DAY) -> None:
        self.port = port
        self.edition = edition
        self.log: list[Asked] = []
        self.urls = [f"http://{site.address}:{port}{site.start_path}" for site in load().sites]
        self._servers: list[ThreadingHTTPServer] = []

    def __enter__(self) -> Self:
        for site in load().sites:
            try:
                server = ThreadingHTTPServer((site.address, self.port), _handler(site, self))
            except OSError as error:
                self.__exit__()
                raise PortalError(
                    f"the sample portal cannot be served at {site.address}:{self.port} ({error.strerror}); "
                    "stop what uses it, or name another port with --portal-port"
                ) from error
            server.daemon_threads = True
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def turn_the_day(self) -> None:
        """From here on the next day's edition: two numbers altered, a report gone, another there."""
        self.edition = NEXT_DAY

    def wait(self) -> None:
        """Until the process is interrupted."""
        threading.Event().wait()


def answer(site: SampleSite, target: str) -> Resource:
    """What the site answers to a request target (path and query)."""
    parts = urlsplit(target)
    query = parse_qs(parts.query)
    if parts.path == hanweb.PROXY and site.family == "hanweb":
        return hanweb.proxy(site, int(query["startrecord"][0]), int(query["endrecord"][0]))
    if parts.path == f"/gkmlpt/api/all/{gkmlpt.CATEGORY}" and site.family == "gkmlpt":
        return gkmlpt.answer(site, int(query.get("page", ["1"])[0]))
    known = resources(site)
    return known.get(target) or known.get(parts.path) or not_found(site.name)


_resources: dict[tuple[str, int], dict[str, Resource]] = {}


def resources(site: SampleSite) -> dict[str, Resource]:
    """Path -> resource of a site in its edition; made once."""
    known = (site.id, site.edition)
    if known not in _resources:
        _resources[known] = {**front_pages(site), **_FAMILIES[site.family].resources(site)}
    return _resources[known]


def _handler(site: SampleSite, portal: Portal) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()
    under_way = [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "SamplePortal"

        def do_GET(self) -> None:  # the library's name
            self.asked_at = time.monotonic()
            with lock:
                under_way[0] += 1
            try:
                self._answer()
            finally:
                with lock:
                    under_way[0] -= 1

        do_HEAD = do_GET  # noqa: N815

        def _answer(self) -> None:
            resource = answer(replace(site, edition=portal.edition), self.path)
            etag = f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'
            validators = resource.status == 200 and site.id != _WITHOUT_VALIDATORS
            unchanged = validators and self.headers.get("If-None-Match") == etag
            status = 304 if unchanged else resource.status
            body = b"" if unchanged else resource.body
            self.send_response(status)
            for name, value in resource.headers:
                self.send_header(name, value)
            if validators:
                self.send_header("ETag", etag)
                self.send_header("Last-Modified", _MODIFIED)
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            portal.log.append(Asked(self.asked_at, site.address, self.path, status, under_way[0]))
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """What was asked stands in the portal's log, not on the terminal."""

    return Handler
