"""What is withheld answers 451 with its reason, in both languages, and is in nothing else that the site gives out."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from extract.pipeline import extract
from publish.routes import ROUTES
from tests.publish.conftest import Visitor
from tests.publish.fictional_site import BAISHI, LANHE, SHIQIAO, YUNXI, build

REASON = "涉及个人信息"
HEAD = "what,target,passage,reason,decided_by,decided_on\n"
PASSAGE = "未收取信息处理费"
# The address of every route of ours, for something withheld; a new route must be put here.
PATHS = {
    r"/$": "/",
    r"/search$": "/search?q={word}",
    r"/report/KEY\.json$": "/report/{key}.json",
    r"/report/KEY$": "/report/{key}",
    r"/report/KEY/cell/CELL$": "/report/{key}/cell/requests.granted.total",
    r"/report/KEY/cell/CELL/original$": "/report/{key}/cell/requests.granted.total/original",
    r"/document/SHA256$": "/document/{sha256}",
    r"/original/SHA256$": "/original/{sha256}",
    r"/original/SHA256/page/PAGE(?:\.png)?$": "/original/{sha256}/page/1.png",
    r"/withheld$": "/withheld",
    r"/archive\.db$": "/archive.db",
    r"/-/databases(?:\.json)?$": "/-/databases.json",
    r"/robots\.txt$": "/robots.txt",
}
TABLES = (
    "readings",
    "documents",
    "sections",
    "facts",
    "findings",
    "cells",
    "reports",
    "report_list",
    "report_documents",
)


def patterns():
    return [re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda name: name[1].upper(), pattern) for pattern, _ in ROUTES]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """蓝河镇: the report is withheld; 石桥镇 and 云溪县: the document; 白石镇 2023: a passage."""
    folder = tmp_path_factory.mktemp("withheld")
    built = build(folder)
    lines = [
        f"report,{built.keys[f'{LANHE} 2023']},,{REASON},甲,2026-01-31",
        f"document,{built.digests[f'{SHIQIAO} 2023']},,{REASON},甲,2026-01-31",
        f"document,{built.digests[f'{YUNXI} 2023']},,{REASON},甲,2026-01-31",
        f"passage,{built.digests[f'{BAISHI} 2023']},{PASSAGE},{REASON},甲,2026-01-31",
    ]
    (folder / "config").mkdir()
    (folder / "config" / "withheld.csv").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    with ThreadPoolExecutor(1) as here:  # reads in this process: starting others takes longer
        extract(built.archive, built.db, config=folder / "config", executor=here)
    return built


@pytest.fixture
def withheld(site):
    return Visitor(site)


def test_every_route_is_looked_at():
    assert patterns() == list(PATHS)


@pytest.mark.parametrize("lang", ["", "lang=en"])
@pytest.mark.parametrize("pattern", PATHS)
@pytest.mark.parametrize("name", [LANHE, SHIQIAO, YUNXI])
def test_nothing_of_what_is_withheld_is_given_out(withheld, name, pattern, lang):
    key, sha256 = withheld.site.keys[f"{name} 2023"], withheld.site.digests[f"{name} 2023"]
    town = "云溪县人民政府" if name == YUNXI else name.removeprefix("云溪县").removesuffix("人民政府")
    path = PATHS[pattern].format(key=key, sha256=sha256, word=town)
    answer = withheld.get(path + (("&" if "?" in path else "?") + lang if lang else ""))
    if "/search" in path:
        assert key not in answer.text
        assert f"{town}2023年" not in answer.text
    else:
        said = f"{town}2023年" if "archive" in path else town  # the names of all towns are in archive.db
        assert said.encode() not in answer.content
    is_of_report = "/report/" in path and name == LANHE
    if is_of_report or "/document/" in path or "/original/" in path:
        assert answer.status_code == 451
        assert answer.headers["cache-control"] == "no-cache"
        if ".json" not in path:
            assert REASON in answer.text
            assert ("Withheld" if lang else "不予展示") in answer.text
    elif "/report/" in path:
        assert answer.status_code == 404  # nobody can tell which report a document with nothing in it was


def test_the_json_of_a_withheld_report_says_why(withheld):
    answer = withheld.get(withheld.report(f"{LANHE} 2023", ".json"))
    assert answer.status_code == 451
    assert (answer.json()["error"], answer.json()["reason"]) == ("withheld", REASON)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_holds_it(withheld, table):
    for size in ("json", "csv"):
        answer = withheld.get(f"/archive/{table}.{size}?_size=max&_shape=array&_nocol=none")
        assert answer.status_code in (200, 400)
        for town in ("蓝河镇", "石桥镇"):
            assert town not in answer.text


def test_the_database_to_take_away_holds_none_of_it(withheld, tmp_path):
    data = withheld.get("/archive.db").content
    assert data.startswith(b"SQLite format 3")
    for words in ("蓝河镇人民政府2023年", "石桥镇人民政府2023年", "云溪县人民政府2023年"):
        assert words.encode() not in data


def test_a_passage_is_overwritten_and_the_original_is_not_shown(withheld):
    key, sha256 = withheld.site.keys[f"{BAISHI} 2023"], withheld.site.digests[f"{BAISHI} 2023"]
    for path in (f"/report/{key}", f"/report/{key}.json", f"/document/{sha256}"):
        answer = withheld.get(path)
        assert answer.status_code == 200
        assert PASSAGE not in answer.text
        assert "■" * len(PASSAGE) in (json.dumps(answer.json(), ensure_ascii=False) if ".json" in path else answer.text)
    assert REASON in withheld.get(f"/report/{key}").text
    assert "<iframe" not in withheld.get(f"/document/{sha256}").text
    cell = f"/report/{key}/cell/requests.granted.total"
    assert withheld.get(cell).status_code == 200
    assert REASON in withheld.get(cell).text
    for path in (f"{cell}/original", f"/original/{sha256}", f"/original/{sha256}/page/1.png"):
        assert withheld.get(path).status_code == 451
    assert withheld.site.keys[f"{BAISHI} 2023"] not in re.findall(
        r"/report/(r\w+)", withheld.get(f"/search?q={PASSAGE}").text
    )


def test_the_public_note_lists_everything_and_why(withheld):
    for path, words in (("/withheld", "原件中的一段"), ("/withheld?lang=en", "passage of a document")):
        answer = withheld.get(path)
        assert answer.status_code == 200
        assert words in answer.text
        assert answer.text.count(REASON) == 4  # four decisions; the document of the withheld report is none of its own
        assert PASSAGE not in answer.text
    assert "/withheld" in withheld.get("/").text
