"""Which files of a config directory the tree is made of, and what is refused there."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from extract.identity.divisions import COLUMNS
from extract.store import BasisError
from extract.store.basis import read_basis
from gongkai import main
from tests.extract.store.made import HEAD as AGENCIES
from tests.extract.store.made import config as made_config
from tests.portal_archive import Builder

TOWN = "990101001-2015:"
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


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("identity,岚汀县教育局,990109-2015:教育局,lanting,,r,s", "990109-2015 is no division"),
        ("renamed,990101-2015:水务局,99010-2015:水利局,,2024,r,s", "99010-2015 is no division"),
        ("complete,999999-2015,departments,,2018,r,s", "999999-2015 is no division"),
        ("rename,990101-2015:水务局,990101-2015:水利局,,2024,r,s", "kind 'rename'; one of renamed"),
        ("renamed,a", "2 fields; a row has kind"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_what_to_write(tmp_path, line, says):
    with pytest.raises(BasisError, match=says):
        read_basis(made_config(tmp_path / "config", line + "\n"), "test")


def test_places_that_are_there_and_names_that_hold_everywhere_are_taken(tmp_path):
    lines = (
        f"identity,街道办,{TOWN}街道办事处,lanting,,r,s\n"
        "identity,某总局,cn:某总局,lanting,,r,s\n"
        "renamed,国土资源局,自然资源局,,2019,r,s\n"
    )
    assert len(read_basis(made_config(tmp_path / "config", lines), "test").decided.identities) == 2


def test_divisions_that_name_none_are_refused(tmp_path):
    folder = made_config(tmp_path / "config")
    head = (folder / "divisions.csv").read_text("utf-8").splitlines()[0]
    (folder / "divisions.csv").write_text(head + "\n", "utf-8")
    with pytest.raises(BasisError, match="it names no division"):
        read_basis(folder, "test")


def test_the_command_says_it_in_a_line(tmp_path):
    Builder(tmp_path / "archive").run({}, {})
    folder = made_config(tmp_path / "config")
    (folder / "agencies.csv").write_bytes((AGENCIES + "renamed,水务局,水利局,,2024,理由,s\n").encode("gbk"))
    where = ["--archive", str(tmp_path / "archive"), "--db", str(tmp_path / "archive.db"), "--config", str(folder)]
    result = CliRunner().invoke(main, ["extract", *where])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "save it as UTF-8" in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path):
    folder = made_config(tmp_path / "config")
    (folder / "agencies.csv").unlink()
    (folder / "agencies.csv").mkdir()
    with pytest.raises(BasisError, match=r"agencies\.csv: cannot be read"):
        read_basis(folder, "test")
