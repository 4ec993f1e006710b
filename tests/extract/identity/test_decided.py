"""What people decide about bodies: the file, its errors, and the links that follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.identity.decided import COLUMNS, CONFIG, NOTHING, DecisionsError, read_decisions
from extract.identity.divisions import load
from extract.identity.links import agency_links

HEAD = ",".join(COLUMNS) + "\n"
KINDS = {"renamed", "merged", "split", "same", "identity", "complete"}


def write(tmp_path, text):
    path = tmp_path / "agencies.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_that_is_there_can_be_used():
    decided = read_decisions(CONFIG)
    renamed = {(link.from_key, link.to_key): link.year for link in decided.names()}
    assert renamed["国土资源局", "自然资源局"] == 2019
    assert renamed["卫生计划生育委员会", "卫生健康委员会"] == 2018
    assert all(link.reason and link.source for link in decided.links)


def test_no_file_is_no_decision(tmp_path):
    assert read_decisions(tmp_path / "agencies.csv") is NOTHING


def test_identities_and_links_are_read(tmp_path):
    decided = read_decisions(
        write(
            tmp_path,
            HEAD
            + "# a remark\n"
            + "identity,砚池镇 人民政府,990121101-2020:政府,yanchi,,signed so on the page,issue 3\n"
            + "same,990121-2020:政府,990199-2020:政府,,,one body with two signs,\n",
        )
    )
    assert decided.identities == {("砚池镇人民政府", "yanchi"): "990121101-2020:政府"}
    assert [(link.kind, link.is_name, link.year) for link in decided.links] == [("same", False, None)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("joined,a:1,b:1,,,why,", "kind 'joined'; one of renamed"),
        ("renamed,水利局,,,,why,", "must not be empty"),
        ("renamed,水利局,水务局,,,,", "must not be empty"),
        ("renamed,水利局,水务局,,19,why,", "year '19'"),
        ("renamed,水利局,1-2015:水务局,,,why,", "not one with the other"),
        ("renamed,市监局,市场监督管理局,,,why,", "one name already"),
        ("same,水利局,水务局,,,why,", "link two agency keys"),
        ("renamed,水利局,水务局,site,,why,", "leave where empty"),
        ("identity,砚池镇,1-2015:政府,,,why,", "under where"),
        ("identity,砚池镇,砚池镇,site,,why,", "no agency key"),
        ("identity,砚池镇,1-2015:政府", "3 fields"),
        ("identity,甲镇,1:政府,s,,why,\nidentity,甲镇,2:政府,s,,why,", ":3: 甲镇 on s was decided before"),
    ],
)
def test_a_row_that_cannot_be_used_says_where_and_why(tmp_path, row, says):
    with pytest.raises(DecisionsError, match=says) as caught:
        read_decisions(write(tmp_path, HEAD + row + "\n"))
    assert "agencies.csv:" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_another_shape_is_refused(tmp_path):
    with pytest.raises(DecisionsError, match="the first line must be kind,from"):
        read_decisions(write(tmp_path, "a,b\n"))


def links(keys, decided=NOTHING):
    return [(link.from_key, link.to_key, link.kind, link.year) for link in agency_links(keys, load(), decided)]


def test_a_township_that_became_a_town_is_linked():
    keys = ["653224203-2015:政府", "653224103-2021:政府"]
    assert links(keys) == [(*keys, "renamed", 2021)]
    assert links(keys[:1]) == []


def test_organs_of_a_county_that_became_a_city_are_linked_each_with_its_own():
    keys = ["231121-2015:政府", "231121-2015:水务局", "231183-2019:政府", "231183-2019:水务局", "231183-2019:审计局"]
    assert links(keys) == [
        ("231121-2015:政府", "231183-2019:政府", "renamed", 2019),
        ("231121-2015:水务局", "231183-2019:水务局", "renamed", 2019),
    ]


def test_a_change_of_name_in_every_place_links_only_within_one():
    decided = read_decisions(CONFIG)
    keys = ["411728-2015:国土资源局", "411728-2015:自然资源局", "411722-2015:自然资源局", "411728-2015:水利局"]
    assert links(keys) == []
    assert links(keys, decided) == [("411728-2015:国土资源局", "411728-2015:自然资源局", "renamed", 2019)]


def test_two_that_merged_are_two_links():
    keys = ["411728-2015:工商行政管理局", "411728-2015:质量技术监督局", "411728-2015:市场监督管理局"]
    found = links(keys, read_decisions(CONFIG))
    assert {(one, kind) for one, _, kind, _ in found} == {(keys[0], "merged"), (keys[1], "merged")}


def test_the_rows_in_the_manual_can_be_used(tmp_path):
    manual = Path(__file__).resolve().parents[3] / "docs" / "identity.md"
    lines = manual.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.count(",") > 5 and line.split(",")[0] in KINDS]
    decided = read_decisions(write(tmp_path, HEAD + "\n".join(rows) + "\n"))
    assert {link.kind for link in decided.links} == {"renamed", "merged", "split", "same"}
    assert decided.identities
    assert decided.is_complete("990101-2015", 2021)
