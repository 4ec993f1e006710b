"""Whatever changes in the archive after it was written is found, and only that is named."""

import gzip
import itertools
import json
import os
import random
import re
import zlib

import pytest

from crawler.archive import Archive, ArchiveMissingError, ArchiveWriteError, RecordError
from crawler.archive.index import NAME
from crawler.items import Failure, Listing, Run, Site
from tests.crawler.archive.archiving import DATE, exchange, fill, member_ends, reopen, the_warc


@pytest.fixture
def varied(archive):
    """Each kind of record, over two files."""
    run = Run(run_id="r1", site_id="town", started_at=DATE, code_version="1")
    with archive.writer("town") as writer:
        writer.note(Site(id="town", start_url="http://town.example/", name="白石镇"), DATE)
        writer.note(run, DATE)
        writer.put(exchange(), "r1")
        writer.put(exchange("http://town.example/年报.pdf", b"%PDF-1.4 x", address="192.0.2.1"), "r1")
        writer.note(
            Listing(
                run_id="r1",
                site_id="town",
                url="http://town.example/a.html",
                title="年报",
                found_on="x",
                verdict="report",
            ),
            DATE,
        )
    with archive.writer("town") as writer:
        writer.put(exchange(), "r2")
        writer.put(exchange("http://town.example/年报.pdf", b"", status=304), "r2")
        writer.put(exchange("urn:x:1", b"a local file", status=0, response_headers=()), "r2")
        writer.note(
            Failure(
                run_id="r2",
                site_id="town",
                url="http://town.example/g",
                failed_at=DATE,
                kind="gone",
                message="404",
                status=404,
            ),
            DATE,
        )
    assert list(archive.verify()) == []
    return archive


@pytest.mark.parametrize("what", ["0.warc.gz", "1.warc.gz", NAME])
def test_a_flipped_bit_anywhere_is_found(varied, what):
    (path,) = (p for p in (varied.root / "town").iterdir() if p.name.endswith(what))
    data = path.read_bytes()
    choose = random.Random(what)
    for position in choose.sample(range(len(data)), 250):
        bit = 1 << choose.randrange(8)
        path.write_bytes(data[:position] + bytes([data[position] ^ bit]) + data[position + 1 :])
        assert list(varied.verify()), f"bit {bit} of byte {position}: {data[max(0, position - 40) : position + 5]!r}"
    path.write_bytes(data)
    assert list(varied.verify()) == []


def test_every_bit_of_compression_headers_is_looked_at(archive):
    fill(archive, 1)
    path = the_warc(archive)
    data = path.read_bytes()
    starts = [0, *member_ends(data)[:-1]]
    for position in [start + i for start in starts for i in range(10)]:
        for bit in range(8):
            path.write_bytes(data[:position] + bytes([data[position] ^ (1 << bit)]) + data[position + 1 :])
            assert list(archive.verify()), (position, bit)


def members(data):
    ends = member_ends(data)
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def repack(text):
    return gzip.compress(text, 9, mtime=0)


def unpacked(member):
    try:
        return zlib.decompress(member, 31)
    except zlib.error:
        return None


