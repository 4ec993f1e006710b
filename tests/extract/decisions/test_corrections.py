"""A correction is applied, found to be no longer needed, or refused with the reason; never half."""

import dataclasses

import pytest

from extract import decisions as deciding
from extract.decisions import DecisionError, Outcome, of_report
from extract.decisions.corrections import Stated, apply
from extract.reading import form_of, reconciled
from tests.extract.decisions.readings import CELL, KEY, NEWER, READER, SHA256, TODAY, decision, given, reading, written

READ_21 = {"requests__granted__total": 21}


def outcome_of(tmp_path, changed=None, *, read=None, circumstances=None):
    corrections = written(tmp_path, decision(**(changed or {})))
    report, (outcome,) = apply(reading(**(read or READ_21)).report, corrections, circumstances or given())
    return report, outcome


def test_the_cell_carries_what_is_printed_and_says_who_decided(tmp_path):
    before = reading(**READ_21).report
    report, outcome = outcome_of(tmp_path)
    assert (outcome.status, outcome.reason) == ("applied", "")
    cell = report.cells[CELL]
    assert (cell.value, cell.raw, cell.state, cell.confidence) == (12, "12", "number", 1.0)
    assert cell.reason == f"corrected by 甲 on 2026-01-31: {READER} read 21"
    assert cell.place == before.cells[CELL].place
    assert {key: c for key, c in report.cells.items() if key != CELL} == {
        key: c for key, c in before.cells.items() if key != CELL
    }


@pytest.mark.parametrize("state", ["blank", "na_mark", "unreadable"])
def test_a_state_is_printed_as_well_as_a_number(tmp_path, state):
    report, outcome = outcome_of(tmp_path, {"printed": {"state": state, "raw": "/" if state == "na_mark" else ""}})
    assert outcome.status == "applied"
    assert (report.cells[CELL].state, report.cells[CELL].value) == (state, None)


def test_it_survives_a_newer_reader_that_reads_yet_another_number(tmp_path):
    read = {"requests__granted__total": 17}
    report, outcome = outcome_of(tmp_path, read=read, circumstances=given(NEWER))
    assert report.cells[CELL].value == 12
    assert (outcome.status, outcome.reason) == ("applied", "the reader reads 17 by now; the decision stands")


def test_it_is_no_longer_needed_when_a_newer_reader_reads_what_is_printed(tmp_path):
    read = {"requests__granted__total": 12}
    report, outcome = outcome_of(tmp_path, read=read, circumstances=given(NEWER))
    assert outcome.status == "agrees"
    assert report.cells[CELL].confidence == 0.98


