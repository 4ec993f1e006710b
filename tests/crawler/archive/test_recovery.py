"""What a kill, a power cut or a full disk leaves is put right: records exactly as far as they are whole."""

import datetime as dt
import os
import random
import resource
import shutil
import signal
from pathlib import Path

import pytest

from crawler.archive import Archive, ArchiveFullError, ArchiveWriteError, SiteLockedError
from crawler.archive.index import NAME
from crawler.items import Capture
from tests.crawler.archive.archiving import exchange, fill, member_ends, reopen, the_warc


def urls(archive, site="town"):
    return [record.url for _, record in archive.records(site) if isinstance(record, Capture)]


@pytest.mark.parametrize("index_is", ["ahead", "behind", "torn", "zeros", "gone"])
def test_a_power_cut_at_any_byte_leaves_whole_records_and_the_index_says_them(archive, index_is, tmp_path):
    """The disk may have the index's end and not the file's, or the reverse."""
    captures = fill(archive, 10)
    path, listed = the_warc(archive), archive.root / "town" / NAME
    data, lines = path.read_bytes(), listed.read_bytes().splitlines(keepends=True)
    ends = member_ends(data)
    choose = random.Random(index_is)
    for cut in [choose.randrange(len(data)) for _ in range(12)]:
        shutil.rmtree(path.parent)
        path.parent.mkdir()
        torn = data[:cut] + choose.choice([b"", bytes(5000)])
        (path.parent / (path.name + ".open")).write_bytes(torn)
        left = {
            "ahead": lines,
            "behind": lines[:2],
            "torn": [*lines[:3], lines[3][:40]],
            "zeros": [*lines[:3], bytes(99)],
        }
        if index_is in left:
            listed.write_bytes(b"".join(left[index_is]))
        whole = max((end for end in ends if torn[:end] == data[:end]), default=0)  # a lost last byte may be 0
        with archive.writer("town") as writer:
            again = writer.put(exchange("http://town.example/0", b"page 0 " * 20), "r2")
        expected = [capture.url for capture in captures if capture.offset + capture.length <= whole]
        assert urls(archive) == [*expected, "http://town.example/0"]
        assert bool(again.revisit_of) == bool(expected)
        assert list(archive.verify()) == []
        if whole:
            assert path.read_bytes() == data[:whole]


def test_lines_that_a_closed_files_index_lost_are_made_anew_in_their_place(archive):
    fill(archive, 3)
    fill(archive, 3, start=3)
    listed = archive.root / "town" / NAME
    text = listed.read_bytes()
    lines = text.splitlines(keepends=True)
    for left in (lines[:2] + lines[3:], lines[:5], [], [*lines[:1], b"\0\0\0\n", *lines[2:]]):
        listed.write_bytes(b"".join(left))
        with archive.writer("town"):
            pass
        assert listed.read_bytes() == text


def test_a_missing_file_keeps_its_lines_in_their_place(archive):
    """They are what tells that it is missing."""
    for i in range(3):
        fill(archive, 2, start=2 * i)
    before = [position for position, _ in archive.records("town")]
    sorted((archive.root / "town").glob("*.warc.gz"))[1].unlink()
    (archive.root / "town" / NAME).write_bytes(b"x\n" + (archive.root / "town" / NAME).read_bytes())
    with archive.writer("town"):
        pass
    assert [position for position, _ in archive.records("town")] == before
    assert len(list(archive.verify())) == 3


def test_a_revisit_is_recovered_as_the_revisit_it_was(archive):
    with archive.writer("town") as writer:
        first = writer.put(exchange(), "r1")
    with archive.writer("town") as writer:
        writer.put(exchange(), "r2")
        writer.put(exchange(status=304, body=b""), "r3")
    before = [record for _, record in archive.records("town")]
    (archive.root / "town" / NAME).unlink()
    with archive.writer("town") as writer:
        assert writer.last(first.url) == before[-1]
    assert [record for _, record in archive.records("town")] == before
    assert [record.revisit_of for record in before] == ["", first.record_id, first.record_id]


def test_damage_amid_a_file_is_no_torn_tail(archive):
    captures = fill(archive, 6)
    path = reopen(the_warc(archive))
    data = bytearray(path.read_bytes())
    data[captures[2].offset + 60] ^= 4
    path.write_bytes(data)
    with archive.writer("town") as writer:
        assert writer.recovered_bytes == 0
    assert the_warc(archive).read_bytes() == data
    assert [archive.get(capture) for capture in captures[3:]] == [b"page %d " % i * 20 for i in (3, 4, 5)]
    assert [damage.offset for damage in archive.verify()] == [captures[2].offset]


def test_a_closed_file_is_never_changed(archive):
    fill(archive, 3)
    path = the_warc(archive)
    path.write_bytes(path.read_bytes()[:-9])
    with archive.writer("town"):
        pass
    assert list(archive.verify())


