"""A site to crawl for measuring: a column of reports, pages of some 12 KB, a PDF here and there.

It is served by a process of its own, so that what it costs is not counted with the crawl.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import random
import re
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

_WORDS = "主动公开政府信息工作年度报告依申请公开平台建设监督保障行政机关规范性文件数量办理结果存在问题改进情况"
_A_LIST = 20
_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nETag: "%s"\r\n\r\n'


@dataclass(slots=True)
class Seen:
    """What an address was asked: requests, the most of them at once, when the first and the last came (seconds)."""

    asked: int = 0
    most: int = 0
    first: float = 0.0
    last: float = 0.0


def page(path: str, pages: int) -> tuple[bytes, bytes]:
    """What is at a path: its type and its bytes, the same each time. ``/nb/?page=N`` lists 20 pages, one has a PDF."""
    if path == "/robots.txt":
        return b"text/plain", b"User-agent: *\nDisallow:\n"
    if path.startswith("/nb/"):
        number = int(path.partition("=")[2] or 1)
        first = (number - 1) * _A_LIST
        rows = "".join(_row(n) for n in range(first, min(first + _A_LIST, pages)))
        following = f'<a href="/nb/?page={number + 1}">下一页</a>' if first + _A_LIST < pages else ""
        return b"text/html; charset=utf-8", f"<html><body><ul>{rows}</ul>{following}</body></html>".encode()
    chance = random.Random(crc32(path.encode()))
    if path.endswith(".pdf"):
        return b"application/pdf", b"%PDF-1.4\n" + chance.randbytes(60_000)
    if not re.fullmatch(r"/\d+\.html", path):
        return b"text/html", b"<html>none</html>"
    number = int(path[1:-5])
    document = f'<p><a href="/{number}.pdf">附件.pdf</a></p>' if number % _A_LIST == 0 else ""
    cells = "".join(
        f"<tr><td>{''.join(chance.choices(_WORDS, k=12))}</td><td>{chance.randrange(900)}</td></tr>" for _ in range(160)
    )
    text = f"<html><head><title>{_title(number)}</title></head><body><div id='zoom'>{document}<table>{cells}</table>"
    return b"text/html; charset=utf-8", f"{text}</div></body></html>".encode()


def _title(number: int) -> str:
    return f"白石镇{number}号2023年政府信息公开工作年度报告"


def _row(number: int) -> str:
    return f'<li><a href="/{number}.html">{_title(number)}</a><span>2024-01-20</span></li>'


@contextmanager
def served(addresses: Sequence[str], pages: int, port: int = 0) -> Iterator[tuple[int, Connection]]:
    """The same site at each address while this is entered: its port, and a connection.

    When asked (any object sent), the connection answers with a mapping: address -> Seen.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(tuple(addresses), pages, port, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


def _serve(addresses: Sequence[str], pages: int, port: int, connection: Connection) -> None:
    asyncio.run(_Servers(pages).run(addresses, port, connection))


class _Servers:
    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.made: dict[str, bytes] = {}
        self.seen: dict[str, Seen] = {}
        self.under_way: Counter[str] = Counter()

    async def run(self, addresses: Sequence[str], port: int, connection: Connection) -> None:
        servers = []
        for address in addresses:
            servers.append(await asyncio.start_server(self._answer, address, port))
            port = servers[0].sockets[0].getsockname()[1]
            self.seen[address] = Seen()
        for number in range(self.pages):
            self._bytes(f"/{number}.html")
            if number % _A_LIST == 0:
                self._bytes(f"/{number}.pdf")
        connection.send(port)
        while True:
            await asyncio.to_thread(connection.recv)
            connection.send(self.seen)

    def _bytes(self, path: str) -> bytes:
        if path not in self.made:
            kind, body = page(path, self.pages)
            tag = hashlib.sha256(body).hexdigest()[:16].encode()
            self.made[path] = _ANSWER % (kind, len(body), tag) + body
        return self.made[path]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        seen = self.seen[address]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                seen.last = time.monotonic()
                seen.first = seen.first or seen.last
                seen.asked += 1
                self.under_way[address] += 1
                seen.most = max(seen.most, self.under_way[address])
                writer.write(self._bytes(head.split(b" ", 2)[1].decode()))
                await writer.drain()
                self.under_way[address] -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
