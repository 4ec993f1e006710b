"""`gongkai site add` looks at a site as a crawl would, proposes its line, and adds it to a registry that stays whole."""

import csv
import io

import pytest
from click.testing import CliRunner

from crawler import registry, site_visit
from crawler.families import Page
from crawler.items import Failure, Listing, Run, Site
from crawler.site_proposal import NothingToProposeError, Visit, propose
from crawler.site_visit import visit
from gongkai import main

from .crawling import SETTINGS, fails, free_port, serving, title

BODY = "<p>一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况</p>"
TAGS = (
    '<meta name="SiteName" content="云溪县人民政府门户网站"><meta name="SiteIDCode" content="5329990001">'
    '<meta name="ColumnType" content="信息公开年报">'
)


def html(body, head=TAGS):
    return f"<html><head>{head}<title>政府信息公开年报-云溪县</title></head><body>{body}</body></html>".encode()


def article(number):
    return f"/zwgk/nb/202401/t2024012{number}_{500 + number}.html"


ROWS = "".join(
    f'<li><a href="{article(number)}">{title(name)}</a><span>2024-01-2{number}</span></li>'
    for number, name in enumerate(("白石镇", "麦浦镇", "水务局"))
)
OTHERS = '<li><a href="/zwgk/nb/202401/t20240125_9.html">云溪县政府网站工作年度报表（2023年度）</a></li>'
PAGES = {
    "/robots.txt": b"User-agent: *\nAllow: /\n",
    "/zwgk/nb/": html(f"<ul>{ROWS}{OTHERS}</ul>"),
    **{article(number): html(BODY) for number in range(3)},
}


@pytest.fixture
def server():
    with serving() as one:
        one.routes.update(PAGES)
        yield one


@pytest.fixture
def add(tmp_path, monkeypatch):
    monkeypatch.setattr(site_visit, "SETTINGS", {**site_visit.SETTINGS, **SETTINGS})
    path = tmp_path / "sites.csv"
    path.write_bytes(
        "id,name,family,start_url,evidence,entry_points\r\nbaishi,白石镇,trs,http://baishi.example/,,".encode()
    )

    def invoke(*arguments):
        options = ("--sites", path, "--allow-address", "127.0.0.0/8")
        return CliRunner().invoke(main, ["site", "add", *map(str, (*arguments, *options))])

    invoke.path = path
    return invoke


def test_a_site_is_shown_and_added_once(add, server):
    before = add.path.read_bytes()
    shown = add(server.url + "/zwgk/nb/", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert add.path.read_bytes() == before
    assert "3 reports\n  2024-01-22  " + title("水务局") in shown.output
    assert "the site's own yearly report (政府网站工作年度报表): 云溪县政府网站工作年度报表" in shown.output
    assert shown.output.splitlines()[-1] == "nothing written (--dry-run) · 3 reports · 1 skipped"

    added = add(server.url + "/zwgk/nb/")
    assert added.exit_code == 0, added.output
    assert f"added to {add.path} as 127-0-0-1" in added.output
    assert "has no column region_code: that was left out" in added.output
    text = add.path.read_bytes()
    assert text.startswith(before + b"\r\n")
    assert text.count(b"\r\n") == text.count(b"\n") == 3
    site = registry.load(add.path)[1]
    assert site == Site(
        id="127-0-0-1",
        name="云溪县人民政府门户网站",
        family="trs",
        start_url=server.url + "/",
        entry_points=(server.url + "/zwgk/nb/",),
        evidence=site.evidence,
    )
    assert site.evidence.startswith(f"{server.url}{article(2)} (report of 2023, visited ")

    server.asked.clear()
    again = add(server.url + "/zwgk/nb/")
    assert again.exit_code == 1, again.output
    assert f"{add.path} has it as '127-0-0-1'" in again.output
    assert not server.asked
    assert add.path.read_bytes() == text


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("www.town.example/nb/", 2, "an address that begins with http:// or https:// is needed"),
        ("https://www.12345qb.com/zwgk/", 1, "known spam mirror"),
        ("http://baishi.example/nb/", 1, "has it as 'baishi'"),
    ],
)
def test_what_must_not_be_added_is_refused_before_anything_is_fetched(add, url, code, said):
    before = add.path.read_bytes()
    result = add(url)
    assert result.exit_code == code
    assert said in result.output
    assert add.path.read_bytes() == before


def test_a_public_site_is_not_visited_while_nobody_is_named_to_write_to(add, monkeypatch):
    monkeypatch.setattr(site_visit, "SETTINGS", {**site_visit.SETTINGS, "CONTACT": ""})
    result = add("http://town.example/nb/")
    assert result.exit_code == 1
    assert "town-example: set a contact in config/crawl.toml first" in result.output


def refused(url, **more):
    with pytest.raises(NothingToProposeError) as error:
        propose(url, visit(url, allow_addresses=["127.0.0.0/8"], settings={**SETTINGS, **more}))
    return str(error.value)


def test_a_wall_is_told_and_left_alone(server):
    server.routes["/walled/"] = fails(412)
    said = refused(server.url + "/walled/")
    assert "the site answers with a wall" in said
    assert "412" in said
    assert server.asked.count("/walled/") == 1


def test_a_site_that_does_not_answer_is_told():
    assert "nothing answered" in refused(f"http://127.0.0.1:{free_port()}/nb/", RETRY_TIMES=0)


