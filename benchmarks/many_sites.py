"""Two hundred polite sites at once: the memory of all processes that crawl, and what each address saw.

``python -m benchmarks.many_sites [--sites 200] [--pages 12] [--workers 4]``

Each site has an address of its own on loopback (127.3.x.y) and is asked once a second, as config/crawl.toml has it.
Ends with status 1 where the processes together took more than 1 GB, an address saw two requests at once or more than
one a second, or a site was not crawled whole.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Self

from benchmarks.pages import Seen, served
from crawler.items import Site
from crawler.run import crawl

LIMIT_MB = 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--workers", type=int, default=4)
    given = parser.parse_args()
    addresses = [f"127.3.{number // 200}.{number % 200 + 1}" for number in range(given.sites)]
    root = Path(tempfile.mkdtemp(prefix="many-sites"))
    with served(addresses, given.pages) as (port, server), _Watch() as watch:
        starts = {f"site-{number}": f"http://{address}:{port}/nb/" for number, address in enumerate(addresses)}
        runs = crawl(
            [Site(id=name, start_url=url) for name, url in starts.items()],
            archive_root=root / "archive",
            allow_addresses=["127.3.0.0/16"],
            workers=given.workers,
            settings={"CONTACT": "desk@archive.example"},
        )
        server.send("what did you see?")
        seen: list[Seen] = list(server.recv().values())
    shutil.rmtree(root)
    whole = sum(run.verdict == "ok" and run.counts["reports"] == given.pages for run in runs)
    requests, most = sum(one.asked for one in seen), max(one.most for one in seen)
    at_once = max(sum(other.first <= one.first <= other.last for other in seen) for one in seen)
    seconds = max(one.last for one in seen) - min(one.first for one in seen)
    rate = max((one.asked - 1) / (one.last - one.first) for one in seen)
    print(f"{whole} of {given.sites} sites whole, {requests} requests in {seconds:.0f} s, {given.workers} processes")
    print(f"sites under way at once: {at_once} at most")
    print(f"memory of all crawling processes: {watch.peak} MB at most (limit {LIMIT_MB})")
    print(f"at an address: {most} request at once at most, {rate:.2f} a second")
    sys.exit(0 if whole == given.sites and watch.peak <= LIMIT_MB and most == 1 and rate <= 1.2 else 1)


class _Watch:
    """``peak``: megabytes of this process and of those that crawl for it, looked at four times a second."""

    peak = 0

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.25):
            self.peak = max(self.peak, sum(map(_megabytes, [str(os.getpid()), *crawling()])))


def crawling(process: str = "self") -> list[str]:
    """The processes that crawl for this one, or for another."""
    found: list[str] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
            found += [one for one in children if b"crawler.process" in Path(f"/proc/{one}/cmdline").read_bytes()]
        except OSError:  # ended meanwhile
            continue
    return found


def _megabytes(process: str) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except OSError:  # ended meanwhile
        return 0


if __name__ == "__main__":
    main()
