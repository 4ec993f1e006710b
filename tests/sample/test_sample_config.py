"""What people decided about the sample: its divisions and links are usable, its decisions meet the pages they name."""

import csv
import hashlib
import json

import pytest

from extract.identity.clues import Clues, Site
from extract.identity.decided import read_decisions
from extract.identity.divisions import load as load_divisions
from extract.identity.identify import identify
from sample.county import BODIES, GOVERNMENT
from sample.manifest import MANIFEST, load, registry
from sample.server import PORT, answer

CONFIG = MANIFEST.with_name("config")
SITES = {site.id: site for site in load().sites}
DIVISIONS = load_divisions(CONFIG / "divisions.csv")
DECIDED = read_decisions(CONFIG / "agencies.csv")


def page_of(issuer, year):
    report = next(r for r in load().reports if r.who == (issuer, year))
    return report, answer(SITES[report.site], report.page).body


@pytest.mark.parametrize("name", [GOVERNMENT, *(name for body in BODIES for name in body.names)])
def test_every_agency_of_the_county_is_known(name):
    on = next(body.site for body in BODIES if name in (GOVERNMENT, *body.names))
    known = next(site for site in registry(PORT) if site.id == on)
    site = Site(known.id, known.name, known.agency, known.level, known.region_code)
    clues = Clues(title=f"{name}2024年政府信息公开工作年度报告", issuer=name, year=2024, site=site)
    found = identify(clues, DIVISIONS, DECIDED)
    kinds = {name: body.kind for body in BODIES for name in body.names} | {GOVERNMENT: "government"}
    assert found.status == "resolved"
    assert (found.kind if found.kind != "subdistrict" else "township") == kinds[name]
    assert found.level == ("township" if kinds[name] == "township" else "county")


def test_the_new_name_of_the_bureau_is_linked():
    ((old, new, year),) = [(item["from"], item["to"], item["year"]) for item in load().truths["renamed"]]
    keys = [identify(Clues(issuer=name, year=year), DIVISIONS, DECIDED).agency_key for name in (old, new)]
    assert DECIDED.is_complete("990101-2015", 2018)
    assert [(link.from_key, link.to_key, link.kind, link.year) for link in DECIDED.links] == [(*keys, "renamed", year)]


def test_the_correction_is_of_what_the_page_prints():
    (path,) = (CONFIG / "corrections").glob("*.json")
    correction = json.loads(path.read_text("utf-8"))
    report, body = page_of("岚汀县自然资源局", 2025)
    assert correction["document"] == hashlib.sha256(body).hexdigest()
    assert {correction["cell"]: correction["printed"]["raw"]} == report.typed
    source = "\n".join((f"{SITES[report.site].address}:{PORT}", report.issuer, str(report.year)))
    assert correction["report"] == "r" + hashlib.sha256(source.encode()).hexdigest()[:12]


def test_the_withheld_passage_stands_in_the_page():
    (row,) = csv.DictReader((CONFIG / "withheld.csv").open(encoding="utf-8"))
    report, body = page_of("麦浦镇人民政府", 2023)
    assert report.encoding.startswith("gb18030")
    assert (row["what"], row["target"]) == ("passage", hashlib.sha256(body).hexdigest())
    assert row["passage"] in body.decode("gb18030")
