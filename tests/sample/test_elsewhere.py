"""The second world keeps its contract: what it says can be found is there, can be reached, and changes as it says."""

import csv
import http.client
import json
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

from extract.reading import read
from sample.elsewhere import Elsewhere
from sample.elsewhere.boda import CAPTCHA
from sample.elsewhere.report import Report, document
from sample.elsewhere.serving import Request

REGISTRY = Path(__file__).parents[2] / "config" / "sites.csv"


@pytest.fixture(scope="module")
def still():
    """The world as built, asked without a network: no test changes it."""
    return Elsewhere()


@pytest.fixture
def world():
    with Elsewhere() as served:
        yield served


def fetch(url, headers=(), method="GET"):
    """Status, headers and body, redirects not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, url[len(f"{parts.scheme}://{parts.netloc}") :], headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def ask(site, target, body=None):
    request = Request("GET" if body is None else "POST", target, {"referer": site.base}, body or b"")
    answer = site.answer(request)
    while answer.status == 302:
        answer = site.answer(Request("GET", dict(answer.headers)["Location"], {}))
    return answer


def path_of(site, url):
    return url.removeprefix(site.base)


# A walker that knows each family's documented way on, and nothing else ---------------------------------------------


def noise(site):
    """The lists and articles of news, in which a walk would drown."""
    paths = {entry.path for column in site.news for entry in column.entries}
    return paths | {site.list_url(column.slug, page) for column in site.news for page in range(1, column.pages + 2)}


def walked(site):
    """Every target that links and documented endpoints lead to from the home page."""
    drowning, seen, waiting = noise(site), set(), ["/"]
    while waiting:
        target = waiting.pop()
        answer = ask(site, target)
        if answer.status != 200 or not answer.kind.startswith("text/html"):
            continue
        text = answer.body.decode(site.codec, "replace")
        for found in [*links(text), *ways_on(site, target, text)]:
            absolute = urljoin(site.base + target, found)
            inner = path_of(site, absolute).partition("#")[0]
            known = inner in seen or inner in drowning or inner.startswith(("/rili", "/hudong", "/xw"))
            if absolute.startswith(site.base) and not known:
                seen.add(inner)
                waiting.append(inner)
    return seen


def missed(site, reached):
    """Reports of which no address was reached."""
    return [r.url for r in site.reports() if not {path_of(site, url) for url in (r.url, *r.twins)} & reached]


def links(text):
    return [unescape(found) for found in re.findall(r"""href=["']?([^"'\s>]+)""", text)]


def ways_on(site, target, text):
    """What scripts would ask for."""
    if pages := re.search(r"createPageHTML\((\d+)|countPage = (\d+)", text):
        yield from (f"index_{n}.html" for n in range(1, int(pages[1] or pages[2])))
    if proxy := re.search(r"proxyUrl:'([^']+)',ajaxParam:\{([^}]*)\}", text):
        values = dict(re.findall(r"(\w+):'?([^',]*)", proxy[2]))
        query = "&".join(f"{key}={quote(values[key])}" for key in ("columnid", "unitid", "webid"))
        yield from links(ask(site, f"{proxy[1]}?startrecord=1&endrecord=300&perpage=8&{query}").body.decode())
    if group := re.search(r'<nextgroup><!\[CDATA\[<a href="([^"]+)page=2([^"]+)"', text):
        for page in range(2, 9):
            yield from links(ask(site, f"{group[1]}page={page}{group[2]}").body.decode())
    if build := re.search(r'url="([^"]+)" queryData="([^"]+)"', text):
        values, before = dict(re.findall(r"'(\w+)':'([^']*)'", build[2])), None
        for page in range(1, 99):
            query = "&".join(f"{key}={quote(value)}" for key, value in values.items())
            paged = quote(json.dumps({"pageNo": page, "pageSize": 10}))
            html = json.loads(ask(site, f"{build[1]}?{query}&paramJson={paged}").body)["data"]["html"]
            first = before or html
            if page > 1 and html == first:
                break
            before = first
            yield from links(html)
    if search := re.search(r'api="([^"]+page=)"', text):
        for page in range(1, 4):
            yield from (found["url"] for found in json.loads(ask(site, f"{search[1]}{page}").body)["data"]["results"])
    if ids := re.search(r'websiteId="(\w+)"; var channelId="(\d+)".*?post\("([^"]+)"', text):
        asked = {"websiteId": ids[1], "channelId": [ids[2]], "pageNum": 1, "pageSize": 99}
        yield from (f["url"] for f in json.loads(ask(site, ids[3], json.dumps(asked).encode()).body)["results"])
    if config := re.search(r"_CONFIG = (\{.*\});</script>", text):
        yield from of_config(site, target, json.loads(config[1]))
    if unit := re.search(r'deptcode = "(\d+)", categorynum = "(\d+)"; getList\("([^"]+)"', text):
        guid = re.search(r'siteGuid: "([^"]+)"', ask(site, "/js/webBuilderCommon.js").body.decode())[1]
        asked = {"deptcode": unit[1], "categorynum": unit[2], "siteGuid": guid, "pageIndex": 0, "pageSize": 50}
        data = json.loads(ask(site, unit[3], json.dumps(asked).encode()).body)["custom"]["data"]
        yield from (found["infourl"] for found in data)


def of_config(site, target, config):
    if "DETAIL" in config:
        yield from links(config["DETAIL"]["content"])
        return
    prefix = target.split("/gkmlpt/")[0]
    category = next(node["id"] for node in config["TREE"] if "年报" in node["name"])
    for page in range(1, 4):
        answer = ask(site, f"{prefix}/gkmlpt/api/all/{category}?page={page}&sid={config['SID']}")
        yield from (article["url"] for article in json.loads(answer.body)["articles"])


SITES = [site.id for site in Elsewhere().sites]


@pytest.mark.parametrize("key", SITES)
def test_every_report_and_decoy_can_be_reached_from_the_home_page(still, key):
    site = next(site for site in still.sites if site.id == key)
    reached = walked(site)
    assert not missed(site, reached)
    documents = {path_of(site, url) for report in site.reports() for url in report.documents if url != report.url}
    assert documents <= reached
    if not any(decoy.why in ("412", "521", "shell", "robots closed") for decoy in site.no_reports()):
        assert {path_of(site, d.url) for d in site.no_reports() if d.why != "mirror"} <= reached
    assert len(reached) < 400


def test_what_is_behind_a_wall_is_not_among_the_reports(still):
    whys = {decoy.why for site in still.sites for decoy in site.no_reports()}
    assert {"412", "521", "403", "404", "500", "captcha", "shell", "soft 404", "robots closed", "mirror"} <= whys
    for site in still.sites:
        closed = {decoy.url for decoy in site.no_reports()}
        assert not closed & {report.url for report in site.reports()}
        assert not any(path_of(site, report.url).startswith(site.forbidden or ("\n",)) for report in site.reports())
        for decoy in site.no_reports():
            if decoy.why in ("403", "404", "500", "412", "521"):
                assert ask(site, path_of(site, decoy.url)).status == int(decoy.why)
            if decoy.why == "soft 404":
                answer = ask(site, path_of(site, decoy.url))
                assert (answer.status, "not found" in answer.body.decode()) == (200, True)


def test_reports_are_read_as_what_they_are(still):
    for site in still.sites:
        reports = site.reports()
        documents = [report for report in reports if report.url not in report.documents or len(report.documents) > 1]
        for report in [*reports[:: max(1, len(reports) // 2)], *documents[:2]]:
            for url in report.documents:
                reading = read(ask(site, path_of(site, url)).body)
                assert (reading.kind, reading.report.issuer, reading.report.year) == (
                    "report",
                    report.issuer,
                    report.year,
                )


def test_a_document_asked_for_without_referer_is_a_page_and_one_is_behind_a_captcha(still):
    site = next(site for site in still.sites if site.id == "jungu")
    entries = [entry for entry in site.columns[0].entries if entry.files == ("pdf",)]
    targets = {entry.why: site.file_url(entry, "pdf") for entry in entries}
    assert ask(site, targets[""]).body.startswith(b"%PDF")
    assert site.answer(Request("GET", targets[""], {})).kind.startswith("text/html")
    assert ask(site, targets["captcha"]) is CAPTCHA


def test_traps_have_no_end(still):
    for site in still.sites[:3]:
        followed = {"/rili", "/hudong/more"}
        for _ in range(3):
            pages = [ask(site, target).body.decode(site.codec) for target in followed]
            grown = followed | {
                found for text in pages for found in links(text) if found.startswith(("/rili", "/hudong"))
            }
            assert len(grown) > len(followed) + 3
            followed = set(sorted(grown)[:40]) | {"/rili", "/hudong/more"}


def test_no_place_or_agency_of_the_registry_has_numbers_here(still):
    with REGISTRY.open(encoding="utf-8") as lines:
        real = {row["name"] for row in csv.DictReader(lines)}
    text = "\n".join(real)
    places = tuple(site.place_name for site in still.sites)
    assert not [place for place in places if place in text]
    assert all(report.issuer.startswith(places) for site in still.sites for report in site.reports())


def test_every_address_of_a_report_is_served_and_logged(world):
    urls = [url for report in world.reports for url in (report.url, *report.twins)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(fetch, urls))
    assert {status for status, _, _ in answers} == {200}
    assert len(world.log) == len(urls)
    assert len({report.url for report in world.reports}) == len(world.reports) > 450
    assert len({(report.issuer, report.year) for report in world.reports}) == len(world.reports)
    assert all(urlsplit(home).hostname.startswith("127.2.") for home in world.homes.values())


def test_the_log_counts_what_is_under_way_at_an_address_over_all_its_ports(world):
    both = [world.homes["shuofan"], world.homes["shuomo"]]
    assert len({urlsplit(url).hostname for url in both}) == 1
    for url in both:
        fetch(url)
    assert [asked.in_flight for asked in world.log] == [1, 1]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fetch, both * 10))
    assert max(asked.in_flight for asked in world.log) > 1
    assert all(asked.began < asked.ended and asked.status == 200 and asked.target == "/" for asked in world.log)


def test_most_sites_answer_304_to_who_has_the_page(world):
    kinds = set()
    for site in world.sites:
        home = world.homes[site.id]
        status, headers, _ = fetch(home)
        if status != 200:
            continue
        names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        given = {asked: headers[name] for name, asked in names.items() if headers[name]}
        kinds.add(tuple(given))
        again, _, body = fetch(home, given)
        assert (again, body) == ((304, b"") if given else (200, body))
        assert fetch(home, method="HEAD")[2] == b""
    assert kinds == {("If-None-Match",), ("If-Modified-Since",), ()}


def test_the_day_brings_what_it_says_and_nothing_else(world):
    def state():
        with ThreadPoolExecutor(8) as pool:
            urls = [report.url for report in world.reports]
            return dict(zip(urls, pool.map(fetch, urls), strict=True))

    before = state()
    changes = world.turn_the_day()
    after = state()
    assert [len(some) for some in (changes.changed, changes.removed, changes.new)] == [5, 2, 3]
    assert before.keys() - after.keys() == set(changes.removed)
    assert after.keys() - before.keys() == set(changes.new)
    assert {url for url in before.keys() & after.keys() if before[url][2] != after[url][2]} == set(changes.changed)
    assert len({urlsplit(url).netloc for url in changes.changed}) == 5
    assert {fetch(url)[0] for url in changes.removed} == {404}
    for url in changes.changed:
        marks = {"If-None-Match": before[url][1]["ETag"], "If-Modified-Since": before[url][1]["Last-Modified"]}
        assert fetch(url, {name: mark for name, mark in marks.items() if mark})[0] == 200
    for site in world.sites:
        assert not missed(site, walked(site))


def test_what_robots_txt_asks_is_told(world):
    told = {site.id: fetch(world.homes[site.id] + "robots.txt") for site in world.sites}
    kinds = {site: (status, headers["Content-Type"].partition(";")[0]) for site, (status, headers, _) in told.items()}
    assert set(kinds.values()) == {(404, "text/html"), (503, "text/html"), (200, "text/plain"), (200, "text/html")}
    for site, prefixes in world.forbidden.items():
        assert told[site][0] == 503 or all(f"Disallow: {prefix}" in told[site][2].decode() for prefix in prefixes)
    for site, seconds in world.delays.items():
        assert f"Crawl-delay: {seconds}" in told[site][2].decode()
    assert (len(world.forbidden), len(world.delays)) == (2, 1)


def test_the_world_is_the_same_whenever_it_is_built(still):
    def told(world):
        return [(site.id, path_of(site, r.url), r.title, r.twins) for site in world.sites for r in site.reports()]

    assert told(Elsewhere()) == told(still)
    report = Report("芸禾区民政局", 2023, "芸禾区民政局2023年政府信息公开工作年度报告")
    for kind in ("pdf", "docx"):
        assert (
            document.__wrapped__(report, kind, 0) == document.__wrapped__(report, kind, 0) != document(report, kind, 1)
        )


def test_nonsense_is_answered_and_the_server_goes_on(world):
    home = world.homes["tanlu"]
    for target in ("rili?y=x", "hudong/more?p=", "EWB-FRONT/rest/lightfrontaction/getgovinfolist", "%00", "a?&&=;"):
        assert fetch(home + target)[0] in (400, 404, 405)
    assert fetch(home + "EWB-FRONT/rest/lightfrontaction/getgovinfolist", method="POST")[0] in (200, 400)
    assert fetch(home)[0] == 200


def test_a_second_day_can_follow(world):
    first, second = world.turn_the_day(), world.turn_the_day()
    assert not set(first.new) & set(second.new)
    assert {fetch(url)[0] for url in second.new} == {200}


def test_a_world_that_is_not_served_has_no_next_day():
    with pytest.raises(RuntimeError, match="enter it first"):
        Elsewhere().turn_the_day()
