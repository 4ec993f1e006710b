"""Invented reports: what they say, and how they look as HTML, DOCX and PDF.

2017 and 2018 are prose without tables, 2019 and 2020 use the form of 2019, later years that of 2021. All sums hold.
"""

from __future__ import annotations

import functools
import io
import random
import zipfile
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from extract.forms import load_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.forms import FormRow, FormTable

SEED = 5077
# A cell: its text, over how many columns, over how many rows.
Cell = tuple[str, int, int]
Grid = list[list[Cell]]
_COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_OUTCOMES = "三、本年度办理结果"


@dataclass(eq=False)
class Report:
    """An agency's report of a year; ``edition`` grows when the text is changed."""

    issuer: str
    year: int
    title: str
    edition: int = 0

    @property
    def dice(self) -> random.Random:
        """The same numbers whenever they are asked for."""
        return random.Random(f"{SEED}{self.issuer}{self.year}")


@functools.lru_cache(maxsize=4096)
def parts(report: Report, edition: int) -> tuple[tuple[str, tuple[str, ...], Grid | None], ...]:
    """The sections in order: heading, paragraphs, table. ``edition`` is in a sentence, so that a change can be seen."""
    dice = report.dice
    published = dice.randint(60, 900) + edition
    if report.year < 2019:
        return _prose(report, dice, published)
    form = load_form("2021" if report.year > 2020 else "2019")
    requests, received = _requests(form.table("requests"), dice)
    disputes = _disputes(dice)
    said = {
        "overview": (
            f"{report.year}年，{report.issuer}认真贯彻《中华人民共和国政府信息公开条例》，现将本年度政府信息公开工作情况报告如下。",
            f"本年度通过各类渠道主动公开政府信息{published}条，共收到政府信息公开申请{received}件，均按时答复。",
            f"本报告所列数据的统计期限自{report.year}年1月1日至{report.year}年12月31日。",
        ),
        "problems": ("公开内容的深度还不够，下一步将加强培训，细化目录。",),
        "other": (
            "本年度未收取信息处理费。" if report.year > 2020 else "无其他需要报告的事项。",
            f"{report.issuer} {report.year + 1}年1月",
        ),
    }
    grids = {"proactive": _disclosure(form.table("disclosure"), dice), "requests": requests, "disputes": disputes}
    return tuple((f"{s.number}、{s.labels[0]}", tuple(said.get(s.key, ())), grids.get(s.key)) for s in form.sections)


def _prose(report: Report, dice: random.Random, published: int) -> tuple[tuple[str, tuple[str, ...], Grid | None], ...]:
    year, who, asked = report.year, report.issuer, dice.randint(0, 9)
    lines = (
        (
            "一、概述",
            f"特向社会公布{who}{year}年度政府信息公开工作情况。统计期限自{year}年1月1日至{year}年12月31日。",
        ),
        ("二、主动公开政府信息情况", f"{year}年，{who}主动公开政府信息{published}条，其中网站公开{published - 7}条。"),
        ("三、依申请公开政府信息情况", f"{year}年共收到政府信息公开申请{asked}件，全部按期办结。"),
        ("四、收费及减免情况", f"{year}年未收取任何费用。"),
        ("五、行政复议、行政诉讼情况", "本年度未发生因政府信息公开引起的行政复议和行政诉讼。"),
        ("六、存在的主要问题和改进措施", "公开的主动性有待提高，今后将健全制度，充实力量。"),
    )
    return tuple((heading, (line,), None) for heading, line in lines)


def _disclosure(table: FormTable, dice: random.Random) -> Grid:
    grid: Grid = []
    width = 3
    for group in dict.fromkeys(row.group for row in table.rows):
        rows = [row for row in table.rows if row.group == group]
        grid.append([(group, width + 1, 1)])
        heads = [cell.column_labels[0] for cell in rows[0].cells]
        spans = _spans(len(heads), width)
        grid.append([("信息内容", 1, 1), *((head, span, 1) for head, span in zip(heads, spans, strict=True))])
        for row in rows:
            values = _disclosed(row, dice)
            grid.append([(row.labels[0], 1, 1), *((v, n, 1) for v, n in zip(values, spans, strict=True))])
    return grid


