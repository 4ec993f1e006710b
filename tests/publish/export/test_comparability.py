"""What the codebook says of one cell beside those of other forms."""

import json

import pytest

from publish.export import comparability as module
from publish.export.comparability import comparability, concepts
from publish.export.variables import variables

CELLS = {variable.key: variable for variable in variables()}
CONCEPTS = {
    "concepts": [
        {
            "concept": "litigation",
            "comparable": "partly",
            "note": ["有断点", "breaks"],
            "sources": [
                {"forms": ["2021", "2019"], "keys": ["disputes.lit_direct_total", "disputes.lit_after_review_total"]},
                {"forms": ["2014"], "keys": ["s_lit_total"], "comparable": "no", "note": ["旧", "old"]},
            ],
        }
    ]
}


@pytest.fixture
def config(tmp_path, monkeypatch):
    (tmp_path / "concepts.json").write_text(json.dumps(CONCEPTS), "utf-8")
    monkeypatch.setattr(module, "CONFIG", tmp_path)


def test_a_stock_in_force_is_no_stock_of_what_was_published():
    for key in ("disclosure.normdocs_in_force", "disclosure.normdocs_published_stock"):
        assert "never" in comparability(CELLS[key]).en
    assert "never" in comparability(CELLS["disclosure.rules_in_force"]).en


def test_every_cell_says_something():
    assert all(comparability(cell).zh and comparability(cell).en for cell in CELLS.values())


def test_a_concept_names_its_cells_in_other_forms(config):
    direct, older = comparability(CELLS["disputes.lit_direct_total"]), comparability(CELLS["s_lit_total"])
    assert (direct.concept, direct.mark) == ("litigation", "partly")
    assert direct.en.startswith("breaks; the sum of several cells; other forms 2014: s_lit_total")
    assert (older.mark, older.en.split(";")[0]) == ("no", "old")
    assert comparability(CELLS["requests.granted.total"]).concept == ""


def test_without_the_file_the_forms_speak(tmp_path):
    assert concepts(tmp_path / "none.json") == {}
