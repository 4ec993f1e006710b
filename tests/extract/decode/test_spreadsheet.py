"""Workbooks, both formats alike: what a person sees in a cell, which cells are a table, and nothing without bound."""

import io
import random
import struct
import zipfile

import pytest

from crawler.sniff import OLE, XLS, XLSX, media_type
from extract.decode import DamagedDocument, DecodeError, EncryptedDocument, decode
from extract.decode.compound_file import read_stream, wrap_stream
from extract.reading import read
from extract.records import GridPlace, Paragraph, Table
from tests.documents import TITLE, Printed
from tests.extract.decode.workbooks import DATE, record, sheet_xml, xls, xls_stream, xlsx


def grid(text, first=0):
    """Cells from lines of words; ``.`` is a cell that is not stored, ``_`` one that is stored blank."""
    cells = {}
    for r, line in enumerate(text.strip("\n").split("\n"), start=first):
        for c, word in enumerate(line.split()):
            if word != ".":
                cells[r, c] = None if word == "_" else float(word) if word.replace(".", "").isdigit() else word
    return cells


def both(cells, merged=()):
    return [xlsx(sheet_xml(cells, merged)), xls((cells, merged))]


def shown(document):
    return [b.text if isinstance(b, Paragraph) else [[c.text for c in row] for row in b.rows] for b in document.blocks]


def one(cells, merged=()):
    """What is shown, which both formats must say alike."""
    first, second = (decode(data) for data in both(cells, merged))
    assert (first.media_type, second.media_type) == (XLSX, XLS)
    assert first.blocks == second.blocks
    return first


REPORT = """
云溪县白石镇2023年年报
。
一、总体情况
信息内容 本年制发件数 现行有效件数
规章 0 12
文件 26.55 .
.
四、复议
结果维持 结果纠正
3 4
云溪县白石镇人民政府
"""


