"""What a site or a person asks for beside robots.txt: to come later, at certain hours, or without a certificate in order."""

import datetime as dt
import gzip
import ipaddress
import threading
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import ConfigError
from crawler.config import load as load_config
from crawler.hours import CHINA, HoursError, Window, parse
from crawler.items import Site
from crawler.retry_after import seconds_asked
from crawler.run import CrawlError, crawl

from .crawling import SETTINGS, Server, captures, column, fails, failures, listings, runs, serving

GIVEN = {"allow_addresses": ["127.0.0.0/8"], "settings": SETTINGS}
NOW = dt.datetime(2026, 1, 5, 12, 0, tzinfo=dt.UTC)


def once(*answers):
    """A route that gives these answers in turn, the last for ever."""
    left = list(answers)

    def answer(handler):
        status, headers, body = left.pop(0) if len(left) > 1 else left[0]
        handler.reply(body, status=status, headers=headers)

    return answer


def test_a_server_that_asks_to_wait_is_asked_again_after_that(tmp_path):
    with serving("127.0.0.51") as server:
        busy = (503, [("Retry-After", "1")], b"busy")
        report = (200, [], b"<html>report</html>")
        server.routes = {
            "/nb/": column("/1.html", "/2.html"),
            "/1.html": once(busy, report),
            "/2.html": once(report),
        }
        (run,) = crawl([Site(id="busy", start_url=server.url + "/nb/")], archive_root=tmp_path, **GIVEN)
    assert run.verdict == "ok"
    assert len(listings(tmp_path, "busy")) == 2
    asked = [path for path in server.asked if path == "/1.html"]
    assert len(asked) == 2
    begun = server.asked.index("/1.html")
    assert server.times[begun + 1] - server.times[begun] >= 0.95  # nothing else is asked meanwhile


def test_a_server_that_asks_for_an_hour_rests_until_the_next_run(tmp_path):
    with serving("127.0.0.52") as server:
        server.routes = {
            "/nb/": column(*(f"/{n}.html" for n in range(5))),
            **{f"/{n}.html": once((429, [("Retry-After", "3600")], b"")) for n in range(5)},
        }
        (run,) = crawl([Site(id="tired", start_url=server.url + "/nb/")], archive_root=tmp_path, **GIVEN)
    assert run.verdict == "blocked"
    assert len([path for path in server.asked if path.endswith(".html")]) == 1
    assert failures(tmp_path, "tired") == dict.fromkeys([f"/{n}.html" for n in range(5)], "blocked")


def test_a_server_that_asks_for_fewer_requests_is_not_asked_thrice_for_each_page(tmp_path):
    paths = [f"/{n}.html" for n in range(20)]
    settings = {**SETTINGS, "RETRY_TIMES": 2}
    with serving("127.0.0.58") as server:
        server.routes = {"/nb/": column(*paths), **{path: fails(429) for path in paths}}
        site = Site(id="fewer", start_url=server.url + "/nb/")
        (run,) = crawl([site], archive_root=tmp_path, **GIVEN | {"settings": settings})
    assert run.verdict == "blocked"
    assert len([path for path in server.asked if path in paths]) == 3


def hangs_up(handler):
    handler.close_connection = True


def is_silent(handler):
    sleep(0.4)
    handler.close_connection = True


@pytest.mark.parametrize(
    ("number", "route", "kind"),
    [(60, fails(503), "server_error"), (64, hangs_up, "refused"), (65, is_silent, "timeout")],
)
def test_a_server_in_trouble_rests_until_the_next_run(tmp_path, number, route, kind):
    paths = [f"/{n}.html" for n in range(20)]
    settings = {**SETTINGS, "DOWNLOAD_TIMEOUT": 0.2}
    with serving(f"127.0.0.{number}") as server:
        server.routes = {"/nb/": column(*paths), **dict.fromkeys(paths, route)}
        site = Site(id="down", start_url=server.url + "/nb/")
        (run,) = crawl([site], archive_root=tmp_path, **GIVEN | {"settings": settings})
    assert run.verdict == "down"
    assert len({path for path in server.asked if path in paths}) == 5
    assert failures(tmp_path, "down").items() >= dict.fromkeys(paths, kind).items()


