"""Servers that attack: each is ended by a bound, none by luck, and what happened is in the archive with its reason.

Every attack has a site and an address of its own, so that all are met in one crawl and each bound is seen alone.
"""

import gzip
import itertools
import time
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.items import Failure, Listing, Site
from crawler.run import crawl

from .crawling import SETTINGS, captures, column, crawling_processes, of_kind, process_at, redirect, serving

MOST_BYTES = 2_000_000
TIMEOUT = 2
PAGES = 30
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
REPORT = b"<html>report</html>"
BOMB = gzip.compress(bytes(300_000_000), 9)
METERS = {}  # attack -> bytes that its server got rid of, or seconds


def raw(*pieces, pause=0.0, name=""):
    """A route that sends these bytes as they are, until the client has enough."""

    def send(handler):
        handler.close_connection = True
        begun = time.monotonic()
        METERS[name] = 0
        try:
            for piece in pieces[0] if len(pieces) == 1 and not isinstance(pieces[0], bytes) else pieces:
                handler.connection.sendall(piece)
                METERS[name] += len(piece)
                time.sleep(pause)
        except OSError:
            pass
        METERS[f"{name} s"] = time.monotonic() - begun

    return send


def drip(head, piece):
    return itertools.chain([head], itertools.repeat(piece))


def coded(body, coding, kind=b"text/html"):
    length = str(len(body)).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: %s\r\nContent-Length: %s\r\n\r\n"
    return raw(
        head % (kind, coding, length)
        if coding
        else (head % (kind, b"", length)).replace(b"Content-Encoding: \r\n", b""),
        body,
    )


def chain(server):
    for number in range(12):
        server.routes[f"/chain{number}"] = redirect(f"/chain{number + 1}")
    return redirect("/chain0")


def same_with_cookie(handler):
    handler.reply(status=302, headers=[("Location", "/1.html"), ("Set-Cookie", "jsluid=1; Domain=gov.cn; Path=/")])


MANY = b"X-%06d: " + b"y" * 1000 + b"\r\n"
ATTACKS = {
    "slow-body": (raw(drip(HEAD + b"Content-Length: 90000\r\n\r\n", b"x"), pause=0.1, name="slow-body"), "timeout"),
    "slow-headers": (raw(drip(HEAD + b"X-Slow: ", b"x"), pause=0.1, name="slow-headers"), "timeout"),
    "hang": (raw(drip(b"", b""), pause=0.1, name="hang"), "timeout"),
    "length-5gb": (raw(HEAD + b"Content-Length: 5368709120\r\n\r\n", b"x" * 1000), "too_large"),
    "endless": (raw(drip(HEAD + b"\r\n", b"x" * 65536), name="endless"), "too_large"),
    "endless-chunks": (
        raw(drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"x" * 0x8000 + b"\r\n"), name="chunks"),
        "too_large",
    ),
    "many-headers": (
        raw(itertools.chain([HEAD], (MANY % n for n in itertools.count())), name="many-headers"),
        "too_large",
    ),
    "endless-header": (raw(drip(HEAD + b"X-Long: ", b"y" * 4096), name="endless-header"), "too_large"),
    "folded-header": (raw(drip(HEAD + b"X-Fold: a\r\n", b" " + b"y" * 1000 + b"\r\n"), name="folded"), "too_large"),
    "continues": (raw(drip(b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 100), name="continues"), "too_large"),
    "bad-status": (raw(b"HTTP/1.1 maybe OK\r\n\r\n", REPORT), "refused"),
    "http-0.9": (raw(REPORT + b"\r\n"), "refused"),
    "two-lengths": (raw(HEAD + b"Content-Length: 5\r\nContent-Length: 19\r\n\r\n", REPORT), "refused"),
    "chain": (chain, "not_followed"),
    "self-with-cookie": (same_with_cookie, "not_followed"),
    "refresh-elsewhere": (b'<meta http-equiv="refresh" content="0;url=http://127.0.7.250/x.html">', "not_followed"),
}
BOMBS = {
    "gzip-bomb": (coded(BOMB, b"gzip"), "too_large"),
    "double-gzip": (coded(gzip.compress(BOMB), b"gzip, gzip"), "too_large"),
}
HARMLESS = {
    "bad-header-line": raw(HEAD + b"no colon here\r\nContent-Length: 19\r\n\r\n", REPORT),
    "gz-file": coded(BOMB, b"", b"application/gzip"),
    "links": b"<html><a href='data:text/html,x'>a.pdf</a><a href='file:///etc/passwd.pdf'>b.pdf</a></html>",
}