def test_lines_are_paragraphs_and_rows_of_cells_are_tables():
    document = one(grid(REPORT))
    assert shown(document) == [
        "云溪县白石镇2023年年报",
        "。",
        "一、总体情况",
        [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", "12"], ["文件", "26.55", ""]],
        "四、复议",
        [["结果维持", "结果纠正"], ["3", "4"], ["云溪县白石镇人民政府", ""]],
    ]
    blank = next(document.tables()).rows[2][2]
    assert (blank.text, blank.place, blank.column) == ("", GridPlace(0, 5, 2), 2)


def test_merged_cells_are_given_once_with_their_spans():
    cells = grid("甲 . 丙 丁\n. . 3 4\n5 6 7 8")
    document = one(cells, [(0, 0, 1, 1), (2, 2, 2, 90)])
    shape = [[(c.text, c.column, c.columns, c.rows) for c in row] for row in next(document.tables()).rows]
    assert shape == [
        [("甲", 0, 2, 2), ("丙", 2, 1, 1), ("丁", 3, 1, 1)],
        [("3", 2, 1, 1), ("4", 3, 1, 1)],
        [("5", 0, 1, 1), ("6", 1, 1, 1), ("7", 2, 2, 1)],
    ]


def test_a_blank_row_amid_a_table_is_a_row_whether_or_not_it_is_stored():
    for gap in (".", "_ _ _"):
        assert shown(one(grid(f"甲 乙 丙\n{gap}\n1 2 3"))) == [[["甲", "乙", "丙"], ["", "", ""], ["1", "2", "3"]]]


def test_a_blank_row_below_a_table_is_its_row_where_its_cells_are_stored_and_none_is_made_up():
    assert shown(one(grid("甲 乙\n_ _\n三、收到\n丙 丁")))[0] == [["甲", "乙"], ["", ""]]
    assert shown(one(grid("甲 乙\n.\n三、收到\n丙 丁")))[0] == [["甲", "乙"]]
    assert shown(one(grid("甲 乙\n1 2"))) == [[["甲", "乙"], ["1", "2"]]]
    assert shown(one(grid("甲 乙\n_ _"))) == [[["甲", "乙"], ["", ""]]]


def test_a_row_of_blanks_keeps_its_label_and_a_heading_amid_tables_is_a_paragraph():
    assert shown(one(grid("甲 乙\n一、新收 .\n二、结转 3"))) == [[["甲", "乙"], ["一、新收", ""], ["二、结转", "3"]]]
    stored = one(grid("甲 乙\n一、新收 _\n三、收到\n丙 丁\n二、结转 3"))
    assert shown(stored) == [[["甲", "乙"], ["一、新收", ""]], "三、收到", [["丙", "丁"], ["二、结转", "3"]]]
    merged = one(grid("甲 乙\n1 2\n三、收到\n丙 丁"), [(2, 0, 2, 1)])
    assert shown(merged) == [[["甲", "乙"], ["1", "2"]], "三、收到", [["丙", "丁"]]]
    prose = one({**grid("甲 乙\n1 2"), (2, 0): "我镇主动公开信息三十四条。", **grid("丙 丁", first=3)})
    assert [type(block) for block in prose.blocks] == [Table, Paragraph, Table]


def test_numbers_dates_and_errors_say_what_a_person_sees():
    values = [12.0, 26.550000000000001, 0.1 + 0.2, 1e15, "007", "#甲", (" t='b'", "<v>1</v>")]
    values += [(f's="{DATE}"', "<v>45296</v>"), ('t="e"', "<v>#DIV/0!</v>"), ("", "<f>SUM(A1:B1)</f>")]
    values += [('t="str"', "<f>A1</f><v>九</v>"), ('t="e"', "<f>1/0</f><v>#N/A</v>")]
    (row,) = next(decode(xlsx(sheet_xml({(0, c): v for c, v in enumerate(values)}))).tables()).rows
    expected = [
        "12",
        "26.55",
        "0.3",
        "1000000000000000",
        "007",
        "#甲",
        "TRUE",
        "2024年1月5日",
        "#DIV/0!",
        "=SUM(A1:B1)",
        "九",
        "#N/A",
    ]
    assert [cell.text for cell in row] == expected


def test_errors_and_numbers_of_the_older_format():
    formula = struct.pack("<BBBBBBHHIH", 2, 0, 0x07, 0, 0, 0, 0xFFFF, 0, 0, 0)
    rk = struct.pack("<i", (2655 << 2) | 3)  # an integer, divided by 100
    values = ["x", (0x205, b"\x2a\x01"), (0x205, b"\x01\x00"), (0x06, formula), (0x27E, rk)]
    (row,) = next(decode(xls(({(0, c): v for c, v in enumerate(values)}, ()))).tables()).rows
    assert [cell.text for cell in row] == ["x", "#N/A", "TRUE", "#DIV/0!", "26.55"]


def test_what_is_hidden_is_left_out_and_told():
    cells, merged = grid("甲 乙 丙\n1 2 3\n4 5 6\n7 8 9"), ()
    hidden = '<cols><col min="2" max="2" hidden="1"/></cols>'
    other = grid("藏 藏")
    new = decode(xlsx(sheet_xml(other), sheet_xml(cells, (), hidden, [2]), states=["hidden", ""]))
    row, column = struct.pack("<HHHHHHHH", 2, 0, 3, 0, 0, 0, 0x20, 0), struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0)
    in_sheets = record(0x208, row) + record(0x7D, column)
    old = decode(xls((other, ()), (cells, merged), states=[1, 0], in_sheets=in_sheets))
    assert new.blocks == old.blocks
    assert shown(new) == [[["甲", "丙"], ["1", "3"], ["7", "9"]]]
    assert next(new.tables()).rows[2][1].place == GridPlace(1, 3, 2)
    for document in (new, old):
        assert document.warnings == (
            "a hidden sheet was left out: S0",
            "hidden rows or columns of S1 were left out",
        )


def test_several_sheets_follow_each_other():
    document = decode(xls((grid("甲 乙\n1 2"), ()), ({}, ()), (grid("丙 丁"), ())))
    assert [table.rows[0][0].place for table in document.tables()] == [GridPlace(0, 0, 0), GridPlace(2, 0, 0)]
    assert decode(xls(({}, ()))).warnings == ("the document holds no text",)


@pytest.mark.parametrize("name", ["Workbook", "Book"])
def test_both_names_of_the_stream_are_told_by_content(name):
    assert media_type(xls((grid("甲 乙"), ()), name=name)) == XLS
    assert media_type(wrap_stream("Something", b"x")) == OLE


def test_a_whole_report_reads_with_every_number_in_its_place():
    printed = Printed()
    cells = {(0, 0): TITLE}
    for r, (labels, values) in enumerate(printed.rows, start=2):
        start = 3 if labels and values else 0
        cells |= {(r, c): label for c, label in enumerate(labels) if label}
        cells |= {(r, start + c): float(v) if v.isdigit() else v for c, v in enumerate(values)}
    for data in both(cells):
        report = read(data).report
        assert (report.year, report.issuer) == (2023, "云溪县白石镇人民政府")
        assert {key: cell.value for key, cell in report.cells.items()} == printed.values
        for cell in report.cells.values():
            assert cells[cell.place.row, cell.place.column] == cell.value