def test_a_server_that_fails_now_and_then_is_asked_on(tmp_path):
    paths = [f"/{n}.html" for n in range(12)]
    with serving("127.0.0.66") as server:
        server.routes = {"/nb/": column(*paths), **dict.fromkeys(paths, fails(500))}
        server.routes |= dict.fromkeys(paths[::4], b"<html>report</html>")
        site = Site(id="limps", start_url=server.url + "/nb/")
        (run,) = crawl([site], archive_root=tmp_path, **GIVEN)
    assert (run.counts["reports"], run.counts["server_error"]) == (3, 9)
    assert {*paths} <= {*server.asked}


@given(st.text(max_size=40))
def test_any_text_asks_for_a_time_or_none(text):
    assert seconds_asked(text, NOW) >= 0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 90 ", 90),
        ("Mon, 05 Jan 2026 12:01:30 GMT", 90),
        ("Mon, 05 Jan 2026 11:00:00 GMT", 0),
        ("Mon, 05 Jan 2026 12:01:30", 90),
        ("-5", 0),
        ("", 0),
        ("9" * 400, 999_999_999),
    ],
)
def test_seconds_and_dates_are_understood(value, seconds):
    assert seconds_asked(value, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("22-06", ["22:00", "23:59", "00:00", "05:59"], ["06:00", "12:00", "21:59"]),
        ("22:30-6:15", ["22:30", "06:14"], ["22:29", "06:15"]),
        ("9-17", ["09:00", "16:59"], ["08:59", "17:00", "00:00"]),
        ("00-24", ["00:00", "23:59"], []),
        ("", ["00:00", "12:00"], []),
    ],
)
def test_a_window_is_in_chinas_time(text, inside, outside):
    for times, expected in ((inside, True), (outside, False)):
        for time in times:
            there = dt.datetime.fromisoformat(f"2026-01-05T{time}:00").replace(tzinfo=CHINA)
            assert parse(text).is_open(there) is expected
            assert parse(text).is_open(there.astimezone(dt.UTC)) is expected


@given(st.integers(0, 1439), st.integers(0, 1440), st.datetimes(timezones=st.just(dt.UTC)))
def test_a_window_and_the_rest_of_the_day_are_the_day(begins, ends, moment):
    moment = moment.replace(year=2028)  # which has a 29 February
    if begins != ends and (begins, ends) != (0, 1440):
        assert Window(begins, ends).is_open(moment) != Window(ends % 1440, begins or 1440).is_open(moment)


