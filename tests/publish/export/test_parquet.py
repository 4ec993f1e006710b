"""The long files: every cell with its place as the database has it, findings, changes, what was expected."""

import sqlite3
from contextlib import closing

import pytest

pq = pytest.importorskip("pyarrow.parquet")

from publish.export.build import build  # noqa: E402
from publish.export.cells import COLUMNS  # noqa: E402
from tests.publish.export.made_database import SEEN  # noqa: E402

OF_A_CELL = [column.name for column in COLUMNS[2:20] if column.name not in ("value_read", "corrected")]


def rows(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


@pytest.mark.parametrize("source", ["made", "fictional"])
def test_every_cell_with_its_place(source, request, tmp_path):
    database = request.getfixturevalue("database") if source == "made" else request.getfixturevalue("fictional").db
    build(database, tmp_path / "data")
    names = ", ".join(f'c."{name}"' for name in OF_A_CELL)
    with closing(sqlite3.connect(database)) as connection:
        stored = connection.execute(
            f"select report_key, {names} from reports r join cells c on c.reading_id = r.numbers_reading_id "
            "where report_key not in ('r-withheld', 'r-hidden-document')"
        ).fetchall()
    written = [tuple(row[name] for name in ("report_key", *OF_A_CELL)) for row in rows(tmp_path / "data", "cells")]
    assert len(stored) >= 800
    assert sorted(written, key=repr) == sorted(stored, key=repr)


def test_what_is_printed_is_kept_to_the_letter(exported):
    kinds = {row["key"]: row for row in rows(exported, "cells") if row["report_key"] == "r-kinds"}
    fees, licences = kinds["disclosure.admin_fees_wan"], kinds["disclosure.licensing_decisions"]
    assert (fees["raw"], fees["value"]) == ("26.50", 26.5)
    assert (licences["raw"], licences["value"]) == ("1,036", 1036)
    assert (licences["url"], licences["captured_at"]) == ("http://town.example/2023.html?1", SEEN)
    assert licences["reader"] == "reader-1"


def test_a_correction_stands_beside_what_was_read(exported):
    cells = {row["key"]: row for row in rows(exported, "cells") if row["report_key"] == "r-corrected"}
    assert {key for key, row in cells.items() if row["corrected"]} == {
        *("disclosure.rules_issued", "disclosure.rules_repealed"),
    }
    issued, repealed = cells["disclosure.rules_issued"], cells["disclosure.rules_repealed"]
    assert (issued["value"], issued["value_read"]) == (6, 5)
    assert (repealed["value"], repealed["value_read"], repealed["state"]) == (None, 1, "na_mark")
    other = cells["disclosure.normdocs_issued"]
    assert (other["value"], other["value_read"]) == (0, 0)


def test_findings_within_and_across(exported):
    found = rows(exported, "findings")
    assert not {"r-withheld", "r-hidden-document"} & {row["report_key"] for row in found}
    flow = next(row for row in found if row["check_id"] == "T2-FLOW")
    assert (flow["verdict"], flow["left_value"], flow["right_value"], flow["cause"]) == ("fail", 7, 8, "source")
    assert flow["keys"] == ["requests.received_new.total"]
    across = [row for row in found if row["basis"] != "report"]
    assert {row["other_report_key"] for row in across} == {"r-2021"}  # those against a withheld report are not there
    assert [(row["verdict"], row["reason"], row["cautions"]) for row in across] == [
        *(("fail", None, ["T2-CARRY"]), ("not_assessable", "没有上年数", None), ("pass", None, None)),
    ]
    assert sum(row["times"] for row in found if row["check_id"] == "T2-ROWSUM") == 2


def test_of_a_withheld_passage_no_sentence_is_given(exported):
    (prose,) = [row for row in rows(exported, "findings") if row["check_id"] == "N-REQ"]
    assert prose["sentence"] is None


def test_the_older_tables_row_by_row(exported):
    first, fees, *_ = rows(exported, "statistics")
    assert (first["key"], first["label"], first["value"], first["cumulative"]) == (
        *("s_req_received", "s_req_received", 12, 120),
    )
    assert (fees["value"], fees["unit"]) == (251000, "元")  # as printed; the panel has it in the unit of its column
    cells = {row["key"]: row["value"] for row in rows(exported, "cells") if row["report_key"] == "r-2014"}
    assert cells[f"statistics.{first['position']}.cumulative"] == 120


def test_rollups(exported):
    (rollup,) = rows(exported, "rollups")
    assert (rollup["report_key"], rollup["stated"], rollup["parts_found"], rollup["parts_expected"]) == (
        "r-kinds",
        7,
        1,
        2,
    )


def test_changes(exported):
    (change,) = rows(exported, "changes")
    assert (change["report_key"], change["old_value"], change["old_state"]) == ("r-kinds", None, "blank")
    assert (change["new_value"], change["new_raw"]) == (4, "4")


def test_what_was_expected(exported):
    expected = {(row["agency_key"], row["year"]): row for row in rows(exported, "expected")}
    assert expected["a-town", 2023]["report_key"] == "r-kinds"
    assert (expected["a-county", 2024]["status"], expected["a-county", 2024]["why"]) == ("not_found", "host_down")
    withheld = expected["a-county", 2023]
    assert (withheld["report_key"], withheld["why"]) == (None, "withheld")


def test_duckdb_adds_up(exported):
    duckdb = pytest.importorskip("duckdb")
    total = duckdb.sql(
        f"select sum(value) from '{exported}/cells.parquet' "
        "where key = 'requests.received_new.total' and state = 'number'"
    ).fetchall()
    assert total == [(7,)]


def test_categories_are_dictionaries_in_the_file_too(exported):
    """A dictionary that names something twice is none to the writer: it writes what happens to be in memory."""
    about = pq.ParquetFile(exported / "cells.parquet").metadata.row_group(0)
    categories = {column.name for column in COLUMNS if column.kind == "category"}
    columns = [about.column(at) for at in range(about.num_columns)]
    assert all("RLE_DICTIONARY" in column.encodings for column in columns if column.path_in_schema in categories)
