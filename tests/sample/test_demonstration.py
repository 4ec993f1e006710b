"""The account of the demonstration finds what is missing, what was taken wrongly and what was read wrongly."""

import shutil
import sqlite3

import pytest

from crawler.archive import Archive, ArchiveHoldsOtherError
from extract import pipeline
from sample import demonstration
from sample.manifest import NEXT_DAY, load
from sample.server import Portal
from tests.crawler.crawling import free_port


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(archive, database) of one demonstration."""
    root = tmp_path_factory.mktemp("demonstration")
    with Portal(port=free_port("127.0.0.11")) as portal:
        assert not demonstration.first_day_is_over(root / "archive")
        demonstration.crawl(portal, root / "archive", workers=1)
        assert demonstration.first_day_is_over(root / "archive")
        portal.turn_the_day()
        demonstration.crawl(portal, root / "archive", workers=1)
    pipeline.extract(root / "archive", root / "archive.db")
    return root / "archive", root / "archive.db"


AS_A_TABLE = "create table as_table as select * from cells; drop view cells; alter table as_table rename to cells;"
"""The view of cells as a table, so that a test can alter one."""


@pytest.fixture
def altered(made, tmp_path):
    """The account of a copy of the database in which these statements were executed, one row each."""

    def alter(*statements):
        source, copy = sqlite3.connect(made[1]), sqlite3.connect(tmp_path / "copy.db")
        with source, copy:
            source.backup(copy)
            copy.executescript(AS_A_TABLE)
        for statement in statements:
            with copy:
                assert copy.execute(statement).rowcount >= 1, statement
        source.close()
        copy.close()
        return demonstration.account(tmp_path / "copy.db")

    return alter


def test_the_demonstration_is_complete(altered):
    account = altered()
    assert account.complete, account.as_text()
    assert (account.found, account.expected) == (92, 92)
    first = sum(len(report.cells) + len(report.statistics) for report in load().reports)
    beside = sum(len(report.as_attached.cells) for report in load().reports if report.attachments)
    next_day = sum(len(r.cells) for r in load(NEXT_DAY).reports if r.who in {*load().altered, *load().new})
    assert account.cells == first + beside + next_day
    assert (account.changed, account.altered) == (2, 2)
    assert {kind for kind, _ in account.not_had} == {"gone", "blocked", "robots"}
    assert account.closing().startswith("92 of 92 reports found · 0 decoys taken")


A_REPORT = "issuer_printed = '砚池镇人民政府' and year = 2022"
ITS_READING = f"reading_id = (select current_reading_id from reports where {A_REPORT})"


def test_a_cell_of_a_reading_is_there_once(made):
    counts = sqlite3.connect(made[1]).execute(
        "select count(*), count(distinct reading_id || key) from cells where key not like 'statistics.%'"
    )
    (cells, distinct) = counts.fetchone()
    assert cells == distinct


def test_a_missing_report_is_named(altered):
    account = altered(f"delete from reports where {A_REPORT}")
    assert account.missing == ("砚池镇人民政府 2022",)
    assert (account.found, account.complete) == (91, False)
    assert "missing   砚池镇人民政府 2022" in account.as_text()


def test_a_decoy_taken_is_named(altered):
    account = altered(f"update reports set issuer_printed = '岚汀水务集团有限公司' where {A_REPORT}")
    assert account.beyond == ("岚汀水务集团有限公司 2022",)
    assert not account.complete
    assert "1 decoys taken" in account.closing()


@pytest.mark.parametrize("wrong", ["value = value + 1", "value = 0.5", "value = null, state = 'blank'"])
def test_a_wrong_cell_is_counted(altered, wrong):
    account = altered(f"update cells set {wrong} where {ITS_READING} and key = 'disclosure.normdocs_in_force'")
    assert (account.wrong_cells, account.complete) == (1, False)


def test_a_cell_that_is_not_there_is_not_one_left_blank(altered):
    blank = sum(state == "blank" for report in load().reports for state in report.states.values())
    assert altered("update cells set state = 'absent' where state = 'blank'").wrong_cells == blank > 0


def test_a_number_altered_after_publication_and_not_noticed_is_told(altered):
    account = altered("delete from changes where key = 'disclosure.coercion_decisions'")
    assert (account.changed, account.altered, account.complete) == (1, 2, False)
    account = altered("update changes set new_value = 12 where key = 'disclosure.penalty_decisions'")
    assert account.not_altered == ("岚汀县水务局 2023: disclosure.penalty_decisions",)


def test_a_wrong_cell_of_a_file_beside_a_page_or_of_an_earlier_edition_is_counted(altered):
    for which in ("role = 'twin' and issuer_printed = '岚汀县教育局'", "role = 'edition'"):
        account = altered(
            "update cells set value = 777 where key = 'disclosure.normdocs_in_force' and reading_id = (select reading_id "
            f"from report_documents d join reports r on r.id = d.report_id where {which})"
        )
        assert (account.wrong_cells, account.complete) == (1, False)


def test_a_vanished_report_keeps_what_was_read_and_the_day_it_was_missed(made):
    db = sqlite3.connect(made[1])
    ((issuer, year),) = load().vanished
    report = next(r for r in load().reports if r.who == (issuer, year))
    ((numbers,),) = db.execute(
        "select received_new from requests where applicant = 'total' and issuer_printed = ? and year = ?",
        [issuer, year],
    )
    assert numbers == report.cells["requests.received_new.total"]
    seen = dict(
        db.execute(
            "select coalesce(failure, 'had'), max(fetched_at) from captures where url like ? group by 1",
            [f"%{report.page}"],
        )
    )
    assert seen["gone"] >= seen["had"]


def test_a_page_that_cannot_be_had_and_is_not_named_as_such_is_told(altered):
    account = altered("delete from captures where failure = 'robots'")
    assert [name.split(":")[0] for name in account.not_named] == ["robots"]
    assert not account.complete


def test_a_sample_archive_is_removed_and_a_real_one_is_left_alone(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "archive")
    (tmp_path / "archive.db").write_bytes(b"")
    assert "removed" in demonstration.remove(tmp_path / "archive", tmp_path / "archive.db")
    assert list(tmp_path.iterdir()) == []
    assert "nothing to remove" in demonstration.remove(tmp_path / "archive", tmp_path / "archive.db")
    Archive(tmp_path / "real", holds="real")
    with pytest.raises(ArchiveHoldsOtherError, match="left alone"):
        demonstration.remove(tmp_path / "real", tmp_path / "archive.db")
    assert (tmp_path / "real").exists()


def test_removing_the_sample_takes_nothing_that_is_not_of_it(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "archive")
    named_by_mistake = tmp_path / "thesis.html"
    named_by_mistake.write_text("years of work")
    with pytest.raises(ArchiveHoldsOtherError, match="left alone"):
        demonstration.remove(tmp_path / "archive", named_by_mistake)
    assert named_by_mistake.read_text() == "years of work"
    (tmp_path / "archive" / "mine.txt").write_text("notes")
    assert "stays" in demonstration.remove(tmp_path / "archive", tmp_path / "archive.db")
    assert [path.name for path in (tmp_path / "archive").iterdir()] == ["mine.txt"]
