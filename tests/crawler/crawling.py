"""What the tests of real crawls share: a free port, a server that answers as it is told, and what an archive holds."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import statistics
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from crawler.archive import Archive
from crawler.items import Capture, Failure, Listing, Run

SETTINGS = {"DOWNLOAD_DELAY": 0.02, "CONTACT": "desk@archive.example", "RETRY_TIMES": 1, "LOG_LEVEL": "INFO"}


def free_port(address="127.0.0.1"):
    with socket.socket() as found:
        found.bind((address, 0))
        return found.getsockname()[1]


def crawling_processes(pid):
    """The processes that crawl for a process, started by any thread of it."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            for child in (task / "children").read_text().split():
                if b"crawler.process" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.add(int(child))
    return found


def of_kind(root, site_id, kind):
    return [record for _, record in Archive(root).records(site_id) if isinstance(record, kind)]


def captures(root, site_id):
    return of_kind(root, site_id, Capture)


def listings(root, site_id):
    return of_kind(root, site_id, Listing)


def failures(root, site_id):
    """Path -> kinds of the failures noted there."""
    return {"/" + f.url.split("/", 3)[3]: f.kind for f in of_kind(root, site_id, Failure)}


def runs(root, site_id):
    return of_kind(root, site_id, Run)


def keeps_its_distance(times, delay):
    """Requests arrive at least half the delay apart; on a busy machine one may arrive late, so that one gap is short."""
    gaps = sorted(after - before for before, after in itertools.pairwise(times))
    assert len(gaps) > 5
    assert gaps[1] >= delay / 2, gaps
    assert statistics.median(gaps) >= delay * 0.9, gaps


def title(name):
    return f"{name}2023年政府信息公开工作年度报告"


def column(*paths):
    """A list page that leads to these paths, each under a report's title."""
    rows = "".join(f'<li><a href="{path}">{title(f"白石镇{number}号")}</a></li>' for number, path in enumerate(paths))
    return ("<html><body><ul>" + rows + "</ul></body></html>").encode()


class Server:
    """Answers by path: ``routes[path]`` is a function of the handler, or bytes sent as a page; ``asked`` logs paths.

    A POST is answered by the function at ``"POST " + path``, which finds its body in ``sent``; ``posted`` logs both.
    ``most_at_once``: how many requests were under way together at most.
    """

    def __init__(self, address="127.0.0.1", context=None):
        self.routes = {}
        self.asked = []
        self.posted = []
        self.times = []
        self.agents = set()
        self.most_at_once = self.under_way = 0
        lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                server.asked.append(self.path)
                server.times.append(time.monotonic())
                server.agents.add(self.headers["User-Agent"])
                with lock:
                    server.under_way += 1
                    server.most_at_once = max(server.most_at_once, server.under_way)
                try:
                    self.answer(server.routes.get(self.path))
                finally:
                    with lock:
                        server.under_way -= 1

            def answer(self, route):
                if route is None:
                    self.reply(b"<html>none</html>", status=404)
                elif callable(route):
                    route(self)
                else:
                    self.reply(route)

            def do_POST(self):
                self.sent = self.rfile.read(int(self.headers["Content-Length"]))
                server.posted.append((self.path, self.sent))
                server.routes.get(f"POST {self.path}", lambda handler: handler.reply(b"none", status=404))(self)

            def reply(self, body=b"", status=200, headers=(), length=None):
                self.send_response(status)
                for name, value in headers:
                    self._headers_buffer.append(
                        name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
                    )
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)
                if length is not None:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that hangs up is what some tests want
        self.address, self.port = self._server.server_address
        self.url = f"http://{address}:{self.port}"
        if context is not None:  # a PEM file of key and certificate
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(context)
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
            self.url = self.url.replace("http:", "https:")
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(address="127.0.0.1"):
    server = Server(address)
    try:
        yield server
    finally:
        server.close()


def redirect(to, status=302):
    return lambda handler: handler.reply(status=status, headers=[("Location", to)])


def fails(status):
    return lambda handler: handler.reply(b"<html>trouble</html>", status=status)


def process_at(port, among):
    """Which of these processes holds the client's end of a connection to one of our servers (Linux's /proc)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if int(row[1].split(":")[1], 16) == port}
    for pid in among:
        for fd in Path(f"/proc/{pid}/fd").glob("*"):
            with contextlib.suppress(OSError):  # closed meanwhile
                if str(fd.readlink()) in sockets:
                    return pid
    return None
