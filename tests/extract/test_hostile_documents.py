"""A hostile document costs itself: one clear line within the limits, nothing fetched, and the next one is read."""

import ast
import re
import socket
from pathlib import Path

import pytest

from extract import reading as reader
from extract.limited_pool import LimitedPool, Limits, WorkLost
from tests.extract.hostile import HOSTILE, docx, pointing

EXTRACT = Path(reader.__file__).parent
LIMITS = Limits(seconds=8, megabytes=256)
POINTING = {
    "docx": lambda url: docx("<w:p><w:r><w:t>before&k;after</w:t></w:r></w:p>", pointing(url)),
    "xml": lambda url: f'<?xml version="1.0"?>{pointing(url)}<x>before&k;after</x>'.encode(),
    "html": lambda url: (
        f"{pointing(url, 'html')}<html><link rel=stylesheet href={url}><base href={url}><iframe src={url}></iframe>"
        f"<object data={url}></object><img src={url}><p>before&k;after</p></html>"
    ).encode(),
}


@pytest.fixture(scope="module")
def outcome():
    """A worker's reading of bytes: its error, or its text."""
    with LimitedPool(1, LIMITS) as pool:

        def read(data):
            try:
                readings = pool.submit(reader.read_members, data).result()
            except WorkLost as lost:
                return str(lost)
            return "\n".join(dict.fromkeys(reading.error or reading.text for reading in readings))

        yield read


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_it_ends_in_one_clear_line_and_the_next_document_is_read(outcome, hostile):
    said = outcome(hostile.make())
    assert re.search(hostile.outcome, said), said[:300]
    assert "the reader failed on this document" not in said
    assert len(said) < 1000
    assert outcome("政府信息公开".encode()) == "政府信息公开"


@pytest.mark.parametrize("name", POINTING)
def test_what_it_points_to_is_not_opened(outcome, name, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("秘密")
    assert "秘密" not in outcome(POINTING[name](secret.as_uri()))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        outcome(POINTING[name](f"http://127.0.0.1:{server.getsockname()[1]}/k.dtd"))
        with pytest.raises(TimeoutError):
            server.accept()


def _calls():
    for path in sorted(EXTRACT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                yield f"{path.relative_to(EXTRACT)}:{node.lineno}", name, given, len(node.args)


def test_every_parser_of_markup_is_told_to_fetch_nothing_and_to_unfold_nothing():
    parsers = [(where, name, given) for where, name, given, _ in _calls() if name in ("XMLParser", "HTMLParser")]
    assert parsers
    for where, name, given in parsers:
        assert given.get("no_network") == "True", where
        if name == "XMLParser":
            assert (given.get("resolve_entities"), given.get("huge_tree")) == ("False", "False"), where


def test_no_markup_is_parsed_by_a_parser_with_defaults():
    takes_a_parser = {"fromstring", "document_fromstring", "fragment_fromstring", "fragments_fromstring", "XML", "HTML"}
    for where, name, given, positional in _calls():
        assert name not in takes_a_parser or "parser" in given or positional > 1, where
        assert name != "iterparse" or given.get("resolve_entities") == "False", where
