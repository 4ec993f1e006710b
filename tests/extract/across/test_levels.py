"""Roll-ups: a total is judged only where all parts were found, and nothing is counted twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.across.findings import caution
from extract.across.levels import KEYS, Figures, Rollup, Unit, roll_up
from extract.present_checks import InWords
from tests.documents import FORM

KEY = "requests.received_new.total"


def of(agency, number, scope=""):
    return Figures(agency, scope, {KEY: number})


def town(key, *numbers):
    return Unit(key, government=tuple(of(key, number) for number in numbers))


def row(scope, stated, unit):
    rows = roll_up(scope, {KEY: stated}, unit)
    assert [one.key for one in rows] == list(KEYS)
    return rows[0]


def told(scope, stated, unit):
    one = row(scope, stated, unit)
    return one.verdict, one.parts_sum, one.parts_found, one.parts_expected


COUNTY = Unit(
    "岚汀县",
    office=(of("县政府办", 5, "own_office"),),
    departments=(of("水务局", 3), of("林业局", 2, "own_office")),
    departments_expected=2,
    units=(town("砚池镇", 1), town("梧桐乡", 4)),
)


def test_a_city_adds_up_from_its_own_its_departments_and_its_counties():
    """The sum that forms.md gives: 3,607 = 349 + 933 + 2,216 + 109."""
    city = Unit(
        "云江市",
        government=(of("市政府", 349, "government_own"),),
        departments=(of("部门", 933),),
        departments_expected=1,
        units=(Unit("县区", (of("县区", 2216, "territory"),), departments_expected=9), town("园区", 109)),
    )
    assert told("territory", 3607, city) == ("equal", 3607, 4, 4)
    assert told("territory", 3608, city) == ("differs", 3607, 4, 4)
    assert told("level", 349 + 933, city) == ("equal", 1282, 2, 2)


def test_without_all_parts_there_is_no_verdict_on_the_sum():
    missing = replace(COUNTY, units=(town("砚池镇", 1), town("梧桐乡")))
    assert told("territory", 15, COUNTY) == ("equal", 15, 5, 5)
    assert told("territory", 15, missing) == ("incomplete", 11, 4, 5)
    assert told("territory", 11, missing) == ("incomplete", 11, 4, 5)
    assert told("territory", 10, missing) == ("exceeds", 11, 4, 5)
    assert told("territory", 15, Unit("空县", units=(town("甲"), town("乙")))) == ("incomplete", None, 0, 3)


@pytest.mark.parametrize(
    ("scope", "stated", "unit", "code"),
    [
        ("territory", None, COUNTY, "no_number"),
        ("", 15, COUNTY, "no_scope"),
        ("own_office", 5, COUNTY, "own"),
        ("government_own", 5, COUNTY, "own"),
        ("territory", 1, town("砚池镇", 1), "no_parts"),
        ("level", 5, replace(COUNTY, departments=(), departments_expected=0), "no_parts"),
        ("territory", 15, replace(COUNTY, departments_expected=None), "no_parts"),
        ("territory", 15, replace(COUNTY, departments=(*COUNTY.departments, of("粮食局", 0))), "more_than_expected"),
    ],
)
def test_what_cannot_be_judged_says_why(scope, stated, unit, code):
    one = row(scope, stated, unit)
    assert (one.verdict, one.code) == ("not_assessable", code)
    assert InWords(FORM, en=True).why_skipped(one.as_report_finding().as_finding())


def test_the_other_keys_are_not_assessable_where_nobody_states_them():
    assert {one.code for one in roll_up("territory", {KEY: 15}, COUNTY)[1:]} == {"no_number"}


def test_a_lower_unit_counts_by_its_own_territory_or_by_its_parts_never_by_both():
    city = Unit("云江市", office=(of("市政府办", 100),), units=(COUNTY,))
    assert told("territory", 115, city) == ("equal", 115, 2, 2)
    both = replace(COUNTY, government=(of("县政府", 20, "territory"),))
    assert told("territory", 120, replace(city, units=(both,))) == ("equal", 120, 2, 2)


def test_half_a_lower_unit_is_no_part_found_but_counts_for_what_is_exceeded():
    half = replace(COUNTY, units=(town("砚池镇", 1), town("梧桐乡")))
    city = Unit("云江市", office=(of("市政府办", 100),), units=(half,))
    assert told("territory", 115, city) == ("incomplete", 111, 1, 2)
    assert told("territory", 110, city) == ("exceeds", 111, 1, 2)


def test_a_report_of_the_level_stands_for_the_office_and_its_departments():
    level = replace(COUNTY, government=(of("县政府", 10, "level"),), departments=(of("水务局", 3),))
    assert told("territory", 15, level) == ("equal", 15, 5, 5)
    assert told("level", 10, level) == ("incomplete", 8, 2, 3)


def test_a_county_whose_scope_nobody_knows_is_not_taken_for_its_territory():
    unknown = Unit("岚汀县", government=(of("县政府", 20),), departments_expected=30)
    city = Unit("云江市", office=(of("市政府办", 100),), units=(unknown,))
    assert told("territory", 120, city) == ("incomplete", 100, 1, 2)


def test_a_county_of_which_nobody_knows_the_bureaus_is_only_whole_by_its_territory_report():
    unknown = replace(COUNTY, departments_expected=None)
    city = Unit("云江市", office=(of("市政府办", 100),), units=(unknown,))
    assert told("territory", 115, city) == ("incomplete", 115, 1, 2)
    assert told("territory", 14, unknown) == ("exceeds", 15, 5, None)
    bare = Unit("岚汀县", office=(of("县政府办", 20),), departments_expected=None)
    assert told("territory", 120, replace(city, units=(bare,))) == ("incomplete", 120, 1, 2)
    own = replace(unknown, government=(of("县政府", 15, "territory"),))
    assert told("territory", 115, replace(city, units=(own,))) == ("equal", 115, 2, 2)


def test_the_government_and_its_office_are_one_part():
    same = replace(COUNTY, government=(of("县政府", 5, "government_own"),))
    assert told("territory", 15, same) == ("equal", 15, 5, 5)
    unlike = replace(COUNTY, government=(of("县政府", 6, "government_own"),))
    assert told("territory", 15, unlike) == ("incomplete", 10, 4, 5)


def test_two_reports_of_one_bureau_are_one_part_if_they_agree():
    twice = replace(COUNTY, departments=(of("水务局", 3), of("水务局", 3), of("林业局", 2)))
    assert told("territory", 15, twice) == ("equal", 15, 5, 5)
    unlike = replace(COUNTY, departments=(of("水务局", 3), of("水务局", 4), of("林业局", 2)))
    assert told("territory", 15, unlike) == ("incomplete", 12, 4, 5)


def test_a_bureau_s_figures_for_its_whole_line_are_no_part():
    line = replace(COUNTY, departments=(of("水务局", 30, "territory"), of("林业局", 2)))
    assert told("territory", 15, line) == ("incomplete", 12, 4, 5)


def test_a_bureau_too_many_never_stands_for_a_town_that_is_missing():
    spare = replace(
        COUNTY, departments=(*COUNTY.departments, of("粮食局", 4)), units=(town("砚池镇", 1), town("梧桐乡"))
    )
    one = row("territory", 15, spare)
    assert (one.verdict, one.code, one.parts_found, one.parts_expected) == (
        "not_assessable",
        "more_than_expected",
        5,
        5,
    )
    city = Unit("云江市", office=(of("市政府办", 100),), units=(spare,))
    assert told("territory", 115, city) == ("incomplete", 115, 1, 2)


def test_a_part_without_the_number_was_not_found():
    blank = replace(COUNTY, departments=(of("水务局", None), of("林业局", 2)))
    assert told("territory", 15, blank) == ("incomplete", 12, 4, 5)


def test_a_roll_up_is_a_finding_with_its_coverage_and_caution():
    fails = Rollup(KEY, 16, 15.0, 5, 5, "differs").as_report_finding()
    assert (fails.basis, fails.verdict, fails.severity) == ("levels", "fail", "warn")
    assert fails.message == "报告总数 16 ≠ 各单位合计 15（找到 5/5 个组成单位）"
    assert "不能相加" in caution(*fails.cautions)[0]
    assert InWords(FORM, en=True).sentence(fails.as_finding()).endswith("add up to 15, off by 1")
    exceeds = Rollup(KEY, 10, 11, 4, 5, "exceeds").as_report_finding()
    assert "已找到" in InWords(FORM).sentence(exceeds.as_finding())
    assert Rollup(KEY, 15, 15, 5, 5, "equal").as_report_finding().verdict == "pass"
    partial = Rollup(KEY, 15, 11, 4, 5, "incomplete").as_report_finding()
    assert (partial.verdict, partial.code, partial.message) == ("not_assessable", "incomplete", "找到 4/5 个组成单位")


counts = st.one_of(st.none(), st.integers(0, 4))


@st.composite
def units(draw, depth=2):
    some = lambda scope: tuple(of("政府", number, scope) for number in draw(st.lists(counts, max_size=1)))  # noqa: E731
    bureaus = draw(st.lists(counts, max_size=3))
    return Unit(
        "县",
        (*some("territory"), *some("level"), *some("government_own"), *some("")),
        tuple(of("办公室", number) for number in draw(st.lists(counts, max_size=1))),
        tuple(of(f"局{place}", number) for place, number in enumerate(bureaus)),
        draw(st.integers(0, 3)),
        tuple(draw(st.lists(units(depth=depth - 1), max_size=3))) if depth else (),
    )


@given(units(), st.sampled_from(["territory", "level"]), st.integers(0, 30))
def test_equal_and_differs_always_mean_that_every_part_was_found(unit, scope, stated):
    one = row(scope, stated, unit)
    if one.verdict in ("equal", "differs"):
        assert one.parts_found == one.parts_expected > 1
        assert (one.verdict == "equal") == (one.parts_sum == stated)
    elif one.verdict == "exceeds":
        assert one.parts_sum > stated
    elif one.verdict == "incomplete":
        assert one.parts_found < one.parts_expected


@st.composite
def whole_areas(draw, depth=2):
    """An area of which every part is there, and the number of its parts."""
    number = lambda: draw(st.integers(0, 9))  # noqa: E731
    bureaus = draw(st.integers(0, 3))
    lower = tuple(draw(st.lists(whole_areas(depth=depth - 1), max_size=3))) if depth else ()
    return Unit(
        "县",
        office=(of("办公室", number()),),
        departments=tuple(of(f"局{place}", number()) for place in range(bureaus)),
        departments_expected=bureaus,
        units=lower,
    )


def sum_of(unit):
    own = sum(report.numbers[KEY] for report in (*unit.office, *unit.departments))
    return own + sum(map(sum_of, unit.units))


def without_one(unit, chance):
    """The area with one report taken away, anywhere in it."""
    if unit.units and chance.random() < 0.6:
        place = chance.randrange(len(unit.units))
        lower = without_one(unit.units[place], chance)
        return replace(unit, units=(*unit.units[:place], lower, *unit.units[place + 1 :]))
    if unit.departments and chance.random() < 0.5:
        return replace(unit, departments=unit.departments[1:])
    return replace(unit, office=())


@given(whole_areas(), st.randoms(use_true_random=False))
def test_any_area_adds_up_and_a_single_missing_report_takes_the_verdict_away(unit, chance):
    if unit.is_one_part:
        return
    total = sum_of(unit)
    assert (row("territory", total, unit).verdict, row("territory", total + 1, unit).verdict) == ("equal", "differs")
    assert row("territory", total, without_one(unit, chance)).verdict == "incomplete"
