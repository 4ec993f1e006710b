"""A WACZ, read by other means than it was written: each record where the index says, each digest right, nothing missing."""

import datetime as dt
import gzip
import hashlib
import io
import json
import zipfile

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive
from crawler.archive.ingest import ingest
from crawler.archive.ship import ship
from crawler.archive.wacz import ExportError, export, replay_key
from crawler.items import Capture, Listing, Run, Site
from tests.crawler.archive.archiving import DATE, exchange, the_warc

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
HOST = "http://www.town.example"
LATER = "2024-03-01T08:00:00Z"


def note_run(writer, run_id, at):
    writer.note(Site(id="town", start_url=HOST + "/nb/", name="砚池镇"), at)
    writer.note(Run(run_id=run_id, site_id="town", started_at=at, code_version="1"), at)


def listing(run_id, path, title):
    return Listing(
        run_id=run_id, site_id="town", url=HOST + path, title=title, found_on=HOST + "/nb/", verdict="report"
    )


@pytest.fixture
def town(archive):
    """Two runs over two files: in the second a page is the same, one is answered "not modified", one is new."""
    with archive.writer("town") as writer:
        note_run(writer, "r1", DATE)
        writer.put(exchange(HOST + "/nb/", b"<html>list</html>"), "r1")
        writer.note(listing("r1", "/a.html", "砚池镇2022年报"), DATE)
        writer.put(exchange(HOST + "/a.html", b"<html>a</html>"), "r1")
        writer.put(exchange(HOST + "/copy.html", b"<html>a</html>"), "r1")
        body = gzip.compress(b"<html>b</html>", mtime=0)
        packed = ((b"Content-Encoding", b"gzip"), (b"Content-Type", b"text/html; charset=gbk"))
        writer.put(exchange(HOST + "/b.html?y=2&x=1", body, response_headers=packed), "r1")
    with archive.writer("town") as writer:
        note_run(writer, "r2", LATER)
        writer.put(exchange(HOST + "/nb/", b"<html>list</html>", fetched_at=LATER), "r2")
        writer.put(exchange(HOST + "/copy.html", b"", status=304, fetched_at=LATER), "r2")
        writer.note(listing("r2", "/c.html", "砚池镇2023年报\ud83d"), LATER)
        writer.put(exchange(HOST + "/c.html", b"<html>c</html>", fetched_at=LATER), "r2")
        writer.put(exchange(HOST + "/moved", b"", status=302, fetched_at=LATER), "r2")
    return archive


def make(archive, out, run_id="", site="town"):
    return export(archive, site, out, run_id=run_id, now=lambda: NOW, software="test")


