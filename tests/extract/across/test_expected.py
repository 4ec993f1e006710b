"""Who should have reported: the day the law names, or none; late only where it binds; never "did not publish"."""

import datetime as dt

import pytest

from extract.across.expected import (
    Agency,
    Expected,
    Found,
    Known,
    basis_in_words,
    due,
    expect,
    is_expected,
    why_in_words,
    why_not_found,
)
from extract.across.findings import texts

TODAY = dt.date(2026, 11, 1)
BUREAU = Agency("岚汀县水务局", "department", "county", "r1")
COUNTY = Agency("岚汀县人民政府", "government", "county", "r1")
TOWN = Agency("岚汀县砚池镇人民政府", "township", "township", "r2")


def one(agency, year, found=None, known=None, today=TODAY):
    rows = list(
        expect([agency], year, {agency.key: found} if found else {}, {agency.key: known} if known else {}, today)
    )
    return rows[0] if rows else None


@pytest.mark.parametrize(
    ("kind", "level", "year", "basis", "due_on"),
    [
        ("department", "county", 2023, "article_49_departments", "2024-01-31"),
        ("central", "central", 2019, "article_49_departments", "2020-01-31"),
        ("office", "prefecture", 2023, "article_49_departments", "2024-01-31"),
        ("government", "county", 2023, "article_49_governments", "2024-03-31"),
        ("government", "province", 2023, "article_49_governments", "2024-03-31"),
        ("township", "township", 2023, "township", None),
        ("government", "township", 2023, "township", None),
        ("subdistrict", "township", 2023, "township", None),
        ("vertical", "county", 2023, "vertical", None),
        ("functional_area", "prefecture", 2023, "not_named", None),
        ("department", "", 2023, "not_named", None),
        ("department", "county", 2018, "article_31_2007", "2019-03-31"),
        ("township", "township", 2018, "article_31_2007", "2019-03-31"),
        ("functional_area", "prefecture", 2018, "not_named_2007", None),
    ],
)
def test_the_day_is_that_of_the_law_in_force_when_the_report_was_due(kind, level, year, basis, due_on):
    its = due(kind, level, year)
    assert (its.basis, its.due_on and its.due_on.isoformat(), its.is_binding) == (basis, due_on, due_on is not None)
    assert all(basis_in_words(basis))


def test_late_and_early_by_days():
    late = one(BUREAU, 2023, Found("r7", "2024-02-29"))
    assert late == Expected(
        BUREAU.key, "r1", 2023, "article_49_departments", dt.date(2024, 1, 31), True, "found", 29, "r7"
    )
    assert late.is_late
    early = one(COUNTY, 2023, Found("r8", "2024-02-29"))
    assert (early.days_after_due, early.is_late) == (-31, False)
    assert not one(BUREAU, 2023, Found("r7", "2024-01-31")).is_late


def test_a_township_is_never_late_but_its_days_are_told():
    row = one(TOWN, 2023, Found("r9", "2024-03-01"))
    assert (row.due_on, row.is_binding, row.days_after_due, row.is_late) == (None, False, 30, False)
    assert one(TOWN, 2018, Found("r9", "2019-04-02")).is_late


@pytest.mark.parametrize(
    ("published_on", "first_seen", "days"),
    [
        ("", "2024-05-01T08:00:00Z", None),
        ("2024-02-30", "", None),
        ("2023-06-01", "", None),
        ("2023-12-29", "", -33),
        ("2025-08-09", "2024-02-02T03:04:05Z", 2),
        ("2024-01-20", "2024-05-01T08:00:00Z", -11),
    ],
)
def test_only_a_date_that_can_be_that_of_publication_counts(published_on, first_seen, days):
    assert one(BUREAU, 2023, Found("r", published_on, first_seen)).days_after_due == days


@pytest.mark.parametrize(
    ("agency", "year", "today", "expected"),
    [
        (BUREAU, 2023, dt.date(2024, 1, 31), False),
        (BUREAU, 2023, dt.date(2024, 2, 1), True),
        (COUNTY, 2023, dt.date(2024, 2, 1), False),
        (COUNTY, 2023, dt.date(2024, 4, 1), True),
        (TOWN, 2023, dt.date(2024, 2, 1), True),
        (BUREAU, 2007, TODAY, False),
        (BUREAU, 2008, TODAY, True),
        (Agency("新局", "department", "county", "r1", first_year=2019), 2018, TODAY, False),
        (Agency("新局", "department", "county", "r1", first_year=2019), 2019, TODAY, True),
        (Agency("旧局", "department", "county", "r1", last_year=2018), 2018, TODAY, True),
        (Agency("旧局", "department", "county", "r1", last_year=2018), 2019, TODAY, False),
    ],
)
def test_expected_is_who_was_there_in_a_year_whose_day_has_passed(agency, year, today, expected):
    assert is_expected(agency, year, today) == expected
    assert (one(agency, year, today=today) is not None) == expected


AFTER, BEFORE = "2024-05-01T00:00:00Z", "2023-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (Known(), "not_crawled"),
        (Known(runs=(("ok", AFTER),)), "not_listed"),
        (Known(runs=(("nothing_new", AFTER),)), "not_listed"),
        (Known(runs=(("fewer", AFTER),)), "not_listed"),
        (Known(runs=(("ok", BEFORE),)), "not_crawled"),
        (Known(runs=(("cut", AFTER), ("ok", AFTER))), "not_crawled"),
        (Known(runs=(("interrupted", AFTER),)), "not_crawled"),
        (Known(runs=(("down", AFTER), ("ok", AFTER))), "host_down"),
        (Known(runs=(("blocked", AFTER),)), "blocked"),
        (Known(runs=(("robots", AFTER),)), "robots"),
        (Known(runs=(("redesigned", AFTER),)), "column_not_found"),
        (Known(runs=(("empty", AFTER),)), "column_not_found"),
        (Known(runs=(("moved", AFTER),)), "column_not_found"),
        (Known(runs=(("ok", AFTER),), is_listed=True), "not_crawled"),
        (Known(runs=(("ok", AFTER),), is_listed=True, failures=("gone",)), "gone"),
        (Known(runs=(("ok", AFTER),), failures=("too_large", "timeout")), "host_down"),
        (Known(runs=(("ok", AFTER),), failures=("too_large",)), "not_received"),
        (Known(failures=("gone",), read="image_only"), "image_only"),
        (Known(read="unreadable"), "unreadable"),
        (Known(read="unreadable", is_withheld=True), "withheld"),
    ],
)
def test_what_was_not_found_says_what_stood_in_the_way(known, why):
    row = one(BUREAU, 2023, known=known)
    assert (row.status, row.why, row.days_after_due, row.is_late, row.report) == ("not_found", why, None, False, "")
    assert why_not_found(known, dt.date(2024, 1, 31)) == why
    zh, en = why_in_words(why)
    assert zh
    assert en.isascii()


def test_no_words_say_that_a_body_did_not_publish():
    for zh, en in texts()["not_found"].values():
        assert zh.startswith(("没有找到", "没有读到"))
        assert "未公布" not in zh
        assert "did not publish" not in en


def test_all_of_a_county_at_once():
    rows = list(expect([BUREAU, COUNTY, TOWN], 2023, {TOWN.key: Found("r9")}, {}, TODAY))
    assert [(row.agency, row.status, row.why) for row in rows] == [
        (BUREAU.key, "not_found", "not_crawled"),
        (COUNTY.key, "not_found", "not_crawled"),
        (TOWN.key, "found", ""),
    ]
