import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.decode import DamagedDocument, DecodeError, EncryptedDocument, decode
from extract.decode.ofd import decode_ofd
from extract.records import Document, Table

NAMESPACE = 'xmlns:o="http://www.ofdspec.org/2016"'
MM = 72 / 25.4


def text(words, x, y, *, size=4.0, more="", code=""):
    step = f'DeltaX="g {len(words) - 1} {size / 2}"' if len(words) > 1 and not code else code
    return (
        f'<o:TextObject ID="9" Boundary="{x} {y} 50 {size}" Font="2" Size="{size}" {more}>'
        f'<o:TextCode X="0" Y="{size * 0.88}" {step}>{words}</o:TextCode></o:TextObject>'
    )


def path(data, x=0, y=0, more=""):
    return (
        f'<o:PathObject ID="8" Boundary="{x} {y} 200 200" {more}>'
        f"<o:AbbreviatedData>{data}</o:AbbreviatedData></o:PathObject>"
    )


def grid(left=20, top=30, rows=2, columns=3, width=20, height=10):
    across = "".join(
        f"M {left} {top + r * height} L {left + columns * width} {top + r * height} " for r in range(rows + 1)
    )
    down = "".join(
        f"M {left + c * width} {top} L {left + c * width} {top + rows * height} " for c in range(columns + 1)
    )
    return path(across + down)


def numbers(left=20, top=30, rows=2, columns=3):
    return "".join(
        text(f"{r + 1}{c}", left + 20 * c + 3, top + 10 * r + 3) for r in range(rows) for c in range(columns)
    )


NUMBERS = [["10", "11", "12"], ["20", "21", "22"]]


def content(*objects, area="", extra=""):
    return (
        f'<o:Page {NAMESPACE}>{extra}{area}<o:Content><o:Layer ID="1">{"".join(objects)}</o:Layer></o:Content></o:Page>'
    )


def ofd(*pages, shared="", after="", members=(), bodies=1, root="/Doc_0/Document.xml", title=""):
    """An OFD of these pages (whole XML); ``members`` adds or replaces parts."""
    listed = "".join(f'<o:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    body = f"<o:DocBody><o:DocInfo><o:Title>{title}</o:Title></o:DocInfo><o:DocRoot>{root}</o:DocRoot></o:DocBody>"
    parts = {
        "OFD.xml": f"<o:OFD {NAMESPACE}>{body * bodies}</o:OFD>",
        "Doc_0/Document.xml": f"<o:Document {NAMESPACE}><o:CommonData><o:PageArea><o:PhysicalBox>0 0 210 297"
        f"</o:PhysicalBox></o:PageArea>{shared}</o:CommonData><o:Pages>{listed}</o:Pages>{after}</o:Document>",
        **{f"Doc_0/Pages/Page_{i}/Content.xml": page for i, page in enumerate(pages)},
        **dict(members),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def tables(document):
    return [[[cell.text for cell in row] for row in table.rows] for table in document.tables()]


def lines(document):
    return document.text.splitlines()


def test_headings_and_tables_come_in_order_with_their_places_in_points():
    document = decode(
        ofd(content(text("二、", 20, 15), grid(), numbers()), content(text("三、", 20, 15)), title="年报")
    )
    assert document.media_type == "application/ofd"
    assert document.title == "年报"
    assert [b if isinstance(b, Table) else b.text for b in document.blocks][::2] == ["二、", "三、"]
    assert tables(document) == [NUMBERS]
    place = next(document.tables()).rows[1][2].place
    assert place.page == 1
    assert place.box == pytest.approx([value * MM for value in (60, 40, 80, 50)], abs=0.2)
    assert document.warnings == ()


@pytest.mark.parametrize(
    "root", ["/Doc_0/Document.xml", "Doc_0/Document.xml", "./Doc_0/Document.xml", "Doc_0\\Document.xml"]
)
def test_parts_are_found_by_any_path_and_prefix(root):
    page = content(grid(), numbers()).replace("<o:", "<").replace("</o:", "</").replace("xmlns:o", "xmlns")
    assert tables(decode_ofd(ofd(page, root=root))) == [NUMBERS]


TWO_CODES = '<o:TextObject Boundary="30 60 9 9" Size="4"><o:TextCode X="1" Y="4">5</o:TextCode><o:TextCode Y="12">6</o:TextCode></o:TextObject>'


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (text("12", 30, 50, size=8, more='CTM="0.5 0 0 0.5 0 0"', code='DeltaX="4"'), ["12"]),
        (text("34", 30, 60, code='DeltaX="30"'), ["3 4"]),
        (text("高楼", 30, 80, code='DeltaY="6"'), ["高", "楼"]),
        (text("1234", 30, 80, code='DeltaX="2 g 2 2"'), ["1234"]),
        (text("1 2", 30, 80), ["1 2"]),
        (text("规章", 30, 80, code=" "), ["规章"]),
        (text("高楼", 30, 80, more='ReadDirection="90"', code=" "), ["高", "楼"]),
        (TWO_CODES, ["5", "6"]),
    ],
)
def test_offsets_and_matrices_place_each_character(drawn, read):
    wide = text("政府信息公开", 20, 10)  # lines that do not run as far are paragraphs of their own
    assert lines(decode_ofd(ofd(content(wide, drawn))))[1:] == read


