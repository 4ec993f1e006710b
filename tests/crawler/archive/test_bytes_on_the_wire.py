"""Header lines and bodies come back byte for byte, and other tools read the same records."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler.archive import Archive
from tests.crawler.archive.archiving import exchange, the_warc

names = st.text("abcdefghijklmnopqrstuvwxyzABC-", min_size=1, max_size=12).map(str.encode)
values = st.binary(max_size=40).filter(lambda value: b"\r" not in value and b"\n" not in value)


def raw(headers):
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, values), min_size=1, max_size=6).map(tuple), st.binary(max_size=300))
def test_any_header_bytes_and_any_body_come_back(tmp_path_factory, headers, body):
    headers = tuple((b"X-" + name, value) for name, value in headers)
    archive = Archive(tmp_path_factory.mktemp("wire"), holds="real")
    with archive.writer("town") as writer:
        capture = writer.put(exchange(body=body, response_headers=headers), "r")
    assert raw(archive.headers(capture)) == headers
    assert archive.get(capture) == body
    assert [record for _, record in archive.records("town")] == [capture]
    assert list(archive.verify()) == []


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "gb18030"])
def test_file_names_in_headers_survive_in_any_encoding(archive, encoding):
    line = (b"Content-Disposition", b"attachment; filename=" + "年报〇é.doc".encode(encoding, "replace"))
    with archive.writer("town") as writer:
        capture = writer.put(exchange(response_headers=(line,)), "r")
    assert raw(archive.headers(capture)) == (line,)


def test_a_folded_header_line_cannot_end_the_head(archive):
    with archive.writer("town") as writer:
        capture = writer.put(exchange(response_headers=((b"X-Old", b"a\r\n b\r\n\r\n<html>"),)), "r")
    assert archive.get(capture) == b"<html>a</html>"
    assert archive.headers(capture) == [("X-Old", "a  b <html>")]


def test_other_tools_see_records_of_warc_1_1_with_digests_that_hold(archive, capsys):
    with archive.writer("town") as writer:
        writer.put(exchange("http://town.example/年报?a=1&b=2", address="192.0.2.7", truncated=True), "r")
        writer.put(exchange(), "r")
        writer.put(exchange("http://town.example/b"), "r")
    with the_warc(archive).open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers, r.http_headers, r.content_stream().read()) for r in ArchiveIterator(file)
        ]
    kinds = ["warcinfo", "response", "request", "response", "request", "revisit", "request"]
    assert [kind for kind, *_ in records] == kinds
    assert {headers.protocol for _, headers, *_ in records} == {"WARC/1.1"}
    _, first, http, body = records[1]
    assert (first["WARC-IP-Address"], first["WARC-Truncated"], body) == ("192.0.2.7", "disconnect", b"<html>a</html>")
    assert (http.protocol, http.statusline) == ("HTTP/1.1", "200 OK")
    _, asked, message, _ = records[2]
    assert asked["WARC-Concurrent-To"] == first["WARC-Record-ID"]
    assert (message.protocol, message.statusline) == ("GET", "/%E5%B9%B4%E6%8A%A5?a=1&b=2 HTTP/1.1")
    _, revisit, *_ = records[5]
    _, original, *_ = records[3]
    assert revisit["WARC-Refers-To"] == original["WARC-Record-ID"]
    assert revisit["WARC-Refers-To-Target-URI"] == "http://town.example/a.html"
    assert revisit["WARC-Refers-To-Date"] == original["WARC-Date"]
    assert revisit["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert all(headers["WARC-Block-Digest"].startswith("sha256:") for _, headers, *_ in records)
    arguments = type("Arguments", (), {"inputs": [str(the_warc(archive))], "verbose": True})
    assert Checker(arguments).process_all() == 0
    assert "digest failed" not in capsys.readouterr().out


def test_a_body_of_several_gzip_members_is_decoded_whole_and_one_that_is_none_is_left(archive):
    packed = ((b"Content-Encoding", b"gzip"),)
    with archive.writer("town") as writer:
        two = writer.put(
            exchange("http://t.example/1", gzip.compress(b"one ") + gzip.compress(b"two"), response_headers=packed), "r"
        )
        not_one = writer.put(exchange("http://t.example/2", b"<html>plain</html>", response_headers=packed), "r")
        bare = zlib.compress(b"raw deflate")[2:-4]
        deflated = writer.put(
            exchange("http://t.example/3", bare, response_headers=((b"Content-Encoding", b"deflate"),)), "r"
        )
    assert [archive.get(capture) for capture in (two, not_one, deflated)] == [
        b"one two",
        b"<html>plain</html>",
        b"raw deflate",
    ]


def test_a_bomb_stays_as_it_was_received(archive, monkeypatch):
    monkeypatch.setattr("crawler.archive.exchange._MOST_BYTES", 10_000)
    bomb = gzip.compress(b"0" * 1_000_000)
    with archive.writer("town") as writer:
        capture = writer.put(exchange(body=bomb, response_headers=((b"Content-Encoding", b"gzip"),)), "r")
    assert archive.get(capture) == bomb
    assert capture.sniffed_type == "application/gzip"


def test_the_same_bytes_under_another_coding_are_no_revisit(archive):
    packed = gzip.compress(b"<html>a</html>", mtime=0)
    with archive.writer("town") as writer:
        as_file = writer.put(exchange("http://t.example/a.gz", packed), "r")
        as_page = writer.put(
            exchange("http://t.example/a", packed, response_headers=((b"Content-Encoding", b"gzip"),)), "r"
        )
    assert not as_page.revisit_of
    assert (archive.get(as_file), archive.get(as_page)) == (packed, b"<html>a</html>")


def test_not_modified_after_not_modified_still_points_at_the_body(archive):
    with archive.writer("town") as writer:
        first = writer.put(exchange(), "r1")
    for run in ("r2", "r3"):
        with archive.writer("town") as writer:
            again = writer.put(exchange(status=304, reason="Not Modified", body=b"", response_headers=()), run)
        assert (again.revisit_of, again.warc, again.offset) == (first.record_id, first.warc, first.offset)
        assert (again.payload_digest, again.claimed_type) == (first.payload_digest, "text/html")
        assert archive.get(again) == b"<html>a</html>"
    with archive.writer("town") as writer:
        unheard_of = writer.put(exchange("http://town.example/x", status=304, body=b""), "r4")
    assert (unheard_of.status, unheard_of.revisit_of) == (304, "")
    assert list(archive.verify()) == []
    last = sorted((archive.root / "town").glob("*.warc.gz"))[1].read_bytes()
    assert b"1.1/revisit/server-not-modified" in gzip.decompress(last)


@pytest.mark.parametrize("url", ["", "http://x.example/a b", "http://x.example/\r\nX: y", "http://x.example/\u2028"])
def test_an_address_that_would_break_a_header_line_is_refused(url):
    with pytest.raises(ValueError, match="percent-encode"):
        exchange(url)


def test_half_a_surrogate_pair_in_a_title_is_kept(archive):
    from crawler.items import Listing

    listing = Listing(
        run_id="r", site_id="town", url="http://x/\ud83d", title="\ud83d年报", found_on="x", verdict="report"
    )
    with archive.writer("town") as writer:
        writer.note(listing)
    assert [record for _, record in archive.records("town")] == [listing]
    assert list(archive.verify()) == []


def test_a_site_is_a_folder_inside_the_archive(archive):
    from crawler.archive import SiteNameError

    for name in ("", "..", "a/b", "a b", ".hidden"):
        with pytest.raises(SiteNameError, match="names a folder"):
            archive.writer(name)


def test_records_are_read_while_a_writer_is_at_work(archive):
    with archive.writer("town") as writer:
        first = writer.put(exchange(), "r")
        assert archive.get(first) == b"<html>a</html>"
        assert not first.warc.endswith(".open")
        sizes = archive.sizes("town")
        second = writer.put(exchange("http://town.example/b", b"b"), "r")
        assert [record for _, record in archive.records("town", sizes)] == [second]
        assert list(archive.verify()) == []
    assert archive.sizes("town") == {first.warc: the_warc(archive).stat().st_size}


def test_files_sort_in_the_order_they_were_written_whatever_date_their_records_bear(archive):
    captures = []
    for i, date in enumerate(
        ["2024-01-20T08:00:00Z", "2019-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "2024-02-01T00:00:00Z"]
    ):
        with archive.writer("town") as writer:
            captures.append(writer.put(exchange(f"http://town.example/{i}", b"%d" % i, fetched_at=date), "r"))
    positions = [position for position, _ in archive.records("town")]
    assert positions == sorted(positions)
    assert [record for _, record in archive.records("town")] == captures


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "", "gzip, deflate", "x"]))
def test_decoding_never_fails(body, coding):
    from crawler.archive.exchange import decoded_body

    assert isinstance(decoded_body(body, coding), bytes)
    assert decoded_body(gzip.compress(body), "gzip") == body or not body


@pytest.mark.parametrize("size", [0, 9, 10, 11, 20, 25])
def test_a_body_unpacked_in_pieces_is_whole_whatever_its_size(monkeypatch, size):
    from crawler.archive import exchange

    monkeypatch.setattr(exchange, "_PIECE", 10)
    body = bytes(range(size))
    two = gzip.compress(body) + gzip.compress(b"tail")
    assert exchange.decoded_body(gzip.compress(body), "gzip") == body
    assert exchange.decoded_body(two, "gzip") == body + b"tail"
    assert body.startswith(exchange.decoded_body(gzip.compress(body)[:-9], "gzip"))


WARC_RECORD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://t.example/\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 24\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n\r\n\r\n"
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_our_way_to_read_a_record_and_warcios_agree_whatever_stands_there(data):
    """The quick way reads plain records alone and leaves the rest, damaged ones too, to warcio."""
    from crawler.archive import RecordError, stored

    text = bytearray(WARC_RECORD)
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    quick = stored._parse_own(bytes(text), 7, 9)
    if quick is not None:
        try:
            slow = stored._parse_by_warcio(bytes(text), 7, 9)
        except RecordError as error:
            raise AssertionError(bytes(text)) from error
        assert quick == slow


def test_our_own_records_are_read_the_quick_way(archive):
    from crawler.archive import stored
    from crawler.archive.stored import read_records

    with archive.writer("town") as writer:
        first = writer.put(exchange(body=b"one"), "r")
        writer.put(exchange(url="http://t.example/2", body=b"one"), "r")
    with (archive.root / first.warc).open("rb") as file:
        for record in read_records(file):
            file.seek(record.offset)
            plain = gzip.decompress(file.read(record.length))
            assert stored._parse_own(plain, record.offset, record.length) == record
            assert stored._parse_by_warcio(plain, record.offset, record.length) == record


def by_warcio(text, uri):
    """The record that warcio writes from the parts of one of ours."""
    import io

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.utils import Digester
    from warcio.warcwriter import WARCWriter

    class Raw(StatusAndHeaders):
        def to_ascii_bytes(self, filter_func=None):
            return self.to_bytes(filter_func, encoding="latin-1")

    class Sha256(WARCWriter):
        @staticmethod
        def _create_digester():
            return Digester("sha256")

    head, _, block = text.removesuffix(b"\r\n\r\n").partition(b"\r\n\r\n")
    given = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    kind = given.pop("WARC-Type")
    content = given.pop("Content-Type")
    for name in ("WARC-Target-URI", "WARC-Block-Digest", "Content-Length"):
        given.pop(name, None)
    if kind in ("request", "metadata"):
        given.pop("WARC-Payload-Digest")
    record_id = given.pop("WARC-Record-ID")
    http = None
    if content.startswith("application/http"):
        start, _, rest = block.partition(b"\r\n")
        lines, _, block = rest.partition(b"\r\n\r\n") if not rest.startswith(b"\r\n") else (b"", b"", rest[2:])
        first, _, status = start.decode("latin-1").partition(" ")
        pairs = [tuple(line.split(": ", 1)) for line in lines.decode("latin-1").split("\r\n")] if lines else []
        http = Raw(status, pairs, protocol=first)
    written = io.BytesIO()
    writer = Sha256(written, gzip=False, warc_version="1.1")
    writer._make_warc_id = lambda: record_id
    record = writer.create_warc_record(
        uri,
        kind,
        payload=io.BytesIO(block),
        length=len(block),
        warc_content_type="" if http else content,
        warc_headers_dict=given,
        http_headers=http,
    )
    writer.write_record(record)
    return written.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, values.map(bytes.strip)), max_size=4).map(tuple), st.binary(max_size=300))
def test_a_record_is_byte_for_byte_what_warcio_writes(headers, body):
    from crawler.archive import warc
    from crawler.items import Failure

    headers = tuple((b"X-" + name, value) for name, value in headers)
    url = "http://t.example/a?b=%E4"
    sent = exchange(url=url, body=body, response_headers=headers, request_headers=((b"User-Agent", b"x"),))
    failure = Failure(run_id="r", site_id="s", url=url, failed_at="2026-01-05T00:00:00Z", kind="gone", message="页")
    ours = [
        (*warc.exchange_records(sent, "r", None), url),
        (warc.note_record(failure, "2026-01-05T00:00:00Z"), url),
        (warc.warcinfo("a.warc.gz", "2026-01-05T00:00:00Z", "gongkai"), ""),
    ]
    for *members, uri in ours:
        for member in members:
            text = gzip.decompress(member)
            assert by_warcio(text, uri) == text
