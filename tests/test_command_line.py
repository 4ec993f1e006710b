"""The command line as a person meets it: what it prints, what it keeps, how it ends."""

import json
import shutil

import pytest
from click.testing import CliRunner

from extract.decisions import config_dir
from gongkai import main
from sample.manifest import DOCUMENTS, load
from sample.server import answer

MANIFEST = load()
PAGES = [r for r in MANIFEST.reports if r.has_tables][:3]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments):
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return invoke


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "in"
    target.mkdir()
    for number, report in enumerate(PAGES):
        site = next(s for s in MANIFEST.sites if s.id == report.site)
        (target / f"{number}.html").write_bytes(answer(site, report.page).body)
    for path in sorted(DOCUMENTS.glob("*.pdf"))[:1]:
        shutil.copy(path, target)
    return target


def last(result):
    return result.output.strip().splitlines()[-1]


def test_every_verb_teaches(run):
    text = run("--help").output
    for verb in (
        "demo",
        "crawl",
        "ingest",
        "extract",
        "rebuild",
        "read",
        "check",
        "verify",
        "ship",
        "export-wacz",
        "serve",
        "status",
    ):
        assert verb in text
        assert "\n  " in run(verb, "--help").output


def test_ingest_extract_verify_status(run, folder):
    assert last(run("ingest", folder)) == "4 taken · 0 known already · 0 left · 0 failed"
    assert last(run("ingest", folder)) == "0 taken · 4 known already · 0 left · 0 failed"
    first = run("extract", "--workers", "1")
    assert last(first).startswith("4 documents read · 4 reports · 0 other · 0 unreadable")
    again = run("extract", "--workers", "1")
    assert last(again).startswith("Nothing has changed · 4 documents read before")
    assert again.exit_code == 0
    assert last(run("verify")) == "verify · 1 sites · all clean"
    status = run("status")
    assert "4 reports" in last(status)
    assert json.loads(run("status", "--json").output)["waiting"]["documents unreadable"] == 0
    assert last(run("rebuild", "--workers", "1")).startswith("4 documents read")


def test_what_people_decide_is_not_nothing_and_a_refused_correction_is_told(run, folder, tmp_path):
    run("ingest", folder)
    config = tmp_path / "decided"
    (config / "corrections").mkdir(parents=True)
    decided = ("--workers", "1", "--config", config)
    assert run("extract", *decided).exit_code == 0
    (config / "agencies.csv").write_text(
        "kind,from,to,where,year,reason,source\nrenamed,水务局,水利局,,2024,r,s\n", "utf-8"
    )
    assert last(run("extract", *decided)).startswith("No new documents, what follows from them was derived again")
    assert last(run("extract", *decided)).startswith("Nothing has changed")
    readme = (config_dir() / "corrections" / "README.md").read_text("utf-8")
    example = readme.partition("```json")[2].partition("```")[0]
    (config / "corrections" / "a.json").write_text(example, "utf-8")
    told = run("extract", *decided)
    assert "refused   1 corrections; the reason of each is in table corrections" in told.output
    assert told.exit_code == 0
    assert "waiting         1 corrections refused" in run("status").output
    (config / "withheld.csv").write_text(
        "what,target,passage,reason,decided_by,decided_on\nreport,r000000000000,,r,甲,2026-01-31\n", "utf-8"
    )
    assert "withheld  r000000000000: nothing here has that key" in run("extract", *decided).output


def test_the_demonstration_crawls_nothing_where_no_database_can_be_written(run, tmp_path):
    told = run("demo", "--no-serve", "--db", tmp_path / "no" / "a.db")
    assert told.exit_code == 1
    assert "cannot be written there" in told.output
    assert not (tmp_path / "archive").exists()


def test_verify_finds_damage(run, folder, tmp_path):
    run("ingest", folder)
    run("extract", "--workers", "1")
    path = next((tmp_path / "archive" / "ingest").glob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    result = run("verify")
    assert result.exit_code == 1
    assert "damaged" in result.output


def test_read_goes_on_after_a_bad_file(run, folder, tmp_path):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 torn")
    other = tmp_path / "news.html"
    other.write_bytes("<html><title>会议召开</title><p>本报讯</p></html>".encode())
    result = run("read", bad, folder / "0.html", other, tmp_path / "gone.pdf", "--json")
    lines = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert [line["kind"] for line in lines] == ["error", "report", "other", "error"]
    assert [line["file"] for line in lines] == [
        str(bad),
        str(folder / "0.html"),
        str(other),
        str(tmp_path / "gone.pdf"),
    ]
    assert result.exit_code == 1
    assert run("read", folder / "0.html").exit_code == 0
    assert PAGES[0].issuer in run("read", folder / "0.html").output
    assert not (tmp_path / "archive").exists()


def test_a_sample_is_never_removed_together_with_a_real_database(run, folder, tmp_path):
    run("ingest", folder)
    run("extract", "--workers", "1")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "archive.json").write_text('{"holds": "sample", "format": 1}')
    result = run("demo", "--remove", "--archive", "w")
    assert result.exit_code == 1
    assert "left alone" in result.output
    assert (tmp_path / "archive.db").exists()


