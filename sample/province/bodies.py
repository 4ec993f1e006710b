"""What stands in a page or document, made when it is asked for: reports in the form of 2021, prose, and other texts."""

from __future__ import annotations

import random
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from sample.manifest import SampleReport
from sample.numbers import APPLICANTS
from sample.portal.prose import sections
from sample.portal.report_html import body, stub
from sample.province.figures import numbers_of_a_year
from sample.province.items import TO_COME, YEARS, chance

if TYPE_CHECKING:
    from sample.province.items import Item

_STYLES = ("plain", "word", "nested", "bare")
_FONT = "STSong-Light"  # one of Adobe's Asian fonts: every reader knows it, so none is embedded
_TEXTS = {
    "website": "<p>网站名称、首页网址、独立用户访问总量、信息发布总数等指标见下表。</p><table border='1'><tr><td>独立用户访问总量（单位：个）</td><td>20345</td></tr></table>",
    "rules": "<p>第一条　为规范年度报告的编制和公布，制定本制度。</p><p>第二条　各单位应当于每年1月31日前公布上一年度的报告。</p>",
    "notice": "<p>各乡镇、各单位：请按照统一格式编制年度报告，于1月15日前报送，并按时公布。</p>",
    "explainer": "<p>一张图看懂这一年：收到申请几件，公开信息几条。</p><p><img src='/images/tujie.png' alt=''></p>",
    "guide": "<p>为方便公民、法人和其他组织获得政府信息，编制本指南。</p>",
    "law": "<p>现将有关情况报告如下：一年来各项工作稳步推进。</p><table border='1'><tr><td>项目</td><td>金额（万元）</td></tr><tr><td>合计</td><td>1203.5</td></tr></table>",
    "publication": "<p>各单位年度报告已按规定公布，目录如下。点击单位名称可以查阅。</p>",
    "news": "<p>本报讯　近日，有关活动顺利举行，群众踊跃参加。</p><p>活动现场气氛热烈，工作人员耐心解答了大家的问题。</p>",
}
_PROSE = (
    "概述",
    "主动公开政府信息情况",
    "依申请公开政府信息情况",
    "收费及减免情况",
    "复议和诉讼情况",
    "存在的问题和改进措施",
)


@cache
def _numbers(agency: str) -> dict[int, dict[str, Any]]:
    """Year -> cells of an agency's reports, each year going on from the one before."""
    randomness = random.Random(f"province {agency}")
    busy = chance(agency) % (40 if agency.endswith("人民政府") else 12)
    carried, stock = dict.fromkeys(APPLICANTS, 0), randomness.randint(0, 30)
    found = {}
    for year in (*YEARS, TO_COME):
        found[year], carried, stock = numbers_of_a_year(randomness, busy, carried, stock)
    return found


def report_of(item: Item) -> SampleReport:
    """The report as the sample's renderers take it; each revision alters two of its numbers."""
    issuer = item.title.split("20", 1)[0] if item.why and not item.closed else item.agency
    years = _numbers(item.agency)
    cells = dict(years.get(item.year, years[YEARS[0]]))
    cells["disclosure.licensing_decisions"] += 17 * item.revision
    cells["disclosure.penalty_decisions"] += 4 * item.revision
    return SampleReport(
        site=item.site,
        issuer=issuer,
        year=item.year,
        form="2021",
        title=item.title,
        published_on=item.date,
        published_as="html",
        style=_STYLES[chance(item.site) % len(_STYLES)],
        encoding="utf-8",
        itself="本机关",
        voice=(chance(item.agency) % 25, item.year),
        told={},
        page="",
        attachments=(),
        files=(),
        violations=(),
        states={},
        typed={},
        twin={},
        statistics={},
        cells=cells,
    )


def text_of(item: Item) -> str:
    """What stands in an item's page: the report, a word that it is attached, or the text of what is no report."""
    if item.text != "tables":
        return _TEXTS[item.text]
    report = report_of(item)
    if "html" in item.carriers:
        return body(report)
    return _prose(report) if "prose" in item.carriers else stub(report)


def _prose(report: SampleReport) -> str:
    """A report without tables, in the outline of the years before 2019."""
    overview, disclosed, asked, *rest = sections(report)["overview"]
    texts = ([overview], [disclosed], [asked], ["全年未收取费用。"], ["全年未发生因政府信息公开引起的复议和诉讼。"])
    parts = [f"<p>根据《中华人民共和国政府信息公开条例》，现公布{escape(report.title)}。</p>"]
    for number, (heading, lines) in enumerate(
        zip(_PROSE, (*texts, [*rest, *sections(report)["problems"]]), strict=True)
    ):
        parts.append(f"<p>{'一二三四五六'[number]}、{heading}</p>")
        parts += [f"<p>{escape(line)}</p>" for line in lines]
    return "".join(parts)


def document_of(item: Item, kind: str) -> bytes:
    """The report as a PDF or Word document.

    Raises:
        ImportError: a PDF is asked for and reportlab is not there (``pip install gongkai[dev]``).
    """
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415  # of the extra dev: only who asks for a document needs it
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415

    from sample.build_documents import as_docx, as_pdf  # noqa: PLC0415

    if kind == "docx":
        return as_docx(report_of(item))
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    return as_pdf(report_of(item), _FONT)
