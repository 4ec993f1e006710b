"""Decisions over a real archive: what is withheld leaves the file, a correction stays, a changed one is looked at again."""

import io
import json
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from crawler import sniff
from extract import deciding, pipeline
from extract import reading as reader
from extract.decisions import DecisionError
from extract.store.status import summarise
from tests.extract.test_pipeline_extract import SCHOOL, TOWN, WATER, content
from tests.portal_archive import HOST, Builder, body

HEAD = "what,target,passage,reason,decided_by,decided_on\n"
CELL = "requests.granted.total"


class County:
    """An archive with two agencies' reports, its database, and a directory of decisions."""

    def __init__(self, folder):
        self.builder = Builder(folder / "archive")
        pages = {"/water.html": body(WATER, 2023), "/town.html": body(TOWN, 2023)}
        self.builder.run(pages, {url: [] for url in pages})
        self.db, self.config = folder / "archive.db", folder / "config"
        (self.config / "corrections").mkdir(parents=True)

    def extract(self, make=pipeline.extract):
        with ThreadPoolExecutor(1) as here:  # in this process, so that a test may change the reader
            return make(self.builder.archive.root, self.db, config=self.config, executor=here)

    def rows(self, sql, *values):
        with closing(sqlite3.connect(self.db)) as db:
            return db.execute(sql, values).fetchall()

    def of(self, page):
        """Key and digest of the report at a page."""
        ((key, sha256),) = self.rows(
            "select report_key, sha256 from reports r join report_documents d on d.report_id = r.id where d.url = ?",
            HOST + page,
        )
        return key, sha256

    def withhold(self, *lines):
        text = HEAD + "".join(f"{line},个人信息,甲,2026-01-31\n" for line in lines)
        (self.config / "withheld.csv").write_text(text, "utf-8")

    def correct(self, **changed):
        key, sha256 = self.of("/water.html")
        ((value,),) = self.rows(
            "select value from cells c join readings r on r.id = reading_id where sha256 = ? and key = ?", sha256, CELL
        )
        item = {
            "report": key,
            "document": sha256,
            "cell": CELL,
            "read": {"value": value, "reader": reader.reader_version(sniff.HTML)},
            "printed": {"raw": "2023", "value": 2023},
            "evidence": "表二",
            "readers": ["甲", "乙"],
            "decided_by": "甲",
            "decided_on": "2026-01-31",
            **changed,
        }
        (self.config / "corrections" / "a.json").write_text(json.dumps(item), "utf-8")
        return value

    def file(self):
        """Every byte that the database's file holds."""
        with closing(sqlite3.connect(self.db)) as db:
            db.execute("pragma wal_checkpoint(truncate)")
        return self.db.read_bytes()


@pytest.fixture
def county(tmp_path):
    found = County(tmp_path)
    found.extract()
    return found


def text_of(county, page):
    ((text,),) = county.rows("select text from documents where sha256 = ?", county.of(page)[1])
    return text


def test_a_withheld_document_leaves_the_file_and_comes_back_when_the_decision_goes(county):
    before, text = content(county.db), text_of(county, "/town.html")
    line = next(line for line in text.split("\n") if len(line) > 40)
    assert line[:40].encode() in county.file()
    sha256 = county.of("/town.html")[1]
    county.withhold(f"document,{sha256},")
    assert county.extract().documents == 1
    assert line[:40].encode() not in county.file()
    assert county.rows("select kind, reason, title from readings where sha256 = ?", sha256) == [
        ("other", "withheld: 个人信息", None)
    ]
    assert [row[0] for row in county.rows("select issuer_printed from reports")] == [WATER]
    assert county.rows("select what, target, reason from withheld") == [("document", sha256, "个人信息")]
    assert county.extract().documents == 0
    county.withhold()
    assert county.extract().documents == 1
    assert content(county.db) == before


