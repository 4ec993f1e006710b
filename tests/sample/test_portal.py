"""The pages and documents of the sample portal are read as its manifest states them, and name no real place."""

import json
import re

import pytest

from crawler.families import judge
from crawler.families.page import same_host
from extract.reading import read
from sample.manifest import MANIFEST, NEXT_DAY, load
from sample.server import answer, resources

SAMPLE = load()
SITES = {site.id: site for site in SAMPLE.sites}


def named(report):
    return f"{report.issuer}-{report.year}"


def body_of(site, path):
    """What the site serves at a path in the end, redirects followed."""
    resource = answer(site, path)
    while resource.status == 302:
        resource = answer(site, dict(resource.headers)["Location"])
    assert resource.status == 200
    return resource.body


def sources(report):
    """The paths that print the report's tables."""
    return [*([report.page] if report.has_tables else []), *report.attachments]


NEXT = load(NEXT_DAY)
CHANGED = [report for report in NEXT.reports if report not in SAMPLE.reports]
READABLE = [report for report in (*SAMPLE.reports, *CHANGED) if report.published_as != "image"]


def test_the_next_day_is_that_of_the_manifest():
    assert {report.who for report in CHANGED} == {*NEXT.altered, *NEXT.new}
    assert {r.who for r in SAMPLE.reports} - {r.who for r in NEXT.reports} == NEXT.vanished
    for report in SAMPLE.reports:
        site = next(site for site in NEXT.sites if site.id == report.site)
        assert (answer(site, report.page).status == 404) == (report.who in NEXT.vanished)


@pytest.mark.parametrize("report", READABLE, ids=named)
def test_every_report_is_read_as_its_manifest_states_it(report):
    assert sources(report)
    site = next(site for site in (NEXT if report in CHANGED else SAMPLE).sites if site.id == report.site)
    for path in sources(report):
        printed = report.as_attached if path in report.attachments else report
        reading = read(body_of(site, path))
        assert reading.kind == "report", reading
        assert (reading.report.issuer, reading.report.year, reading.report.form) == (
            report.issuer,
            report.year,
            report.form or None,
        )
        cells = reading.report.cells
        wrong = {
            key: (cells[key].value if key in cells else "not there", value)
            for key, value in printed.cells.items()
            if key not in cells or _number(cells[key].value) != value
        }
        assert wrong == {}
        assert {row.key: row.value for row in reading.report.statistics} == report.statistics
        assert {key: cells[key].state for key in report.states} == report.states
        failed = {f.check for f in reading.findings if f.verdict == "fail" and f.severity == "error"}
        assert failed == {violation["check"] for violation in report.violations}


def test_what_the_prose_says_is_as_planned():
    """Only the planned sentence contradicts its table, and only the planned agency charged a fee."""
    told, fees = [], []
    for report in READABLE:
        reading = read(body_of(SITES[report.site], sources(report)[0])) if report in SAMPLE.reports else None
        if reading is None:
            continue
        told += [
            {"issuer": report.issuer, "year": report.year, "check": f.check, "told": f.left, "printed": f.right}
            for f in reading.findings
            if f.verdict == "fail" and f.check.startswith("N-")
        ]
        facts = {fact.key: fact for fact in reading.report.facts if fact.key.startswith("info_processing_fee")}
        yuan = facts.get("info_processing_fee_yuan")
        if yuan and yuan.value and yuan.scope != "territory":
            cases = facts["info_processing_fee_cases"].value
            fees.append({"issuer": report.issuer, "year": report.year, "cases": cases, "yuan": yuan.value})
    assert told == SAMPLE.truths["prose"]
    assert fees == SAMPLE.truths["fees"]


def test_only_the_countys_own_report_counts_the_territory():
    for report in READABLE:
        if report in SAMPLE.reports:
            scope = read(body_of(SITES[report.site], sources(report)[0])).report.scope
            assert (scope == "territory") == (report.issuer == "岚汀县人民政府"), report.who


def _number(value):
    return None if value is None else float(value)


def test_a_landing_page_without_tables_states_no_number():
    pages = [report for report in SAMPLE.reports if not report.has_tables]
    assert {report.published_as for report in pages} == {"pdf", "docx", "image"}
    assert pages
    for report in pages:
        assert not read(body_of(SITES[report.site], report.page)).report.cells


@pytest.mark.parametrize("decoy", SAMPLE.decoys, ids=lambda decoy: decoy.what)
def test_a_decoy_is_told_by_its_host_its_title_or_its_text(decoy):
    if decoy.path.startswith("http"):
        assert not same_host(decoy.path, f"http://{SITES[decoy.site].address}/")
        return
    if decoy.what == "company":  # it has the statutory tables: its title tells
        assert judge(decoy.title)[0] == "skipped"
        return
    reading = read(body_of(SITES[decoy.site], decoy.path))
    assert reading.kind == "other"
    assert reading.report.reason


def everything():
    """Every text that the portal serves or the manifest holds."""
    yield MANIFEST.read_text("utf-8")
    for site in (*SAMPLE.sites, *NEXT.sites):
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
