"""A corrected cell is shown with what was read beside it, who decided and when; a refused decision with its reason."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import html

from extract.pipeline import extract
from extract.reader import reader_version
from tests.publish.conftest import Visitor
from tests.publish.fictional_site import QINGSHI, build

CELL, OTHER = "requests.granted_partly.enterprise", "requests.carried_out.total"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """青石镇, which prints a sum that fails: a person reads 0 where the reader read 5."""
    folder = tmp_path_factory.mktemp("corrected")
    site = build(folder)
    about = {
        "report": site.keys[f"{QINGSHI} 2023"],
        "document": site.digests[f"{QINGSHI} 2023"],
        "evidence": "表二，部分公开行",
        "readers": ["甲", "乙"],
        "decided_by": "甲",
        "decided_on": "2026-01-31",
    }
    decisions = [
        {
            **about,
            "cell": CELL,
            "read": {"value": 5, "reader": reader_version("text/html")},
            "printed": {"raw": "0", "value": 0},
        },
        {
            **about,
            "cell": OTHER,
            "read": {"value": 3, "reader": reader_version("text/html")},
            "printed": {"state": "blank"},
        },
    ]
    (folder / "config" / "corrections").mkdir(parents=True)
    (folder / "config" / "corrections" / "青石镇.json").write_text(json.dumps(decisions), "utf-8")
    with ThreadPoolExecutor(1) as here:  # reads in this process: starting others takes longer
        extract(site.archive, site.db, config=folder / "config", executor=here)
    return Visitor(site)


def test_the_cell_shows_both_and_the_checks_are_those_of_the_corrected_report(corrected):
    tree = html.fromstring(corrected.get(corrected.report(f"{QINGSHI} 2023")).text)
    (cell,) = tree.xpath(f"//td/a[contains(@href, '/cell/{CELL}')]")
    assert "is-corrected" in cell.getparent().get("class")
    assert (cell.text.strip(), cell.xpath("string(del)")) == ("0", "5")
    assert "corrected by 甲 on 2026-01-31" in cell.get("title")
    assert not tree.xpath("//ol[@class='checks']")
    assert len(tree.xpath("//td[contains(@class, 'is-corrected')]")) == 1


@pytest.mark.parametrize(("lang", "words"), [("", ("已更正", "未采用")), ("?lang=en", ("corrected", "refused"))])
def test_every_decision_is_listed_with_who_and_when(corrected, lang, words):
    tree = html.fromstring(corrected.get(corrected.report(f"{QINGSHI} 2023", lang)).text)
    refused, applied = tree.xpath("//section[@aria-labelledby='corrections']//li")
    for item, word in ((applied, words[0]), (refused, words[1])):
        assert word in item.text_content()
        assert "表二，部分公开行 (read by 甲, 乙)" in item.text_content()
        assert "甲, 2026-01-31" in item.text_content()
    assert "did not read 3 there, but 0" in refused.text_content()


def test_the_cell_s_page_says_what_was_read(corrected):
    answer = corrected.get(corrected.report(f"{QINGSHI} 2023", f"/cell/{CELL}"))
    tree = html.fromstring(answer.text)
    assert tree.xpath("string(//dl//del)") == "5"
    assert "更正" in tree.xpath("string(//dl[@class='rows'])")
    assert not html.fromstring(corrected.get(corrected.report(f"{QINGSHI} 2023", f"/cell/{OTHER}")).text).xpath(
        "//dl//del"
    )


def test_programs_are_told_both(corrected):
    told = corrected.get(corrected.report(f"{QINGSHI} 2023", ".json")).json()
    assert told["cells"][CELL]["value"] == 0
    assert told["read_from"]["reader"] == reader_version("text/html")
    assert [(row["key"], row["status"], row["read_value"], row["printed_value"]) for row in told["corrections"]] == [
        (OTHER, "refused", 3, None),
        (CELL, "applied", 5, 0),
    ]


def test_the_numbers_come_from_the_corrected_reading_where_a_report_names_one(corrected):
    from publish.report_page import numbers_reading

    assert numbers_reading({"current_reading_id": 1}) == 1
    assert numbers_reading({"current_reading_id": 1, "numbers_reading_id": None}) == 1
    assert numbers_reading({"current_reading_id": 1, "numbers_reading_id": 2}) == 2
