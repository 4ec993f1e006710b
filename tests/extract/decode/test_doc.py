"""Word binary files: each feature in a file built here, and those of the corpus where it is."""

import io
import random
import time
from struct import pack

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sniff import DOC, DOCX, OLE, RTF, XLS, media_type
from extract.decode import decode
from extract.decode.doc import decode_doc
from extract.decode.docx import decode_docx
from extract.decode.errors import DamagedDocument, DecodeError, EncryptedDocument, UnsupportedFormat
from extract.reading import read_file
from extract.records import Document, GridPlace, Table
from tests.extract.decode import doc_builder as word
from tests.extract.decode.doc_builder import DELETED, HIDDEN, build, line, row

FIRST, MERGED, DOWN, DOWN_FIRST = 1, 2, 1 << 5, 3 << 5


def texts(data):
    return [[[c.text for c in r] for r in t.rows] for t in decode(data).tables()]


def shape(data):
    return [[(c.text, c.column, c.columns, c.rows) for c in r] for t in decode(data).tables() for r in t.rows]


def paragraphs(data):
    return [p.text for p in decode(data).paragraphs()]


def text_of(data):
    return decode(data).text


def test_paragraphs_and_a_table_in_order():
    document = decode(build([line("前文"), *row("行政许可", "295"), *row("行政处罚", "7"), line("后文")]))
    assert document.media_type == DOC
    assert ["T" if isinstance(b, Table) else b.text for b in document.blocks] == ["前文", "T", "后文"]
    (table,) = document.tables()
    assert [[c.text for c in r] for r in table.rows] == [["行政许可", "295"], ["行政处罚", "7"]]
    assert table.rows[1][1].place == GridPlace(0, 1, 1)
    assert document.text == "前文\n行政许可\t295\n行政处罚\t7\n后文"
    assert document.warnings == ()


def test_pieces_of_one_byte_and_of_two_are_joined():
    lines = [line("Annual “report”"), line("Report 2023"), *row("行政许可", "295"), line("€ and text")]
    for compressed in (False, True):
        assert text_of(build(lines, compressed=compressed)) == "Annual “report”\nReport 2023\n行政许可\t295\n€ and text"


N = "295"
IN_A_CELL = {
    "tracked deletion": [line(("111", DELETED), N)],
    "deletion amid digits": [line("2", ("30,000", DELETED), "95")],
    "tracked insertion": [line((N, word.INSERTED))],
    "hidden text": [line(("111", HIDDEN), N)],
    "visible after all": [line((N, b"\x3c\x08\x00"))],
    "deleted paragraph": [line(("111", DELETED), mark_look=DELETED), line(N)],
    "paragraphs made one": [line("2", mark_look=DELETED), line("95")],
    "sum field": [line("\x13 =SUM(ABOVE) \x14", N, "\x15")],
    "field within a field's code": [line("\x13 IF \x13 PAGE \x14111\x15 = 1 \x14", N, "\x15")],
    "field within a field's result": [line("\x13 A 1 \x142\x13 B 1 \x1495\x15\x15")],
    "field without a result": [line("\x13 XE 111 \x15", N)],
    "a result that never ends": [line("\x13 HYPERLINK 111 \x14", N)],
    "anchors, notes and pictures": [line("\x08\x02\x05\x01", N)],
    "soft hyphen": [line("2\x1f95")],
    "white space": [line("\xa0 ", N, "\u3000")],
    "a symbol's place without a symbol": [line((N, b"\x55\x08\x01"))],
}


@pytest.mark.parametrize("content", IN_A_CELL.values(), ids=IN_A_CELL.keys())
def test_what_is_printed_is_read_and_nothing_else(content):
    document = decode(build([*row("行政许可", content), line("")]))
    assert [[c.text for c in r] for t in document.tables() for r in t.rows] == [["行政许可", N]]
    assert document.warnings == ()