@pytest.mark.parametrize("text", ["22", "22-22", "24-6", "6-25", "22:60-6", "night", "-", "1-2-3"])
def test_what_is_no_window_is_told(text, tmp_path):
    with pytest.raises(HoursError, match="write a window like 22-06"):
        parse(text)
    (tmp_path / "crawl.toml").write_text(f'hours = "{text}"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"crawl\.toml: hours"):
        load_config(tmp_path / "crawl.toml")
    with pytest.raises(CrawlError, match="write a window"):
        crawl([Site(id="a", start_url="http://127.0.0.1/")], archive_root=tmp_path / "a", settings={"HOURS": text})


def by_day():
    return dt.datetime(2026, 1, 5, 4, 0, tzinfo=dt.UTC)  # noon in China


def by_night():
    return dt.datetime(2026, 1, 5, 15, 0, tzinfo=dt.UTC)


def test_outside_its_hours_a_site_is_asked_nothing_and_the_run_goes_on_within_them(tmp_path):
    given = {**GIVEN, "settings": {**SETTINGS, "HOURS": "22-06"}}
    with serving("127.0.0.53") as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
        site = Site(id="night", start_url=server.url + "/nb/")
        (run,) = crawl([site], archive_root=tmp_path, now=by_day, **given)
        assert server.asked == []
        assert run.verdict == "interrupted"
        assert "outside the hours of config/crawl.toml (22-06, China's time)" in run.finish_reason
        assert failures(tmp_path, "night") == {}
        assert "night: outside the hours" in (tmp_path / "crawl.log").read_text("utf-8")

        (again,) = crawl([site], archive_root=tmp_path, now=by_night, **given)
    assert (again.verdict, again.run_id) == ("ok", run.run_id)
    assert len(runs(tmp_path, "night")) == 2


_CLOSES = []


def until_it_closes():
    """The window closes while the crawl is at it: by the time of one of the first requests."""
    _CLOSES.append(1)
    return by_night() if len(_CLOSES) < 40 else by_day()


def test_hours_that_end_under_way_end_the_run_without_a_failure(tmp_path):
    given = {**GIVEN, "settings": {**SETTINGS, "HOURS": "22-06"}}
    pages = [f"/{n}.html" for n in range(40)]
    with serving("127.0.0.54") as server:
        server.routes = {"/nb/": column(*pages), **dict.fromkeys(pages, b"<html>report</html>")}
        site = Site(id="dawn", start_url=server.url + "/nb/")
        (run,) = crawl([site], archive_root=tmp_path, now=until_it_closes, **given)
        assert run.verdict == "interrupted"
        assert 2 < len(server.asked) < 40
        assert failures(tmp_path, "dawn") == {}
        (again,) = crawl([site], archive_root=tmp_path, now=by_night, **given)
    assert (again.verdict, again.run_id) == ("ok", run.run_id)
    assert again.counts["reports"] == 40
    assert len(server.asked) == len(set(server.asked))


def self_signed(folder, address):
    """A certificate that nobody vouches for, valid yesterday."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "portal.example")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(today - dt.timedelta(days=9))
        .not_valid_after(today - dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*plain) + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def secure(folder, address):
    server = Server(address, context=self_signed(folder, address))
    server.routes = {"/nb/": column("/1.html"), "/1.html": b"<html>report</html>"}
    return server


def test_a_certificate_that_cannot_be_verified_closes_a_site_unless_a_person_named_its_host(tmp_path):
    root = tmp_path / "archive"
    named, other = secure(tmp_path, "127.0.0.55"), secure(tmp_path, "127.0.0.56")
    try:
        sites = [Site(id=name, start_url=s.url + "/nb/") for name, s in (("named", named), ("other", other))]
        settings = {**SETTINGS, "UNVERIFIED_HOSTS": ["127.0.0.55"], "RETRY_TIMES": 0}
        found = crawl(sites, archive_root=root, allow_addresses=["127.0.0.0/8"], settings=settings)
    finally:
        named.close()
        other.close()
    assert [run.verdict for run in found] == ["ok", "down"]
    assert other.asked == []
    assert failures(root, "other") == {"/nb/": "refused"}
    assert found[0].counts["unverified"] == found[0].counts["captures"] == len(captures(root, "named")) == 3
    text = gzip.decompress(next((root / "named").glob("*.warc.gz")).read_bytes())
    assert text.count(b"Gongkai-Note: certificate not verified\r\n") == 3


def test_a_list_of_hosts_is_a_list(tmp_path):
    for text in ('unverified = "a.example"', "unverified = [1]"):
        (tmp_path / "crawl.toml").write_text(text, "utf-8")
        with pytest.raises(ConfigError, match="unverified must be a list of hosts"):
            load_config(tmp_path / "crawl.toml")


def test_two_crawls_beside_each_other_are_one_after_the_other_at_an_address(tmp_path):
    """Each knows its own sites alone: only the lock of the address keeps them apart."""
    with serving("127.0.0.57") as server:
        pages = {name: [f"/{name}{n}.html" for n in range(8)] for name in "ab"}
        server.routes = {f"/{name}/": column(*paths) for name, paths in pages.items()}
        server.routes |= {path: b"<html>report</html>" for paths in pages.values() for path in paths}
        found = []

        def one(name):
            site = Site(id=name, start_url=f"{server.url}/{name}/")
            found.extend(crawl([site], archive_root=tmp_path, **GIVEN))

        both = [threading.Thread(target=one, args=(name,)) for name in "ab"]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert [run.verdict for run in found] == ["ok", "ok"]
    assert server.most_at_once == 1
    whose = [path[1] for path in server.asked if path != "/robots.txt"]
    assert whose in (sorted(whose), sorted(whose, reverse=True))
