"""Whose a report is, what it is compared with, what its sums rest on, and who is missing; each also from piece to piece."""

from dataclasses import replace

import pytest

from extract.store.database import open_for_writing
from tests.extract.store.made import CARRIED_IN, CARRIED_OUT, COUNTY, RECEIVED, Made, address, config

WATER, LATER, HEALTH, SCHOOLS = "岚汀县水务局", "岚汀县水利局", "岚汀县卫生健康局", "岚汀县教育局"
GOVERNMENT, OFFICE, TOWN, STREET = "岚汀县人民政府", "岚汀县人民政府办公室", "砚池镇人民政府", "鹤汀街道办事处"
TOWNS = (STREET, TOWN, "柳笙镇人民政府", "麦浦镇人民政府", "雁笙乡人民政府")
BEFORE, LATER_DAY, LAST_DAY = "2025-02-05T08:00:00Z", "2025-05-05T08:00:00Z", "2025-06-05T08:00:00Z"
OTHER_PLACE = "990102-2015,漪塘县,county,county,990100-2015,2015,,,,990102:2015-2023\n"
IN_BOTH = "990102100-2015,砚池镇,town,township,990102-2015,2015,,,,990102100:2015-2023\n"
LICENCES = "disclosure.licensing_decisions"


@pytest.fixture
def db(tmp_path):
    with open_for_writing(tmp_path / "a.db") as opened:
        yield opened


@pytest.fixture
def made(db):
    return Made(db)


def whose(made):
    return dict(
        made.rows(
            "select issuer_printed || ' ' || year, agency_key from reports r left join agencies a on a.id = agency_id"
        )
    )


# Agencies


def test_what_is_resolved_ambiguous_and_unknown_is_said_with_its_evidence(db, tmp_path):
    made = Made(db, config(tmp_path / "config", more_divisions=OTHER_PLACE + IN_BOTH))
    nowhere = replace(COUNTY, id="nowhere", start_url="http://nowhere.example/", name="", region_code="")
    made.site(nowhere)
    for issuer in (WATER, TOWN, "某某"):
        made.told(issuer, 2023, site=nowhere, title="年度报告" if issuer == "某某" else None)
    made.derive()
    assert made.rows("select issuer_printed, agency_status, agency_id is null from reports order by 1") == sorted(
        [(WATER, "resolved", 0), (TOWN, "ambiguous", 1), ("某某", "unknown", 1)]
    )
    evidence = made.rows(
        "select r.issuer_printed, e.source, e.region_id from agency_evidence e join reports r on r.id = report_id"
    )
    assert {region for issuer, source, region in evidence if issuer == TOWN and source == "candidate"} == {
        "990101100-2015",
        "990102100-2015",
    }
    assert (WATER, "title", "990101-2015") in evidence
    assert [source for issuer, source, _ in evidence if issuer == "某某"] == ["nothing found"]
    assert made.same_as_anew()


def test_two_printed_names_are_one_agency_with_both_names_whichever_came_first(made):
    made.site()
    made.told("岚汀县文化旅游局", 2022)
    made.derive()
    assert made.rows("select name from agencies where kind = 'department'") == [("岚汀县文化旅游局",)]
    made.told("岚汀县文化和旅游局", 2023)
    made.derive()
    assert made.rows("select name, agency_key from agencies where kind = 'department'") == [
        ("岚汀县文化和旅游局", "990101-2015:文化旅游局")
    ]
    assert made.rows("select name, first_year, last_year from agency_names order by 2") == [
        ("岚汀县文化旅游局", 2022, 2022),
        ("岚汀县文化和旅游局", 2023, 2023),
    ]
    assert made.same_as_anew()


def test_what_a_person_decided_is_who_it_is(db, tmp_path):
    decided = "identity,本单位,990101-2015:水务局,county,,it says so on the spot,seen\n"
    made = Made(db, config(tmp_path / "config", decided))
    made.site()
    made.told("本单位", 2023, title="年度报告")
    made.derive()
    assert whose(made) == {"本单位 2023": "990101-2015:水务局"}
    assert made.rows("select source, says from agency_evidence") == [("decided", "本单位 on county")]


