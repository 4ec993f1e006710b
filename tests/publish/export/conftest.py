"""The made database and the fictional site, each exported once."""

import pytest

from publish.export.build import build
from tests.publish.export.made_database import make


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    return make(tmp_path_factory.mktemp("made") / "archive.db")


@pytest.fixture(scope="session")
def exported(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "data"
    build(database, folder)
    return folder
