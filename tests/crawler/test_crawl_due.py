"""``gongkai crawl --due`` as a timer calls it: which sites, which of their pages, and what the archive answers."""

import datetime as dt

import pytest
from click.testing import CliRunner

from crawler.items import Site
from crawler.run import crawl
from gongkai import main

from .crawling import SETTINGS, column, runs, serving

FRESH, OLD = "/202701/t20270120_1.html", "/202201/t20220120_2.html"


def page(date):
    return f'<html><head><meta name="PubDate" content="{date}"></head><body>报告</body></html>'.encode()


def first():
    return dt.datetime(2027, 1, 25, 8, tzinfo=dt.UTC)


def next_day():
    return first() + dt.timedelta(days=1)


def next_week():
    return first() + dt.timedelta(days=8)


def next_year():
    return first() + dt.timedelta(days=440)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """What a column with a fresh and an old report is asked for, run by run; and its runs."""
    root = tmp_path_factory.mktemp("due") / "archive"
    told = {}
    with serving("127.0.0.71") as server:
        server.routes = {"/nb/": column("/nb" + FRESH, "/nb" + OLD)}
        server.routes |= {"/nb" + FRESH: page("2027-01-20"), "/nb" + OLD: page("2022-01-20")}
        site = Site(id="town", start_url=server.url + "/nb/")
        for now in (first, next_day, next_week, next_year):
            begun = len(server.asked)
            settings = {**SETTINGS, "ONLY_DUE": True}
            crawl([site], archive_root=root, allow_addresses=["127.0.0.0/8"], settings=settings, now=now)
            told[now.__name__] = [path for path in server.asked[begun:] if path != "/robots.txt"]
    return told, runs(root, "town")


def test_the_first_run_asks_for_all(asked):
    assert sorted(asked[0]["first"]) == ["/nb/", "/nb" + OLD, "/nb" + FRESH]


def test_the_next_day_only_the_column_is_asked_for(asked):
    told, ended = asked
    assert told["next_day"] == ["/nb/"]
    second = next(run for run in ended if run.finished_at and run.started_at.startswith("2027-01-26"))
    assert (second.verdict, second.counts["reports"], second.counts["not_due"]) == ("nothing_new", 2, 2)


def test_after_a_week_a_fresh_report_is_asked_for_and_after_a_year_an_old_one(asked):
    assert sorted(asked[0]["next_week"]) == ["/nb/", "/nb" + FRESH]
    assert sorted(asked[0]["next_year"]) == ["/nb/", "/nb" + OLD, "/nb" + FRESH]


def test_sites_that_are_not_due_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with serving("127.0.0.72") as server:
        server.routes = {"/nb/": column("/nb" + FRESH), "/nb" + FRESH: page("2027-01-20")}
        (tmp_path / "sites.csv").write_text(f"id,start_url\ntown,{server.url}/nb/\n", "utf-8")
        options = ["crawl", "--due", "--sites", "sites.csv", "--allow-address", "127.0.0.0/8", "--workers", "1"]
        begun = CliRunner().invoke(main, options)
        assert begun.exit_code == 0, begun.output
        assert begun.output.splitlines()[-1].startswith("1 sites · 1 ok")
        asked = len(server.asked)
        again = CliRunner().invoke(main, options)
        assert (again.exit_code, again.output.strip()) == (0, "0 sites due · 1 in all")
        dry = CliRunner().invoke(main, [*options, "--dry-run"])
        assert (dry.exit_code, dry.output.strip()) == (0, "0 sites due · 1 in all")
        assert len(server.asked) == asked


REGISTRY = """id,start_url,family,level,region_code
shi,http://shi.example/,trs,prefecture,360800
xian,http://xian.example/,trs,county,360802
zhen,http://zhen.example/,ucap,township,360802001
far,http://far.example/,trs,county,510422
"""


@pytest.fixture
def dry(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.csv").write_text(REGISTRY)
    return lambda *options: CliRunner().invoke(main, ["crawl", "--sites", "sites.csv", *options])


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), "shi xian zhen far"),
        (("--family", "trs"), "shi xian far"),
        (("--level", "county", "--level", "township"), "xian zhen far"),
        (("--region", "36"), "shi xian zhen"),
        (("--region", "360802", "--region", "51"), "xian zhen far"),
        (("--region", "3608", "--family", "trs", "--level", "county"), "xian"),
        (("zhen", "xian", "--family", "trs"), "xian"),
    ],
)
def test_sites_are_chosen_and_a_dry_run_says_why_each_is_due(dry, tmp_path, options, ids):
    told = dry("--due", "--dry-run", *options)
    assert told.exit_code == 0, told.output
    *rows, last = told.output.splitlines()
    assert [row.split(maxsplit=1) for row in rows] == [[name, "never crawled"] for name in ids.split()]
    assert last == f"{len(rows)} sites due · {len(rows)} in all"
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--family", "nosuch"), 2, "--family: nosuch is unknown; known are "),
        (("--level", "country"), 2, "--level: country is unknown; known are central, "),
        (("--region", "Jiangxi"), 2, "--region: Jiangxi: the first digits of a region code are needed"),
        (("--dry-run",), 2, "--dry-run goes with --due"),
        (("--region", "11"), 1, "sites.csv has no such site"),
        (("far", "--region", "36"), 1, "sites.csv has no such site"),
    ],
)
def test_a_choice_that_cannot_be_is_told(dry, options, code, said):
    told = dry(*options)
    assert (told.exit_code, said in told.output) == (code, True), told.output
