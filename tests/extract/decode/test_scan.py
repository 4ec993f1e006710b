"""Pictures of pages, drawn here: numbers, blanks and marks as printed, and never a blank where ink is."""

import io
import random
import zlib

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from extract.decode import DamagedDocument, DecodeError, UnsupportedFormat, decode
from extract.decode.picture import can_recognise
from extract.records import Document, PageBox, Table

recognises = pytest.mark.skipif(not can_recognise(), reason="the extra ocr is not installed: make setup EXTRAS=all")
without = pytest.mark.skipif(can_recognise(), reason="the extra ocr is installed")

PAGE = (420, 300)
TITLE = "Annual report on open government information"
TEXTS = [
    ["Rules", "10", "0", "47", "1,208", ""],
    ["Orders", "0", "/", "356", "21", "8"],
    ["Permits", "5", "0", "", "99", "130"],
    ["Fines", "—", "62", "0", "7", "2,464"],
]
LEFT, TOP, WIDTH, HEIGHT = 40, 230, 56, 24
DPI = 200


def drawn(draw, size=PAGE):
    """A PDF of one page that a function draws on."""
    file = io.BytesIO()
    page = canvas.Canvas(file, pagesize=size)
    page.setFont("Times-Roman", 11)
    draw(page)
    page.showPage()
    page.save()
    return file.getvalue()


def printed(page):
    page.setFont("Times-Roman", 16)
    page.drawString(LEFT, 260, TITLE)
    page.setFont("Times-Roman", 11)
    for row in range(len(TEXTS) + 1):
        page.line(LEFT, TOP - row * HEIGHT, LEFT + 6 * WIDTH, TOP - row * HEIGHT)
    for column in range(7):
        page.line(LEFT + column * WIDTH, TOP, LEFT + column * WIDTH, TOP - len(TEXTS) * HEIGHT)
    for row, texts in enumerate(TEXTS):
        for column, text in enumerate(texts):
            page.drawCentredString(LEFT + (column + 0.5) * WIDTH, TOP - row * HEIGHT - 16, text)


def scanned(pdf_bytes, *, dpi=DPI, askew=0.0, noise=0):
    """The page as a scanner sees it."""
    picture = pypdfium2.PdfDocument(pdf_bytes)[0].render(scale=dpi / 72).to_pil().convert("L")
    picture = picture.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if noise:
        grain = Image.frombytes("L", picture.size, random.Random(4).randbytes(picture.width * picture.height))
        picture = Image.blend(picture, grain, noise / 255)
    return picture


def saved(picture, form="PNG", **options):
    file = io.BytesIO()
    picture.save(file, form, dpi=(DPI, DPI), **options)
    return file.getvalue()


def texts(document):
    return [[cell.text for cell in row] for table in document.tables() for row in table.rows]


@without
@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_without_the_extra_a_picture_says_what_to_install(form):
    with pytest.raises(UnsupportedFormat, match="install the extra: make setup EXTRAS=all"):
        decode(saved(scanned(drawn(printed), dpi=72), form))


@without
def test_without_the_extra_a_page_that_is_a_picture_is_told_and_nothing_is_invented():
    picture = ImageReader(scanned(drawn(printed), dpi=72))
    document = decode(drawn(lambda page: page.drawImage(picture, 0, 0, *PAGE)))
    assert document.blocks == ()
    assert "page 1 is a picture, which is not read" in document.warnings[0]
    assert "make setup EXTRAS=all" in document.warnings[0]


@recognises
@pytest.mark.parametrize(("askew", "noise"), [(0, 0), (0.8, 12), (-1.3, 20)])
def test_numbers_blanks_and_marks_are_read_as_printed(askew, noise):
    document = decode(saved(scanned(drawn(printed), askew=askew, noise=noise)))
    assert texts(document) == TEXTS
    assert next(document.paragraphs()).text.replace(" ", "") == TITLE.replace(" ", "")
    assert all(cell.certainty >= 0.8 for table in document.tables() for row in table.rows for cell in row[1:])
    assert document.recognised == {1}


