"""A number's page: the very place in the original, or plainly none."""

import io
import sqlite3

import pypdfium2
import pytest
from lxml import html
from PIL import Image

from publish.evidence import _in_row
from publish.html_place import ANCHOR, outlined
from publish.pdf_pictures import MOST_PIXELS, PictureError, draw
from tests.publish.fictional_site import BAISHI, LANHE, LIUTING, PRINTED, QINGSHI, SHIQIAO, YUNXI

KEY = "requests.received_new.enterprise"


def test_html_the_outlined_cell_is_the_right_one(visitor):
    base = visitor.report(f"{BAISHI} 2023", "/cell/")
    evidence = html.fromstring(visitor.get(base + KEY).text)
    (frame,) = evidence.xpath("//iframe")
    assert frame.get("sandbox") == ""
    assert frame.get("loading") == "lazy"  # else Chromium scrolls before the frame has its width, to another place
    assert frame.get("src") == f"{base}{KEY}/original#{ANCHOR}"
    for key, text, label in ((KEY, "2", "一、本年新收"), ("disclosure.licensing_decisions", "1234", "行政许可")):
        original = visitor.get(f"{base}{key}/original")
        (cell,) = html.fromstring(original.content.decode("utf-8")).xpath(f"//*[@id='{ANCHOR}']")
        assert cell.tag == "td"
        assert cell.text_content() == text
        assert cell.getparent()[0].text_content().startswith(label)
        assert "outline" in cell.get("style")


def test_html_a_table_that_a_script_writes_is_quoted_and_not_outlined(visitor):
    base = visitor.report(f"{LIUTING} 2023", "/cell/")
    answer = html.fromstring(visitor.get(base + KEY).text)
    assert not answer.xpath("//iframe")
    assert "a script of the page writes this table" in visitor.get(base + KEY + "?lang=en").text
    (excerpt,) = answer.xpath("//pre[contains(@class, 'excerpt')]")
    assert excerpt.text_content().endswith("\t7\t2\t0\t0\t0\t0\t9")
    assert [mark.text for mark in excerpt.xpath("mark")] == ["2"]
    assert visitor.get(f"{base}{KEY}/original").status_code == 404


def test_the_unit_is_named_in_the_language_of_the_page(visitor):
    base = visitor.report(f"{BAISHI} 2023", "/cell/")
    value = "normalize-space(//p[contains(@class, 'value')]/small)"
    assert html.fromstring(visitor.get(base + KEY).text).xpath(value) == "件"
    assert html.fromstring(visitor.get(base + KEY + "?lang=en").text).xpath(value) == "items"


def verdicts(visitor, name, key):
    tree = html.fromstring(visitor.get(visitor.report(f"{name} 2023", f"/cell/{key}")).text)
    checks = [" ".join(item.text_content().split()) for item in tree.xpath("//ul[@class='plain']/li[span]")]
    return [check.split(" ", 1) for check in checks]


def test_the_checks_of_a_cell_are_told_those_that_passed_too(visitor):
    assert verdicts(visitor, YUNXI, KEY) == [
        ["通过", "第一项加第二项之和，等于第三项加第四项之和"],
        ["通过", "各列之和=总计"],
    ]
    failed = verdicts(visitor, QINGSHI, "requests.granted_partly.enterprise")
    assert [verdict for verdict, _ in failed] == ["未通过", "未通过"]
    assert all("5" in told or "7" in told for _, told in failed)
    beside = verdicts(visitor, QINGSHI, "requests.granted.enterprise")
    assert [verdict for verdict, _ in beside] == ["未通过", "通过"]


def test_html_a_table_that_is_another_one_is_never_pointed_at():
    page = b"<table><tr><td>a</td><td>0</td></tr><tr><td>b</td><td>7</td></tr></table>"
    assert outlined(page, 0, (0, 1), {(0, 1): "0", (1, 1): "7"}) is not None
    assert outlined(page, 0, (0, 1), {(0, 1): "0", (1, 1): "8"}) is None
    assert outlined(page, 0, (0, 1), {(0, 1): ""}) is None
    assert outlined(page, 1, (0, 1), {(0, 1): "0"}) is None
    assert outlined(page, 0, (5, 1), {(5, 1): "0"}) is None


def test_html_rows_of_inner_tables_are_not_counted():
    page = b"<table><tr><td><table><tr><td>x</td></tr></table></td><td>1</td></tr><tr><td>y</td><td>2</td></tr></table>"
    found = outlined(page, 0, (1, 1), {(1, 1): "2"})
    assert found is not None
    assert html.fromstring(found).xpath(f"//*[@id='{ANCHOR}']")[0].text == "2"


