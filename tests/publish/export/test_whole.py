"""The folder as a whole: it appears at once or not at all, says what it is, and is the same each time."""

import builtins
import csv
import hashlib
import json
import re
import sys
from typing import get_args

import pytest
from click.testing import CliRunner

from extract.across.expected import Why, due
from gongkai import main
from publish.export import build as building
from publish.export.build import build
from publish.export.errors import ExportError
from publish.export.variables import names, variables


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_database_gives_the_same_bytes(database, exported, tmp_path):
    build(database, tmp_path / "again")
    assert files(tmp_path / "again") == files(exported)


def test_an_export_is_replaced(database, tmp_path):
    build(database, tmp_path / "data")
    (tmp_path / "data" / "panel.csv").write_text("old")
    build(database, tmp_path / "data")
    assert (tmp_path / "data" / "panel.csv").read_text("utf-8-sig").startswith("row_id")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_empty_folder_is_taken(database, tmp_path):
    (tmp_path / "data").mkdir()
    build(database, tmp_path / "data")
    assert (tmp_path / "data" / "panel.csv").exists()


@pytest.mark.parametrize(
    "holds",
    [
        {"thesis.doc": "mine"},
        {"datapackage.json": "{"},  # cut off
        {"datapackage.json": '{"name": "other"}'},
        {"datapackage.json": '["gongkai"]'},
    ],
)
def test_a_folder_of_somebody_else_is_refused_and_kept(database, tmp_path, holds):
    (tmp_path / "data").mkdir()
    for name, text in holds.items():
        (tmp_path / "data" / name).write_text(text)
    with pytest.raises(ExportError, match="no export of this program"):
        build(database, tmp_path / "data")
    assert {path.name: path.read_text() for path in (tmp_path / "data").iterdir()} == holds


def test_a_file_in_its_place_is_refused(database, tmp_path):
    (tmp_path / "data").write_text("mine")
    with pytest.raises(ExportError, match="is no folder"):
        build(database, tmp_path / "data")


def test_what_fails_leaves_the_old_one(database, tmp_path, monkeypatch):
    build(database, tmp_path / "data")
    before = files(tmp_path / "data")

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, "write_citation", fails)
    with pytest.raises(ExportError, match="No space left on device"):
        build(database, tmp_path / "data")
    assert files(tmp_path / "data") == before
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_nothing_withheld_is_anywhere(exported):
    for name, data in files(exported).items():
        assert b"r-withheld" not in data, name
        assert b"r-hidden-document" not in data, name


def test_the_checksums_are_right(exported):
    lines = (exported / "SHA256SUMS").read_text().splitlines()
    known = dict(reversed(line.split("  ")) for line in lines)
    assert known == {n: hashlib.sha256(d).hexdigest() for n, d in files(exported).items() if n != "SHA256SUMS"}


def test_the_data_card_counts(exported):
    card = (exported / "README.md").read_text("utf-8")
    assert "版本 / release: 2024-02-01" in card
    assert "| 报告 / reports | 6 |" in card
    assert "| 云泽省 | 3 |" in card
    assert "| document | 1 |" in card
    assert "| report | 1 |" in card
    assert "| 2024 | 1 |" in card  # not found
    assert "the error rate is not known" in card


def test_the_data_card_warns_of_what_excel_cannot_hold(database, tmp_path):
    from publish.export.coverage import Coverage
    from publish.export.data_card import write_card
    from publish.export.source import open_source

    with open_source(database) as source:
        write_card(tmp_path / "README.md", source, Coverage(), "2024-02-01", {"panel.csv": 9, "large.csv": 2_000_000})
    assert "it would open a part only: large.csv." in (tmp_path / "README.md").read_text("utf-8")