def test_breaks_hyphens_symbols_and_characters_beyond_the_first_plane():
    data = build(
        [*row([line("商业\x0b企业\t一"), line("二")], [line("12\x1e3")], [line(word.symbol("√"))], "𠀀"), line("")]
    )
    assert texts(data) == [[["商业\n企业 一\n二", "12-3", "√", "𠀀"]]]


def test_half_a_character_is_marked_and_can_be_stored():
    data = build([line("前\x01X")]).replace("前\x01X".encode("utf-16-le"), "前".encode("utf-16-le") + b"\x00\xd8X\x00")
    assert text_of(data) == "前\ufffdX"


def test_a_page_break_ends_a_paragraph_and_no_cell():
    data = build([line("一\x0c二"), *row([line("三\x0c四")], "5"), line("")])
    assert paragraphs(data) == ["一", "二"]
    assert texts(data) == [[["三\n四", "5"]]]


@pytest.mark.parametrize("code", ["EQ \\o\\ac(○,1)", "SYMBOL 82 \\f Wingdings", "MACROBUTTON x 295", "FORMDROPDOWN"])
def test_a_field_whose_code_is_printed_is_not_blank(code):
    assert texts(build([*row("行政许可", [line(f"\x13 {code} \x15")]), line("")])) == [[["行政许可", "\ufffd"]]]


def test_a_cell_that_holds_only_a_picture_is_not_blank():
    data = build([line("图\x01"), *row("行政许可", [line("\x01")], ""), line("")])
    assert texts(data) == [[["行政许可", "\ufffd", ""]]]
    assert paragraphs(data) == ["图"]


def test_a_field_that_never_ends_swallows_nothing():
    document = decode(build([*row("行政许可", [line("\x13 7")], "295"), line("")]))
    assert document.text == "行政许可\t7\t295"
    assert document.warnings == ("a field has no end: its code may stand in the text",)


def test_a_contents_field_over_paragraphs_is_its_result():
    data = build([line("\x13 TOC \\o \x14一、总体情况"), line("二、主动公开"), line("\x15后")])
    assert paragraphs(data) == ["一、总体情况", "二、主动公开", "后"]


def test_styles_that_hide():
    styles = word.style_sheet((1, 0xFFF, b""), (1, 0, HIDDEN), (1, 1, b""), (2, 0xFFF, HIDDEN))
    by_character = b"\x30\x4a\x03\x00"
    data = build(
        [
            line("见", ("藏", by_character), ("仍见", by_character + b"\x3c\x08\x00")),
            line("藏", ("现", word.NOT_AS_STYLE), ("同", word.AS_STYLE), style=1, mark_look=b"\x3c\x08\x00"),
            line("继承", style=2),
            line("末"),
        ],
        styles=styles,
    )
    assert paragraphs(data) == ["见仍见", "现", "末"]


def test_what_a_piece_says_holds_for_all_of_it():
    deleted, hidden, insert = 0x41 << 1 | 1 << 8, 0x5C << 1 | 1 << 8, 1
    data = build(
        [line("删"), line("藏"), line("群"), line("留")],
        piece_modifiers=[deleted, hidden, insert],
        groups=[DELETED],
    )
    assert paragraphs(data) == ["留"]


def test_struck_rows_are_left_out_but_counted():
    gone = [line(("111", DELETED))]
    data = build(
        [
            *row([line(("旧", DELETED))], gone, struck=DELETED),
            *row([line(("藏", HIDDEN))], [line(("2", HIDDEN))], struck=HIDDEN),
            *row("仍在", [line(("1", DELETED))], struck=DELETED),
            *row("行政许可", "295"),
            line(""),
        ]
    )
    (table,) = decode(data).tables()
    assert [(c.text, c.place.row) for r in table.rows for c in r] == [
        ("仍在", 2),
        ("", 2),
        ("行政许可", 3),
        ("295", 3),
    ]


