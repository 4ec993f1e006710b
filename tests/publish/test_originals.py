"""Archived bytes: as they were, and inert."""

import hashlib

import pytest

from publish.stored import charset_of
from tests.publish.fictional_site import BAISHI, LANHE, YUNXI


def test_a_hostile_page_is_served_inert(visitor, fictional):
    digest = fictional.digests[f"{BAISHI} 2023"]
    answer = visitor.get(f"/original/{digest}")
    assert hashlib.sha256(answer.content).hexdigest() == digest
    assert b"<script>" in answer.content
    policy = [part.strip() for part in answer.headers["content-security-policy"].split(";")]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert {part for part in policy if part.startswith("script-src") or "allow-" in part} == set()
    assert "img-src data:" in policy
    assert "base-uri 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-type"] == "text/html; charset=gb18030"
    assert BAISHI in answer.content.decode("gb18030")


def test_the_outlined_page_is_as_inert(visitor):
    answer = visitor.get(visitor.report(f"{BAISHI} 2023", "/cell/requests.received_new.total/original"))
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("name", "ending"), [(YUNXI, "pdf"), (LANHE, "txt")])
def test_everything_else_is_a_download(visitor, fictional, name, ending):
    digest = fictional.digests[f"{name} 2023"]
    answer = visitor.get(f"/original/{digest}")
    assert answer.headers["content-disposition"] == f'attachment; filename="gongkai-{digest[:12]}.{ending}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert hashlib.sha256(answer.content).hexdigest() == digest


@pytest.mark.parametrize("path", ["/original/", "/document/"])
@pytest.mark.parametrize("digest", ["0" * 64, "abc", "A" * 64])
def test_an_unknown_digest_gives_the_page_that_says_what_to_do(visitor, path, digest):
    answer = visitor.get(path + digest)
    assert answer.status_code == 404
    assert "SHA-256" in answer.text
    assert "报告页" in answer.text


def test_paths_outside_the_archive_are_no_digest(visitor):
    for path in ("/original/..%2f..%2farchive.json", "/document/..%2farchive.json"):
        answer = visitor.get(path)
        assert answer.status_code in (302, 404)  # Datasette redirects to its own spelling of odd characters
        assert "format" not in answer.text


def test_provenance_names_where_when_and_which_record(visitor, fictional):
    text = visitor.get(f"/document/{fictional.digests[f'{BAISHI} 2023']}").text
    assert "http://www.yunxi.example/baishi.html" in text
    assert ".warc.gz" in text
    assert '<iframe class="archived tall" sandbox ' in text
    pdf = visitor.get(f"/document/{fictional.digests[f'{YUNXI} 2023']}").text
    assert "/page/1.png" in pdf
    assert "<iframe" not in pdf


def test_damage_in_the_archive_is_told_and_nothing_else_is_served(fictional, tmp_path):
    import shutil
    from dataclasses import replace

    from tests.publish.conftest import Visitor

    copy = tmp_path / "archive"
    shutil.copytree(fictional.archive, copy)
    for warc in copy.glob("*/*.warc.gz*"):
        warc.write_bytes(b"\0" * warc.stat().st_size)
    answer = Visitor(replace(fictional, archive=copy)).get(f"/original/{fictional.digests[f'{BAISHI} 2023']}")
    assert answer.status_code == 404
    assert "gongkai verify" in answer.text


def test_charset_is_what_the_bytes_are():
    text = "政府信息公开" * 20
    assert charset_of(text.encode()) == "utf-8"
    assert charset_of(text.encode("gb18030")) == "gb18030"
    assert charset_of(text.encode("utf-16")) == "utf-16"
    assert charset_of(text.encode() + b"\xff" + text.encode()) == "utf-8"
