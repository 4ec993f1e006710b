"""Two readers of one PDF: agreement shows that a failed sum is printed so, disagreement is doubt."""

from dataclasses import replace

from extract.forms import load_forms
from extract.interpret import interpret
from extract.reading import read
from extract.reconcile import reconcile
from extract.second_opinion import compare
from sample.manifest import DOCUMENTS, load
from tests.documents import FORM, Printed

BROKEN = next(r for r in load().reports if r.violations and r.published_as == "pdf")


def test_a_sum_that_is_printed_wrong_is_the_source_s_fault():
    reading = read((DOCUMENTS / BROKEN.files[0]).read_bytes())
    failed = [f for f in reading.findings if f.verdict == "fail" and f.severity == "error"]
    assert [(f.check, f.cause) for f in failed] == [("T3-SUM-review", "source")]
    assert all(cell.confidence == 1.0 for cell in reading.report.cells.values())


def opinions(change):
    ours = interpret(
        Printed(dict.fromkeys(Printed().values, 0) | {"requests.granted.total": 5}).document(), load_forms()
    )
    findings = reconcile(ours, FORM)
    theirs = replace(ours, cells={key: change(key, cell) for key, cell in ours.cells.items()})
    return compare(ours, findings, theirs)


def test_disagreement_lowers_confidence_and_names_the_other_number():
    report, findings = opinions(
        lambda key, cell: replace(cell, value=8, raw="8") if key == "requests.granted.total" else cell
    )
    cell = report.cells["requests.granted.total"]
    assert (cell.value, cell.confidence) == (5, 0.5)
    assert "8" in cell.reason
    assert {f.cause for f in findings if f.verdict == "fail" and f.cause} == {"extraction"}
    assert findings[-1].check == "READERS-DISAGREE"


def test_a_number_where_ours_is_blank_is_a_disagreement():
    ours = interpret(
        Printed(dict.fromkeys(Printed().values, 0) | {"requests.granted.enterprise": ""}).document(), load_forms()
    )
    blank = ours.cells["requests.granted.enterprise"]
    theirs = replace(ours, cells={**ours.cells, blank.key: replace(blank, value=3, raw="3", state="number")})
    report, findings = compare(ours, reconcile(ours, FORM), theirs)
    assert report.cells[blank.key] == replace(blank, confidence=0.5, reason="a second reader sees 3")
    assert findings[-1].keys == (blank.key,)


def test_a_number_that_the_other_reader_misses_is_no_disagreement():
    report, findings = opinions(
        lambda key, cell: replace(cell, value=None, state="blank") if key == "requests.granted.total" else cell
    )
    assert report.cells["requests.granted.total"].confidence == 1.0
    assert {f.cause for f in findings if f.verdict == "fail" and f.cause} == {"unknown"}


def test_a_reader_that_finds_little_has_no_opinion():
    report, findings = opinions(lambda key, cell: replace(cell, value=None, state="absent"))
    assert report.cells["requests.granted.total"].confidence == 1.0
    assert {f.cause for f in findings if f.verdict == "fail" and f.cause} == {"unknown"}
