"""What keeping everything costs: a crawl with the archive beside Scrapy's own, of the same pages in the same minute.

``python -m benchmarks.throughput [--pages 2000] [--times 3]``

The same spider, middlewares and settings crawl the same site both times; only the handler that stores each response is
exchanged for Scrapy's own, and the archive's notes for nothing. What counts are CPU seconds of the crawling process
from its first request to its last, of the best of several times, taken in turn: the time on the wall is that of the
pause between requests. Ends with status 1 where the archive leaves less than 0.8 of the rate.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pages import served

LIMIT = 0.8
ADDRESS = "127.3.0.1"


def main() -> None:
    """Print each time, and the ratio of the best."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    found: dict[str, list[float]] = {"with": [], "without": []}
    with served([ADDRESS], given.pages) as (port, _):
        for _ in range(given.times):
            for how, measured in found.items():
                seconds, pages = _crawl(how, f"http://{ADDRESS}:{port}/nb/")
                measured.append(seconds)
                print(f"{how:<8} the archive: {seconds:6.2f} CPU s, {pages} answers, {pages / seconds:5.0f} a second")
    ratio = min(found["without"]) / min(found["with"])
    print(f"rate with the archive: {ratio:.2f} of Scrapy's own (limit {LIMIT})")
    sys.exit(0 if ratio >= LIMIT else 1)


def _crawl(how: str, url: str) -> tuple[float, int]:
    folder = Path(tempfile.mkdtemp(prefix="throughput"))
    try:
        command = [sys.executable, "-m", "benchmarks.one_crawl", how, url, str(folder / "archive")]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  # our own module
        seconds, pages = done.stdout.split()
        return float(seconds), int(pages)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
