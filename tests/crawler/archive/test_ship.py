"""Closed files at another place: copied whole or not at all, read back from there, and nothing freed unseen."""

import io
import shutil
import sys
import uuid

import pytest

from crawler.archive import Archive, RecordError
from crawler.archive import shipped as reading
from crawler.archive.errors import PlaceError
from crawler.archive.index import NAME
from crawler.archive.runs import newest_runs
from crawler.archive.ship import ship
from crawler.archive.shipped import Shipped, fetch, open_shipped, read_manifest
from crawler.items import Run
from tests.crawler.archive.archiving import DATE, exchange, fill

fsspec = pytest.importorskip("fsspec", reason="the extra ship is not installed")


@pytest.fixture(params=["file", "memory"])
def place(request, tmp_path):
    reading._block.cache_clear()
    return str(tmp_path / "away") if request.param == "file" else f"memory://{uuid.uuid4().hex}/a"


@pytest.fixture
def two_files(archive):
    """Two closed files of a site; the second holds a revisit of what is in the first."""
    first = fill(archive, 3)
    with archive.writer("town") as writer:
        again = writer.put(exchange("http://town.example/again", b"page 1 " * 20), "r2")
        other = writer.put(exchange("http://town.example/other", b"another"), "r2")
    assert again.revisit_of == first[1].record_id
    return [*first, again, other]


def outcomes(told):
    return sorted((one.warc.rpartition("-")[2], one.outcome) for one in told)


def both(outcome):
    return [("00000.warc.gz", outcome), ("00001.warc.gz", outcome)]


def bodies(archive, captures):
    return [archive.get(capture) for capture in captures]


def test_shipped_once_known_afterwards_and_read_from_there_when_freed(archive, two_files, place):
    before = bodies(archive, two_files)
    assert outcomes(ship(archive, place)) == both("shipped")
    assert outcomes(ship(archive, place)) == both("known")
    assert outcomes(ship(archive, place, free=True)) == sorted([*both("known"), *both("freed")])
    assert not list((archive.root / "town").glob("*.warc.gz"))
    assert archive.site_ids() == ["town"]
    assert bodies(archive, two_files) == before
    assert list(archive.verify()) == []
    assert list(ship(archive, place, free=True)) == []


def test_a_writer_goes_on_where_all_was_freed(archive, two_files, place):
    list(ship(archive, place, free=True))
    with archive.writer("town") as writer:
        assert writer.last("http://town.example/2") == two_files[2]
        again = writer.put(exchange("http://town.example/0", b"page 0 " * 20), "r3")
    assert again.revisit_of == two_files[0].record_id
    (path,) = (archive.root / "town").glob("*.warc.gz")
    assert path.name.endswith("-00002.warc.gz")
    assert list(archive.verify()) == []
    assert archive.get(again) == b"page 0 " * 20


def test_a_lost_index_is_made_anew_from_what_was_shipped(archive, two_files, place):
    listed = archive.root / "town" / NAME
    text = listed.read_bytes()
    list(ship(archive, place, free=True))
    listed.unlink()
    with archive.writer("town"):
        pass
    assert listed.read_bytes() == text
    assert list(archive.verify()) == []


def test_a_file_that_is_being_written_is_not_shipped_and_nothing_of_its_site_is_freed(archive, two_files, place):
    with archive.writer("town") as writer:
        writer.put(exchange("http://town.example/new", b"new"), "r3")
        assert outcomes(ship(archive, place, free=True)) == sorted([*both("shipped"), *both("kept")])
    assert outcomes(ship(archive, place)) == [*both("known"), ("00002.warc.gz", "shipped")]


def test_what_is_there_is_an_archive_when_it_is_copied_back(archive, two_files, tmp_path):
    list(ship(archive, str(tmp_path / "away"), free=True))
    back = Archive(tmp_path / "away")
    assert back.id == archive.id
    assert list(back.verify()) == []
    assert bodies(back, two_files) == bodies(archive, two_files)
    assert not list((tmp_path / "away").glob("**/*.part"))


