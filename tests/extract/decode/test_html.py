import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from extract.decode.errors import DamagedDocument
from extract.decode.html import decode_html
from extract.records import GridPlace, Paragraph, Table

ROW = "<tr><td>行政许可</td><td>295</td></tr>"


def read(body, head=""):
    return decode_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())


def texts(document):
    return [[[cell.text for cell in row] for row in table.rows] for table in document.tables()]


def test_tables_and_paragraphs_come_in_document_order():
    document = read(f"<p>二、主动公开</p><table>{ROW}</table><p>三、收到</p><table>{ROW}</table>末尾")
    kinds = ["T" if isinstance(block, Table) else block.text for block in document.blocks]
    assert kinds == ["二、主动公开", "T", "三、收到", "T", "末尾"]
    assert document.text == "二、主动公开\n行政许可\t295\n三、收到\n行政许可\t295\n末尾"


def test_every_place_names_the_element_with_that_text():
    body = (
        f"<table><tr><td>导航<table><caption>表</caption><tr><th colspan=2>项</th></tr>{ROW}</table></td></tr></table>"
        "<table><tr style='display:none'><td>9</td></tr><tr><td>甲<br>乙</td><td hidden>7</td><td>3</td></tr></table>"
    )
    document = read(body)
    repaired = lxml_html.document_fromstring(LexborHTMLParser(f"<body>{body}</body>").html)
    elements = list(repaired.iter("table"))
    cells = [cell for table in document.tables() for row in table.rows for cell in row]
    assert [cell.text for cell in cells] == ["项", "行政许可", "295", "甲\n乙", "3"]
    for cell in cells:
        assert isinstance(cell.place, GridPlace)
        row = elements[cell.place.table].findall(".//tr")[cell.place.row]
        assert row[cell.place.column].text_content() == cell.text.replace("\n", "")


def test_spans_give_grid_columns_and_bad_ones_do_no_harm():
    rows = (
        "<tr><td rowspan='2 '>a</td><td colspan='4%'>b</td></tr>"
        "<tr><td colspan=0>c</td><td colspan='\"2'>d</td><td rowspan=99999 colspan=99999>e</td></tr>"
    )
    (table,) = read(f"<table>{rows}</table>").tables()
    placed = [(c.text, c.column, c.columns, c.rows) for row in table.rows for c in row]
    assert placed == [("a", 0, 1, 2), ("b", 1, 4, 1), ("c", 1, 1, 1), ("d", 2, 2, 1), ("e", 4, 100, 1)]


def test_what_is_not_shown_is_no_cell_and_no_text():
    hidden = "<tr style='display: none'><td>样</td><td>9</td></tr>"
    document = read(
        f"<table>{hidden}{ROW}<tbody hidden>{ROW}</tbody></table><p hidden>x</p><script>y</script><!-- z -->"
        "<template><p>t</p></template><p>见<span style='display:none'>9</span>上</p>"
    )
    assert texts(document) == [[["行政许可", "295"]]]
    assert [p.text for p in document.paragraphs()] == ["见上"]


def test_a_page_whose_only_tables_are_hidden_is_read_with_a_warning():
    document = read(f"<div style='display:none'><table>{ROW}</table></div>")
    assert texts(document) == [[["行政许可", "295"]]]
    assert "hidden" in document.warnings[0]


def test_unclosed_cells_are_repaired():
    assert texts(read("<table><tr><td>规章<td>0<td>1<tr><td>规范<td>2<td>3</table>")) == [
        [["规章", "0", "1"], ["规范", "2", "3"]]
    ]


def test_a_number_in_pieces_stays_one_number_even_in_unknown_elements():
    document = read("<table><tr><td>2<st1:chsdate>9</st1:chsdate><b>5</b></td><td>&nbsp;0&nbsp;</td></tr></table>")
    assert texts(document) == [[["295", "0"]]]


def test_a_table_around_tables_is_layout_but_a_trifle_in_a_large_table_is_not():
    layout = read(f"<table><tr><td>侧栏</td><td><table>{ROW * 10}</table></td></tr></table>")
    assert texts(layout) == [[["行政许可", "295"]] * 10]
    assert [p.text for p in layout.paragraphs()] == ["侧栏"]
    large = read(f"<table>{ROW * 10}<tr><td><table><tr><td>甲</td></tr></table></td><td>7</td></tr></table>")
    assert texts(large) == [[["行政许可", "295"]] * 10 + [["甲", "7"]]]


