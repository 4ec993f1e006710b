"""Local documents and other people's WARC files come in once, with their provenance, and what is left is said."""

import datetime as dt
import zipfile

import pytest

from crawler.archive import Archive, Exchange
from crawler.archive.ingest import IngestError, ingest
from crawler.items import Capture, Listing

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive", holds="real")


def take(archive, *paths, **options):
    return ingest(archive.root, paths, now=lambda: NOW, code_version="test", **options)


def of(archive, kind):
    return [record for _, record in archive.records("ingest") if isinstance(record, kind)]


def test_a_folder_gives_its_documents_and_says_what_is_left(archive, tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "报告.txt").write_text("一、总体情况", "utf-8")
    (folder / "truth.json").write_text("{}")
    (folder / ".hidden.txt").write_text("x")
    (folder / "noending").write_text("<html><p>年报</p></html>", "utf-8")
    counts = take(archive, folder)
    assert (counts.taken, counts.known, counts.failed) == (2, 0, ())
    assert sorted(path.name for path, _ in counts.left) == [".hidden.txt", "truth.json"]
    assert {capture.sniffed_type for capture in of(archive, Capture)} == {"text/plain", "text/html"}
    assert all(listing.url.startswith("urn:gongkai:ingest:") for listing in of(archive, Listing))


def test_the_same_twice_stores_nothing_and_leaves_no_run(archive, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("一、总体情况", "utf-8")
    take(archive, path)
    before = list(archive.records("ingest"))
    counts = take(archive, path)
    assert (counts.taken, counts.known) == (0, 1)
    assert list(archive.records("ingest")) == before


def test_provenance_is_kept(archive, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("text", "utf-8")
    manifest = tmp_path / "m.csv"
    manifest.write_text(
        "path,source_url,retrieved_at,publisher\na.txt,http://town.example/a,2023-01-02T03:04:05Z,白石镇\n", "utf-8"
    )
    take(archive, manifest=manifest)
    (capture,), (listing,) = of(archive, Capture), of(archive, Listing)
    assert (capture.url, capture.fetched_at, capture.status) == ("http://town.example/a", "2023-01-02T03:04:05Z", 0)
    assert listing.publisher == "白石镇"
    assert archive.get(capture) == b"text"


def test_a_broken_file_is_named_and_the_others_taken(archive, tmp_path):
    empty, torn, good = tmp_path / "empty.pdf", tmp_path / "torn.wacz", tmp_path / "good.txt"
    empty.write_bytes(b"")
    torn.write_bytes(b"PK\x03\x04 torn")
    good.write_text("text", "utf-8")
    counts = take(archive, empty, torn, tmp_path / "not-there.txt", good)
    assert counts.taken == 1
    assert [path.name for path, _ in counts.failed] == ["empty.pdf", "torn.wacz", "not-there.txt"]


def test_warc_and_wacz_of_others_are_copied_with_their_dates(archive, tmp_path):
    other = Archive(tmp_path / "other", holds="real")
    with other.writer("town") as writer:
        for status, url in ((200, "http://town.example/年报"), (404, "http://town.example/gone")):
            headers = ((b"Content-Type", b"text/html"),)
            writer.put(
                Exchange(
                    url=url,
                    fetched_at="2022-03-04T05:06:07Z",
                    status=status,
                    body=b"<html>x</html>" + url.encode(),
                    response_headers=headers,
                ),
                "r",
            )
    warc = next((tmp_path / "other" / "town").glob("*.warc.gz"))
    wacz = tmp_path / "other.wacz"
    with zipfile.ZipFile(wacz, "w") as members:
        members.write(warc, "archive/data.warc.gz")
    assert take(archive, warc).taken == 1
    assert (take(archive, wacz).taken, take(archive, wacz).known) == (0, 1)
    (capture,) = of(archive, Capture)
    assert (capture.status, capture.fetched_at) == (200, "2022-03-04T05:06:07Z")


def test_one_address_for_many_files_is_refused(archive, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name)
    with pytest.raises(IngestError, match="--manifest"):
        take(archive, tmp_path / "a.txt", tmp_path / "b.txt", source_url="http://town.example/")


def test_links_that_lead_nowhere_and_pipes_are_listed(archive, tmp_path):
    import os

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("text", "utf-8")
    (folder / "gone.html").symlink_to(tmp_path / "nowhere.html")
    os.mkfifo(folder / "pipe.html")
    counts = take(archive, folder)
    assert counts.taken == 1
    assert {path.name: reason for path, reason in counts.left} == {
        "gone.html": "a link that leads nowhere",
        "pipe.html": "no file",
    }