def test_pdf_the_frame_holds_the_number(visitor, fictional):
    """The text that PDFium finds inside the frame is what was read, for every cell of the report."""
    db = sqlite3.connect(fictional.db)
    rows = db.execute(
        'select c.key, c.raw, c.page, c."left", c.top, c."right", c.bottom from cells c join reports r '
        "on r.current_reading_id = c.reading_id where r.report_key = ?",
        [fictional.keys[f"{YUNXI} 2023"]],
    ).fetchall()
    db.close()
    assert len(rows) == len(PRINTED)
    data = visitor.get(f"/original/{fictional.digests[f'{YUNXI} 2023']}").content
    pdf = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage() for page in pdf]
    for _key, raw, page, left, top, right, bottom in rows:
        height = pdf[page - 1].get_height()
        assert pages[page - 1].get_text_bounded(left, height - bottom, right, height - top).strip() == raw
    answer = visitor.get(visitor.report(f"{YUNXI} 2023", f"/cell/{KEY}"))
    (svg,) = html.fromstring(answer.text).xpath("//*[local-name()='svg']")
    place = next(row for row in rows if row[0] == KEY)
    frame = svg.xpath("*[local-name()='rect']")[0]
    assert (float(frame.get("x")), float(frame.get("y"))) == pytest.approx((place[3], place[4]))


def test_pdf_pictures_are_drawn_and_bounded(visitor, fictional):
    address = f"/original/{fictional.digests[f'{YUNXI} 2023']}/page/1.png"
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert picture.width * picture.height <= MOST_PIXELS
    assert picture.getextrema()[0] < 80
    assert visitor.get(address.replace("/1.png", "/999.png")).status_code == 404


def test_pdf_of_monstrous_size_stays_bounded():
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(14_000, 14_000)
    out = io.BytesIO()
    pdf.save(out)
    picture = Image.open(io.BytesIO(draw(out.getvalue(), 1)))
    assert picture.width * picture.height <= MOST_PIXELS * 1.01
    with pytest.raises(PictureError, match="no page 2"):
        draw(out.getvalue(), 2)
    with pytest.raises(PictureError, match="cannot be opened"):
        draw(b"%PDF-1.4 cut off", 1)


def test_text_the_span_is_marked_in_its_line(visitor):
    tree = html.fromstring(visitor.get(visitor.report(f"{LANHE} 2023", f"/cell/{KEY}")).text)
    (mark,) = tree.xpath("//pre/mark")
    assert mark.text == "2"
    assert mark.getprevious() is None
    line = mark.getparent().text.rsplit("\n", 1)[-1]
    assert line.startswith("一、本年新收政府信息公开申请数量\t7\t")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("requests.received_new.enterprise", "一、本年新收政府信息公开申请数量"),
        ("requests.denied_third_party.total", "4.保护第三方合法权益"),
        ("requests.rejected_repeat.natural_person", "2.重复申请"),
    ],
)
def test_docx_rows_that_read_alike_are_told_by_their_label(visitor, key, label):
    """Most rows are seven zeros: the one that is shown bears the label of the cell's row."""
    tree = html.fromstring(visitor.get(visitor.report(f"{SHIQIAO} 2023", f"/cell/{key}")).text)
    (mark,) = tree.xpath("//pre/mark")
    columns = ("natural_person", "enterprise", "research", "social_org", "legal_service", "other_org", "total")
    before = mark.getparent().text.partition(label)[2]
    assert before.count("\t") == 1 + columns.index(key.rpartition(".")[2])


def test_docx_rows_that_cannot_be_told_apart_are_not_marked():
    places = {"table_index": 0, "row_index": 3}
    cells = {str(i): {**places, "column_index": i + 1, "raw": "0"} for i in range(2)}
    text = "甲\t0\t0\n乙\t0\t0"
    assert _in_row(text, cells["1"], cells, ()).excerpt is None
    assert _in_row(text, cells["1"], cells, ("丙",)).excerpt is None
    told = _in_row(text, cells["1"], cells, ("乙",)).excerpt
    assert (told.before, told.at, told.after) == ("乙\t0\t", "0", "")
    assert _in_row(text + "\n乙\t0\t0", cells["1"], cells, ("乙",)).excerpt is None


@pytest.mark.parametrize("cell", ["requests.nothing.total", "x", "requests.received_new"])
def test_a_cell_that_is_none_gives_the_page_that_says_so(visitor, cell):
    answer = visitor.get(visitor.report(f"{LANHE} 2023", f"/cell/{cell}"))
    assert answer.status_code == 404
    assert "没有这一格" in answer.text


def test_what_was_moved_in_the_database_is_not_pointed_at(fictional, tmp_path):
    """A place that no longer fits the archived bytes is refused, not shown somewhere."""
    import shutil
    from dataclasses import replace

    from tests.publish.conftest import Visitor

    moved = tmp_path / "archive.db"
    shutil.copy(fictional.db, moved)
    db = sqlite3.connect(moved)
    for table, bottom in (("printed_rows", 90_000), ("odd_cells", 9_000)):
        db.execute(f"update {table} set row_index = row_index + 1 where table_index is not null")
        db.execute(f"update {table} set bottom = {bottom} where page is not null")
    further = "(select json_group_array(value + 1) from json_each(spans))"
    db.execute(f"update printed_rows set spans = {further} where page is null and table_index is null")
    db.execute("update odd_cells set start = start + 1, end = end + 1 where start is not null")
    db.commit()
    db.close()
    visitor = Visitor(replace(fictional, db=moved))
    for name in (BAISHI, YUNXI, LANHE):
        answer = visitor.get(visitor.report(f"{name} 2023", "/cell/disclosure.licensing_decisions"))
        assert "不能在原件中指出它的位置" in answer.text, name
    assert visitor.get(visitor.report(f"{BAISHI} 2023", f"/cell/{KEY}/original")).status_code == 404
