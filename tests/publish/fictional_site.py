"""A small archive of fictional towns, ingested and extracted for real: one report for each thing a page must show."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from crawler.archive import Archive
from crawler.archive.ingest import ingest
from extract.pipeline import extract
from publish.form_layout import Heading, lay_out
from tests.documents import FORM

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = [cell.key for row in FORM.rows() if not row.instead_of for cell in row.cells]
NOW = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
EVIL = """<script>document.title="ran";fetch("http://tracker.example/x")</script>
<meta http-equiv="refresh" content="0;url=http://elsewhere.example/">
<img src="http://tracker.example/pixel.png" onerror="document.title='ran'"><base href="http://elsewhere.example/">
<form action="http://elsewhere.example/"><input name="x"></form>"""
OVERVIEW = "2023年，我镇主动公开行政许可信息34条，未收取信息处理费，涉及𠮷田村一次。"


def title(name: str, year: int = 2023) -> str:
    return f"{name}{year}年政府信息公开工作年度报告"


def numbers(**changed: object) -> dict[str, object]:
    """A consistent set of numbers, then what a test changes (dots of a key written as __)."""
    values: dict[str, object] = dict.fromkeys(PRINTED, 0)
    for column, count in (("natural_person", 7), ("enterprise", 2), ("total", 9)):
        values[f"requests.received_new.{column}"] = count
        values[f"requests.granted.{column}"] = count
        values[f"requests.outcome_total.{column}"] = count
    values["disclosure.licensing_decisions"] = 1234
    values["disclosure.admin_fees_wan"] = "26.50"
    return values | {key.replace("__", "."): value for key, value in changed.items()}


def html_report(name: str, values: dict[str, object], *, year: int = 2023, extra: str = "") -> str:
    body = [f"<h1>{title(name, year)}</h1>"]
    grids = {grid.section: grid for grid in lay_out(FORM, values, en=False)}
    for section in FORM.sections:
        body.append(f"<p>{section.number}、{section.labels[0]}</p>")
        if section.key == "overview":
            body.append(f"<p>{OVERVIEW}</p>")
        if section.key in grids:
            body.append(_table(grids[section.key], values))
    return f"<html><head><title>{title(name, year)}</title>{extra}</head><body>{''.join(body)}</body></html>"


def scripted_report(name: str, values: dict[str, object]) -> str:
    """A page as some systems send it: its body is a string in a script."""
    content = html_report(name, values).partition("<body>")[2].partition("</body>")[0]
    data = json.dumps({"title": title(name), "content": content}, ensure_ascii=False).replace("</", "<\\/")
    return f"<html><head><title>{title(name)}</title></head><body><script>window.PAGE = {data};</script></body></html>"


def _table(grid, values) -> str:
    lines = []
    for line in (*grid.head, *grid.body):
        cells = [
            f'<td colspan="{item.columns}" rowspan="{item.rows}">{item.text}</td>'
            if isinstance(item, Heading)
            else f'<td colspan="{item.columns}">{html.escape(str(values[item.key]))}</td>'
            for item in line
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table border="1">{"".join(lines)}</table>'


def pdf_report(name: str, values: dict[str, object]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    plain = ParagraphStyle("plain", fontName="STSong-Light", fontSize=9, leading=12)
    story = [Paragraph(title(name), plain)]
    grids = {grid.section: grid for grid in lay_out(FORM, values, en=False)}
    for section in FORM.sections:
        story.append(Paragraph(f"{section.number}、{section.labels[0]}", plain))
        if section.key in grids:
            story.append(_pdf_table(grids[section.key], values))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, leftMargin=30, rightMargin=30).build(story)
    return out.getvalue()


def _pdf_table(grid, values):
    lines = [*grid.head, *grid.body]
    width = max(sum(item.columns for item in line) for line in lines)
    data = [[""] * width for _ in lines]
    style = [("GRID", (0, 0), (-1, -1), 0.6, (0, 0, 0)), ("FONT", (0, 0), (-1, -1), "STSong-Light", 6)]
    taken: set[tuple[int, int]] = set()
    for r, line in enumerate(lines):
        c = 0
        for item in line:
            while (r, c) in taken:
                c += 1
            rows = item.rows if isinstance(item, Heading) else 1
            text = item.text if isinstance(item, Heading) else str(values[item.key])
            data[r][c] = text if len(text) <= 14 else f"{text[:14]}\n{text[14:28]}\n{text[28:]}".strip()
            style.append(("SPAN", (c, r), (c + item.columns - 1, r + rows - 1)))
            taken |= {(r + i, c + j) for i in range(rows) for j in range(item.columns)}
            c += item.columns
    return Table(data, style=TableStyle(style), repeatRows=0)


def docx_report(name: str, values: dict[str, object]) -> bytes:
    document = docx.Document()
    document.add_paragraph(title(name))
    grids = {grid.section: grid for grid in lay_out(FORM, values, en=False)}
    for section in FORM.sections:
        document.add_paragraph(f"{section.number}、{section.labels[0]}")
        if section.key in grids:
            _docx_table(document, grids[section.key], values)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _docx_table(document, grid, values) -> None:
    lines = [*grid.head, *grid.body]
    table = document.add_table(len(lines), max(sum(item.columns for item in line) for line in lines))
    taken: set[tuple[int, int]] = set()
    for r, line in enumerate(lines):
        c = 0
        for item in line:
            while (r, c) in taken:
                c += 1
            rows = item.rows if isinstance(item, Heading) else 1
            cell = table.cell(r, c)
            if rows > 1 or item.columns > 1:
                cell = cell.merge(table.cell(r + rows - 1, c + item.columns - 1))
            cell.text = item.text if isinstance(item, Heading) else str(values[item.key])
            taken |= {(r + i, c + j) for i in range(rows) for j in range(item.columns)}
            c += item.columns


def text_report(name: str, values: dict[str, object]) -> str:
    lines = [title(name), "兰政发〔2024〕3号"]
    lines += ["本报告数据统计期限为2022年1月1日至2022年12月31日。", "全年我镇主动公开政府信息20条。"]
    grids = {grid.section: grid for grid in lay_out(FORM, values, en=False)}
    for section in FORM.sections:
        lines.append(f"{section.number}、{section.labels[0]}")
        grid = [*grids[section.key].head, *grids[section.key].body] if section.key in grids else []
        lines += [
            "\t".join(item.text if isinstance(item, Heading) else str(values[item.key]) for item in line)
            for line in grid
        ]
    return "\n".join(lines)


@dataclass(frozen=True)
class Site:
    """Where the fictional archive is, and the key of each report by the town's name."""

    db: Path
    archive: Path
    keys: dict[str, str]
    digests: dict[str, str]