def full_disk(archive, put, bytes_left):
    """Run ``put(writer)`` in a child whose files may grow by only so much; its error's name or ``none``."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        said = "none"
        try:
            with archive.writer("town") as writer:
                writer.put(exchange(), "r1")
                files = (archive.root / "town").iterdir()
                largest = max(path.stat().st_size for path in files)
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest + bytes_left,) * 2)
                try:
                    put(writer)
                except ArchiveFullError as error:
                    said = f"{type(error).__name__}: {error}"
        finally:
            os.write(write, said.encode())
            os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read) as file:
        return file.read()


@pytest.mark.parametrize("bytes_left", [0, 1, 400])
def test_a_full_disk_takes_a_record_back_whole(archive, bytes_left):
    said = full_disk(
        archive, lambda writer: writer.put(exchange("http://town.example/b", os.urandom(9000)), "r1"), bytes_left
    )
    assert said.startswith("ArchiveFullError")
    assert "free space" in said
    assert urls(archive) == ["http://town.example/a.html"]
    assert list(archive.verify()) == []


def test_where_only_the_index_is_full_the_record_is_taken_back_too(archive):
    with archive.writer("town") as writer:
        for i in range(40):  # the index grows beyond the file
            writer.put(exchange(f"http://town.example/{'long' * 60}/{i}", b"", request_headers=()), "r1")
    before = [record for _, record in archive.records("town")]
    said = full_disk(archive, lambda writer: writer.put(exchange("http://town.example/b", b"small"), "r1"), 10)
    assert said.startswith("ArchiveFullError: index.cdxj")
    assert [record for _, record in archive.records("town")][:-1] == before
    assert list(archive.verify()) == []
    with archive.writer("town") as writer:
        assert writer.last("http://town.example/b") is None


def test_a_disk_too_full_for_the_files_beginning_leaves_no_file(archive):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        code = 1
        try:
            with archive.writer("town") as writer:
                resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))
                for _ in range(2):
                    with pytest.raises(ArchiveFullError):
                        writer.put(exchange(), "r1")
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0
    assert list((archive.root / "town").glob("*.warc*")) == []
    assert fill(archive, 1)
    assert list(archive.verify()) == []


def test_a_writer_that_cannot_open_gives_its_lock_back(archive):
    fill(archive, 1)
    listed = archive.root / "town" / NAME
    listed.unlink()
    listed.mkdir()
    with pytest.raises(ArchiveWriteError, match="directory"), archive.writer("town"):
        pass
    listed.rmdir()
    with archive.writer("town"), pytest.raises(SiteLockedError), Archive(archive.root).writer("town"):
        pass
    assert urls(archive) == ["http://town.example/0"]


def test_what_was_written_is_brought_to_the_disk_as_often_as_asked(archive, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda file: (synced.append(str(Path(f"/proc/self/fd/{file}").readlink())), real(file))
    )
    with archive.writer("town", sync_seconds=0) as writer:
        for i in range(3):
            writer.note_count = len(synced)
            writer.put(exchange(f"http://town.example/{i}", b"%d" % i), "r")
            fresh = synced[writer.note_count :]
            assert any(name.endswith(".open") for name in fresh)
            assert any(name.endswith(NAME) for name in fresh)
    with archive.writer("town", sync_seconds=1e9) as writer:
        writer.put(exchange("http://town.example/9", b"9"), "r")
        before = len(synced)
        writer.put(exchange("http://town.example/10", b"10"), "r")
        assert len(synced) == before
    assert any(name.endswith((".open", ".warc.gz")) for name in synced[before:])
    assert any(name.endswith(NAME) for name in synced[before:])


def test_a_note_without_a_date_is_dated_now(archive):
    from crawler.items import Site

    with archive.writer("town") as writer:
        writer.note(Site(id="town", start_url="http://town.example/"))
    dated = (archive.root / "town" / NAME).read_text("utf-8").split(" ")[1]
    written = dt.datetime.strptime(dated, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    assert abs(dt.datetime.now(dt.UTC) - written) < dt.timedelta(minutes=1)


def test_lines_missing_amid_a_closed_file_s_are_made_anew(archive):
    with archive.writer("town") as writer:
        for i in range(9):
            writer.put(exchange(f"http://town.example/{i}", b"page %d" % i), "r1")
    path = archive.root / "town" / "index.cdxj"
    whole = path.read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    for gone in (slice(0, 1), slice(3, 5), slice(8, 9)):
        kept = [*lines]
        del kept[gone]
        path.write_text("".join(kept), "utf-8")
        assert list(archive.verify())
        with archive.writer("town"):
            pass
        assert path.read_text("utf-8") == whole
        assert list(archive.verify()) == []
