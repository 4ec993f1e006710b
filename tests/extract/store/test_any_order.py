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


def test_what_is_decided_later_is_as_if_it_had_been_decided_before(world, tmp_path):
    """A report withheld, and shown again: nothing of it is left anywhere, and all of it comes back."""
    config, db = tmp_path / "config", tmp_path / "archive.db"
    shutil.copytree(pipeline.config_of("sample"), config)
    (config / "withheld.csv").unlink()
    first = _extracted(world, db, config)
    with open_for_writing(db) as opened:
        ((key,),) = opened.execute(
            "select report_key from reports where issuer_printed = '岚汀县水务局' and year = 2022"
        )
    line = f"report,{key},,it names a person,两人,2024-01-05\n"
    (config / "withheld.csv").write_text("what,target,passage,reason,decided_by,decided_on\n" + line, "utf-8")
    later = _extracted(world, db, config)
    assert _differing(later, _extracted(world, tmp_path / "anew.db", config)) == set()
    assert {"reports", "reports_fts", "expected", "changes"} <= _differing(later, first)
    (config / "withheld.csv").unlink()
    assert _differing(_extracted(world, db, config), first) == set()


def _extracted(world, db, config):
    pipeline.extract(world.archive.root, db, config=config)
    with open_for_writing(db) as opened:
        return said(opened)


def _differing(one, other):
    return {table for table in one if one[table] != other[table]}