def test_a_registry_that_says_otherwise_moves_the_reports_and_leaves_nothing_behind(made):
    bare = replace(COUNTY, name="", region_code="")
    made.site(bare)
    made.told("水务局", 2022, title="水务局2022年年度报告", site=bare)
    made.derive()
    assert whose(made) == {"水务局 2022": None}
    made.site(COUNTY, at=LATER_DAY)
    made.derive()
    assert whose(made) == {"水务局 2022": "990101-2015:水务局"}
    assert made.rows("select count(*) from agencies where basis = 'divisions'") == [(6,)]
    made.site(bare, at=LAST_DAY)
    made.derive()
    assert whose(made) == {"水务局 2022": None}
    assert made.rows("select count(*) from agencies") == made.rows("select count(*) from expected") == [(0,)]
    assert made.same_as_anew()


def test_an_agency_whose_last_report_turns_out_to_be_another_s_goes(made):
    made.site()
    sha256 = "a" * 64
    made.told("岚汀县档案局", 2022, sha256=sha256)
    made.told(WATER, 2023)
    made.derive()
    assert made.rows("select count(*) from agencies where name = '岚汀县档案局'") == [(1,)]
    made.read(sha256, WATER, 2022, reader="r2")
    made.derive()
    assert set(whose(made)) == {f"{WATER} 2022", f"{WATER} 2023"}
    assert made.rows("select count(*) from agencies where name = '岚汀县档案局'") == [(0,)]
    assert made.rows("select first_year from agencies where name = ?", WATER) == [(2022,)]
    assert made.same_as_anew()


# Versions


def test_a_page_and_its_file_are_compared_cell_by_cell_for_as_long_as_both_stand(made):
    made.site()
    file = f"{COUNTY.start_url}1.docx"
    url = made.told(WATER, 2023, {LICENCES: 12, RECEIVED: 0, CARRIED_IN: 3}, attachments=[file])
    made.received(file, "b" * 64)
    made.read(
        "b" * 64, WATER, 2023, {LICENCES: 15, RECEIVED: None, CARRIED_IN: 3}, media_type="application/wordprocessingml"
    )
    made.derive()
    asked = "select subject, reason, left_value, right_value, cautions from report_findings where basis = 'documents' order by 1"
    assert made.rows(asked) == [
        (LICENCES, "number", 12, 15, '["D-CELL"]'),
        (RECEIVED, "zero_blank", 0, None, '["D-CELL"]'),
    ]
    assert made.rows("select role from report_documents order by 1") == [("page",), ("twin",)]
    made.listed(url)
    made.derive()
    assert made.rows(asked) == []
    assert made.rows("select role from report_documents order by 1") == [("edition",), ("page",)]
    assert made.same_as_anew()


def test_changes_say_what_was_what_from_when_to_when_and_nothing_is_overwritten(made):
    made.site()
    for number, at in ((12, BEFORE), (14, "2025-04-05T08:00:00Z"), (12, LAST_DAY)):
        url = made.told(WATER, 2023, {LICENCES: number, RECEIVED: 1}, at=at, sha256=f"{number}" * 32)
        made.derive()
    assert made.rows("select key, old_value, new_value, old_last_seen, seen_at from changes order by seen_at") == [
        (LICENCES, 12, 14, BEFORE, "2025-04-05T08:00:00Z"),
        (LICENCES, 14, 12, "2025-04-05T08:00:00Z", LAST_DAY),
    ]
    assert made.rows("select licensing_decisions from disclosure") == [(12,)]
    assert made.rows("select count(*) from readings") == [(2,)]
    assert made.rows("select url, first_seen, last_seen from report_documents where role = 'page'") == [
        (url, BEFORE, LAST_DAY)
    ]
    assert made.same_as_anew()


def test_a_vanished_report_keeps_its_last_sight_and_the_first_day_it_was_missed(made):
    made.site()
    url = made.told(WATER, 2023, {RECEIVED: 7}, at=BEFORE)
    for at in (LATER_DAY, LAST_DAY):  # each run receives the page that says so, too
        made.received(url, "c" * 64, at=at, status=404)
        made.lost(url, "gone", at=at)
        made.derive()
    assert made.rows("select last_seen, missed_at from reports") == [(BEFORE, LATER_DAY)]
    assert made.rows("select received_new from requests where applicant = 'total'") == [(7,)]
    made.told(WATER, 2023, {RECEIVED: 7}, at="2025-07-05T08:00:00Z")
    made.derive()
    assert made.rows("select missed_at from reports") == [(None,)]
    assert made.same_as_anew()


