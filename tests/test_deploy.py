"""What is deployed and documented for operators names commands that there are, and nothing of the machine it was made on."""

import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gongkai import main

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = sorted((ROOT / "deploy").iterdir())
UNITS = [path for path in DEPLOY if path.suffix in (".service", ".timer")]
TOLD = [*DEPLOY, ROOT / "docs" / "operating.md", ROOT / "docs" / "first-network-run.md"]
PROGRAM = "/opt/gongkai/.venv/bin/gongkai"

# Commands of which the documents speak already; to be taken out here as they come.

_COMMAND = re.compile(
    r"(?:\bbin/|(?<![\w./-]))(?<!\* )(?<!-u )gongkai(?: -v)? ([a-z][a-z-]*)((?: (?:--?[a-z][a-z-]*|[\w/.-]+))*)"
)


def text_of_code(path):
    """All of a file, of Markdown what is marked as code: prose may well speak of gongkai."""
    text = path.read_text("utf-8")
    if path.suffix != ".md":
        return text if path.suffix in (".service", ".cron", "") else ""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def commands():
    for path in TOLD:
        for verb, rest in _COMMAND.findall(text_of_code(path)):
            yield path.name, verb, re.findall(r"--[a-z][a-z-]*", rest)


def test_the_commands_named_are_found():
    named = {(name, verb) for name, verb, _ in commands()}
    assert {("gongkai.service", "crawl"), ("gongkai.service", "extract"), ("gongkai-serve.service", "serve")} <= named
    assert {
        ("gongkai.cron", "crawl"),
        ("gongkai.cron", "extract"),
        ("Containerfile", "crawl"),
        ("operating.md", "status"),
    } <= named


@pytest.mark.parametrize(("name", "verb", "options"), [*commands()])
def test_each_command_named_is_there_with_its_options(name, verb, options):
    if verb not in main.commands:
        pytest.fail(f"{name}: gongkai {verb} is not there")
    known = {option for parameter in main.commands[verb].params for option in parameter.opts}
    for option in options:
        assert option in known, f"{name}: gongkai {verb} has no {option}"


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.name)
def test_nothing_of_the_machine_it_was_made_on(path):
    text = path.read_text("utf-8")
    for foreign in (str(ROOT), str(Path.home()) + "/", sys.prefix, os.uname().nodename):
        assert foreign not in text


def unit(path):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(path.read_text("utf-8"))
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_has_its_sections(path):
    kind = "Timer" if path.suffix == ".timer" else "Service"
    assert set(unit(path).sections()) <= {"Unit", kind, "Install"}
    assert unit(path)["Unit"]["Description"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_nothing_to_complain_of(tmp_path):
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / path.name for path in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "gongkai" in line or str(tmp_path) in line]
    assert (told.returncode, ours) == (0, [])


def test_the_service_is_bounded_and_writes_its_own_folder_only():
    service = unit(ROOT / "deploy" / "gongkai.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "true"
    assert service["ReadWritePaths"] == service["WorkingDirectory"] == "/var/lib/gongkai"
    assert {"MemoryMax", "LimitNOFILE", "TimeoutStopSec"} <= set(service)
    timer = unit(ROOT / "deploy" / "gongkai.timer")["Timer"]
    assert timer["Persistent"] == "true"
    assert timer["OnCalendar"] == "hourly"  # each site has its own time of day: crawler/schedule.py
    assert "RandomizedDelaySec" in timer


def test_a_crawl_that_takes_too_long_is_stopped_and_what_came_is_read():
    text = (ROOT / "deploy" / "gongkai.service").read_text("utf-8")
    crawl, extract = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert extract.startswith(f"{PROGRAM} extract")
    assert unit(ROOT / "deploy" / "gongkai.service")["Service"]["TimeoutStartSec"] == "infinity"  # it ends the unit
    limit, _, command = crawl.removeprefix("-").partition(f" {PROGRAM} ")
    assert crawl.startswith("-/usr/bin/timeout ")
    assert command.startswith("crawl --due")
    assert " 22h" in limit
    slow = [*limit.replace("22h", "0.5").split(), sys.executable, "-c", _STOPS_WHEN_ASKED]
    told = subprocess.run(slow, capture_output=True, text=True, timeout=20, check=False)
    assert (told.returncode, told.stdout) == (124, "stopped\n")


_STOPS_WHEN_ASKED = """
import time
try:
    time.sleep(10)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_the_line_for_cron_is_one_that_a_shell_takes():
    (line,) = [text for text in (ROOT / "deploy" / "gongkai.cron").read_text().splitlines() if re.match(r"[\d*]", text)]
    minute, *_, user, command = line.split(maxsplit=6)
    assert (0 <= int(minute) < 60, user) == (True, "gongkai")
    assert "%" not in command  # which cron takes for a line's end
    assert "flock -n" in command
    subprocess.run(["sh", "-n", "-c", command], check=True)


def test_the_image_takes_what_the_package_needs():
    lines = (ROOT / "deploy" / "Containerfile").read_text("utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = [name.removesuffix("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]]
    assert {*packages, "config", "requirements", "gongkai.py", "Makefile", project["project"]["readme"]} <= set(copied)
    assert any(line.startswith("USER ") and line != "USER root" for line in lines)


def test_every_verdict_is_explained_to_operators():
    from crawler.verdicts import NEEDS_A_PERSON, WITH_REPORTS

    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    for verdict in (*NEEDS_A_PERSON, *WITH_REPORTS, "robots", "not_run", "damaged"):
        assert f"\n| `{verdict}` |" in text


def test_every_key_for_monitoring_is_documented(tmp_path):
    import datetime as dt

    from crawler.archive import Archive
    from crawler.items import Site
    from crawler.status import summarise
    from extract import pipeline
    from extract.store import status

    Archive(tmp_path / "archive", holds="real")
    pipeline.extract(tmp_path / "archive", tmp_path / "a.db", workers=1)
    sites = [Site(id="town", start_url="http://town.example/")]
    crawled = summarise(tmp_path / "archive", sites, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    read = status.summarise(tmp_path / "a.db", crawled.last_runs, year=2025)
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    documented = set(
        re.findall(r"^\| `(\w+)` \|", text.partition("## Monitoring")[2].partition("\n## ")[0], re.MULTILINE)
    )
    assert documented == {*read, *crawled.as_json()}
    for inner in (*crawled.as_json()["sites"][0], *read["coverage"], *read["archive_db"]):
        assert f"`{inner}`" in text
