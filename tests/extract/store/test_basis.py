"""Which files of a config directory the tree is made of."""

from __future__ import annotations

from extract.identity.divisions import COLUMNS
from extract.store.basis import read_basis

HEAD = ",".join(COLUMNS) + "\n"
PROVINCE = "990000-2020,岚州省,province,province,,2020,,,,990000:2020-2023\n"


def test_a_directory_without_divisions_has_the_repository_s(tmp_path):
    basis = read_basis(tmp_path, "1")
    assert {"411728-2015", "zone-pingtan"} <= {each.id for each in basis.divisions.every()}


def test_divisions_of_its_own_stand_alone(tmp_path):
    (tmp_path / "divisions.csv").write_text(HEAD + PROVINCE, encoding="utf-8")
    assert [each.id for each in read_basis(tmp_path, "1").divisions.every()] == ["990000-2020"]


def test_zones_of_its_own_are_added_and_change_the_digest(tmp_path):
    (tmp_path / "divisions.csv").write_text(HEAD + PROVINCE, encoding="utf-8")
    before = read_basis(tmp_path, "1").digest
    zone = "zone-yanchi,砚池新区,functional_area,county,990000-2020,2020,,,,\n"
    (tmp_path / "zones.csv").write_text(HEAD + zone, encoding="utf-8")
    basis = read_basis(tmp_path, "1")
    assert [each.id for each in basis.divisions.every()] == ["990000-2020", "zone-yanchi"]
    assert basis.digest != before


def test_zones_alone_are_added_to_the_repository_s_divisions(tmp_path):
    zone = "zone-yanchi,砚池新区,functional_area,county,610000-2015,2015,,,,\n"
    (tmp_path / "zones.csv").write_text(HEAD + zone, encoding="utf-8")
    ids = {each.id for each in read_basis(tmp_path, "1").divisions.every()}
    assert {"zone-yanchi", "411728-2015"} <= ids
    assert "zone-pingtan" not in ids
