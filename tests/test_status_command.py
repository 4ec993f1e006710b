"""`gongkai status`: what waits for a person first, exit status 0 whatever it tells, with archive or database alone."""

import datetime as dt
import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.items import Run
from extract import pipeline
from extract.store.status import as_text, summarise
from gongkai import main

DAY = dt.timedelta(days=1)


@pytest.fixture
def status(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.csv").write_text(
        "id,start_url,name\nbaishi,http://baishi.example/nb/,白石镇\nnew,http://new.example/,\n"
    )
    archive = Archive(tmp_path / "archive", holds="real")
    now = dt.datetime.now(dt.UTC)
    with archive.writer("baishi") as writer:
        for days in (9, 5, 1):
            at = (now - days * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
            end = {"finished_at": at, "finish_reason": "finished", "verdict": "blocked", "counts": {"blocked": 3}}
            writer.note(Run(run_id=f"baishi-{days}", site_id="baishi", started_at=at, code_version="1", **end), at)
    return lambda *options: CliRunner().invoke(main, ["status", "--sites", "sites.csv", *options])


def test_what_waits_for_a_person_comes_first(status):
    told = status()
    assert told.exit_code == 0
    lines = told.output.splitlines()
    assert lines[0] == "Waits for a person:"
    assert lines[1].startswith(f"{'baishi':<28} blocked       since ")
    assert lines[1].endswith(", 3 runs")
    assert any(line.startswith("due now         1 of 2 sites, as of ") for line in lines)
    assert lines[-1] == "archive.db is not there yet: gongkai extract"


def test_a_mistake_in_the_registry_hides_nothing_else(status, tmp_path):
    with (tmp_path / "sites.csv").open("a") as file:
        file.write("third,no address,\n")
    lines = status().output.splitlines()
    assert lines[1] == "the registry: 1 mistakes, and no crawl begins: gongkai sites check"
    assert lines[2].startswith("baishi ")
    told = json.loads(status("--json").output)
    assert "line 4" in told["registry_problems"][0]
    assert [one["site"] for one in told["needs_a_person"]] == ["baishi"]


def test_machines_are_told_how_far_the_database_is_behind(status, tmp_path):
    pipeline.extract(tmp_path / "archive", tmp_path / "archive.db", workers=1)
    told = json.loads(status("--json").output)
    assert told["archive_db"]["sites_behind"] == 0
    assert told["archive_db"]["runs_until"] == told["sites"][0]["last_run"]
    assert told["coverage"]["without"] == ["baishi", "new"]
    assert [one["site"] for one in told["needs_a_person"]] == ["baishi"]
    later = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with Archive(tmp_path / "archive").writer("baishi") as writer:
        writer.note(Run(run_id="baishi-0", site_id="baishi", started_at=later, code_version="1"), later)
    assert json.loads(status("--json").output)["archive_db"]["sites_behind"] == 1
    assert "archive.db      lacks the newest run of 1 sites: gongkai extract" in status().output


def test_a_database_alone_is_told_too(status, tmp_path):
    pipeline.extract(tmp_path / "archive", tmp_path / "archive.db", workers=1)
    told = status("--archive", "elsewhere", "--json")
    assert told.exit_code == 0
    assert json.loads(told.output)["sites"][0]["verdict"] == "blocked"
    assert "baishi          blocked" in status("--archive", "elsewhere").output


def test_before_anything_was_crawled_the_sites_are_told_and_nothing_waits(status):
    """The image's default command is this one."""
    told = status("--archive", "elsewhere")
    assert told.exit_code == 0
    lines = told.output.splitlines()
    assert lines[0] == f"{'baishi':<28} {'not_run':<14}never run"
    assert any(line.startswith("due now         2 of 2 sites, as of ") for line in lines)
    assert lines[-2:] == ["elsewhere is not there yet: gongkai crawl", "archive.db is not there yet: gongkai extract"]
    as_json = status("--archive", "elsewhere", "--json")
    assert as_json.exit_code == 0
    values = json.loads(as_json.output)
    assert (values["due_now"], values["needs_a_person"]) == (["baishi", "new"], [])


def test_what_the_dataset_waits_for_is_counted_apart(demonstrated, tmp_path):
    copy = tmp_path / "archive.db"
    with closing(sqlite3.connect(demonstrated.db)) as db, closing(sqlite3.connect(copy)) as other:
        db.backup(other)
        other.execute("delete from expected where year = 2025")
        other.execute("delete from corrections")
        other.execute("update reports set agency_id = null, agency_status = 'ambiguous' where year = 2018")
        other.execute(
            "update reports set agency_id = null, agency_status = 'unknown' where year = 2019 and site_id = 'maipu'"
        )
        other.commit()
    told = summarise(copy)
    assert told["expected"] == {"year": 2024, "expected": 12, "found": 11, "not_found": {"not_listed": 1}}
    waiting = told["waiting"]
    assert (waiting["issuers ambiguous"], waiting["issuers unknown"], waiting["corrections refused"]) == (12, 1, 0)
    assert waiting["numbers that differ between documents of a report"] == 1
    assert waiting["numbers that break off from the year before"] == 4
    lines = as_text(told).splitlines()
    said = "11 of 12 reports of 2024 found; not found (not: not published): 1 not_listed"
    assert f"{'expected':<16}{said}" in lines
    assert "waiting         1 issuers unknown" in lines
    assert not [line for line in lines if "corrections" in line]