# Years

CARRY = """
    select r.year, f.verdict, f.left_value, f.right_value, f.cautions
    from report_findings f join reports r on r.id = report_id
    where basis = 'years' and check_id = 'T2-CARRY' and subject = 'total' order by 1"""
NOT_HELD = """
    select distinct r.year, f.reason from report_findings f join reports r on r.id = report_id
    where basis = 'years' and check_id = 'T2-CARRY' and verdict = 'not_assessable' order by 1"""


def test_what_is_carried_over_is_held_against_the_year_before_over_a_change_of_name_too(made):
    made.site()
    made.told(LATER, 2024, {CARRIED_IN: 5})
    made.derive()
    assert made.rows(CARRY) == []
    made.told(WATER, 2023, {CARRIED_OUT: 4})
    made.told(WATER, 2022, {CARRIED_OUT: 9})
    made.derive()
    ((*row, cautions),) = made.rows(CARRY)
    assert row == [2024, "fail", 4, 5]
    assert "linked_by_rename" in cautions
    assert (2023, "no_number") in made.rows(NOT_HELD)
    assert made.rows("select last_year from agencies where name = ?", WATER) == [(2023,)]
    assert made.same_as_anew()


def test_over_a_merger_nothing_is_carried(db, tmp_path):
    merged = "merged,990101-2015:水务局,990101-2015:水利局,,2024,two became one,seen\n"
    made = Made(db, config(tmp_path / "config", merged))
    made.site()
    made.told(LATER, 2024, {CARRIED_IN: 5})
    made.told(WATER, 2023, {CARRIED_OUT: 4})
    made.derive()
    assert made.rows(CARRY) == []
    assert made.rows(NOT_HELD) == [(2024, "linked_by_merger")]


def test_the_report_before_that_turns_out_to_be_of_another_year_is_no_longer_compared(made):
    made.site()
    made.told(WATER, 2023, {CARRIED_OUT: 4}, sha256="d" * 64)
    made.told(WATER, 2024, {CARRIED_IN: 5}, title="年度报告")
    made.derive()
    assert [row[1] for row in made.rows(CARRY)] == ["fail"]
    made.read("d" * 64, WATER, 2020, {CARRIED_OUT: 4}, reader="r2")
    made.derive()
    assert made.rows(CARRY) == []
    assert made.same_as_anew()


PROSE = "本年度认真做好政府信息公开各项工作，主动公开政府信息若干条，完善制度，规范流程，加强培训，按时答复，没有因此被追究责任，今后将继续努力，进一步提高公开的质量和实效，接受社会监督，欢迎批评指正，并将及时改进工作中的不足之处。"
COPIED = "select r.issuer_printed, o.issuer_printed from report_findings f join reports r on r.id = report_id left join reports o on o.id = other_report_id where f.basis = 'neighbours' and verdict = 'fail' order by 1"


def test_copied_prose_is_told_between_neighbours_and_not_of_two_copies_of_one_report(made):
    made.site()
    mirror = replace(COUNTY, id="second", start_url="http://second.example/")
    made.site(mirror)
    made.told(TOWN, 2023, sections={"overview": PROSE})
    made.told(TOWN, 2023, sections={"overview": PROSE}, site=mirror)
    made.derive()
    assert made.rows("select count(*) from reports") == [(2,)]
    assert made.rows(COPIED) == []
    made.told("柳笙镇人民政府", 2023, sections={"overview": PROSE}, sha256="e" * 64)
    made.derive()
    assert {row[0] for row in made.rows(COPIED)} == {TOWN, "柳笙镇人民政府"}
    made.read("e" * 64, "柳笙镇人民政府", 2022, sections={"overview": PROSE}, reader="r2")
    made.derive()
    assert made.rows(COPIED) == []
    assert made.same_as_anew()


# Levels

