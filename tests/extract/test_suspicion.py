"""A failed sum is doubt about numbers that were recognised, unless another sum confirms them."""

from extract.records import Cell, Finding, PageBox, Report
from extract.suspicion import suspect

RIGHT = ["a.x", "a.y", "a.total"]


def report():
    cells = {key: Cell(key, 1, "1", "number", 1.0, PageBox(2, (0, 0, 1, 1))) for key in [*RIGHT, "b.x", "b.y"]}
    cells["a.blank"] = Cell("a.blank", None, "", "blank", 1.0, PageBox(2, (0, 0, 1, 1)))
    return Report("report", cells=cells)


FAILED = Finding("T2-ROWSUM", "fail", (*RIGHT, "a.blank"), 2, 1)


def confidences(report):
    return {key: cell.confidence for key, cell in report.cells.items()}


def test_numbers_of_a_failed_sum_are_doubted_and_others_are_not():
    seen = suspect(report(), (FAILED,), {2})
    assert confidences(seen) == {"a.x": 0.7, "a.y": 0.7, "a.total": 0.7, "b.x": 1.0, "b.y": 1.0, "a.blank": 1.0}
    assert "no sum confirms it" in seen.cells["a.x"].reason
    assert [cell.value for cell in seen.cells.values()] == [cell.value for cell in report().cells.values()]


def test_a_number_that_another_sum_confirms_is_not_the_wrong_one():
    passed = Finding("T2-OUTCOME", "pass", ("a.x", "b.x"), 1, 1)
    seen = confidences(suspect(report(), (FAILED, passed), {2}))
    assert (seen["a.x"], seen["a.y"]) == (1.0, 0.7)


def test_what_was_not_recognised_is_not_suspected():
    assert suspect(report(), (FAILED,), ()) == report()
    assert suspect(report(), (FAILED,), {1}) == report()