def test_a_withheld_report_s_documents_are_found_by_its_key_and_stay_withheld(county):
    key, sha256 = county.of("/town.html")
    county.withhold(f"report,{key},")
    county.extract()
    assert county.rows("select count(*) from reports where report_key = ?", key) == [(0,)]
    assert county.rows("select what, target from withheld order by what") == [("document", sha256), ("report", key)]
    once = content(county.db)
    assert county.extract().documents == 0
    assert content(county.db) == once
    county.extract(pipeline.rebuild)
    assert content(county.db) == once
    county.builder.run({"/town.html": body(TOWN, 2023).replace(b"</body>", b"<p>2</p></body>")}, {"/town.html": []})
    county.extract()
    assert county.rows("select count(*) from reports where report_key = ?", key) == [(0,)]
    assert {
        text for (text,) in county.rows("select text from documents where sha256 in (select target from withheld)")
    } == {""}


def test_what_is_to_be_withheld_and_is_not_here_is_named(county):
    (key, sha256), (town, _) = county.of("/water.html"), county.of("/town.html")
    county.withhold("report,r000000000000,", f"document,{'0' * 64},", f"report,{key},", f"report,{town},")
    for _ in range(2):  # also when nothing has changed
        assert county.extract().idle == ("r000000000000", "0" * 64)
    county.withhold(f"document,{sha256},")
    assert county.extract().idle == ()


def test_a_passage_is_in_no_byte_of_the_file(county):
    text = text_of(county, "/town.html")
    passage = next(line for line in text.split("\n") if len(line) > 40)[:12]
    sha256 = county.of("/town.html")[1]
    county.withhold(f'passage,{sha256},"{passage}"')
    county.extract()
    after = text_of(county, "/town.html")
    assert len(after) == len(text)
    assert "■" * 5 in after
    assert passage.encode() not in county.file()
    assert county.rows("select what, target from withheld") == [("passage", sha256)]


def test_a_passage_of_a_report_stays_out_when_its_page_changes(county):
    text = text_of(county, "/town.html")
    passage = next(line for line in text.split("\n") if len(line) > 40)[:12]
    key, _ = county.of("/town.html")
    county.withhold(f'passage,{key},"{passage}"')
    county.extract()
    county.builder.run({"/town.html": body(TOWN, 2023).replace(b"</body>", b"<p>2</p></body>")}, {"/town.html": []})
    county.extract()
    assert county.rows("select count(*) from documents where text like '%■■■■■%'") == [(2,)]
    assert passage.encode() not in county.file()
    assert county.extract().documents == 0


def test_a_correction_changes_the_numbers_and_stays_over_a_newer_reader(county, monkeypatch):
    read = county.correct()
    assert county.extract().documents == 1
    current = "select value from cells c join reports r on r.numbers_reading_id = c.reading_id where report_key = ? and key = ?"
    key, sha256 = county.of("/water.html")
    assert county.rows(current, key, CELL) == [(2023,)]
    said = "select read_value, printed_value, status, reason, decided_by from corrections"
    assert county.rows(said) == [(read, 2023, "applied", None, "甲")]
    as_read = (
        "select value from cells c join readings r on r.id = reading_id where sha256 = ? and key = ? and reader = ?"
    )
    assert county.rows(as_read, sha256, CELL, reader.reader_version(sniff.HTML)) == [(read,)]
    once = content(county.db)
    county.extract(pipeline.rebuild)
    assert content(county.db) == once

    newer = "gongkai-0.2.0+newer"
    for module in (reader, pipeline):
        monkeypatch.setattr(module, "reader_version", lambda *_: newer)
    real = pipeline.read_members

    def misread(data, *, name):
        return [changed_to(one, read + 7) for one in real(data, name=name)]

    monkeypatch.setattr(pipeline, "read_members", misread)
    assert county.extract().documents == 2
    assert county.rows(as_read, sha256, CELL, newer) == [(read + 7,)]
    assert county.rows(current, key, CELL) == [(2023,)]
    assert county.rows(said) == [
        (read, 2023, "applied", f"the reader reads {read + 7} by now; the decision stands", "甲")
    ]


def changed_to(one, value):
    from dataclasses import replace

    cell = replace(one.report.cells[CELL], value=value, raw=str(value))
    return replace(one, report=replace(one.report, cells={**one.report.cells, CELL: cell}))


