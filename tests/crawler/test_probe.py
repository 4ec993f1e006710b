"""`gongkai probe` says of a site what is wrong in its line or its family, keeps what came, and goes on after a kill."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler import registry
from crawler.archive import Archive
from crawler.families import FAMILIES
from crawler.items import Failure, Listing, Run, Site
from crawler.probe import FACTS, Answer, Probed, correcting, facts, visit
from crawler.probe.choice import choose
from crawler.probe.report import report_on
from gongkai import main
from sample.elsewhere import Elsewhere

from .crawling import SETTINGS, column, free_port, serving, title

HOST = "http://town.example"
LIST = f"{HOST}/zwgk/nb/"
HTML = {"content-type": "text/html; charset=utf-8"}
TAGS = '<meta name="SiteName" content="云溪县人民政府"><meta name="SiteIDCode" content="5329990001">'


def answer(url, body="", status=200, kind="text/html", headers=HTML, **more):
    data = body if isinstance(body, bytes) else body.encode()
    return Answer(url, status, headers, data, kind, **more)


def rows(*numbers, base=""):
    return "".join(
        f'<li><a href="{base}202401/t2024012{n}_55{n}.html">{title(f"白石镇{n}号")}</a><span>2024-01-2{n}</span></li>'
        for n in numbers
    )


def article(number):
    return f"{LIST}202401/t2024012{number}_55{number}.html"


def listed(url, verdict="report"):
    return Listing(run_id="r", site_id="town", url=url, title=title("白石镇"), found_on=LIST, verdict=verdict)


def failed(url, kind, message="as it was told"):
    return Failure(run_id="r", site_id="town", url=url, failed_at="2026-03-02T08:00:00Z", kind=kind, message=message)


def site(**more):
    fields = {"family": "trs", "entry_points": (LIST,), "region_code": "532999", **more}
    return Site(id="town", start_url=f"{HOST}/", **fields)


def probed(*answers, listings=(), failures=(), again=(), **more):
    run = Run(run_id="r", site_id="town", started_at="2026-03-02T08:00:00Z", code_version="1", finished_at="later")
    return Probed(site(**more), 7, run, answers, tuple(listings), tuple(failures), again)


def told(of, what):
    """(holds, seen) of the one fact that is called so."""
    (fact,) = [one for one in facts(of) if one.what == what]
    return fact.holds, fact.seen


SCRIPT = '<script>createPageHTML(2, 0, "index", "html");</script>'
BODY = '<div class="TRS_Editor"><p>一、总体情况</p><a href="./P0202401.pdf">附件</a></div>'
HEAD = f'<meta name="ArticleTitle" content="{title("白石镇")}"><meta name="PubDate" content="2024-01-20">{TAGS}'


def whole():
    """A site at which all that can be seen holds, but for ContentSource."""
    page = f"<html><head>{TAGS}<meta name='ColumnType' content='信息公开年报'></head><body>"
    return [
        answer(f"{HOST}/robots.txt", "User-agent: *\nCrawl-delay: 3\nDisallow: /search\n", kind="text/plain"),
        answer(LIST, f"{page}<ul>{rows(1, 2)}</ul>{SCRIPT}", headers={**HTML, "etag": '"1"'}, kept="fixtures/1.html"),
        answer(f"{LIST}index_1.html", f"{page}<ul>{rows(3)}</ul>{SCRIPT}"),
        *(answer(article(n), f"<html><head>{HEAD}</head><body>{BODY}") for n in (1, 2, 3)),
        answer(f"{LIST}202401/P0202401.pdf", b"%PDF-1.7", kind="application/pdf", headers={}),
    ]


REPORTS = [listed(LIST, "column"), *(listed(article(n)) for n in (1, 2, 3))]


def test_a_site_that_is_as_assumed():
    of = probed(*whole(), listings=REPORTS, again=((LIST, 304),))
    assert [one.what for one in facts(of)] == list(FACTS)
    assert [one.what for one in facts(of) if one.holds is not True] == ["publisher"]
    assert told(of, "robots") == (True, "rules, 1 paths closed, none of them in the way; Crawl-delay 3")
    assert told(of, "family") == (True, "trs on 4 of 4 pages")
    assert told(of, "list") == (True, "2 entries, 2 read like reports, 2 have a date beside them")
    assert told(of, "pager") == (True, "1 further pages: index_1.html")
    assert told(of, "second page") == (True, "index_1.html brought 1 new entries")
    assert told(of, "body") == (True, "3 of 3: TRS_Editor 3")
    assert told(of, "attachments") == (True, "1 of 1: 1 linked; application/pdf (200) 1")
    assert told(of, "region") == (True, "5329990001")
    assert told(of, "charset") == (True, "declared utf-8, is utf-8 (5)")


def with_changes(**changes):
    """The same site with other answers, by the end of the address."""
    found = [
        replace(one, **changes[key]) if (key := one.url.rpartition("/")[2].partition(".")[0] or "list") in changes else one
        for one in whole()
    ]  # fmt: skip
    return probed(*found, listings=REPORTS)


@pytest.mark.parametrize(
    ("what", "changes", "seen"),
    [
        ("robots", {"robots": {"status": 503}}, "503, which closes all until it is better"),
        ("robots", {"robots": {"body": b"User-agent: *\nDisallow: /\n"}}, "closes all"),
        ("robots", {"robots": {"body": b"User-agent: *\nDisallow: /zwgk/\n"}}, "closes /zwgk/nb/"),
        ("entry point", {"list": {"body": "<p>您访问的页面不存在</p>".encode()}}, "the page says that it does not exist"),
        ("list", {"list": {"body": b"<a href='/x'>x</a>"}, "index_1": {"status": 404}}, "no entry among 1 links"),
        (
            "list",
            {"list": {"body": b"<script>$.post('/web/rest/rows?page=', show)</script>"}, "index_1": {"status": 404}},
            "the page is hardly more than a script; its scripts name /web/rest/rows",
        ),
        (
            "pager",
            {"list": {"body": f"<ul>{rows(1)}</ul><script>turn({{pageCount: 3}})</script>".encode()}},
            "the page speaks of 3 pages (pageCount: 3); no further one is named",
        ),
        ("second page", {"index_1": {"status": 404}}, "index_1.html answers 404 without a new entry"),
        ("second page", {"index_1": {"body": f"<ul>{rows(1, 2)}</ul>".encode()}}, "index_1.html answers 200"),
        ("attachments", {"P0202401": {"body": b"<html>", "sniffed_type": "text/html"}}, "0 of 1: 1 linked; text/html (200) 1"),
        ("charset", {"list": {"body": f"<ul>{rows(1)}</ul>".encode("gb18030")}}, "declared utf-8, is gb18030 (1)"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_said(what, changes, seen):
    holds, said = told(with_changes(**changes), what)
    assert holds is False
    assert seen in said


@pytest.mark.parametrize(
    ("body", "status", "seen"),
    [
        (b"<!DOCTYPE html><html>404", 200, "HTML in its place; taken as none"),
        (b"", 404, "none (404)"),
        (b"<script>$_ts=1</script>", 200, "a wall in its place (200); taken as none"),
        (b"", 200, "rules, 0 paths closed, none of them in the way"),
    ],
)
def test_a_robots_txt_that_is_none_closes_nothing(body, status, seen):
    assert told(with_changes(robots={"body": body, "status": status}), "robots") == (True, seen)


def test_walls_and_silence():
    walled = probed(answer(LIST, status=412), failures=[failed(LIST, "blocked")])
    assert told(walled, "reachable") == (False, "a wall: a challenge page (412, as 瑞数 sends it)")
    assert told(walled, "entry point")[0] is None
    silent = probed(failures=[failed(LIST, "refused")])
    assert told(silent, "reachable") == (False, "refused: as it was told")
    assert {one.holds for one in facts(silent) if one.what != "reachable"} == {None}
    assert {one.holds for one in facts(probed())} == {None}


def test_where_the_registrys_addresses_lead():
    moved = answer(LIST, status=301, location="https://town.example/zwgk/nb/")
    there = answer("https://town.example/zwgk/nb/", rows(1))
    of = probed(moved, there)
    assert told(of, "host") == (False, "301, redirected to https://town.example/zwgk/nb/")
    assert told(of, "entry point") == (True, "200")
    assert told(of, "list")[0] is True
    home = probed(replace(moved, location=f"{HOST}/"), answer(f"{HOST}/", "<a href='/x'>x</a>"))
    assert told(home, "entry point") == (False, f"leads to the home page {HOST}/")
    away = probed(replace(moved, location="http://new.example/"), failures=[failed(LIST, "not_followed")])
    assert told(away, "entry point")[0] is False
    assert told(probed(answer(LIST, status=404), failures=[failed(LIST, "gone")]), "entry point")[0] is False
    assert told(probed(failures=[failed(LIST, "timeout")]), "entry point")[0] is None


def test_the_column_that_lists_most_is_told_and_its_absence_from_the_registry_is_no_mistake():
    few, most = f"{HOST}/gh/", f"{HOST}/nb/"
    pages = [answer(url, f"<ul>{rows(1, 2)}</ul>") for url in (f"{HOST}/", few, most)]
    links = replace(listed(f"{HOST}/", "column"), reason="a page that links reports")
    found = [replace(listed(article(n)), found_on=most) for n in (1, 2)]
    of = probed(*pages, listings=[links, listed(few, "column"), listed(most, "column"), *found], entry_points=())
    assert told(of, "entry point") == (True, f"found {most} and 2 more")
    assert not [one for one in report_on([of], "sites.csv").corrections if one.where.endswith("entry_points")]


def test_a_guessed_page_that_is_not_there_is_no_mistake():
    page = f"{HOST}/zwgk/nb/content/post_5.html"
    entry = f"<a href='{page}'>{title('白石镇')}</a>"
    of = probed(answer(LIST, entry), answer(f"{LIST}index_2.html", status=404), family="nfcms")
    assert told(of, "second page")[0] is None
    assert told(of, "pager")[0] is True


PIECES = ("<a href='", "index_1.html'>", "下一页</a>", SCRIPT, rows(1), "<meta charset=", "http://[", "|", "\n", "共9页", "User-agent: *\n",
          "Disallow: /\n", "<meta name='SiteIDCode' content='", "']]>", "<![CDATA[", '{"results": [', "window._CONFIG", "\udce4")  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from((LIST, f"{HOST}/robots.txt", f"{LIST}index_1.html", article(1))),
            st.lists(st.sampled_from(PIECES)).map("".join) | st.text(),
            st.sampled_from((200, 302, 404, 412, 503)),
            st.sampled_from(("", "http://[", f"{LIST}index_1.html", LIST)),
            st.sampled_from(("text/html", "text/plain", "application/pdf")),
        ),
        max_size=5,
    ),
    st.sampled_from((*FAMILIES, "")),
)
def test_whatever_comes_each_fact_is_told_once_and_the_report_is_a_table(came, family):
    answers = [
        answer(url, body.encode("utf-8", "surrogateescape"), status, kind, location=location)
        for url, body, status, location, kind in came
    ]
    of = probed(*answers, listings=REPORTS, family=family)
    assert [one.what for one in facts(of)] == list(FACTS)
    report = report_on([of], "sites.csv")
    table = report.as_markdown().partition("## Every fact")[2].strip().splitlines()
    assert {line.replace("\\|", "").count("|") for line in table} == {7}
    json.dumps(report.as_json())


def test_each_correction_names_its_place():
    of = with_changes(index_1={"status": 404})
    of = replace(of, site=replace(of.site, family="ucap", region_code="110101"))
    found = report_on([of], "sites.csv").corrections
    assert [(one.where, one.kept) for one in found] == [
        ("sites.csv line 7, family", "fixtures/1.html"),
        ("crawler/families/trs.py step 2", ""),
        ("", ""),
        ("sites.csv line 7, region_code", "fixtures/1.html"),
    ]
    family, page, publisher, region = (one.says for one in found)
    assert family == "family: ucap; seen: trs on 4 of 4 pages"
    assert page.endswith("seen: index_1.html answers 404 without a new entry")
    assert publisher.startswith("publisher: 0 of 3")
    assert region.endswith("110101; seen: 5329990001")


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_family_has_a_file_and_steps_to_name(family):
    from crawler.probe.items import Fact

    assert correcting.file_of(family).endswith(".py")
    for what in ("list", "pager", "address form"):
        assert " step " in correcting.where_of(Fact("town", family.NAME, what, "", "", False), 7, "sites.csv")


def test_what_manuals_call_unproven_is_in_the_list_for_the_first_day():
    listed = (registry.DEFAULT.parents[1] / "docs" / "first-network-run.md").read_text("utf-8")
    found = list(correcting.unproven())
    assert len(found) > 10
    assert [place for place, _ in found if place.partition(" ")[0] not in listed] == []


def test_a_few_sites_of_each_family_sure_ones_first_from_other_provinces():
    def one(name, code, confidence, family="trs", host=""):
        return Site(
            id=name, start_url=f"http://{host or name}.example/", region_code=code, confidence=confidence, family=family
        )

    sites = [
        one("a", "320100", "medium"),
        one("b", "320200", "high"),
        one("c", "320300", "high"),
        one("d", "440100", "high"),
        one("e", "440100", "low", "ucap"),
        one("f", "330100", "high", host="b"),
    ]
    names = [site.id for site in choose(sites, (), 2)]
    assert names == ["b", "d", "e"]
    assert [site.id for site in choose(sites, ["trs"], 9)] == ["b", "d", "c", "a"]
    assert choose(sites, ["hebei"], 2) == []


@pytest.fixture
def probe(tmp_path, monkeypatch):
    monkeypatch.setattr(visit, "SETTINGS", {**visit.SETTINGS, **SETTINGS, "CLOSESPIDER_PAGECOUNT": 16})
    path = tmp_path / "sites.csv"

    def invoke(sites, *arguments):
        text = io.StringIO(newline="")
        csv.writer(text).writerow(registry.FIELDS)
        path.write_text(text.getvalue() + "".join(registry.line_of(one) + "\r\n" for one in sites), "utf-8", newline="")
        options = ("--sites", path, "--out", tmp_path / "out", "--allow-address", "127.0.0.0/8")
        return CliRunner().invoke(main, ["probe", *map(str, (*arguments, *options))])

    invoke.out = tmp_path / "out"
    return invoke


def test_sites_with_right_and_wrong_lines(probe):
    with Elsewhere() as world:
        homes = world.homes

        def line(name, family, entry="", **more):
            return Site(
                id=name,
                start_url=homes[name],
                family=family,
                entry_points=(homes[name] + entry,) if entry else (),
                **more,
            )

        sites = [
            line("yanxi", "trs", "zfxxgk/fdzdgknr/xxgknb/", confidence="high"),
            line("jihu", "ucap"),
            line("nanpu", "fujian", "moved/away/"),
            line("liyuan", "generic"),
            line("fenglu", "jeecms"),
        ]
        result = probe(sites)
        asked = len(world.log)
        again = probe(sites)
        assert len(world.log) == asked
        sites[2] = line("nanpu", "fujian", "cms/nb/index.html")
        corrected = probe(sites)
        assert {f"http://{one.address}:{one.port}/" for one in world.log[asked:]} == {homes["nanpu"]}
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("5 sites · 5 answered · ")
    assert again.output.splitlines()[-1] == result.output.splitlines()[-1]
    assert "moved/away" in result.output
    assert "moved/away" not in corrected.output

    told = json.loads((probe.out / "report.json").read_text("utf-8"))
    held = {(fact["site"], fact["what"]): (fact["holds"], fact["seen"]) for fact in told["facts"]}
    for what in ("family", "list", "pager", "second page", "address form", "title", "validators", "conditional"):
        assert held["yanxi", what][0] is True, (what, held["yanxi", what])
    assert held["yanxi", "charset"] == (True, held["yanxi", "charset"][1])
    assert held["jihu", "family"][0] is False
    assert held["jihu", "family"][1].startswith("hebei on ")
    assert held["liyuan", "reachable"] == (False, "a wall: a challenge page (412, as 瑞数 sends it)")
    assert held["nanpu", "entry point"][0] is True
    assert held["fenglu", "robots"][0] is False
    wheres = {(one["site"], one["where"]) for one in told["corrections"]}
    assert ("jihu", "sites.csv line 3, family") in wheres
    assert ("fenglu", "") in wheres
    assert told["table"]["hebei"]["list"] == [1, 0, 0]

    markdown = (probe.out / "report.md").read_text("utf-8")
    assert "### sites.csv line 3, family" in markdown
    assert "hebei.py: Unproven: that blocks count from 1" in markdown

    kept = sorted((probe.out / "fixtures" / "trs" / "yanxi").iterdir())
    about = [json.loads(path.read_text("utf-8")) for path in kept if path.suffix == ".json"]
    assert {one["url"] for one in about} > {homes["yanxi"] + "zfxxgk/fdzdgknr/xxgknb/"}
    assert list(Archive(probe.out / "archive").verify()) == []


def test_nothing_to_ask_and_nobody_who_answers(probe):
    dead = Site(id="dead", start_url=f"http://127.0.0.1:{free_port()}/", family="trs")
    result = probe([dead])
    assert result.exit_code == 1
    assert "no site answered: is there a network?" in result.output
    assert "refused" in (probe.out / "report.md").read_text("utf-8")
    assert probe([dead], "--family", "tsr").exit_code == 2
    assert probe([dead], "--family", "hebei").exit_code == 1
    assert probe([dead], "--site", "other").exit_code == 2
    public = Site(id="public", start_url="http://town.example/", family="trs")
    visit.SETTINGS["CONTACT"] = ""
    assert "set a contact" in probe([public]).output


PROBE = textwrap.dedent("""
    import json, sys
    from crawler.probe import visit
    from gongkai import main
    visit.SETTINGS = {**visit.SETTINGS, **json.loads(sys.argv.pop(1))}
    main()
