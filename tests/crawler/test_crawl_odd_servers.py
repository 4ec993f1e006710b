"""Real crawls of servers that misbehave: everything that came is kept, everything that did not has its Failure."""

import itertools
import re
import socket

import pytest

from crawler.archive import Archive
from crawler.items import Failure, Run, Site
from crawler.run import crawl

from .crawling import (
    SETTINGS,
    captures,
    column,
    fails,
    failures,
    free_port,
    listings,
    of_kind,
    redirect,
    runs,
    serving,
    title,
)

GBK_NAME = 'attachment; filename="年报2023.pdf"'.encode("gbk")
PDF = b"%PDF-1.4\n" + b"report " * 400
LIMIT = 300_000
DATE = "2024-01-20T08:00:00Z"


def huge(announced):
    def send(handler):
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", str(50_000_000))
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            for _ in range(800):
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            handler.server.hung_up = True
        handler.close_connection = True

    return send


def one_page(*links):
    anchors = "".join(f'<a href="{href}">{text}</a>' for href, text in links)
    return f"<html><head><title>年报</title></head><body><div id='zoom'>{anchors}</div></body></html>".encode()


REFRESH = '<meta http-equiv="refresh" content="{}">'
ODD = {
    "/nb/": REFRESH.format("1;url=/nb/").encode()
    + column(
        *("/cut.html", "/gbk.html", "/private.html", "/byname.html", "/broken.html", "/huge.html", "/endless.html"),
        *("/loop.html", "/self.html", "/gone.html", "/moved.html", "/away.html", "/wall.html", "/reset.html"),
        *("/spam.html", "/refresh.html", "/slideshow.html"),
        *("file:///etc/passwd", "http://[", "ftp://127.0.0.1/a.html", "//other.example/a.html", "http://12345qb.com/a"),
    ),
    "/cut.html": lambda handler: handler.reply(b"<html>" + b"half a report " * 50, length=5000),
    "/gbk.html": one_page(("/file?id=1", "年报.pdf"), ("/page.pdf", "附件"), ("http://127.0.0.250/x.pdf", "附件.pdf")),
    "/file?id=1": lambda handler: handler.reply(
        PDF, headers=[("Content-Type", "application/pdf"), ("Content-Disposition", GBK_NAME)]
    ),
    "/page.pdf": b"<html>login first</html>",
    "/private.html": redirect("http://10.0.0.1/secret"),
    "/byname.html": lambda handler: redirect(f"http://localhost:{handler.server.server_port}/secret-by-name")(handler),
    "/broken.html": fails(500),
    "/huge.html": huge(announced=True),
    "/endless.html": huge(announced=False),
    "/loop.html": redirect("/pool.html"),
    "/pool.html": redirect("/loop.html"),
    "/self.html": redirect("/self.html"),
    "/moved.html": redirect("/gbk.html", 301),
    "/away.html": redirect("file:///etc/passwd"),
    "/wall.html": fails(412),
    "/spam.html": redirect("http://12345qb.com/nb/1.html"),
    "/refresh.html": REFRESH.format("0;url=/gbk.html").encode(),
    "/slideshow.html": REFRESH.format("60;url=/nowhere.html").encode(),
    "/reset.html": lambda handler: handler.connection.shutdown(socket.SHUT_RDWR),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """One crawl of a server full of oddities: (archive root, run, server)."""
    root = tmp_path_factory.mktemp("odd") / "archive"
    with serving("127.0.0.9") as server:
        server.routes = ODD
        site = Site(id="odd", start_url=server.url + "/nb/")
        settings = {**SETTINGS, "DOWNLOAD_MAXSIZE": LIMIT, "DOWNLOAD_TIMEOUT": 5}
        (run,) = crawl([site], archive_root=root, allow_addresses=["127.0.0.9/32"], settings=settings)
        yield root, run, server


def test_the_run_ends_well_and_its_archive_is_whole(odd):
    root, run, _ = odd
    assert (run.verdict, run.finish_reason) == ("ok", "finished")
    assert list(Archive(root).verify()) == []
    assert run.counts["failures"] == len(failures(root, "odd"))


def test_a_body_cut_short_is_kept_as_truncated_and_is_a_failure(odd):
    root, _, _ = odd
    cut = [capture for capture in captures(root, "odd") if capture.url.endswith("/cut.html")]
    assert cut
    assert all(capture.truncated for capture in cut)
    assert Archive(root).get(cut[0]) == b"<html>" + b"half a report " * 50
    assert failures(root, "odd")["/cut.html"] == "truncated"
    assert not [listing for listing in listings(root, "odd") if listing.url.endswith("/cut.html")]


def test_header_bytes_in_gbk_are_kept_as_they_came(odd):
    root, _, _ = odd
    (capture,) = [capture for capture in captures(root, "odd") if capture.url.endswith("/file?id=1")]
    sent = dict(Archive(root).headers(capture))["Content-Disposition"]
    assert sent.encode("latin-1") == GBK_NAME
    assert Archive(root).get(capture) == PDF
    assert (capture.claimed_type, capture.sniffed_type, capture.truncated) == (
        "application/pdf",
        "application/pdf",
        False,
    )


def test_the_reason_phrase_stays_empty_rather_than_invented(odd):
    root, _, _ = odd
    path = next((root / "odd").glob("*.warc.gz"))
    import gzip

    text = gzip.decompress(path.read_bytes())
    assert re.search(rb"\r\n\r\nHTTP/1.1 404 ?\r\n", text)
    assert b"Not Found" not in text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/private.html", "unsafe_address"),
        ("/byname.html", "not_followed"),
        ("/broken.html", "server_error"),
        ("/huge.html", "too_large"),
        ("/endless.html", "too_large"),
        ("/loop.html", "not_followed"),
        ("/self.html", "not_followed"),
        ("/gone.html", "gone"),
        ("/wall.html", "blocked"),
        ("/reset.html", "refused"),
        ("/spam.html", "not_followed"),
        ("/page.pdf", "other"),
        ("/x.pdf", "not_followed"),
    ],
)
def test_what_gave_nothing_has_its_failure(odd, path, kind):
    root, _, _ = odd
    assert failures(root, "odd").get(path) == kind


