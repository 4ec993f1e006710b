"""The codebook: what each cell of each form is, in words, for those who read the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.store.load import insert_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from extract.forms import Form, FormCell, FormRow


def load_forms(db: Database, forms: Sequence[Form]) -> None:
    """The codebook: every cell of every form that is read, in the form's order."""
    rows = [
        _form_cell_row(form.id, position, row, cell)
        for form in forms
        for position, (row, cell) in enumerate((row, cell) for row in form.rows() for cell in row.cells)
    ]
    with db.atomic():
        db.execute("delete from form_cells")
        insert_all(db, "form_cells", rows)


def _form_cell_row(form: str, position: int, row: FormRow, cell: FormCell) -> dict[str, Any]:
    return {
        "form": form,
        "key": cell.key,
        "table_key": row.table,
        "row_key": row.key,
        "column_key": cell.key.rsplit(".", 1)[1],
        "position": position,
        "row_label_zh": row.labels[0],
        "row_label_en": row.label_en,
        "column_label_zh": cell.column_labels[0],
        "column_label_en": cell.column_en,
        "group_zh": row.group or _route(row, cell),
        "number_zh": row.number,
        "unit": cell.unit,
        "law": row.law,
    }


def _route(row: FormRow, cell: FormCell) -> str:
    """What stands above a cell of table 3, a single line of numbers: the route whose result it is."""
    return cell.column_labels[1].rsplit("：", 1)[0] if row.key == row.table else ""