def test_rows_with_different_edges_stand_on_one_grid():
    data = build(
        [
            *row("标题", edges=[-108, 6000]),
            *row("甲", "1", "2", edges=[-108, 2000, 4000, 6000]),
            *row("乙", "3", edges=[-108, 3000, 6000]),
            *row("丙", "4", "5", edges=[-100, 2012, 3990, 6001]),  # as WPS draws: nearly the same edges
            *row("丁", "6", edges=[2000, 4000, 6000]),
            line(""),
        ]
    )
    assert shape(data) == [
        [("标题", 0, 4, 1)],
        [("甲", 0, 1, 1), ("1", 1, 2, 1), ("2", 3, 1, 1)],
        [("乙", 0, 2, 1), ("3", 2, 2, 1)],
        [("丙", 0, 1, 1), ("4", 1, 2, 1), ("5", 3, 1, 1)],
        [("丁", 1, 2, 1), ("6", 3, 1, 1)],
    ]


def test_narrow_columns_are_not_made_one():
    data = build([*row("a", "b", "c", edges=[0, 20, 40, 3000]), *row("d", "e", edges=[0, 40, 3000]), line("")])
    assert shape(data) == [[("a", 0, 1, 1), ("b", 1, 1, 1), ("c", 2, 1, 1)], [("d", 0, 2, 1), ("e", 2, 1, 1)]]


@pytest.mark.parametrize(("first", "merged"), [(1, 2), (3, 2), (2, 1)], ids=["Word 97's bits", "both", "MS-DOC's bits"])
def test_cells_merged_across(first, merged):
    data = build([*row("a", "", "b", "c", "", flags=[first, merged, 0, first, merged]), line("")])
    assert shape(data) == [[("a", 0, 2, 1), ("b", 2, 1, 1), ("c", 3, 2, 1)]]
    beside = build([*row("a", "", "b", "", flags=[first, merged, first, merged]), line("")])
    assert shape(beside) == [[("a", 0, 2, 1), ("b", 2, 2, 1)]]


def test_cells_merged_down_are_given_once():
    data = build(
        [
            *row("a", "b", flags=[DOWN_FIRST, 0]),
            *row("", "c", flags=[DOWN, 0]),
            *row("", "d", flags=[DOWN, DOWN_FIRST]),
            *row("e", "", flags=[0, DOWN]),
            *row("f", "g", flags=[DOWN, 0]),
            line(""),
        ]
    )
    assert shape(data) == [
        [("a", 0, 1, 3), ("b", 1, 1, 1)],
        [("c", 1, 1, 1)],
        [("d", 1, 1, 2)],
        [("e", 0, 1, 1)],
        [("f", 0, 1, 1), ("g", 1, 1, 1)],
    ]


def test_cells_merged_across_and_down():
    data = build(
        [
            *row("a", "b", "", "c", flags=[0, FIRST | DOWN_FIRST, MERGED | DOWN_FIRST, 0]),
            *row("d", "", "", "e", flags=[0, FIRST | DOWN, MERGED | DOWN, 0]),
            line(""),
        ]
    )
    assert shape(data) == [[("a", 0, 1, 1), ("b", 1, 2, 2), ("c", 3, 1, 1)], [("d", 0, 1, 1), ("e", 3, 1, 1)]]


def test_a_cell_without_width_does_not_continue_the_one_beside_it():
    data = build([*row("a", "b", "c", edges=[0, 0, 0, 1000], flags=[DOWN_FIRST, DOWN, DOWN]), line("")])
    assert [[c[0] for c in r] for r in shape(data)] == [["a", "b", "c"]]


def test_text_that_merging_covers_is_left_out_with_a_warning():
    document = decode(build([*row("a", "7", "b", flags=[FIRST, MERGED, 0]), line("")]))
    assert document.text == "a\tb"
    assert document.warnings == ("text in cells that others are merged over is not printed, and was left out",)


