"""The province as a crawl meets it: every report is served and can be found by links, walls stand, a day turns exactly."""

import asyncio
import http.client
import re
import threading
import time
from urllib.parse import urlsplit

import pytest

from crawler.families import judge
from extract.reading import read
from sample.province import Province, bodies
from sample.province.families import FAMILIES
from sample.province.items import TO_COME, YEARS
from sample.province.places import PLACES
from sample.province.province import ProvinceError
from sample.province.site import Request
from tests.sample.province_walk import text_of, walk

REAL_PLACES = (
    "北京",
    "上海",
    "安徽",
    "四川",
    "新疆",
    "河南",
    "海南",
    "甘肃",
    "云南",
    "广东",
    "山东",
    "湖南",
    "湖北",
    "福建",
    "岚汀",
)
OPEN = [place.id for place in PLACES if not place.wall]


@pytest.fixture(scope="module")
def province():
    with Province() as running:
        yield running


@pytest.fixture
def another():
    """One whose days may turn."""
    with Province() as running:
        yield running


def ask(url, method="GET", body=None, **headers):
    """(status, headers, body); a redirect is followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body, headers=headers)
        response = connection.getresponse()
        data = response.read()
    finally:
        connection.close()
    if response.status == 302:
        return ask(f"http://{parts.netloc}{response.getheader('Location')}", method, body, **headers)
    return response.status, response, data


def test_it_is_as_large_as_it_should_be(province):
    assert len(province.homes) == len(PLACES) >= 30
    issuers = {report.issuer for report in province.reports}
    assert len(issuers) >= 60
    assert {(report.issuer, report.year) for report in province.reports} == {
        (i, year) for i in issuers for year in YEARS
    }
    assert len({report.url for report in province.reports}) == len(province.reports)
    assert {place.family for place in PLACES} == set(FAMILIES)
    assert len({decoy.why for decoy in province.decoys}) > 15


def test_it_is_built_at_once():
    began = time.process_time()
    with Province():
        pass
    assert time.process_time() - began < 2.5


def test_every_page_of_a_report_is_served_with_its_title(province):
    for report in province.reports:
        if report.url in report.documents and not report.url.endswith(".pdf"):
            status, _, body = ask(report.url, Referer=province.homes[report.site])
            assert status == 200
            if body.startswith(b"%PDF"):
                continue
            texts = body.decode("utf-8", "ignore"), body.decode("gb18030", "ignore")
            assert any(report.title in text for text in texts), report.url


def test_every_document_is_served_as_what_it_is(province):
    beside = [(url, r.url) for r in province.reports for url in r.documents if url != r.url or r.url.endswith(".pdf")]
    assert len(beside) > 60
    for url, page in beside[::6]:
        assert ask(url, Referer=page)[2].startswith((b"%PDF", b"PK")), url


def test_a_twin_is_the_same_page(province):
    for report in province.reports[::7]:
        for twin in report.twins:
            status, _, body = ask(twin)
            assert status == 200
            if "/gate/" not in twin:
                assert body == ask(report.url)[2]


@pytest.mark.parametrize("name", OPEN)
def test_every_report_is_some_clicks_away_from_the_home_page(province, name):
    site = province.sites[name]
    clicks = walk(site)
    wanted = [report for report in province.reports if report.site == name]
    assert wanted
    for report in wanted:
        ways = [url.removeprefix(site.base) for url in (report.url, *report.twins)]
        shortest = min((clicks[way] for way in ways if way in clicks), default=None)
        assert shortest is not None, report
        assert shortest >= 3


@pytest.mark.parametrize("name", [place.id for place in PLACES if place.shape == "notice"])
def test_notices_lead_to_each_agencys_report_by_its_name(province, name):
    site = province.sites[name]
    notices = [item for item in site.others if item.text == "publication"]
    assert {item.year for item in notices} == {*YEARS, TO_COME}
    for item in notices:
        text = text_of(site.item_page(item))
        for report in province.reports:
            if (report.site, report.year) == (name, item.year):
                path = report.url.removeprefix(site.base).replace("&", "&amp;")
                assert f'<a href="{path}">{report.issuer}</a>' in text or report.url.endswith(".pdf")


def test_decoys_are_linked_as_reports_are(province):
    for name in OPEN:
        clicks = walk(province.sites[name])
        for decoy in province.decoys:
            if decoy.site == name and ".example/" not in decoy.url and decoy.why != "captcha":
                assert decoy.url.removeprefix(province.sites[name].base) in clicks, decoy


def test_no_two_things_share_an_address(province):
    for site in province.sites.values():
        items = [item for item in (*site.published(), *site.news) if not item.fixed_path]
        paths = [path for item in items for path in {site.link_of(item), *site.twin_paths(item)}]
        assert len(set(paths)) == len(paths), site.place.id
        lists = [site.home_of(column) for column in site.all_columns()]
        assert len(set(lists)) == len(lists), site.place.id
        assert not set(lists) & set(paths)


@pytest.mark.parametrize("name", OPEN)
def test_a_page_is_read_as_the_world_states_it(province, name):
    with_text = [report for report in province.reports if report.site == name and report.url in report.documents]
    for report in (with_text[0], with_text[-1]):
        reading = read(ask(report.url, Referer=report.url)[2])
        assert reading.kind == "report", (report, reading.report.reason)
        assert (reading.report.issuer, reading.report.year) == (report.issuer, report.year)
        assert reading.report.title == report.title


def test_prose_is_read_too(province):
    items = [(site, item) for site in province.sites.values() for item in site.reports if item.carriers == ("prose",)]
    assert len(items) > 10
    for site, item in items[:5]:
        reading = read(site.item_page(item).body)
        assert (reading.kind, reading.report.issuer, reading.report.year) == ("report", item.agency, item.year)
        assert "<table" not in bodies.text_of(item)


@pytest.mark.parametrize("start", [b"%PDF", b"PK"])
def test_a_document_is_read_as_the_world_states_it(province, start):
    seen = 0
    for report in province.reports:
        for url in report.documents:
            if url == report.url or seen == 2:
                continue
            body = ask(url, Referer=report.url)[2]
            if body.startswith(start):
                seen += 1
                reading = read(body)
                assert (reading.kind, reading.report.issuer, reading.report.year, reading.report.form) == (
                    "report",
                    report.issuer,
                    report.year,
                    "2021",
                )
    assert seen == 2


def test_titles_name_agency_and_year_and_decoys_can_be_told(province):
    for report in province.reports:
        assert report.issuer in report.title
        assert str(report.year) in report.title
        assert judge(report.title)[0] == "report"
    walls = {item.why for site in province.sites.values() for item in site.others if item.closed}
    for decoy in province.decoys:
        if decoy.why not in {*walls, "a spam mirror"} and not province.sites[decoy.site].place.wall:
            assert judge(decoy.title)[0] != "report", decoy


def test_a_page_known_already_is_not_sent_again(province):
    for place in PLACES:
        if place.wall or place.entrance:
            continue
        _, first, _ = ask(province.homes[place.id])
        etag, modified = first.getheader("ETag"), first.getheader("Last-Modified")
        assert bool(etag) == bool(modified) == place.validators
        if etag:
            assert ask(province.homes[place.id], **{"If-None-Match": etag})[0::2] == (304, b"")
            assert ask(province.homes[place.id], **{"If-Modified-Since": modified})[0::2] == (304, b"")
            assert (
                ask(province.homes[place.id], **{"If-None-Match": '"other"', "If-Modified-Since": modified})[0] == 200
            )


def test_what_is_walled_cannot_be_had(province):
    kinds = {decoy.why: decoy for decoy in province.decoys}
    assert ask(kinds["412"].url)[0] == 412
    assert ask(kinds["521"].url)[0] == 521
    assert ask(kinds["403"].url)[0] == 403
    assert ask(kinds["gone"].url)[0] == 404
    assert b"codeValue" in ask(kinds["captcha"].url, Referer=kinds["captcha"].url)[2]
    status, _, body = ask(kinds["soft 404"].url)
    assert (status, "不存在" in body.decode("gb18030" if b"gb2312" in body else "utf-8")) == (200, True)
    assert len(ask(kinds["script shell"].url)[2]) < 1000
    assert ask(province.homes["menlou"] + "robots.txt")[0] == 503
    not_had = {decoy.url for decoy in province.decoys}
    assert not not_had & {report.url for report in province.reports}
    assert not {report.site for report in province.reports} & {place.id for place in PLACES if place.wall}


def test_what_robots_txt_closes_is_told(province):
    for name, prefixes in province.forbidden.items():
        rules = ask(province.homes[name] + "robots.txt")[2].decode()
        assert all(f"Disallow: {prefix}\n" in rules for prefix in prefixes) or name == "menlou"
        closed = [decoy for decoy in province.decoys if decoy.site == name and decoy.why.startswith("robots")]
        assert closed
        assert all(urlsplit(decoy.url).path.startswith(prefixes) for decoy in closed)
        assert not any(r.site == name and urlsplit(r.url).path.startswith(prefixes) for r in province.reports)
    for name, delay in province.delays.items():
        assert f"Crawl-delay: {delay}" in ask(province.homes[name] + "robots.txt")[2].decode()


def test_what_never_ends_goes_on(province):
    home = province.homes["xueting"]
    assert "/rl/1999/12.html" in ask(home + "rl/2000/1.html")[2].decode()
    assert "/wsdc/list?page=90001" in ask(home + "wsdc/list?page=90000")[2].decode()
    letters = ask(home + "hd/index.html")[2].decode()
    sessions = set(re.findall(r"jsessionid=(\w{8})", letters))
    (following,) = re.findall(r'/(hd/list\.jsp;jsessionid=\w+\?page=2)"', letters)
    assert not sessions & set(re.findall(r"jsessionid=(\w{8})", ask(home + following)[2].decode()))


def test_what_servers_say_of_their_encoding_is_not_always_so(province):
    _, said, body = ask(province.homes["yezhou"])
    assert "utf-8" in said.getheader("Content-Type")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "㐂" in body.decode("gb18030")
    assert "ISO-8859-1" in ask(province.homes["songlan"])[1].getheader("Content-Type")
    assert "葫桃镇" in ask(province.homes["hutao"])[2].decode("gbk")


def test_a_document_of_webplus_is_given_only_to_who_comes_from_a_page(province):
    site = province.sites["luoyan"]
    item = next(item for item in site.reports if item.attachments)
    url = site.base + site.attachment_path(item, item.attachments[0])
    assert ask(url)[2].startswith(b"<html>")
    assert ask(url, Referer=site.base)[2].startswith((b"%PDF", b"PK"))


def test_no_real_place_is_named(province):
    texts = [place.name + "".join(place.agencies) for place in PLACES]
    texts += [record.title for record in (*province.reports, *province.decoys)]
    for text in texts:
        assert not any(name in text for name in REAL_PLACES), text
    for name in OPEN:
        body = ask(province.homes[name])[2]
        assert b".gov.cn" not in body


def answered(world, report):
    """The report's page as the site sends it now."""
    site = world.sites[report.site]
    answer = site.answer(Request(report.url.removeprefix(site.base), headers={"referer": site.base}))
    assert answer.status in (200, 302)
    return answer.body


