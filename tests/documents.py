"""Documents of a fictional town in the 2021 form, printed as a real grid, for tests to damage."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.forms import Form, load_form
from extract.records import Document, GridPlace, Paragraph, Table, TableCell

FORM = load_form("2021")
PRINTED = [row for row in FORM.rows() if not row.instead_of]
TITLE = "云溪县白石镇人民政府2023年政府信息公开工作年度报告"


def numbers(form: Form = FORM) -> dict[str, int]:
    """A different number for every cell of the form, so that a shifted one is seen."""
    keys = [cell.key for row in form.rows() if not row.instead_of for cell in row.cells]
    return {key: 1000 + index for index, key in enumerate(keys)}


@dataclass
class Printed:
    """A report as rows of (labels, values), which a test may edit before it is made a Document."""

    values: dict[str, object] = field(default_factory=numbers)
    header: list[str] = field(default_factory=lambda: [cell.column_labels[0] for cell in PRINTED[6].cells])
    form: Form = FORM

    def __post_init__(self) -> None:
        self.rows: list[tuple[list[str], list[str]]] = []
        block = ""
        for row in self.form.rows():
            if row.instead_of:
                continue
            if row.table == "disclosure" and row.group != block:
                block = row.group
                self.rows.append((["信息内容", *(cell.column_labels[0] for cell in row.cells)], []))
            if row.key == "received_new":
                self.rows.append((["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"], []))
                self.rows.append((["", "", ""], self.header))
            if row.table == "disputes":
                self.rows.append((["行政复议", "行政诉讼"], []))
                self.rows.append((["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3, []))
            labels = [] if row.table == "disputes" else [row.group, row.number + row.labels[0]]
            self.rows.append((labels, [self.text(cell.key) for cell in row.cells]))

    def text(self, key: str) -> str:
        return str(self.values[key])

    def find(self, label: str) -> int:
        return next(i for i, (labels, _) in enumerate(self.rows) if labels and labels[-1].endswith(label))

    def document(self, title: str = TITLE, sections: bool = True) -> Document:
        """One table of three label columns and seven value columns, a 15-column line at the end."""
        printed = []
        for r, (labels, values) in enumerate(self.rows):
            cells, column = [], 0
            for c, text in enumerate([*labels, *values]):
                if labels and c == len(labels):
                    column = max(column, 3)
                cells.append(TableCell(text, GridPlace(0, r, c), column))
                column += 1
            printed.append(tuple(cells))
        paragraphs = [title]
        if sections:
            paragraphs += [f"{s.number}、{s.labels[0]}" for s in FORM.sections]
        blocks = (*(Paragraph(text) for text in paragraphs), Table(tuple(printed)))
        return Document("text/html", blocks, "\n".join(paragraphs))
