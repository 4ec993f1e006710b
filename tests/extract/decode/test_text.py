import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.decode.charset import decode_text
from extract.decode.text import decode_plain
from extract.records import Paragraph, Span, Table

FIELDS = (
    "二、主动公开\n\n第二十条\t\t\n规章\t0\t12\n\n行政处罚\t3\n三、收到\n\n"
    "（六）\t不再处理其政府\t0\n信息公开申请\n\t\t 7\xa0\n"
)
CELLS = "二、主动公开\n\t行政许可\n\t295\n\n\t商业\n企业\n\t\n\t0\xa0\n\n\n三、收到\n\t甲\n\t1\n\n"


def read(text):
    return decode_plain(text.encode())


def blocks(document):
    return [
        [[c.text.strip() for c in row] for row in b.rows] if isinstance(b, Table) else b.text for b in document.blocks
    ]


def test_fields_between_tabs_are_cells_and_fragments_stay_between():
    assert blocks(read(FIELDS)) == [
        "二、主动公开",
        [["第二十条", "", ""], ["规章", "0", "12"]],
        [["行政处罚", "3"]],
        "三、收到",
        [["（六）", "不再处理其政府", "0"]],
        "信息公开申请",
        [["", "", "7"]],
    ]


def test_a_cell_a_line():
    assert blocks(read(CELLS)) == [
        "二、主动公开",
        [["行政许可", "295"], ["商业\n企业", "", "0"]],
        "三、收到",
        [["甲", "1"]],
    ]


@pytest.mark.parametrize("text", [FIELDS, CELLS, FIELDS.replace("\n", "\r\n"), CELLS.replace("\n", "\r")])
def test_every_span_is_the_cell_or_holds_the_paragraph(text):
    document = read(text)
    for block in document.blocks:
        pieces = [block] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
        for piece in pieces:
            assert isinstance(piece.place, Span)
            assert piece.text in document.text[piece.place.start : piece.place.end]
            assert isinstance(piece, Paragraph) or piece.column is None


def test_prose_that_begins_with_a_tab_is_no_table():
    assert blocks(read("\t" + "本机关认真贯彻条例。" * 5)) == ["本机关认真贯彻条例。" * 5]


def test_marks_of_bookmarks_are_removed_with_a_warning():
    document = read("[bookmark: _GoBack]（三）狠抓落实\n[bookmark: x]\n")
    assert blocks(document) == ["（三）狠抓落实"]
    assert "bookmark" in document.warnings[0]
    assert document.text.startswith("[bookmark: _GoBack]")


TEXT = "一、总体情况：本机关2023年主动公开政府信息三条，收到申请零件。"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("gbk"), "gb18030"),
        ((TEXT + "㐀𠀀").encode("gb18030"), "gb18030"),
    ],
)
def test_the_bytes_tell_their_encoding(data, encoding):
    decoded = decode_text(data)
    assert decoded.encoding == encoding
    assert decoded.text.startswith(TEXT)
    assert decoded.warnings == ()


def test_damaged_utf8_stays_utf8_and_says_so():
    decoded = decode_text(TEXT[:10].encode() + b"\xff" + TEXT[10:].encode())
    assert decoded.text == f"{TEXT[:10]}\ufffd{TEXT[10:]}"
    assert decoded.encoding == "utf-8"
    assert "damaged" in decoded.warnings[0]


@given(st.integers(1, 2))
def test_a_cut_last_character_does_not_turn_utf8_into_gibberish(lost):
    decoded = decode_text("规章".encode()[:-lost])
    assert (decoded.text, decoded.encoding) == ("规", "utf-8")
    assert "cut off" in decoded.warnings[0]


def test_damaged_gb18030_says_so():
    decoded = decode_text(TEXT.encode("gbk")[:-1] + b"\xff\xff")
    assert decoded.encoding == "gb18030"
    assert "damaged" in decoded.warnings[0]


def test_the_renditions_of_the_corpus_hold_all_numbers(corpus):
    import json

    paths = sorted(corpus.glob("made/text_*/*.txt"))
    assert paths
    for path in paths:
        truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text(encoding="utf-8"))["cells"]
        printed = [c.text.strip() for t in decode_plain(path.read_bytes()).tables() for row in t.rows for c in row]
        numbers = [float(text.replace(",", "")) for text in printed if text.replace(",", "").replace(".", "").isdigit()]
        assert numbers == [float(value) for value in truth.values() if value is not None], path.name