SUMS = "select stated, parts_sum, parts_found, parts_expected, verdict, reason from rollups where key = ?"


def whole_county(made, total):
    made.site()
    made.told(GOVERNMENT, 2023, {RECEIVED: total}, scope="territory")
    made.told(OFFICE, 2023, {RECEIVED: 10}, scope="own_office")
    made.told(WATER, 2023, {RECEIVED: 20})
    for issuer in TOWNS:
        made.told(issuer, 2023, {RECEIVED: 1}, scope="government_own")


def test_equal_or_not_is_only_said_where_a_person_said_that_all_departments_are_known(db, tmp_path):
    made = Made(db, config(tmp_path / "config"))
    whole_county(made, 36)
    made.derive()
    assert made.rows(SUMS, RECEIVED) == [(36, 35, 7, None, "not_assessable", "no_parts")]


def test_with_all_departments_known_a_total_is_equal_differs_or_is_incomplete(made):
    whole_county(made, 36)
    made.derive()
    assert made.rows(SUMS, RECEIVED) == [(36, 35, 7, 7, "differs", None)]
    made.told(SCHOOLS, 2022, {RECEIVED: 4})  # a department more is expected of 2023, too
    made.derive()
    assert made.rows(SUMS, RECEIVED) == [(36, 35, 7, 8, "incomplete", None)]
    made.told(SCHOOLS, 2023, {RECEIVED: 1})
    made.derive()
    assert made.rows(SUMS, RECEIVED) == [(36, 36, 8, 8, "equal", None)]
    assert made.same_as_anew()


def test_a_unit_is_counted_once_though_it_reports_on_two_sites(made):
    whole_county(made, 36)
    second = replace(COUNTY, id="second", start_url="http://second.example/")
    made.site(second)
    made.told(TOWN, 2023, {RECEIVED: 1}, scope="government_own", site=second)
    made.told(WATER, 2023, {RECEIVED: 20}, site=second)
    made.derive()
    assert made.rows(SUMS, RECEIVED) == [(36, 35, 7, 7, "differs", None)]


def test_a_report_that_turns_out_to_be_of_its_own_office_states_no_total(made):
    whole_county(made, 36)
    made.derive()
    (sha256,) = made.rows(
        "select d.sha256 from report_documents d join reports r on r.id = report_id where issuer_printed = ?",
        GOVERNMENT,
    )[0]
    made.read(sha256, GOVERNMENT, 2023, {RECEIVED: 36}, scope="government_own", reader="r2")
    made.derive()
    assert made.rows(SUMS, RECEIVED) == []
    assert made.same_as_anew()


# Expected


def missing(made):
    return dict(
        made.rows(
            "select a.name || ' ' || year, coalesce(why, status) from expected e join agencies a on a.id = agency_id"
        )
    )


def test_who_is_expected_and_not_found_is_named_with_the_reason_and_no_number(made):
    made.site(at=LAST_DAY)
    made.told(GOVERNMENT, 2023, published_on="2024-04-06")
    made.told(WATER, 2023, published_on="2024-02-18")
    made.told(TOWN, 2023, published_on="2024-02-18")
    lost = {
        "柳笙镇人民政府": "gone", "麦浦镇人民政府": "robots", "雁笙乡人民政府": "blocked", STREET: "timeout",
    }  # fmt: skip
    for issuer, kind in lost.items():
        made.lost(address(issuer, 2023), kind, f"{issuer}2023年政府信息公开工作年度报告")
    made.derive()
    found = missing(made)
    county = "岚汀县"
    assert found[f"{county}柳笙镇人民政府 2023"] == "gone"
    assert found[f"{county}麦浦镇人民政府 2023"] == "robots"
    assert found[f"{county}雁笙乡人民政府 2023"] == "blocked"
    assert found[f"{county}{STREET} 2023"] == "host_down"
    assert found[f"{county}{STREET} 2024"] == "not_listed"
    assert made.rows(
        "select a.name, days_after_due, is_binding from expected join agencies a on a.id = agency_id where status = 'found' order by 1"
    ) == sorted([(GOVERNMENT, 6, 1), (WATER, 18, 1), (f"{county}{TOWN}", 18, 0)])
    assert made.rows(
        "select count(*) from expected where status = 'not_found' and (days_after_due is not null or report_id is not null)"
    ) == [(0,)]
    assert made.same_as_anew()


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("a picture, which is read by text recognition; install the extra: make setup EXTRAS=all", "image_only"),
        ("there is no text in it; if its pages are pictures (scans): make setup EXTRAS=all reads them", "image_only"),
        ("the file is damaged", "unreadable"),
    ],
)
def test_a_listed_document_that_could_not_be_read_is_said_to_be_so(made, error, why):
    made.site(at=LAST_DAY)
    made.told(WATER, 2023)
    url = address(TOWN, 2023)
    made.listed(url, f"{TOWN}2023年政府信息公开工作年度报告")
    made.received(url, "f" * 64)
    made.read("f" * 64, error=error)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2023"] == why
    made.read("f" * 64, TOWN, 2023, reader="r2")
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2023"] == "found"
    assert made.same_as_anew()


