"""The accuracy that is printed is that of the documents: right, wrong, invented and missed are told apart."""

import json

import pytest

from benchmarks.accuracy import main
from sample.manifest import load
from sample.portal.report_html import body

REPORT = next(
    report for report in load().reports if (report.published_as, report.form) == ("html", "2021") and not report.states
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.html").write_text(f"<html><body><h1>{REPORT.title}</h1>{body(REPORT)}</body></html>", "utf-8")

    def with_truth(**changed):
        truth = {"cells": {**REPORT.cells, **changed}, "year": REPORT.year, "form": REPORT.form}
        (tmp_path / "a.truth.json").write_text(json.dumps(truth), "utf-8")
        return tmp_path

    return with_truth


def row(output, name):
    return next(line.split() for line in output.splitlines() if line.startswith(name))


def test_a_document_read_as_its_truth_states_is_all_right(folder, capsys):
    assert main([str(folder())]) == 0
    assert row(capsys.readouterr().out, "html")[1:8] == ["1", "200", "200", "0", "0", "0", "100.00%"]


def test_each_fault_is_counted_as_what_it_is(folder, capsys):
    key = "disclosure.licensing_decisions"
    assert REPORT.cells[key]
    changed = {key: REPORT.cells[key] + 1, "disclosure.penalty_decisions": None}
    assert main([str(folder(**changed, **{"disclosure.nowhere": 4}))]) == 1
    output = capsys.readouterr().out
    assert row(output, "all")[3:7] == ["198", "1", "1", "1"]
    assert row(output, "0.95 to 1")[-3:] == ["198", "1", "1"]


def test_without_documents_it_says_what_to_name(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "name a folder" in capsys.readouterr().err
