"""A crawl at the edges of its machine: many groups and few open files, another crawl at the address, Ctrl-C."""

import asyncio
import datetime as dt
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crawler.address_lock import alone_at, folder_of
from crawler.archive import Archive
from crawler.archive.ship import ship
from crawler.config import CrawlConfig
from crawler.hours import CHINA
from crawler.items import Run, Site
from crawler.run import crawl
from crawler.tasks import Order, run_since
from crawler.terminal import close_runs
from gongkai import main

from .crawling import SETTINGS, captures, column, serving

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_a_process_takes_as_many_open_files_as_it_may_have():
    script = textwrap.dedent("""
        import resource
        from crawler.process import allow_files
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 300))
        allow_files(200)
        print(*resource.getrlimit(resource.RLIMIT_NOFILE))
        allow_files(400)
        print(*resource.getrlimit(resource.RLIMIT_NOFILE))
        allow_files(10)
        print(*resource.getrlimit(resource.RLIMIT_NOFILE))
    """)
    told = subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["200 300", "300 300", "300 300"]


def test_a_group_takes_its_address_when_its_turn_comes_and_not_before(tmp_path):
    """Else a thousand groups hold two thousand files before the first page is asked for."""
    one_at_once = "import crawler.process as process; process._CRAWLERS_AT_ONCE = 1; process.main()"
    locks = tmp_path / "locks"
    held = []

    def report(handler):
        held.append(len(list(locks.iterdir())))
        handler.reply(b"<html>report</html>")

    with serving("127.0.0.81") as first, serving("127.0.0.82") as second:
        for server in (first, second):
            server.routes = {"/nb/": column("/1.html"), "/1.html": report}
        groups = tuple((Site(id=f"s{n}", start_url=s.url + "/nb/"),) for n, s in enumerate((first, second)))
        settings = {
            **SETTINGS,
            "ALLOWED_ADDRESSES": ["127.0.0.0/8"],
            "ARCHIVE_ROOT": str(tmp_path / "archive"),
            "ARCHIVE_HOLDS": "sample",
            "LOG_FILE": str(tmp_path / "crawl.log"),
        }
        crawled = subprocess.Popen(
            [sys.executable, "-c", one_at_once], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT
        )
        crawled.stdin.write(pickle.dumps(Order(groups, settings, str(locks))))
        crawled.stdin.flush()  # and left open: it is the process's life line
        ended = [crawled.stdout.readline() for _ in groups]
        crawled.stdin.close()
        crawled.stdout.close()
        crawled.wait(20)
    assert ended == [b"s0\t\n", b"s1\t\n"]
    assert held == [2, 4]  # a name and an address each


def wait_for_word(log, word):
    end = time.monotonic() + 20
    while not log.exists() or word not in log.read_text("utf-8"):
        assert time.monotonic() < end
        time.sleep(0.05)


GIVEN = {"allow_addresses": ["127.0.0.0/8"], "settings": SETTINGS}