def test_of_a_zip_one_document_is_corrected_or_withheld_and_the_others_stay(county):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (SCHOOL, WATER):
            archive.writestr(f"{name}.html", body(name, 2022))
    county.builder.run({"/zip.html": b"<p>see below</p>", "/a.zip": packed.getvalue()}, {"/zip.html": ["/a.zip"]})
    county.extract()
    report = "select report_key, sha256 from reports r join report_documents d on d.report_id = r.id where d.member = ?"
    ((key, sha256),) = county.rows(report, f"{SCHOOL}.html")
    of_school = {"report": key, "document": sha256, "member": f"{SCHOOL}.html"}
    county.correct(
        **of_school, read={"value": 5, "reader": "gongkai-0.0.9+older"}, printed={"raw": "2022", "value": 2022}
    )
    county.extract()
    numbers = (
        "select r.issuer_printed, value from reports r join cells c on c.reading_id = r.numbers_reading_id "
        "where r.year = 2022 and c.key = ? order by r.issuer_printed"
    )
    found = dict(county.rows(numbers, CELL))
    assert set(found) == {SCHOOL, WATER}
    assert found[SCHOOL] == 2022 != found[WATER]
    county.withhold(f"document,{sha256}/{WATER}.html,")
    county.extract()
    assert county.rows(numbers, CELL) == [(SCHOOL, 2022)]


def test_a_correction_of_another_report_s_document_is_refused_and_changes_nothing(county):
    before = content(county.db)
    read = county.correct(report=county.of("/town.html")[0])
    county.extract()
    said = "select status, reason, read_value from corrections"
    assert county.rows(said) == [("refused", "the document is not one of the report's", read)]
    after = content(county.db)
    for table in ("report_documents", "changes", "documents", "agencies"):
        assert after[table] == before[table]
    assert county.rows("select count(*) from reports where numbers_reading_id is not current_reading_id") == [(0,)]
    assert county.rows(
        "select count(*) from reports r join readings d on d.id = current_reading_id where instr(reader, 'corrected')"
    ) == [(0,)]
    assert county.extract().documents == 0
    assert content(county.db) == after


def test_a_correction_of_a_document_that_is_not_there_is_refused(county):
    county.correct(document="0" * 64)
    county.extract()
    ((status, reason),) = county.rows("select status, reason from corrections")
    assert (status, reason) == ("refused", "the document is not one of the report's")


def test_only_what_is_decided_anew_is_read_anew_and_the_mask_concerns_everything(county):
    county.correct()
    assert county.extract().documents == 1
    assert county.extract().documents == 0
    (county.config / "extract.toml").write_text("mask_contacts = false\n")
    assert county.extract().documents == 2
    (county.config / "corrections" / "a.json").unlink()
    assert county.extract().documents == 1
    assert county.rows("select count(*) from readings where reader like '%corrected%'") == [(0,)]


def test_what_waits_for_a_person_is_counted_of_the_numbers_that_stand(county):
    before = summarise(county.db)["waiting"]["failed checks"]
    county.correct()  # 2023 answers where the sums want fewer
    county.extract()
    waiting = summarise(county.db)["waiting"]
    ((failed,),) = county.rows("select count(*) from failed_checks where severity = 'error'")
    assert waiting["failed checks"] == failed > before
    assert waiting["corrections refused"] == 0


def test_a_decision_that_cannot_be_read_stops_before_anything_is_done(county):
    (county.config / "withheld.csv").write_text("what\n")
    with pytest.raises(DecisionError, match=r"withheld\.csv"):
        county.extract()


def test_the_settings_say_one_thing_or_are_refused(tmp_path):
    assert deciding.load_decisions(tmp_path).mask_contacts is True
    (tmp_path / "extract.toml").write_text("mask_contacts = 'no'\n")
    with pytest.raises(DecisionError, match=r"extract\.toml"):
        deciding.load_decisions(tmp_path)
    (tmp_path / "extract.toml").write_text("mask_contacts = ")
    with pytest.raises(DecisionError, match="no TOML"):
        deciding.load_decisions(tmp_path)
