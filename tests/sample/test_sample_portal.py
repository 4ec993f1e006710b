"""The sample portal over real HTTP: each address answers as the manifest says, the same at every start."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time

import pytest
from lxml import html

from sample.manifest import DOCUMENTS, load, registry
from sample.server import Portal, PortalError

MANIFEST = load()
SITES = {site.id: site for site in MANIFEST.sites}
APPLICANT_COLUMNS = 7


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.11", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def portal():
    with Portal(_free_port()) as running:
        yield running


def _ask(portal, site, target, method="GET", headers=None):
    connection = http.client.HTTPConnection(SITES[site].address, portal.port, timeout=10)
    try:
        connection.request(method, target, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def _page_text(report, body):
    """The page's HTML as a browser would have it: decoded, and taken out of the script where a script holds it."""
    text = body.decode({"gbk": "gbk", "gb18030 declared utf-8": "gb18030"}.get(report.encoding, "utf-8"))
    if SITES[report.site].family != "gkmlpt":
        return text
    config = re.search(r"window\._CONFIG = (\{.*?\});</script>", text, re.DOTALL)
    return json.loads(config[1])["DETAIL"]["content"]


def _printed(value):
    return "" if value is None else str(value)


def _rows(tree):
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")] for row in tree.iter("tr")]


def _shows(rows, numbers):
    """Whether a row ends with these numbers; a cell that is not stated may be printed in any way."""
    ends = [row[-len(numbers) :] for row in rows if len(row) >= len(numbers)]
    return any(all(want in ("", got.replace(",", "")) for want, got in zip(numbers, end, strict=True)) for end in ends)


WITH_TABLES = [report for report in MANIFEST.reports if report.has_tables and report.cells]


@pytest.mark.parametrize("report", MANIFEST.reports, ids=lambda r: f"{r.issuer}-{r.year}")
def test_a_report_and_its_attachments_are_served(portal, report):
    response, body = _ask(portal, report.site, report.page)
    assert response.status == 200
    assert report.title in _page_text(report, body) or report.title in body.decode("utf-8", "replace")
    for path, name in zip(report.attachments, report.files, strict=True):
        answer, data = _ask(portal, report.site, path)
        if answer.status == 302:
            answer, data = _ask(portal, report.site, answer.getheader("Location"))
        assert answer.status == 200
        assert data == (DOCUMENTS / name).read_bytes()


@pytest.mark.parametrize("report", WITH_TABLES, ids=lambda r: f"{r.issuer}-{r.year}")
def test_a_page_prints_every_row_of_its_report_in_order(portal, report):
    _, body = _ask(portal, report.site, report.page)
    rows = _rows(html.fromstring(_page_text(report, body)))
    requests = [_printed(value) for key, value in report.cells.items() if key.startswith("requests.")]
    disputes = [_printed(value) for key, value in report.cells.items() if key.startswith("disputes.")]
    for start in range(0, len(requests), APPLICANT_COLUMNS):
        assert _shows(rows, requests[start : start + APPLICANT_COLUMNS])
    assert _shows(rows, disputes)


@pytest.mark.parametrize(
    "decoy", [d for d in MANIFEST.decoys if d.path.startswith("/")], ids=lambda d: d.what.replace(" ", "-")
)
def test_a_decoy_is_served(portal, decoy):
    response, body = _ask(portal, decoy.site, decoy.path)
    assert response.status == 200
    assert decoy.title in body.decode("utf-8")


def test_the_mirror_is_linked_and_not_ours(portal):
    mirror = next(decoy for decoy in MANIFEST.decoys if decoy.what == "mirror")
    assert ".example/" in mirror.path
    lists = [_ask(portal, mirror.site, f"/nianbao/list_{number}.html")[1].decode() for number in (1, 2, 3)]
    assert mirror.path in "".join(lists)


def test_what_cannot_be_had_answers_as_a_wall_does(portal):
    kinds = {other.what: other for other in MANIFEST.unavailable}
    gone, blocked, closed = kinds["gone"], kinds["blocked"], kinds["robots"]
    assert _ask(portal, gone.site, gone.path)[0].status == 404
    response, body = _ask(portal, blocked.site, blocked.path)
    assert response.status == 412
    assert b"$_ts" in body
    assert response.getheader("Set-Cookie")
    rules = _ask(portal, closed.site, "/robots.txt")[1].decode()
    disallowed = re.findall(r"Disallow: (\S+)", rules)
    assert any(closed.path.startswith(prefix) for prefix in disallowed)


def test_unknown_addresses_are_html_pages_that_say_so(portal):
    for site in SITES:
        response, body = _ask(portal, site, "/no/such/page.html")
        assert response.status == 404
        assert response.getheader("Content-Type").startswith("text/html")
        assert "不存在" in body.decode("utf-8")


def test_head_gives_the_headers_alone(portal):
    report = WITH_TABLES[0]
    whole, body = _ask(portal, report.site, report.page)
    head, nothing = _ask(portal, report.site, report.page, method="HEAD")
    assert nothing == b""
    assert head.getheader("Content-Length") == whole.getheader("Content-Length") == str(len(body))


def test_a_page_known_already_is_not_sent_again_but_on_the_site_without_validators(portal):
    for site in SITES.values():
        first, _ = _ask(portal, site.id, site.start_path)
        etag = first.getheader("ETag")
        assert bool(etag) == (site.id != "maipu")
        if etag:
            again, body = _ask(portal, site.id, site.start_path, headers={"If-None-Match": etag})
            assert (again.status, body) == (304, b"")


def _logged(portal, path):
    """The log's entry of a path; it is written when the answer has been sent, so it may come a moment after it."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for entry in list(portal.log):
            if entry.path == path:
                return entry
        time.sleep(0.01)
    raise AssertionError(f"no request for {path} in the log")


def test_every_request_is_in_the_log(portal):
    _ask(portal, "maipu", "/nothing-here")
    asked = _logged(portal, "/nothing-here")
    assert (asked.address, asked.status) == (SITES["maipu"].address, 404)
    assert asked.in_flight >= 1


def test_two_starts_serve_the_same_bytes():
    targets = [(r.site, r.page) for r in MANIFEST.reports] + [(site.id, site.start_path) for site in MANIFEST.sites]
    port = _free_port()
    served = []
    for _ in range(2):
        with Portal(port) as running:
            served.append([_ask(running, site, target)[1] for site, target in targets])
    assert served[0] == served[1]


def test_a_port_in_use_is_told_with_the_way_out(portal):
    with pytest.raises(PortalError, match=str(portal.port)), Portal(portal.port):
        pass


def test_the_registry_leaves_two_families_to_be_recognised(portal):
    lines = registry(portal.port)
    assert [line.family for line in lines].count("") == 2
    for line in lines:
        assert _ask(portal, line.id, SITES[line.id].start_path)[0].status == 200


def test_the_lying_page_is_no_utf8():
    report = next(r for r in MANIFEST.reports if r.encoding == "gb18030 declared utf-8")
    with Portal(_free_port()) as running:
        response, body = _ask(running, report.site, report.page)
    assert "utf-8" in response.getheader("Content-Type")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "㐂" in body.decode("gb18030")