def test_modifiers_that_change_a_row_after_it_is_defined():
    insert = b"\x21\x76" + pack("<BBh", 1, 2, 500)
    delete = b"\x22\x56\x00\x01"
    wider = b"\x23\x76" + pack("<BBh", 0, 1, 2000)
    merge, split = b"\x24\x56\x00\x02", b"\x25\x56\x00\x02"
    down = b"\x2b\xd6\x02\x00\x03"
    data = build(
        [
            *row("a", "b", "c", shape=word.define([0, 1000]) + insert),
            *row("d", "e", "f", shape=word.define([0, 100, 1000, 1500, 2000]) + delete),
            *row("g", "h", shape=word.define([0, 1000, 1500]) + wider),
            *row("i", "", "j", shape=word.define([0, 1000, 1500, 2000]) + merge),
            *row("k", "l", "m", shape=word.define([0, 1000, 1500, 2000]) + merge + split + down),
            *row("", "n", "o", edges=[0, 1000, 1500, 2000], flags=[DOWN]),
            *row("p", shape=b"\x21\x76" + pack("<BBh", 0, 1, 1000)),
            line(""),
        ]
    )
    # Edges: 0, 900, 1000, 1400, 1500, 1900 (of the row that lost its first cell), 2000 and 2500 where it is wider.
    assert [[c[0] for c in r] for r in shape(data)] == [
        ["a", "b", "c"],
        ["d", "e", "f"],
        ["g", "h"],
        ["i", "j"],
        ["k", "l", "m"],
        ["n", "o"],
        ["p"],
    ]
    assert shape(data)[4][0] == ("k", 0, 2, 2)
    assert [c[1] for c in shape(data)[0]] == [c[1] for c in shape(data)[4]]
    assert shape(data)[3][0][1:3] == (0, 4)
    assert shape(data)[6][0][1:3] == (0, 2)


def test_formatting_kept_in_the_data_stream():
    kept = word.define([0, 1000, 5000])
    other = word.in_tables(1) + word.ROW_END + kept
    data = b"\0" * 8 + pack("<H", len(kept)) + kept + pack("<H", len(other)) + other
    properties = b"\x6b\x64" + pack("<I", 8)
    huge = b"\x46\x66" + pack("<I", 10 + len(kept))
    lines = [*row("a", "b", shape=properties), *row("c", "d")[:-1], line(mark="\x07", format=huge), line("")]
    assert shape(build(lines, data=data)) == [[("a", 0, 1, 1), ("b", 1, 1, 1)], [("c", 0, 1, 1), ("d", 1, 1, 1)]]
    without = decode(build(row("a", "b", shape=properties)))
    assert [c.column for t in without.tables() for r in t.rows for c in r] == [None, None]
    assert "formatting of a table that is kept elsewhere in the file is not there" in without.warnings


@pytest.mark.parametrize("edges", [[0, 1000], [0, 1000, 2000, 3000]])
def test_a_row_that_does_not_fit_its_definition_has_no_columns(edges):
    document = decode(build([*row("a", "b"), *row("c", "d", edges=edges), line("")]))
    assert [[c.column for c in r] for t in document.tables() for r in t.rows] == [[0, 1], [None, None]]
    assert document.warnings == (
        "a row has more or fewer cells than its formatting says: where they stand is not known",
    )


def test_a_table_that_ends_within_a_row_keeps_its_cells():
    document = decode(build([*row("a", "b"), *row("c", "295")[:-1], line("后")]))
    assert document.text == "a\tb\nc\t295\n后"
    assert "a table ends within a row: where the cells of that row stand is not known" in document.warnings


def test_a_table_whose_formatting_is_lost_in_part_has_no_columns():
    lost = [line("c", mark="\x07"), *row("d")]
    document = decode(build([*row("a", "b"), *lost, line("间"), *row("e", "f"), line("")]))
    assert document.text == "a\tb\nc\td\n间\ne\tf"
    columns = [[[c.column for c in r] for r in t.rows] for t in document.tables()]
    assert columns == [[[None, None], [None, None]], [[0, 1]]]
    assert document.warnings == ("a cell's mark stands outside every table: the columns of its table are not known",)


