import pytest

from crawler.archive import Archive


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive", holds="real")