def test_an_error_or_an_unworked_sum_is_unreadable_and_shifts_nothing():
    printed = Printed()
    cells = {(0, 0): TITLE}
    at = {}
    for r, (labels, values) in enumerate(printed.rows, start=2):
        start = 3 if labels and values else 0
        cells |= {(r, c): label for c, label in enumerate(labels) if label}
        cells |= {(r, start + c): float(v) if v.isdigit() else v for c, v in enumerate(values)}
        at |= {v: (r, start + c) for c, v in enumerate(values)}
    spoiled = {"requests.granted.natural_person": "<v>#DIV/0!</v>", "requests.received_new.total": "<f>SUM(D1:I1)</f>"}
    for key, content in spoiled.items():
        cells[at[str(printed.values[key])]] = ('t="e"' if "<v>" in content else "", content)
    report = read(xlsx(sheet_xml(cells))).report
    assert all(report.cells[key].value is None and report.cells[key].state != "blank" for key in spoiled)
    wrong = {k: c.value for k, c in report.cells.items() if c.value is not None and c.value != printed.values[k]}
    assert not wrong


FAR = {(0, 0): 1.0, (65_535, 255): 1.0}


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (xlsx(sheet_xml({(0, 0): 1.0, (1_048_575, 16_383): 1.0})), DamagedDocument, "17,179,869,184 cells"),
        (xls((FAR, ())), DamagedDocument, "16,777,216 cells"),
        (xlsx(sheet_xml({}), parts={"xl/worksheets/sheet0.xml": "<!DOCTYPE a><a/>"}), DamagedDocument, "entities"),
        (xlsx(sheet_xml({}), parts={"xl/worksheets/sheet0.xml": " " * 101_000_000}), DamagedDocument, "unpacks to"),
        (xlsx(sheet_xml({}), parts={"xl/worksheets/sheet0.xml": "<a"}), DamagedDocument, "cannot be opened"),
        (xlsx(sheet_xml({(0, 0): ("", "<v>1</v>")}).replace('"A1"', '"1A"')), DamagedDocument, "1A"),
        (xls((grid("甲 乙"), ()), more=record(0x2F, b"\0" * 6)), EncryptedDocument, "password"),
        (xls((grid("甲 乙"), ()), more=record(0xFC, struct.pack("<II", 9, 2**31))), DamagedDocument, "texts"),
        (wrap_stream("Workbook", b"\0" * 5000), DamagedDocument, "no sheet"),
        (xls((grid("甲 乙"), ()))[:-512], DamagedDocument, "XLS"),
    ],
)
def test_what_cannot_be_read_says_why(data, error, words):
    with pytest.raises(error, match=words) as caught:
        decode(data)
    assert "\n" not in str(caught.value)


def test_dimensions_that_lie_and_formats_of_whole_columns_take_no_memory():
    stated = record(0x200, struct.pack("<IIHHH", 0, 2**31, 0, 60_000, 0))
    assert shown(decode(xls((grid("甲 乙"), ()), in_sheets=stated))) == [[["甲", "乙"]]]
    far = {**grid("甲 乙"), **{(row, 5): None for row in range(3000)}, (1_048_575, 3): None}
    assert shown(decode(xlsx(sheet_xml(far)))) == [[["甲", "乙"], ["", ""], ["", ""]]]


def test_a_text_that_many_cells_share_is_counted_as_often_as_it_is_named():
    shared = f"<sst xmlns='x'><si><t>{'长' * 30_000}</t></si></sst>"
    cells = {(row, 0): ('t="s"', "<v>0</v>") for row in range(3000)}
    data = xlsx(sheet_xml(cells), parts={"xl/sharedStrings.xml": shared})
    with pytest.raises(DamagedDocument, match="more text"):
        decode(data)


@pytest.mark.parametrize("size", [10, 5000, 600_000, 9_000_000])
def test_a_stream_survives_being_wrapped(size):
    content = random.Random(size).randbytes(size)
    name, found = read_stream(wrap_stream("Workbook", content), "Workbook", "Book")
    assert (name, found[:size]) == ("Workbook", content)
    assert not found[size:].strip(b"\0")


def test_flipped_bytes_give_a_document_or_a_decode_error():
    chance = random.Random(3)
    cells, merged = grid(REPORT), [(0, 0, 0, 2)]
    sheet, stream = sheet_xml(cells, merged), xls_stream((cells, merged))
    for _ in range(300):
        text, flipped = bytearray(sheet.encode()), bytearray(stream)
        for _ in range(chance.choice((1, 3, 20))):
            text[chance.randrange(len(text))] = chance.randrange(256)
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        for data in (xlsx(bytes(text)), wrap_stream("Workbook", bytes(flipped))):
            try:
                decode(data)
            except DecodeError as error:
                assert str(error)  # noqa: PT017  # either outcome is right


def test_parts_that_hold_no_cells_are_not_unpacked():
    data = io.BytesIO(xlsx(sheet_xml(grid("甲 乙"))))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.png", bytes(300_000_000))
    assert shown(decode(data.getvalue())) == [[["甲", "乙"]]]