def inner(*rows):
    return [each for cells in rows for each in row(*cells, depth=2)]


def test_a_table_that_holds_a_table_is_layout():
    held = inner(["行政许可", "295"], ["行政处罚", "7"])
    lines = [*row([line("版"), *held, line("式")], "侧"), line("间"), *row("甲", "乙"), line("")]
    document = decode(build(lines))
    assert ["T" if isinstance(b, Table) else b.text for b in document.blocks] == ["版", "T", "式", "侧", "间", "T"]
    assert [t.rows[0][1].place for t in document.tables()] == [GridPlace(1, 0, 1), GridPlace(2, 0, 1)]
    assert shape(build(lines))[1] == [("行政处罚", 0, 1, 1), ("7", 1, 1, 1)]


def test_a_small_table_within_a_large_one_does_not_take_it_apart():
    rows = [each for n in range(12) for each in row(str(n), str(n + 1))]
    data = build([*rows, *row([*inner(["行政", "许可"]), line("")], "295"), line("")])
    (only,) = texts(data)
    assert only[-1] == ["行政\n许可", "295"]
    assert len(only) == 13


def test_a_table_three_deep():
    third = row("深", "3", depth=3)
    data = build([*row([*row([*third, line("", format=word.in_tables(2))], depth=2), line("")]), line("尾")])
    assert texts(data) == [[["深", "3"]]]
    assert paragraphs(data) == ["尾"]


def test_text_boxes_follow_the_paragraph_or_stand_in_the_cell_that_anchors_them():
    boxes = [
        (1, [line("框中"), *row("行政处罚", "7"), line("")]),
        (2, [line("295")]),
        (3, [line("已删")]),
        (4, [line("旧物")], True),
        (5, [line("组中")]),
    ]
    data = build(
        [line("正文\x08后"), line("末段"), *row("行政许可", [line("\x08")]), line(("\x08", DELETED)), line("")],
        boxes=[*(each for box in boxes for each in box[1]), line("")],
        parts=word.hang([(2, 1), (13, 2), (16, 3), (0, 4)], boxes),
    )
    document = decode(data)
    assert document.text == "正文后\n框中\n行政处罚\t7\n末段\n行政许可\t295\n组中"
    assert document.warnings == ("text boxes stand after everything else: where in the text they belong is not known",)


def test_the_anchor_of_a_text_box_in_a_field_is_one_and_one_beyond_the_body_is_none():
    boxes = [(1, [line("框\x08")]), (2, [line("深")])]
    lines = [line("\x13 SHAPE \x08\x14\x01\x15末")]
    every = [*(each for box in boxes for each in box[1]), line("")]
    assert (
        text_of(build(lines, boxes=every, parts=word.hang([(8, 1), (len(lines[0].text) + 1, 2)], boxes)))
        == "末\n框\n深"
    )


def test_text_boxes_without_tables_come_last_and_footnotes_do_not():
    data = build(
        [line("正文\x08"), line("末段")],
        footnotes=[line("脚注 999")],
        boxes=[line("框中"), *row("行政许可", "295"), line("")],
    )
    document = decode(data)
    assert document.text == "正文\n末段\n框中\n行政许可\t295"
    assert document.warnings == ("text boxes stand after everything else: where in the text they belong is not known",)


@pytest.mark.parametrize(
    ("code_page", "encoding"), [(936, "gbk"), (65001, "utf-8"), (1200, "utf-16-le"), (54936, "gb18030")]
)
def test_the_title_in_its_code_page(code_page, encoding):
    title = "云溪县2023年报告"
    assert decode(build([line("正文")], summary=word.summary(title, code_page, encoding))).title == title


def test_no_title_and_one_that_cannot_be_read():
    assert decode(build([line("正文")])).title == ""
    assert decode(build([line("正文")], summary=b"\xff" * 200)).title == ""
    assert decode(build([line("正文")], summary=word.summary("plain", 9999, "ascii"))).title == "plain"


