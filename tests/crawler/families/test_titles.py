"""Titles as they are met: reports in all odd forms are followed, what only sounds like one is left with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.families import judge

REPORTS = [
    "云溪县水务局2023年政府信息公开工作年度报告",
    "云溪县水务局2023年度政府信息公开工作年度报告",
    "2023年云溪县水务局政府信息公开工作年度报告",
    "云溪县水务局政府信息公开工作2023年度报告",
    "云溪县水务局2023年政府信息公开年度报告",
    "白石镇2021年政府信息公开年报",
    "白石镇2015年度政府信息公开工作报告",
    "白石镇信息公开工作报告（2012年）",
    "关于2016年度政府信息公开工作情况的报告",
    "云溪县民政局关于2016年政府信息公开工作情况报告",
    "云溪县水务局2019年政府信息公开年度工作报告",
    "云溪县水务局2022年政府信息公开工作告年度报",
    "云溪县水务局2022年政府信息公开工作年度报告（图片版）",
    "云溪县水务局2022年政府信息公开工作年度报告（超链版）",
    "云溪县水务局2022年政府信息\n    公开工作年度报告",
    "云溪县水务局　２０２２年　政府信息公开工作年度报告",
    "云溪县水务局二〇〇九年政府信息公开工作年度报告",
    "高岭镇_2017年_政府信息公开年报",
    "云溪县2023年政务公开工作年度报告",
    "云溪县水务局2022年政府信息公开工作年度报告.pdf",
    "[年报] 我局2022年政府信息公开工作年度报告",
    "云溪县2008年政府信息公开条例实施情况年度报告",
    "云溪县水务局贯彻《政府信息公开条例》2009年度工作报告",
    # agencies whose names hold a word that tells companies and schools
    "学院路街道办事处2023年政府信息公开工作年度报告",
    "大学城管理委员会2023年政府信息公开工作年度报告",
    "中学路街道2023年政府信息公开工作年度报告",
    "中国人民银行云溪中心支行2023年政府信息公开工作年度报告",
    "云溪市医院管理中心2023年政府信息公开工作年度报告",
    "集团乡人民政府2023年政府信息公开工作年度报告",
    "云溪县大数据和网站管理办公室2023年政府信息公开工作年度报告",
    # cut off by the list: in doubt it is followed
    "云溪县自然资源和规划局2023年政府信息公开工…",
    "云溪县自然资源和规划局2023年政府信息公...",
]
SKIPPED = [
    ("云溪县人民政府网站工作年度报表（2023年度）", "政府网站工作年度报表"),
    ("云溪县政府网站2022年度报表", "政府网站工作年度报表"),
    ("政府网站工作年报（2021）", "政府网站工作年度报表"),
    ("政府信息公开年度报告制度", "制度"),
    ("云溪县政府信息公开工作年报制度", "制度"),
    ("政府信息公开年度报告管理办法", "制度"),
    ("国务院办公厅政府信息与政务公开办公室关于印发《政府信息公开工作年度报告格式》的通知", "通知"),
    ("政府信息公开工作年度报告格式（国办公开办函〔2021〕30号）", "通知"),
    ("政府信息公开工作年度报告填报解释", "通知"),
    ("关于报送2023年政府信息公开工作年度报告的函", "通知"),
    ("关于做好2023年政府信息公开工作年度报告编制和发布工作的通知", "通知"),
    ("云溪县2023年政府信息公开工作年度报告公布情况", "通知"),
    ("《云溪县2023年政府信息公开工作年度报告》解读", "解读"),
    ("图解：云溪县2023年政府信息公开工作年度报告", "解读"),
    ("一图读懂｜2023年政府信息公开年报", "解读"),
    ("云溪县政府信息公开指南（含年度报告）", "指南"),
    ("云溪县2023年上半年政府信息公开工作报告", "part of the year"),
    ("2023年第三季度政府信息公开工作报告", "part of the year"),
    ("云溪县2023年法治政府建设年度报告", "another yearly report"),
    ("云溪县财政局2023年度绩效年度报告", "another yearly report"),
    ("云溪学院2022-2023学年信息公开工作年度报告", "hospital or school"),
    ("云溪职业技术大学2023年信息公开年度报告", "hospital or school"),
    ("云溪县第一中学2023年信息公开年度报告", "hospital or school"),
    ("云溪县人民医院2023年政府信息公开工作年度报告", "hospital or school"),
    ("白石镇卫生院2023年信息公开年报", "hospital or school"),
    ("云溪水务集团有限公司2023年信息公开工作年度报告", "company"),
    ("云溪城市投资集团2023年政府信息公开工作年度报告", "company"),
    ("云溪农村商业银行2023年信息公开年度报告", "company"),
    ("云溪县统计局2023年国民经济年度报告", "names no such report"),
]
NEWS = [
    "我县召开春耕备耕会议",
    "云溪县2023年部门决算",
    "政府网站与政务新媒体自查报告",
    "2023年政务公开工作总结",
    "政府工作报告",
    "首页",
    "",
    " \n\t",
    "…",
    "更多>>",
]


@pytest.mark.parametrize("title", REPORTS)
def test_a_report_is_followed_in_every_form(title):
    assert judge(title) == ("report", "")


@pytest.mark.parametrize(("title", "reason"), SKIPPED)
def test_what_only_sounds_like_a_report_is_left_with_its_reason(title, reason):
    verdict, told = judge(title)
    assert verdict == "skipped"
    assert reason in told


@pytest.mark.parametrize("title", NEWS)
def test_news_has_nothing_to_do_with_it(title):
    assert judge(title) == ("unrelated", "")


@given(st.text(max_size=60))
def test_any_text_is_judged_and_a_skipped_one_says_why(title):
    verdict, reason = judge(title)
    assert verdict in ("report", "skipped", "unrelated")
    assert bool(reason) == (verdict == "skipped")
