"""What a run came to, from what it stored, and when a person is asked to look."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Run
from crawler.verdicts import NEEDS_A_PERSON, judge_run, last_with_reports, needs_a_person

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
LISTED = {"captures": 12, "pages": 11, "reports": 10}


def run(days_ago, verdict, finished=True, **counts):
    at = (NOW - dt.timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    end = {"finished_at": at, "verdict": verdict, "finish_reason": "finished"} if finished else {}
    return Run(run_id=at, site_id="town", started_at=at, code_version="1", counts=counts, **end)


def before(reports=10, **more):
    return run(7, "ok", reports=reports, **more)


@pytest.mark.parametrize(
    ("counts", "previous", "verdict"),
    [
        (LISTED | {"new": 3}, None, "ok"),
        (LISTED | {"changed": 1, "unchanged": 9}, before(), "ok"),
        (LISTED | {"unchanged": 11}, before(), "nothing_new"),
        (LISTED | {"new": 1, "reports": 7}, before(), "ok"),
        (LISTED | {"new": 1, "reports": 6}, before(), "fewer"),
        (LISTED | {"new": 1, "blocked": 1}, before(), "ok"),
        (LISTED | {"reports": 2, "blocked": 3}, before(), "blocked"),
        (LISTED | {"reports": 2, "blocked": 1}, before(blocked=1), "fewer"),
        ({"captures": 5, "pages": 4}, None, "empty"),
        ({"captures": 5, "pages": 4, "skipped": 3}, None, "empty"),
        ({"captures": 5, "pages": 4}, before(), "redesigned"),
        ({"captures": 2, "not_followed": 1, "failures": 1}, before(), "moved"),
        ({"captures": 2, "not_followed": 1, "failures": 1}, None, "moved"),
        ({"captures": 5, "pages": 4, "not_followed": 1, "failures": 1}, None, "empty"),
        ({"captures": 2, "gone": 1, "failures": 1}, before(), "redesigned"),  # the server answers: the column has moved
        ({"captures": 2, "gone": 1, "failures": 1}, None, "empty"),
        ({"captures": 4, "blocked": 3, "failures": 3}, before(), "blocked"),
        ({"captures": 1, "robots": 1, "failures": 1}, before(), "robots"),
        ({"captures": 4, "pages": 3, "robots": 10}, before(robots=1), "robots"),
        ({"captures": 4, "pages": 3, "robots": 1}, before(robots=1), "redesigned"),
        ({"refused": 1, "failures": 1}, before(), "down"),
        ({"captures": 6, "server_error": 1, "failures": 1}, before(), "down"),  # 503 to each of six tries
        (
            {"captures": 9, "pages": 6, "unlisted": 5, "server_error": 1, "failures": 1},
            before(),
            "down",
        ),  # only its lists
        ({"captures": 9, "pages": 6, "unlisted": 5, "timeout": 1, "failures": 1}, before(timeout=1), "redesigned"),
        ({"captures": 9, "pages": 6, "unlisted": 10}, before(), "redesigned"),
        ({"captures": 5, "pages": 4, "timeout": 1, "failures": 1}, None, "empty"),
        ({"captures": 9, "pages": 2, "server_error": 20, "failures": 20}, None, "down"),  # its reports, all of them
        ({"captures": 2, "pages": 2, "timeout": 2, "failures": 2}, None, "empty"),
        (LISTED | {"reports": 2, "server_error": 8}, before(), "down"),
        (LISTED | {"reports": 2, "server_error": 8}, before(server_error=8), "fewer"),
        (LISTED | {"reports": 2, "timeout": 1}, before(), "fewer"),
        ({}, None, "empty"),
    ],
)
def test_a_run_is_judged_by_what_it_stored(counts, previous, verdict):
    assert judge_run("finished", counts, previous) == verdict


def test_how_it_ended_goes_before_what_it_counted():
    assert judge_run("archive_failed", LISTED, None) == "archive_failed"
    assert judge_run("shutdown", LISTED, None) == "interrupted"
    assert judge_run("closespider_pagecount", LISTED, None) == "cut"
    assert judge_run("closespider_timeout", LISTED | {"reports": 2}, before()) == "cut"  # not fewer: it saw a part
    assert judge_run("closespider_pagecount", {"captures": 9, "pages": 9}, before()) == "cut"
    assert judge_run("closespider_timeout", {"captures": 2, "timeout": 9}, before()) == "down"


@given(
    st.text(max_size=20) | st.just("finished"),
    st.dictionaries(
        st.sampled_from(["captures", "pages", "reports", "new", "blocked", "robots", "timeout"]), st.integers(0, 99)
    ),
    st.none() | st.builds(before, st.integers(1, 99)),
)
def test_every_run_gets_a_verdict_that_is_written_down(finish_reason, counts, previous):
    assert judge_run(finish_reason, counts, previous) in (Run.__doc__ or "")


def test_a_run_is_measured_by_the_last_that_found_reports():
    runs = [
        run(1, "blocked", reports=2),
        run(2, "down"),
        run(3, "ok", finished=False),
        run(4, "fewer", reports=6),
        before(),
    ]
    assert last_with_reports(runs) == runs[3]
    assert last_with_reports(runs[:3]) is None
    cut = run(0, "cut", reports=3)
    assert last_with_reports([cut, *runs]) == runs[3]
    assert last_with_reports([cut, *runs[:3]]) == cut


@pytest.mark.parametrize(
    ("verdicts", "verdict", "number"),
    [
        (["ok"], "", 0),
        (["nothing_new", "ok", "redesigned"], "", 0),
        (["robots"] * 9, "", 0),
        (["blocked", "blocked", "ok"], "", 0),
        (["blocked", "blocked", "down", "blocked"], "", 0),
        (["blocked"] * 3 + ["ok"], "blocked", 3),
        (["down"] * 5, "down", 5),
        (["redesigned", "redesigned", "ok"], "redesigned", 2),
        (["empty"], "empty", 1),
        (["cut"] * 7, "", 0),
        (["cut"] * 8, "cut", 8),
        (["archive_failed", "ok"], "archive_failed", 1),
        ([], "", 0),
    ],
)
def test_a_person_is_asked_when_nothing_but_a_person_helps(verdicts, verdict, number):
    runs = [run(days, one) for days, one in enumerate(verdicts)]
    matter = needs_a_person(runs, NOW)
    if not verdict:
        assert matter is None
        return
    assert (matter.verdict, matter.runs, matter.since) == (verdict, number, runs[number - 1].started_at)
    assert matter.what_to_do == NEEDS_A_PERSON[verdict].what_to_do


def test_a_run_at_work_is_left_alone_and_one_that_never_ends_is_told():
    assert needs_a_person([run(1, "", finished=False)], NOW) is None
    assert needs_a_person([run(3, "", finished=False)], NOW).verdict == "interrupted"


def test_lost_reports_are_shown_for_two_weeks_or_until_they_are_back():
    lost = [run(3, "fewer", reports=5), run(4, "ok", reports=10)]
    assert needs_a_person(lost, NOW).verdict == "fewer"
    later = needs_a_person([run(1, "nothing_new", reports=5), *lost], NOW)
    assert (later.verdict, later.since) == ("fewer", lost[0].started_at)
    assert needs_a_person([run(1, "ok", reports=9), *lost], NOW) is None
    assert needs_a_person([run(1, "nothing_new", reports=5), *lost], NOW + dt.timedelta(days=12)) is None