def looks_for_open_doors(found):
    """Notes what the process that asks listens on: a console or a remote control would be there."""

    def answer(handler):
        found.append(process_at(handler.client_address[1], crawling_processes("self")))
        rows = Path(f"/proc/{found[-1]}/net/tcp").read_text().splitlines()
        listening = {f"socket:[{row.split()[9]}]" for row in rows if row.split()[3] == "0A"}
        for fd in Path(f"/proc/{found[0]}/fd").glob("*"):
            with suppress(OSError):  # closed meanwhile
                if str(fd.readlink()) in listening:
                    found.append(fd)
        handler.reply(REPORT, headers=[("Set-Cookie", "a=b; Domain=example.gov.cn")])

    return answer


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """One crawl of all: (archive root, runs by site, what listens, servers by site)."""
    root = tmp_path_factory.mktemp("hostile") / "archive"
    servers, doors = {}, []
    routes = {name: route for name, (route, _) in ATTACKS.items()} | HARMLESS
    routes["doors"] = looks_for_open_doors(doors)
    with ExitStack() as stack:
        for number, (name, route) in enumerate(routes.items()):
            server = stack.enter_context(serving(f"127.0.7.{number + 1}"))
            server.routes = {"/nb/": column("/1.html"), "/robots.txt": b"User-agent: *\n"}
            server.routes["/1.html"] = route(server) if route is chain else route
            servers[name] = server
        trap = stack.enter_context(serving("127.0.7.200"))
        trap.routes = Calendar()
        servers["calendar"] = trap
        sites = [Site(id=name.replace(".", ""), start_url=server.url + "/nb/") for name, server in servers.items()]
        settings = {
            **SETTINGS,
            "DOWNLOAD_MAXSIZE": MOST_BYTES,
            "DOWNLOAD_TIMEOUT": TIMEOUT,
            "RETRY_TIMES": 0,
            "MOST_PAGES": PAGES,
        }
        found = crawl(sites, archive_root=root, allow_addresses=["127.0.7.0/24"], settings=settings)
        yield root, {run.site_id: run for run in found}, doors, servers


@pytest.fixture(scope="module")
def bombed(tmp_path_factory):
    """Bombs keep their process busy while it looks at them: they are met apart. (root, bombs, MB at most)"""
    root = tmp_path_factory.mktemp("bombs") / "archive"
    bombs = dict(BOMBS)
    if find_spec("brotli"):  # asked for by nobody, decoded by Scrapy where it is installed
        import brotli

        bombs["br-bomb"] = (coded(brotli.compress(bytes(300_000_000), quality=1), b"br"), "too_large")
    peaks = []

    def measured(handler):
        pid = process_at(handler.client_address[1], crawling_processes("self"))
        (line,) = [row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmHWM")]
        peaks.append(int(line.split()[1]) // 1024)
        handler.reply(REPORT)

    with ExitStack() as stack:
        sites = []
        for number, (name, (route, _)) in enumerate(bombs.items()):
            server = stack.enter_context(serving(f"127.0.8.{number + 1}"))
            server.routes = {"/nb/": column("/after.html", "/1.html"), "/1.html": route, "/after.html": measured}
            sites.append(Site(id=name, start_url=server.url + "/nb/"))
        settings = {**SETTINGS, "DOWNLOAD_MAXSIZE": MOST_BYTES, "RETRY_TIMES": 0}
        crawl(sites, archive_root=root, allow_addresses=["127.0.8.0/24"], settings=settings)
        yield root, bombs, peaks


class Calendar(dict):
    """A list whose every page leads to another with new entries, for ever."""

    def get(self, path):
        if not path.startswith("/nb/"):
            return b"<html>report</html>" if path != "/robots.txt" else None
        number = int(path.partition("=")[2] or 0)
        return column(f"/{number}.html") + f'<a href="/nb/?page={number + 1}">下一页</a>'.encode()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_ended_by_its_bound_and_recorded(attacked, name):
    root, runs, _, _ = attacked
    site_id = name.replace(".", "")
    kinds = [(failure.url.rsplit("/", 1)[1], failure.kind) for failure in of_kind(root, site_id, Failure)]
    assert kinds == [("1.html", ATTACKS[name][1])]
    assert runs[site_id].finish_reason == "finished"


@pytest.mark.parametrize("name", ["many-headers", "endless-header", "folded", "continues", "endless", "chunks"])
def test_a_flood_is_cut_off_after_little_more_than_its_bound(attacked, name):
    """What the server could send is what was read and what the kernel's buffers took."""
    assert METERS[name] < 12_000_000


def test_a_bomb_is_kept_as_it_came_and_unpacked_no_further_than_its_bound(bombed):
    root, bombs, peaks = bombed
    for name in bombs:
        assert [(one.url.rsplit("/", 1)[1], one.kind) for one in of_kind(root, name, Failure)] == [
            ("1.html", "too_large")
        ]
        assert [one.url.rsplit("/", 1)[1] for one in of_kind(root, name, Listing)] == ["after.html"]
    print("peak MB", peaks)
    assert max(peaks) < 450  # the archive unpacks up to 256 MB of a body, once at a time, to tell its digest


@pytest.mark.parametrize("name", ["slow-body", "slow-headers"])
def test_the_time_for_an_answer_is_a_total(attacked, name):
    assert METERS[f"{name} s"] < TIMEOUT + 2


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_odd_is_kept_as_it_came(attacked, name):
    root, runs, _, _ = attacked
    assert runs[name].verdict == "ok"
    (kept,) = [capture for capture in captures(root, name) if capture.url.endswith("/1.html")]
    assert kept.status == 200
    assert kept.size < MOST_BYTES
    assert not [url for url in (c.url for c in captures(root, name)) if not url.startswith("http://127.0.7.")]


def test_a_calendar_without_end_is_left_after_the_pages_of_a_run(attacked):
    _, runs, _, servers = attacked
    assert runs["calendar"].finish_reason == "closespider_pagecount"
    assert runs["calendar"].counts["captures"] <= PAGES + 2
    assert len(servers["calendar"].asked) <= PAGES + 2


def test_no_door_is_open_and_nothing_is_fetched_for_a_cookie(attacked):
    root, _, (pid, *listening), _ = attacked
    assert pid
    assert listening == []
    log = (root / "crawl.log").read_text("utf-8")
    assert "publicsuffix" not in log
    assert "Telnet" not in log


def test_the_archive_is_whole(attacked):
    root, runs, _, _ = attacked
    assert list(Archive(root).verify()) == []
    assert len(runs) == len(ATTACKS) + len(HARMLESS) + 2
