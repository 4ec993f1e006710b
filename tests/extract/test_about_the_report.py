"""Whose figures, which year by which source, which number and dates: only where the document says so."""

from dataclasses import replace

import pytest

from extract.forms import load_forms
from extract.interpret import interpret
from extract.records import Document, GridPlace, Paragraph, Table, TableCell
from tests.documents import Printed

COUNTY, TOWN, BUREAU, OFFICE = "云溪县人民政府", "云溪县白石镇", "云溪县水务局", "云溪县人民政府办公室"


def about(issuer, *lines, year=2023, **more):
    text = (f"{issuer}{year}年政府信息公开工作年度报告", *lines, "一、总体情况", "二、主动公开政府信息情况")
    return interpret(Document("text/plain", tuple(map(Paragraph, text)), "\n".join(text), **more), load_forms())


@pytest.mark.parametrize(
    ("issuer", "line", "scope", "cue"),
    [
        (COUNTY, "2023年，全县共收到政府信息公开申请154件。", "territory", "全县共收到"),
        (COUNTY, "报告汇总全县数据。", "territory", "汇总全县"),
        (COUNTY, "县本级共受理申请12件。", "level", "县本级共受理"),
        (COUNTY, "全县教育局长会议研究了公开工作。", "", ""),
        (COUNTY, "工作平稳有序。", "", ""),
        (TOWN, "全镇主动公开政府信息220件。", "government_own", "全镇主动公开"),
        (TOWN, "全县共收到申请154件。", "", ""),
        (BUREAU, "我局全年收到政府信息公开申请3件。", "own_office", "我局全年收到"),
        (BUREAU, "全市共受理申请30件。", "", ""),
        (OFFICE, "全年收到申请3件。", "own_office", "政府办公室"),
    ],
)
def test_the_scope_comes_with_the_words_that_say_so(issuer, line, scope, cue):
    report = about(issuer, line)
    assert (report.scope, report.scope_cue) == (scope, cue)


def test_each_source_s_year_is_kept_and_the_title_goes_first():
    copied = "本报告所列数据统计期限为2022年1月1日至2022年12月31日。"
    report = about(TOWN, copied, metadata={"ArticleTitle": f"{TOWN}2024年政府信息公开工作年度报告"})
    assert report.year == 2023
    assert report.year_sources == {"title": 2023, "period": 2022, "metadata": 2024}


def test_without_a_year_in_the_title_the_statistical_period_tells_it():
    report = about(TOWN, "本报告统计数据的时间为2022年1月1日至2022年12月31日。", year="")
    assert (report.year, report.year_sources) == (2022, {"period": 2022})


def test_the_document_s_own_number_is_kept_and_a_cited_one_is_not():
    assert about(TOWN, "云白政发〔2024〕3号").document_number == "云白政发〔2024〕3号"
    assert about(TOWN, metadata={"文号": "云白政发[2024]3号"}).document_number == "云白政发[2024]3号"
    assert about(TOWN, "根据国办公开办函〔2021〕30号的要求编制。").document_number == ""


def test_the_date_of_publication_may_stand_on_one_of_the_first_lines():
    assert about(TOWN, "发布时间：2024-01-20 来源：白石镇").published_on == "2024-01-20"
    assert about(TOWN, "发布时间：近日").published_on == ""


def test_a_mirror_s_altered_copy_is_no_report():
    noisy = "政府(fǔ)信(xìn)息公(gōng)开(kāi)工作(zuò)年度(dù)报(bào)告，全镇公开220件。"
    report = about(TOWN, noisy)
    assert (report.kind, report.reason) == ("other", "a mirror's altered copy of a report (镜像)")
    assert about(TOWN, "（见附件一）（略）（下同）").kind == "report"


def piece(*rows, text=("前文", "后文")):
    cells = (tuple(TableCell(t, GridPlace(0, r, c), c) for c, t in enumerate(row)) for r, row in enumerate(rows))
    blocks = (*map(Paragraph, text), Table(tuple(cells)))
    return interpret(Document("text/html", blocks, "\n".join(text)), load_forms())


def test_a_piece_of_a_table_gives_its_numbers_and_is_no_report():
    report = piece(("行政许可", "295"), ("行政处罚", ""))
    assert report.kind == "other"
    assert "whose numbers they are" in report.reason
    assert {key: cell.value for key, cell in report.cells.items()} == {"disclosure.licensing_decisions": 295}


def test_an_article_with_such_a_row_and_rows_without_a_label_give_none():
    assert piece(("行政许可", "295"), text=("本县去年办理行政许可若干件，" * 6,)).cells == {}
    assert piece(tuple("123456789012345")).cells == {}
    assert piece(("行政许可", "295", "9")).cells == {}


def test_what_is_not_found_is_absent_only_where_all_pages_were_read():
    printed = Printed()
    del printed.rows[printed.find("重复申请")]
    whole, partly = printed.document(), replace(printed.document(), unread=frozenset({2}))
    states = [interpret(document, load_forms()).cells["requests.rejected_repeat.total"] for document in (whole, partly)]
    assert [cell.state for cell in states] == ["absent", "unreadable"]
    assert states[1].reason == "not found, and something on page 2 was not read: it may stand there"
    assert "on page 3 was not read" in interpret(replace(about_document(), unread=frozenset({3})), load_forms()).reason


def about_document():
    text = (f"{TOWN}2023年政府信息公开工作年度报告", "一、总体情况", "二、主动公开政府信息情况")
    return Document("application/pdf", tuple(map(Paragraph, text)), "\n".join(text))