@pytest.mark.parametrize("broken", ["<font>" * 5000, "<div>" * 1500, "<table><tr><td>" * 300])
def test_deep_nesting_loses_nothing(broken):
    assert "295" in read(f"{broken}<table>{ROW}</table>").text


def test_references_to_nul_and_charset_lies():
    page = f"<meta charset=utf-8><table>{ROW}<tr><td>0\0&#0;</td></tr></table>".encode("gb18030")
    document = decode_html(page)
    assert texts(document) == [[["行政许可", "295"], ["0"]]]
    assert any("utf-8" in warning for warning in document.warnings)
    assert any("NUL" in warning for warning in document.warnings)


def test_what_the_page_states_about_itself():
    document = read(
        "<ul>" + "<li>导航</li>" * 150 + "</ul><div>当前位置：首页 &gt; 年报</div>"
        "<div><span>来源：云溪县政府办公室</span><span>时间：2024-01-20 10:30</span> 浏览次数：12</div>"
        "<table><tr><td>索 引 号：</td><td>014/2024</td><td>发布机构</td><td></td></tr>"
        "<tr><td>标题</td><td>发布日期</td></tr></table><p>我们的来源：很多，时间：不限。</p>",
        head="<title>报告_云溪</title><meta name=PubDate content='2024-01-17'><meta name=articletitle content='报 告'>",
    )
    assert document.title == "报 告"
    assert document.metadata == {
        "PubDate": "2024-01-17",
        "articletitle": "报 告",
        "breadcrumb": "首页 > 年报",
        "来源": "云溪县政府办公室",
        "时间": "2024-01-20 10:30",
        "索引号": "014/2024",
    }


BODY = f"<p>一、总体情况</p><table>{ROW}</table>" + "<p>说明文字若干</p>" * 20


def test_a_body_that_only_a_script_holds():
    detail = {"title": "云溪县2023年报告", "publisher": "云溪县政府", "date": "2024-01-02", "content": BODY}
    rest = 'SID: "1", TREE: [{"title": "年报"}]'
    script = f'window._CONFIG = {{{rest}, DETAIL: {json.dumps(detail)}, NEXT: {{"title": "别的"}}}}'
    document = read(f"<div id=app></div><table><tr><td>首页</td></tr></table><script>{script}</script>")
    assert texts(document) == [[["行政许可", "295"]]]
    assert next(document.tables()).rows[0][1].place == GridPlace(0, 0, 1)
    assert document.title == "云溪县2023年报告"
    stated = {"title": "云溪县2023年报告", "publisher": "云溪县政府", "date": "2024-01-02", "embedded": "1"}
    assert document.metadata == stated


def test_javascript_quotes_and_escapes():
    body = BODY.replace("<", "\\x3c").replace("说明", "\\'说\"明")
    assert texts(read(f"<script>show('{body}')</script>")) == [[["行政许可", "295"]]]


def test_a_widget_in_a_script_does_not_replace_the_page():
    widget = "<div>分享</div>" * 30
    document = read(f"<p>{'本年公开信息三条。' * 40}</p><script>var share = {json.dumps(widget)};</script>")
    assert "分享" not in document.text
    assert "embedded" not in document.metadata


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' tdrable&#0;x!-年\n", max_size=200) | st.binary(max_size=200))
def test_any_markup_gives_a_document_whose_text_holds_its_cells(markup):
    document = decode_html(markup.encode() if isinstance(markup, str) else markup)
    for block in document.blocks:
        assert isinstance(block, Paragraph) or all(
            cell.text.replace("\n", " ") in document.text for cell in block.rows[0]
        )


def test_a_page_nested_without_end_is_told_at_once():
    for markup in ("<div>" * 100_000, "<div><span>" * 60_000 + "</span></div>" * 60_000):
        with pytest.raises(DamagedDocument, match="nests deeper"):
            decode_html(markup.encode())


def test_a_page_that_was_cut_off_says_so():
    whole = "<html><body><table><tr><td>规章</td><td>12</td></tr></table></body></html>"
    assert decode_html(whole.encode()).warnings == ()
    assert "cut off" in decode_html(whole[:40].encode()).warnings[-1]
