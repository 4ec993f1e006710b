"""docs/schema.md tells of the database as it is made now, all of it."""

import sqlite3
from contextlib import closing

import pytest

from publish.schema_document import DOCUMENT, PARTS, SchemaError, described, document, new_database, shapes_of


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    with closing(sqlite3.connect(new_database(tmp_path_factory.mktemp("schema")))) as db:
        yield db


def test_the_document_is_what_the_generator_makes(fresh):
    assert DOCUMENT.read_text("utf-8") == document(fresh, described()), "run: make docs"


def test_every_table_and_column_stands_in_it(fresh):
    text = document(fresh, described())
    parts = {part.partition("\n")[0].strip(): part for part in text.split("\n### ")[1:]}
    for shape in shapes_of(fresh):
        for column in shape.columns:
            assert f"\n| {column.name} | " in parts[shape.name]


def test_keys_and_indexes_are_told(fresh):
    shapes = {shape.name: shape for shape in shapes_of(fresh)}
    keys = {column.name: column.key for column in shapes["report_documents"].columns}
    assert keys["report_id"] == "primary 1, → [reports](#reports)"
    assert "[documents](#documents) (sha256)" in keys["sha256"]
    assert any("issuer_printed" in index for index in shapes["reports"].indexes)
    assert "reports" in shapes["disclosure"].reads
    assert "requests" in shapes["requests_by_applicant"].reads


def test_columns_that_hold_json_are_named(fresh):
    note = next(line for line in document(fresh, described()).splitlines() if line.startswith("**JSON.**"))
    commented = {("runs", "counts"), ("listings", "attachments"), ("readings", "warnings"), ("findings", "keys")}
    for table, column in commented:
        assert any(f"[{table}]" in part and f"`{column}`" in part for part in note.split(";")), (table, column)


def test_what_is_not_described_or_has_no_place_is_said():
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create table strange (id integer primary key, found text)")
        with pytest.raises(SchemaError, match=r"strange: its columns id, found .*datasette\.yml"):
            document(db, {})
        told = {"strange": {"description": "x", "columns": {"id": "x", "found": "x"}}}
        with pytest.raises(SchemaError, match="PARTS"):
            document(db, told)


def test_a_table_stands_in_one_part():
    names = [name for part in PARTS for name in part.tables]
    assert len(names) == len(set(names))
