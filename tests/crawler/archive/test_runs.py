"""The runs of a site, newest first, found from the end of its index."""

import dataclasses
import itertools

import pytest

from crawler.archive import Archive, Exchange, RecordError
from crawler.archive import runs as module
from crawler.archive.runs import newest_runs
from crawler.items import Run, Site

AT = "2026-02-03T04:05:06Z"


def run(number, **more):
    return Run(run_id=f"Town-{number}", site_id="town", started_at=AT, code_version="1", **more)


def ended(one, verdict="ok"):
    return dataclasses.replace(one, finished_at=AT, finish_reason="finished", verdict=verdict, counts={"reports": 3})


def fetched(writer, number):
    writer.put(Exchange(url=f"http://town.example/{number}", fetched_at=AT, status=200, body=b"%d" % number), "Town-1")


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path, holds="sample")


def test_a_site_without_a_run_has_none(archive):
    assert [*newest_runs(archive.root, "town")] == []
    with archive.writer("town") as writer:
        assert [*newest_runs(archive.root, "town")] == []
        writer.note(Site(id="town", start_url="http://town.example/"), AT)
        fetched(writer, 1)
    assert [*newest_runs(archive.root, "town")] == []


@pytest.mark.parametrize("block", [1, 7, 300, 1 << 16])
def test_each_run_comes_once_as_it_ended_whatever_lies_between(archive, monkeypatch, block):
    monkeypatch.setattr(module, "_BLOCK", block)
    with archive.writer("town") as writer:
        for number in range(4):
            writer.note(run(number), AT)
            for page in range(number):
                fetched(writer, page)
            if number != 3:
                writer.note(ended(run(number)), AT)
        assert [*newest_runs(archive.root, "town")] == [run(3), *(ended(run(n)) for n in (2, 1, 0))]
    assert [*newest_runs(archive.root, "town")] == [run(3), *(ended(run(n)) for n in (2, 1, 0))]
    stored = {record.run_id for _, record in archive.records("town") if isinstance(record, Run)}
    assert {one.run_id for one in newest_runs(archive.root, "town")} == stored


@pytest.mark.parametrize("block", [5, 1 << 16])
def test_a_torn_last_line_is_left_out(archive, monkeypatch, block):
    monkeypatch.setattr(module, "_BLOCK", block)
    with archive.writer("town") as writer:
        writer.note(run(0), AT)
    index = archive.root / "town" / "index.cdxj"
    whole = index.read_bytes()
    index.write_bytes(whole + whole[:-1])
    assert [*newest_runs(archive.root, "town")] == [run(0)]
    index.write_bytes(whole[:-1])
    assert [*newest_runs(archive.root, "town")] == []


def test_no_more_is_read_than_is_asked_for(archive):
    with archive.writer("town", largest_file=1) as writer:
        for number in range(3):
            writer.note(run(number), AT)
    for path in sorted((archive.root / "town").glob("*.warc.gz"))[:-1]:
        path.unlink()
    assert [*itertools.islice(newest_runs(archive.root, "town"), 1)] == [run(2)]
    with pytest.raises(RecordError, match=r"the file is missing; run: gongkai verify"):
        [*newest_runs(archive.root, "town")]


@pytest.mark.parametrize("damage", [b"\0" * 40, b"\x1f\x8b no gzip"])
def test_a_damaged_record_is_told_with_its_place(archive, damage):
    with archive.writer("town") as writer:
        writer.note(run(0), AT)
    (warc,) = (archive.root / "town").glob("*.warc.gz")
    warc.write_bytes(damage * 40)
    with pytest.raises(RecordError, match=r"no run is recorded at byte \d+; run: gongkai verify"):
        [*newest_runs(archive.root, "town")]


def test_a_damaged_line_is_told_with_what_repairs_it(archive):
    with archive.writer("town") as writer:
        writer.note(run(0), AT)
    (archive.root / "town" / "index.cdxj").write_text("urn:gongkai:run:x 20260203 {torn\n")
    with pytest.raises(RecordError, match="the next crawl or ingest repairs it"):
        [*newest_runs(archive.root, "town")]
