"""The same archive makes the same database, whatever came first and however often it was derived in between."""

import random
import shutil

import pytest

from crawler.archive import Archive
from extract import pipeline
from extract.store.database import open_for_writing
from tests.extract.store.world import World, index, index_made_anew, portal, said


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    return World(portal(folder / "archive", folder))


@pytest.fixture(scope="module")
def whole(world, tmp_path_factory):
    return world.whole(tmp_path_factory.mktemp("whole") / "archive.db")


def test_made_at_once_twice(world, whole, tmp_path):
    assert world.whole(tmp_path / "archive.db") == whole


@pytest.mark.parametrize("seed", range(12))
def test_step_by_step_in_any_order(world, whole, tmp_path, seed):
    made = world.step_by_step(tmp_path / "archive.db", random.Random(seed))
    differing = {table for table in whole if made[table] != whole[table]}
    assert not differing
    with open_for_writing(tmp_path / "archive.db") as db:
        assert index(db) == index_made_anew(db)
        assert len(index(db)) > 5_000


def test_what_runs_brought_one_by_one_is_what_a_rebuild_makes(world, tmp_path):
    """Through the pipeline itself, whose reader and configuration are the real ones."""
    source, archive, db = world.archive.root, tmp_path / "archive", tmp_path / "archive.db"
    archive.mkdir()
    for site in ("archive.json", "a-town", "ingest", "county", "bureaus"):
        _copy(source / site, archive / site)
        if site != "archive.json":
            pipeline.extract(archive, db)
    with open_for_writing(db) as opened:
        piecewise = said(opened)
    pipeline.rebuild(archive, db)
    with open_for_writing(db) as opened:
        made = said(opened)
    assert not {table for table in made if made[table] != piecewise[table]}


def test_the_demonstration_in_any_order(demonstrated, tmp_path):
    world = World(Archive(demonstrated.archive))
    whole = world.whole(tmp_path / "whole.db")
    for seed in range(2):
        made = world.step_by_step(tmp_path / f"{seed}.db", random.Random(seed), (40, 200, 1000))
        assert not {table for table in whole if made[table] != whole[table]}


def _copy(source, target):
    (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
