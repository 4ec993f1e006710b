"""Sites on loopback addresses: one asyncio loop in a thread, each site a socket of its own, each request in the log.

An answer waits a few milliseconds, as a real one does: only so can requests of one client overlap, and be seen to.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import parse_qsl, urlsplit

from sample.world import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LATENCY = 0.004
_LARGEST_REQUEST = 1 << 20


@dataclass(frozen=True)
class Request:
    """What was asked; ``query`` and ``form`` decoded, the last of equal names counts."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The query and what a form posted."""
        return self.query | dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """What a site says."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


Validators = Literal["etag", "modified", "none"]


class Served(Protocol):
    """What the server needs of a site. ``answer`` is called in the loop's thread and must not wait."""

    address: str
    port: int
    validators: Validators
    forces_gzip: bool

    def answer(self, request: Request) -> Answer: ...


@dataclass
class Server:
    """``ports`` are chosen when it starts. ``today`` (seconds since 1970) stamps what reads differently from then on."""

    sites: Sequence[Served]
    log: list[Asked]
    today: float = 1_735_689_600.0
    _under_way: Counter[str] = field(default_factory=Counter)
    _seen: dict[tuple[str, int, str], tuple[bytes, float]] = field(default_factory=dict)
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Bind all sockets, write the ports into the sites, and serve."""
        self._loop = asyncio.new_event_loop()
        listening = [self._loop.run_until_complete(self._listen(site)) for site in self.sites]

        def run(loop: asyncio.AbstractEventLoop) -> None:
            loop.run_forever()
            for server in listening:
                server.close()
            loop.run_until_complete(_end_all())
            loop.close()

        self._thread = threading.Thread(target=run, args=(self._loop,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End serving and wait for the thread."""
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def call(self, function: Callable[[], None]) -> None:
        """Run a change in the loop's thread, between two answers."""
        if self._loop is None:
            raise RuntimeError("the world is not served: enter it first")
        done = threading.Event()

        def run() -> None:
            function()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait()

    async def _listen(self, site: Served) -> asyncio.Server:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(site, reader, writer):
                    pass
            writer.close()

        server = await asyncio.start_server(connected, site.address, site.port, limit=_LARGEST_REQUEST)
        site.port = server.sockets[0].getsockname()[1]
        return server

    async def _one(self, site: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        began = time.monotonic()
        self._under_way[site.address] += 1
        in_flight, port = self._under_way[site.address], site.port
        method = target = ""
        status = 0
        try:
            first, *lines = head.decode("latin-1").split("\r\n")
            method, target, _ = first.split(" ", 2)
            pairs = (line.partition(":") for line in lines if line)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            await asyncio.sleep(LATENCY)
            request = Request(method, target, headers, body)
            answer = self._validated(site, request)
            status = answer.status
        finally:
            # Before the answer leaves: who has it finds it in the log.
            self._under_way[site.address] -= 1
            ended = time.monotonic()
            self.log.append(Asked(began, ended, site.address, port, target, status, in_flight, method))
        keep = headers.get("connection", "").lower() != "close" and "HTTP/1.1" in first
        writer.write(_written(answer, request, keep=keep, zipped=site.forces_gzip))
        await writer.drain()
        return keep

    def _validated(self, site: Served, request: Request) -> Answer:
        try:
            answer = site.answer(request)
        except (ValueError, KeyError, AttributeError):  # a parameter that no page of the site bears
            return Answer(b"<h1>400 Bad Request</h1>", status=400)
        if answer.status != HTTPStatus.OK or site.validators == "none" or request.method == "POST":
            return answer
        digest = hashlib.sha1(answer.body, usedforsecurity=False).digest()
        key = (site.address, site.port, request.target)
        before = self._seen.get(key)
        since = before[1] if before and before[0] == digest else self.today if before else 1_735_689_600.0
        self._seen[key] = (digest, since)
        if site.validators == "etag":
            tag = f'"{digest.hex()[:20]}"'
            same = tag in request.headers.get("if-none-match", "")
            mark = ("ETag", tag)
        else:
            date = formatdate(since, usegmt=True)
            same = request.headers.get("if-modified-since") == date
            mark = ("Last-Modified", date)
        if same:
            return Answer(b"", answer.kind, 304, (mark,))
        return Answer(answer.body, answer.kind, answer.status, (*answer.headers, mark))


async def _end_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _written(answer: Answer, request: Request, *, keep: bool, zipped: bool) -> bytes:
    body = gzip.compress(answer.body, mtime=0) if zipped and answer.body else answer.body
    try:
        reason = HTTPStatus(answer.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [
        f"HTTP/1.1 {answer.status} {reason}",
        f"Content-Type: {answer.kind}",
        f"Connection: {'keep-alive' if keep else 'close'}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(body)}")
    if zipped and body:
        lines.append("Content-Encoding: gzip")
    sent = b"" if request.method == "HEAD" or answer.status == HTTPStatus.NOT_MODIFIED else body
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + sent