def test_boundaries_and_matrices_are_what_places_are_reckoned_from():
    scaled = text("12", 30, 50, size=8, more='CTM="0.5 0 0 0.5 0 0"', code='DeltaX="4"')
    place = next(decode_ofd(ofd(content(scaled))).paragraphs()).place
    assert place.box == pytest.approx([value * MM for value in (30, 50, 34, 54)], abs=0.2)


def test_a_character_drawn_twice_at_one_place_is_one():
    assert lines(decode_ofd(ofd(content(text("5", 30, 50), text("5", 30.1, 50.1), text("5", 33, 50))))) == ["55"]


def test_pages_lying_on_their_side_are_turned_upright_and_placed_as_shown():
    turned = '<o:CompositeObject ID="5" ResourceID="7" Boundary="0 0 210 297" CTM="0 1 -1 0 210 0"/>'
    unit = f'<o:CompositeGraphicUnits><o:CompositeGraphicUnit ID="7" Width="297" Height="210"><o:Content>{grid()}{numbers()}</o:Content></o:CompositeGraphicUnit></o:CompositeGraphicUnits>'
    shared = "<o:PublicRes>Res.xml</o:PublicRes>"
    document = decode_ofd(
        ofd(content(turned), shared=shared, members={"Doc_0/Res.xml": f"<o:Res {NAMESPACE}>{unit}</o:Res>"}.items())
    )
    assert tables(document) == [NUMBERS]
    left, top, right, bottom = next(document.tables()).rows[0][0].place.box
    assert (left, top, right, bottom) == pytest.approx([v * MM for v in (170, 20, 180, 40)], abs=0.3)


def test_nested_blocks_and_thin_fills_count():
    thin = "".join(
        path("M 0 0 L 60 0 L 60 0.2 L 0 0.2 C", 20, 30 + 10 * r, 'Stroke="false" Fill="true"') for r in range(3)
    )
    sides = "".join(path("M 0 0 L 0 20", 20 + 20 * c, 30) for c in range(4))
    block = f'<o:PageBlock ID="3"><o:PageBlock ID="4">{thin}{sides}{numbers()}</o:PageBlock></o:PageBlock>'
    assert tables(decode_ofd(ofd(content(block)))) == [NUMBERS]


def test_curves_are_no_rules():
    round_ = path("M 20 30 B 30 30 40 30 60 30 M 20 40 A 5 5 0 0 1 60 40 M 20 50 Q 30 50 60 50")
    sides = path("M 20 30 L 20 50 M 60 30 L 60 50")
    assert not list(decode_ofd(ofd(content(round_, sides, text("规章", 25, 33)))).tables())


def test_templates_lie_behind_and_before_the_page():
    shared = '<o:TemplatePage ID="T" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    used = '<o:Template TemplateID="T" ZOrder="Foreground"/>'
    members = {"Doc_0/Tpls/Tpl_0/Content.xml": content(grid())}
    document = decode_ofd(ofd(content(numbers(), extra=used), shared=shared, members=members.items()))
    assert tables(document) == [NUMBERS]
    missing = decode_ofd(ofd(content(numbers(), extra=used), shared=shared))
    assert any("template is missing" in warning for warning in missing.warnings)


def test_what_is_not_visible_and_what_is_laid_over_is_left_out():
    hidden = text("99", 23, 33, more='Visible="false"')
    note = {
        "Doc_0/Annots.xml": f'<o:Annotations {NAMESPACE}><o:Page PageID="0"><o:FileLoc>x.xml</o:FileLoc></o:Page></o:Annotations>'
    }
    document = decode_ofd(
        ofd(content(hidden, grid(), numbers()), after="<o:Annotations>Annots.xml</o:Annotations>", members=note.items())
    )
    assert tables(document) == [NUMBERS]
    assert document.warnings == ("stamps and notes laid over the pages (annotations) were left out",)


