"""How the crawl stands: what waits for a person first, as of now, from the archive alone."""

import datetime as dt
import json

import pytest

from crawler.archive import Archive, ArchiveMissingError
from crawler.items import Run, Site
from crawler.status import summarise

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
SITES = [
    Site(id=name, name=name.upper(), start_url="http://town.example/") for name in ("good", "walled", "new", "torn")
]


def note(archive, name, days_ago, verdict, **counts):
    at = (NOW - dt.timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    run = Run(
        run_id=f"{name}-{at}",
        site_id=name,
        started_at=at,
        finished_at=at,
        code_version="1",
        verdict=verdict,
        finish_reason="finished",
        counts=counts,
    )
    with archive.writer(name) as writer:
        writer.note(run, at)


@pytest.fixture
def archive(tmp_path):
    archive = Archive(tmp_path, holds="real")
    for days in (200, 160, 60, 31, 8, 1):
        note(archive, "good", days, "ok" if days > 8 else "nothing_new", reports=12)
    for days in (94, 66, 38, 10):
        note(archive, "walled", days, "blocked", blocked=3)
    note(archive, "left-out", 3, "ok", reports=1)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "index.cdxj").write_text("urn:gongkai:run:x no line\n")
    return archive


def test_what_waits_for_a_person_stands_first_with_since_when_and_what_to_do(archive):
    told = summarise(archive.root, SITES, NOW)
    assert [(site.site_id, matter.verdict, matter.runs) for site, matter in told.waiting] == [
        ("torn", "damaged", 0),
        ("walled", "blocked", 4),
    ]
    lines = told.as_text().splitlines()
    assert lines[0] == "Waits for a person:"
    assert lines[3] == f"{'walled':<28} blocked       since 2026-03-13, 4 runs"
    assert "write to its web" in lines[4]
    assert "last 30 days    2 nothing_new · 1 blocked" in lines
    assert "due now         2 of 4 sites, as of 2026-06-15T12:00:00Z" in lines
    assert "not registered  1 sites of the archive (--sites?): left-out" in lines


def test_machines_get_the_same_as_plain_values(archive):
    told = json.loads(json.dumps(summarise(archive.root, SITES, NOW).as_json()))
    assert told["due_now"] == ["new", "torn"]
    assert told["runs_30_days"] == {"nothing_new": 2, "blocked": 1}
    good, walled, new, torn = told["sites"]
    assert (good["verdict"], good["counts"], good["due"]) == ("nothing_new", {"reports": 12}, False)
    assert "2026-06-20T12" < good["due_at"] < "2026-06-22T00"
    assert walled["due_at"] > "2026-06-19"
    assert (new["verdict"], new["last_run"], torn["verdict"]) == ("not_run", None, "not_run")
    assert told["needs_a_person"][1]["since"] == "2026-03-13T12:00:00Z"


def test_a_long_registry_is_cut_for_people_and_whole_for_machines(archive):
    many = [Site(id=f"town-{number}", start_url="http://town.example/") for number in range(30)]
    told = summarise(archive.root, many, NOW)
    assert "... and 10 more sites: gongkai status --json" in told.as_text()
    assert len(told.as_json()["sites"]) == 30


def test_the_sample_has_its_own_sites(tmp_path):
    archive = Archive(tmp_path / "sample", holds="sample")
    note(archive, "lanting", 1, "ok", reports=3)
    told = summarise(archive.root, SITES, NOW)
    assert [site.site_id for site in told.sites] == ["lanting"]
    assert told.beyond == ()


def test_what_is_no_archive_is_told_and_where_nothing_is_no_site_was_ever_crawled(tmp_path):
    with pytest.raises(ArchiveMissingError):
        summarise(tmp_path, SITES, NOW)
    told = summarise(tmp_path / "none", SITES, NOW)
    assert told.due == [site.id for site in SITES]
    assert (told.waiting, told.beyond, {site.verdict for site in told.sites}) == ([], (), {"not_run"})


def test_a_run_without_an_end_is_at_work_or_was_cut_off(tmp_path):
    archive = Archive(tmp_path, holds="real")
    with archive.writer("good") as writer:
        writer.note(Run(run_id="good-1", site_id="good", started_at="2026-06-15T11:00:00Z", code_version="1"))
    told = summarise(archive.root, SITES[:1], NOW)
    assert told.sites[0].verdict == "interrupted"
    assert told.verdicts == {"interrupted": 1}
    assert told.waiting == []