def test_what_has_changed_is_sent_again(another):
    known = {report.url: ask(report.url, Referer="x")[1] for report in another.reports if "html" in report.url}
    changed = another.turn_the_day().changed
    kept = [url for url in known if url not in changed][:5]
    assert len([url for url in changed if url in known]) >= 3
    for url in (*[url for url in changed if url in known], *kept):
        etag, modified = known[url].getheader("ETag"), known[url].getheader("Last-Modified")
        if etag:
            expected = 200 if url in changed else 304
            assert ask(url, Referer="x", **{"If-None-Match": etag})[0] == expected
            assert ask(url, Referer="x", **{"If-Modified-Since": modified})[0] == expected


def test_a_day_turns_exactly(another):
    for _ in range(2):
        before = {report.url: report for report in another.reports}
        served = {url: answered(another, report) for url, report in before.items()}
        changes = another.turn_the_day()
        after = {report.url: report for report in another.reports}
        assert (len(changes.changed), len(changes.removed), len(changes.new)) == (5, 2, 3)
        assert set(changes.removed) == set(before) - set(after)
        assert set(changes.new) == set(after) - set(before)
        now = {url: answered(another, report) for url, report in after.items()}
        assert {url for url in before if url in after and served[url] != now[url]} == set(changes.changed)
        assert {ask(url)[0] for url in changes.removed} == {404}
        reported = {before.get(url, after.get(url)).site for url in (*changes.changed, *changes.removed, *changes.new)}
        assert len({another.sites[name].place.family for name in reported}) >= 8
        for url in changes.new + changes.removed:
            site = another.sites[(after.get(url) or before[url]).site]
            ways = walk(site)
            assert (url.removeprefix(site.base) in ways) == (url in changes.new)


