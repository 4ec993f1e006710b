"""The steps joined: what a step did not foresee costs one document, and says so in one line."""

import io
import json

from reportlab.pdfgen.canvas import Canvas

from extract import reading as reader
from extract.decode import DamagedDocument
from extract.interpret import interpret
from extract.present import as_json
from extract.reading import read, read_file
from sample.manifest import DOCUMENTS, load
from tests.documents import PRINTED, Printed

BROKEN = next(r for r in load().reports if r.violations and r.published_as == "pdf")
PDF = (DOCUMENTS / BROKEN.files[0]).read_bytes()
TEXT = "岚汀县2023年政府信息公开工作年度报告\n一、总体情况\n好。\n".encode()


def fails(*_):
    raise RuntimeError("what nobody\nforesaw")


def test_a_decoder_that_fails_gives_an_error_in_one_line(monkeypatch, caplog):
    monkeypatch.setattr(reader, "decode", fails)
    reading = read(TEXT, name="http://town.example/a")
    assert reading.kind == "error"
    assert "\n" not in reading.error
    assert "please report it" in reading.error
    assert "http://town.example/a" in caplog.text
    assert "Traceback" in caplog.text


def test_a_later_step_that_fails_keeps_what_was_decoded(monkeypatch):
    for step in ("interpret", "reconcile"):
        with monkeypatch.context() as patch:
            patch.setattr(reader, step, fails)
            reading = read((DOCUMENTS / BROKEN.files[0]).read_bytes())
        assert reading.kind == "error"
        assert "政府信息公开" in reading.text


def test_a_scan_is_not_said_to_be_no_report():
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(50, 50, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    reading = read(buffer.getvalue())
    assert (reading.kind, reading.report) == ("error", None)
    assert "no text" in reading.error
    assert reading.warnings


def test_a_second_reader_that_fails_is_a_warning_and_the_cause_stays_unknown(monkeypatch):
    def damaged(_):
        raise DamagedDocument("no page\ncan be read")

    for failing in (fails, damaged):
        with monkeypatch.context() as patch:
            patch.setattr(reader, "decode_second", failing)
            reading = read(PDF)
        assert [f.cause for f in reading.findings if f.verdict == "fail"] == ["unknown"]
        (warning,) = [w for w in reading.warnings if w.startswith("no second opinion")]
        assert "\n" not in warning


def test_a_pdf_without_doubt_is_read_once(monkeypatch):
    monkeypatch.setattr(reader, "decode_second", fails)
    whole = next(r for r in load().reports if r.published_as == "pdf" and not r.violations)
    reading = read((DOCUMENTS / whole.files[0]).read_bytes())
    assert reading.report.confidence > 0.8
    assert reading.warnings == ()


def test_a_failed_sum_of_another_format_has_an_unknown_cause(monkeypatch):
    document = Printed(dict.fromkeys(Printed().values, 0) | {"requests.granted.total": 5}).document()
    monkeypatch.setattr(reader, "decode", lambda _: document)
    failed = [f for f in read(TEXT).findings if f.verdict == "fail" and f.severity == "error"]
    assert failed
    assert {f.cause for f in failed} == {"unknown"}
    assert interpret(document, reader.load_forms()).cells["requests.granted.total"].value == 5


def test_the_same_bytes_give_the_same_reading(tmp_path):
    (tmp_path / "a.pdf").write_bytes(PDF)
    assert read_file(tmp_path / "a.pdf") == read(PDF)


def test_the_json_has_every_cell_of_the_form_as_printed_and_null_where_none_stands(monkeypatch):
    printed = Printed()
    del printed.rows[printed.find("重复申请")]
    values = ("disclosure.admin_fees_wan", "requests.granted.total", "requests.carried_in.total")
    printed.rows[printed.find("行政事业性收费")][1][0] = "26.55"
    printed.rows[printed.find("予以公开")][1][6] = ""
    printed.rows[printed.find("上年结转政府信息公开申请数量")][1][6] = "/"
    monkeypatch.setattr(reader, "decode", lambda _: printed.document())
    cells = json.loads(json.dumps(as_json(read(TEXT), "a.html")))["cells"]
    assert set(cells) == {cell.key for row in PRINTED for cell in row.cells}
    told = {key: (cells[key]["value"], cells[key]["state"]) for key in (*values, "requests.rejected_repeat.total")}
    assert told == {
        "disclosure.admin_fees_wan": (26.55, "number"),
        "requests.granted.total": (None, "blank"),
        "requests.carried_in.total": (None, "na_mark"),
        "requests.rejected_repeat.total": (None, "absent"),
    }
    assert set(cells["requests.granted.total"]["place"]) == {"table", "row", "column"}
    assert cells["requests.rejected_repeat.total"]["place"] is None
