"""When a site and a page are due: by the table of days, the same for all who ask, and once due due until a run."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.items import Run, Site
from crawler.schedule import REST_DAYS, due_sites, page_is_due, site_is_due
from crawler.verdicts import NEEDS_A_PERSON

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
VERDICTS = sorted({"ok", "nothing_new", "fewer", "robots", *REST_DAYS, *NEEDS_A_PERSON})
URL = "http://town.example/a.html"


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def run(started, verdict="ok", site_id="town", finished=True):
    at = text(started)
    end = {"finished_at": at, "verdict": verdict, "finish_reason": "finished"} if finished else {}
    return Run(run_id=f"{site_id}-{at}", site_id=site_id, started_at=at, code_version="1", **end)


def days_to_next(runs):
    return (
        dt.datetime.fromisoformat(site_is_due(runs, NOW).next_at) - dt.datetime.fromisoformat(runs[0].started_at)
    ) / (dt.timedelta(days=1))


MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001  # hypothesis adds the zone
HISTORIES = st.builds(
    lambda moments, verdicts, finished, name: [
        run(m, v, name, finished or n > 0)
        for n, (m, v) in enumerate(zip(sorted(moments, reverse=True), verdicts, strict=False))
    ],
    st.lists(MOMENTS, max_size=8),
    st.lists(st.sampled_from(VERDICTS), min_size=8, max_size=8),
    st.booleans(),
    st.text("abcdefgh-0123456789", min_size=1),
)


@given(HISTORIES, MOMENTS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=500)))
def test_what_is_due_stays_due_and_is_due_from_next_at_on(runs, now, later):
    due = site_is_due(runs, now)
    assert due.reason
    assert not due.is_due or site_is_due(runs, now + later).is_due
    next_at = dt.datetime.fromisoformat(due.next_at)
    assert due.next_at.endswith("Z")
    assert due.is_due == (now.replace(microsecond=0) >= next_at)
    assert site_is_due(runs, next_at).is_due
    if not due.is_due:
        assert not site_is_due(runs, next_at - dt.timedelta(seconds=1)).is_due
        assert now < next_at <= dt.datetime.fromisoformat(runs[0].started_at) + dt.timedelta(days=28.5)


@given(
    HISTORIES.filter(
        lambda runs: runs and runs[0].finished_at and runs[0].verdict not in ("interrupted", "archive_failed")
    )
)
def test_no_site_is_asked_twice_within_half_a_day(runs):
    assert days_to_next(runs) >= 0.5


def test_a_site_that_was_never_crawled_or_was_cut_off_is_due_at_once():
    assert site_is_due([], NOW).is_due
    for last in (run(NOW, finished=False), run(NOW, "interrupted"), run(NOW, "not_run"), run(NOW, "archive_failed")):
        assert site_is_due([last], NOW).is_due


@pytest.mark.parametrize(
    ("verdict", "days"),
    [
        ("blocked", (1, 3, 7, 14, 28, 28, 28)),
        ("down", (1, 3, 7, 7)),
        ("robots", (7, 7)),
        ("empty", (7,)),
        ("redesigned", (7,)),
        ("moved", (7,)),
    ],
)
@pytest.mark.parametrize("month", [2, 8])
def test_a_site_that_gives_nothing_rests_longer_each_time_in_every_season(verdict, days, month):
    started = NOW.replace(month=month)
    for number, wanted in enumerate(days, 1):
        runs = [run(started - dt.timedelta(days=n), verdict) for n in range(number)]
        assert days_to_next([*runs, run(started - dt.timedelta(days=90))]) == pytest.approx(wanted, abs=0.5)


def test_one_good_run_ends_the_count():
    walls = [run(NOW - dt.timedelta(days=n), "blocked") for n in range(3)]
    assert days_to_next([walls[0], run(NOW - dt.timedelta(hours=1)), *walls[1:]]) == pytest.approx(1, abs=0.5)


@pytest.mark.parametrize(
    ("started", "days"),
    [((2026, 1, 2), 1), ((2026, 4, 29, 0), 1), ((2026, 5, 3), 7), ((2026, 12, 1), 7), ((2026, 12, 30), 2.5)],
)
def test_from_january_to_april_daily_else_weekly(started, days):
    gap = days_to_next([run(dt.datetime(*started, tzinfo=dt.UTC))])
    assert gap == pytest.approx(days, abs=0.5 if days != 2.5 else 1)


def test_a_thousand_sites_crawled_in_one_minute_are_due_all_over_the_day():
    hours = Counter(site_is_due([run(NOW, site_id=f"site-{n}")], NOW).next_at[11:13] for n in range(1000))
    assert len(hours) == 24
    assert max(hours.values()) < 100


def test_a_site_crawled_hourly_late_keeps_its_time_of_day():
    now, gaps = dt.datetime(2026, 1, 10, 9, 30, tzinfo=dt.UTC), []
    for _ in range(30):
        next_at = dt.datetime.fromisoformat(site_is_due([run(now)], now).next_at)
        begun = next_at + dt.timedelta(minutes=50)
        gaps.append(begun - now)
        now = begun
    assert set(gaps[1:]) == {dt.timedelta(days=1)}


def asked(days, kind="report", published="", first_seen="", url=URL):
    return page_is_due(kind, published, text(NOW - dt.timedelta(days=days)), NOW, url=url, first_seen_at=first_seen)


@pytest.mark.parametrize("kind", ["report", "document"])
def test_a_fresh_page_is_asked_for_weekly_and_an_old_one_yearly(kind):
    fresh, old = "2026-05-01", "2024-01-28"
    assert [asked(days, kind, fresh) for days in (0.1, 6, 6.9, 7)] == [False, False, True, True]
    assert [asked(days, kind, old) for days in (7, 60, 300, 430)] == [False, False, False, True]
    assert page_is_due(kind, old, "", NOW, url=URL)


def test_without_a_date_of_publication_the_first_sight_counts():
    for odd in ("", "没有日期", "2026年5月", "0000-00-00"):
        assert asked(7, published=odd, first_seen="2026-05-20T00:00:00Z")
        assert not asked(7, published=odd, first_seen="2025-05-20T00:00:00Z")
        assert asked(7, published=odd)


def test_a_list_is_asked_for_in_every_run_and_no_other_kind_is_known():
    assert asked(0, "list", "2019-01-01")
    with pytest.raises(ValueError, match="no such kind of page: 'lists'"):
        asked(0, "lists")


def test_the_yearly_requests_of_a_site_spread_over_months():
    first = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    urls = [f"http://town.example/{n}.html" for n in range(480)]
    weeks = Counter()
    for week in range(70):
        now = first + dt.timedelta(weeks=week)
        due = [u for u in urls if page_is_due("report", "2020-01-01", text(first), now, url=u)]
        weeks[week] = len(due) - sum(weeks.values())
    assert sum(weeks.values()) == 480
    assert max(weeks.values()) < 60
    assert min(week for week, number in weeks.items() if number) >= 43


@given(
    st.sampled_from(["report", "document"]),
    st.one_of(st.text(max_size=12), st.dates().map(str)),
    st.one_of(st.just(""), MOMENTS.map(text)),
    MOMENTS,
    st.text(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=900)),
)
def test_any_date_gives_an_answer_and_a_year_and_two_months_later_all_is_due(kind, published, last, now, url, later):
    page_is_due(kind, published, last, now, url=url)
    if last:
        then = dt.datetime.fromisoformat(last) + dt.timedelta(days=425) + later
        assert page_is_due(kind, published, last, then, url=url)


def test_due_sites_asks_the_archive_of_each_site(tmp_path):
    archive = Archive(tmp_path, holds="sample")
    for name, last in {"fresh": run(NOW, site_id="fresh"), "cut": run(NOW, site_id="cut", finished=False)}.items():
        with archive.writer(name) as writer:
            writer.note(last, last.started_at)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "index.cdxj").write_text("urn:gongkai:run:x no line\n")
    sites = [Site(id=name, start_url="http://town.example/") for name in ("new", "fresh", "cut", "torn")]
    found = due_sites(tmp_path, sites, NOW)
    assert [(site.id, due.reason) for site, due in found] == [
        ("new", "never crawled"),
        ("cut", "its last run was cut off and goes on"),
        ("torn", "its index is damaged and is put right by a crawl"),
    ]
