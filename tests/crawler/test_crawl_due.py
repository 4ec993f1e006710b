"""``gongkai crawl --due`` as a timer calls it: which sites, which of their pages, and what the archive answers."""

import datetime as dt

import pytest
from click.testing import CliRunner

from crawler.items import Failure, Listing, Site
from crawler.run import crawl
from crawler.schedule import site_is_due
from gongkai import main

from .crawling import SETTINGS, column, of_kind, runs, serving

FRESH, OLD = "/202701/t20270120_1.html", "/202201/t20220120_2.html"


def page(date):
    return f'<html><head><meta name="PubDate" content="{date}"></head><body>报告</body></html>'.encode()


def first():
    return dt.datetime(2027, 1, 25, 8, tzinfo=dt.UTC)


def next_day():
    return first() + dt.timedelta(days=1)


def third_day():
    return first() + dt.timedelta(days=2)


def fourth_day():
    return first() + dt.timedelta(days=3)


def next_week():
    return first() + dt.timedelta(days=8)


def next_summer():
    return first() + dt.timedelta(days=150)


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


WALL = b"<html><script>var $_ts=1;</script></html>"
CAPTCHA = "<html><body>请输入验证码</body></html>".encode()
NO_ANSWERS = {
    "a wall": ("/nb/2.html", WALL),
    "nothing": ("/nb/2.html", b" \n"),
    "a captcha": ("/nb/2.pdf", CAPTCHA),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_what_was_sent_in_place_of_an_answer_is_asked_for_again_the_next_day(tmp_path, name):
    """With status 200 and an ETag, as the page itself has: the old report behind it is else not due for a year."""
    path, body = NO_ANSWERS[name]
    report = page("2022-01-20").replace("报告".encode(), '<a href="/nb/2.pdf">报告.pdf</a>'.encode())
    whole = {"/nb/": column("/nb/2.html"), "/nb/2.html": report, "/nb/2.pdf": b"%PDF-1.4 whole"}

    def in_its_place(handler):
        seen.append(handler.headers["If-None-Match"])
        handler.reply(body, headers=[("ETag", '"1"'), ("Content-Type", "text/html; charset=utf-8")])

    seen = []
    with serving("127.0.0.73") as server:
        server.routes = {**whole, path: in_its_place}
        site = Site(id="town", start_url=server.url + "/nb/")
        given = {"allow_addresses": ["127.0.0.0/8"], "settings": {**SETTINGS, "ONLY_DUE": True}}
        for now in (first, next_day, third_day, fourth_day):
            if now is third_day:
                server.routes = whole
            begun = len(server.asked)
            crawl([site], archive_root=tmp_path, now=now, **given)
    assert seen == [None, None]
    assert server.asked.count(path) == 3
    assert {*server.asked[begun:]} == {"/robots.txt", "/nb/"}  # the fourth day nothing is left to ask for


MOVED = {"/nb/1.html": "/new/1.html", "/nb/2.html": "/new/2.html"}
SAME_BODY = b"<html><body>moved</body></html>"  # stored once, with the headers of the first


def moved(to):
    return lambda handler: handler.reply(SAME_BODY, status=301, headers=[("Location", to)])


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Old reports behind redirects, one that is gone: what is asked for run by run; the runs."""
    root = tmp_path_factory.mktemp("elsewhere") / "archive"
    told = {}
    with serving("127.0.0.74") as server:
        server.routes = {"/nb/": column(*MOVED, "/nb/gone.html")}
        server.routes |= {path: moved(to) for path, to in MOVED.items()}
        server.routes |= {to: page(f"2022-01-2{number}") for number, to in enumerate(MOVED.values())}
        site = Site(id="town", start_url=server.url + "/nb/")
        given = {"allow_addresses": ["127.0.0.0/8"], "settings": {**SETTINGS, "ONLY_DUE": True}}
        for now in (first, next_day, next_week, next_summer):
            begun = len(server.asked)
            crawl([site], archive_root=root, now=now, **given)
            told[now.__name__] = {*server.asked[begun:]} - {"/robots.txt", "/nb/"}
    return root, told


def test_redirects_to_old_reports_and_what_is_gone_are_not_asked_for_daily(elsewhere):
    root, told = elsewhere
    assert told["first"] == {*MOVED, *MOVED.values(), "/nb/gone.html"}
    assert told["next_day"] == set()
    second = next(run for run in runs(root, "town") if run.finished_at and run.started_at.startswith("2027-01-26"))
    assert (second.verdict, second.counts["reports"], second.counts["not_due"]) == ("nothing_new", 2, 5)


def test_what_is_gone_is_noted_as_gone_in_each_run_and_looked_for_weekly_for_two_months(elsewhere):
    root, told = elsewhere
    noted = [(one.url.rpartition("/")[2], one.kind, one.status) for one in of_kind(root, "town", Failure)]
    assert noted == [("gone.html", "gone", 404)] * 4
    assert told["next_week"] == {"/nb/gone.html"}
    assert told["next_summer"] == set()


def test_a_redirect_leads_where_it_led_though_its_body_was_stored_for_another(elsewhere):
    root, _ = elsewhere
    dates = [(one.url.rpartition("/")[2], one.published_on) for one in of_kind(root, "town", Listing)]
    assert sorted(dates) == [("1.html", "2022-01-20"), ("2.html", "2022-01-21")]  # noted once: it stands in later runs


def test_a_redirect_to_a_captcha_is_asked_for_again_the_next_day(tmp_path):
    with serving("127.0.0.75") as server:
        server.routes = {"/nb/": column("/nb/2.html"), "/nb/2.html": moved("/captcha"), "/captcha": WALL}
        site = Site(id="town", start_url=server.url + "/nb/")
        given = {"allow_addresses": ["127.0.0.0/8"], "settings": {**SETTINGS, "ONLY_DUE": True}}
        crawl([site], archive_root=tmp_path, now=first, **given)
        server.routes["/nb/2.html"] = page("2022-01-20")
        (run,) = crawl([site], archive_root=tmp_path, now=next_day, **given)
    assert (run.verdict, run.counts["reports"]) == ("ok", 1)


def test_a_site_larger_than_the_budget_is_read_whole_by_runs_a_day_apart(tmp_path):
    paths = [f"/nb/{number}.html" for number in range(20)]
    verdicts, numbers = [], []
    with serving("127.0.0.76") as server:
        server.routes = {path: page(f"2022-01-{30 - number}") for number, path in enumerate(paths)}
        server.routes["/nb/"] = column(*paths)
        site = Site(id="large", start_url=server.url + "/nb/")
        settings = {**SETTINGS, "ONLY_DUE": True, "MOST_PAGES": 9}
        for now in (first, next_day, third_day):
            begun = len(server.asked)
            given = {"allow_addresses": ["127.0.0.0/8"], "settings": settings}
            (run,) = crawl([site], archive_root=tmp_path, now=now, **given)
            verdicts.append(run.verdict)
            numbers.append(len(server.asked) - begun - 1)  # without robots.txt
            assert site_is_due([run], now() + dt.timedelta(days=1.5)).is_due
    assert verdicts == ["cut", "cut", "ok"]
    assert numbers == [9, 9, 5]
    assert [path for path in server.asked if path in paths] == paths  # as they are listed, the newest first