def test_a_slanted_watermark_is_no_text_of_a_cell():
    slanted = text("内部", 20, 30, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    document = decode_ofd(ofd(content(slanted, grid(), numbers())))
    assert tables(document) == [NUMBERS]
    assert document.warnings == ("page 1: slanted text (a watermark) was left out: 内部",)


def test_pages_without_text_and_unseen_text_are_told():
    unseen = text("12", 20, 30, more='Alpha="0"')
    document = decode_ofd(ofd(content(path("M 0 0 L 9 9")), content(unseen), content(text("12", 20, 30))))
    assert document.warnings[:2] == (
        "page 1 has no text (a picture, or empty)",
        "page 2: its text is an unseen layer over a picture, as text recognition makes it",
    )


def test_glyphs_without_a_character_are_not_blank():
    drawn = text("¤", 23, 33).replace("<o:TextCode", '<o:CGTransform CodePosition="0" GlyphCount="1"/><o:TextCode')
    document = decode_ofd(ofd(content(drawn, grid(rows=1, columns=2))))
    assert tables(document) == [[["\ufffd", ""]]]
    assert any("name glyphs of their font" in warning for warning in document.warnings)
    assert any("does not tell" in warning for warning in document.warnings)


def test_the_first_of_several_documents_is_read_and_the_others_are_told():
    document = decode_ofd(ofd(content(text("12", 20, 30)), bodies=2))
    assert lines(document) == ["12"]
    assert "the file holds 2 documents: only the first was read" in document.warnings


def test_an_encrypted_package_is_told():
    with pytest.raises(EncryptedDocument, match="encrypted"):
        decode_ofd(ofd(content(), members={"Encryptions.xml": "<x/>"}.items()))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ofd(content(text("1", 0, 0, more='CTM="1 0 x"')), members=()), "page 1"),
        (ofd(content(text("1", "nan", 0))), "no place"),
        (ofd(content(text("1", "1e9", 0))), "no place"),
        (ofd(content(), root="Elsewhere.xml"), "missing"),
        (ofd("<o:Page"), "read"),
        (ofd(*[content()] * 501), "501 pages"),
        (ofd(content('<o:PageBlock ID="1">' * 40 + "</o:PageBlock>" * 40)), "nested"),
        (ofd(f'<!DOCTYPE x [<!ENTITY a "9">]>{content(text("1&a;2", 0, 0))}'), "no character"),
        (ofd(content())[:-30], "zip"),
    ],
)
def test_damage_is_one_clear_line(data, words):
    with pytest.raises(DamagedDocument, match=words) as caught:
        decode_ofd(data)
    assert "\n" not in str(caught.value)


def test_composites_that_hold_themselves_end():
    use = '<o:CompositeObject ID="5" ResourceID="7" Boundary="0 0 9 9"/>'
    unit = f'<o:CompositeGraphicUnits><o:CompositeGraphicUnit ID="7"><o:Content>{use}{use}</o:Content></o:CompositeGraphicUnit></o:CompositeGraphicUnits>'
    with pytest.raises(DamagedDocument, match=r"nested|more than"):
        decode_ofd(
            ofd(
                content(use),
                shared="<o:PublicRes>R.xml</o:PublicRes>",
                members={"Doc_0/R.xml": f"<o:Res {NAMESPACE}>{unit}</o:Res>"}.items(),
            )
        )


def test_repeat_counts_are_bounded_by_the_text():
    assert lines(decode_ofd(ofd(content(text("12", 20, 30, code='DeltaX="g 999999999 2"'))))) == ["12"]


WILD = st.one_of(
    st.sampled_from(
        [
            "",
            "nan",
            "-1e400",
            "g 99999999999 1",
            "g",
            "g 2",
            "0 0 0 0 0 0",
            "1 0 0 1",
            "M",
            "M 1",
            "L 0 0",
            "A 1 1 0",
            "false",
            "é",
        ]
    ),
    st.text(alphabet="0123456789 .-gMLQBACSeE", max_size=30),
)


@settings(max_examples=200, deadline=None)
@given(WILD, WILD, WILD, WILD, WILD, st.text(alphabet="12\u00a4字 \u200b", max_size=8))
def test_any_values_give_a_document_or_a_decode_error(boundary, matrix, delta, size, data, words):
    objects = (
        f'<o:TextObject Boundary="{boundary}" CTM="{matrix}" Size="{size}"><o:TextCode X="{size}" DeltaX="{delta}">{words}'
        f'</o:TextCode></o:TextObject><o:PathObject Boundary="{boundary}" CTM="{matrix}"><o:AbbreviatedData>{data}'
        "</o:AbbreviatedData></o:PathObject>"
    )
    try:
        assert isinstance(decode_ofd(ofd(content(objects, grid(), numbers()))), Document)
    except DecodeError as error:
        assert "\n" not in str(error)  # noqa: PT017  # either outcome is right


def test_flipped_bytes_never_raise_anything_else():
    chance = random.Random(7)
    whole = ofd(content(text("二、", 20, 15), grid(), numbers()))
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            decode(bytes(data))
        except DecodeError as error:
            assert str(error)  # noqa: PT017  # either outcome is right
