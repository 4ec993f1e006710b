"""Where the corpus of documents with known truth lies, if it is there at all."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpus():
    path = os.environ.get("GONGKAI_CORPUS")
    if not path:
        pytest.skip("GONGKAI_CORPUS is not set: it names the folder of documents with known truth")
    return Path(path)
