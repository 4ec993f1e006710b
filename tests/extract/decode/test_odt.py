"""OpenDocument text and spreadsheets, which the tests write with zipfile."""

import io
import random
import time
import zipfile

import pytest

from crawler.sniff import ODS, ODT, ZIP, media_type
from extract.decode import DamagedDocument, DecodeError, EncryptedDocument, UnsupportedFormat, decode
from extract.decode.odt import decode_odt
from extract.records import GridPlace, Table

SPACES = "office text table style draw meta manifest presentation number"
NAMESPACES = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in SPACES.split())
NAMESPACES += (
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
HIDING = (
    '<style:style style:family="text" style:name="H"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:family="text" style:name="H2" style:parent-style-name="H"/>'
    '<style:style style:family="text" style:name="S" style:parent-style-name="H">'
    '<style:text-properties text:display="true"/></style:style>'
    '<style:style style:family="table" style:name="T"><style:table-properties table:display="false"/></style:style>'
)


def content(body, kind="text", styles=HIDING):
    return (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )


def package(parts, mimetype=ODT):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as members:
        if mimetype:
            members.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, part in parts.items():
            members.writestr(name, part)
    return file.getvalue()


def odt(body, **parts):
    return package({"content.xml": content(body), **{f"{name}.xml": part for name, part in parts.items()}})


def ods(body):
    return package({"content.xml": content(body, "spreadsheet")}, ODS)


def par(text, attributes=""):
    return f"<text:p {attributes}>{text}</text:p>"


def cell(text, attributes=""):
    return f"<table:table-cell {attributes}>{text and par(text)}</table:table-cell>"


def holding(inner):
    return f"<table:table-cell>{inner}</table:table-cell>"


def covered(times=1):
    return f'<table:covered-table-cell table:number-columns-repeated="{times}"/>'


def row(*cells, attributes=""):
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def table(*rows, attributes=""):
    return f"<table:table {attributes}>{''.join(rows)}</table:table>"


def texts(data):
    return [[[c.text for c in r] for r in t.rows] for t in decode_odt(data).tables()]


def shape(data):
    return [[(c.text, c.column, c.columns, c.rows) for c in r] for t in decode_odt(data).tables() for r in t.rows]


def times(count, of="columns"):
    return f'table:number-{of}-repeated="{count}"'


def spans(columns=1, rows=1):
    return f'table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'


def test_paragraphs_and_tables_in_order_with_places():
    listed = f"<text:list><text:list-item>{par('b')}</text:list-item></text:list>"
    heading = "<text:h>a</text:h>"
    document = decode(odt(heading + listed + table(row(cell("c"), cell("1")), row(cell("d"), cell(""))) + par("e")))
    assert document.media_type == ODT
    assert ["T" if isinstance(block, Table) else block.text for block in document.blocks] == ["a", "b", "T", "e"]
    assert document.text == "a\nb\nc\t1\nd\t\ne"
    assert [[c.place for c in r] for t in document.tables() for r in t.rows] == [
        [GridPlace(0, 0, 0), GridPlace(0, 0, 1)],
        [GridPlace(0, 1, 0), GridPlace(0, 1, 1)],
    ]
    assert document.warnings == ()


UNREAD = {
    "note": "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>111</text:p></text:note-body></text:note>",
    "comment": "<office:annotation><text:p>111</text:p></office:annotation>",
    "hidden by style": '<text:span text:style-name="H">111</text:span>',
    "hidden by the style it is based on": '<text:span text:style-name="H2">111</text:span>',
    "hidden by its condition": '<text:hidden-text text:is-hidden="true">111</text:hidden-text>',
    "a picture's description": "<draw:frame><svg:title>111</svg:title><svg:desc>111</svg:desc></draw:frame>",
    "an embedded picture": "<draw:frame><draw:image><office:binary-data>111</office:binary-data></draw:image></draw:frame>",
    "ruby": "<text:ruby><text:ruby-base></text:ruby-base><text:ruby-text>111</text:ruby-text></text:ruby>",
    "script": "<text:script>111</text:script>",
    "XML comment": "<!-- 111 -->",
    "deleted": '<text:change text:change-id="c1"/>',
}


@pytest.mark.parametrize("inside", UNREAD.values(), ids=UNREAD.keys())
def test_what_is_not_printed_is_not_read(inside):
    changes = "<text:tracked-changes><text:changed-region><text:deletion><text:p>111</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    assert texts(odt(changes + table(row(cell("x"), cell(f"2{inside}95"))))) == [[["x", "295"]]]


PRINTED = {
    "span": ("<text:span>29</text:span>5", "295"),
    "shown though based on a hidden style": ('<text:span text:style-name="S">295</text:span>', "295"),
    "link": ("<text:a>295</text:a>", "295"),
    "field": ('<text:expression text:formula="1+1">295</text:expression>', "295"),
    "the document's own title": ("<text:title>295</text:title>", "295"),
    "inserted": ("<text:change-start/>295<text:change-end/>", "295"),
    "not hidden": ('<text:hidden-text text:is-hidden="false">295</text:hidden-text>', "295"),
    "spaces": ('a<text:s/>b<text:s text:c="3"/>c', "a b   c"),
    "white space of the file": ("\n  a \n  b\n", "a b"),
    "tab and line": ("a<text:tab/>b<text:line-break/>c", "a b\nc"),
    "page break of the last printing": ("29<text:soft-page-break/>5", "295"),
    "text box": ("x<draw:frame><draw:text-box><text:p>295</text:p></draw:text-box></draw:frame>y", "xy\n295"),
    "shape": ("<draw:g><draw:custom-shape><text:p>295</text:p></draw:custom-shape></draw:g>", "295"),
}


@pytest.mark.parametrize(("inside", "printed"), PRINTED.values(), ids=PRINTED.keys())
def test_what_is_printed_is_read(inside, printed):
    assert texts(odt(table(row(cell("a"), cell(inside))))) == [[["a", printed]]]


def test_spaces_are_bounded():
    assert len(decode_odt(odt(par('a<text:s text:c="9999999"/>b'))).text) == 102


def test_hidden_sections_and_paragraphs_and_indexes():
    source = "<text:table-of-content-source><text:index-title-template>1</text:index-title-template></text:table-of-content-source>"
    body = (
        f'<text:section text:display="none">{par("1")}</text:section>'
        f'<text:section text:display="condition" text:is-hidden="true">{par("1")}</text:section>'
        f"<text:section>{par('a')}</text:section>"
        f"{par('1<text:hidden-paragraph text:is-hidden=$true$/>'.replace('$', chr(34)))}"
        f"<text:table-of-content>{source}<text:index-body>{par('b')}</text:index-body></text:table-of-content>"
    )
    assert decode_odt(odt(body)).text == "a\nb"


def test_a_hidden_style_of_page_headers_hides_nothing_in_the_body():
    styles = (
        f"<office:document-styles {NAMESPACES}><office:styles><style:style style:family='paragraph' style:name='Gone'>"
        f"<style:text-properties text:display='none'/></style:style></office:styles><office:automatic-styles>"
        f"<style:style style:family='paragraph' style:name='P1'><style:text-properties text:display='none'/></style:style>"
        f"</office:automatic-styles><office:master-styles>{par('header')}</office:master-styles></office:document-styles>"
    )
    body = par("a", 'text:style-name="P1"') + par("1", 'text:style-name="Gone"')
    assert decode_odt(odt(body, styles=styles)).text == "a"


def test_repeated_and_spanned_cells_and_rows():
    data = odt(
        table(
            row(cell("a", spans(2, 2)), covered(), cell("b")),
            row(covered(2), cell("c")),
            row(cell("0", times(3)), attributes=times(2, "rows")),
        )
    )
    assert shape(data) == [
        [("a", 0, 2, 2), ("b", 2, 1, 1)],
        [("c", 2, 1, 1)],
        [("0", 0, 1, 1), ("0", 1, 1, 1), ("0", 2, 1, 1)],
        [("0", 0, 1, 1), ("0", 1, 1, 1), ("0", 2, 1, 1)],
    ]
    (*_, last) = next(decode_odt(data).tables()).rows
    assert last[2].place == GridPlace(0, 3, 2)


def test_covered_cells_that_were_forgotten():
    assert shape(odt(table(row(cell("a", spans(2, 9)), cell("b")), row(cell("c"))))) == [
        [("a", 0, 2, 2), ("b", 2, 1, 1)],
        [("c", 2, 1, 1)],
    ]


def test_header_rows_groups_and_hidden_rows_and_columns():
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    data = odt(
        table(
            columns,
            f"<table:table-header-rows>{row(cell('a'), cell('1'), cell('b'))}</table:table-header-rows>",
            row(cell("1"), cell("1"), cell("1"), attributes='table:visibility="collapse"'),
            f"<table:table-row-group>{row(cell('c'), cell('1'), cell('d'))}</table:table-row-group>",
        )
    )
    assert texts(data) == [[["a", "b"], ["c", "d"]]]
    assert next(decode_odt(data).tables()).rows[1][1].place == GridPlace(0, 2, 2)


@pytest.mark.parametrize("attribute", ["", 'table:is-sub-table="true"'])
def test_a_table_that_contains_a_table_is_layout(attribute):
    inner = table(row(cell("a"), cell("1")), row(cell("b"), cell("")), attributes=attribute)
    document = decode_odt(odt(table(row(cell("side"), holding(par("top") + inner + par("end")))) + inner))
    assert document.text == "side\ntop\na\t1\nb\t\nend\na\t1\nb\t"
    assert [t.rows[1][1].place for t in document.tables()] == [GridPlace(1, 1, 1), GridPlace(2, 1, 1)]


def test_a_small_table_within_a_large_one_does_not_take_it_apart():
    rows = [row(cell(str(n)), cell(str(n + 1))) for n in range(12)]
    (only,) = texts(odt(table(*rows, row(holding(table(row(cell("x")))), cell("295")))))
    assert only[-1] == ["x", "295"]
    assert len(only) == 13


def test_a_text_box_and_its_table_follow_the_paragraph():
    box = f"<draw:frame><draw:text-box>{par('b')}{table(row(cell('c')))}</draw:text-box></draw:frame>"
    assert decode_odt(odt(par(f"a{box}d") + par("e"))).text == "ad\nb\nc\ne"


def test_title_is_the_one_in_the_properties_or_none():
    meta = f"<office:document-meta {NAMESPACES}><office:meta><dc:title>云溪县 2023年报告</dc:title></office:meta></office:document-meta>"
    assert decode_odt(odt(par("x"), meta=meta)).title == "云溪县 2023年报告"
    assert decode_odt(odt(par("x"), meta="<damaged")).title == ""
    assert decode_odt(odt(par("x"))).title == ""


def test_flat_xml_is_read_too():
    meta = "<office:meta><dc:title>云溪县</dc:title></office:meta>"
    flat = content(par("\n   a\n ") + table(row(cell("b"), cell("295")))).replace("document-content", "document")
    flat = flat.replace("<office:document ", f'<office:document office:version="1.3" office:mimetype="{ODT}" ')
    flat = flat.replace("<office:automatic", meta + "<office:automatic")
    document = decode(b'<?xml version="1.0" encoding="UTF-8"?>\n' + flat.encode())
    assert (document.media_type, document.title, document.text) == (ODT, "云溪县", "a\nb\t295")


def test_a_spreadsheet_is_read_up_to_its_last_printed_cell():
    sheet = table(
        row(cell("a"), cell("b"), cell("", times(16382)), attributes=""),
        row(cell("", times(16384)), attributes=times(40000, "rows")),
        row(cell("规章", spans(1, 2)), cell(""), cell("", times(16382))),
        row(covered(), cell("1,234", 'office:value-type="float" office:value="1234"'), cell("", times(16382))),
        row(cell("", times(16384)), attributes=times(1_000_000, "rows")),
    )
    document = decode(ods(table(row(cell("1")), attributes='table:style-name="T"') + sheet))
    assert document.media_type == ODS
    (only,) = document.tables()
    assert [[c.text for c in r] for r in only.rows] == [["a", "b"], ["", ""], ["规章", ""], ["1,234"]]
    assert only.rows[3][0].place == GridPlace(1, 40002, 1)
    assert document.warnings == ()


def test_what_stands_above_the_table_of_a_sheet_are_paragraphs():
    title, blank = row(cell("云溪县报告", spans(3)), covered(2)), row(cell("", times(3)))
    document = decode_odt(ods(table(title, blank, row(cell("a"), cell("1")), row(cell("b"), cell("")))))
    assert document.text == "云溪县报告\na\t1\nb\t"
    assert next(document.tables()).rows[0][0].place == GridPlace(0, 2, 0)
    assert decode_odt(ods(table(title, blank))).text == "云溪县报告"


@pytest.mark.parametrize(
    ("attributes", "printed"),
    [
        ('office:value-type="float" office:value="12.0"', "12"),
        ('office:value-type="string" office:string-value="/"', "/"),
        ('office:value-type="percentage" office:value="0.05"', "\ufffd"),
        ("", ""),
    ],
)
def test_a_value_without_its_text(attributes, printed):
    assert texts(ods(table(row(cell("y"), cell("z")), row(cell("", attributes), cell("x")))))[0][1] == [printed, "x"]


def test_what_is_written_once_for_too_many_is_bounded():
    document = decode_odt(ods(table(row(cell("a", times(2)), attributes=times(5000, "rows")))))
    assert len(next(document.tables()).rows) == 1000
    assert "more than 1000 times" in document.warnings[0]
    with pytest.raises(DamagedDocument, match="more cells"):
        decode_odt(odt(table(row(cell("a", times(999)), attributes=times(999, "rows")))))
    with pytest.raises(DamagedDocument, match="more cells"):
        decode_odt(odt(table(row(cell("long" * 100_000, times(99))))))
    with pytest.raises(DamagedDocument, match="more cells"):
        decode_odt(odt(table(row(cell("", times(9_999_999)), cell("a")))))


MANIFEST = (
    f'<manifest:manifest {NAMESPACES}><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
    "</manifest:file-entry></manifest:manifest>"
)


@pytest.mark.parametrize("name", ["content.xml", "encrypted-package"])
def test_a_password_is_told(name):
    data = package({name: b"\x93\x01", "META-INF/manifest.xml": MANIFEST})
    with pytest.raises(EncryptedDocument, match="password"):
        decode(data)


def test_damage_is_told():
    whole = odt(par("x") * 400)
    for data in (whole[:60], whole[:-40], odt(par("<x")), odt("\n" + par("a\0b")), package({"styles.xml": "<x/>"})):
        with pytest.raises(DamagedDocument, match="save it again") as caught:
            decode_odt(data)
        assert "\n" not in str(caught.value)
    with pytest.raises(DamagedDocument, match="without a body"):
        decode_odt(package({"content.xml": f"<office:document-content {NAMESPACES}/>"}))
    with pytest.raises(DamagedDocument):
        decode_odt(odt("<text:section>" * 400 + "</text:section>" * 400))
    assert decode_odt(odt("")).warnings == ("the document holds no text",)


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY e "111"><!ENTITY f SYSTEM "file:///etc/hostname">]>' + content(par("2&e;&f;5"))
    document = decode_odt(package({"content.xml": bomb}))
    assert document.text == "25"


