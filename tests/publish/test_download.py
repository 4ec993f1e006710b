"""The database to take away: whole, alone, and without a path."""

import asyncio
import gc
import sqlite3

import pytest

from publish import download


@pytest.fixture
def database(tmp_path):
    """A database in WAL mode with a row that is still in its log, as while a load runs."""
    db = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("create table reports (id integer primary key)")
    db.execute("insert into reports values (1)")
    yield db
    db.close()


def count(path):
    with sqlite3.connect(path) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        return db.execute("select count(*) from reports").fetchone()[0]


async def two(snapshots, between):
    first = count(await snapshots.newest())
    between()
    return first, count(await snapshots.newest())


def test_the_download_is_the_whole_database(visitor, tmp_path):
    answer = visitor.get("/archive.db")
    assert answer.status_code == 200
    assert 'filename="archive.db"' in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    taken = tmp_path / "taken.db"
    taken.write_bytes(answer.content)
    assert count(taken) == count(visitor.site.db)


def test_a_snapshot_holds_what_is_still_in_the_log_and_stands_alone(database, tmp_path):
    snapshots = download.Snapshots(tmp_path / "archive.db")
    path = asyncio.run(snapshots.newest())
    assert count(path) == 1
    assert [file.name for file in path.parent.iterdir()] == ["archive.db"]


@pytest.mark.parametrize(("kept", "second"), [(600, 1), (-1, 2)])
def test_a_snapshot_is_made_again_only_when_it_is_old(database, tmp_path, monkeypatch, kept, second):
    monkeypatch.setattr(download, "KEPT_SECONDS", kept)
    snapshots = download.Snapshots(tmp_path / "archive.db")
    assert asyncio.run(two(snapshots, lambda: database.execute("insert into reports values (2)"))) == (1, second)


def test_snapshots_go_with_the_process(database, tmp_path):
    snapshots = download.Snapshots(tmp_path / "archive.db")
    folder = asyncio.run(snapshots.newest()).parent
    del snapshots
    gc.collect()
    assert not folder.exists()


def test_the_place_of_the_database_cannot_be_asked_for(visitor, fictional):
    answer = visitor.get("/archive.json?sql=select+*+from+pragma_database_list")
    assert answer.status_code == 200
    assert answer.json()["rows"] == [[0, "main", None]]


@pytest.mark.parametrize("path", ["/?page=", "/search?q=年&page="])
@pytest.mark.parametrize("asked", ["9" * 5000, "-1", "²", "x", "0"])
def test_a_page_number_of_any_kind_is_no_error(visitor, path, asked):
    assert visitor.get(path + asked).status_code == 200
