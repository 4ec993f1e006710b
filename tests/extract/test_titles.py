"""Whose report of which year, and whether it is one: titles as they are found at government sites, with fictional names."""

import pytest

from extract.forms import load_forms
from extract.interpret import interpret
from extract.interpret.kind import what_instead
from extract.interpret.title import issuer_of, without_site_name, year_of
from extract.records import Document, Paragraph
from tests.documents import Printed

TITLES = [
    ("云溪县水务局2023年政府信息公开工作年度报告", "云溪县水务局", 2023),
    ("云溪县水务局 2023 年度政府信息公开工作年度报告", "云溪县水务局", 2023),
    ("2023年云溪县白石镇政府信息公开年度报告", "云溪县白石镇", 2023),
    ("云溪县教育局政府信息公开工作2021年度报告", "云溪县教育局", 2021),
    ("白石镇人民政府2022年政府信息公开年报", "白石镇人民政府", 2022),
    ("云溪县司法局信息公开工作报告（2020年）", "云溪县司法局", 2020),
    ("关于云溪县财政局2019年度政府信息公开工作情况的报告", "云溪县财政局", 2019),
    ("云溪县人民政府办公室二〇二三年度政府信息公开工作年度报告", "云溪县人民政府办公室", 2023),
    ("2023年政府信息公开工作年度报告", "", 2023),
    ("我局2023年政府信息公开工作年度报告", "", 2023),
]


@pytest.mark.parametrize(("title", "issuer", "year"), TITLES)
def test_issuer_and_year_of_a_title(title, issuer, year):
    assert (issuer_of(title), year_of(title)) == (issuer, year)


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("云溪县政府网站工作年度报表（2023年度）", ""),
        ("图解：云溪县水务局2023年政府信息公开工作年度报告", "图解:云溪县水务局"),
        ("关于报送2023年政府信息公开工作年度报告的通知", "报送"),
        ("云溪水务有限公司2023年信息公开年度报告", "云溪水务有限公司"),
        ("云溪县人民医院2023年信息公开年度报告", "云溪县人民医院"),
        ("云溪县白石镇政府信息公开指南", "云溪县白石镇"),
        ("云溪县2023年上半年政府信息公开工作报告", "云溪县"),
    ],
)
def test_what_is_no_agency_s_report(title, issuer):
    assert what_instead(title, issuer)


def test_a_company_in_the_statutory_form_is_no_report_whatever_its_tables():
    report = interpret(Printed().document("云溪水务集团有限公司2023年信息公开工作年度报告"), load_forms())
    assert (report.kind, report.cells) == ("other", {})


@pytest.mark.parametrize("tail", ["_政府信息公开年报_云溪县人民政府", "-云溪县人民政府网", " | 云溪县"])
def test_site_names_are_no_part_of_a_title(tail):
    assert without_site_name("白石镇2023年政府信息公开工作年度报告" + tail) == "白石镇2023年政府信息公开工作年度报告"


def paragraphs(*lines, **more):
    return Document("text/plain", tuple(Paragraph(line) for line in lines), "\n".join(lines), **more)


SECTIONS = (
    "一、总体情况",
    "本年度工作平稳。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "六、其他需要报告的事项",
    "无。",
)


def test_a_title_broken_over_lines_is_joined():
    report = interpret(paragraphs("白石镇人民政府", "2023年度信息公开工作年度报告", *SECTIONS), load_forms())
    assert (report.title, report.issuer, report.year) == (
        "白石镇人民政府2023年度信息公开工作年度报告",
        "白石镇人民政府",
        2023,
    )
    report = interpret(paragraphs("云溪县白石镇人民政府 2023 年政府信息公开", "工作年度报告", *SECTIONS), load_forms())
    assert (report.issuer, report.year) == ("云溪县白石镇人民政府", 2023)


def test_what_a_file_calls_itself_may_be_last_year_s():
    stale = paragraphs(
        "白石镇人民政府2023年政府信息公开工作年度报告", *SECTIONS, title="白石镇人民政府2022年政府信息公开工作年度报告"
    )
    assert interpret(stale, load_forms()).year == 2023
    menu = ("首页", "互动交流", "白石镇人民政府2023年政府信息公开工作年度报告", *SECTIONS)
    page = paragraphs(*menu, title="白石镇人民政府2023年政府信息公开工作年度报告_云溪县")
    assert interpret(page, load_forms()).issuer == "白石镇人民政府"
    assert interpret(paragraphs(*menu), load_forms()).issuer == "白石镇人民政府"


def test_where_the_title_is_silent_the_page_or_the_signature_speaks():
    silent = ("2023年政府信息公开工作年度报告", *SECTIONS)
    assert (
        interpret(paragraphs(*silent, metadata={"发布机构": "白石镇人民政府"}), load_forms()).issuer == "白石镇人民政府"
    )
    assert interpret(paragraphs(*silent, "白石镇人民政府", "2024年1月11日"), load_forms()).issuer == "白石镇人民政府"
    assert interpret(paragraphs(*silent), load_forms()).issuer == ""


def test_the_statistics_period_gives_the_year_where_the_title_does_not():
    lines = ("白石镇政府信息公开工作年度报告", "本报告数据统计期限为2022年1月1日至2022年12月31日。", *SECTIONS)
    assert interpret(paragraphs(*lines), load_forms()).year == 2022


def test_sections_are_kept_under_their_keys_with_dates():
    report = interpret(
        paragraphs("白石镇人民政府2023年政府信息公开工作年度报告", *SECTIONS, "白石镇人民政府", "2024年1月11日"),
        load_forms(),
    )
    assert report.sections["overview"] == "本年度工作平稳。"
    assert report.sections["other"].startswith("无。")
    assert report.signed_on == "2024-01-11"


def test_what_a_page_prints_below_an_article_is_no_part_of_the_last_section():
    lines = (
        "白石镇人民政府2023年政府信息公开工作年度报告",
        *SECTIONS,
        "打印 关闭",
        "主办：云溪县人民政府",
        "X公网安备 000号",
    )
    assert interpret(paragraphs(*lines), load_forms()).sections["other"] == "无。"
