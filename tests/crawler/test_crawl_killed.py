"""kill -9 at any moment: the next crawl goes on with the same run, nothing is lost and nothing is there twice."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter

from crawler.archive import Archive

from .crawling import SETTINGS, captures, column, crawling_processes, keeps_its_distance, listings, runs, serving

CRAWL = textwrap.dedent("""
    import json, sys
    from pathlib import Path
    from crawler.items import Site
    from crawler.run import crawl
    root, url, settings = sys.argv[1:]
    for run in crawl([Site(id="town", start_url=url)], archive_root=Path(root),
                     allow_addresses=["127.0.0.0/8"], settings=json.loads(settings)):
        print(run.run_id, run.verdict, flush=True)
""")
REPORTS = 24


def begin(root, server):
    import json

    arguments = [str(root), server.url + "/nb/", json.dumps(SETTINGS)]
    return subprocess.Popen(
        [sys.executable, "-c", CRAWL, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def crawling_process(parent):
    """The child that crawls; a thread of its parent's started it."""
    (child,) = crawling_processes(parent.pid)
    return child


def test_kill_9_half_way_loses_nothing_and_doubles_nothing(tmp_path):
    root = tmp_path / "archive"
    with serving() as server:
        server.routes = {
            "/nb/": column(*(f"/{number}.html" for number in range(REPORTS))),
            "/robots.txt": b"User-agent: *\nCrawl-delay: 0.05\n",
            **{f"/{n}.html": f"<html><a href='/{n}.pdf'>{n}.pdf</a></html>".encode() for n in range(REPORTS)},
            **{f"/{n}.pdf": b"%PDF-1.4 report " + str(n).encode() for n in range(REPORTS)},
        }

        child = begin(root, server)  # the crawling process alone is killed: another takes its place
        wait_for(lambda: len(server.asked) >= 14)
        os.kill(crawling_process(child), signal.SIGKILL)
        wait_for(lambda: len(server.asked) >= 30)  # all of it is killed
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        asked_before = len(server.asked)

        out = begin(root, server).communicate(timeout=30)[0].split()
        run_id, verdict = out
        assert verdict == "ok"

        keeps_its_distance(server.times[asked_before:], 0.05)

    expected = {server.url + path for path in server.routes}
    stored = Counter(capture.url for capture in captures(root, "town"))
    assert set(stored) == expected
    assert set(stored.values()) == {1}
    assert {capture.run_id for capture in captures(root, "town")} == {run_id}
    assert Counter(listing.url for listing in listings(root, "town")) == {
        server.url + f"/{n}.html": 1 for n in range(REPORTS)
    }
    start, end = runs(root, "town")
    assert (start.run_id, start.finished_at, end.run_id, end.verdict) == (run_id, "", run_id, "ok")
    assert end.counts["captures"] == len(expected)
    assert end.counts["reports"] == REPORTS
    assert list(Archive(root).verify()) == []
    assert len(server.asked) <= len(expected) + 4  # what was under way at a kill is asked for again, little else
