"""What is put into the archive comes back as it was, and what a killed writer leaves is put right."""

import dataclasses
import json
import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import (
    Archive,
    ArchiveFullError,
    ArchiveHoldsOtherError,
    ArchiveMissingError,
    Exchange,
    SiteLockedError,
)
from crawler.archive.index import NAME
from crawler.archive.stored import Stored, read_note
from crawler.archive.writer import SiteWriter
from crawler.items import Capture, Failure, Listing, Run, Site

DATE = "2024-01-20T08:00:00Z"
RUN = Run(run_id="r1", site_id="town", started_at=DATE, code_version="1")


def exchange(url="http://town.example/a.html", body=b"<html>a</html>", **more):
    given_headers = {
        "response_headers": ((b"Content-Type", b"text/html"),),
        "request_headers": ((b"Host", b"town.example"),),
    }
    return Exchange(
        **{"url": url, "fetched_at": DATE, "status": 200, "body": body, "reason": "OK", **given_headers, **more}
    )


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive", holds="real")


def fill(archive, count, site="town"):
    with archive.writer(site) as writer:
        return [writer.put(exchange(f"http://town.example/{i}", b"page %d " % i * 20), "r1") for i in range(count)]


def test_a_body_comes_back_with_its_headers_byte_for_byte(archive):
    name = "附件.pdf".encode("gbk")
    headers = (
        (b"Content-Type", b"application/pdf"),
        (b"Content-Disposition", b"filename=" + name),
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
    )
    with archive.writer("town") as writer:
        capture = writer.put(exchange(body=b"%PDF-1.4\0\xff", response_headers=headers), "r1")
    assert archive.get(capture) == b"%PDF-1.4\0\xff"
    assert [(n.encode("latin-1"), v.encode("latin-1")) for n, v in archive.headers(capture)] == list(headers)
    assert (capture.claimed_type, capture.sniffed_type, capture.status) == ("application/pdf", "application/pdf", 200)


def test_a_compressed_body_is_kept_as_received_and_given_decoded(archive):
    import gzip

    packed = gzip.compress(b"<html>plain</html>", mtime=0)
    with archive.writer("town") as writer:
        capture = writer.put(exchange(body=packed, response_headers=((b"Content-Encoding", b"gzip"),)), "r1")
        same = writer.put(exchange(url="http://town.example/b", body=b"<html>plain</html>"), "r1")
    assert archive.get(capture) == b"<html>plain</html>"
    assert capture.sha256 == same.sha256
    assert capture.payload_digest != same.payload_digest


def test_the_same_body_twice_is_a_revisit_of_the_first_also_over_files(archive):
    with archive.writer("town") as writer:
        first = writer.put(exchange(), "r1")
    with archive.writer("town") as writer:
        second = writer.put(exchange(), "r2")
    assert second.revisit_of == first.record_id
    assert (second.warc, second.offset) == (first.warc, first.offset)
    assert archive.get(second) == archive.get(first)
    assert len(list((archive.root / "town").glob("*.warc.gz"))) == 2
    assert list(archive.verify()) == []


def test_not_modified_refers_to_what_was_there(archive):
    with archive.writer("town") as writer:
        first = writer.put(exchange(), "r1")
        second = writer.put(exchange(status=304, body=b"", reason="Not Modified"), "r2")
    assert (second.status, second.sha256, second.revisit_of) == (304, first.sha256, first.record_id)


def test_notes_come_back_among_captures_in_stored_order(archive):
    notes = [
        Site(
            id="town", start_url="http://town.example/", entry_points=("http://town.example/a/", "b"), confidence="low"
        ),
        RUN,
        Listing(
            run_id="r1",
            site_id="town",
            url="http://town.example/a.html",
            title="年报",
            found_on="x",
            verdict="report",
            attachments=("u", "v"),
        ),
        Failure(
            run_id="r1",
            site_id="town",
            url="http://town.example/gone",
            failed_at=DATE,
            kind="gone",
            message="404",
            status=404,
        ),
    ]
    with archive.writer("town") as writer:
        for note in notes:
            writer.note(note, DATE)
        capture = writer.put(exchange(), "r1")
    records = [record for _, record in archive.records("town")]
    assert records == [*notes, capture]
    half = archive.sizes("town")
    with archive.writer("town") as writer:
        later = writer.put(exchange("http://town.example/later", b"later"), "r1")
    assert [record for _, record in archive.records("town", half)] == [later]


