"""Real and made reports with known truth, where GONGKAI_CORPUS points at them: every cell, no number invented."""

import json
import os
from pathlib import Path

import pytest

from extract.reading import read

CORPUS = os.environ.get("GONGKAI_CORPUS", "")
pytestmark = pytest.mark.skipif(not CORPUS, reason="GONGKAI_CORPUS is not set: the corpus of real reports is not here")
ROOT = Path(CORPUS or ".")
MADE = [
    *("html_cms", "html_word", "html_lo", "html_bad", "docx", "doc", "rtf", "odt", "xls", "xlsx", "ofd"),
    *("pdf", "pdf_variants", "text_tsv", "text_word"),
]
WITHOUT_TITLE = {"xls", "xlsx"}  # nothing but the tables: neither agency nor year is in the file
# Cut where two columns cannot be told: what is not certain is left out, never guessed.
NOT_WHOLE = {"text_tsv/008.txt"}
REAL = [
    "hongze-district-2023/doc.pdf",
    "pingtan-2025/doc.html",
    "suqian-city-2023/doc.html",
    "template-blank-2021/doc.docx",
    "shuyang-ndrc-2023/doc.html",
]


def documents():
    if not CORPUS:
        return
    yield from sorted((ROOT / "seeds").glob("*/doc.txt"))
    yield from (ROOT / "real" / name for name in REAL)
    for folder in MADE:
        yield from sorted(p for p in (ROOT / "made" / folder).iterdir() if p.suffix != ".json")


def truth_of(path):
    own = path.with_name(path.name.split(".")[0] + ".truth.json")
    return json.loads((own if own.exists() else path.parent / "truth.json").read_text("utf-8"))


@pytest.mark.parametrize("path", list(documents()), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_cell_is_as_printed(path):
    truth, reading = truth_of(path), read(path.read_bytes())
    name = f"{path.parent.name}/{path.name}"
    cells = reading.report.cells
    wanted = {key: value for key, value in truth["cells"].items() if key not in truth["skip"]}
    given = {key: None if cell.value is None else float(cell.value) for key, cell in cells.items()}
    wrong = {k: (v, given.get(k)) for k, v in wanted.items() if given.get(k) is not None and given[k] != v}
    assert not wrong
    assert not [key for key, value in given.items() if value is not None and key not in truth["cells"]]
    if name not in NOT_WHOLE:
        missed = [key for key, value in wanted.items() if value is not None and given.get(key) is None]
        assert not missed
        assert str(reading.report.form) == truth["form"]
    assert reading.report.year == truth["year"] or truth["year"] is None or path.parent.name in WITHOUT_TITLE
    assert all(cell.place is not None for cell in cells.values() if cell.state == "number")


def test_rows_that_the_text_lacks_are_absent():
    cells = read((ROOT / "seeds" / "seed-004" / "doc.txt").read_bytes()).report.cells
    assert {cell.state for key, cell in cells.items() if ".carried_out." in key or ".outcome_total." in key} == {
        "absent"
    }
    assert sum(cell.state == "absent" for cell in cells.values()) == 49


def test_the_older_form_is_read_in_its_own_cells():
    report = read((ROOT / "real" / "pingtan-2019" / "doc.html").read_bytes()).report
    assert (report.kind, report.form, report.reason) == ("report", "2019", "")
    assert "disclosure.rules_made" in report.cells
    assert "disclosure.rules_issued" not in report.cells


def failed(name):
    findings = read((ROOT / name).read_bytes()).findings
    return [(f.check, f.subject) for f in findings if f.verdict == "fail" and f.severity == "error"]


def test_the_checks_find_what_is_printed_wrong_and_nothing_else():
    assert failed("real/hongze-district-2023/doc.pdf") == [
        ("T3-SUM-review", "review"),
        ("T3-SUM-lit_after_review", "lit_after_review"),
    ]
    assert failed("real/suqian-city-2023/doc.html") == []
    assert failed("real/pingtan-2025/doc.html") == []
    assert failed("real/template-blank-2021/doc.docx") == [("S-BLANK", "")]


# What these reports do print: parts that do not make their total; rows and a heading that the conversion lost.
PRINTED_SO = {"seed-000": {"N-SUM"}, "seed-004": {"S-SECTION", "S-TABLE", "S-CELLS"}}


@pytest.mark.parametrize("folder", ["seed-000", "seed-001", "seed-002", "seed-003", "seed-004"])
def test_a_report_that_was_filed_correctly_raises_no_alarm(folder):
    findings = read((ROOT / "seeds" / folder / "doc.txt").read_bytes()).findings
    assert {f.check for f in findings if f.verdict == "fail"} <= PRINTED_SO.get(folder, set())
