"""What later runs make of a site that changed, stumbled, or was known in part: nothing found before is forgotten."""

import datetime as dt

import pytest

from crawler.items import Site
from crawler.run import crawl

from .crawling import SETTINGS, fails, failures, listings, redirect, serving, title
from .test_crawl_discovery import page, report


def articles(folder, numbers):
    return [f"{folder}202401/t20240120_{100000 + number}.html" for number in numbers]


def column(paths, name="政府信息公开年报"):
    return page(*((path, title(f"白石镇{number}号")) for number, path in enumerate(paths)), name=name)


BUREAUS, TOWNS = articles("/bm/nb/", range(3)), articles("/xz/nb/", range(10, 15))


def day(number):
    return dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC) + dt.timedelta(days=7 * number)


def week_0():
    return day(0)


def week_1():
    return day(1)


def week_2():
    return day(2)


def routes():
    home = page(("/bm/nb/", "部门信息公开年报"), ("/xz/nb/", "乡镇信息公开年报"))
    reports = {path: report("白石镇") for path in BUREAUS + TOWNS}
    return {"/": home, "/bm/nb/": column(BUREAUS), "/xz/nb/": column(TOWNS), **reports}


@pytest.fixture
def town(tmp_path):
    """A site, and a way to crawl it: ``go(week, **site)`` gives the run and what was asked."""
    with serving("127.0.0.73") as server:
        server.routes = routes()

        def go(week, **site):
            begun = len(server.asked)
            where = {"id": "town", "start_url": server.url + "/", **site}
            (run,) = crawl(
                [Site(**where)], archive_root=tmp_path, allow_addresses=["127.0.0.0/8"], settings=SETTINGS, now=week
            )
            return run, server.asked[begun:]

        server.go = go
        server.root = tmp_path
        yield server


def test_a_column_that_the_registry_names_does_not_keep_the_others_from_being_found(town):
    run, _ = town.go(week_0, entry_points=(town.url + "/bm/nb/",))
    assert run.counts["reports"] == len(BUREAUS + TOWNS)


def test_an_entry_point_that_is_a_report_is_listed_as_one(town):
    run, _ = town.go(week_0, entry_points=(town.url + BUREAUS[0],), start_url=town.url + "/nothing/")
    assert run.counts["reports"] == 1
    assert [one.url for one in listings(town.root, "town") if one.verdict == "report"] == [town.url + BUREAUS[0]]


def test_a_column_that_does_not_answer_once_is_not_forgotten_and_its_reports_have_not_vanished(town):
    town.go(week_0)
    town.routes["/xz/nb/"] = fails(503)
    _, asked = town.go(week_1)
    assert not set(TOWNS) & set(asked)
    town.routes["/xz/nb/"] = column([*TOWNS, "/xz/nb/202501/t20250120_100099.html"])
    town.routes["/xz/nb/202501/t20250120_100099.html"] = report("白石镇")
    run, _ = town.go(week_2)
    assert run.counts["reports"] == len(BUREAUS + TOWNS) + 1
    assert "unlisted" not in run.counts


def test_columns_that_moved_are_found_before_their_reports_are_taken_for_vanished(town):
    town.go(week_0)
    for folder in ("bm", "xz"):
        town.routes[f"/new/{folder}/nb/"] = town.routes.pop(f"/{folder}/nb/")
    town.routes["/"] = page(("/new/bm/nb/", "部门信息公开年报"), ("/new/xz/nb/", "乡镇信息公开年报"))
    run, _ = town.go(week_1)
    assert (run.verdict, run.counts["reports"]) == ("ok", len(BUREAUS + TOWNS))
    assert "unlisted" not in run.counts


def test_addresses_are_relative_to_what_the_page_says(town):
    base = f'<base href="{town.url}/bm/nb/">'
    links = [(path.removeprefix("/bm/nb/"), title(f"白石镇{number}号")) for number, path in enumerate(BUREAUS)]
    town.routes["/deep/er/"] = page(*links, head=base, name="政府信息公开年报")
    run, _ = town.go(week_0, start_url=town.url + "/deep/er/")
    assert run.counts["reports"] == len(BUREAUS)
    assert failures(town.root, "town") == {}


def test_a_home_page_that_leads_to_another_host_is_a_move_for_a_person_to_follow(town):
    with serving("127.0.0.74") as elsewhere:
        town.routes["/"] = redirect(elsewhere.url + "/")
        run, _ = town.go(week_0)
        assert elsewhere.asked == []
    assert run.verdict == "moved"


def test_one_known_report_leads_to_its_column_and_to_the_others(town):
    run, asked = town.go(week_0, start_url=town.url + BUREAUS[1])
    assert "/bm/nb/" in asked
    assert run.counts["reports"] == len(BUREAUS + TOWNS)
    assert failures(town.root, "town") == {}


def test_a_report_whose_site_has_no_home_page_leads_to_its_column_all_the_same(town):
    del town.routes["/"]
    run, _ = town.go(week_0, start_url=town.url + BUREAUS[1])
    assert (run.verdict, run.counts["reports"]) == ("ok", len(BUREAUS))
