"""One crawl for benchmarks.interruptions, in a process of its own that can be killed: ends as ``gongkai crawl`` does.

``python -m benchmarks.one_visit ORDER``: JSON with the sites' home pages, the archive, the delay, and a largest file
size in bytes (0: none), which stands in for a full disk where none can be mounted.
"""

from __future__ import annotations

import json
import resource
from pathlib import Path

import click

from crawler.archive import ArchiveError
from crawler.items import Site
from crawler.run import ConfigError, CrawlError, crawl
from crawler.terminal import close_runs, told

OPEN = ("127.0.0.0/8",)
SETTINGS = {"DOWNLOAD_DELAY_JITTER": 0, "CONTACT": "desk@archive.example", "RETRY_TIMES": 1}


@click.command()
@click.argument("order")
def main(order: str) -> None:
    """Crawl, and say what every run came to."""
    told_to = json.loads(order)
    if largest := told_to["largest"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    with told(ArchiveError, CrawlError, ConfigError):
        runs = crawl(
            [Site(id=name, start_url=home) for name, home in told_to["homes"].items()],
            archive_root=Path(told_to["root"]),
            holds="sample",
            allow_addresses=OPEN,
            settings={**SETTINGS, "DOWNLOAD_DELAY": told_to["delay"]},
        )
    close_runs(runs)


if __name__ == "__main__":
    main()
