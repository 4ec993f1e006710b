"""What a second crawl of a site comes to when the site has changed, and that a schedule and a person can go by it."""

import contextlib
import datetime as dt

import pytest

from crawler.archive.runs import newest_runs
from crawler.items import Site
from crawler.run import crawl
from crawler.schedule import due_sites
from crawler.status import summarise
from tests.crawler.crawling import SETTINGS, column, fails, serving

PAGE = "<html><body><h1>白石镇2023年政府信息公开工作年度报告</h1><p>本年度新收政府信息公开申请0件。</p></body></html>".encode()
NAMES = ("same", "emptied", "moved", "shorter", "broken", "walled")


@pytest.fixture(scope="module")
def crawled_twice(tmp_path_factory):
    root = tmp_path_factory.mktemp("archive")
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(serving(f"127.0.0.{n}")) for n, name in enumerate(NAMES, 21)}
        for server in servers.values():
            paths = [f"/{number}.html" for number in range(3)]
            server.routes |= {"/nb/": column(*paths), **dict.fromkeys(paths, PAGE)}
        sites = [Site(id=name, start_url=f"{server.url}/nb/") for name, server in servers.items()]
        given = {"archive_root": root, "allow_addresses": ["127.0.0.0/8"], "settings": SETTINGS}
        first = crawl(sites, **given)
        servers["emptied"].routes["/nb/"] = "<html><body><ul><li><a href='/x'>公告</a></li></ul></body></html>".encode()
        del servers["moved"].routes["/nb/"]
        servers["shorter"].routes["/nb/"] = column("/0.html")
        servers["broken"].routes["/nb/"] = fails(503)
        servers["broken"].routes["/robots.txt"] = b"User-agent: *\nDisallow: /search\n"
        servers["walled"].routes["/nb/"] = fails(412)
        second = crawl(sites, **given)
    return root, sites, first, second


def test_each_change_has_its_verdict(crawled_twice):
    _, _, first, second = crawled_twice
    assert {run.verdict for run in first} == {"ok"}
    assert {run.site_id: run.verdict for run in second} == {
        "same": "nothing_new",
        "emptied": "redesigned",
        "moved": "redesigned",
        "shorter": "fewer",
        "broken": "down",
        "walled": "blocked",
    }
    assert second[0].counts["pages"] == 4


def test_the_archive_tells_schedule_and_status_the_same(crawled_twice):
    root, sites, _, second = crawled_twice
    assert [next(newest_runs(root, site.id)) for site in sites] == second
    now = dt.datetime.fromisoformat(second[-1].finished_at)
    assert due_sites(root, sites, now) == []
    told = summarise(root, sites, now)
    assert {site.site_id for site, _ in told.waiting} == {"emptied", "moved", "shorter"}
    assert sum(told.verdicts.values()) == 2 * len(sites)
    in_two_days = {site.id for site, _ in due_sites(root, sites, now + dt.timedelta(days=2))}
    assert {"broken", "walled"} <= in_two_days
    assert not {"emptied", "moved"} & in_two_days