def test_a_site_as_an_older_version_noted_it_is_read():
    body = json.dumps({"record": "site", "id": "town", "start_url": "http://town.example/", "family": "trs"}).encode()
    stored = Stored("metadata", 0, len(body), {}, 0, (), body, body)
    assert read_note(stored) == Site(id="town", start_url="http://town.example/", family="trs")


def test_a_run_without_an_end_is_found_and_its_pages_known(archive):
    with archive.writer("town") as writer:
        writer.note(RUN, DATE)
        capture = writer.put(exchange(), "r1")
    with archive.writer("town") as writer:
        assert writer.unfinished_run() == RUN
        assert writer.captures_of("r1") == {capture.url: capture}
        writer.note(dataclasses.replace(RUN, finished_at=DATE), DATE)
        assert writer.unfinished_run() is None


def test_two_writers_of_one_site_are_refused(archive):
    with archive.writer("town"), pytest.raises(SiteLockedError, match="another process"), archive.writer("town"):
        pass


def test_sample_and_real_are_never_mixed(archive):
    with pytest.raises(ArchiveHoldsOtherError, match="--archive DIR"):
        Archive(archive.root, holds="sample")
    with pytest.raises(ArchiveMissingError, match="gongkai crawl"):
        Archive(archive.root / "nowhere")