REFUSED = {
    "a cell of no form": ({"cell": "requests.granted.nobody"}, "the form of 2021 has no cell requests.granted.nobody"),
    "negative": ({"printed": {"raw": "-4", "value": -4}}, "-4 is negative"),
    "a fraction of a count": ({"printed": {"raw": "1.5", "value": 1.5}}, "1.5 is a fraction"),
    "raw is another number": ({"printed": {"raw": "3,607", "value": 12}}, "printed is '3,607', which is not 12"),
    "printed as read": ({"printed": {"raw": "21", "value": 21}}, "nothing to correct"),
    "no day": ({"decided_on": ""}, "decided_on is missing"),
    "no date": ({"decided_on": "31.1.2026"}, "is no date"),
    "tomorrow": ({"decided_on": "2026-03-02"}, "is in the future"),
    "printed nowhere": ({"printed": {"raw": "13", "value": 13}}, "'13' is nowhere in the document's text"),
    "part of a number": ({"printed": {"raw": "60", "value": 60}}, "'60' is nowhere"),
    "never read": ({"read": {"value": 22, "reader": READER}}, f"{READER} did not read 22 there, but 21"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_one_is_refused_with_the_reason_and_the_reader_s_number_stands(tmp_path, name):
    changed, why = REFUSED[name]
    report, outcome = outcome_of(tmp_path, changed)
    assert outcome.status == "refused"
    assert why in outcome.reason
    assert report == reading(**READ_21).report


def test_what_an_earlier_version_read_is_known_while_its_reading_is_at_hand(tmp_path):
    known = given(NEWER, others={READER: {CELL: Stated("number", 20)}})
    _, outcome = outcome_of(tmp_path, circumstances=known)
    assert outcome.reason == f"{READER} did not read 21 there, but 20"
    known = given(NEWER, others={READER: {CELL: Stated("number", 21)}})
    assert outcome_of(tmp_path, circumstances=known)[1].status == "applied"


def test_two_that_contradict_are_both_refused(tmp_path):
    corrections = written(tmp_path, decision(), decision(printed={"raw": "3,607", "value": 3607}))
    report, outcomes = apply(reading(**READ_21).report, corrections, given())
    assert [outcome.status for outcome in outcomes] == ["refused", "refused"]
    assert [outcome.reason for outcome in outcomes] == [
        "contradicts the decision in 1.json",
        "contradicts the decision in 0.json",
    ]
    assert report.cells[CELL].value == 21


def test_two_reports_for_one_document_contradict(tmp_path):
    corrections = written(tmp_path, decision(), decision(cell="requests.carried_out.total", report="r" + "f" * 12))
    _, outcomes = apply(reading(**READ_21).report, corrections, given())
    assert {outcome.status for outcome in outcomes} == {"refused"}


def test_text_that_proves_nothing_refuses_nothing(tmp_path):
    unlike = {"printed": {"raw": "13", "value": 13}}
    assert outcome_of(tmp_path, unlike, circumstances=given(text=""))[1].status == "applied"
    garbled = {**unlike, "not_in_text": "the font maps no characters"}
    assert outcome_of(tmp_path, garbled)[1].status == "applied"


def test_a_document_of_another_report_is_refused(tmp_path):
    (correction,) = written(tmp_path, decision())
    applied = Outcome(correction, "applied")
    assert of_report(applied, {KEY: {(SHA256, "")}}) == applied
    assert of_report(applied, {KEY: {("6" * 64, "")}}).reason == "the document is not one of the report's"
    assert of_report(applied, {}).reason == f"there is no report {KEY}"


def decided(read, corrections):
    (one,) = deciding.decide(
        [read],
        deciding.Decisions(corrections),
        form_of=form_of,
        reconciled=reconciled,
        today=TODAY,
    )
    return one


def test_the_corrected_reading_stands_beside_the_one_that_was_read_with_its_own_findings(tmp_path):
    read = reading(**READ_21)
    one = decided(read, written(tmp_path, decision(cell=CELL, printed={"state": "blank"})))
    assert one.reading.report.cells == read.report.cells
    assert one.reading.reader == READER
    assert deciding.is_corrected(one.corrected.reader)
    assert deciding.reader_as_read(one.corrected.reader) == READER
    sums = [f for f in one.reading.findings if f.check == "T2-ROWSUM" and CELL in f.keys]
    after = [f for f in one.corrected.findings if f.check == "T2-ROWSUM" and CELL in f.keys]
    assert ([f.verdict for f in sums], [f.verdict for f in after]) == (["fail"], ["not_assessable"])


def test_a_scan_s_text_is_no_proof_and_an_unreadable_document_has_no_cell(tmp_path):
    corrections = written(tmp_path, decision(printed={"raw": "13", "value": 13}))
    scan = dataclasses.replace(reading(**READ_21), warnings=("page 1 is a picture: read by text recognition",))
    assert decided(scan, corrections).outcomes[0].status == "applied"
    broken = dataclasses.replace(scan, report=None, findings=(), error="damaged")
    assert decided(broken, corrections).outcomes[0].reason == "the document could not be read: damaged"


BAD = {
    "a field is missing": ({"evidence": None}, "evidence missing"),
    "a field is misspelt": ({"pritned": 1}, "pritned unknown"),
    "no key": ({"report": "砚池镇"}, "is no key"),
    "no digest": ({"document": "12"}, "no sha256"),
    "one reader and no reason": ({"readers": ["甲", "甲"]}, "name two people"),
    "no reader version": ({"read": {"value": 1}}, "read.reader missing"),
    "no number": ({"printed": {"raw": "x", "value": "x"}}, "printed.value is no number"),
    "a yes": ({"printed": {"raw": "1", "value": True}}, "printed.value is no number"),
    "a value with a blank": ({"printed": {"state": "blank", "value": 1}}, "goes with the state number"),
    "absent is never printed": ({"printed": {"state": "absent"}}, "the state is one of"),
    "no characters": ({"printed": {"value": 12}}, "printed.raw missing"),
    "a text as a number": ({"decided_on": 2026}, "decided_on: write a text"),
    "no evidence": ({"evidence": " "}, "evidence is empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_is_named_in_one_line(tmp_path, name):
    changed, why = BAD[name]
    item = {key: value for key, value in decision(**changed).items() if value is not None}
    with pytest.raises(DecisionError) as raised:
        written(tmp_path, item)
    assert why in str(raised.value)
    assert "0.json" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_no_json_is_named_too_and_the_readme_is_no_decision(tmp_path):
    (tmp_path / "README.md").write_text("no decision")
    assert written(tmp_path) == ()
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(DecisionError, match=r"a\.json: no JSON"):
        written(tmp_path)


def test_a_list_holds_several_and_the_example_of_the_readme_is_one(tmp_path):
    assert len(written(tmp_path, [decision(), decision(cell="disputes.review_total")])) == 2
    readme = (deciding.config_dir() / "corrections" / "README.md").read_text("utf-8")
    example = readme.partition("```json")[2].partition("```")[0]
    (tmp_path / "0.json").write_text(example, "utf-8")
    (correction,) = written(tmp_path)
    assert correction.printed == Stated("number", 12, "12")
