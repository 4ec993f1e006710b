"""WARC and WACZ files of others: written here by warcio, taken whole or not at all."""

import datetime as dt
import gzip
import io
import random
import zipfile

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.ingest import IngestError, ingest
from crawler.items import Capture, Listing

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
PAGES = {
    "http://town.example/a.html": ("200 OK", b"<html>a</html>", []),
    "http://town.example/gone": ("404 Not Found", b"<html>gone</html>", []),
    "http://town.example/b.pdf": ("200 OK", b"%PDF-1.4 b", [("Content-Type", "application/pdf")]),
    "http://town.example/z.html": ("200 OK", gzip.compress(b"<html>z</html>", mtime=0), [("Content-Encoding", "gzip")]),
    "http://town.example/c.html": (
        "200 OK",
        b"7\r\n<html>c\r\n7\r\n</html>\r\n0\r\n\r\n",
        [("Transfer-Encoding", "chunked")],
    ),
    "http://town.example/p.png": ("200 OK", b"\x89PNG\r\n", []),
}
DATE = "2022-03-04T05:06:07Z"


def warc(pages=PAGES, *, packed=True, version="1.0"):
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "another"}))
    for url, (status, body, headers) in pages.items():
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        about = {"WARC-Date": DATE, "WARC-IP-Address": "192.0.2.9"}
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "town.example")], is_http_request=True)
        writer.write_record(
            writer.create_warc_record(
                url, "response", io.BytesIO(body), len(body), warc_headers_dict=about, http_headers=http
            )
        )
        writer.write_record(writer.create_warc_record(url, "request", http_headers=asked))
    return buffer.getvalue()


def take(archive, *paths, **options):
    return ingest(archive.root, paths, now=lambda: NOW, code_version="test", **options)


def of(archive, kind):
    return [record for _, record in archive.records("ingest") if isinstance(record, kind)]


def wacz(path, members, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


@pytest.mark.parametrize("form", ["warc.gz", "warc", "wacz", "deflated wacz"])
def test_each_answer_with_status_200_comes_with_address_date_and_bytes(archive, tmp_path, form):
    if form.endswith("wacz"):
        compression = zipfile.ZIP_DEFLATED if "deflated" in form else zipfile.ZIP_STORED
        members = {"datapackage.json": b"{}", "archive/data.warc.gz": warc(), "pages/pages.jsonl": b""}
        path = wacz(tmp_path / "other.wacz", members, compression)
    else:
        path = tmp_path / f"other.{form}"
        path.write_bytes(warc(packed=form == "warc.gz", version="1.1"))
    assert take(archive, path).taken == 5
    captures = {capture.url: capture for capture in of(archive, Capture)}
    bodies = {url.rpartition("/")[2]: archive.get(capture) for url, capture in captures.items()}
    assert bodies == {
        "a.html": b"<html>a</html>",
        "b.pdf": b"%PDF-1.4 b",
        "z.html": b"<html>z</html>",
        "c.html": b"<html>c</html>",
        "p.png": b"\x89PNG\r\n",
    }
    assert {(capture.status, capture.fetched_at) for capture in captures.values()} == {(200, DATE)}
    assert captures["http://town.example/b.pdf"].claimed_type == "application/pdf"
    assert {listing.url.rpartition("/")[2] for listing in of(archive, Listing)} == bodies.keys() - {"p.png"}
    assert {listing.title for listing in of(archive, Listing)} == {""}
    again = take(archive, path)
    assert (again.taken, again.known) == (0, 5)
    assert list(archive.verify()) == []


def broken_warc(how):
    data = warc()
    if how == "cut between":  # a whole number of members is not to be told from a shorter file
        return data[: len(data) // 2]
    if how == "last byte":
        return data[:-1]
    if how == "zeros":
        return data + bytes(100)
    if how == "bit":
        position = random.Random(1).randrange(len(data) // 2, len(data) - 100)
        return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
    if how == "plain cut":
        return warc(packed=False)[:-40]
    if how == "block changed":
        text = gzip.decompress(data)
        return text.replace(b"%PDF-1.4 b", b"%PDF-1.4 B")
    return {"text": b"<html>no archive</html>", "empty": b""}[how]


@pytest.mark.parametrize(
    "how", ["cut between", "last byte", "zeros", "bit", "plain cut", "block changed", "text", "empty"]
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_broken_archive_gives_nothing_and_the_next_file_is_taken(archive, tmp_path, how, inside):
    data = broken_warc(how)
    bad, good = tmp_path / "bad.warc.gz", tmp_path / "good.txt"
    if inside:
        bad = wacz(tmp_path / "bad.wacz", {"archive/0.warc.gz": warc({}), "archive/1.warc.gz": data})
    else:
        bad.write_bytes(data)
    good.write_text("text")
    counts = take(archive, bad, good)
    assert counts.taken == 1
    ((path, reason),) = counts.failed
    assert path == bad
    assert reason
    assert [capture.url.rpartition(":")[2] for capture in of(archive, Capture)] == ["good.txt"]


def test_a_wacz_that_is_cut_or_holds_no_archive_is_told(archive, tmp_path):
    whole = wacz(tmp_path / "whole.wacz", {"archive/data.warc.gz": warc()}).read_bytes()
    (tmp_path / "cut.wacz").write_bytes(whole[: len(whole) - 30])
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    (tmp_path / "damaged.wacz").write_bytes(damaged)
    none = wacz(tmp_path / "none.wacz", {"pages.jsonl": b"x"})
    counts = take(archive, tmp_path / "cut.wacz", tmp_path / "damaged.wacz", none)
    assert [(path.name, reason.partition(" (")[0]) for path, reason in counts.failed] == [
        ("cut.wacz", "not a whole WACZ file"),
        ("damaged.wacz", "not a whole WACZ file"),
        ("none.wacz", "a WACZ holds archive/*.warc.gz, this file does not"),
    ]
    assert archive.site_ids() == []


def test_an_archive_without_answers_is_left_with_the_reason(archive, tmp_path):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(warc({"http://town.example/gone": PAGES["http://town.example/gone"]}))
    counts = take(archive, path)
    assert counts.left == ((path, "holds no answer with status 200"),)


def test_one_source_address_for_an_archive_is_refused(archive, tmp_path):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(warc())
    with pytest.raises(IngestError, match="addresses of its own"):
        take(archive, path, source_url="http://town.example/")


def test_header_bytes_of_others_are_kept(archive, tmp_path):
    value = "filename=年报.doc".encode("gbk")
    block = b"HTTP/1.1 200 OK\r\nContent-Disposition: " + value + b"\r\n\r\nbody"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://t.example/x y>\r\nWARC-Date: {DATE}\r\n"
    head += f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}"
    path = tmp_path / "x.warc"
    path.write_bytes(head.encode() + b"\r\n\r\n" + block + b"\r\n\r\n")
    assert take(archive, path).taken == 1
    (capture,) = of(archive, Capture)
    assert capture.url == "http://t.example/x%20y"
    assert archive.headers(capture)[0][1].encode("latin-1") == value