def test_any_cut_of_the_tail_is_recovered_to_the_last_whole_record(archive):
    fill(archive, 12)
    folder = archive.root / "town"
    path = next(folder.glob("*.warc.gz"))
    data, lines = path.read_bytes(), (folder / NAME).read_text("utf-8").splitlines(keepends=True)
    ends = [int(line.split('"offset": "')[1].split('"')[0]) for line in lines]
    choose = random.Random(7)
    for cut in [choose.randrange(600, len(data)) for _ in range(60)]:
        path.unlink(missing_ok=True)
        (folder / (path.name + ".open")).write_bytes(data[:cut])
        whole = [line for line, offset in zip(lines, ends, strict=True) if offset < cut][:-1]
        (folder / NAME).write_text("".join(whole[: len(whole) // 2]) + lines[0][:11], "utf-8")
        with archive.writer("town"):
            pass
        assert list(archive.verify()) == []
        kept = [record.url for _, record in archive.records("town") if isinstance(record, Capture)]
        assert kept[: len(whole)] == [f"http://town.example/{i}" for i in range(len(whole))]
        assert len(kept) <= len(whole) + 1
        assert sorted(p.name for p in folder.glob("*.open")) == []


def test_a_tail_of_zeros_is_cut_off(archive):
    fill(archive, 3)
    path = next((archive.root / "town").glob("*.warc.gz"))
    path.rename(path.with_name(path.name + ".open"))
    with path.with_name(path.name + ".open").open("ab") as file:
        file.write(b"\0" * 4096)
    with archive.writer("town") as writer:
        assert writer.recovered_bytes == 4096
    assert list(archive.verify()) == []


def test_every_flipped_bit_is_found(archive):
    fill(archive, 4)
    path = next((archive.root / "town").glob("*.warc.gz"))
    data = path.read_bytes()
    choose = random.Random(3)
    for _ in range(80):
        position, bit = choose.randrange(len(data)), 1 << choose.randrange(8)
        damaged = bytearray(data)
        damaged[position] ^= bit
        path.write_bytes(bytes(damaged))
        assert list(archive.verify()), f"bit {bit} of byte {position}"
    path.write_bytes(data)
    assert list(archive.verify()) == []


@pytest.mark.parametrize("damage", ["file gone", "line gone", "line changed", "tail cut"])
def test_what_is_missing_is_found(archive, damage):
    fill(archive, 4)
    path, listed = next((archive.root / "town").glob("*.warc.gz")), archive.root / "town" / NAME
    text = listed.read_text("utf-8")
    if damage == "file gone":
        path.unlink()
    elif damage == "line gone":
        listed.write_text("".join(text.splitlines(keepends=True)[1:]), "utf-8")
    elif damage == "line changed":
        listed.write_text(text.replace('"status": "200"', '"status": "404"', 1), "utf-8")
    else:
        path.write_bytes(path.read_bytes()[:-30])
    assert list(archive.verify())


WRITE_FOR_EVER = textwrap.dedent("""
    import sys, itertools
    from pathlib import Path
    from crawler.archive import Archive, Exchange
    archive = Archive(Path(sys.argv[1]), holds="real")
    with archive.writer("town") as writer:
        start = len(writer.captures_of("r1"))
        for i in itertools.count(start):
            writer.put(Exchange(url=f"http://town.example/{i}", fetched_at="2024-01-20T08:00:00Z", status=200, body=(f"page {i} " * 200).encode()), "r1")
            print(i, flush=True)
""")


def test_kill_9_loses_nothing_that_was_acknowledged(archive):
    last = -1
    for _ in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(archive.root)], stdout=subprocess.PIPE, text=True
        )
        while (line := child.stdout.readline()) and int(line) < last + 25:
            pass
        child.send_signal(signal.SIGKILL)
        rest = (line + child.stdout.read()).split()
        child.wait()
        last = int(rest[-1])
    with archive.writer("town") as writer:
        urls = list(writer.captures_of("r1"))
    assert urls[: last + 1] == [f"http://town.example/{i}" for i in range(last + 1)]
    assert len(urls) <= last + 2
    assert list(archive.verify()) == []


def test_a_full_disk_takes_the_record_back(archive):
    pid = os.fork()
    if pid == 0:  # the child alone gets the limit
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        code = 1
        try:
            with archive.writer("town") as writer:
                writer.put(exchange(), "r1")
                resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
                try:
                    writer.put(exchange("http://town.example/big", os.urandom(9000)), "r1")
                except ArchiveFullError:
                    code = 0
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0
    assert [record.url for _, record in archive.records("town")] == ["http://town.example/a.html"]
    assert list(archive.verify()) == []


def test_files_are_rotated_by_size(tmp_path):
    archive = Archive(tmp_path, holds="real")
    with SiteWriter(tmp_path, "town", largest_file=3000) as writer:
        for i in range(10):
            writer.put(exchange(f"http://town.example/{i}", random.Random(i).randbytes(900)), "r1")
    assert len(list((tmp_path / "town").glob("*.warc.gz"))) > 2
    assert list(archive.verify()) == []


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Listing,
        run_id=texts,
        site_id=texts,
        url=st.just("http://x.example/"),
        title=texts,
        found_on=texts,
        verdict=texts,
        reason=texts,
        attachments=st.lists(texts, max_size=3).map(tuple),
    )
)
def test_a_note_survives_whatever_is_in_it(tmp_path_factory, listing):
    archive = Archive(tmp_path_factory.mktemp("notes"), holds="real")
    with archive.writer("town") as writer:
        writer.note(listing, DATE)
    assert [record for _, record in archive.records("town")] == [listing]


def test_a_writer_with_nothing_to_write_leaves_no_file(archive):
    with archive.writer("town"):
        time.sleep(0)
    assert list((archive.root / "town").glob("*.warc*")) == []


@pytest.mark.parametrize(
    "url", ["http://[", "http://x.example/a b", "http://x.example/\u3000\u2028c", "no address", ""]
)
def test_a_note_about_what_is_no_address_is_in_the_index_too(archive, url):
    listing = Listing(run_id="r1", site_id="town", url=url, title="t", found_on="x", verdict="skipped")
    with archive.writer("town") as writer:
        writer.note(listing, DATE)
    assert [record for _, record in archive.records("town")] == [listing]
    assert list(archive.verify()) == []


def test_an_archive_that_many_make_at_once_has_one_id(tmp_path):
    for turn in range(20):
        with ThreadPoolExecutor(8) as threads:
            ids = set(threads.map(lambda n: Archive(tmp_path / str(n), holds="real").id, [turn] * 8))
        assert len(ids) == 1
        assert [path.name for path in (tmp_path / str(turn)).iterdir()] == ["archive.json"]
