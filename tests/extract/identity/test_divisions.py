"""The tree of divisions as it lies in config/, and how any such file is read."""

from __future__ import annotations

import gzip
import time

import pytest

from extract.identity.divisions import COLUMNS, CONFIG, DivisionsError, load, read_divisions
from extract.identity.variants import canonical


@pytest.fixture(scope="module")
def divisions():
    return load()


def test_a_township_that_became_a_town_is_two_divisions_that_follow(divisions):
    town = divisions.by_code("653224103", 2023)
    assert divisions.path(town) == ("新疆维吾尔自治区", "和田地区", "洛浦县", "恰尔巴格镇")
    township = divisions[town.follows]
    assert (township.name, township.valid_to, town.valid_from, town.change) == ("恰尔巴格乡", 2020, 2021, "upgraded")
    assert township.code_in(2020) == "653224203"
    assert not township.code_in(2021)
    assert divisions.same_line(township) == {township.id, town.id}


def test_towns_of_a_county_that_became_a_city_move_with_it(divisions):
    town = divisions.by_code("231183105", 2019)
    assert (town.name, town.change) == ("前进镇", "moved")
    assert divisions.path(divisions[town.follows]) == ("黑龙江省", "黑河市", "嫩江县", "前进镇")


@pytest.mark.parametrize(
    ("code", "year", "path"),
    [
        ("469021", 2023, ("海南省", "定安县")),
        ("110101", 2015, ("北京市", "东城区")),
        ("441900003", 2018, ("广东省", "东莞市", "东城街道")),
        ("620201", 2015, ("甘肃省", "嘉峪关市")),
        ("460400", 2016, ("海南省", "儋州市")),
        ("659001", 2023, ("新疆维吾尔自治区", "石河子市")),
    ],
)
def test_rows_that_only_fill_a_level_are_in_no_path(divisions, code, year, path):
    assert divisions.path(divisions.by_code(code, year)) == path


def test_names_of_many_places_and_of_one(divisions):
    assert len(divisions.named("前进镇", 2023)) == 4
    assert {divisions.path(each)[-2] for each in divisions.named("前进镇")} >= {"嫩江县", "嫩江市", "仁和区", "库车县"}
    assert [each.name for each in divisions.named("红泉镇")] == ["红泉镇"]


def test_a_rare_character_and_the_word_for_office_make_no_second_place(divisions):
    assert divisions.named("瞿阳街道办事处") == divisions.named("灈阳街道")
    assert divisions.named("灈阳街道")


def test_zones_listed_late_have_no_birth(divisions):
    zone = divisions.by_code("130171", 2017)
    assert (zone.kind, zone.valid_from, zone.spans()[0][1]) == ("functional_area", 2015, 2017)


def test_every_division_has_codes_in_its_years_and_a_superior_of_a_higher_level(divisions):
    order = ["province", "prefecture", "county", "township"]
    for each in divisions.every():
        assert bool(each.spans()) != each.id.startswith("zone-")
        assert all(each.valid_from <= first for _, first, _ in each.spans())
        assert (each.parent == "") == (each.level == "province")
        if each.parent:
            assert order.index(divisions[each.parent].level) < order.index(each.level)
        if each.follows:
            assert each.change
            assert divisions[each.follows].valid_from < each.valid_from


def test_under_one_superior_no_two_have_one_name(divisions):
    seen = set()
    for each in divisions.every():
        key = (each.level, each.parent, canonical(each.name))
        assert key not in seen, each
        seen.add(key)


def test_years_outside_take_the_nearest_edition(divisions):
    assert [divisions.edition(year) for year in (2009, 2019, 2026, None)] == [2015, 2019, 2023, 2023]


def test_the_file_is_small_and_read_in_a_second():
    assert CONFIG.stat().st_size < 2_000_000
    begin = time.process_time()
    assert len(read_divisions(CONFIG)) > 50_000
    assert time.process_time() - begin < 1


HEAD = ",".join(COLUMNS) + "\n"
ROWS = HEAD + (
    "990000-2020,岚州省,province,province,,2020,,,,990000:2020-2023\n"
    "990100-2020,岚汀市,prefecture_city,prefecture,990000-2020,2020,,,,990100:2020-2023\n"
)


def test_a_plain_file_of_other_places_is_read_alone_or_beside(tmp_path):
    path = tmp_path / "divisions.csv"
    path.write_text(ROWS, encoding="utf-8")
    assert load(path).path(load(path)["990100-2020"]) == ("岚州省", "岚汀市")
    both = load(CONFIG, path)
    assert both.named("岚汀市")
    assert both.named("红泉镇")


def test_zones_stand_in_the_tree_without_a_code(divisions):
    zones = [each for each in divisions.every() if each.id.startswith("zone-")]
    assert {each.kind for each in zones} == {"functional_area"}
    assert {each.coded() for each in zones} == {()}
    assert all(len(divisions.named(each.name)) == 1 for each in zones)
    assert divisions.path(divisions["zone-yangling"]) == ("陕西省", "杨凌示范区")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n", "the first line must be id,name"),
        (HEAD + "x,y\n", ":2: not enough values"),
        (HEAD + "1-2020,甲镇,town,village,,2020,,,,1:2020-2020\n", "level 'village'"),
        (HEAD + "1-2020,甲镇,town,township,2-2020,2020,,,,1:2020-2020\n", "no superior 2-2020"),
        (ROWS + ROWS.splitlines()[1] + "\n", "there twice"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path, text, says):
    path = tmp_path / "divisions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DivisionsError, match=says):
        load(path)


def test_a_file_cut_short_says_what_to_do(tmp_path):
    path = tmp_path / "divisions.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode())[:-20])
    with pytest.raises(DivisionsError, match="build_divisions"):
        load(path)