def test_bits_that_change_no_text_are_found_too(archive):
    """Padding and some distances of deflate can change and give the same record: only the checksum as stored tells."""
    fill(archive, 3)
    path = the_warc(archive)
    data = path.read_bytes()
    silent = []
    for start, end in itertools.pairwise([0, *member_ends(data)]):
        member = data[start:end]
        for position, bit in itertools.product(range(len(member)), range(8)):
            changed = member[:position] + bytes([member[position] ^ (1 << bit)]) + member[position + 1 :]
            if unpacked(changed) == unpacked(member):
                silent.append(data[:start] + changed + data[end:])
    assert len(silent) > 100
    for changed in silent[:: len(silent) // 60]:
        path.write_bytes(changed)
        assert list(archive.verify())


def rewrite(path, number, change):
    """Change the text of the file's record of that number; what gzip checks is right again."""
    parts = members(path.read_bytes())
    parts[number] = repack(change(gzip.decompress(parts[number])))
    path.write_bytes(b"".join(parts))


def messages(archive):
    return [damage.message for damage in archive.verify()]


def test_a_payload_digest_that_was_changed_is_found(archive):
    fill(archive, 1)
    rewrite(the_warc(archive), 1, lambda text: text.replace(b"Payload-Digest: sha256:", b"Payload-Digest: sha256:A"))
    assert any("the body is not what its digest says" in message for message in messages(archive))
    assert not any("the record is not what its digest says" in message for message in messages(archive))


def test_a_record_of_another_length_than_it_says_is_found(archive):
    fill(archive, 1)
    shorter = lambda found: b"Content-Length: %d" % (int(found[1]) - 1)  # noqa: E731  # used in this one place
    rewrite(the_warc(archive), 1, lambda text: re.sub(rb"Content-Length: (\d+)", shorter, text, count=1))
    assert any("not as long as it says" in message for message in messages(archive))


def test_a_record_that_a_writer_is_just_adding_is_no_damage(archive):
    with archive.writer("town") as writer:
        writer.put(exchange(), "r")
        (path,) = (archive.root / "town").glob("*.open")
        size = path.stat().st_size
        with path.open("ab") as file:
            file.write(b"\x1f\x8b half a record")
        assert messages(archive) == []
        os.truncate(path, size)
    assert messages(archive) == []


@pytest.mark.parametrize("number", range(1, 7))
def test_a_record_rewritten_with_a_right_checksum_is_found_by_its_digest(varied, number):
    """gzip's own checksum holds, so that only the digests and the index can tell."""
    path = min((varied.root / "town").glob("*.warc.gz"))
    parts = members(path.read_bytes())
    text = gzip.decompress(parts[number])
    head, _, block = text.partition(b"\r\n\r\n")
    changed = block.replace(b"a", b"e", 1) if b"a" in block else block.replace(b"T", b"t", 1)
    assert changed != block
    parts[number] = repack(head + b"\r\n\r\n" + changed)
    path.write_bytes(b"".join(parts))
    assert any("digest" in damage.message for damage in varied.verify())


def test_a_digest_that_was_removed_is_found(archive):
    fill(archive, 1)
    path = the_warc(archive)
    parts = members(path.read_bytes())
    lines = gzip.decompress(parts[2]).split(b"\r\n")
    parts[2] = repack(b"\r\n".join(line for line in lines if not line.startswith(b"WARC-Block-Digest")))
    path.write_bytes(b"".join(parts))
    assert any("digest" in damage.message for damage in archive.verify())


@pytest.mark.parametrize("number", range(8))
def test_a_record_that_was_cut_out_is_found(varied, number):
    for path in sorted((varied.root / "town").glob("*.warc.gz")):
        data = path.read_bytes()
        parts = members(data)
        path.write_bytes(b"".join(part for i, part in enumerate(parts) if i != number % len(parts)))
        assert list(varied.verify()), (path.name, number)
        path.write_bytes(data)


def test_each_missing_file_is_found_also_with_its_index_lines(archive):
    for i in range(3):
        fill(archive, 2, start=2 * i)
    folder = archive.root / "town"
    lines = (folder / NAME).read_text("utf-8").splitlines(keepends=True)
    for path in sorted(folder.glob("*.warc.gz")):
        data = path.read_bytes()
        path.unlink()
        assert [damage.warc for damage in archive.verify()][-1:] == [f"town/{path.name}"]
        path.write_bytes(data)
    middle = sorted(folder.glob("*.warc.gz"))[1]
    middle.unlink()
    (folder / NAME).write_text("".join(line for line in lines if middle.name not in line), "utf-8")
    (damage,) = archive.verify()
    assert "missing" in damage.message


@pytest.mark.parametrize("number", range(8))
def test_each_missing_or_doubled_index_line_is_found(varied, number):
    listed = varied.root / "town" / NAME
    lines = listed.read_text("utf-8").splitlines(keepends=True)
    listed.write_text("".join(lines[:number] + lines[number + 1 :]), "utf-8")
    assert any("not in the index" in damage.message for damage in varied.verify())
    listed.write_text("".join([*lines, lines[number]]), "utf-8")
    assert any("second line" in damage.message for damage in varied.verify())


def test_a_missing_index_is_found_and_the_site_is_still_there(archive):
    fill(archive, 2)
    (archive.root / "town" / NAME).unlink()
    assert archive.site_ids() == ["town"]
    assert len(list(archive.verify())) == 2


def test_damage_names_its_record_alone(archive):
    captures = fill(archive, 9)
    path = the_warc(archive)
    data = bytearray(path.read_bytes())
    for capture in (captures[2], captures[6]):
        data[capture.offset + 50] ^= 1
    path.write_bytes(data)
    assert [damage.offset for damage in archive.verify()] == [captures[2].offset, captures[6].offset]
    with pytest.raises(RecordError, match="gongkai verify"):
        archive.get(captures[2])


def test_a_revisit_of_what_is_gone_is_found(varied):
    first, second = sorted((varied.root / "town").glob("*.warc.gz"))
    first.unlink()
    lines = (varied.root / "town" / NAME).read_text("utf-8").splitlines(keepends=True)
    of_second = [line for line in lines if json.loads(line.split(" ", 2)[2])["filename"].endswith(second.name)]
    (varied.root / "town" / NAME).write_text("".join(of_second), "utf-8")
    assert sum("a revisit of a record that is missing" in damage.message for damage in varied.verify()) == 2


def test_a_leftover_of_a_killed_writer_is_told_and_a_writer_at_work_is_not(archive):
    fill(archive, 2)
    path = reopen(the_warc(archive))
    with path.open("ab") as file:
        file.write(b"torn")
    assert [damage.message for damage in archive.verify()] == [
        "the record here is damaged, or torn; put this file back from a copy of the archive"
    ]
    with archive.writer("town") as writer:
        writer.put(exchange(), "r")
        assert list(archive.verify()) == []


def test_a_damaged_index_is_a_clear_error_for_readers(archive):
    fill(archive, 2)
    listed = archive.root / "town" / NAME
    listed.write_text("nonsense\n" + listed.read_text("utf-8"), "utf-8")
    with pytest.raises(RecordError, match="the next crawl or ingest repairs it"):
        list(archive.records("town"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"holds": "moon"}'])
def test_a_damaged_stamp_is_a_clear_error(archive, text):
    (archive.root / "archive.json").write_text(text)
    with pytest.raises(ArchiveMissingError, match="should read"):
        Archive(archive.root, holds="real")


def test_a_stamp_that_is_gone_is_not_guessed(archive):
    fill(archive, 1)
    (archive.root / "archive.json").unlink()
    with pytest.raises(ArchiveMissingError, match="put it back"):
        Archive(archive.root, holds="real")


def test_an_archive_where_none_can_be_is_a_clear_error(tmp_path):
    (tmp_path / "a-file").write_text("x")
    with pytest.raises(ArchiveWriteError, match="--archive DIR"):
        Archive(tmp_path / "a-file", holds="real")
