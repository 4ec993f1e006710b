"""Walls are told by their signs, robots.txt is kept to as RFC 9309 has it."""

import pytest
from scrapy.robotstxt import ProtegoRobotParser

from crawler.robots import rules
from crawler.spiders.column import classify_status
from crawler.walls import wall

AGENT = "Gongkai/0.1 (archive of open government information reports; desk@archive.example)"
LONG = b"<p>" + "政府信息公开".encode() * 400 + b"</p>"


@pytest.mark.parametrize(
    ("status", "sign"),
    [
        (412, "瑞数"),
        (521, "加速乐"),
        (403, "refuses us"),
        (405, "method"),
        (429, "fewer requests"),
        (468, "block page"),
    ],
)
def test_a_status_that_is_a_wall(status, sign):
    assert sign in wall(status, b"")
    assert str(status) in wall(status, LONG)
    assert classify_status(status, b"")[0] == "blocked"


@pytest.mark.parametrize(
    "body",
    [
        b"<html><script>$_ts=window['$_ts'];$_ts.cd='x'</script></html>",
        b"<script>document.cookie='__jsl_clearance_s=1|2'</script>",
        b"<script>var a='FSSBBIl1UgzbN7N80S'</script>",
        b"<form><input name='codeValue'><img src='/code.jsp'></form>",
        b"<script>setCookie('C3VK','a1')</script>",
    ],
)
@pytest.mark.parametrize("status", [200, 202])
def test_a_small_page_with_a_challenge_is_a_wall(status, body):
    assert "challenge" in wall(status, body)


def test_a_report_that_speaks_of_such_things_is_none():
    assert wall(200, LONG + b"codeValue $_ts ") == ""
    assert wall(200, "<html>验证码</html>".encode()) == ""
    assert wall(404, b"codeValue") == ""


@pytest.mark.parametrize(
    ("status", "kind"), [(404, "gone"), (410, "gone"), (500, "server_error"), (503, "server_error"), (400, "other")]
)
def test_other_statuses_have_their_kind(status, kind):
    assert classify_status(status, b"")[0] == kind


def allowed(status, body, path, agent=AGENT):
    return ProtegoRobotParser(rules(status, body), None).allowed("http://baishi.example" + path, agent)


GROUPS = b"""
User-agent: otherbot
Disallow: /

user-agent: GONGKAI # that is us
Disallow: /neibu/
Allow: /neibu/nianbao/
Disallow: /*.php$

User-agent: *
Disallow: /zwgk/
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/zwgk/", True),  # our own group goes before that of all (2.2.1)
        ("/neibu/a.html", False),
        ("/neibu/nianbao/2023.html", True),  # the longest match counts (2.2.2)
        ("/list.php", False),  # * and $ (2.2.3)
        ("/list.php?p=2", True),
        ("/NEIBU/a.html", True),  # paths are told apart by case
        ("/robots.txt", True),
    ],
)
def test_groups_and_the_longest_match(path, expected):
    assert allowed(200, GROUPS, path) is expected


def test_the_group_for_all_counts_where_none_names_us():
    body = b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /zwgk/%E5%B9%B4/\r\n"
    assert not allowed(200, body, "/zwgk/%E5%B9%B4/1.html")
    assert allowed(200, body, "/zwgk/1.html")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_server_in_trouble_closes_the_site(status):
    assert not allowed(status, b"User-agent: *\nAllow: /\n", "/nb/")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412, 451])
def test_no_file_opens_the_site(status):
    assert allowed(status, b"User-agent: *\nDisallow: /\n", "/nb/")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html>User-agent: *\nDisallow: /\n</html>",
        b"<HTML><body>\nDisallow: /\n",
        b"<script>$_ts={}</script>",
        b"\x00\xff\xfe rubbish",
    ],
)
def test_what_is_no_robots_file_closes_nothing(body):
    assert allowed(200, body, "/nb/")


def test_500_kibibytes_are_read_and_the_rest_is_not():
    comment = b"# " + b"x" * 97 + b"\n"
    early = comment * 5000 + b"User-agent: *\nDisallow: /nb/\n"
    late = comment * 6000 + b"User-agent: *\nDisallow: /nb/\n"
    assert not allowed(200, early, "/nb/")
    assert allowed(200, late, "/nb/")