""")


def test_killed_half_way_it_goes_on(probe, tmp_path):
    with serving() as server:
        paths = [f"/{number}.html" for number in range(12)]
        server.routes |= {
            "/nb/": column(*paths),
            **{path: f"<title>{title('镇')}</title>{path}".encode() for path in paths},
        }
        town = Site(id="town", start_url=f"{server.url}/nb/", family="generic")
        (tmp_path / "sites.csv").write_text(",".join(registry.FIELDS) + "\n" + registry.line_of(town) + "\n", "utf-8")
        options = ["--sites", tmp_path / "sites.csv", "--out", probe.out, "--allow-address", "127.0.0.0/8"]
        child = subprocess.Popen(
            [sys.executable, "-c", PROBE, json.dumps({**SETTINGS, "DOWNLOAD_DELAY": 0.1}), "probe", *map(str, options)],
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        end = time.monotonic() + 20
        while len(server.asked) < 7 and time.monotonic() < end:
            time.sleep(0.005)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        before = list(server.asked)
        assert 7 <= len(before) < 12
        assert not (probe.out / "report.md").exists()
        result = probe([town])
        assert result.exit_code == 0, result.output
        twice = [path for path in server.asked if server.asked.count(path) > 1]
        assert len(set(twice)) <= 1  # what was under way at the kill
        assert set(server.asked) == {"/robots.txt", "/nb/", *paths}
    assert len(list((probe.out / "fixtures" / "generic" / "town").glob("*.headers.json"))) >= 13
