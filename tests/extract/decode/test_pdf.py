import io

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from extract.decode.errors import DamagedDocument, EncryptedDocument
from extract.decode.pdf import decode_pdf
from extract.decode.pdf_second import decode_second
from extract.records import PageBox, Table

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
NUMBERS = [[f"{row}{column}" for column in range(4)] for row in range(1, 4)]
READERS = pytest.mark.parametrize("read", [decode_pdf, decode_second])


def pdf(*draw, **options):
    """A PDF with one A4 page for each of the functions that draw on a canvas."""
    file = io.BytesIO()
    page = canvas.Canvas(file, pagesize=A4, **options)
    for each in draw:
        page.setFont("STSong-Light", 10)
        each(page)
        page.showPage()
    page.save()
    return file.getvalue()


def grid(page, *, left=70, top=700, texts=NUMBERS, width=60, height=20):
    """A ruled table; ``left`` and ``top`` in points from the bottom left."""
    rows, columns = len(texts), len(texts[0])
    for r in range(rows + 1):
        page.line(left, top - r * height, left + columns * width, top - r * height)
    for c in range(columns + 1):
        page.line(left + c * width, top, left + c * width, top - rows * height)
    write(page, left, top, texts, width=width, height=height)


def write(page, left, top, texts, *, width=60, height=20):
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            page.drawString(left + c * width + 4, top - r * height - 14, text)


def blocks(document):
    return [[[c.text for c in row] for row in b.rows] if isinstance(b, Table) else b.text for b in document.blocks]


def shape(document):
    return [[(c.text, c.column, c.columns, c.rows) for c in row] for t in document.tables() for row in t.rows]


def headed(page):
    page.drawString(70, 760, "二、主动公开")
    grid(page)
    page.drawString(70, 560, "三、收到")


@READERS
def test_headings_and_tables_come_from_top_to_bottom_with_their_boxes(read):
    document = read(pdf(headed, grid))
    assert blocks(document) == ["二、主动公开", NUMBERS, "三、收到", NUMBERS]
    first, second = document.tables()
    assert first.rows[1][2].place.page == 1
    assert second.rows[1][2].place.page == 2
    assert first.rows[1][2].place.box == pytest.approx((190, A4[1] - 680, 250, A4[1] - 660), abs=0.2)
    assert document.text.splitlines()[2] == "20\t21\t22\t23"


def test_the_characters_within_a_box_are_the_text_of_its_cell():
    data = pdf(headed)
    page = pypdfium2.PdfDocument(data)[0]
    text_page = page.get_textpage()
    for table in decode_pdf(data).tables():
        for cell in (cell for row in table.rows for cell in row):
            assert isinstance(cell.place, PageBox)
            left, top, right, bottom = cell.place.box
            height = page.get_height()
            assert text_page.get_text_bounded(left, height - bottom, right, height - top).strip() == cell.text


def turned(data, degrees):
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(degrees)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@READERS
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_shown_turned_is_read_upright_and_placed_as_shown(read, degrees):
    upright = decode_pdf(pdf(headed))
    document = read(turned(pdf(headed), degrees))
    assert blocks(document) == blocks(upright)
    left, top, right, bottom = next(upright.tables()).rows[0][0].place.box
    width, height = A4
    expected = {
        90: (height - bottom, left, height - top, right),
        180: (width - right, height - bottom, width - left, height - top),
        270: (top, width - right, bottom, width - left),
    }
    assert next(document.tables()).rows[0][0].place.box == pytest.approx(expected[degrees], abs=0.3)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_text_drawn_lying_on_the_page_is_turned_upright(degrees):
    def lying(page):
        page.translate(A4[0] / 2, A4[1] / 2)
        page.rotate(degrees)
        page.translate(-A4[0] / 2, -A4[1] / 2)
        grid(page, left=180, top=600)

    upright, document = decode_pdf(pdf(lambda page: grid(page, left=180, top=600))), decode_pdf(pdf(lying))
    assert blocks(document) == blocks(upright)
    left, top, right, bottom = next(document.tables()).rows[0][0].place.box
    assert sorted((round(right - left), round(bottom - top))) == [20, 60]


