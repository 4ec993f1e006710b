"""The spider as a user of Scrapy starts it, from the root of the repository."""

import subprocess
import sys
from pathlib import Path

from crawler.archive import Archive

from .crawling import column, listings, runs, serving

ROOT = Path(__file__).resolve().parent.parent.parent


def scrapy(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def settings(tmp_path, **more):
    given = {
        "SITES": tmp_path / "sites.csv",
        "ARCHIVE_ROOT": tmp_path / "archive",
        "ALLOWED_ADDRESSES": "127.0.0.0/8",
        "CONTACT": "x@y.example",
        "DOWNLOAD_DELAY": 0.02,
        **more,
    }
    return [argument for name, value in given.items() for argument in ("-s", f"{name}={value}")]


def test_the_spider_is_listed():
    assert scrapy("list").stdout.split() == ["column"]


def test_one_site_is_crawled_into_the_archive_named(tmp_path):
    with serving() as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        (tmp_path / "sites.csv").write_text(f"id,start_url\ntown,{server.url}/nb/\n", "utf-8")
        done = scrapy("crawl", "column", "-a", "site=town", *settings(tmp_path))
    assert done.returncode == 0, done.stderr
    assert [listing.url for listing in listings(tmp_path / "archive", "town")] == [server.url + "/1.html"]
    assert runs(tmp_path / "archive", "town")[-1].verdict == "ok"
    (agent,) = server.agents
    assert agent.startswith("Gongkai/")
    assert "x@y.example" in agent
    assert Archive(tmp_path / "archive").holds == "real"
    assert "Traceback" not in done.stderr


def test_an_unknown_site_and_no_delay_are_refused_in_words(tmp_path):
    (tmp_path / "sites.csv").write_text("id,start_url\ntown,http://127.0.0.1:9/nb/\n", "utf-8")
    unknown = scrapy("crawl", "column", "-a", "site=towm", *settings(tmp_path))
    assert "no such site in the registry: towm; did you mean town?" in unknown.stderr
    hasty = scrapy("crawl", "column", "-a", "site=town", *settings(tmp_path, DOWNLOAD_DELAY=0))
    assert "DOWNLOAD_DELAY must be above 0" in hasty.stderr
    assert not (tmp_path / "archive").exists()