BAISHI, YUNXI, LANHE, QINGSHI, HEPING = (
    "云溪县白石镇人民政府",
    "云溪县人民政府",
    "云溪县蓝河镇人民政府",
    "云溪县青石镇人民政府",
    "云溪县和平镇人民政府",
)

SHIQIAO, LIUTING = "云溪县石桥镇人民政府", "云溪县柳亭镇人民政府"


def build(folder: Path) -> Site:
    """白石镇: every state, gb18030, hostile markup. 云溪县: PDF. 蓝河镇: text. 石桥镇: DOCX. 青石镇: a failed sum. 和平镇: older statistics.

    柳亭镇: a page whose body a script writes.
    """
    files = folder / "files"
    files.mkdir(parents=True)
    states = numbers(disclosure__rules_issued="", disclosure__rules_repealed="/", disclosure__rules_in_force=0)
    page = html_report(BAISHI, states, extra=f'<meta charset="utf-8">{EVIL}')
    (files / "baishi.html").write_bytes(page.encode("gb18030"))
    (files / "baishi-2022.html").write_text(html_report(BAISHI, numbers(), year=2022), "utf-8")
    (files / "yunxi.pdf").write_bytes(pdf_report(YUNXI, numbers()))
    (files / "shiqiao.docx").write_bytes(docx_report(SHIQIAO, numbers()))
    (files / "lanhe.txt").write_text(text_report(LANHE, numbers()), "utf-8")
    broken = numbers(requests__granted_partly__enterprise=5)
    (files / "qingshi.html").write_text(html_report(QINGSHI, broken), "utf-8")
    rows = (("指标名称", "计量单位", "2016年度", "历年累计"), ("申请总数", "件", "12", "46"))
    rows += (("当面申请数", "件", "", "0"), ("网上申请数", "件", "12", "46"))
    old = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    heping = f"<h1>{title(HEPING, 2016)}</h1><p>一、总体情况</p><table>{old}</table>"
    (files / "heping.html").write_text(f"<html><body>{heping}</body></html>", "utf-8")
    (files / "liuting.html").write_text(scripted_report(LIUTING, numbers()), "utf-8")
    archive = Archive(folder / "archive", holds="sample")
    for path in sorted(files.iterdir()):
        url = f"http://www.yunxi.example/{path.name}"
        ingest(archive.root, [path], holds="sample", source_url=url, now=lambda: NOW, code_version="test")
    extract(folder / "archive", folder / "archive.db")
    return _known(folder)


def _known(folder: Path) -> Site:
    import sqlite3

    db = sqlite3.connect(folder / "archive.db")
    rows = db.execute(
        "select r.issuer_printed, r.year, r.report_key, d.sha256 from reports r join readings d on d.id = current_reading_id"
    ).fetchall()
    db.close()
    names = {f"{issuer} {year}": (key, sha256) for issuer, year, key, sha256 in rows}
    return Site(
        folder / "archive.db",
        folder / "archive",
        {name: key for name, (key, _) in names.items()},
        {name: digest for name, (_, digest) in names.items()},
    )