def test_where_the_text_of_a_page_leaves_characters_out_each_is_asked(monkeypatch):
    asked = []
    one = pypdfium2.raw.FPDFText_GetUnicode
    together = decode_pdf(pdf(headed))
    monkeypatch.setattr("extract.decode.pdf_page.pdfium.FPDFText_GetText", lambda page, start, count, units: count)
    monkeypatch.setattr(
        "extract.decode.pdf_page.pdfium.FPDFText_GetUnicode",
        lambda page, index: asked.append(index) or one(page, index),
    )
    assert decode_pdf(pdf(headed)) == together
    assert asked


@READERS
def test_a_row_that_the_page_end_leaves_open_is_kept(read):
    def cut(page):
        for r in range(3):
            page.line(70, 100 - r * 20, 310, 100 - r * 20)
        for c in range(5):
            page.line(70 + c * 60, 100, 70 + c * 60, 40)
        write(page, 70, 100, NUMBERS)

    assert blocks(read(pdf(cut))) == [NUMBERS]


@READERS
def test_missing_outer_rules_are_added(read):
    def open_sides(page):
        for r in range(4):
            page.line(70, 700 - r * 20, 310, 700 - r * 20)
        for c in (1, 2, 3):
            page.line(70 + c * 60, 700, 70 + c * 60, 640)
        write(page, 70, 700, NUMBERS)

    assert blocks(read(pdf(open_sides))) == [NUMBERS]


@READERS
def test_a_frame_around_the_page_is_no_table(read):
    def framed(page):
        page.rect(20, 20, 550, 800)
        headed(page)

    assert blocks(read(pdf(framed))) == ["二、主动公开", NUMBERS, "三、收到"]


def test_a_frame_around_running_text_is_no_table():
    def framed(page):
        page.rect(20, 20, 550, 800)
        for line in range(8):
            page.drawString(70, 760 - 20 * line, f"第{line}行")

    assert not list(decode_pdf(pdf(framed)).tables())


def test_no_character_is_in_two_cells():
    def bent(page):
        page.rect(70, 640, 120, 60)
        page.line(130, 670, 190, 670)
        page.line(130, 670, 130, 640)
        page.drawString(75, 685, "label")
        page.drawString(135, 650, "295")

    assert shape(decode_pdf(pdf(bent))) == [[("label", 0, 2, 2)], [("295", 1, 1, 1)]]


def test_text_beside_a_step_of_the_outline_is_outside_the_table():
    def stepped(page):
        grid(page, texts=[["a", "1"], ["b", "2"]])
        grid(page, top=660, texts=[["c", "3", "4", "5"]])
        page.drawString(220, 680, "旁注12")

    assert blocks(decode_pdf(pdf(stepped))) == [[["a", "1"], ["b", "2"], ["c", "3", "4", "5"]], "旁注12"]


@READERS
def test_merged_cells(read):
    def merged(page):
        page.rect(70, 640, 180, 60)
        page.line(130, 680, 250, 680)
        page.line(130, 660, 250, 660)
        page.line(130, 640, 130, 700)
        page.line(190, 640, 190, 680)
        write(page, 70, 700, [["本年", "申请人", ""], ["", "1", "2"], ["", "3", "4"]])

    cells = shape(read(pdf(merged)))
    assert [[c[:3] for c in row] for row in cells] == [
        [("本年", 0, 1), ("申请人", 1, 2)],
        [("1", 1, 1), ("2", 2, 1)],
        [("3", 1, 1), ("4", 2, 1)],
    ]
    assert read is decode_second or cells[0][0][3] == 3


@READERS
def test_vertical_writing_is_read_downwards(read):
    def vertical(page):
        grid(page, texts=[["", "295"]], height=100)
        for column, text in ((110, "本年度办"), (90, "理结果")):
            for index, character in enumerate(text):
                page.drawString(column, 680 - index * 14, character)

    assert blocks(read(pdf(vertical))) == [[["本年度办\n理结果", "295"]]]