def test_a_lost_manifest_is_made_anew_from_what_is_there(archive, two_files, place):
    list(ship(archive, place, free=True))
    (archive.root / "town" / "shipped.json").unlink()
    assert any("missing" in damage.message for damage in archive.verify())
    assert [one.reason for one in ship(archive, place)] == ["found there"] * 2
    assert list(archive.verify()) == []


def test_two_places_are_both_known_and_either_is_enough(archive, two_files, tmp_path):
    before = bodies(archive, two_files)
    list(ship(archive, str(tmp_path / "one")))
    list(ship(archive, str(tmp_path / "two"), free=True))
    shutil.rmtree(tmp_path / "one")
    reading._block.cache_clear()
    assert bodies(archive, two_files) == before
    assert list(archive.verify()) == []


def test_a_broken_copy_is_told_and_nothing_is_freed(archive, two_files, tmp_path):
    list(ship(archive, str(tmp_path / "away")))
    copy = next((tmp_path / "away" / "town").glob("*-00000.warc.gz"))
    data = bytearray(copy.read_bytes())
    data[100] ^= 1
    copy.write_bytes(data)
    told = list(ship(archive, str(tmp_path / "away"), free=True))
    assert outcomes(told) == sorted([*both("known"), ("00000.warc.gz", "kept"), ("00001.warc.gz", "freed")])
    assert "look there" in next(one.reason for one in told if one.outcome == "kept")


def test_a_copy_that_breaks_after_it_was_freed_is_damage(archive, two_files, tmp_path):
    list(ship(archive, str(tmp_path / "away"), free=True))
    copy = next((tmp_path / "away" / "town").glob("*-00000.warc.gz"))
    data = copy.read_bytes()
    for broken in (data[:-1], data[:100] + bytes([data[100] ^ 1]) + data[101:], None):
        copy.unlink() if broken is None else copy.write_bytes(broken)
        (damage,) = archive.verify()
        assert damage.warc.endswith("-00000.warc.gz")
    reading._block.cache_clear()
    with pytest.raises(RecordError, match="not here any more"):
        archive.get(two_files[0])


def test_a_copy_that_was_cut_there_is_shipped_again_only_when_a_person_has_looked(archive, two_files, tmp_path):
    list(ship(archive, str(tmp_path / "away")))
    copy = next((tmp_path / "away" / "town").glob("*-00000.warc.gz"))
    copy.write_bytes(copy.read_bytes()[:-1])
    (failed,) = [one for one in ship(archive, str(tmp_path / "away"), free=True) if one.outcome == "failed"]
    assert "remove that one there" in failed.reason
    assert list((archive.root / "town").glob("*-00000.warc.gz"))
    copy.unlink()
    assert outcomes(ship(archive, str(tmp_path / "away")))[0] == ("00000.warc.gz", "shipped")


def test_what_is_damaged_here_is_not_shipped(archive, two_files, place):
    path = next((archive.root / "town").glob("*-00000.warc.gz"))
    data = bytearray(path.read_bytes())
    data[two_files[2].offset + 60] ^= 1
    path.write_bytes(data)
    assert outcomes(ship(archive, place, free=True)) == [
        ("00000.warc.gz", "failed"),
        ("00001.warc.gz", "freed"),
        ("00001.warc.gz", "shipped"),
    ]
    assert path.exists()


def test_a_copy_that_was_broken_off_is_taken_up(archive, two_files, place, monkeypatch):
    files, _ = fsspec.core.url_to_fs(place if "://" in place else f"file://{place}")
    put, cut = type(files).put_file, []

    def breaks_off(self, source, target, **options):
        if source.endswith("-00001.warc.gz") and not cut:
            cut.append(target)
            self.pipe_file(target, b"half")
            raise OSError("connection reset")
        return put(self, source, target, **options)

    monkeypatch.setattr(type(files), "put_file", breaks_off)
    assert outcomes(ship(archive, place, free=True)) == [
        ("00000.warc.gz", "freed"),
        ("00000.warc.gz", "shipped"),
        ("00001.warc.gz", "failed"),
    ]
    assert outcomes(ship(archive, place)) == [("00001.warc.gz", "shipped")]
    assert list(archive.verify()) == []


