"""Answers come back, as people save them: planted errors are counted as planted; what is wrong with a sheet is said."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from extract.accuracy import COLUMNS, AccuracyError, accuracy_rows, published
from gongkai import main
from publish.accuracy.document import BEGIN, DOCUMENT, END, RESULTS, with_section
from publish.accuracy.folder import FolderError
from publish.accuracy.rates import interval
from publish.accuracy.sheets import SheetError
from publish.accuracy.take import take

TODAY = "2026-04-02"


def numbers(readers, state):
    return [item["number"] for item in readers.told["items"] if (item["state"] == "number") == (state == "number")]


def whole(result):
    return result["rates"][0]


def test_all_right(readers):
    readers.fill("sheet-a.csv")
    readers.fill("sheet-b.csv")
    taken = take(readers.folder, taken_on=TODAY)
    assert (taken.agreement.alike, taken.agreement.kappa, taken.waiting) == (60, 1.0, 0)
    assert whole(taken.result) | {"wrong": 0, "judged": 60, "agreed": 60, "rate": 0.0, "low": 0.0} == whole(
        taken.result
    )
    assert 0 < whole(taken.result)["high"] < 0.2
    assert taken.result["readers"] == ["a", "b"]


def test_planted_errors_are_counted_by_kind_and_stratum(readers):
    ours = numbers(readers, "number")
    none = numbers(readers, "none")
    wrong = {ours[0]: "987654", ours[1]: "空白", ours[2]: "/", none[0]: "3", ours[3]: "?"}
    for name in ("sheet-a.csv", "sheet-b.csv"):
        readers.fill(name, wrong)
    result = take(readers.folder, taken_on=TODAY).result
    found = whole(result)
    kinds = ("other_number", "invented", "missed", "other_state", "wrong", "judged", "drawn")
    assert [found[kind] for kind in kinds] == [1, 2, 1, 0, 4, 59, 60]
    verdicts = {item["number"]: item["verdict"] for item in result["items"] if item["verdict"] != "right"}
    expected = ("other_number", "invented", "invented", "missed", "unjudged")
    assert verdicts == dict(zip(wrong, expected, strict=True))
    strata = [rate for rate in result["rates"] if "all" not in (rate["format"], rate["band"], rate["state"])]
    assert sum(rate["wrong"] for rate in strata) == 4
    assert found["rate"] == pytest.approx(
        sum(rate["cells"] * rate["rate"] for rate in strata) / sum(rate["cells"] for rate in strata), abs=2e-6
    )
    for rate in strata:
        if rate["judged"] < rate["cells"]:
            assert (rate["low"], rate["high"]) == pytest.approx(interval(rate["wrong"], rate["judged"]), abs=1e-6)
    for name in ("format", "band", "state"):
        others = {"format", "band", "state"} - {name}
        by = [r for r in result["rates"] if r[name] != "all" and all(r[o] == "all" for o in others)]
        assert sum(rate["wrong"] for rate in by) == 4
        assert sum(rate["cells"] for rate in by) == found["cells"]


def test_a_third_decides_what_the_two_disagree_on(readers):
    a, b, c = numbers(readers, "number")[:3]
    readers.fill("sheet-a.csv", {a: "111111", b: "222222"})
    readers.fill("sheet-b.csv", {b: "333333", c: "444444"})
    taken = take(readers.folder, taken_on=TODAY)
    assert (taken.result, taken.waiting, taken.agreement.alike) == (None, 3, 57)
    disputed = list(csv.DictReader(io.StringIO((readers.folder / "disputed.csv").read_text("utf-8-sig"))))
    assert [(int(row["item"]), row["a"], row["b"]) for row in disputed if int(row["item"]) == b] == [
        (b, "222222", "333333")
    ]
    assert [int(row["item"]) for row in readers.rows("sheet-c.csv")] == [a, b, c]
    assert take(readers.folder, taken_on=TODAY).waiting == 3  # asked again, still waiting
    readers.fill("sheet-c.csv", {a: "111111", c: "?"})
    result = take(readers.folder, readers=["L.", "W.", "Z."], taken_on=TODAY).result
    assert {item["number"]: item["verdict"] for item in result["items"] if item["verdict"] != "right"} == {
        a: "other_number",
        c: "unjudged",
    }
    assert whole(result)["agreed"] == 57
    assert result["readers"] == ["L.", "W.", "Z."]
    (told,) = (item for item in result["items"] if item["number"] == b)
    assert told["answers"]["first"] == "222222"
    assert told["answers"]["third"] == f"{int(told['value'])}"


def test_the_same_typed_otherwise_is_no_disagreement(readers):
    readers.fill("sheet-a.csv")
    rows = readers.rows("sheet-a.csv")
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    for row in rows:
        row["printed"] = row["printed"].translate(full) if row["printed"] != "空白" else "空"
    readers.save("sheet-b.csv", rows[::-1], encoding="gb18030", separator="\t")  # sorted, and saved by Excel
    assert take(readers.folder, taken_on=TODAY).agreement.alike == 60


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_however_it_is_saved(readers, encoding, separator):
    readers.fill("sheet-a.csv")
    readers.fill("sheet-b.csv", encoding=encoding, separator=separator)
    assert take(readers.folder, taken_on=TODAY).result["verdicts"] == {"right": 60}


def changed(readers, change):
    readers.fill("sheet-a.csv")
    readers.fill("sheet-b.csv")
    rows = readers.rows("sheet-b.csv")
    readers.save("sheet-b.csv", change(rows) or rows)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[4].update(printed=" "), "nothing is filled in for items 5;"),
        (lambda rows: rows[4].update(printed="十"), "item 5: “十” is no number"),
        (lambda rows: rows[4].update(sample="s20250101-1-00000000"), "another sample"),
        (lambda rows: rows[4].update(item="6"), "changed, doubled or not of it: 6.*items missing: 5"),
        (lambda rows: rows[4].update(item="61"), "not of it: 61"),
        (lambda rows: rows[4].update(item="x"), "not of it: x"),
        (lambda rows: rows[4].update(row="二、上年结转"), "items missing: 5"),
        (lambda rows: rows[1:], "items missing: 1"),
        (lambda rows: [*rows, rows[0]], "doubled or not of it: 1"),
        (
            lambda rows: [{k: v for k, v in row.items() if k != "printed"} for row in rows],
            "columns printed are missing",
        ),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said(readers, change, message):
    changed(readers, change)
    with pytest.raises(SheetError, match=r"sheet-b\.csv.*" + message):
        take(readers.folder, taken_on=TODAY)


def test_a_sheet_that_is_missing(readers):
    (readers.folder / "sheet-b.csv").unlink()
    readers.fill("sheet-a.csv")
    with pytest.raises(SheetError, match="put the filled sheet there"):
        take(readers.folder, taken_on=TODAY)
    with pytest.raises(FolderError, match="gongkai sample"):
        take(readers.folder / "pictures", taken_on=TODAY)


def run(*arguments):
    return CliRunner().invoke(main, ["sample", *(str(a) for a in arguments)])


def test_the_command_line(fictional, tmp_path):
    where = ("--archive", fictional.archive, "--db", fictional.db)
    drawn = run(40, "--seed", 3, "--out", tmp_path / "s", *where)
    assert drawn.exit_code == 0, drawn.output
    assert "40 cells" in drawn.output
    assert run(40, "--seed", 3, "--out", tmp_path / "s", *where).exit_code == 1
    assert run().exit_code == run(4, "--take", tmp_path / "s").exit_code == 2
    assert "nothing is filled in" in run("--take", tmp_path / "s").output
    from tests.publish.accuracy.conftest import Readers

    readers = Readers(tmp_path / "s")
    for name in ("sheet-a.csv", "sheet-b.csv"):
        readers.fill(name, {1: "987654"})
    refused = run("--take", tmp_path / "s")
    assert refused.exit_code == 1
    assert "made up" in refused.output
    taken = run("--take", tmp_path / "s", "--results", tmp_path / "r", "--reader", "L.", "--reader", "W.")
    assert taken.exit_code == 0, taken.output
    assert "1 of 40 wrong" in taken.output
    (path,) = (tmp_path / "r").iterdir()
    assert path.name.endswith("-3.json")
    rows = accuracy_rows(tmp_path / "r")
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0] | {"format": "all", "wrong": 1, "drawn": 40} == rows[0]
    assert len({(row["sampled_on"], row["format"], row["band"], row["state"]) for row in rows}) == len(rows)
    path.with_name("again.json").write_bytes(path.read_bytes())
    with pytest.raises(AccuracyError, match="keep one"):
        accuracy_rows(tmp_path / "r")
    text = with_section(f"x\n{BEGIN}\nold\n{END}\ny\n", [published(path)])
    assert text.startswith(f"x\n{BEGIN}\nSample `s")
    assert text.endswith(f"{END}\ny\n")
    assert "old" not in text
    assert "read against the originals by L. and W." in text


def test_a_result_changed_by_hand_is_refused(tmp_path):
    assert accuracy_rows(tmp_path / "none") == []
    path = tmp_path / "2026-01-01-1.json"
    for told in (
        "",
        "[]",
        '{"format": 2, "rates": []}',
        '{"format": 1, "sample": "s", "drawn_on": "d", "rates": [{}]}',
    ):
        path.write_text(told)
        with pytest.raises(AccuracyError, match=path.name):
            accuracy_rows(tmp_path)


def test_the_document_says_what_is_published():
    results = [published(path) for path in sorted(RESULTS.glob("*.json"))]
    text = DOCUMENT.read_text("utf-8")
    assert with_section(text, results) == text, "run: make docs"
    with pytest.raises(ValueError, match="put them where"):
        with_section("none", results)


def test_the_published_result_holds_the_sample_itself(readers):
    readers.fill("sheet-a.csv")
    readers.fill("sheet-b.csv")
    result = take(readers.folder, taken_on=TODAY).result
    told = readers.told
    assert {k: result[k] for k in ("seed", "drawn_on", "database", "strata")} == {
        k: told[k] for k in ("seed", "drawn_on", "database", "strata")
    }
    assert [item["key"] for item in result["items"]] == [item["key"] for item in told["items"]]
    json.dumps(result)