def test_a_document_without_text_says_so():
    assert decode(build([line("")])).warnings == ("the document holds no text",)


REFUSED = {
    "encrypted": (build([line("x")], flags=0x0100), EncryptedDocument, "password"),
    "Word 95": (build([line("x")], magic=0xA5DC, version=104), UnsupportedFormat, "Word 95"),
    "Word 95's version": (build([line("x")], version=101), UnsupportedFormat, "save it as .docx"),
    "no Word header": (build([line("x")], magic=0x4D42), DamagedDocument, "header"),
    "no table stream": (build([line("x")], table="2Table"), DamagedDocument, "no stream"),
    "no piece table": (build([line("x")], parts={33: b""}), DamagedDocument, "no pieces"),
    "pieces in disorder": (
        build([line("x")], parts={33: b"\x02" + pack("<IIIIHIHHIH", 28, 0, 9, 3, *[0] * 6)}),
        DamagedDocument,
        "order",
    ),
    "endless pieces": (
        build([line("x")], parts={33: b"\x02" + pack("<IIIHIH", 16, 0, 2**31, 0, 1 << 30, 0)}),
        DamagedDocument,
        "more text",
    ),
    "pieces over the same bytes": (
        build(
            [line("x")],
            parts={
                33: b"\x02"
                + pack("<I", 12 * 900 + 4)
                + pack("<901I", *range(0, 901 * 1000, 1000))
                + pack("<HIH", 0, 1 << 30, 0) * 900
            },
        ),
        DamagedDocument,
        "more text",
    ),
    "text beyond the end": (
        build([line("x")], parts={33: b"\x02" + pack("<IIIHIH", 16, 0, 2, 0, 1 << 29, 0)}),
        DamagedDocument,
        "beyond",
    ),
    "formatting beyond the end": (
        build([line("x")], parts={13: pack("<III", 0, 1 << 20, 1 << 20)}),
        DamagedDocument,
        "formatting",
    ),
    "tables nested without end": (
        build([line("x", format=word.in_tables(1 << 30))]),
        DamagedDocument,
        "nested",
    ),
    "paragraphs without end": (build([line("\r" * 100_001)]), DamagedDocument, "more paragraphs"),
    "formatting without end": (
        build(
            [line("x", format=b"\x46\x66" + pack("<I", 2 * i)) for i in range(300)],
            data=b"\xff\xff" * 40_000,
        ),
        DamagedDocument,
        "more formatting",
    ),
    "cut off": (build([line("x")])[:4000], DamagedDocument, "cannot be opened"),
    "a sector table beyond the file": (
        build([line("x")])[:44] + b"\xff\xff\xff\x7f" + build([line("x")])[48:],
        DamagedDocument,
        "larger than the file",
    ),
}


