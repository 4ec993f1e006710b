"""Shipping to an S3 server on loopback, as to any other."""

import pytest

from crawler.archive import shipped as reading
from crawler.archive.errors import PlaceError
from crawler.archive.ship import ship
from tests.crawler.archive.archiving import fill

pytest.importorskip("s3fs", reason="the extra ship is not installed")
server = pytest.importorskip("moto.server", reason="the extra s3-tests is not installed")


@pytest.fixture
def bucket(monkeypatch):
    """An empty bucket; the client is told of it as of any S3 server, by the environment."""
    import boto3
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    threaded = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    threaded.start()
    host, port = threaded.get_host_and_port()
    settings = {"ENDPOINT_URL": f"http://{host}:{port}", "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}
    for name, value in {**settings, "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="reports")
    yield client
    threaded.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_bucket_takes_the_files_gives_them_back_and_says_what_is_not_there(archive, bucket):
    captures = fill(archive, 4)
    before = [archive.get(capture) for capture in captures]
    assert [one.outcome for one in ship(archive, "s3://reports/gongkai/", free=True)] == ["shipped", "freed"]
    keys = [one["Key"] for one in bucket.list_objects_v2(Bucket="reports")["Contents"]]
    warc = captures[0].warc
    assert keys == ["gongkai/archive.json", "gongkai/town/index.cdxj", f"gongkai/{warc}"]
    reading._block.cache_clear()
    assert [archive.get(capture) for capture in captures] == before
    assert list(archive.verify()) == []
    bucket.delete_object(Bucket="reports", Key=f"gongkai/{warc}")
    (damage,) = archive.verify()
    assert "is not there" in damage.message
    with pytest.raises(PlaceError, match="s3://elsewhere"):
        list(ship(archive, "s3://elsewhere/gongkai"))


def test_documents_in_a_bucket_are_read_though_no_worker_reaches_a_network(tmp_path, bucket):
    from extract import pipeline
    from tests.portal_archive import Builder, body

    builder = Builder(tmp_path / "archive", name="岚汀县")
    builder.run({"/a.html": body("岚汀县水务局", 2022)}, {"/a.html": []})
    list(ship(builder.archive, "s3://reports/documents", free=True))
    reading._block.cache_clear()
    counts = pipeline.extract(builder.archive.root, tmp_path / "archive.db")
    assert (counts.reports, counts.errors) == (1, 0)
    assert list(pipeline.verify_rows(builder.archive, tmp_path / "archive.db")) == []
