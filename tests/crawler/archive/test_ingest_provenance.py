"""What is said of local documents, and which files of a folder are documents at all."""

import datetime as dt
import hashlib
import os
from urllib.parse import quote

import pytest

from crawler.archive.ingest import IngestError, ingest
from crawler.items import Capture, Listing, Run

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)


def take(archive, *paths, **options):
    return ingest(archive.root, paths, now=lambda: NOW, code_version="test", **options)


def of(archive, kind):
    return [record for _, record in archive.records("ingest") if isinstance(record, kind)]


def document(path, text="一、总体情况"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_document_without_a_source_is_known_by_digest_and_name(archive, tmp_path):
    path = document(tmp_path / "白石镇 2023.txt")
    os.utime(path, (1700000000, 1700000000))
    assert take(archive, path).taken == 1
    (capture,), (listing,) = of(archive, Capture), of(archive, Listing)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert capture.url == f"urn:gongkai:ingest:{digest[:16]}:{quote('白石镇 2023.txt')}"
    assert (capture.status, capture.sha256, capture.fetched_at) == (0, digest, "2023-11-14T22:13:20Z")
    assert (listing.url, listing.title, listing.found_on, listing.verdict) == (
        capture.url,
        "白石镇 2023.txt",
        "ingest",
        "report",
    )
    (begun, ended) = of(archive, Run)
    assert (begun.finished_at, ended.verdict, ended.counts["captures"]) == ("", "ok", 1)
    assert list(archive.verify()) == []


def test_two_towns_files_of_one_name_stay_apart(archive, tmp_path):
    paths = [document(tmp_path / town / "年报.txt", town) for town in ("白石镇", "云溪镇")]
    assert take(archive, *paths).taken == 2
    assert len({capture.url for capture in of(archive, Capture)}) == 2


def test_a_name_in_gbk_bytes_is_read(archive, tmp_path):
    name = os.fsdecode("年度报告.txt".encode("gbk"))
    (tmp_path / name).write_bytes(b"text")
    assert take(archive, tmp_path).taken == 1
    (listing,) = of(archive, Listing)
    assert listing.title == "年度报告.txt"
    assert listing.url.endswith(":" + quote("年度报告.txt"))


def test_older_bytes_of_an_address_are_known_too(archive, tmp_path):
    path, url = tmp_path / "a.txt", "http://town.example/a"
    for text, taken in (("first", 1), ("second", 1), ("first", 0), ("second", 0)):
        document(path, text)
        counts = take(archive, path, source_url=url)
        assert (counts.taken, counts.known) == (taken, 1 - taken)
    assert len(of(archive, Capture)) == 2


def test_a_folder_named_with_a_file_of_it_takes_the_file_once(archive, tmp_path):
    path = document(tmp_path / "in" / "a.txt")
    counts = take(archive, path, tmp_path / "in", tmp_path / "in" / ".." / "in" / "a.txt")
    assert (counts.taken, counts.known) == (1, 0)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"%PDF-1.4", ""),
        ("A.DOCX", b"PK\x03\x04", ""),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""),
        ("a.odt", b"x", ""),
        ("no-ending", b"%PDF-1.4", ""),
        ("no-ending-nor-document", b"\x89PNG\r\n", "no document we know"),
        ("a.csv", b"a,b", "no kind of document we know (.csv)"),
        ("a.md", b"# a", "no kind of document we know (.md)"),
        ("data.csv.gz", b"\x1f\x8b", "no kind of document we know (.gz)"),
        ("a.png", b"\x89PNG\r\n", "no kind of document we know (.png)"),
        ("~$a.docx", b"x", "lock file"),
        (".git/a.txt", b"x", "hidden"),
    ],
)
def test_what_a_folder_gives(archive, tmp_path, name, content, why):
    folder = tmp_path / "in"
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    counts = take(archive, folder)
    assert counts.taken == (0 if why else 1)
    assert counts.failed == ()
    assert [left for left, _ in counts.left] == ([path] if why else [])
    assert all(why in reason for _, reason in counts.left)


