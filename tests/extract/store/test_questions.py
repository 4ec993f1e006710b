"""Questions that people ask of the archive, in the SQL they would write."""

import sqlite3

import pytest

from extract import pipeline
from extract.search_text import fts_query
from sample.manifest import load
from tests.portal_archive import Builder, body

YEARS = (2021, 2022, 2023)
REPORTS = [report for report in load().reports if report.year in YEARS]
AGENCIES = ("岚汀县水务局", "岚汀县教育局", "砚池镇人民政府", "雁笙乡人民政府", "岚汀县人民政府办公室")


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    builder = Builder(folder / "archive")
    pages = {f"/{i}-{year}.html": body(name, year) for i, name in enumerate(AGENCIES) for year in YEARS}
    builder.run(pages, {url: [] for url in pages})
    pipeline.extract(builder.archive.root, folder / "archive.db", workers=2)
    return sqlite3.connect(folder / "archive.db")


def of_manifest(key, year=None):
    return [r.cells[key] for r in REPORTS if r.issuer in AGENCIES and year in (None, r.year)]


def test_requests_a_year_without_counting_twice(db):
    (total,) = db.execute("select sum(received_new) from requests where applicant = 'total' and year = 2023").fetchone()
    assert total == sum(of_manifest("requests.received_new.total", 2023))
    (parts,) = db.execute("select sum(received_new) from requests_by_applicant where year = 2023").fetchone()
    assert parts == total


def test_share_disclosed_in_full(db):
    row = db.execute(
        "select 1.0 * sum(granted) / sum(outcome_total) from requests where applicant = 'total' and issuer_printed = ?",
        [AGENCIES[0]],
    ).fetchone()
    granted = [r.cells["requests.granted.total"] for r in REPORTS if r.issuer == AGENCIES[0]]
    handled = [r.cells["requests.outcome_total.total"] for r in REPORTS if r.issuer == AGENCIES[0]]
    assert row[0] == pytest.approx(sum(granted) / sum(handled))


def test_townships_without_requests(db):
    names = {
        r[0]
        for r in db.execute(
            "select issuer_printed from requests where applicant = 'total' group by 1 having sum(received_new) = 0"
        )
    }
    assert names == {"雁笙乡人民政府"}


def test_grounds_of_refusal_by_year(db):
    grounds = ("denied_internal_affairs", "rejected_petition", "unavailable_not_held")
    found = db.execute(
        f"select year, {', '.join(f'sum({ground})' for ground in grounds)} from requests "
        "where applicant = 'total' group by year order by year"
    ).fetchall()
    assert found == [
        (year, *(sum(of_manifest(f"requests.{ground}.total", year)) for ground in grounds))
        for year in (2021, 2022, 2023)
    ]


def test_who_is_corrected_in_reconsideration_most_often(db):
    found = db.execute(
        "select issuer_printed, 1.0 * sum(corrected) / sum(total - pending) from disputes where route = 'review' "
        "group by 1 having sum(total - pending) > 0 order by 2 desc"
    ).fetchall()
    expected = {}
    for name in AGENCIES:
        reports = [r.cells for r in REPORTS if r.issuer == name]
        concluded = sum(c["disputes.review_total"] - c["disputes.review_pending"] for c in reports)
        if concluded > 0:
            expected[name] = sum(c["disputes.review_corrected"] for c in reports) / concluded
    assert dict(found) == pytest.approx(expected)
    assert expected


def test_licensing_and_penalties_a_year(db):
    found = db.execute(
        "select year, sum(licensing_decisions), sum(penalty_decisions), sum(coercion_decisions) from disclosure "
        "group by year order by year"
    ).fetchall()
    kinds = ("licensing", "penalty", "coercion")
    assert found == [
        (year, *(sum(of_manifest(f"disclosure.{kind}_decisions", year)) for kind in kinds))
        for year in (2021, 2022, 2023)
    ]


def test_who_published_how_late(db):
    found = db.execute(
        "select count(*), count(published_on), min(julianday(published_on) - julianday((year + 1) || '-01-31')) from reports"
    ).fetchone()
    assert found[0] == 3 * len(AGENCIES)
    assert found[1] > 0
    assert found[2] is not None


def test_reports_that_break_a_printed_sum(db):
    failed = set(
        db.execute(
            "select issuer_printed, year, check_id, subject from failed_checks where severity = 'error'"
        ).fetchall()
    )
    expected = {
        (r.issuer, r.year, v["check"], v["subject"]) for r in REPORTS if r.issuer in AGENCIES for v in r.violations
    }
    assert failed == expected
    assert expected
    counted = db.execute("select sum(failed_checks) from report_list").fetchone()[0]
    assert counted == sum(len(r.violations) for r in REPORTS if r.issuer in AGENCIES)
    severities = {row[0] for row in db.execute("select distinct severity from failed_checks")}
    assert "error" in severities
    assert severities <= {"error", "warn", "info"}


def test_carry_over_between_years(db):
    rows = db.execute(
        "select a.issuer_printed from requests a join requests b on b.issuer_printed = a.issuer_printed "
        "and b.year = a.year + 1 and b.applicant = a.applicant where a.carried_out <> b.carried_in and a.applicant = 'total'"
    ).fetchall()
    assert {row[0] for row in rows} == {"岚汀县水务局"}  # its 2021 report prints two too many, on purpose


def test_where_a_number_is_printed(db):
    row = db.execute(
        "select c.raw, c.table_index, c.row_index, c.column_index, d.url from reports r join cells c on c.reading_id = r.current_reading_id "
        "join report_documents d on d.report_id = r.id where r.issuer_printed = ? and r.year = 2022 and c.key = 'requests.received_new.total'",
        [AGENCIES[1]],
    ).fetchone()
    assert row[0] == str(
        next(r for r in REPORTS if r.issuer == AGENCIES[1] and r.year == 2022).cells["requests.received_new.total"]
    )
    assert None not in row


@pytest.mark.parametrize(
    ("words", "hits"), [("审核", 1), ("砚池镇", 3), ("年度 砚池", 3), ("不存在的词语", 0), ('"or" ( *', 0)]
)
def test_full_text_finds_words_of_any_length(db, words, hits):
    found = db.execute(
        "select count(*) from reports_fts where reports_fts match ?", [fts_query(words) or '""']
    ).fetchone()[0]
    assert found == hits or (hits == 1 and found > 0)


def test_the_codebook_names_every_column(db):
    rows = db.execute(
        "select count(*), count(distinct row_label_zh), count(law) from form_cells where form = '2021'"
    ).fetchone()
    assert rows[0] == 207
    assert rows[2] == 207