@pytest.mark.parametrize(("data", "error", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_in_one_line_that_says_what_to_do(data, error, words):
    with pytest.raises(error, match=words) as caught:
        decode_doc(data)
    assert "\n" not in str(caught.value)


def test_streams_tell_what_an_ole_file_is():
    streams = {"Workbook": b"", "Other": b""}
    excel = bytes.fromhex("2008020000000000c000000000000046")
    assert media_type(build([line("Workbook and Book")])) == DOC
    assert media_type(word.container(streams)) == XLS
    assert media_type(word.container({"Book": b""})) == XLS
    assert media_type(word.container({"Something": "WordDocument".encode("utf-16-le")})) == OLE
    assert media_type(word.container({"WordDocument": b"", "Workbook": b""})) == DOC
    assert media_type(word.container({"WordDocument": b"", "Workbook": b""}, excel)) == XLS


def test_other_ole_files_are_not_read_yet():
    with pytest.raises(UnsupportedFormat, match="not read yet"):
        decode(word.container({"Quill96": b""}))


HTML = "<html xmlns:w='urn:schemas-microsoft-com:office:word'><body><p>年报</p></body></html>"
MHT = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    f"--x\nContent-Type: text/html; charset=utf-8\n\n{HTML}\n--x--\n"
)


def a_docx():
    file = io.BytesIO()
    written = docx.Document()
    written.add_paragraph("年报")
    written.save(file)
    return file.getvalue()


NAMED_DOC = {
    "HTML": (HTML.encode(), "text/html"),
    "MHT": (MHT.encode(), "multipart/related"),
    "DOCX": (a_docx(), DOCX),
    "DOC": (build([line("年报")]), DOC),
}


@pytest.mark.parametrize(("data", "kind"), NAMED_DOC.values(), ids=NAMED_DOC.keys())
def test_what_is_named_doc_is_read_as_what_it_is(data, kind, tmp_path):
    path = tmp_path / "年报.doc"
    path.write_bytes(data)
    reading = read_file(path)
    assert (reading.media_type, reading.text.split(), reading.error) == (kind, ["年报"], "")


def test_rtf_named_doc_is_told_as_rtf(tmp_path):
    path = tmp_path / "年报.doc"
    path.write_bytes(b"{\\rtf1 x}")
    assert read_file(path).media_type == RTF


EVERYTHING = build(
    [
        line("前文", ("删", DELETED), "\x13 PAGE \x14", "1\x15", style=1),
        *row("a", "", "b", flags=[FIRST, MERGED, DOWN_FIRST]),
        *row([line("c"), *inner(["d", "e"]), line("")], "f", "", flags=[0, 0, DOWN]),
        line("text"),
    ],
    boxes=[line("框"), *row("g", "295"), line("")],
    parts=word.hang([(1, 1)], [(1, [line("框"), *row("g", "295")])]),
    compressed=True,
    styles=word.style_sheet((1, 0xFFF, b""), (1, 0, b"\x3c\x08\x00")),
    summary=word.summary("题"),
    data=bytes(64),
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_flipped_bytes_give_a_document_or_a_decode_error(draw):
    data = bytearray(EVERYTHING)
    for _ in range(draw.draw(st.integers(1, 12))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at] = draw.draw(st.sampled_from([0, 1, 0x7F, 0xFF]) | st.integers(0, 255))
    data = data[: draw.draw(st.sampled_from([len(data)] * 9 + [len(data) // 2]))]
    try:
        document = decode_doc(bytes(data))
    except DecodeError as error:
        assert str(error)  # noqa: PT017  # either outcome is right
    else:
        assert isinstance(document, Document)
        document.text.encode()


def test_every_table_of_the_corpus_is_that_of_the_docx_it_was_made_from(corpus):
    paths = sorted(corpus.glob("made/doc/*.doc"))
    assert paths
    for path in paths:
        made_from = decode_docx(corpus.joinpath("made", "docx", f"{path.stem}.docx").read_bytes())
        expected = [[[c.text for c in r] for r in t.rows] for t in made_from.tables()]
        document = decode_doc(path.read_bytes())
        assert [[[c.text for c in r] for r in t.rows] for t in document.tables()] == expected, path.name
        assert all(c.column is not None for t in document.tables() for r in t.rows for c in r), path.name
        assert document.warnings == (), path.name


def test_damaged_files_of_the_corpus_are_told_quickly(corpus):
    chance, paths = random.Random(11), sorted(corpus.glob("made/doc/*.doc"))
    assert paths
    for path in paths:
        whole = path.read_bytes()
        for _ in range(20):
            data = bytearray(whole)
            for _ in range(chance.choice((1, 10, 200))):
                data[chance.randrange(len(data))] = chance.choice((0, 255, chance.randrange(256)))
            started = time.monotonic()
            try:
                decode(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))
            except DecodeError as error:
                assert str(error)  # noqa: PT017  # either outcome is right
            assert time.monotonic() - started < 5
