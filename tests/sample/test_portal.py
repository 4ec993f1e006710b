"""The pages and documents of the sample portal are read as its manifest states them, and name no real place."""

import json
import re

import pytest

from crawler.families import judge
from crawler.families.page import same_host
from extract.reading import read
from sample.manifest import MANIFEST, load
from sample.server import answer, resources

SAMPLE = load()
SITES = {site.id: site for site in SAMPLE.sites}


def named(report):
    return f"{report.issuer}-{report.year}"


def body_of(site_id, path):
    """What the site serves at a path in the end, redirects followed."""
    resource = answer(SITES[site_id], path)
    while resource.status == 302:
        resource = answer(SITES[site_id], dict(resource.headers)["Location"])
    assert resource.status == 200
    return resource.body


def sources(report):
    """The paths that print the report's tables."""
    return [*([report.page] if report.has_tables else []), *report.attachments]


@pytest.mark.parametrize("report", SAMPLE.reports, ids=named)
def test_every_report_is_read_as_its_manifest_states_it(report):
    assert sources(report)
    for path in sources(report):
        reading = read(body_of(report.site, path))
        assert reading.kind == "report", reading
        assert (reading.report.issuer, reading.report.year, reading.report.form) == (
            report.issuer,
            report.year,
            report.form,
        )
        cells = reading.report.cells
        wrong = {
            key: (cells[key].value if key in cells else "not there", value)
            for key, value in report.cells.items()
            if key not in cells or _number(cells[key].value) != value
        }
        assert wrong == {}
        assert {key: cells[key].state for key in report.states} == report.states
        failed = {f.check for f in reading.findings if f.verdict == "fail" and f.severity == "error"}
        assert failed == {violation["check"] for violation in report.violations}


def _number(value):
    return None if value is None else float(value)


def test_a_landing_page_without_tables_states_no_number():
    pages = [report for report in SAMPLE.reports if not report.has_tables]
    assert pages
    for report in pages:
        assert not read(body_of(report.site, report.page)).report.cells


@pytest.mark.parametrize("decoy", SAMPLE.decoys, ids=lambda decoy: decoy.what)
def test_a_decoy_is_told_by_its_host_its_title_or_its_text(decoy):
    if decoy.path.startswith("http"):
        assert not same_host(decoy.path, f"http://{SITES[decoy.site].address}/")
        return
    if decoy.what == "company":  # it has the statutory tables: its title tells
        assert judge(decoy.title)[0] == "skipped"
        return
    reading = read(body_of(decoy.site, decoy.path))
    assert reading.kind == "other"
    assert reading.report.reason


def everything():
    """Every text that the portal serves or the manifest holds."""
    yield MANIFEST.read_text("utf-8")
    for site in SAMPLE.sites:
        for resource in resources(site).values():
            yield resource.body.decode("gb18030" if b"\xff" in resource.body else "utf-8", "ignore")


def test_no_real_place_is_named():
    for text in everything():
        assert ".gov.cn" not in text
        for url in re.findall(r"https?://([^/\s\"'<]+)", text):
            assert url.endswith((".example", "www.w3.org")), url
        for place in ("北京", "上海", "安徽", "四川", "新疆", "河南", "海南", "甘肃", "云南", "广东"):
            assert place not in text


def test_list_pages_beyond_the_last_are_empty_or_missing():
    assert (
        b"<a "
        not in answer(SITES["lanting-xxgk"], "/module/web/jpage/dataproxy.jsp?startrecord=900&endrecord=999").body
    )
    assert json.loads(answer(SITES["lanting-gkml"], "/gkmlpt/api/all/6010?page=99").body)["articles"] == []
    assert answer(SITES["lanting"], SITES["lanting"].start_path + "index_9.html").status == 404