def test_what_failed_once_and_was_received_since_is_no_reason(made):
    made.site(at=LAST_DAY)
    made.told(WATER, 2023)
    url, file = address(TOWN, 2023), f"{COUNTY.start_url}t.pdf"
    made.listed(url, f"{TOWN}2023年政府信息公开工作年度报告", [file])
    made.lost(url, "timeout", at=BEFORE)
    made.received(url, "f" * 64, at=LATER_DAY)
    made.lost(file, "gone", at=LATER_DAY)
    made.read("f" * 64, error="the file is damaged")
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2023"] == "unreadable"
    made.lost(url, "gone", at=LAST_DAY)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2023"] == "gone"
    assert made.same_as_anew()


def test_a_run_that_brought_nothing_changes_why_and_a_new_year_who(made):
    made.site(at=BEFORE)
    made.told(WATER, 2022, at=BEFORE)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2022"] == "not_listed"
    assert f"岚汀县{TOWN} 2024" in missing(made)
    assert f"{GOVERNMENT} 2024" not in missing(made)  # due by the end of March
    made.site(verdict="robots", at=LATER_DAY)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2022"] == "robots"
    assert f"{GOVERNMENT} 2024" in missing(made)
    made.told(WATER, 2019, at=LATER_DAY)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2019"] == "robots"
    assert made.same_as_anew()


def test_a_place_of_another_site_is_looked_for_there(made):
    made.site(verdict="down", at=LAST_DAY)
    made.told(WATER, 2022)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2022"] == "host_down"
    towns = replace(COUNTY, id="z-towns", start_url="http://towns.example/")
    made.site(towns, at=LAST_DAY)
    made.lost("http://towns.example/1.html", "robots", f"{TOWN}2022年政府信息公开工作年度报告", site=towns)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2022"] == "robots"
    own = replace(COUNTY, id="own", start_url="http://own.example/", region_code="990101100")
    made.site(own, verdict="moved", at=LAST_DAY)
    made.derive()
    assert missing(made)[f"岚汀县{TOWN} 2023"] == "column_not_found"
    assert made.same_as_anew()


def test_the_first_reading_of_a_document_that_was_not_had_is_seen(made):
    made.site()
    url = made.told(WATER, 2023, {RECEIVED: 7}, sha256="a" * 64)
    made.listed(address(TOWN, 2023))
    made.received(address(TOWN, 2023), "b" * 64)
    made.read("b" * 64, error="not had", reader="archive")
    made.derive()
    made.read("b" * 64, TOWN, 2023, {RECEIVED: 1})
    made.derive()
    assert len(whose(made)) == 2
    assert url
    assert made.same_as_anew()


def test_a_year_that_one_report_alone_names_makes_nobody_missed_since_then(made):
    made.site(at=LAST_DAY)
    for issuer, year in ((WATER, 2022), (TOWN, 2022), (SCHOOLS, 2009)):
        made.told(issuer, year, at=LAST_DAY)
    made.derive()
    assert made.rows("select min(year) from expected") == [(2022,)]
    made.told(WATER, 2009, at=LAST_DAY)
    made.derive()
    assert made.rows("select min(year) from expected") == [(2009,)]
    assert f"岚汀县{TOWN} 2009" in missing(made)
    assert made.same_as_anew()
