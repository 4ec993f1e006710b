"""The three tables of a report as a grid of cells with spans, laid out as in the official form: for HTML, DOCX and PDF.

A row is a list of (text, columns, rows); a cell that spans rows stands in its first row only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.forms import load_form

if TYPE_CHECKING:
    from sample.manifest import SampleReport

Cell = tuple[str, int, int]
Grid = list[list[Cell]]

FORM = load_form("2021")
STATISTICS = load_form("2014").statistics
COLUMNS = [cell.column_labels[0] for cell in FORM.table("requests").rows[0].cells]
KEYS = [cell.key.rsplit(".", 1)[1] for cell in FORM.table("requests").rows[0].cells]
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
_STYLES = {"岚汀县人民政府": "{:,}"}


def printed(report: SampleReport, key: str) -> str:
    """A cell as this report prints it."""
    value = report.cells.get(key)
    if key in report.typed:
        return report.typed[key]
    if value is None:
        return "/" if report.states.get(key) == "na_mark" else ""
    if key.endswith("procurement_amount"):
        return f"{value}元"
    if isinstance(value, int):
        return _STYLES.get(report.issuer, "{}").format(value)
    return f"{value:.4f}".rstrip("0").rstrip(".")


def disclosure(report: SampleReport) -> Grid:
    """Table 1."""
    grid: Grid = []
    block = ""
    for row in load_form(report.form).table("disclosure").rows:
        numbers = [printed(report, cell.key) for cell in row.cells]
        widths = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[len(numbers)]
        if row.group != block:
            block = row.group
            headings = [cell.column_labels[0] for cell in row.cells]
            grid.append([(block, 4, 1)])
            grid.append([("信息内容", 1, 1), *((text, wide, 1) for text, wide in zip(headings, widths, strict=True))])
        grid.append([(row.labels[0], 1, 1), *((text, wide, 1) for text, wide in zip(numbers, widths, strict=True))])
    return grid


def requests(report: SampleReport) -> Grid:
    """Table 2."""
    rows = [row for row in FORM.table("requests").rows if f"requests.{row.key}.total" in report.cells]
    grid: Grid = [
        [(NOTE, 3, 3), ("申请人情况", 7, 1)],
        [(COLUMNS[0], 1, 2), ("法人或其他组织", 5, 1), (COLUMNS[6], 1, 2)],
        [(label, 1, 1) for label in COLUMNS[1:6]],
    ]
    outcomes = sum(1 for row in rows if row.key not in ("received_new", "carried_in", "carried_out"))
    group = ""
    for row in rows:
        numbers: list[Cell] = [(printed(report, f"requests.{row.key}.{key}"), 1, 1) for key in KEYS]
        if row.key in ("received_new", "carried_in", "carried_out"):
            grid.append([(row.number + row.labels[0], 3, 1), *numbers])
            continue
        labels: list[Cell] = [("三、本年度办理结果", 1, outcomes)] if row.key == "granted" else []
        if row.group.startswith("（"):
            size = sum(1 for other in rows if other.group == row.group)
            labels += [(row.group, 1, size)] if row.group != group else []
            labels.append((row.number + row.labels[0], 1, 1))
        else:
            labels.append((row.number + row.labels[0], 2, 1))
        group = row.group
        grid.append([*labels, *numbers])
    return grid


def disputes(report: SampleReport) -> Grid:
    """Table 3."""
    cells = FORM.table("disputes").rows[0].cells
    return [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*((label, 1, 2) for label in RESULTS), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [(label, 1, 1) for label in RESULTS * 2],
        [(printed(report, cell.key), 1, 1) for cell in cells],
    ]


def statistics(report: SampleReport) -> Grid:
    """The statistics of 2018: an indicator a row, its unit and its number."""
    assert STATISTICS is not None
    rows = {row.key: row for row in STATISTICS.rows}
    grid: Grid = [[("统计指标", 1, 1), ("单位", 1, 1), ("统计数", 1, 1)]]
    for key, number in report.statistics.items():
        grid.append([(rows[key].labels[0], 1, 1), (rows[key].unit, 1, 1), (str(number), 1, 1)])
    return grid
