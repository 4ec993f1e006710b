"""A site known by its home page alone: its columns are found, a maze is not walked, and what is known is not sought."""

import datetime as dt

import pytest

from crawler.items import Relisted, Site
from crawler.run import crawl

from .crawling import SETTINGS, captures, failures, listings, of_kind, serving, title

BODY = "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 五、存在的主要问题及改进情况"
LEADS = 40


def page(*links, name="岚汀县", head="", text=""):
    anchors = "".join(f'<li><a href="{href}">{words}</a></li>' for href, words in links)
    return f"<html><head><title>{name}</title>{head}</head><body>{text}<ul>{anchors}</ul></body></html>".encode()


def report(name):
    return page(name=title(name), text=f"<h1>{title(name)}</h1><p>{BODY}</p>")


def clock():
    return dt.datetime(2027, 2, 1, 8, tzinfo=dt.UTC)


def the_next_day():
    return clock() + dt.timedelta(days=1)


def a_week_later():
    return clock() + dt.timedelta(days=8)


class Maze(dict):
    """A calendar without end, news without end, and a pager in the column that always leads on."""

    def get(self, path, default=None):
        if path.startswith("/rili?"):
            day = int(path.rpartition("=")[2])
            return page((f"/rili?day={day + 1}", "后一天"), (f"/xw/{day}77777.html", "要闻"), name="政务公开日历")
        if path.startswith("/xw/"):
            number = int("".join(filter(str.isdigit, path)) or 0)
            return page(*((f"/xw/{number + n}55555.html", f"要闻{n}") for n in range(1, 9)), name="新闻中心")
        if path.startswith("/zwgk/bumen/swj/nb/index_"):
            number = int("".join(filter(str.isdigit, path.rpartition("_")[2])))
            return page(
                (f"index_{number + 1}.html", "下一页"), (f"/xw/{number}99999.html", f"要闻{number}"), name="年报"
            )
        return super().get(path, default)


