import io
import zipfile

import docx
import pytest

from extract.decode.docx import decode_docx
from extract.decode.errors import DamagedDocument
from extract.forms import load_forms
from extract.interpret import interpret
from extract.records import GridPlace, Table

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def package(body, namespace=W, relation=RELATION):
    """A .docx of nothing but a main document."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as members:
        members.writestr("[Content_Types].xml", types)
        members.writestr("_rels/.rels", relations)
        members.writestr(
            "word/document.xml", f'<w:document xmlns:w="{namespace}" {OTHERS}><w:body>{body}</w:body></w:document>'
        )
    return file.getvalue()


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def par(content):
    return f"<w:p>{content}</w:p>"


def cell(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def plain(text, properties=""):
    return cell(par(run(text)), properties)


def row(*cells, properties=""):
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows):
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def sdt(content):
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def texts(data):
    return [[[c.text for c in r] for r in t.rows] for t in decode_docx(data).tables()]


def shape(data):
    return [[(c.text, c.column, c.columns, c.rows) for c in r] for t in decode_docx(data).tables() for r in t.rows]


N = run("295")
BOX = f"<w:txbxContent>{par(N)}</w:txbxContent>"
IN_A_CELL = {
    "content control around a run": par(sdt(N)),
    "content control around a paragraph": sdt(par(N)),
    "accepted insertion": par(f"<w:del><w:r><w:delText>111</w:delText></w:r></w:del><w:ins>{N}</w:ins>"),
    "moved text": par(f"<w:moveFrom>{run('111')}</w:moveFrom><w:moveTo>{N}</w:moveTo>"),
    "sum field": par(f"<w:fldSimple w:instr='=SUM(ABOVE)'>{N}</w:fldSimple>"),
    "field code": par(f"<w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>{N}"),
    "hyperlink": par(f"<w:hyperlink>{N}</w:hyperlink>"),
    "smart tag": par(f"<w:smartTag>{run('29')}</w:smartTag>{run('5')}"),
    "custom XML": par(f"<w:customXml>{N}</w:customXml>"),
    "hidden text": par(run("111", "<w:vanish/>") + N),
    "visible after all": par(run("295", '<w:vanish w:val="0"/>')),
    "text box with its fallback": par(
        f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>"
    ),
}


@pytest.mark.parametrize("content", IN_A_CELL.values(), ids=IN_A_CELL.keys())
@pytest.mark.parametrize("namespace", [W, STRICT], ids=["transitional", "strict"])
def test_a_number_in_any_wrapper_is_read_and_what_is_not_printed_is_not(content, namespace):
    relation = RELATION if namespace == W else "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    data = package(table(row(plain("行政许可"), cell(content))), namespace, relation)
    assert texts(data) == [[["行政许可", "295"]]]


def test_content_controls_around_cells_rows_and_tables():
    expected = [[["行政许可", "295"]]]
    assert texts(package(table(row(plain("行政许可"), sdt(plain("295")))))) == expected
    assert texts(package(table(sdt(row(plain("行政许可"), plain("295")))))) == expected
    assert texts(package(sdt(table(row(plain("行政许可"), plain("295")))))) == expected


def test_deleted_and_hidden_rows_and_cells_are_left_out_but_counted():
    data = package(
        table(
            row(plain("旧"), plain("1"), properties="<w:del/>"),
            row(plain("藏"), plain("2"), properties="<w:hidden/>"),
            row(plain("删", "<w:cellDel/>"), plain("行政许可"), plain("295")),
        )
    )
    (only,) = next(decode_docx(data).tables()).rows
    assert [(c.text, c.place) for c in only] == [("行政许可", GridPlace(0, 2, 1)), ("295", GridPlace(0, 2, 2))]


def test_merged_cells_are_given_once_with_their_spans():
    down = "<w:vMerge/>"
    data = package(
        table(
            row(plain("a", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'), plain("b")),
            row(plain("", f'<w:gridSpan w:val="2"/>{down}'), plain("c")),
            row(plain("", down), plain("d"), plain("e")),
            row(plain("f", '<w:hMerge w:val="restart"/>'), plain("", "<w:hMerge/>"), plain("g")),
            row(plain("h", down), properties='<w:gridBefore w:val="1"/>'),
        )
    )
    assert shape(data) == [
        [("a", 0, 2, 3), ("b", 2, 1, 1)],
        [("c", 2, 1, 1)],
        [("d", 1, 1, 1), ("e", 2, 1, 1)],
        [("f", 0, 2, 1), ("g", 2, 1, 1)],
        [("h", 1, 1, 1)],
    ]


def test_a_cell_beyond_the_columns_that_the_table_has_is_marked():
    columns = "<w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
    data = package(table(columns, row(plain("行政许可"), plain("295"), plain("9"))))
    (only,) = next(decode_docx(data).tables()).rows
    assert [cell.is_outside for cell in only] == [False, False, True]
    licences = interpret(decode_docx(data), load_forms()).cells["disclosure.licensing_decisions"]
    assert (licences.value, licences.reason) == (295, "more is printed beyond the table's last column: 9")
    assert licences.confidence < 0.8
    unsaid = package(table(row(plain("行政许可"), plain("295"), plain("9"))))
    assert not interpret(decode_docx(unsaid), load_forms()).cells


def test_spans_that_make_no_sense_are_one():
    data = package(table(row(plain("a", '<w:gridSpan w:val="x"/>'), plain("b", '<w:gridSpan w:val="0"/>'), plain("c"))))
    assert [c[1:] for c in shape(data)[0]] == [(0, 1, 1), (1, 1, 1), (2, 1, 1)]


def test_order_nested_tables_and_text_boxes():
    inner = table(row(plain("行政许可"), plain("295")))
    data = package(par(run("前")) + table(row(plain("侧"), cell(inner + par("")))) + par(run("后")) + inner)
    document = decode_docx(data)
    assert ["T" if isinstance(b, Table) else b.text for b in document.blocks] == ["前", "侧", "T", "后", "T"]
    assert [t.rows[0][1].place for t in document.tables()] == [GridPlace(1, 0, 1), GridPlace(2, 0, 1)]
    assert document.text == "前\n侧\n行政许可\t295\n后\n行政许可\t295"


def test_a_small_table_within_a_large_one_does_not_take_it_apart():
    trifle = cell(table(row(plain("行政许可"))) + par(""))
    rows = [row(plain(str(n)), plain(str(n + 1))) for n in range(12)]
    (only,) = texts(package(table(*rows, row(trifle, plain("295")))))
    assert only[-1] == ["行政许可", "295"]
    assert len(only) == 13


def test_breaks_tabs_and_symbols_print_something():
    data = package(
        table(
            row(
                cell(par("<w:r><w:t>商业</w:t><w:br/><w:t>企业</w:t></w:r>")),
                cell(par("<w:r><w:sym w:char='221A'/></w:r>")),
            )
        )
    )
    assert texts(data) == [[["商业\n企业", "√"]]]


def test_title_is_the_one_in_the_properties_or_none():
    written = docx.Document()
    written.core_properties.title = "云溪县2023年报告"
    file = io.BytesIO()
    written.save(file)
    assert decode_docx(file.getvalue()).title == "云溪县2023年报告"
    assert decode_docx(package(par(run("正文")))).title == ""


def test_a_document_without_text_says_so():
    assert decode_docx(package("")).warnings == ("the document holds no text",)


@pytest.mark.parametrize("cut", [30, 200, -40])
def test_a_cut_package_is_damaged(cut):
    with pytest.raises(DamagedDocument, match="cannot be opened"):
        decode_docx(package(par(run("正文")))[:cut])


def test_entities_are_not_expanded():
    data = io.BytesIO(package(par(run("ENTITY"))))
    with zipfile.ZipFile(data) as members:
        parts = {name: members.read(name) for name in members.namelist()}
    xml = parts["word/document.xml"].replace(b"ENTITY", b"2&e;5")
    parts["word/document.xml"] = b'<!DOCTYPE x [<!ENTITY e "111">]>' + xml
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w") as members:
        for name, part in parts.items():
            members.writestr(name, part)
    assert "111" not in decode_docx(rewritten.getvalue()).text


def test_every_pitfall_of_the_corpus(corpus):
    paths = [p for p in sorted(corpus.glob("made/docx_pitfalls/*.docx")) if p.stem != "header_table"]
    assert paths
    for path in paths:
        cells = [c.text for t in decode_docx(path.read_bytes()).tables() for r in t.rows for c in r]
        assert "295" in [text.replace("\n", "") for text in cells], path.name
        assert "111" not in cells, path.name
