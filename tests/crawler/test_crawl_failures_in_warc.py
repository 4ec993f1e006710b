"""What a real crawl did not get is in the WARC files too, as other programs read them: address, time and kind."""

import json
import time

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive
from crawler.items import Site
from crawler.run import crawl

from .crawling import SETTINGS, captures, column, fails, failures, free_port, listings, serving

HALF = b"<html>" + b"half a report " * 50


def without_a_length(body):
    """The answer ends where the connection does (RFC 9112 section 6.3): many old servers send all pages so."""

    def send(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + body)
        handler.close_connection = True

    return send


def slow(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    handler.wfile.flush()
    time.sleep(3)
    handler.close_connection = True


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    root = tmp_path_factory.mktemp("failing") / "archive"
    with serving("127.0.0.31") as server:
        server.routes = {
            "/robots.txt": b"User-agent: *\nDisallow: /closed/\n",
            "/nb/": column("/slow.html", "/cut.html", "/closed/1.html", "/gone.html", "/wall.html", "/whole.html"),
            "/slow.html": slow,
            "/cut.html": lambda handler: handler.reply(HALF, length=5000),
            "/wall.html": fails(412),
            "/whole.html": without_a_length(b"<html><title>x</title>a whole page</html>"),
        }
        down = f"http://127.0.0.32:{free_port('127.0.0.32')}/nb/"
        sites = [Site(id="failing", start_url=server.url + "/nb/"), Site(id="down", start_url=down)]
        settings = {**SETTINGS, "DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 0}
        runs = crawl(sites, archive_root=root, allow_addresses=["127.0.0.0/8"], settings=settings)
        yield root, {run.site_id: run for run in runs}, server.url, down


def records(root, site_id):
    for path in sorted((root / site_id).glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                yield record, record.content_stream().read()


def noted(root, site_id):
    """Address -> kind and date of each failure, found without our own reader."""
    found = {}
    for record, body in records(root, site_id):
        if record.rec_type == "metadata":
            note = json.loads(body.decode().partition(": ")[2])
            if note["record"] == "failure":
                assert note["url"] == record.rec_headers["WARC-Target-URI"]
                found[note["url"]] = (note["kind"], record.rec_headers["WARC-Date"], note["failed_at"])
    return found


def test_each_request_that_failed_is_a_record_with_its_address_and_time(crawled):
    root, runs, url, down = crawled
    found = {address: kind for address, (kind, _, _) in noted(root, "failing").items()}
    assert found == {
        url + "/slow.html": "timeout",
        url + "/cut.html": "truncated",
        url + "/closed/1.html": "robots",
        url + "/gone.html": "gone",
        url + "/wall.html": "blocked",
    }
    assert [kind for kind, _, _ in noted(root, "down").values()] == ["refused"]
    assert list(noted(root, "down")) == [down]
    for site_id, run in runs.items():
        for _, stored, failed_at in noted(root, site_id).values():
            assert run.started_at <= failed_at <= stored <= run.finished_at


def test_a_truncated_answer_is_stored_as_far_as_it_came_and_says_so(crawled):
    root, _, url, _ = crawled
    cut = {
        record.rec_headers["WARC-Target-URI"]: (record.rec_headers["WARC-Truncated"], body)
        for record, body in records(root, "failing")
        if record.rec_headers.get_header("WARC-Truncated")
    }
    assert cut == {url + "/cut.html": ("disconnect", HALF)}


def test_an_answer_that_ends_with_its_connection_is_whole(crawled):
    root, _, url, _ = crawled
    (whole,) = [capture for capture in captures(root, "failing") if capture.url == url + "/whole.html"]
    assert not whole.truncated
    assert "/whole.html" not in failures(root, "failing")
    assert [one.url for one in listings(root, "failing") if one.verdict == "report"] == [url + "/whole.html"]
    assert list(Archive(root).verify()) == []