@pytest.mark.parametrize(("name", "taken"), [("truth.json", 0), ("report.bin", 1), ("notes.md", 0)])
def test_a_named_file_of_another_ending_is_taken_if_its_content_is_a_document(archive, tmp_path, name, taken):
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.4 x" if name.endswith("bin") else b"{}")
    counts = take(archive, path)
    assert (counts.taken, len(counts.left)) == (taken, 1 - taken)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_manifest_states_provenance_and_what_it_names_in_vain_is_told(archive, tmp_path, encoding):
    document(tmp_path / "in" / "a.txt")
    document(tmp_path / "elsewhere.txt")
    manifest = tmp_path / "in" / "manifest.csv"
    manifest.write_text(
        "path,source_url,retrieved_at,title,publisher,published_on,note\n"
        "a.txt,http://town.example/a,2024-01-05T08:00:00+08:00,白石镇年报,白石镇,2024-01-03,x\n"
        "gone.txt,http://town.example/b,,,,,\n"
        "../elsewhere.txt,,,,,,\n",
        encoding,
    )
    counts = take(archive, tmp_path / "in", manifest=manifest)
    assert counts.taken == 1
    assert {(path.name, reason) for path, reason in counts.left} == {
        ("manifest.csv", "the manifest itself"),
        ("gone.txt", "in the manifest, but not among the paths"),
        ("elsewhere.txt", "in the manifest, but not among the paths"),
    }
    (capture,), (listing,) = of(archive, Capture), of(archive, Listing)
    assert (capture.url, capture.fetched_at) == ("http://town.example/a", "2024-01-05T00:00:00Z")
    assert (listing.title, listing.publisher, listing.published_on) == ("白石镇年报", "白石镇", "2024-01-03")
    alone = take(archive, manifest=manifest)
    assert (alone.taken, alone.known, [path.name for path, _ in alone.failed]) == (1, 1, ["gone.txt"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a.txt,not an address,,", "source_url"),
        ("a.txt,http://town.example/a b,,", "source_url"),
        ("a.txt,http://town.example/a,yesterday,", "no time like"),
        ("a.txt,,,2024-13-01", "published_on"),
    ],
)
def test_a_line_that_states_nonsense_fails_alone(archive, tmp_path, line, why):
    document(tmp_path / "a.txt")
    document(tmp_path / "b.txt", "b")
    manifest = tmp_path / "m.csv"
    manifest.write_text(f"path,source_url,retrieved_at,published_on\n{line}\nb.txt,,,\n", "utf-8")
    counts = take(archive, manifest=manifest)
    assert counts.taken == 1
    ((path, reason),) = counts.failed
    assert path.name == "a.txt"
    assert why in reason


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file,url\na,b\n", "column 'path'"),
        ("", "column 'path'"),
        ("path\na.txt\na.txt\n", "twice"),
        ("path,x\n,1\n", "no path"),
    ],
)
def test_a_manifest_that_cannot_be_used_takes_nothing(archive, tmp_path, text, why):
    document(tmp_path / "a.txt")
    manifest = tmp_path / "m.csv"
    manifest.write_text(text, "utf-8")
    with pytest.raises(IngestError, match=why):
        take(archive, tmp_path, manifest=manifest)
    assert archive.site_ids() == []


@pytest.mark.parametrize("options", [{"source_url": "town.example"}, {"retrieved_at": "lately"}])
def test_options_that_state_nonsense_take_nothing(archive, tmp_path, options):
    with pytest.raises(IngestError):
        take(archive, document(tmp_path / "a.txt"), **options)
    assert archive.site_ids() == []


def test_an_ingest_killed_between_listing_and_bytes_takes_both_again(archive, tmp_path, monkeypatch):
    from crawler.archive.writer import SiteWriter

    path = document(tmp_path / "a.txt")
    with monkeypatch.context() as killed:
        killed.setattr(SiteWriter, "put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take(archive, path)
    assert take(archive, path).taken == 1
    (capture,) = of(archive, Capture)
    assert capture.url in {listing.url for listing in of(archive, Listing)}
