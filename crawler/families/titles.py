"""The cheap decision, before anything is fetched: does a link's text name a report? Extraction decides surely later.

In doubt a link is followed: a fetch too many costs a second, a report not fetched is lost.
"""

from __future__ import annotations

import re
import unicodedata

# 学院路街道, 大学城管理委员会, 集团乡, 医院管理中心 are agencies; 人民银行 is one too.
_NO_AGENCY = r"(?![东南西北]?[路街城乡镇村]|管理)"
_INSTEAD = (
    (
        "the site's own yearly report (政府网站工作年度报表)",
        r"网站.{0,12}(?:年度报表|年报|年度报告)|网站.{0,24}(?:自查|考评)",
    ),
    ("an explainer of a report (解读)", r"解读|图解|一图读懂|图说|问答"),
    ("a notice about reports (通知)", r"通知|通报|填报说明|填报解释|格式|方案|关于报送|(?:公布|发布|报送)情况"),
    ("a guide (指南)", r"指南"),
    ("rules about reports (制度)", r"制度(?!改革)|管理办法|规定$|条例》?$"),
    ("figures of a part of the year", r"(?:上|下)半年|季度|月度|半年"),
    ("the report of a company", r"(?:公司|集团|(?<!人民)银行)" + _NO_AGENCY + r".{0,14}(?:20\d{2}|信息公开|年度|年报)"),
    (
        "the report of a hospital or school",
        r"(?:医院|卫生院|大学|学院|学校|中学|小学|幼儿园)" + _NO_AGENCY + r".{0,14}(?:20\d{2}|信息公开|年度|年报)",
    ),
    ("another yearly report", r"法治政府|决算|绩效|预算|(?:统计|企业|财务|会计|工商|质量)年报"),
    ("news of what was done about reports", r"(?:召开|举办|培训|检查|调研|座谈|部署|督导|约谈).{0,12}$"),
)
_REPORT = re.compile(r"年度报告|年报|年度工作报告|工作(?:总结)?报告|情况的?报告|告年度报|年度.{0,6}报告")
UNDECIDED = "the title names no such report"
_SUBJECT = re.compile(r"信息公开|政务公开|年报")
_RELATED = re.compile(r"信息公开.*(?:报告|年报|指南|制度)|年报|年度报告|年度报表|告年度报")
# Hanweb's annual page; the annual reports of the two systems of Anhui (case as they write it), the second's a column
# with a year.
_OF_REPORTS = re.compile(
    r"/xxgkAnnualReport\.jsp\?.*\bfbtime=|/(?:Xxgk|Openness)AnnualReport/(?:show|detail)/|/year/show/\w+/\d{4}"
    r"|/public/column/\d+\?(?=(?:.*&)?type=3(?:&|$))(?!.*hasContent=false)(?:.*&)?(?:timeFrame|title)=(?:19|20)\d{2}(?:&|$)",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"20\d{2}.*(?:信息公|政务公)[^.]{0,8}\.{2,}$")


def judge(title: str, url: str = "") -> tuple[str, str]:
    """``report``, ``skipped`` or ``unrelated``, with the reason why it is skipped.

    Some addresses hold reports alone, by the name of the program that answers there: links to them are followed though
    they may be called by a year only.

    >>> judge("云溪县水务局2023年政府信息公开工作年度报告")
    ('report', '')
    >>> judge("云溪县政府网站工作年度报表（2023年度）")[0]
    'skipped'
    >>> judge("我县召开春耕备耕会议")[0]
    'unrelated'
    """
    plain = _plain(title)
    cut_off = bool(_CUT_OFF.search(plain))
    if not _RELATED.search(plain) and not cut_off:
        return ("report" if _OF_REPORTS.search(url) else "unrelated"), ""
    if what := instead_of(title):
        return "skipped", what
    if cut_off or (_SUBJECT.search(plain) and _REPORT.search(plain)):
        return "report", ""
    return "skipped", UNDECIDED


def instead_of(title: str) -> str:
    """What a title names that is no such report, wherever it is listed; empty if nothing.

    >>> instead_of("2022年度部门决算"), instead_of("白石镇")
    ('another yearly report', '')
    """
    plain = _plain(title)
    return next((what for what, pattern in _INSTEAD if re.search(pattern, plain)), "")


def _plain(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).split())
