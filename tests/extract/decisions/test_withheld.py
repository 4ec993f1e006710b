"""What is withheld is nowhere in a reading, and every span still points where it did."""

import dataclasses
import json

import pytest

from extract.decisions import DecisionError, Decisions, without_passages
from extract.decisions.rows import withheld_rows
from extract.decisions.withheld import Withheld, load_withheld, withhold
from extract.present import as_line
from tests.extract.decisions.readings import KEY, SHA256, TODAY, reading

HEAD = "what,target,passage,reason,decided_by,decided_on\n"
WHY = {"reason": "个人信息", "decided_by": "甲", "decided_on": "2026-01-31"}
DOCUMENT = Withheld("document", SHA256, **WHY)
PASSAGE = Withheld("passage", SHA256, passage="王小明", **WHY)


def everything(read):
    return as_line(read, "") + read.text + json.dumps(read.warnings)


def test_a_withheld_document_is_a_reading_with_nothing_in_it():
    (left,) = withhold([reading()], [DOCUMENT])
    assert (left.kind, left.report.reason, left.text) == ("other", "withheld: 个人信息", "")
    report = left.report
    assert [*report.cells, *report.sections, *report.facts, *left.findings] == []
    assert (left.sha256, left.size, left.reader) == (SHA256, 9, reading().reader)


def test_a_passage_is_overwritten_everywhere_at_the_same_length():
    before = reading()
    before = dataclasses.replace(
        before, findings=(*before.findings, dataclasses.replace(before.findings[0], sentence="村民王小明"))
    )
    (after,) = withhold([before], [PASSAGE])
    assert "王" not in everything(after).replace("国王", "")
    assert len(after.text) == len(before.text)
    assert after.report.sections["other"] == "■　■■"
    assert after.report.title == "砚池镇■■■年报"
    assert after.report.facts[0].sentence == "砚池镇村民■■■的申请已答复。"
    (fact,) = after.report.facts
    assert after.text[fact.span.start : fact.span.end] == "12"
    assert {key: cell.value for key, cell in after.report.cells.items()} == {
        key: cell.value for key, cell in before.report.cells.items()
    }


def test_a_passage_that_is_not_found_withholds_the_document():
    (left,) = withhold([reading()], [dataclasses.replace(PASSAGE, passage="赵六")])
    assert left.text == ""
    assert "does not find that passage" in left.report.reason
    assert "赵六" not in everything(left)


def test_other_documents_and_other_members_stay():
    other = dataclasses.replace(reading(), sha256="6" * 64)
    assert withhold([other], [DOCUMENT, PASSAGE]) == (other,)
    members = [dataclasses.replace(reading(), member=name) for name in ("a.docx", "b.docx")]
    one, two = withhold(members, [dataclasses.replace(DOCUMENT, member="a.docx")])
    assert (one.kind, two) == ("other", members[1])
    assert [left.kind for left in withhold(members, [DOCUMENT])] == ["other", "other"]


def test_a_passage_of_a_zip_need_stand_in_one_of_its_documents_only():
    plain = dataclasses.replace(
        reading(), member="b.docx", text="砚池镇", report=dataclasses.replace(reading().report, title="")
    )
    one, two = withhold([dataclasses.replace(reading(), member="a.docx"), plain], [PASSAGE])
    assert "■■■" in one.report.title
    assert two.kind == "report"


def test_the_rows_say_that_and_why_and_never_what():
    rows = withheld_rows([PASSAGE, PASSAGE, Withheld("report", KEY, **WHY)])
    assert len(rows) == 2
    assert "王" not in json.dumps(rows, ensure_ascii=False)
    assert {row["what"] for row in rows} == {"passage", "report"}