@READERS
def test_numbers_apart_stay_apart_and_double_strokes_print_once(read):
    def cells(page):
        grid(page, texts=[["12 34", ""]])
        for shift in (0, 0.3):
            page.drawString(134 + shift, 686, "11")

    assert blocks(read(pdf(cells))) == [[["12 34", "11"]]]


@READERS
def test_rules_drawn_as_dashes_thin_rectangles_or_twice(read):
    def dashed(page):
        page.setDash(3, 3)
        grid(page)

    def filled(page):
        for r in range(4):
            page.rect(70, 700 - r * 20, 240, 0.5, stroke=0, fill=1)
        for c in range(5):
            page.rect(70 + c * 60, 640, 0.5, 60, stroke=0, fill=1)
        write(page, 70, 700, NUMBERS)

    def double(page):
        grid(page)
        grid(page, left=71.5, top=698.5, texts=[[""] * 4] * 3)

    def in_a_form(page):
        page.beginForm("table")
        grid(page, left=35, top=350, width=30, height=10, texts=[[""] * 4] * 3)
        page.endForm()
        page.saveState()
        page.scale(2, 2)
        page.doForm("table")
        page.restoreState()
        write(page, 70, 700, NUMBERS)

    assert blocks(read(pdf(dashed, filled, double, in_a_form))) == [NUMBERS] * 4


@READERS
def test_a_watermark_belongs_to_no_cell(read):
    def marked(page):
        grid(page)
        page.translate(150, 600)
        page.rotate(30)
        page.setFont("STSong-Light", 40)
        page.drawString(0, 0, "77内部")

    document = read(pdf(marked))
    assert blocks(document) == [NUMBERS]
    assert read is decode_second or "77内部" in document.warnings[0]


def test_what_could_not_be_read_is_told():
    def unseen(page):
        text = page.beginText(70, 700)
        text.setTextRenderMode(3)
        text.textLine("295")
        page.drawText(text)

    picture, overlay = decode_pdf(pdf(lambda _page: None)), decode_pdf(pdf(unseen))
    assert picture.blocks == ()
    assert picture.warnings == ("page 1 has no text (a picture, or empty)",)
    assert "unseen layer" in overlay.warnings[0]
    assert "no page has a table" in overlay.warnings[1]


def test_an_empty_password_opens_and_any_other_does_not():
    opened = pdf(headed, encrypt=StandardEncryption("", ownerPassword="owner", strength=128))
    assert blocks(decode_pdf(opened)) == ["二、主动公开", NUMBERS, "三、收到"]
    with pytest.raises(EncryptedDocument, match="password"):
        decode_pdf(pdf(headed, encrypt=StandardEncryption("secret", strength=128)))


def test_a_cut_file_is_damaged_and_trailing_junk_is_not():
    data = pdf(headed)
    with pytest.raises(DamagedDocument, match="cut off"):
        decode_pdf(data[: len(data) // 2])
    with pytest.raises(DamagedDocument, match="cut off"):
        decode_pdf(b"%PDF-1.7\nxref\n%%EOF\n" + data[: len(data) // 2])
    assert decode_pdf(data + b"\0" * 5000).blocks
    with pytest.raises(DamagedDocument, match="cannot be opened"):
        decode_pdf(b"%PDF-1.4 nothing %%EOF")


def test_both_readers_agree_on_the_corpus(corpus):
    paths = [*sorted(corpus.glob("made/pdf_variants/003*.pdf")), *sorted(corpus.glob("real/*/*.pdf"))]
    assert paths
    for path in paths:
        first, second = (
            [c.text for t in read(path.read_bytes()).tables() for row in t.rows for c in row if c.text.isdigit()]
            for read in (decode_pdf, decode_second)
        )
        assert first == second, path.name
        assert len(first) > 100