def _spans(columns: int, width: int) -> list[int]:
    return [*[1] * (columns - 1), width - columns + 1]


def _disclosed(row: FormRow, dice: random.Random) -> list[str]:
    if row.key == "rules":
        return ["0"] * len(row.cells)
    if row.key == "normdocs":
        made, dropped = dice.randint(0, 6), dice.randint(0, 3)
        kept = dice.randint(6, 40)
        return [str(made), str(dropped if row.cells[1].key.endswith("repealed") else made), str(kept + made)]
    return [str(dice.randint(0, 9)) if "change" in cell.key else str(dice.randint(0, 400)) for cell in row.cells]


def _requests(table: FormTable, dice: random.Random) -> tuple[Grid, int]:
    """Table 2 and the number of requests received."""
    rows = [row for row in table.rows if not row.instead_of]
    numbers = {row.key: [0] * 6 for row in rows}
    outcomes = [key for key in numbers if key not in ("received_new", "carried_in", "outcome_total", "carried_out")]
    for column in range(6):
        total = dice.randint(1, 14) if column == 0 else dice.randint(0, 2)
        for _ in range(total):
            choices = [key for key in outcomes if key != "other_fee_unpaid"]
            numbers[dice.choice(["granted", "granted", *choices])][column] += 1
        carried_out, carried_in = dice.randint(0, 1), dice.randint(0, min(1, total))
        numbers["outcome_total"][column], numbers["carried_out"][column] = total, carried_out
        numbers["carried_in"][column], numbers["received_new"][column] = carried_in, total + carried_out - carried_in
    grid: Grid = [
        [
            ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            ("申请人情况", 7, 1),
        ],
        [(_COLUMNS[0], 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(name, 1, 1) for name in _COLUMNS[1:]],
    ]
    inner = [row for row in rows if row.group]
    groups = [row.group for row in inner]
    for row in rows:
        label: list[Cell] = [(f"{row.number}{row.labels[0]}", 3, 1)]
        if row.group:
            label = [(_OUTCOMES, 1, len(inner))] if row is inner[0] else []
            if row.group == _OUTCOMES:
                label.append((f"{row.number}{row.labels[0]}", 2, 1))
            else:
                if groups.index(row.group) == inner.index(row):
                    label.append((row.group, 1, groups.count(row.group)))
                label.append((f"{row.number}{row.labels[0]}", 1, 1))
        values = numbers[row.key]
        grid.append([*label, *((str(value), 1, 1) for value in (*values, sum(values)))])
    return grid, sum(numbers["received_new"])


def _disputes(dice: random.Random) -> Grid:
    line: list[Cell] = []
    for _ in range(3):
        results = [dice.choice((0, 0, 1)) for _ in range(4)]
        line += [(str(number), 1, 1) for number in (*results, sum(results))]
    return [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*((name, 1, 2) for name in _RESULTS), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [(name, 1, 1) for name in _RESULTS * 2],
        line,
    ]


def as_html(report: Report, *, word: bool = False) -> str:
    """The body of the page, without title; ``word``: as pasted from Word, with styles and classes of its own."""
    mark = ' class="MsoNormal"' if word else ""
    out = ["<style>.MsoNormalTable td{border:1px solid}</style>" if word else ""]
    for heading, lines, grid in parts(report, report.edition):
        out.append(f"<p{mark}><strong>{heading}</strong></p>" if word else f"<h3>{heading}</h3>")
        out += [f"<p{mark}>{escape(line)}</p>" for line in lines]
        out += [_table(grid, ' class="MsoNormalTable"' if word else ' border="1"')] if grid else []
    return "\n".join(out)


def _table(grid: Grid, attributes: str) -> str:
    rows = (
        "".join(
            f"<td{f' colspan={wide}' if wide > 1 else ''}{f' rowspan={high}' if high > 1 else ''}>{escape(text)}</td>"
            for text, wide, high in row
        )
        for row in grid
    )
    return f"<table{attributes}><tbody>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"


@functools.lru_cache(maxsize=512)
def document(report: Report, kind: str, edition: int) -> bytes:
    """The report as a file of that kind (pdf or docx)."""
    return (_pdf if kind == "pdf" else _docx)(report, edition)


def _placed(grid: Grid) -> list[list[Cell | None]]:
    """Each cell at its place, None where another reaches over it."""
    width = sum(wide for _, wide, _ in grid[0])
    placed: list[list[Cell | None]] = [[None] * width for _ in grid]
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(grid):
        column = 0
        for cell in row:
            while (r, column) in taken:
                column += 1
            placed[r][column] = cell
            taken |= {(r + down, column + right) for down in range(cell[2]) for right in range(cell[1])}
            column += cell[1]
    return placed


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _docx(report: Report, edition: int) -> bytes:
    """Written by hand: three parts are enough, and cheap."""
    body = [_paragraph(report.title)]
    for heading, lines, grid in parts(report, edition):
        body += [_paragraph(line) for line in (heading, *lines)]
        body += [_word_table(_placed(grid)), _paragraph("")] if grid else []
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (2024, 1, 31, 8, 0, 0))
            package.writestr(entry, '<?xml version="1.0" encoding="UTF-8"?>' + text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _word_table(placed: Sequence[Sequence[Cell | None]]) -> str:
    width = len(placed[0])
    rows = []
    under: dict[int, tuple[int, int]] = {}  # column -> rows still to go, width of the cell above
    for row in placed:
        cells, column = [], 0
        while column < width:
            cell = row[column]
            if cell is None:
                left, wide = under[column]
                under[column] = (left - 1, wide)
                cells.append(_word_cell("", wide, "<w:vMerge/>"))
            else:
                wide = cell[1]
                if cell[2] > 1:
                    under[column] = (cell[2] - 1, wide)
                cells.append(_word_cell(cell[0], wide, '<w:vMerge w:val="restart"/>' if cell[2] > 1 else ""))
            column += wide
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    columns = '<w:gridCol w:w="900"/>' * width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _word_cell(text: str, wide: int, merge: str) -> str:
    span = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{900 * wide}" w:type="dxa"/>{span}{merge}</w:tcPr>{_paragraph(text)}</w:tc>'


def _pdf(report: Report, edition: int) -> bytes:
    """By reportlab, which only who builds or tests has: with a font that every reader of PDF knows, none embedded."""
    from reportlab import rl_config  # noqa: PLC0415
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table  # noqa: PLC0415

    rl_config.invariant = 1
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("text", fontName="STSong-Light", fontSize=11, leading=17, wordWrap="CJK")
    small = ParagraphStyle("cell", fontName="STSong-Light", fontSize=7, leading=9, wordWrap="CJK")
    story: list[Any] = [Paragraph(escape(report.title), style)]
    for heading, lines, grid in parts(report, edition):
        story += [Spacer(1, 12), Paragraph(escape(heading), style), Spacer(1, 6)]
        story += [Paragraph(escape(line), style) for line in lines]
        if grid:
            placed = _placed(grid)
            cells = [[Paragraph(escape(cell[0]), small) if cell else "" for cell in row] for row in placed]
            commands: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
            commands += [
                ("SPAN", (c, r), (c + cell[1] - 1, r + cell[2] - 1))
                for r, row in enumerate(placed)
                for c, cell in enumerate(row)
                if cell
            ]
            widths = [60, 60, 170, *[58] * 7] if len(placed[0]) == 10 else [690 / len(placed[0])] * len(placed[0])
            story.append(Table(cells, colWidths=widths, style=commands))
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=landscape(A4), title=report.title).build(story)
    return buffer.getvalue()
