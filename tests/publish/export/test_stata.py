"""panel.dta, read back by two readers: every cell that has no number says why, in Stata's own way."""

import sqlite3
from contextlib import closing

import pytest

pyreadstat = pytest.importorskip("pyreadstat")
pandas = pytest.importorskip("pandas")

from publish.export import stata  # noqa: E402
from publish.export.build import build  # noqa: E402
from publish.export.panel import MISSING  # noqa: E402
from publish.export.spill import Spill  # noqa: E402
from publish.export.variables import ABOUT, variables  # noqa: E402

LETTERS = {"blank": "a", "na_mark": "b", "unreadable": "c", "absent": "d"}


@pytest.fixture(scope="module")
def read(exported):
    frame, about = pyreadstat.read_dta(exported / "panel.dta", user_missing=True)
    return frame.set_index("report_key", drop=False), about


def test_the_five_kinds_of_missing(read):
    frame, _ = read
    kinds = frame.loc["r-kinds"]
    assert kinds["rules_issued"] == "a"
    assert kinds["rules_repealed"] == "b"
    assert kinds["rules_in_force"] == "c"
    assert kinds["t2r03_ent"] == "d"  # the document lacks that cell
    assert kinds["t2r02_tot"] == "d"  # and all of that row
    assert kinds["rules_made"] == "d"  # a cell of another form
    assert frame.loc["", "t2r01_tot"] == "e"
    assert kinds["t2r01_tot"] == 7
    assert kinds["t2r01_ent"] == 0
    assert kinds["admin_fees_wan"] == 26.5
    assert frame.loc["r-2014", "s_trainees"] == "a"
    assert frame.loc["r-2014", "s_meetings"] == "c"
    assert frame.loc["r-2014", "t2r01_tot"] == "d"
    assert frame.loc["r-pictures", "t2r01_tot"] == "c"  # pages that nobody could read are not absent
    assert frame.loc["r-corrected", "rules_repealed"] == "b"


@pytest.mark.parametrize("source", ["made", "fictional"])
def test_every_cell_is_as_the_database_has_it(source, request, tmp_path, read):
    """Each report's cells, one by one, against the view that puts them together."""
    database = request.getfixturevalue("database") if source == "made" else request.getfixturevalue("fictional").db
    build(database, tmp_path / "data")
    frame, _ = pyreadstat.read_dta(tmp_path / "data" / "panel.dta", user_missing=True)
    rows = {row["report_key"]: row for row in frame.to_dict("records")}
    by_key = {variable.key: variable.name for variable in variables()}
    with closing(sqlite3.connect(database)) as connection:
        cells = connection.execute(
            "select report_key, key, value, state from reports r join cells c on c.reading_id = numbers_reading_id"
        ).fetchall()
    compared = 0
    for report, key, value, state in cells:
        if report in rows and key in by_key:
            assert rows[report][by_key[key]] == LETTERS.get(state, value), (report, key)
            compared += 1
    assert compared >= 800


def test_pandas_tells_them_apart_too(exported):
    with pandas.read_stata(exported / "panel.dta", iterator=True, convert_missing=True) as reader:
        frame = reader.read(convert_categoricals=False).set_index("report_key")
        labels = reader.value_labels()
    assert str(frame.loc["r-kinds", "rules_issued"]) == ".a"
    assert str(frame.loc["", "rules_issued"]) == ".e"
    assert len(labels) == len(variables())
    assert all(len(name) <= 32 for name in labels)
    plain = pandas.read_stata(exported / "panel.dta", convert_categoricals=False)
    assert plain["t2r01_tot"].sum() == 7


def test_labels_of_variables_and_of_what_is_missing(read, database, tmp_path):
    _, about = read
    assert about.column_names_to_labels["t2r05_np"] == "属于国家秘密：自然人"
    assert about.variable_value_labels["t2r05_np"] == {k: f"{zh} / {en}" for k, (zh, en) in MISSING.items()}
    build(database, tmp_path / "en", language="en")
    _, english = pyreadstat.read_dta(tmp_path / "en" / "panel.dta", metadataonly=True)
    assert english.column_names_to_labels["t2r05_np"] == "Denied: state secret: Natural persons"
    assert english.column_names_to_labels["province"] == "province"


def test_an_address_is_whole_or_left_to_the_csv(read):
    frame, about = read
    assert frame.loc["r-kinds", "url"].startswith("http://town.example/")
    assert not set(stata.LEFT_OUT) & set(about.column_names)
    assert stata._text("x" * 600) == ""


def test_counts_are_whole_numbers(read):
    _, about = read
    assert about.readstat_variable_types["t2r01_tot"] == "int32"
    assert about.readstat_variable_types["admin_fees_wan"] == "double"
    assert about.readstat_variable_types["year"] == "int32"


def test_a_number_too_large_for_stata_s_integers_is_kept_as_a_double(tmp_path):
    columns = variables()
    about = [{"string": "砚池", "integer": 1, "number": 0.5}[column.kind] for column in ABOUT]
    with Spill(tmp_path, len(about) + len(columns)) as spill:
        spill.add([about + [2**31] * len(columns), about + ["c"] * len(columns)])
        stata.write_dta(tmp_path / "panel.dta", spill, columns, "2024-02-01", "zh")
    frame, meta = pyreadstat.read_dta(tmp_path / "panel.dta", user_missing=True)
    assert meta.readstat_variable_types["t2r01_tot"] == "double"
    assert list(frame["t2r01_tot"]) == [2**31, "c"]