def test_a_crawl_with_another_folder_for_temporary_files_waits_for_the_one_that_is_there(tmp_path, monkeypatch):
    """As the service has: PrivateTmp."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    root = tmp_path / "archive"
    found = []
    with serving("127.0.0.83") as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        site = Site(id="town", start_url=server.url + "/nb/")
        crawling = threading.Thread(target=lambda: found.extend(crawl([site], archive_root=root, **GIVEN)))

        async def be_there():
            async with alone_at(folder_of(root), "127.0.0.83"):
                crawling.start()
                await asyncio.to_thread(wait_for_word, root / "crawl.log", "waiting for the crawl")
                assert server.asked == []

        asyncio.run(asyncio.wait_for(be_there(), 20))
        crawling.join()
    assert [run.verdict for run in found] == ["ok"]
    archive = Archive(root)
    assert (root / ".locks").is_dir()
    assert archive.site_ids() == ["town"]
    assert list(archive.verify()) == []
    assert {one.warc.split("/")[0] for one in ship(archive, str(tmp_path / "shipped"))} == {"town"}
    assert not (tmp_path / "shipped" / ".locks").exists()


def test_an_address_that_stays_taken_is_told_as_such(tmp_path):
    impatient = {**GIVEN, "settings": {**SETTINGS, "ADDRESS_PATIENCE": 0.1}}
    with serving("127.0.0.84") as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        site = Site(id="town", start_url=server.url + "/nb/")

        async def while_it_is_held():
            async with alone_at(folder_of(tmp_path), "127.0.0.84"):
                return await asyncio.to_thread(crawl, [site], archive_root=tmp_path, **impatient)

        (run,) = asyncio.run(while_it_is_held())
    assert server.asked == []
    assert run.verdict == "not_run"
    assert run.finish_reason.startswith("another crawl is at its address (")
    with pytest.raises(click.ClickException) as told:
        close_runs([run])
    assert "not finished: town; another crawl is at its address (" in str(told.value)
    assert "full disk" not in str(told.value)


def test_a_run_that_ended_goes_before_one_that_another_crawl_has_begun_since(tmp_path):
    ours = Run(run_id="town-1", site_id="town", started_at="2026-01-05T08:00:00Z", code_version="1")
    ended = replace(ours, finished_at="2026-01-05T08:10:00Z", finish_reason="finished", verdict="ok")
    theirs = replace(ours, run_id="town-2", started_at="2026-01-05T08:11:00Z")
    archive = Archive(tmp_path, holds="sample")
    town = Site(id="town", start_url="http://town.example/")
    with archive.writer("town") as writer:
        for run in (ours, ended, theirs):
            writer.note(run, run.started_at)
    assert run_since({}, archive, town) == ended
    with archive.writer("town") as writer:
        before = archive.sizes("town")
        writer.note(replace(theirs, run_id="town-3"), theirs.started_at)
    assert run_since(before, archive, town).verdict == "interrupted"
    assert run_since(archive.sizes("town"), archive, town).verdict == "not_run"


def test_what_another_crawl_has_asked_meanwhile_is_not_asked_again_by_a_timer(tmp_path):
    only_due = {**GIVEN, "settings": {**SETTINGS, "ONLY_DUE": True}}
    found = []
    with serving("127.0.0.85") as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        site = Site(id="town", start_url=server.url + "/nb/")
        waiting = threading.Thread(target=lambda: found.extend(crawl([site], archive_root=tmp_path, **only_due)))

        async def another_crawl():
            async with alone_at(folder_of(tmp_path), "127.0.0.85"):
                waiting.start()
                await asyncio.to_thread(wait_for_word, tmp_path / "crawl.log", "waiting for the crawl")
                now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                run = Run(run_id="town-1", site_id="town", started_at=now, code_version="1")
                with Archive(tmp_path).writer("town") as writer:
                    writer.note(replace(run, finished_at=now, finish_reason="finished", verdict="ok"), now)

        asyncio.run(asyncio.wait_for(another_crawl(), 20))
        waiting.join()
    assert server.asked == []
    assert [(run.run_id, run.verdict) for run in found] == [("town-1", "ok")]


def closed_now():
    """A window that is closed now, and for hours."""
    hour = dt.datetime.now(CHINA).hour
    return f"{(hour + 8) % 24}-{(hour + 10) % 24}"


def test_a_timer_outside_the_hours_has_nothing_to_complain_of(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hours = closed_now()
    monkeypatch.setattr("crawler.run.load", lambda: CrawlConfig(contact="desk@archive.example", hours=hours))
    (tmp_path / "sites.csv").write_text("id,start_url\ntown,http://town.example/\n")
    told = CliRunner().invoke(main, ["crawl", "--due", "--sites", "sites.csv"])
    said = f"outside the hours of config/crawl.toml ({hours}, China's time): 1 sites are due and wait for them"
    assert (told.exit_code, told.output.strip()) == (0, said)


def test_a_run_that_the_hours_cut_off_is_no_failure_of_a_timer_but_one_for_a_person(capsys):
    cut = Run(run_id="town-1", site_id="town", started_at="", code_version="1", verdict="interrupted")
    cut = replace(cut, finish_reason="outside the hours of config (22-06)")
    close_runs([cut], by_timer=True)
    assert capsys.readouterr().out.splitlines()[-1] == "outside the hours of config (22-06): 1 sites go on within them"
    with pytest.raises(click.ClickException, match=r"town; outside the hours of config \(22-06\)\. Run the same"):
        close_runs([cut])
    with pytest.raises(click.ClickException, match="a full disk"):
        close_runs([cut, replace(cut, site_id="other", finish_reason="")], by_timer=True)


def test_ctrl_c_says_how_far_it_came_and_lets_an_answer_come_in(tmp_path):
    """By timeout, as deploy/gongkai.service has it, which sends the signal to the group and once more to the first."""
    asked = threading.Event()

    def slow(handler):
        asked.set()
        time.sleep(3)
        handler.reply(b"<html>report</html>")

    with serving("127.0.0.86") as quick, serving("127.0.0.87") as busy:
        quick.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        busy.routes = {"/nb/": column("/1.html", "/2.html"), "/1.html": slow, "/2.html": slow}
        sites = tmp_path / "sites.csv"
        sites.write_text(f"id,start_url\nquick,{quick.url}/nb/\nbusy,{busy.url}/nb/\n")
        options = ["--sites", str(sites), "--archive", str(tmp_path / "archive"), "--workers", "1"]
        command = [sys.executable, "-m", "gongkai", "crawl", *options, "--allow-address", "127.0.0.0/8"]
        crawling = subprocess.Popen(
            ["timeout", "--signal=INT", "--kill-after=60", "60", *command],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert asked.wait(30)
        wait_for_word(tmp_path / "archive" / "crawl.log", "quick: ok")
        time.sleep(0.2)
        crawling.send_signal(signal.SIGALRM)  # the time is over
        time.sleep(0.3)
        (ours,) = Path(f"/proc/{crawling.pid}/task/{crawling.pid}/children").read_text().split()
        os.kill(int(ours), signal.SIGINT)  # the second of the two, should it come late
        _, told = crawling.communicate(timeout=40)
    assert "Traceback" not in told
    assert told.splitlines()[-1] == "stopped; 1 of 2 sites done; the same again goes on"
    assert crawling.returncode == 124
    assert len(busy.asked) == 3
    assert {capture.url.removeprefix(busy.url) for capture in captures(tmp_path / "archive", "busy")} == {*busy.asked}
    assert list(Archive(tmp_path / "archive").verify()) == []


def test_what_is_not_installed_is_told_as_the_readme_has_it(tmp_path, monkeypatch):
    install = "make setup EXTRAS=all"
    assert install in (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    (tmp_path / "sites.csv").write_text("id,start_url\ntown,http://127.0.0.1:9/\n")
    Archive(tmp_path / "archive", holds="real")
    network = ["--sites", "sites.csv", "--allow-address", "127.0.0.0/8"]
    crawled = CliRunner().invoke(main, ["crawl", "--cluster", "tcp://127.0.0.1:9", *network])
    assert (crawled.exit_code, install in crawled.output) == (1, True), crawled.output
    shipped = CliRunner().invoke(main, ["ship", "s3://bucket/archive"])
    assert (shipped.exit_code, install in shipped.output) == (1, True), shipped.output