def test_a_passage_of_a_report_concerns_its_documents_once_they_are_known():
    of_report = dataclasses.replace(PASSAGE, target=KEY)
    decisions = Decisions(withheld=(of_report, Withheld("report", "r" + "9" * 12, **WHY)))
    assert withhold([reading()], decisions.withheld) == (reading(),)
    covering = decisions.covering({(SHA256, ""): KEY, ("6" * 64, ""): KEY, ("7" * 64, ""): "r" + "8" * 12})
    assert [(one.what, one.target) for one in covering.withheld[2:]] == [("passage", SHA256), ("passage", "6" * 64)]
    assert withhold([reading()], covering.withheld)[0].report.title == "砚池镇■■■年报"
    lacking = dataclasses.replace(reading(), sha256="6" * 64, text="砚池镇")
    assert withhold([lacking], covering.withheld)[0].kind == "report"
    assert set(covering.marks(TODAY)) == {"", SHA256, "6" * 64}
    assert covering.covering({}) == decisions
    assert without_passages("王小明的年报", [SHA256], covering.withheld) == "■■■的年报"
    assert without_passages("王小明的年报", ["8" * 64], covering.withheld) == "王小明的年报"


def loaded(tmp_path, *lines):
    (tmp_path / "withheld.csv").write_text(HEAD + "".join(f"{line}\n" for line in lines), "utf-8-sig")
    return load_withheld(tmp_path / "withheld.csv", today=TODAY)


def test_the_file_is_read_as_people_write_it(tmp_path):
    assert loaded(tmp_path) == ()
    assert load_withheld(tmp_path / "none.csv", today=TODAY) == ()
    assert loaded(
        tmp_path,
        f"report,{KEY},,个人信息,甲,2026-01-31",
        f"document,{SHA256}/砚池镇/a.docx,,个人信息,甲,2026-01-31",
        f'passage,{SHA256},"王小明，砚池镇,1号",个人信息,甲,2026-01-31',
    ) == (
        Withheld("report", KEY, **WHY),
        dataclasses.replace(DOCUMENT, member="砚池镇/a.docx"),
        dataclasses.replace(PASSAGE, passage="王小明，砚池镇,1号"),
    )


BAD = {
    "what": (f"page,{SHA256},,个人信息,甲,2026-01-31", "write report, document or passage"),
    "key": ("report,岚汀县,,个人信息,甲,2026-01-31", "is no report_key"),
    "digest": ("document,12,,个人信息,甲,2026-01-31", "is no sha256"),
    "no reason": (f"document,{SHA256},,,甲,2026-01-31", "reason missing"),
    "future": (f"document,{SHA256},,个人信息,甲,2026-03-02", "in the future"),
    "no date": (f"document,{SHA256},,个人信息,甲,yesterday", "is no date"),
    "no passage": (f"passage,{SHA256},,个人信息,甲,2026-01-31", "write the exact text"),
    "passage of a document": (f"document,{SHA256},王小明,个人信息,甲,2026-01-31", "leave it empty"),
    "a number of the tables": (f"passage,{SHA256},12,个人信息,甲,2026-01-31", "may be a number"),
    "one letter": (f"passage,{SHA256},王,个人信息,甲,2026-01-31", "may be a number"),
    "told by its reason": (f"passage,{SHA256},王小明,王小明 asked,甲,2026-01-31", "repeats the passage"),
    "a comma too many": (f"document,{SHA256},,a,b,甲,2026-01-31", "not the columns"),
    "a column too few": (f"document,{SHA256}", "not the columns"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_line_that_cannot_be_used_is_named(tmp_path, name):
    line, why = BAD[name]
    with pytest.raises(DecisionError) as raised:
        loaded(tmp_path, line)
    assert why in str(raised.value)
    assert "withheld.csv line 2" in str(raised.value)


def test_other_columns_and_other_charsets_are_told(tmp_path):
    path = tmp_path / "withheld.csv"
    path.write_text("what,target\n", "utf-8")
    with pytest.raises(DecisionError, match="not the columns"):
        load_withheld(path, today=TODAY)
    path.write_bytes(HEAD.encode() + "document,机密".encode("gb18030"))
    with pytest.raises(DecisionError, match="UTF-8"):
        load_withheld(path, today=TODAY)
