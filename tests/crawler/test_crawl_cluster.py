"""A Dask cluster: workers that are killed cost nothing, a lost scheduler is told, a group is never split."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager

import pytest

distributed = pytest.importorskip("distributed", reason="a cluster needs an extra: make setup EXTRAS=all")

from crawler.archive import Archive  # noqa: E402
from crawler.items import Site  # noqa: E402
from crawler.run import CrawlError, crawl  # noqa: E402

from .crawling import SETTINGS, captures, column, free_port, listings, serving  # noqa: E402

REPORTS = 12
GIVEN = {"allow_addresses": ["127.0.0.0/8"], "settings": {**SETTINGS, "DOWNLOAD_DELAY": 0.1}}


@contextmanager
def towns(*addresses):
    """Servers with a column each; two sites of each address, so that there are groups of two."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(address)) for address in addresses]
        sites = []
        for server in servers:
            for name in ("a", "b"):
                paths = [f"/{name}{n}.html" for n in range(REPORTS)]
                server.routes[f"/{name}/"] = column(*paths)
                server.routes |= {path: f"<html>{server.address}{path}</html>".encode() for path in paths}
                site_id = f"{name}-{server.address.rpartition('.')[2]}"
                sites.append(Site(id=site_id, start_url=f"{server.url}/{name}/"))
        yield servers, sites


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_three_workers_killed_cost_no_page_and_double_none(tmp_path):
    quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    with (
        towns("127.0.0.41", "127.0.0.42", "127.0.0.43", "127.0.0.44") as (servers, sites),
        distributed.LocalCluster(n_workers=3, threads_per_worker=1, **quiet) as cluster,
    ):
        killed = []

        def kill():
            wait_for(lambda: sum(len(server.asked) for server in servers) > 12)
            for worker in list(cluster.workers.values()):
                killed.append(worker.pid)
                os.kill(worker.pid, signal.SIGKILL)
                time.sleep(0.4)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        progress = []
        found = crawl(
            sites,
            archive_root=tmp_path,
            cluster=cluster.scheduler_address,
            on_progress=lambda *counts: progress.append(counts),
            **GIVEN,
        )
        killer.join()
    assert len(set(killed)) == 3
    assert [(run.site_id, run.verdict) for run in found] == [(site.id, "ok") for site in sites]
    assert progress[-1] == (len(sites), len(sites))
    for site in sites:
        pages = Counter(capture.url for capture in captures(tmp_path, site.id))
        assert len(pages) == REPORTS + 2  # robots.txt, the column
        assert set(pages.values()) == {1}
        assert Counter(listing.url for listing in listings(tmp_path, site.id)).most_common(1)[0][1] == 1
        assert len(listings(tmp_path, site.id)) == REPORTS
    assert list(Archive(tmp_path).verify()) == []
    assert {server.most_at_once for server in servers} == {1}


@contextmanager
def started(module, *arguments, folder):
    command = f"from distributed.cli.{module} import main; main()"
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", command, *arguments],
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, **paths, "DASK_DISTRIBUTED__DASHBOARD__LINK": ""},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_lost_scheduler_is_told_and_the_same_again_here_goes_on(tmp_path):
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    place = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with (
        towns("127.0.0.45") as ((server,), sites),
        started("dask_scheduler", *place, folder=tmp_path) as scheduler,
        started("dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", folder=tmp_path) as worker,
    ):
        with distributed.Client(address, timeout=20) as client:
            client.wait_for_workers(1, timeout=20)

        def kill():
            wait_for(lambda: len(server.asked) > 6)
            scheduler.kill()

        threading.Thread(target=kill, daemon=True).start()
        with pytest.raises(CrawlError, match=r"scheduler at tcp://.* was lost.*[Rr]un the same again"):
            crawl(sites, archive_root=tmp_path / "archive", cluster=address, **GIVEN)
        worker.kill()
        found = crawl(sites, archive_root=tmp_path / "archive", **GIVEN)
    assert {run.verdict for run in found} == {"ok"}
    for site in sites:
        assert set(Counter(capture.url for capture in captures(tmp_path / "archive", site.id)).values()) == {1}


def test_no_scheduler_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.cluster._ANSWER_SECONDS", 0.5)
    with towns("127.0.0.46") as (_, sites), pytest.raises(CrawlError, match="no scheduler answers at tcp://127"):
        crawl(sites, archive_root=tmp_path, cluster=f"tcp://127.0.0.1:{free_port()}", **GIVEN)