@recognises
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_read_and_its_places_are_those_of_the_page_as_shown(quarters):
    picture = scanned(drawn(printed)).rotate(-90 * quarters, expand=True)
    document = decode(saved(picture))
    assert texts(document) == TEXTS
    place = next(document.tables()).rows[0][0].place
    width, height = PAGE if quarters % 2 == 0 else PAGE[::-1]
    left, top, right, bottom = LEFT, PAGE[1] - TOP, LEFT + WIDTH, PAGE[1] - TOP + HEIGHT
    expected = {
        1: (PAGE[1] - bottom, left, PAGE[1] - top, right),
        2: (width - right, height - bottom, width - left, height - top),
        3: (top, PAGE[0] - right, bottom, PAGE[0] - left),
    }[quarters]
    assert isinstance(place, PageBox)
    assert place.box == pytest.approx(expected, abs=2.5)


@recognises
def test_ink_that_is_no_character_is_never_blank_and_a_number_under_a_stamp_is_in_doubt():
    picture = scanned(drawn(printed))
    pen = ImageDraw.Draw(picture)
    points_to_pixels = DPI / 72

    def cell(row, column):
        x, y = LEFT + column * WIDTH, PAGE[1] - TOP + row * HEIGHT
        return [round(value * points_to_pixels) for value in (x, y, x + WIDTH, y + HEIGHT)]

    left, top, right, bottom = cell(0, 5)  # blank before
    pen.line([left + 40, bottom - 20, left + 60, top + 20, left + 80, bottom - 25, left + 95, top + 25], 90, 5)
    left, top, right, bottom = cell(1, 1)  # 0 before
    pen.line([(left + right) // 2 + 6, top - 20, (left + right) // 2 - 4, bottom + 20], 60, 7)
    rows = next(decode(saved(picture)).tables()).rows
    assert rows[0][5].text
    assert rows[1][1].text != "0" or rows[1][1].certainty < 0.8
    assert rows[1][1].text


@recognises
def test_of_a_pdf_only_the_pages_that_are_pictures_are_recognised():
    picture = ImageReader(scanned(drawn(printed)))
    file = io.BytesIO()
    page = canvas.Canvas(file, pagesize=PAGE)
    printed(page)
    page.showPage()
    page.drawImage(picture, 0, 0, *PAGE)
    page.showPage()
    page.save()
    document = decode(file.getvalue())
    assert texts(document) == TEXTS + TEXTS
    assert document.recognised == {2}
    assert document.warnings == ("page 2 is a picture: read by text recognition",)


@recognises
def test_a_table_pasted_as_a_picture_stands_among_the_text_around_it():
    picture = ImageReader(scanned(drawn(printed)))

    def pasted(page):
        for line in range(5):
            page.drawString(60, 760 - 16 * line, f"The text before the table, of which this is line {line}.")
        page.drawImage(picture, 60, 380, *PAGE)
        page.drawString(60, 340, "The text after it.")

    document = decode(drawn(pasted, (595, 842)))
    kinds = [type(block) for block in document.blocks]
    assert kinds.index(Table) == len(kinds) - 2
    assert [row[1:] for row in texts(document)] == [row[1:] for row in TEXTS]
    assert document.recognised == {1}


@recognises
def test_a_picture_too_large_is_refused_by_its_header():
    header = b"IHDR" + (60_000).to_bytes(4) + (60_000).to_bytes(4) + b"\x08\x00\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + header + zlib.crc32(header).to_bytes(4)
    data = b"IDAT" + zlib.compress(bytes(1000))
    bomb += (len(data) - 4).to_bytes(4) + data + zlib.crc32(data).to_bytes(4)
    with pytest.raises(DamagedDocument, match="100 million pixels"):
        decode(bomb)


@recognises
@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP"])
def test_damaged_pictures_give_a_document_or_a_decode_error(form):
    whole, chance = saved(scanned(drawn(printed), dpi=40), form), random.Random(3)
    for _ in range(12):
        data = bytearray(whole[: chance.choice((len(whole), len(whole) // 2))])
        for _ in range(chance.choice((1, 20, 200))):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        try:
            assert isinstance(decode(bytes(data)), Document)
        except DecodeError as error:
            assert str(error)  # noqa: PT017  # either outcome is right


@recognises
def test_a_picture_without_text_or_of_a_few_pixels_is_an_empty_document():
    for size in ((1, 1), (40, 30), (700, 500)):
        assert decode(saved(Image.new("L", size, 250))).blocks == ()


@recognises
def test_a_digit_unlike_the_others_of_its_name_is_in_doubt():
    import numpy as np

    from extract.decode.scan_digits import Figures, settle

    shape = {digit: np.eye(576)[100 + 7 * int(digit)] for digit in "0123456789"}

    def line(text, drawn_as, second=""):
        shapes = np.array([shape[digit] for digit in drawn_as])
        return Figures(text, second or text, 0.99, shapes, (), 0.1, 0.1, crossed=False)

    others = [line(text, text) for text in ("56", "15", "60", "65", "56", "160", "5", "6")]
    good, wrong, lost, torn = settle([*others, line("5", "5"), line("5", "6"), line("11", "1"), line("5", "6", "6")])[
        -4:
    ]
    assert (good.text, good.certainty) == ("5", 1.0)
    assert wrong.certainty < 0.8
    assert lost.certainty < 0.8
    assert (torn.text, torn.certainty < 0.8) == ("6", True)


@recognises
def test_words_amid_a_column_of_numbers_are_unread_and_marks_and_headings_stay():
    from extract.decode.scan import ReadCell, amid_numbers
    from extract.records import TableCell

    column = ["总计", "12", "0", "专用", "/", "7", "无", "5", "8"]
    place = PageBox(1, (0, 0, 1, 1))
    cells = [ReadCell(place, row, 3, 1, 1, ()) for row in range(len(column))]
    seen = amid_numbers(cells, [TableCell(text, place, 3) for text in column])
    assert [cell.text for cell in seen] == ["总计", "12", "0", "\ufffd", "/", "7", "无", "5", "8"]
    labels = ["1.属于国家秘密", "2.其他", "其他", "4.保护", "5.属于", "6.属于", "7.属于", "8.属于", "总计"]
    named = [TableCell(text, place, 3) for text in labels]
    assert amid_numbers(cells, named) == named


@recognises
def test_a_number_in_a_column_that_few_rows_have_is_in_doubt():
    from extract.decode.scan import ReadCell, odd_ones
    from extract.records import TableCell

    place = PageBox(1, (0, 0, 1, 1))
    cells = [ReadCell(place, row, 3, 1, 2, ()) for row in range(12)] + [ReadCell(place, 7, 4, 1, 1, ())]
    seen = odd_ones(cells, [TableCell("28", place, cell.column, cell.columns) for cell in cells])
    assert [cell.certainty for cell in seen] == [1.0] * 12 + [0.7]


@recognises
def test_a_red_stamp_over_a_table_takes_nothing_from_it():
    picture = scanned(drawn(printed)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.ellipse([250, 200, 560, 420], outline=(225, 40, 50), width=9)
    for x in range(300, 520, 50):
        pen.line([x, 290, x + 40, 330], (225, 40, 50), 8)
    stamped = Image.composite(picture, scanned(drawn(printed)).convert("RGB"), scanned(drawn(printed)))
    assert texts(decode(saved(stamped))) == TEXTS


@recognises
def test_a_scanned_report_of_the_corpus_is_read_whole(corpus):
    import json

    from extract.reading import read

    path = corpus / "made" / "scan200" / "003.pdf"
    truth = json.loads(path.with_name("003.truth.json").read_text("utf-8"))
    report = read(path.read_bytes()).report
    assert report is not None
    assert report.year == truth["year"]
    wrong = [key for key, value in truth["cells"].items() if report.cells[key].value != value]
    assert [key for key in wrong if report.cells[key].value is not None and report.cells[key].confidence >= 0.8] == []
    assert len(wrong) <= 1
