"""What recognition leaves in doubt or unread keeps its place in its row, and its doubt in the cell."""

from dataclasses import replace

from extract.forms import load_forms
from extract.interpret import interpret
from extract.records import Document, GridPlace, Paragraph, Table, TableCell
from tests.documents import Printed

ROW = "requests.granted."


def changed(printed, label, change):
    """The document with the cells of one row changed."""
    document = printed.document()
    paragraphs, table = document.blocks[:-1], document.blocks[-1]
    row = printed.find(label)
    rows = tuple(tuple(change(cells)) if at == row else cells for at, cells in enumerate(table.rows))
    return replace(document, blocks=(*paragraphs, Table(rows)))


def test_the_certainty_of_a_printed_cell_lowers_that_of_the_form_s_cell():
    printed = Printed()
    doubted = changed(
        printed,
        "予以公开",
        lambda cells: (replace(c, certainty=0.5, reason="3 glyphs") if c.column == 4 else c for c in cells),
    )
    cells = interpret(doubted, load_forms()).cells
    assert cells[ROW + "enterprise"].value == printed.values[ROW + "enterprise"]
    assert cells[ROW + "enterprise"].confidence == 0.5
    assert cells[ROW + "enterprise"].reason == "3 glyphs"
    assert cells[ROW + "research"].confidence == 1.0


def test_unread_cells_are_no_labels_and_shift_nothing():
    printed = Printed()
    unread = changed(
        printed, "予以公开", lambda cells: (replace(c, text="\ufffd") if c.column in (3, 4) else c for c in cells)
    )
    cells = interpret(unread, load_forms()).cells
    assert [cells[ROW + name].state for name in ("natural_person", "enterprise", "research")] == [
        "unreadable",
        "unreadable",
        "number",
    ]
    assert cells[ROW + "research"].value == printed.values[ROW + "research"]


def test_a_label_that_cannot_be_read_does_not_hide_the_one_after_it():
    printed = Printed()
    unread = changed(printed, "予以公开", lambda cells: (replace(cells[0], text="\ufffd"), *cells[1:]))
    cells = interpret(unread, load_forms()).cells
    assert cells[ROW + "natural_person"].value == printed.values[ROW + "natural_person"]


def test_a_header_that_a_page_end_cuts_orders_nothing_by_the_columns_of_two_grids():
    printed = Printed()
    whole = printed.document()
    header = printed.find("申请数量") - 1
    rows = whole.blocks[-1].rows
    names = [cell.text for cell in rows[header][3:]]
    upper = tuple(
        TableCell(text, GridPlace(0, header, at), at)
        for at, text in enumerate(["", names[0], "法人或其他组织", names[6]])
    )
    lower = tuple(TableCell(text, GridPlace(1, 0, at), at) for at, text in enumerate(["", "", "", "", *names[1:6], ""]))
    blocks = (
        *(Paragraph(p.text) for p in whole.paragraphs()),
        Table((*rows[:header], upper)),
        Table((lower, *rows[header + 1 :])),
    )
    cells = interpret(Document("text/html", blocks, whole.text), load_forms()).cells
    for name in ("natural_person", "enterprise", "other_org", "total"):
        assert cells[ROW + name].value == printed.values[ROW + name]
