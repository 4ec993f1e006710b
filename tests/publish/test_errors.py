"""What Datasette would meet with a traceback is a page that says what to do."""

import asyncio
import shutil
import sqlite3

import pytest

from publish.limits import MOST_BYTES_PUBLIC
from publish.serve import build_datasette


@pytest.fixture
def long_text(fictional, tmp_path):
    """The fictional site with one document of more text than a query from outside may return."""
    path = shutil.copy(fictional.db, tmp_path / "archive.db")
    with sqlite3.connect(path) as db:
        db.execute(
            "update documents set text = ? where rowid = (select min(rowid) from documents)", ["字" * MOST_BYTES_PUBLIC]
        )
    return tmp_path / "archive.db"


def ask(db, archive, path):
    async def get():
        datasette = build_datasette(db, archive)
        await datasette.invoke_startup()
        return await datasette.client.get(path)

    return asyncio.run(get())


@pytest.mark.parametrize("path", ["/nowhere", "/archive/nothing", "/archive/reports/999999", "/-/nothing"])
def test_an_unknown_address_is_a_page_of_ours(visitor, path, capfd):
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert "Not found" in visitor.get(path + "?lang=en").text
    assert "Traceback" not in "".join(capfd.readouterr())


def test_an_unknown_address_for_programs_is_json(visitor):
    answer = visitor.get("/archive/nothing.json")
    assert answer.status_code == 404
    assert answer.json()["ok"] is False


def test_a_text_too_long_to_show_names_the_way_round_it(long_text, fictional):
    answer = ask(long_text, fictional.archive, "/archive/documents")
    assert answer.status_code == 400
    assert "?_nocol=text" in answer.text
    assert ask(long_text, fictional.archive, "/archive/documents.json").json()["status"] == 400
    assert ask(long_text, fictional.archive, "/archive/documents?_nocol=text").status_code == 200
