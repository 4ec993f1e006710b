"""One thread that serves all sites: an event loop, so that who asks at one address at once is counted exactly."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import threading
import time
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from sample.portal.page import Resource
from sample.province.site import Request
from sample.world import Asked

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from sample.province.site import Site

_Given = TypeVar("_Given")
_LOG = logging.getLogger(__name__)
_LONGEST_HEAD = 64 * 1024
_TOO_BUSY = Resource(b"<html><body>503 Service Temporarily Unavailable</body></html>", "text/html", 503)
_METHODS = ("GET", "HEAD", "POST")


class Server:
    """Serves sites from bound sockets until ``stop``.

    ``latency``: seconds that an answer takes at least, as every server's does; ``stamp``: what Last-Modified says of what
    is sent for the first time, or differs from what was sent before.
    """

    def __init__(
        self, sites: Sequence[tuple[socket.socket, Site]], log: list[Asked], latency: float, stamp: str
    ) -> None:
        self.stamp = stamp
        self._sites, self._asked, self._latency = sites, log, latency
        self._under_way: Counter[str] = Counter()
        self._sent: dict[tuple[str, str], tuple[str, str]] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="province", daemon=True)
        ready = threading.Event()
        self._loop.call_soon(ready.set)
        self._listening = self._loop.create_task(self._listen())
        self._thread.start()
        ready.wait()
        self.do(lambda: None)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _listen(self) -> list[asyncio.Server]:
        found = []
        for bound, site in self._sites:

            async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, site: Site = site) -> None:
                await self._connection(site, reader, writer)

            found.append(await asyncio.start_server(connected, sock=bound, limit=_LONGEST_HEAD, backlog=200))
        return found

    def do(self, what: Callable[[], _Given]) -> _Given:
        """Call something between two answers, in the server's thread."""

        async def call() -> _Given:
            await self._listening
            return what()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    def stop(self) -> None:
        """Close all connections and end."""

        async def close() -> None:
            for server in await self._listening:
                server.close()
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _connection(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
        address, port = writer.get_extra_info("sockname")[:2]
        try:
            while await self._exchange(site, address, port, reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, asyncio.CancelledError):
            pass  # who asked has hung up, or the world ends
        finally:
            writer.close()
            if task is not None:
                self._connections.discard(task)

    async def _exchange(
        self, site: Site, address: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """One request and its answer, which ends in the log before its last byte is sent; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        began = time.monotonic()
        self._under_way[address] += 1
        in_flight, status = self._under_way[address], 400
        method, target, version = (*head.split("\r\n", 1)[0].split(" "), "", "", "")[:3]
        try:
            headers = dict(_header(line) for line in head.split("\r\n")[1:] if ":" in line)
            body = await reader.readexactly(int(re.sub(r"\D", "", headers.get("content-length", "")) or 0))
            await asyncio.sleep(self._latency)
            resource, more = self._resource(site, Request(target, method, headers, body))
            if site.place.fragile and in_flight > 1:
                resource, more = _TOO_BUSY, {}
            status = resource.status
            goes_on = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
            whole = _written(resource, more, goes_on) + (b"" if method == "HEAD" else resource.body)
            writer.write(whole[:-1])
            await writer.drain()
        finally:
            self._under_way[address] -= 1
            self._asked.append(Asked(began, time.monotonic(), address, port, target, status, in_flight, method))
        writer.write(whole[-1:])  # only now can who asked ask again: the log is never behind
        return goes_on

    def _resource(self, site: Site, request: Request) -> tuple[Resource, dict[str, str]]:
        """The answer, or that nothing has changed; and the headers that let one ask so."""
        if request.method not in _METHODS:
            return Resource(b"", status=501), {}
        try:
            resource = site.answer(request)
        except Exception:  # noqa: BLE001  # a fault of the sample is an answer that a test sees, and the log has its cause
            _LOG.exception("%s %s", site.place.id, request.target)
            return Resource(b"the sample failed; see its log", "text/plain", 500), {}
        if resource.status != HTTPStatus.OK or not site.place.validators or request.method == "POST":
            return resource, {}
        etag = f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'
        key = (site.place.id, request.target)
        before, stamp = self._sent.get(key, ("", ""))
        if before != etag:
            stamp = self.stamp
            self._sent[key] = (etag, stamp)
        asked = request.headers
        known = asked["if-none-match"] == etag if "if-none-match" in asked else asked.get("if-modified-since") == stamp
        validators = {"ETag": etag, "Last-Modified": stamp}
        return (Resource(b"", resource.content_type, 304) if known else resource), validators


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _written(resource: Resource, more: dict[str, str], goes_on: bool) -> bytes:
    lines = [f"HTTP/1.1 {resource.status} {_phrase(resource.status)}", "Server: SampleProvince"]
    lines += [f"{name}: {value}" for name, value in (*resource.headers, *more.items())]
    if resource.status != HTTPStatus.NOT_MODIFIED:
        lines += [f"Content-Type: {resource.content_type}", f"Content-Length: {len(resource.body)}"]
    lines.append(f"Connection: {'keep-alive' if goes_on else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Blocked"
