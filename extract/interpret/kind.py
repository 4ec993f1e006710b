"""Is it an annual report on disclosure at all, and if not, what it is instead.

Many documents share the report's words (facts: the decoys that government sites put beside the reports). The title
decides first; a document with the statutory tables and no telling title is a report.
"""

from __future__ import annotations

import re

from extract.interpret.labels import squeeze

_INSTEAD = (
    (
        "the site's own yearly report (政府网站工作年度报表)",
        r"网站.{0,12}(?:年度报表|年报表|工作年度报告|自查报告|考评)",
    ),
    ("an explainer of a report (解读)", r"解读|图解|一图读懂|图说|问答"),
    ("a notice about reports (通知)", r"通知|通报|公告$|填报说明|工作方案|实施方案"),
    ("a list of published reports (公布情况)", r"公布情况|发布情况|情况一览|汇总表"),
    ("a guide (指南)", r"信息公开指南"),
    ("rules about reports (制度)", r"年度?报告?制度|年报制度|管理办法|信息公开(?:条例|规定)$"),
    ("figures of a part of the year", r"(?:上|下)半年|第[一二三四1-4]季度|月度|半年"),
    ("another yearly report", r"法治政府建设|部门决算|绩效|财政信息公开|政务公开(?:自查|总结)"),
)
_BODIES = (
    ("the report of a company", r"(?:有限|股份|责任)?公司$|集团$|银行$"),
    ("the report of a hospital", r"(?:医院|卫生院)$"),
    ("the report of a school", r"(?:大学|学院|学校|中学|小学|幼儿园)$"),
)


_NOISE = re.compile(r"[(（][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*[)）]")
_MOST_NOISE = 5


def altered_copy(text: str) -> str:
    """What a copy on an unrelated site is, which strews pronunciations such as "(fù)" over the text; else empty.

    >>> altered_copy("政府(fǔ)信(xìn)息公(gōng)开(kāi)工作(zuò)年度(dù)报告")[:8]
    'a mirror'
    """
    return "a mirror's altered copy of a report (镜像)" if len(_NOISE.findall(text)) > _MOST_NOISE else ""


def what_instead(title: str, issuer: str) -> str:
    """What a document of such a title and issuer is instead of an agency's report; empty if nothing speaks against.

    >>> what_instead("一图读懂云河镇2023年政府信息公开工作年度报告", "云河镇")
    'an explainer of a report (解读)'
    >>> what_instead("云河县水务局2023年政府信息公开工作年度报告", "云河县水务局")
    ''
    """
    plain = squeeze(title)
    for what, pattern in _INSTEAD:
        if re.search(pattern, plain):
            return what
    for what, pattern in _BODIES:
        if re.search(pattern, squeeze(issuer)):
            return f"{what}, not of an administrative organ"
    return ""