@pytest.mark.parametrize(
    ("path", "end"), [("/private.html", "/secret"), ("/byname.html", "/secret-by-name"), ("/loop.html", "/pool.html")]
)
def test_a_failure_behind_a_redirect_is_that_of_the_page_that_led_there(odd, path, end):
    """Two pages may lead to one address: neither is lost, and both are known by the address that was listed."""
    root, _, server = odd
    (failure,) = [one for one in of_kind(root, "odd", Failure) if one.url == server.url + path]
    assert re.search(r"redirected to http://[^)]*" + re.escape(end) + r"\)", failure.message)


def test_nothing_was_asked_that_must_not_be(odd):
    _, _, server = odd
    assert not [path for path in server.asked if "secret" in path]
    assert server.asked.count("/broken.html") == 1 + SETTINGS["RETRY_TIMES"]
    assert server.asked.count("/robots.txt") == 1
    assert server.asked.count("/self.html") <= 6


def test_links_to_files_and_to_others_are_not_followed(odd):
    root, _, _ = odd
    skipped = {listing.url: listing.reason for listing in listings(root, "odd") if listing.verdict == "skipped"}
    assert skipped["http://other.example/a.html"] == "a link to another host"
    assert skipped["http://12345qb.com/a"] == "a known spam mirror"
    assert set(skipped) >= {"http://[", "ftp://127.0.0.1/a.html"}
    everything = (*skipped, *(capture.url for capture in captures(root, "odd")))
    assert not [url for url in everything if url.startswith("file:")]


@pytest.mark.parametrize("path", ["/moved.html", "/refresh.html"])
def test_a_report_that_moved_is_listed_under_its_old_address_with_its_documents(odd, path):
    root, _, server = odd
    (moved,) = [listing for listing in listings(root, "odd") if listing.url.endswith(path)]
    assert moved.attachments[0] == server.url + "/file?id=1"


