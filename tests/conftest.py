"""What several test modules need and takes seconds to make: the demonstration, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from extract import pipeline
from sample import demonstration
from sample.server import Portal
from tests.crawler.crawling import free_port

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Demonstrated:
    """An archive of both days of the sample portal, and the database made of it. Not to be altered."""

    archive: Path
    db: Path


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory) -> Demonstrated:
    """Both days crawled, and read."""
    root = tmp_path_factory.mktemp("demonstration")
    with Portal(port=free_port("127.0.0.11")) as portal:
        assert not demonstration.first_day_is_over(root / "archive")
        demonstration.crawl(portal, root / "archive", workers=1)
        assert demonstration.first_day_is_over(root / "archive")
        portal.turn_the_day()
        demonstration.crawl(portal, root / "archive", workers=1)
    pipeline.extract(root / "archive", root / "archive.db")
    return Demonstrated(root / "archive", root / "archive.db")
