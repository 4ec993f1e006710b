"""One bit of one file of an archive is flipped, anywhere: `gongkai verify` finds it, or the archive does not open."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, ArchiveError
from crawler.archive.ship import ship
from crawler.items import Failure, Listing, Run, Site
from tests.crawler.archive.archiving import DATE, exchange


def filled(root):
    """Two sites, each kind of record, revisits within a file and over two, a shipped file here and a shipped one away."""
    archive = Archive(root / "archive", holds="real")
    about = {"run_id": "r1", "site_id": "town", "url": "http://town.example/年报"}
    with archive.writer("town") as writer:
        writer.note(Site(id="town", start_url="http://town.example/", name="砚池镇"), DATE)
        writer.note(Run(run_id="r1", site_id="town", started_at=DATE, code_version="1"), DATE)
        writer.put(exchange(), "r1")
        writer.put(exchange("http://town.example/b", b"<html>a</html>", truncated=True), "r1")
        writer.note(Listing(**about, title="年报", found_on="x", verdict="report"), DATE)
    with archive.writer("town") as writer:
        writer.put(exchange("http://town.example/c"), "r2")
        writer.put(exchange(body=b"", status=304), "r2")
        writer.note(Failure(**about, failed_at=DATE, kind="timeout", message="no whole answer in time"), DATE)
        writer.put(exchange("urn:x:1", b"a local file", status=0, response_headers=()), "r2")
    pytest.importorskip("fsspec", reason="the extra ship is not installed")
    list(ship(archive, str(root / "away")))
    with archive.writer("city") as writer:
        writer.put(exchange("http://city.example/", b"another"), "r1")
    return archive


def files(archive):
    """All that an archive is made of; its locks are empty, and crawl.log is no part of it."""
    return sorted(path for path in archive.root.rglob("*") if path.is_file() and path.stat().st_size)


def damage(root):
    try:
        return [one.message for one in Archive(root).verify()]
    except ArchiveError as error:
        return [str(error)]


def is_found(root):
    """Whether there is any damage; looks no further than the first."""
    try:
        return next(iter(Archive(root).verify()), None) is not None
    except ArchiveError:
        return True


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    archive = filled(tmp_path_factory.mktemp("whole"))
    assert list(archive.verify()) == []
    assert {path.suffix for path in files(archive)} == {".gz", ".cdxj", ".json"}
    assert len(files(archive)) == 7
    return archive


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_bit_of_any_file_is_found(whole, data):
    path = data.draw(st.sampled_from(files(whole)))
    before = path.read_bytes()
    position = data.draw(st.integers(0, len(before) - 1))
    bit = data.draw(st.integers(0, 7))
    path.write_bytes(before[:position] + bytes([before[position] ^ 1 << bit]) + before[position + 1 :])
    try:
        assert is_found(whole.root), (path.name, position, bit)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("bit", range(8))
def test_every_bit_of_the_stamp_is_looked_at(whole, bit):
    path = whole.root / "archive.json"
    before = path.read_bytes()
    for position in range(len(before)):
        path.write_bytes(before[:position] + bytes([before[position] ^ 1 << bit]) + before[position + 1 :])
        assert is_found(whole.root), position
    path.write_bytes(before)


def test_a_stamp_made_by_hand_or_before_it_had_a_digest_is_no_damage(whole):
    path = whole.root / "archive.json"
    before = path.read_bytes()
    for text in ('{"holds": "real", "format": 1}', '{"holds": "real", "format": 1, "id": "ab"}\n'):
        path.write_text(text)
        assert damage(whole.root) == []
    path.write_bytes(before)


def test_every_missing_file_is_found_and_the_message_says_what_to_do(whole, tmp_path):
    shutil.copytree(whole.root, tmp_path / "copy")
    copy = Archive(tmp_path / "copy")
    for path in files(copy):
        before = path.read_bytes()
        path.unlink()
        found = damage(copy.root)
        shipped_away = path.name.startswith("town-")
        assert bool(found) != (shipped_away or path.name == "shipped.json"), path
        said = ("put this file back", "gongkai crawl", "puts it right")
        assert all(any(words in message for words in said) for message in found), found
        path.write_bytes(before)


def test_a_revisit_in_another_file_names_its_original(whole):
    records = [record for _, record in whole.records("town") if hasattr(record, "revisit_of")]
    first, _, again, not_modified, _ = records
    assert {again.revisit_of, not_modified.revisit_of} == {first.record_id}
    assert again.warc == first.warc
    second = max((whole.root / "town").glob("*.warc.gz"))
    with second.open("rb") as file:
        headers = [record.rec_headers for record in ArchiveIterator(file) if record.rec_type == "revisit"]
    refers = [(h["WARC-Refers-To"], h["WARC-Refers-To-Target-URI"], h["WARC-Refers-To-Date"]) for h in headers]
    assert refers == [(first.record_id, first.url, first.fetched_at)] * 2
    kinds = [h["WARC-Profile"].rpartition("/")[2] for h in headers]
    assert kinds == ["identical-payload-digest", "server-not-modified"]
    assert second.name not in first.warc
    assert whole.get(again) == whole.get(first) == whole.get(not_modified)