def test_a_place_of_another_archive_or_in_this_one_is_refused(archive, two_files, tmp_path):
    other = Archive(tmp_path / "other", holds="real")
    fill(other, 1)
    list(ship(other, str(tmp_path / "away")))
    with pytest.raises(PlaceError, match="another archive"):
        list(ship(archive, str(tmp_path / "away")))
    with pytest.raises(PlaceError, match="in the archive itself"):
        list(ship(archive, str(archive.root / "town")))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("file:///proc/nothing", "is not there"),
        ("file:///proc/self/status/x", "refuses"),
        ("nosuch://bucket/x", "refuses"),
        ("ftp://me:secret@127.0.0.1/x", "password"),
    ],
)
def test_a_place_that_cannot_be_used_says_so(archive, two_files, address, said):
    with pytest.raises(PlaceError, match=said):
        list(ship(archive, address))


def test_one_ships_at_a_time(archive, two_files, tmp_path):
    first = ship(archive, str(tmp_path / "away"))
    next(first)
    with pytest.raises(PlaceError, match="another process ships"):
        list(ship(archive, str(tmp_path / "other")))
    assert outcomes(first) == [("00001.warc.gz", "shipped")]
    assert {path.name for path in archive.root.iterdir()} == {"archive.json", "town"}


@pytest.mark.parametrize(("address", "meant"), [("s3:/bucket/a", "s3://bucket/a"), ("s3:bucket", "s3://bucket")])
def test_an_address_with_a_slip_makes_no_folder_of_that_name(archive, two_files, monkeypatch, tmp_path, address, meant):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlaceError, match=f"did you mean {meant}"):
        list(ship(archive, address))
    assert not (tmp_path / "s3:").exists()


def test_without_the_extra_it_is_named(archive, two_files, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(PlaceError, match=r"make setup EXTRAS=all"):
        list(ship(archive, str(tmp_path / "away")))


def test_a_manifest_that_was_changed_is_found_whatever_bit(archive, two_files, tmp_path):
    list(ship(archive, str(tmp_path / "away")))
    path = archive.root / "town" / "shipped.json"
    data = path.read_bytes()
    for position in range(len(data)):
        path.write_bytes(data[:position] + bytes([data[position] ^ 1 << position % 8]) + data[position + 1 :])
        with pytest.raises(RecordError, match="gongkai ship"):
            read_manifest(path.parent)


def test_a_far_file_is_read_by_range_and_a_block_only_once(monkeypatch):
    data = bytes(range(256)) * 20_000
    fsspec.filesystem("memory").pipe_file("/far/x", data)
    asked = []
    ranges = reading._range
    monkeypatch.setattr(reading, "_range", lambda *where: asked.append(where[1:]) or ranges(*where))
    reading._block.cache_clear()
    with open_shipped(Shipped("x", len(data), "", ("memory://far/x",))) as file:
        for start, length in ((3_000_000, 70_000), (3_000_100, 5), (len(data) - 3, 10), (0, 1)):
            file.seek(start)
            assert file.read(length) == data[start : start + length]
    assert asked == [(2 << 20, 3 << 20), (4 << 20, len(data)), (0, 1 << 20)]
    with pytest.raises(PlaceError, match="not the file"):
        fetch(Shipped("x", len(data), "0" * 64, ("memory://far/x",)), io.BytesIO())


def test_the_runs_of_a_site_that_was_freed_are_read_from_there(archive, place):
    run = Run(run_id="r1", site_id="town", started_at=DATE, code_version="1", finished_at=DATE, verdict="ok")
    with archive.writer("town") as writer:
        writer.note(run, DATE)
    list(ship(archive, place, free=True))
    assert [*newest_runs(archive.root, "town")] == [run]