def test_a_page_that_is_shown_anew_every_minute_is_the_page(odd):
    root, _, server = odd
    assert "/nowhere.html" not in server.asked
    assert [listing for listing in listings(root, "odd") if listing.url.endswith("/slideshow.html")]


def test_a_body_larger_than_the_limit_is_stopped_early(odd):
    root, _, _ = odd
    assert all(capture.size <= LIMIT for capture in captures(root, "odd"))
    assert not [capture for capture in captures(root, "odd") if "/huge" in capture.url and not capture.truncated]


def groups_of_sites(root):
    """Four servers at four addresses: robots.txt 503, robots.txt closing the column, a Crawl-delay, and none at all."""
    with serving("127.0.0.21") as trouble, serving("127.0.0.22") as closed, serving("127.0.0.23") as slow:
        for server in (trouble, closed, slow):
            server.routes = {"/nb/": column("/1.html"), "/1.html": one_page()}
        trouble.routes["/robots.txt"] = fails(503)
        closed.routes["/robots.txt"] = b"User-agent: *\nDisallow: /nb/\n"
        slow.routes["/robots.txt"] = b"User-agent: *\nCrawl-delay: 0.5\n"
        servers = {"trouble": trouble, "closed": closed, "slow": slow}
        sites = [Site(id=name, start_url=server.url + "/nb/") for name, server in servers.items()]
        sites.append(Site(id="down", start_url=f"http://127.0.0.24:{free_port('127.0.0.24')}/nb/"))
        found = crawl(sites, archive_root=root, allow_addresses=["127.0.0.0/8"], settings=SETTINGS)
        return {run.site_id: run for run in found}, servers


def test_robots_and_sites_that_are_down(tmp_path):
    root = tmp_path / "archive"
    found, servers = groups_of_sites(root)
    assert {name: run.verdict for name, run in found.items()} == {
        "trouble": "robots",
        "closed": "robots",
        "slow": "ok",
        "down": "down",
    }
    assert set(servers["trouble"].asked) == set(servers["closed"].asked) == {"/robots.txt"}
    assert failures(root, "down") == {"/nb/": "refused"}
    assert failures(root, "closed") == {"/nb/": "robots"}
    times = servers["slow"].times
    assert servers["slow"].asked == ["/robots.txt", "/nb/", "/1.html"]
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.4


def test_a_list_that_only_says_next_page_is_walked_to_its_end(tmp_path):
    with serving() as server:
        for number in range(1, 13):
            following = f'<a href="/nb/{number + 1}.html">下一页</a>'.encode() if number < 12 else b""
            server.routes[f"/nb/{number}.html"] = column(f"/{number}.html") + following
            server.routes[f"/{number}.html"] = one_page()
        site = Site(id="long", start_url=server.url + "/nb/1.html")
        (run,) = crawl([site], archive_root=tmp_path, allow_addresses=["127.0.0.0/8"], settings=SETTINGS)
    assert run.counts["reports"] == 12
    assert title("白石镇0号") == listings(tmp_path, "long")[0].title
    assert len(runs(tmp_path, "long")) == 2  # its start and its end


def test_a_site_that_another_process_writes_has_no_run_and_keeps_no_other_from_it(tmp_path):
    with serving() as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": one_page()}
        sites = [Site(id=name, start_url=server.url + "/nb/") for name in ("taken", "free")]
        given = {"archive_root": tmp_path, "allow_addresses": ["127.0.0.0/8"], "settings": SETTINGS}
        earlier = Run(run_id="r1", site_id="taken", started_at=DATE, code_version="1", finished_at=DATE, verdict="ok")
        with Archive(tmp_path, holds="real").writer("taken") as writer:
            writer.note(earlier, DATE)
            found = crawl(sites, **given)
    assert [run.verdict for run in found] == ["not_run", "ok"]
    assert "another process is writing this site" in (tmp_path / "crawl.log").read_text("utf-8")
