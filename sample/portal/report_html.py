"""A report's body as HTML, in the manners of different editors: plain, pasted from Word, inside layout tables, bare."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from extract.forms import load_form
from sample.portal.prose import OLDER, sections
from sample.portal.report_tables import disclosure, disputes, requests, statistics

if TYPE_CHECKING:
    from sample.manifest import SampleReport
    from sample.portal.report_tables import Grid

_HEADINGS = [(section.key, section.number, section.labels[0]) for section in load_form("2021").sections]


def body(report: SampleReport) -> str:
    """The report with its tables."""
    text = sections(report)
    if not report.cells:
        return _older(report, text)
    tables = {"proactive": disclosure, "requests": requests, "disputes": disputes}
    parts = []
    for key, number, label in _HEADINGS:
        parts.append(_paragraph(f"{number}、{label}", report.style))
        parts += [_paragraph(line, report.style) for line in text.get(key, [])]
        if key in tables:
            parts.append(_table(tables[key](report), report.style))
    return _framed(parts, report.style)


def _framed(parts: list[str], style: str) -> str:
    inner = "\n".join(parts)
    if style == "nested":
        return f'<table width="100%"><tr><td>&nbsp;</td><td><table><tr><td>{inner}</td></tr></table></td><td></td></tr></table>'
    return inner


def _older(report: SampleReport, text: dict[str, list[str]]) -> str:
    """A report of 2018: prose under headings, with a list of statistics where the agency has one."""
    parts = []
    for number, (heading, key) in zip("一二三四", OLDER, strict=True):
        parts.append(_paragraph(f"{number}、{heading}", report.style))
        parts += [_paragraph(line, report.style) for line in text[key]]
    if report.statistics:
        parts += [_paragraph("政府信息公开情况统计表", report.style), _table(statistics(report), report.style)]
    return _framed(parts, report.style)


def picture(report: SampleReport) -> str:
    """A page whose report is a picture: nothing of it can be read as text."""
    return f'<p><img src="/images/{report.year}nb.png" width="900" alt=""></p>'


def stub(report: SampleReport) -> str:
    """A landing page's body where the report is an attachment."""
    return _paragraph(f"现将{report.title}予以公布，详见附件。", report.style)


def _paragraph(text: str, style: str) -> str:
    if style == "word":
        return f'<p class="MsoNormal" style="text-indent:32pt"><span style="font-size:16pt">{escape(text)}</span></p>'
    return f"<p>{escape(text)}</p>"


def _table(grid: Grid, style: str) -> str:
    rows = "".join("<tr>" + "".join(_cell(*cell, style) for cell in row) + "</tr>" for row in grid)
    if style == "word":
        return f'<table class="MsoNormalTable" border="1" cellspacing="0"><tbody>{rows}</tbody></table>'
    return f"<table>{rows}</table>" if style == "bare" else f'<table border="1"><tbody>{rows}</tbody></table>'


def _cell(text: str, columns: int, rows: int, style: str) -> str:
    spans = (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
    inner = escape(text) or "&nbsp;"
    if style == "word":
        inner = f'<p class="MsoNormal" align="center"><span lang="EN-US" style="font-family:宋体">{inner}</span><o:p></o:p></p>'
    return f"<td{spans}>{inner}</td>"