def routes():
    town = "/zwgk/xz/yanchi/nb/202401/t20240120_100001.html"
    water = "/zwgk/bumen/swj/nb/202401/t20240120_100002.html"
    county = "/gk/7c/202401/t20240120_100003.html"
    named = "/xw/jyj/202401/t20240120_100004.html"
    notice = "/tz/202402/t20240201_100005.html"
    return Maze(
        {
            "/": page(
                ("/xw/", "新闻中心"),
                ("/rili?day=1", "政务公开日历"),
                ("/zwgk/", "政务公开"),
                ("/dead/", "信息公开专栏"),
                ("/xw/jyj/", "教育"),
                (notice, "岚汀县2023年政府信息公开工作年度报告公布情况"),
            ),
            "/zwgk/": page(
                ("/zwgk/bumen/", "县直部门"),
                ("/zwgk/xz/", "乡镇街道"),
                ("/gk/7c/", "其他材料"),
                ("/zwgk/wzndbb/", "政府网站工作年度报表"),
                ("/zwgk/zn/", "政府信息公开指南"),
                name="政务公开",
            ),
            "/zwgk/bumen/": page(("swj/", "水务局"), name="部门"),
            "/zwgk/bumen/swj/": page(("nb/", "信息公开年报"), name="水务局"),
            "/zwgk/bumen/swj/nb/": page((water, title("岚汀县水务局")), ("index_1.html", "下一页"), name="年报"),
            "/zwgk/xz/": page(("yanchi/", "砚池镇"), name="乡镇"),
            "/zwgk/xz/yanchi/": page(("nb/", "年报"), name="砚池镇"),
            "/zwgk/xz/yanchi/nb/": page((town, title("砚池镇"))),
            "/gk/7c/": page((county, title("岚汀县")), head='<meta name="ColumnType" content="信息公开年报">'),
            notice: page((named, "教育局"), name="岚汀县2023年政府信息公开工作年度报告公布情况"),
            town: report("砚池镇"),
            water: report("岚汀县水务局"),
            county: report("岚汀县"),
            named: report("岚汀县教育局"),
        }
    ), {town, water, county, named}


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The first run, one a week later with a report gone and one moved, and what was asked in each."""
    root = tmp_path_factory.mktemp("discovery") / "archive"
    known, reports = routes()
    runs, asked = [], []
    with serving("127.0.0.61") as server:
        server.routes = known
        site = Site(id="lanting", start_url=server.url + "/")
        settings = {**SETTINGS, "MOST_LEADS": LEADS}
        for now in (clock, the_next_day, a_week_later):
            begun = len(server.asked)
            runs += crawl([site], archive_root=root, allow_addresses=["127.0.0.0/8"], settings=settings, now=now)
            asked.append(server.asked[begun:])
            if len(runs) == 1:  # the township takes its report down, and with it the entry
                gone = next(path for path in reports if "yanchi" in path)
                del server.routes[gone]
                server.routes["/zwgk/xz/yanchi/nb/"] = page(name="年报")
    return root, runs, asked, {server.url + path for path in reports}


def listed(root, run):
    return {one.url for one in listings(root, "lanting") if one.verdict == "report" and one.run_id == run.run_id}


def test_every_report_is_found_from_the_home_page_and_nothing_else(walked):
    root, runs, _, reports = walked
    assert runs[0].verdict == "ok"
    assert listed(root, runs[0]) == reports
    assert {one.url for one in captures(root, "lanting") if one.status == 200} >= reports


def test_the_maze_costs_no_more_than_the_budget(walked):
    _, runs, asked, _ = walked
    assert runs[0].counts["discovery"] <= LEADS
    assert len(asked[0]) <= LEADS + 20
    assert sum(path.startswith(("/rili", "/xw/")) for path in asked[0]) <= LEADS // 2
    assert sum("index_" in path for path in asked[0]) <= 4
    assert not any("wzndbb" in path or "/zn/" in path for path in asked[0])


def test_a_menus_dead_link_is_no_report_that_is_gone(walked):
    root, _, asked, _ = walked
    assert "/dead/" in asked[0]
    assert "/dead/" not in failures(root, "lanting")


def test_the_next_run_begins_with_the_columns_that_are_known(walked):
    _, runs, asked, _ = walked
    assert "/" not in asked[1]
    assert "discovery" not in runs[1].counts
    assert len(asked[1]) < len(asked[0]) - 5
    assert runs[1].counts["reports"] == 3


def test_what_is_listed_as_before_is_noted_by_its_address_alone(walked):
    root, runs, _, reports = walked
    assert listed(root, runs[1]) == set()
    (stands,) = [one for one in of_kind(root, "lanting", Relisted) if one.run_id == runs[1].run_id]
    assert set(stands.entries) == {url for url in reports if "yanchi" not in url}
    assert len(stands.columns) == 3  # the township calls its column otherwise now


def test_a_report_that_vanished_is_asked_for_once_more_and_is_gone(walked):
    root, runs, asked, _ = walked
    gone = [path for path, kind in failures(root, "lanting").items() if kind == "gone"]
    assert len(gone) == 1
    assert "yanchi" in gone[0]
    assert runs[1].counts["gone"] == 1
    assert asked[1].count(gone[0]) == 1
    assert gone[0] not in asked[2]


def test_in_season_the_site_is_searched_again_after_a_week(walked):
    _, runs, asked, _ = walked
    assert "/" in asked[2]
    assert runs[2].counts["discovery"]
    assert runs[2].counts["reports"] == 3


def test_a_home_page_that_only_a_script_draws_is_a_wall_and_one_that_points_on_is_followed(tmp_path):
    shell = b"<html><head><script src='/app.js'></script></head><body><div id='app'></div></body></html>"
    moved = b"<html><script>window.location.href='/portal/'</script></html>"
    with serving("127.0.0.62") as drawn, serving("127.0.0.63") as pointing:
        drawn.routes = {"/": shell}
        pointing.routes = {
            "/": moved,
            "/portal/": page(("/zwgk/nb/", "政府信息公开年报")),
            "/zwgk/nb/": page(("/zwgk/nb/202401/t20240120_1.html", title("青溪乡"))),
            "/zwgk/nb/202401/t20240120_1.html": report("青溪乡"),
        }
        sites = [Site(id="drawn", start_url=drawn.url + "/"), Site(id="pointing", start_url=pointing.url + "/")]
        runs = crawl(
            sites, archive_root=tmp_path / "archive", allow_addresses=["127.0.0.0/8"], settings=SETTINGS, now=clock
        )
    assert failures(tmp_path / "archive", "drawn") == {"/": "blocked"}
    assert [run.verdict for run in runs] == ["blocked", "ok"]