class Package:
    """What is in the file, as any reader would find it."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
            self.stored = {info.filename for info in package.infolist() if info.compress_type == zipfile.ZIP_STORED}
            self.files = {name: package.read(name) for name in package.namelist()}
        self.about = json.loads(self.files["datapackage.json"])
        self.head, *self.pages = map(json.loads, self.files["pages/pages.jsonl"].splitlines())
        text = gzip.decompress(self.files["indexes/index.cdx.gz"]).decode()
        self.lines = [
            (key, time, json.loads(fields)) for key, time, fields in (x.split(" ", 2) for x in text.splitlines())
        ]
        self.text = text.splitlines()

    def at(self, fields):
        data = self.files["archive/" + fields["filename"]]
        start = int(fields["offset"])
        return next(ArchiveIterator(io.BytesIO(data[start : start + int(fields["length"])]), check_digests="raise"))

    def records(self):
        found = []
        for name in sorted(self.files):
            if name.startswith("archive/"):
                for record in ArchiveIterator(io.BytesIO(self.files[name]), check_digests="raise"):
                    record.content_stream().read()
                    found.append(record.rec_headers)
        return found


@pytest.mark.parametrize("run_id", ["", "r1", "r2"])
def test_every_digest_and_every_place_in_the_index_is_right(town, tmp_path, run_id):
    make(town, tmp_path / "town.wacz", run_id)
    package = Package(tmp_path / "town.wacz")
    listed = {one["path"]: one for one in package.about["resources"]}
    assert listed.keys() == package.files.keys() - {"datapackage.json", "datapackage-digest.json"}
    for path, one in listed.items():
        data = package.files[path]
        assert (one["bytes"], one["hash"]) == (len(data), "sha256:" + hashlib.sha256(data).hexdigest())
    whole = json.loads(package.files["datapackage-digest.json"])
    digest = hashlib.sha256(package.files["datapackage.json"]).hexdigest()
    assert whole == {"path": "datapackage.json", "hash": f"sha256:{digest}"}
    assert package.about["wacz_version"] == "1.1.1"
    assert {name for name in package.files if name.endswith(".gz")} <= package.stored
    assert package.text == sorted(package.text)
    for _, time, fields in package.lines:
        record = package.at(fields)
        assert record.rec_headers["WARC-Target-URI"] == fields["url"]
        assert record.rec_headers["WARC-Payload-Digest"] == fields["digest"]
        assert "".join(c for c in record.rec_headers["WARC-Date"] if c.isdigit()) == time
        assert (record.rec_type == "revisit") == (fields["mime"] == "warc/revisit")
        if record.rec_type == "response":
            assert record.http_headers.get_statuscode() == fields["status"]


@pytest.mark.parametrize("run_id", ["", "r1", "r2"])
def test_it_is_complete_in_itself(town, tmp_path, run_id):
    make(town, tmp_path / "town.wacz", run_id)
    package = Package(tmp_path / "town.wacz")
    records = package.records()
    ids = {record["WARC-Record-ID"] for record in records}
    revisits = [record for record in records if record["WARC-Type"] == "revisit"]
    assert revisits
    assert {record["WARC-Refers-To"] for record in revisits} <= ids
    indexed = {fields["url"] for _, _, fields in package.lines}
    assert {record["WARC-Target-URI"] for record in revisits} <= indexed
    assert records[0]["WARC-Type"] == "warcinfo"
    asked = [record["WARC-Concurrent-To"] for record in records if record["WARC-Type"] == "request"]
    assert set(asked) <= ids
    assert len(asked) == len([record for record in records if record["WARC-Type"] in ("response", "revisit")])


def test_a_run_holds_its_own_and_no_more_than_it_needs(town, tmp_path):
    made = make(town, tmp_path / "r2.wacz", "r2")
    package = Package(tmp_path / "r2.wacz")
    found = sorted((fields["url"].removeprefix(HOST), time) for _, time, fields in package.lines)
    assert found == [
        ("/a.html", "20240120080000"),  # holds the body of /copy.html
        ("/c.html", "20240301080000"),
        ("/copy.html", "20240120080000"),  # what "not modified" stands for
        ("/moved", "20240301080000"),
        ("/nb/", "20240120080000"),
        ("/nb/", "20240301080000"),
    ]
    assert made.captures == 7
    assert [page["title"] for page in package.pages] == ["砚池镇", "砚池镇2023年报\ud83d"]
    assert next(iter(package.files)) == "archive/r2.warc.gz"


def test_pages_are_the_list_and_the_reports_under_their_titles(town, tmp_path):
    made = make(town, tmp_path / "town.wacz")
    package = Package(tmp_path / "town.wacz")
    assert package.head["format"] == "json-pages-1.0"
    assert [(page["url"].removeprefix(HOST), page["title"], page["ts"]) for page in package.pages] == [
        ("/nb/", "砚池镇", LATER),
        ("/a.html", "砚池镇2022年报", DATE),
        ("/c.html", "砚池镇2023年报\ud83d", LATER),
    ]
    assert (package.about["title"], package.about["mainPageUrl"]) == ("砚池镇", HOST + "/nb/")
    assert made.pages == 3


def test_the_index_of_blocks_says_where_each_block_is(archive, tmp_path):
    with archive.writer("town") as writer:
        for number in range(2100):
            writer.put(exchange(f"http://town.example/{number:05d}", b"%d" % number), "r1")
    make(archive, tmp_path / "town.wacz")
    package = Package(tmp_path / "town.wacz")
    meta, *blocks = package.files["indexes/index.idx"].decode().splitlines()
    assert meta == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    text = []
    for line in blocks:
        key, time, where = line.split(" ", 2)
        where = json.loads(where)
        data = package.files["indexes/index.cdx.gz"][where["offset"] : where["offset"] + where["length"]]
        assert where["digest"] == "sha256:" + hashlib.sha256(data).hexdigest()
        block = gzip.decompress(data).decode().splitlines()
        assert block[0].startswith(f"{key} {time} ")
        text += block
    assert (len(blocks), text) == (3, package.text)


def test_another_archive_takes_it_as_it_was(town, tmp_path):
    make(town, tmp_path / "town.wacz")
    other = Archive(tmp_path / "other", holds="real")
    counts = ingest(other.root, [tmp_path / "town.wacz"], now=lambda: NOW, code_version="t")
    assert not counts.failed
    taken = {(c.url, c.fetched_at): other.get(c) for _, c in other.records("ingest") if isinstance(c, Capture)}
    responses = [c for _, c in town.records("town") if isinstance(c, Capture) and c.status == 200 and not c.revisit_of]
    assert taken == {(c.url, c.fetched_at): town.get(c) for c in responses}


def test_a_site_that_was_shipped_away_is_exported_from_there(town, tmp_path):
    pytest.importorskip("fsspec")
    make(town, tmp_path / "before.wacz")
    list(ship(town, str(tmp_path / "away"), free=True))
    make(town, tmp_path / "after.wacz")
    assert (tmp_path / "after.wacz").read_bytes() == (tmp_path / "before.wacz").read_bytes()


def test_what_cannot_be_exported_says_why_and_leaves_what_was_there(town, tmp_path):
    out = tmp_path / "town.wacz"
    out.write_bytes(b"before")
    with pytest.raises(ExportError, match="it holds: town"):
        make(town, out, site="city")
    with pytest.raises(ExportError, match="it has: r1, r2"):
        make(town, out, run_id="r9")
    with pytest.raises(ExportError, match="--out"):
        make(town, tmp_path / "nowhere" / "town.wacz")
    path = min((town.root / "town").glob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ExportError, match="damaged"):
        make(town, out)
    assert out.read_bytes() == b"before"
    assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www2.Town.example:443/ZWGK/", "example,town)/zwgk"),
        ("http://town.example/a//b/./c/../d.html", "example,town)/a/b/d.html"),
        ("http://town.example/%E5%B9%B4%E6%8A%A5.pdf", "example,town)/%e5%b9%b4%e6%8a%a5.pdf"),
        ("http://town.example/年报.pdf?b&a=%20x", "example,town)/%e5%b9%b4%e6%8a%a5.pdf?a=%20x&b"),
        ("http://town.example?", "example,town)/"),
        ("http://[::1", "http://[::1"),
        ("urn:gongkai:ingest:a b", "urn:gongkai:ingest:a%20b"),
    ],
)
def test_addresses_are_looked_up_as_the_internet_archive_writes_them(url, key):
    assert replay_key(url) == key


def test_notes_are_of_a_type_that_replay_tools_do_not_show(archive):
    """pywb and cdxj-indexer index every metadata record but those of application/warc-fields."""
    with archive.writer("town") as writer:
        writer.note(listing("r1", "/a.html", "年报\r\n\u2028x"), DATE)
    with the_warc(archive).open("rb") as file:
        notes = [record for record in ArchiveIterator(file) if record.rec_type == "metadata"]
    assert [note.content_type for note in notes] == ["application/warc-fields"]
    assert [record.title for _, record in archive.records("town")] == ["年报\r\n\u2028x"]
