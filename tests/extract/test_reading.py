"""One reading of one document: what cannot be read says why in one line, and the rest goes on."""

import io
import json
import shutil
import zipfile

import pytest

from crawler import sniff
from extract import present, reader
from extract.reader import reader_version
from extract.reading import read, read_file
from sample.manifest import DOCUMENTS, load
from sample.server import answer

MANIFEST = load()
PDF = (DOCUMENTS / next(r for r in MANIFEST.reports if r.published_as == "pdf").files[0]).read_bytes()
DOCX = (DOCUMENTS / next(r for r in MANIFEST.reports if r.published_as == "docx").files[0]).read_bytes()
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (PDF[: len(PDF) // 2], "cut off"),
        (ENCRYPTED, "password"),
        (DOCX[: len(DOCX) // 2], "DOCX"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 2000, "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "not read yet"),
        (b"{\\rtf1 }", "no text"),
        (bytes(range(256)) * 20, "no document of a known format"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_line(data, words):
    reading = read(data)
    assert reading.kind == "error"
    assert words in reading.error
    assert "\n" not in reading.error
    line = present.as_json(reading, "x")
    assert (line["kind"], line["error"]) == ("error", reading.error)


def test_a_file_that_is_not_there_is_an_error_of_its_own(tmp_path):
    assert "No such file" in read_file(tmp_path / "no.pdf").error
    assert read_file(tmp_path).kind == "error"


def test_what_is_no_report_says_what_it_is():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as members:
        members.writestr("a.txt", "x")
    assert read(buffer.getvalue()).kind == "error"
    reading = read("<html><title>春耕备耕会议召开</title><p>本报讯</p></html>".encode())
    assert (reading.kind, reading.report.reason.split(":")[0]) == ("other", "no annual report")


def test_the_json_of_a_report_is_whole():
    report = next(r for r in MANIFEST.reports if r.published_as == "pdf")
    line = json.loads(json.dumps(present.as_json(read(PDF), "a.pdf"), ensure_ascii=False))
    assert (line["kind"], line["form"], line["year"], line["issuer"]) == ("report", "2021", report.year, report.issuer)
    assert {key: cell["value"] for key, cell in line["cells"].items()} == dict(report.cells)
    cell = line["cells"]["requests.received_new.total"]
    assert cell["state"] == "number"
    assert cell["place"]["page"] >= 1
    assert len(cell["place"]["box"]) == 4
    assert len(line["sections"]) == 6
    assert all({"check", "verdict", "keys", "left", "right"} <= set(finding) for finding in line["findings"])


def test_places_are_those_of_the_format():
    text = "一、总体情况\n行政许可\t0\n规章\t1\t2\t3\n"
    assert present.place(None) is None
    page = next(r for r in MANIFEST.reports if r.published_as == "html" and r.form == "2021")
    site = next(s for s in MANIFEST.sites if s.id == page.site)
    reading = read(answer(site, page.page).body)
    assert set(present.place(reading.report.cells["disclosure.licensing_decisions"].place)) == {
        "table",
        "row",
        "column",
    }
    assert read(text.encode()).kind in ("other", "report")


def test_the_reader_s_version_follows_the_forms():
    assert reader_version() == reader_version()
    assert reader_version().startswith("gongkai-")


def versions_after(monkeypatch, tmp_path, change):
    """The versions that read PDF, pages and ZIPs when that file was changed."""
    copy = tmp_path / "extract"
    if not copy.exists():
        shutil.copytree(reader._HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(reader, "_HERE", copy)
    monkeypatch.setattr(reader, "_DECODE", copy / "decode")
    path = copy / change
    before = path.read_text("utf-8")
    path.write_text(before + "\n# mended\n", "utf-8")
    for kept in (reader.reader_version, reader.imported):
        kept.cache_clear()
    try:
        return [reader.reader_version(kind) for kind in (sniff.PDF, sniff.HTML, sniff.ZIP)]
    finally:
        path.write_text(before, "utf-8")
        for kept in (reader.reader_version, reader.imported):
            kept.cache_clear()


@pytest.mark.parametrize(
    ("change", "read_anew"),
    [
        ("interpret/values.py", (True, True, True)),
        ("second_opinion.py", (True, True, True)),
        ("decode/pdf_cells.py", (True, False, True)),
        ("decode/pdf_second.py", (True, False, True)),
        ("decode/html_metadata.py", (False, True, True)),
        ("decode/rtf.py", (False, False, True)),
        ("store/load.py", (False, False, False)),  # how rows are stored changes no reading
    ],
)
def test_a_mended_reader_reads_again_what_it_may_read_otherwise(monkeypatch, tmp_path, change, read_anew):
    now = [reader_version(kind) for kind in (sniff.PDF, sniff.HTML, sniff.ZIP)]
    with monkeypatch.context() as patched:
        after = versions_after(patched, tmp_path, change)
    assert tuple(one != other for one, other in zip(now, after, strict=True)) == read_anew


def test_a_missing_section_is_told_though_no_cell_is_at_fault():
    report = next(one for one in load().reports if one.form == "2021" and one.has_tables)
    site = next(one for one in load().sites if one.id == report.site)
    body = answer(site, report.page).body.replace("六、其他需要报告的事项".encode(), b"")
    reading = read(body)
    assert any(finding.verdict == "fail" and not finding.keys for finding in reading.findings)
    assert "fails S-SECTION: " in present.as_text(reading, "page.html")