def test_an_ingest_with_a_wrong_option_makes_no_archive(run, folder, tmp_path):
    for option, value in (("--retrieved-at", "yesterday"), ("--source-url", "http://town.example/a")):
        assert run("ingest", folder, option, value).exit_code == 2
        assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("verb", ["extract", "status", "verify", "serve"])
@pytest.mark.parametrize("content", [b"no database at all" * 400, b""])
def test_a_database_that_is_none_is_told_in_one_line(run, folder, tmp_path, verb, content):
    run("ingest", folder)
    (tmp_path / "archive.db").write_bytes(content)
    result = run(verb)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if content:
        assert result.exit_code == 1
        assert "archive.db" in result.output


def test_a_directory_named_as_database_is_told_in_one_line(run, folder, tmp_path):
    run("ingest", folder)
    (tmp_path / "d.db").mkdir()
    for verb in ("extract", "status", "verify", "rebuild", "serve"):
        result = run(verb, "--db", "d.db")
        assert result.exit_code in (1, 2), verb
        assert result.exception is None or isinstance(result.exception, SystemExit), verb


def test_folders_pipes_and_what_never_ends_are_no_files_to_read(run, tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.html")
    for name in (".", "pipe.html", "/dev/zero"):
        result = run("read", name)
        assert result.exit_code == 1
        assert "not a file" in result.output


def test_nothing_real_goes_into_a_sample_archive(run, folder, tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.json").write_text('{"holds": "sample", "format": 1}')
    result = run("ingest", folder)
    assert result.exit_code == 1
    assert "demo --remove" in result.output
    assert "--archive DIR" in result.output
    assert "removed" in last(run("demo", "--remove"))
    assert run("ingest", folder).exit_code == 0
    assert run("demo", "--remove").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("extract",), 1, "there is no archive"),
        (("verify",), 1, "there is no archive"),
        (("status",), 0, "gongkai extract"),
        (("crawl", "no-such-site"), 2, "no such site in the registry"),
        (("crawl",), 1, "set a contact"),
        (("read",), 2, "Missing argument"),
        (("check",), 2, "Missing argument"),
        (("ingest", "nowhere"), 2, "does not exist"),
        (("frobnicate",), 2, "No such command"),
        (("serve", "--port", "x"), 2, "not a valid integer"),
    ],
)
def test_mistakes_get_a_clear_answer(run, arguments, code, words):
    result = run(*arguments)
    assert result.exit_code == code
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_registry_with_a_mistake_names_the_line(run, tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text("id,start_url\ntown,ftp://x\n")
    result = run("crawl", "--sites", path)
    assert result.exit_code == 1
    assert "line 2" in result.output


def test_ship_and_export_wacz(run, folder, tmp_path):
    pytest.importorskip("fsspec", reason="the extra ship is not installed")
    run("ingest", folder)
    assert last(run("ship", tmp_path / "away")) == "1 shipped · 0 there already · 0 freed · 0 not freed · 0 failed"
    assert last(run("ship", tmp_path / "away", "--free")).startswith("0 shipped · 1 there already · 1 freed")
    assert last(run("verify")) == "verify · 1 sites · all clean"
    assert last(run("extract", "--workers", "1")).startswith("4 documents read · 4 reports")
    made = run("export-wacz", "ingest")
    assert last(made).startswith("ingest.wacz: 4 captures")
    assert (tmp_path / "ingest.wacz").exists()
    for arguments, said in (
        (("export-wacz", "town"), "it holds: ingest"),
        (("ship", tmp_path / "archive"), "in the archive itself"),
        (("ship", "ftp://me:secret@127.0.0.1/"), "password"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert said in result.output
    for path in (tmp_path / "away" / "ingest").glob("*.warc.gz"):
        path.unlink()
    assert "is not there" in run("verify").output