@pytest.mark.parametrize(
    ("kind", "mimetype", "expected"),
    [
        ("text", ODT, ODT),
        ("text", f"{ODT}-template", ODT),
        ("text", "", ODT),
        ("text", "garbled", ODT),
        ("spreadsheet", ODS, ODS),
        ("spreadsheet", "", ODS),
        ("presentation", ODT.replace("text", "presentation"), ODT.replace("text", "presentation")),
        ("presentation", "", ZIP),
    ],
)
def test_a_zip_is_told_by_its_mimetype_or_its_body(kind, mimetype, expected):
    assert media_type(package({"content.xml": content(par("x"), kind)}, mimetype)) == expected


def test_a_zip_that_only_has_a_member_of_that_name_is_a_zip():
    assert media_type(package({"content.xml": "<x/>"}, "")) == ZIP
    assert media_type(odt(par("x"))[:90]) == ODT  # the first bytes of a file in a folder
    with pytest.raises(UnsupportedFormat, match="presentation is not read yet"):
        decode(package({"content.xml": content("", "presentation")}, ODT.replace("text", "presentation")))


def test_mutated_reports_are_read_or_refused_quickly(corpus):
    chance = random.Random(13)
    paths = sorted(corpus.glob("made/odt/00[0-3].odt"))
    assert paths
    for path in paths:
        with zipfile.ZipFile(path) as members:
            whole = members.read("content.xml")
        for _ in range(10):
            part = bytearray(whole)
            for _ in range(chance.choice((1, 10))):
                part[chance.randrange(len(part))] = chance.randrange(256)
            began = time.process_time()
            for data in (package({"content.xml": bytes(part)}), bytes(part)):
                try:
                    decode_odt(data)
                except DecodeError as error:
                    assert str(error)  # noqa: PT017  # either outcome is right
            assert time.process_time() - began < 5