def test_a_site_that_closes_itself_is_told(server):
    server.routes["/robots.txt"] = b"User-agent: *\nDisallow: /\n"
    assert "robots.txt closes it" in refused(server.url + "/zwgk/nb/")
    assert server.asked == ["/robots.txt"]


def test_a_page_without_reports_says_what_to_name(server):
    server.routes["/news/"] = html(f"<ul>{OTHERS}</ul>")
    said = refused(server.url + "/news/")
    assert "no report was found on 1 pages, 1 entries that are no reports" in said
    assert "Name the column of yearly reports" in said


def test_a_visit_stops_at_its_budget(server):
    rows = "".join(f'<li><a href="/zwgk/nb/{number}.html">{title(f"{number}号镇")}</a></li>' for number in range(100))
    server.routes["/zwgk/nb/"] = html(f"<ul>{rows}</ul>")
    server.routes.update({f"/zwgk/nb/{number}.html": html(BODY) for number in range(100)})
    url = server.url + "/zwgk/nb/"
    brought = visit(url, allow_addresses=["127.0.0.0/8"], settings={**SETTINGS, "CLOSESPIDER_PAGECOUNT": 8})
    assert len(server.asked) < 15
    assert any("the visit stopped after" in note for note in propose(url, brought).notes)


HOST = "http://www.sjj.yunxi.gov.cn"


def brought(pages, reports, run=None, failures=()):
    run = run or Run(run_id="r", site_id="visited", started_at="2026-02-01T00:00:00Z", code_version="0", verdict="ok")
    listings = tuple(
        Listing(run_id="r", site_id="visited", url=url, title=name, found_on=at, verdict="report")
        for url, name, at in reports
    )
    return Visit(run, tuple(Page(url, text) for url, text in pages), listings, failures)


def one_report(head="<title>年报_云溪县审计局</title>", at=HOST + "/nb/"):
    page = f"<html><head>{head}</head><body></body></html>"
    return brought([(at, page)], [(HOST + "/nb/1.html", title("云溪县审计局"), at)])


def test_the_line_of_a_department_takes_its_name_from_the_title():
    proposal = propose(HOST + "/nb/", one_report())
    assert proposal.site == Site(
        id="sjj-yunxi",
        start_url=HOST + "/",
        name="云溪县审计局",
        agency="云溪县审计局",
        level="department",
        family="generic",
        entry_points=(HOST + "/nb/",),
        evidence=HOST + "/nb/1.html (report of 2023, visited 2026-02-01)",
        confidence="high",
    )
    assert any("SiteIDCode" in note for note in proposal.notes)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("云溪省人民政府", "5300000001", ("530000", "province", "云溪省人民政府")),
        ("云溪市人民政府", "5399000001", ("539900", "prefecture", "云溪市人民政府")),
        ("云溪县人民政府门户网站", "5399010001", ("539901", "county", "云溪县人民政府")),
        ("云溪部", "bm99000001", ("", "central", "云溪部")),
        ("云溪县人民政府", "9912340001", ("", "", "云溪县人民政府")),
        ("云溪之窗", "5399010001", ("539901", "", "")),
        ("=云溪县审计局", "", ("", "department", "云溪县审计局")),
    ],
)
def test_division_and_level_come_from_the_page_tags(name, code, expected):
    tags = f'<META NAME="sitename" CONTENT="{name}"><meta name="SiteIDCode" content="{code}">'
    site = propose(HOST + "/nb/", one_report(tags)).site
    assert (site.region_code, site.level, site.agency) == expected
    assert not site.name.startswith("=")


def test_of_a_home_page_no_column_is_written_down_since_a_crawl_finds_them_all():
    pages = [(HOST + path, "<html></html>") for path in ("/", "/gk/", "/gk/nb/", "/gk/nb/2022n/", "/gk/nb/2023n/")]
    reports = [(f"{HOST}/{year}.html", title("白石镇"), f"{HOST}/gk/nb/{year}n/") for year in (2022, 2023)]
    site = propose(HOST + "/", brought(pages, reports)).site
    assert (site.start_url, site.entry_points) == (HOST + "/", ())


def test_ids_that_are_taken_are_not_proposed_and_a_shared_host_keeps_its_parts_apart():
    part = Site(id="sjj-yunxi", start_url=HOST + "/ed/")
    site = propose(HOST + "/nb/", one_report(), [part]).site
    assert (site.id, site.start_url) == ("sjj-yunxi-nb", HOST + "/nb/")
    taken = [part, Site(id="sjj-yunxi-nb", start_url="http://other.example/")]
    assert propose(HOST + "/nb/", one_report(), taken).site.id == "sjj-yunxi-2"


def test_walls_among_the_pages_are_noted():
    wall = Failure(run_id="r", site_id="visited", url=HOST + "/x", failed_at="", kind="blocked", message="412")
    made = one_report()
    notes = propose(HOST + "/nb/", Visit(made.run, made.pages, made.listings, (wall,))).notes
    assert any(note.startswith("1 addresses answered with a wall") for note in notes)


def test_a_proposed_line_is_one_that_the_registry_takes(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(",".join(registry.FIELDS) + "\n", "utf-8")
    made = one_report('<meta name="SiteName" content="云溪县,&quot;审计&quot;\n局">', HOST + "/n b/")
    site = propose(HOST + "/n b/", made).site
    assert registry.append(path, site) == ()
    assert registry.load(path) == [site]
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    assert rows[1][:2] == ["sjj-yunxi", '云溪县,"审计" 局']