def test_the_log_tells_who_was_under_way_at_an_address_over_all_its_ports(another):
    together = [another.homes["weitang"], another.homes["qingli"]]
    hosts = [urlsplit(url) for url in together]
    assert hosts[0].hostname == hosts[1].hostname
    assert hosts[0].port != hosts[1].port
    apart = another.homes["hutao"]
    threads = [threading.Thread(target=ask, args=(url,)) for url in (*together, apart) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(another.log) == 60
    for asked in another.log:
        begun = [o for o in another.log if o.address == asked.address and o.began <= asked.began < o.ended]
        assert asked.in_flight == len(begun)
    assert {asked.address for asked in another.log} == {hosts[0].hostname, urlsplit(apart).hostname}


def test_a_fragile_machine_fails_whoever_asks_two_of_its_sites_at_once(another):
    one, other = another.homes["fenglin"], another.homes["yunlu"]
    assert urlsplit(one).hostname == urlsplit(other).hostname
    found = []
    threads = [threading.Thread(target=lambda u=url: found.append(ask(u)[0])) for url in (one, other) * 10]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {200, 503}
    assert [ask(url)[0] for url in (one, other)] == [200, 200]


def test_hundreds_of_requests_a_second_are_no_burden(another):
    urls = [urlsplit(report.url) for report in another.reports if len(report.documents) == 1][:100]

    async def one(parts):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        for _ in range(10):
            writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nReferer: x\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            await reader.readexactly(int(re.search(r"Content-Length: (\d+)", head)[1]))
        writer.close()

    async def everything():
        await asyncio.gather(*(one(parts) for parts in urls))

    began = time.process_time()
    asyncio.run(everything())
    assert len(another.log) == 1000
    assert time.process_time() - began < 5


def test_a_head_has_no_body_and_a_delete_is_refused(province):
    home = province.homes["yanzhou"]
    status, said, body = ask(home, "HEAD")
    assert (status, body) == (200, b"")
    assert int(said.getheader("Content-Length")) == len(ask(home)[2])
    assert ask(home, "DELETE")[0] == 501


def test_a_port_in_use_is_told_with_the_way_out(province):
    port = urlsplit(province.homes["yunxiu"]).port
    with pytest.raises(ProvinceError, match=str(port)), Province(port):
        pass


def test_no_day_turns_where_none_is_served():
    with pytest.raises(ProvinceError, match="enter it"):
        Province().turn_the_day()
