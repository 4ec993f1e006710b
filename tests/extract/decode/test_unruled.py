"""Tables without ruling lines, in PDFs that the tests draw."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from extract.decode.geometry import Glyph, Sheet
from extract.decode.pdf import decode_pdf
from extract.decode.sheet_blocks import read_sheet
from extract.reading import read
from extract.records import Table
from tests.documents import PRINTED, TITLE, numbers

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
SIZE = 9
LEADING = 13


class Sheets:
    """Pages that text is set on, in points from the top left."""

    def __init__(self):
        self.file = io.BytesIO()
        self.page = canvas.Canvas(self.file, pagesize=A4)

    def text(self, x, y, text, *, align="left", size=SIZE):
        self.page.setFont(SONG, size)
        draw = {"left": self.page.drawString, "right": self.page.drawRightString, "centre": self.page.drawCentredString}
        draw[align](x, A4[1] - y, text)

    def lines(self, x, middle, lines, *, align="left"):
        """Lines around a middle, as a cell that is set in the middle has them."""
        for index, line in enumerate(lines):
            self.text(x, middle + (index - (len(lines) - 1) / 2) * LEADING, line, align=align)

    def rule(self, x, y, right, bottom):
        self.page.line(x, A4[1] - y, right, A4[1] - bottom)

    def end(self):
        self.page.showPage()

    def data(self):
        self.end()
        self.page.save()
        return self.file.getvalue()


ROWS = [("规章", "12", "3", "45"), ("行政规范性文件", "6", "789", "10"), ("行政许可", "1,234", "5", "0")]


def table(
    sheets, *, rows=ROWS, top=100, pitch=24, align="centre", left=70, first=220, step=80, head=("制发", "废止", "现行")
):
    if head:
        for column, heading in enumerate(head):
            sheets.text(first + column * step, top, heading, align="centre")
        sheets.text(left, top, "信息内容")
    offset = {"centre": 0, "right": 15, "left": -15}[align]
    for r, (label, *values) in enumerate(rows):
        y = top + (r + 1) * pitch
        sheets.lines(left, y, label.split("\n"))
        for column, value in enumerate(values):
            if value:
                sheets.text(first + column * step + offset, y, value, align=align)


def decoded(sheets):
    return decode_pdf(sheets.data())


def texts(document):
    return [[[cell.text for cell in row] for row in table.rows] for table in document.tables()]


def by_column(document):
    return [{cell.column: cell.text for cell in row} for table in document.tables() for row in table.rows]


HEAD = ["信息内容", "制发", "废止", "现行"]


@pytest.mark.parametrize("align", ["centre", "right", "left"])
def test_numbers_under_each_other_are_columns(align):
    sheets = Sheets()
    table(sheets, align=align)
    assert texts(decoded(sheets)) == [[HEAD, *map(list, ROWS)]]


def test_cells_have_their_place_around_the_text_and_a_table_is_told_of():
    sheets = Sheets()
    table(sheets)
    document = decoded(sheets)
    left, top, right, bottom = next(document.tables()).rows[1][1].place.box
    assert left == pytest.approx(220 - SIZE / 2, abs=1)
    assert right == pytest.approx(220 + SIZE / 2, abs=1)
    assert top < 100 + 24 < bottom + SIZE
    assert any("without ruling lines" in warning for warning in document.warnings)


def test_labels_over_several_lines_belong_to_the_row_in_their_middle():
    rows = [
        ("其他法律行政\n法规禁止公开", "1", "2", "3"),
        ("规章", "4", "5", "6"),
        ("申请人逾期未\n按收费通知要求\n缴纳费用", "7", "8", "9"),
    ]
    sheets = Sheets()
    table(sheets, rows=rows, pitch=44)
    assert texts(decoded(sheets))[0][1:] == [list(row) for row in rows]


def test_labels_set_at_the_top_belong_to_the_row_that_they_begin_at():
    sheets = Sheets()
    for r, (label, *values) in enumerate(
        [
            ("其他法律行政\n法规禁止公开", "1", "2", "3"),
            ("要求提供公开\n出版物", "4", "5", "6"),
            ("逾期未按收费\n通知要求\n缴纳费用", "7", "8", "9"),
        ]
    ):
        y = 100 + 50 * r
        for index, line in enumerate(label.split("\n")):
            sheets.text(70, y + index * LEADING, line)
        for column, value in enumerate(values):
            sheets.text(220 + 60 * column, y, value)
    assert [row[0] for row in texts(decoded(sheets))[0]] == [
        "其他法律行政\n法规禁止公开",
        "要求提供公开\n出版物",
        "逾期未按收费\n通知要求\n缴纳费用",
    ]


def test_a_blank_cell_is_given_in_its_column_and_nothing_moves():
    rows = [("规章", "12", "3", "45"), ("行政规范性文件", "", "789", "10"), ("行政许可", "1,234", "", "0")]
    sheets = Sheets()
    table(sheets, rows=rows)
    assert by_column(decoded(sheets))[1:] == [
        {0: "规章", 1: "12", 2: "3", 3: "45"},
        {0: "行政规范性文件", 1: "", 2: "789", 3: "10"},
        {0: "行政许可", 1: "1,234", 2: "", 3: "0"},
    ]


def test_a_column_without_numbers_is_known_by_its_heading():
    rows = [(label, first, "", last) for label, first, _, last in ROWS]
    sheets = Sheets()
    table(sheets, rows=rows)
    assert [row[2] for row in by_column(decoded(sheets))] == ["废止", "", "", ""]


def test_what_groups_rows_stands_in_a_cell_of_its_own():
    sheets = Sheets()
    rows = [
        (f"第{name}类申请", *map(str, values))
        for name, values in zip("甲乙丙丁", [(1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12)], strict=True)
    ]
    table(sheets, rows=rows, left=130, head=None)
    sheets.lines(70, 100 + 2.5 * 24, ["不予", "公开"])
    (found,) = texts(decoded(sheets))
    assert [row[-4:] for row in found] == [list(row) for row in rows]
    assert sorted(cell for row in found for cell in row[:-4]) == ["不予\n公开"]


def test_rows_go_on_over_a_page():
    sheets = Sheets()
    table(sheets, top=740, rows=ROWS[:2])
    sheets.text(300, 820, "- 1 -")
    sheets.end()
    table(sheets, top=60, rows=[*ROWS[2:], ("行政强制", "7", "8", "9")], head=None)
    first, second = texts(decoded(sheets))
    assert first == [HEAD, *map(list, ROWS[:2])]
    assert second == [list(ROWS[2]), ["行政强制", "7", "8", "9"]]


@pytest.mark.parametrize("which", ["across", "three", "down"])
def test_rules_one_way_only_change_nothing(which):
    sheets = Sheets()
    table(sheets)
    for y in {"across": (85, 109, 133, 157, 181), "three": (85, 109, 181), "down": ()}[which]:
        sheets.rule(60, y, 440, y)
    for x in (60, 175, 265, 340, 440) if which == "down" else ():
        sheets.rule(x, 85, x, 181)
    assert texts(decoded(sheets)) == [[HEAD, *map(list, ROWS)]]


def test_a_vertical_rule_parts_what_stands_close():
    sheets = Sheets()
    for r, (left, right) in enumerate([("123", "456"), ("777", "888")]):
        sheets.text(70, 100 + 24 * r, "规章")
        sheets.text(200, 100 + 24 * r, left)
        sheets.text(200 + 3 * SIZE / 2 + 1, 100 + 24 * r, right)
    sheets.rule(200 + 3 * SIZE / 2 + 0.5, 80, 200 + 3 * SIZE / 2 + 0.5, 140)
    assert texts(decoded(sheets)) == [[["规章", "123", "456"], ["规章", "777", "888"]]]


def test_a_number_that_may_be_broken_over_lines_is_not_read():
    sheets = Sheets()
    sheets.text(70, 100, "信息内容")
    sheets.lines(240, 100, ["本年收费金额", "单位：万元"], align="centre")
    for y, label, value in ((130, "行政事", "228"), (130 + LEADING, "业性收费", "34.5")):
        sheets.text(70, y, label)
        sheets.text(240, y, value, align="centre")
    assert not texts(decoded(sheets))


def test_numbers_that_stand_in_no_line_are_not_read():
    sheets = Sheets()
    for r, shift in enumerate((0, 9, -7, 14)):
        sheets.text(70, 100 + 24 * r, "规章")
        for column in range(3):
            sheets.text(200 + 60 * column + shift, 100 + 24 * r, "1234")
    document = decoded(sheets)
    assert not texts(document)
    assert any("too unlike a table" in warning for warning in document.warnings)
    assert document.unread == {1}


PROSE = [
    "2023年,全镇主动公开政府信息 220 件(乡村振兴 45 条,生态",
    "环保 17 条,教育、科技、医疗、体育等民生事业 20 条,其他",
    "等 20 条),通过政务新媒体公开信息 90 件,通过公告栏公开",
    "信息 110 条,共回应重大舆情 0 件。按照国务院办公厅规定，",
    "本年度没有产生信息公开处理费 0",
]


def running_text(sheets):
    for index, line in enumerate(PROSE):
        sheets.text(70, 100 + 20 * index, line, size=12)


def justified_text(sheets):
    for index in range(8):
        for word, x in enumerate((70, 150, 260, 300, 420)):
            sheets.text(
                x + 7 * (index % 3) * word, 100 + 20 * index, ("公开信息", "12", "件次", "3", "完善")[word], size=12
            )


def contents(sheets):
    for index, heading in enumerate(["总体情况", "主动公开政府信息情况", "收到和处理申请情况", "行政复议和诉讼"]):
        sheets.text(70, 100 + 20 * index, f"{index + 1}、{heading}")
        sheets.text(500, 100 + 20 * index, str(index * 3 + 1), align="right")


def addresses(sheets):
    for index in range(3):
        for x, text in ((70, "联系电话"), (150, "05998613"), (300, "邮政编码"), (400, "350400")):
            sheets.text(x, 100 + 20 * index, text)


def two_columns(sheets):
    for index in range(6):
        sheets.text(70, 100 + 20 * index, "政府信息公开工作明确职责和任务分工，")
        sheets.text(310, 100 + 20 * index, "强化组织保障，加大信息公开力度2023年")


def list_of_dates(sheets):
    for index in range(4):
        sheets.text(70, 100 + 20 * index, f"2023年{index + 1}月")
        sheets.text(200, 100 + 20 * index, "召开政务公开工作推进会")


@pytest.mark.parametrize("draw", [running_text, justified_text, contents, addresses, two_columns, list_of_dates])
def test_what_is_no_table_stays_text(draw):
    sheets = Sheets()
    draw(sheets)
    document = decoded(sheets)
    assert not list(document.tables())
    assert document.text


def test_headings_and_paragraphs_around_a_table_stay_where_they_are():
    sheets = Sheets()
    sheets.text(98, 70, "二、主动公开政府信息情况", size=12)
    table(sheets)
    sheets.text(98, 210, "三、收到和处理政府信息公开申请情况", size=12)
    document = decoded(sheets)
    assert [block.text if not isinstance(block, Table) else "table" for block in document.blocks] == [
        "二、主动公开政府信息情况",
        "table",
        "三、收到和处理政府信息公开申请情况",
    ]


def report(sheets, *, blank=(), align="centre"):
    """The whole form without one ruling line, table by table."""
    values = numbers()
    sheets.text(70, 60, TITLE, size=14)
    y = 80
    for row in PRINTED:
        if (
            row.key in ("rules", "licensing", "penalty", "admin_fees", "received_new")
            or row.table == "disputes"
            or y > 760
        ):
            y += 30
        if y > 740:
            sheets.end()
            y = 70
        count = len(row.cells)
        first, step = {3: (240, 90), 1: (300, 0), 7: (300, 36)}.get(count, (70, 31))
        if row.key in ("rules", "licensing", "penalty", "admin_fees", "received_new") or row.table == "disputes":
            for column, cell in enumerate(row.cells):
                sheets.lines(
                    first + column * step, y, [cell.column_labels[0][:3], cell.column_labels[0][3:]], align="centre"
                )
            if row.table != "disputes":
                sheets.text(70, y, "信息内容")
            y += 30
        label = row.number + row.labels[0] if row.table != "disputes" else ""
        lines = [label[i : i + 18] for i in range(0, len(label), 18)]
        sheets.lines(70, y, lines)
        for column, cell in enumerate(row.cells):
            if cell.key not in blank:
                x = first + column * step + (12 if align == "right" else 0)
                sheets.text(x, y, str(values[cell.key]), align=align)
        y += 24 + LEADING * max(0, len(lines) - 2)
    return {key: value for key, value in values.items() if key not in blank}


@pytest.mark.parametrize("align", ["centre", "right"])
def test_a_form_without_ruling_lines_is_read_whole(align):
    sheets = Sheets()
    values = report(sheets, align=align)
    cells = read(sheets.data()).report.cells
    given = {key: cell.value for key, cell in cells.items() if cell.value is not None}
    assert {key: value for key, value in given.items() if values.get(key) != value} == {}
    assert len(given) >= 0.95 * len(values)


def test_blanks_of_a_form_without_ruling_lines_are_blank_or_unread_never_another_cells_number():
    blank = {"requests.granted.research", "requests.received_new.other_org", "requests.outcome_total.natural_person"}
    sheets = Sheets()
    values = report(sheets, blank=blank)
    cells = read(sheets.data()).report.cells
    given = {key: cell.value for key, cell in cells.items() if cell.value is not None}
    assert {key: value for key, value in given.items() if values.get(key) != value} == {}
    assert {cells[key].state for key in blank} <= {"blank", "unreadable"}
    assert cells["requests.granted.research"].state == "blank"


def placed(text, x, y, width=5.0):
    return Glyph(text, x, y, x + width, y + 9.0)


@pytest.mark.parametrize(
    "glyphs",
    [
        [placed("1", 10 * c, 15 * r) for r in range(120) for c in range(100)],
        [placed("字", 20 * c, 15 * r) for r in range(60) for c in range(50)]
        + [placed("1", 1100 + 20 * c, 15 * r) for r in range(60) for c in range(5)],
        [Glyph("1", 20 * c, 3 * r, 20 * c + 5, 3 * r + 300) for r in range(100) for c in range(20)],
        [placed("字", 10 + r * 37 % 200, 5 * r) for r in range(600)]
        + [placed("1", 300 + 20 * c, 15 * r) for r in range(190) for c in range(7)],
    ],
    ids=["numbers", "spaced", "tall", "strewn"],
)
def test_pages_full_of_anything_end_and_lose_nothing(glyphs):
    made = read_sheet(Sheet(tuple(glyphs), (), (), 0, 2000, 4000), 1).blocks
    cells = [cell.text for b in made if isinstance(b, Table) for row in b.rows for cell in row]
    texts = [b.text for b in made if not isinstance(b, Table)]
    assert sorted("".join(cells + texts).replace("\n", "").replace(" ", "")) == sorted(g.text for g in glyphs)
