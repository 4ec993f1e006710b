"""The same archive makes the same database, whatever came first and however often it was derived in between."""

import random

import pytest

from tests.extract.store.world import World, portal


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