def test_the_data_card_has_the_error_rates(database, tmp_path):
    import shutil
    import sqlite3

    copy = tmp_path / "copy.db"
    shutil.copy(database, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute(
            "insert into accuracy (format, band, state, drawn, wrong, rate, low, high, sampled_on) "
            "values ('pdf', 'sure', 'number', 400, 1, 0.0025, 0.0004, 0.0139, '2026-01-02')"
        )
    build(copy, tmp_path / "data")
    assert "| pdf | sure | number | 400 |" in (tmp_path / "data" / "README.md").read_text("utf-8")


def test_the_codebook_says_every_column_in_two_languages(exported):
    pytest.importorskip("pyarrow")
    with (exported / "codebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    panel = {row["name"]: row for row in rows if row["file"] == "panel"}
    assert list(panel) == names()
    assert all(row["label_zh"] and row["label_en"] for row in rows)
    assert all(re.search(r"[一-鿿]", row["label_zh"]) for row in panel.values())
    assert all(panel[v.name]["comparability_zh"] and panel[v.name]["missing"] for v in variables())
    secret = panel["t2r05_np"]
    assert (secret["key"], secret["unit"], secret["law"]) == (
        "requests.denied_state_secret.natural_person",
        "件",
        "第14条",
    )
    with (exported / "requests_by_applicant.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["name"] for row in rows if row["file"] == "requests_by_applicant.csv"] == next(csv.reader(file))
    assert {row["file"] for row in rows} >= {"panel", "cells.parquet", "findings.parquet"}
    markdown = (exported / "codebook.md").read_text("utf-8")
    assert "| .e | 未找到报告（不等于未公布） |" in markdown


def test_the_codebook_has_the_words_of_every_code(exported):
    with (exported / "codebook.csv").open(encoding="utf-8-sig", newline="") as file:
        codes = {(row["key"], row["name"]): row for row in csv.DictReader(file) if row["file"] == "codes"}
    assert {name for key, name in codes if key == "expected.why"} == set(get_args(Why))
    kinds = ("government", "department", "township", "vertical", "functional_area")
    bases = {due(kind, "county", year).basis for kind in kinds for year in (2018, 2019)}
    assert bases <= {name for key, name in codes if key == "expected.basis"}
    assert "merger" in codes["findings.cautions", "T2-CARRY"]["label_en"]
    assert "| T2-CARRY | findings.cautions |" in (exported / "codebook.md").read_text("utf-8")


def test_the_citation_is_of_the_release(exported):
    lines = (exported / "CITATION.cff").read_text("utf-8").splitlines()
    fields = {name: json.loads(value) for name, value in (line.split(": ", 1) for line in lines)}
    assert fields["date-released"] == fields["version"] == "2024-02-01"
    assert fields["cff-version"] == "1.2.0"


def test_the_data_package_names_every_file_and_column(exported):
    package = json.loads((exported / "datapackage.json").read_text("utf-8"))
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert set(resources) == set(files(exported)) - {"SHA256SUMS", "datapackage.json"}
    assert [field["name"] for field in resources["panel.csv"]["schema"]["fields"]] == names()


def test_frictionless_finds_it_valid(exported):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(exported / "datapackage.json"))
    assert report.valid, report.flatten(["path", "fieldName", "type", "note"])


@pytest.mark.parametrize("missing", ["pyarrow", "pyreadstat"])
def test_without_the_extra_the_rest_is_written(database, tmp_path, monkeypatch, missing):
    for name in ("pyarrow", "pyreadstat", "pandas"):
        pytest.importorskip(name)
    imported = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return imported(name, *rest)

    for name in [name for name in sys.modules if name.split(".")[0] == missing or name.startswith("publish.export.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("publish.export.stata", raising=False)
    monkeypatch.delattr("publish.export.parquet", raising=False)
    monkeypatch.delattr("publish.export.cell_batches", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    result = CliRunner().invoke(main, ["export", str(tmp_path / "data"), "--db", str(database)])
    assert result.exit_code == 1
    assert f"{missing} is not installed; install it with: pip install 'gongkai[export]'" in result.output
    written = set(files(tmp_path / "data"))
    assert written >= {"panel.csv", "requests_by_applicant.csv", "codebook.csv", "datapackage.json", "SHA256SUMS"}
    assert ("panel.dta" in written) == (missing != "pyreadstat")
    assert ("cells.parquet" in written) == (missing != "pyarrow")


def test_the_command_tells_what_it_came_to(database, tmp_path):
    pytest.importorskip("pyarrow")
    pytest.importorskip("pyreadstat")
    result = CliRunner().invoke(main, ["export", str(tmp_path / "data"), "--db", str(database), "--labels", "en"])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == f"{tmp_path / 'data'}: 6 reports · 9 tables · 3 withheld"


def test_no_database_says_how_to_make_one(tmp_path):
    result = CliRunner().invoke(main, ["export", str(tmp_path / "data"), "--db", str(tmp_path / "none.db")])
    assert result.exit_code == 1
    assert "make it with: gongkai extract" in result.output
    (tmp_path / "text.db").write_text("no database")
    result = CliRunner().invoke(main, ["export", str(tmp_path / "data"), "--db", str(tmp_path / "text.db")])
    assert result.exit_code == 1
    assert "is no database of ours" in result.output
    assert not (tmp_path / "data").exists()


def test_an_empty_database_gives_empty_tables(tmp_path):
    from extract.store.database import open_for_writing

    with open_for_writing(tmp_path / "empty.db"):
        pass
    assert build(tmp_path / "empty.db", tmp_path / "data").reports == 0
    assert (tmp_path / "data" / "panel.csv").read_text("utf-8-sig").splitlines() == [",".join(names())]
