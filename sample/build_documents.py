"""Build the attachments of the sample portal from the manifest: ``python -m sample.build_documents``.

PDF by reportlab (needed only here) with the font named in sample/README.md, DOCX by python-docx. The files are kept in
the repository; building them again gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import zipfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from reportlab import rl_config
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from extract.forms import load_form
from sample.manifest import DOCUMENTS, load
from sample.portal.prose import sections
from sample.portal.report_tables import disclosure, disputes, requests

if TYPE_CHECKING:
    from sample.manifest import SampleReport
    from sample.portal.report_tables import Grid

FONT = Path(os.environ.get("GONGKAI_SAMPLE_FONT", "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"))
_SECTIONS = [(s.key, s.number, s.labels[0]) for s in load_form("2021").sections]
_TABLES = {"proactive": disclosure, "requests": requests, "disputes": disputes}
_EPOCH = (2024, 1, 31, 8, 0, 0)


def as_pdf(report: SampleReport, font: str = "sample") -> bytes:
    """The report on A4 pages, tables ruled; table 2 runs over a page's end without its head being repeated.

    ``font``: one that reportlab knows already; by default the font named in sample/README.md.
    """
    rl_config.invariant = 1
    if font == "sample":
        pdfmetrics.registerFont(TTFont("sample", str(FONT)))
    text = ParagraphStyle("text", fontName=font, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
    small = ParagraphStyle("cell", fontName=font, fontSize=8, leading=10, alignment=TA_CENTER, wordWrap="CJK")
    heading = ParagraphStyle("title", fontName=font, fontSize=18, leading=28, alignment=TA_CENTER, wordWrap="CJK")
    story: list[Any] = [Paragraph(_marked(report.title), heading), Spacer(1, 12)]
    for key, number, label in _SECTIONS:
        story.append(Paragraph(_marked(f"{number}、{label}"), text))
        story += [Paragraph(_marked(line), text) for line in sections(report).get(key, [])]
        if key in _TABLES:
            story += [_pdf_table(_TABLES[key](report), small), Spacer(1, 8)]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, title=report.title, author=report.issuer).build(story)
    return buffer.getvalue()


def _marked(text: str) -> str:
    """Letters, digits and quotation marks in Helvetica: the Chinese font has none."""
    return re.sub(r"[!-~“”‘’—…]+", lambda run: f'<font name="Helvetica">{escape(run[0])}</font>', text)


def _pdf_table(grid: Grid, style: ParagraphStyle) -> Table:
    width = sum(columns for _, columns, _ in grid[0])
    cells: list[list[Any]] = [[""] * width for _ in grid]
    commands: list[Any] = [("GRID", (0, 0), (-1, -1), 0.6, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for (row, column), (text, columns, rows) in _placed(grid).items():
        cells[row][column] = Paragraph(_marked(text), style)
        commands.append(("SPAN", (column, row), (column + columns - 1, row + rows - 1)))
    label = 46.0 if width == 10 else 30.0
    widths = [label, label, 110, *[40] * 7] if width == 10 else [500 / width] * width
    return Table(cells, colWidths=widths, style=commands)


def _placed(grid: Grid) -> dict[tuple[int, int], tuple[str, int, int]]:
    """Where each cell begins, spans of rows above taken into account."""
    taken: set[tuple[int, int]] = set()
    placed: dict[tuple[int, int], tuple[str, int, int]] = {}
    for r, row in enumerate(grid):
        column = 0
        for text, columns, rows in row:
            while (r, column) in taken:
                column += 1
            placed[r, column] = (text, columns, rows)
            taken |= {(r + i, column + j) for i in range(rows) for j in range(columns)}
            column += columns
    return placed


def as_docx(report: SampleReport) -> bytes:
    """The report as a Word document with merged cells."""
    document = docx.Document()
    document.core_properties.title = report.title
    document.core_properties.created = document.core_properties.modified = dt.datetime(*_EPOCH)  # noqa: DTZ001  # the format has no zone
    document.add_paragraph(report.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for key, number, label in _SECTIONS:
        document.add_paragraph(f"{number}、{label}")
        for line in sections(report).get(key, []):
            document.add_paragraph(line)
        if key in _TABLES:
            _docx_table(document, _TABLES[key](report))
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_fixed_times(buffer.getvalue())


def _docx_table(document: Any, grid: Grid) -> None:
    width = sum(columns for _, columns, _ in grid[0])
    table = document.add_table(len(grid), width, style="Table Grid")
    cells = [
        row.cells for row in table.rows
    ]  # once: python-docx lays the whole table out for each cell that is asked for
    for (row, column), (text, columns, rows) in _placed(grid).items():
        cell = cells[row][column]
        if columns > 1 or rows > 1:
            cell = cell.merge(cells[row + rows - 1][column + columns - 1])
        cell.text = text


def _with_fixed_times(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in given.namelist():
            fixed.writestr(zipfile.ZipInfo(name, _EPOCH), given.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def main() -> None:
    """Write all attachments."""
    DOCUMENTS.mkdir(exist_ok=True)
    for report in load().reports:
        for name in report.files:
            (DOCUMENTS / name).write_bytes(
                as_pdf(report.as_attached) if name.endswith(".pdf") else as_docx(report.as_attached)
            )


if __name__ == "__main__":
    main()
