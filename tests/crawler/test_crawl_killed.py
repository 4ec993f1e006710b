"""kill -9 at any moment: the next crawl goes on with the same run, nothing is lost and nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from crawler.archive import Archive
from crawler.items import Site
from crawler.run import crawl
from crawler.tasks import Task, perform
from sample.manifest import load, registry
from sample.server import Portal

from .crawling import (
    SETTINGS,
    captures,
    column,
    crawling_processes,
    free_port,
    keeps_its_distance,
    listings,
    process_at,
    runs,
    serving,
)

CRAWL = textwrap.dedent("""
    import json, signal, sys
    from pathlib import Path
    from crawler.items import Site
    from crawler.run import crawl
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it runs in the background
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


def test_processes_killed_at_any_moment_cost_no_page_of_the_sample_portal(tmp_path):
    """Their groups go on in others, from what is in the archive; the caller sees runs that are whole."""
    chance = random.Random(20260105)
    kills = []

    def kill():
        while len(kills) < 4:
            time.sleep(chance.uniform(0.3, 1.2))
            if alive := sorted(crawling_processes(os.getpid())):
                kills.append(chance.choice(alive))
                with suppress(ProcessLookupError):
                    os.kill(kills[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    with Portal(port=free_port("127.0.0.11")) as portal:
        killer.start()
        settings = {**SETTINGS, "DOWNLOAD_DELAY": 0.1}
        given = {"allow_addresses": ["127.0.0.8/29"], "workers": 2, "settings": settings}
        found = crawl(registry(portal.port), archive_root=tmp_path, holds="sample", **given)
        log = list(portal.log)
    killer.join()
    assert len(kills) == 4
    assert {run.verdict for run in found} == {"ok"}
    assert {asked.in_flight for asked in log} == {1}
    for site in load().sites:
        stored = Counter(capture.url.split("/", 3)[3] for capture in captures(tmp_path, site.id))
        assert set(stored.values()) == {1}
        wanted = {path for report in load().of(site.id) for path in (report.page, *report.attachments)}
        assert {path.lstrip("/") for path in wanted} <= set(stored)
        assert set(Counter(listing.url for listing in listings(tmp_path, site.id)).values()) == {1}
        assert len({capture.run_id for capture in captures(tmp_path, site.id)}) == 1
    assert list(Archive(tmp_path).verify()) == []


def test_a_site_that_kills_its_process_is_left_after_three_and_costs_no_other_anything(tmp_path):
    def poison(handler):
        os.kill(process_at(handler.client_address[1], crawling_processes(os.getpid())), signal.SIGKILL)

    with serving("127.0.0.31") as bad, serving("127.0.0.32") as good, serving("127.0.0.33") as better:
        for server in (bad, good, better):
            server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        bad.routes["/1.html"] = poison
        sites = [Site(id=f"s{n}", start_url=s.url + "/nb/") for n, s in enumerate((bad, good, better))]
        sites.append(Site(id="behind", start_url=bad.url + "/nb/?behind"))
        bad.routes["/nb/?behind"] = column("/2.html")
        bad.routes["/2.html"] = b"<html>report</html>"
        found = crawl(sites, archive_root=tmp_path, allow_addresses=["127.0.0.0/8"], settings=SETTINGS)
    assert [run.verdict for run in found] == ["not_run", "ok", "ok", "ok"]
    assert "3 processes died of it" in found[0].finish_reason
    assert 3 <= bad.asked.count("/1.html") <= 5
    assert list(Archive(tmp_path).verify()) == []


def test_a_column_that_was_found_by_the_way_is_found_again_after_a_kill(tmp_path):
    """Reports end the patience with links that promise nothing: those known from before the kill must not."""
    dull = [f"/channel{number}/" for number in range(70)]
    reports = [f"/report{number}.html" for number in range(8)]
    killed = []

    def kills_once(handler):
        if not killed and len(asked_reports()) == 6:
            killed.append(process_at(handler.client_address[1], crawling_processes(os.getpid())))
            os.kill(killed[0], signal.SIGKILL)
        handler.reply(b"<html>report</html>")

    with serving("127.0.0.34") as server:

        def asked_reports():
            return [path for path in server.asked if path in reports]

        links = "".join(f'<a href="{path}">{path[1:-1]}</a>' for path in dull)
        server.routes = {"/": f"<html><body>{links}</body></html>".encode()}
        server.routes |= dict.fromkeys(dull, b"<html>channel</html>") | dict.fromkeys(reports, kills_once)
        server.routes |= {dull[35]: column(*reports)}
        site = Site(id="town", start_url=server.url + "/")
        (run,) = crawl([site], archive_root=tmp_path, allow_addresses=["127.0.0.0/8"], settings=SETTINGS)
    assert killed
    assert run.verdict == "ok"
    listed = {listing.url for listing in listings(tmp_path, "town") if listing.verdict == "report"}
    assert listed == {server.url + path for path in reports}


def test_a_task_that_is_begun_again_leaves_out_the_sites_that_it_had_come_to_the_end_of(tmp_path):
    """A cluster does so where a worker died. ``begun_at`` tells its own runs from those of a crawl before."""
    with serving("127.0.0.35") as server, serving("127.0.0.36") as other:
        for one in (server, other):
            one.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        done, left = (Site(id=f"s{n}", start_url=one.url + "/nb/") for n, one in enumerate((server, other)))
        settings = {**SETTINGS, "ALLOWED_ADDRESSES": ["127.0.0.0/8"]}
        begun_at = "2000-01-01T00:00:00Z"
        (first,) = perform(Task(((done,),), str(tmp_path), "sample", settings, begun_at))
        told = []
        again = perform(Task(((done,), (left,)), str(tmp_path), "sample", settings, begun_at), told.append)
        assert again[0] == first
        assert [run.verdict for run in again] == ["ok", "ok"]
        assert sorted(told) == ["s0", "s1"]
        assert len(server.asked) == len(other.asked) == 3
        (anew,) = perform(Task(((done,),), str(tmp_path), "sample", settings, first.finished_at))
        assert anew.run_id != first.run_id
        assert anew.verdict == "nothing_new"


def test_a_crawling_process_ends_with_its_parent_and_ctrl_c_ends_both(tmp_path):
    root = tmp_path / "archive"
    pages = [f"/{number}.html" for number in range(1000)]  # half a minute at least: it must not end by itself
    with serving() as server:
        server.routes = {"/nb/": column(*pages), **dict.fromkeys(pages, b"<html>report</html>")}
        parent = begin(root, server)
        wait_for(lambda: len(server.asked) >= 5)
        child = crawling_process(parent)
        os.kill(parent.pid, signal.SIGKILL)
        wait_for(
            lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split(")")[1]
        )
        parent.communicate()

        parent = begin(root, server)
        before = len(server.asked)
        wait_for(lambda: len(server.asked) >= before + 5)
        os.killpg(parent.pid, signal.SIGINT)  # as a terminal does
        parent.communicate(timeout=20)
        assert parent.returncode not in (0, None)
        asked = len(server.asked)
        assert asked < 1000
        time.sleep(1)
        assert len(server.asked) == asked
    assert list(Archive(root).verify()) == []
    assert len({run.run_id for run in runs(root, "town")}) == 1
