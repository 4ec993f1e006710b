"""The tables as the official form prints them."""

import pytest

from publish.form_layout import Heading, Slot, lay_out
from tests.documents import FORM
from tests.publish.fictional_site import PRINTED


def filled(lines) -> list[int]:
    """How many grid columns each line fills, spans of lines above counted."""
    below: dict[tuple[int, int], int] = {}
    widths = []
    for r, line in enumerate(lines):
        width = sum(1 for (row, _) in below if row == r)
        column = 0
        for item in line:
            while (r, column) in below:
                column += 1
            rows = item.rows if isinstance(item, Heading) else 1
            for i in range(1, rows):
                below.update({(r + i, column + j): 1 for j in range(item.columns)})
            width += item.columns
            column += item.columns
        widths.append(width)
    return widths


@pytest.mark.parametrize("en", [False, True])
def test_every_line_fills_its_table(en):
    disclosure, requests, disputes = lay_out(FORM, PRINTED, en=en)
    assert filled([*disclosure.head, *disclosure.body]) == [4] * 14
    assert filled([*requests.head, *requests.body]) == [10] * (3 + 25)
    assert filled([*disputes.head, *disputes.body]) == [15] * 4


def test_every_cell_of_the_form_has_one_slot_in_the_form_s_order():
    slots = [
        item.key
        for grid in lay_out(FORM, PRINTED, en=False)
        for line in grid.body
        for item in line
        if isinstance(item, Slot)
    ]
    assert slots == PRINTED
    assert len(slots) == 200


def test_groups_stand_beside_their_rows():
    _, requests, _ = lay_out(FORM, PRINTED, en=False)
    sides = {
        item.text: item.rows for line in requests.body for item in line if isinstance(item, Heading) and item.rows > 1
    }
    assert sides == {
        "三、本年度办理结果": 22,
        "（三）不予公开": 8,
        "（四）无法提供": 3,
        "（五）不予处理": 5,
        "（六）其他处理": 3,
    }


def test_one_row_printed_instead_of_three_takes_their_place():
    single = [key for key in PRINTED if not key.startswith("requests.other_")]
    single += [f"requests.other_all.{column}" for column in ("natural_person", "total")]
    _, requests, _ = lay_out(FORM, single, en=False)
    labels = [item.text for line in requests.body for item in line if isinstance(item, Heading)]
    assert len(requests.body) == 23
    assert "（六）其他处理" in labels
    assert "3.其他" not in labels
    assert filled([*requests.head, *requests.body]) == [10] * 26
