"""panel.csv: one row a report, every cell under its short name, nothing that is withheld."""

import csv
import re
import shutil
import sqlite3

import pytest

from publish.export.build import build
from publish.export.variables import ABOUT, names, short_label, variables
from tests.publish.export.made_database import URL


@pytest.fixture(scope="module")
def panel(exported):
    with (exported / "panel.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_key(panel, key):
    (row,) = [row for row in panel if row["report_key"] == key]
    return row


def test_excel_is_told_the_encoding(exported):
    assert (exported / "panel.csv").read_bytes().startswith(b"\xef\xbb\xbfrow_id,")


def test_names_are_unique_and_legal_in_stata():
    header = names()
    assert len(set(map(str.lower, header))) == len(header)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,28}", name) for name in header)
    reserved = {"byte", "double", "float", "if", "in", "int", "long", "str", "using", "with"}
    assert not reserved & set(header)
    by_key = {variable.key: variable.name for variable in variables()}
    assert by_key["requests.denied_state_secret.natural_person"] == "t2r05_np"
    assert by_key["requests.other_all.total"] == "t2r21x_tot"
    assert by_key["disclosure.other_services_items_change"] == "other_services_items_change"
    assert by_key["disputes.lit_after_review_corrected"] == "lit_after_review_corrected"


def test_every_cell_is_a_column_once_and_says_its_forms():
    cells = {variable.key: variable for variable in variables()}
    assert len(cells) == len(variables()) == 29 + 26 * 7 + 15 + 58
    assert cells["requests.granted.total"].forms == ("2019", "2021")
    assert cells["disclosure.rules_made"].forms == ("2019",)
    assert cells["s_req_received"].forms == ("2014",)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_fit_and_differ(language):
    labels = [short_label(variable, language) for variable in variables()]
    assert all(0 < len(label) <= 80 for label in labels)
    of_forms = [label for label, v in zip(labels, variables(), strict=True) if not v.key.startswith("s_")]
    assert language == "en" or len(set(of_forms)) == len(of_forms)


def test_a_row_is_a_report_and_what_was_not_found_follows(panel):
    assert [row["report_key"] for row in panel] == [
        *("r-kinds", "r-second", "r-2021", "r-2014", "r-pictures", "r-corrected", ""),
    ]
    assert [row["row_id"] for row in panel] == [str(number) for number in range(1, 8)]
    last = panel[-1]
    assert (last["report_status"], last["agency_key"], last["year"]) == ("not_found", "a-county", "2024")
    assert last["not_found_because"] == "host_down"
    assert last["county"] == "岚汀县"
    assert last["t2r01_tot"] == ""


def test_numbers_stand_and_a_missing_one_is_empty(panel):
    row = by_key(panel, "r-kinds")
    assert (row["t2r01_np"], row["t2r01_tot"], row["t2r01_ent"]) == ("7", "7", "0")
    assert (row["licensing_decisions"], row["admin_fees_wan"]) == ("1036", "26.5")
    assert (row["rules_issued"], row["rules_repealed"], row["rules_in_force"]) == ("", "", "")
    counts = {state: row[f"cells_{state}"] for state in ("number", "blank", "na_mark", "unreadable", "absent")}
    assert counts == {"number": "189", "blank": "1", "na_mark": "1", "unreadable": "1", "absent": "8"}


def test_a_second_report_of_one_agency_and_year_says_so(panel):
    assert by_key(panel, "r-second")["duplicate_of"] == "r-kinds"
    assert [row["report_key"] for row in panel if row["duplicate_of"]] == ["r-second"]


def test_of_two_reports_the_one_to_keep_is_told_by_what_they_say_and_not_by_their_rows(database, tmp_path):
    copy = tmp_path / "copy.db"
    shutil.copy(database, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("update reports set scope = null where report_key = 'r-second'")  # it has more numbers
    build(copy, tmp_path / "data")
    with (tmp_path / "data" / "panel.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["report_key"]: row["duplicate_of"] for row in csv.DictReader(file) if row["duplicate_of"]}
    assert told == {"r-kinds": "r-second"}


@pytest.mark.parametrize(("member", "is_kept"), [("", False), ("b.html", True)])
def test_a_document_that_is_withheld_in_a_zip_takes_no_other_report_with_it(database, tmp_path, member, is_kept):
    copy = tmp_path / "copy.db"
    shutil.copy(database, copy)
    with sqlite3.connect(copy) as connection:
        of = "(select current_reading_id from reports where report_key = 'r-2021')"
        connection.execute(
            "insert into withheld (what, target, passage, reason, decided_by, decided_on) "
            f"select 'document', sha256, '', 'r', '甲', '2026-01-31' from readings where id = {of}"
        )
        connection.execute(f"update readings set member = ? where id = {of}", [member])
    build(copy, tmp_path / "data")
    with (tmp_path / "data" / "panel.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ("r-2021" in {row["report_key"] for row in csv.DictReader(file)}) is is_kept


def test_where_an_agency_is_as_of_the_year(panel):
    row = by_key(panel, "r-kinds")
    places = [row[name] for name in ("province", "prefecture", "county", "township", "level")]
    assert places == ["云泽省", "岚汀市", "岚汀县", "砚池镇", "township"]
    assert (row["region_code"], row["region_code_edition"]) == ("990102101", "2022")
    before = by_key(panel, "r-2021")
    assert (before["region_code"], before["region_code_edition"]) == ("990101101", "2020")
    unknown = by_key(panel, "r-2014")
    assert (unknown["agency_key"], unknown["province"], unknown["region_code"]) == ("", "", "")


def test_where_the_numbers_come_from(panel):
    row = by_key(panel, "r-kinds")
    assert (row["sha256"], row["url"]) == (f"{1:064x}", URL + "?1")
    assert (row["checks_failed_error"], row["checks_failed_warn"], row["checks_failed_across"]) == ("1", "1", "2")


def test_the_older_statistics_in_the_unit_of_their_column(panel):
    row = by_key(panel, "r-2014")
    assert (row["s_req_received"], row["s_fees_wan"]) == ("12", "25.1")
    assert row["missed_at"] == "2024-05-01T00:00:00Z"
    assert row["s_meetings"] == ""  # two figures that contradict each other


def test_corrections_are_applied(panel):
    row = by_key(panel, "r-corrected")
    assert (row["rules_issued"], row["rules_repealed"], row["cells_corrected"]) == ("6", "", "2")


def test_a_text_is_no_formula(panel):
    assert by_key(panel, "r-second")["title"] == "'=1+1"


def test_pandas_reads_it_as_numbers(exported):
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(exported / "panel.csv")
    assert list(frame.columns[: len(ABOUT)]) == [about.name for about in ABOUT]
    assert frame["t2r01_tot"].sum() == 7
    assert frame["admin_fees_wan"].max() == 26.5


def test_applicants_can_be_added_up(exported):
    with (exported / "requests_by_applicant.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = [row for row in rows if row["report_key"] == "r-kinds"]
    assert [row["applicant"] for row in kinds] == [
        *("natural_person", "enterprise", "research", "social_org", "legal_service", "other_org"),
    ]
    assert [row["received_new"] for row in kinds] == ["7", "0", "0", "0", "0", "0"]
    assert [row["granted"] for row in kinds] == ["0", "", "0", "0", "0", "0"]
    assert not {"r-withheld", "r-hidden-document"} & {row["report_key"] for row in rows}
