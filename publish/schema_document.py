"""archive.db and config/datasette.yml -> docs/schema.md: every table, view and column, with its unit and source.

``python -m publish.schema_document`` writes it (``make docs``): the shape is that of a database just made, the words
are those that the site shows. What is not described, or stands in no part below, ends it with what to add where.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils import parse_metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "schema.md"
DESCRIPTIONS = ROOT / "config" / "datasette.yml"


class SchemaError(Exception):
    """A table or column can't be told of; the message says what is to be added where."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tables of one step of the data's way. ``tables``: each with where its rows come from."""

    title: str
    words: str
    tables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as SQLite knows it; ``key`` says what part it has in which key."""

    name: str
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A table or view: its columns, the indexes beside its primary key, and of a view the tables that it reads."""

    name: str
    is_view: bool
    columns: tuple[Column, ...]
    indexes: tuple[str, ...]
    reads: tuple[str, ...]


_FORM = "the cells of the statutory tables, as `cells` has them"
PARTS = (
    Part(
        "What the crawl brought",
        "Rows are records of the archive; `gongkai verify` holds them against it.",
        {
            "sites": "config/sites.csv, as the newest run of each site used it",
            "runs": "the archive's record of each crawl",
            "listings": "what list pages of the site say",
            "captures": "the WARC files' index; failures from the run's records",
            "documents": "payloads of captures, and documents in ZIP files; the text is what the reader made of them",
            "archive_files": "the loader's own count",
        },
    ),
    Part(
        "What was read",
        "One reading is one document by one version of the reader. Nothing here is changed: a new version reads anew.",
        {
            "readings": "the document's title, heading, dates and page data",
            "cell_keys": "config/forms: the cells of each row",
            "printed_rows": "the document's tables",
            "odd_cells": "the document's tables: what is not plainly a number",
            "cells": "the document's tables",
            "reading_disclosure": _FORM,
            "reading_requests": _FORM,
            "reading_disputes": _FORM,
            "reading_statistics": "the older statistics table of the document",
            "sections": "the document's text outside tables",
            "facts": "sentences of the document, by the rules of config/facts.json",
            "reading_facts": "sentences of the document, by the rules of config/facts.json",
            "findings": "checks over the reading: config/forms (identities) and config/checks.json",
            "reading_findings": "checks over the reading: config/forms (identities) and config/checks.json",
        },
    ),
    Part(
        "What it adds up to",
        "Derived from all readings together, and made anew whenever they, the archive or config change.",
        {
            "reports": "current readings, by issuer, site and year",
            "report_documents": "captures of each report's documents",
            "leads": "list pages and links of the archive that lead to documents",
            "lead_addresses": "list pages and links of the archive that lead to documents",
            "report_leads": "which leads a report was found by",
            "report_prints": "a digest of each report's prose, by which copies are found",
            "changes": "two readings of one address with other numbers",
            "comparisons": "readings of one report, or reports of one issuer or place, held against each other",
            "comparison_failures": "readings of one report, or reports of one issuer or place, held against each other",
            "report_findings": "readings of one report, or reports of one issuer, held against each other",
            "rollups": "a territory's report against those of its parts",
            "agencies": "issuers of reports, resolved by name, site and region; config/agencies.csv",
            "agency_names": "issuers as printed; config/agencies.csv",
            "agency_links": "config/agencies.csv",
            "agency_evidence": "what each report, site and address says of its agency's region",
            "regions": "the list of administrative divisions",
            "region_codes": "the list of administrative divisions, by year and scheme",
            "expected": "agencies and regions, by the law's duty to report",
            "form_cells": "config/forms",
            "accuracy": "config/accuracy: samples that two people read against the originals (`gongkai sample`)",
        },
    ),
    Part(
        "What people decided",
        "Each decision is a line or a file of config, with its reason, by whom and when.",
        {"corrections": "config/corrections", "withheld": "config/withheld.csv"},
    ),
    Part(
        "Behind the scenes",
        "Hidden on the site.",
        {
            "state": "the loader's notes of what the derived tables were made from",
            "reports_fts": "titles, issuers and sections, for the search",
            "_sqlite_migrations": "the migrations applied",
        },
    ),
)
"""Every table has its place here; a name that no database has (yet) is passed over."""

_INNER = re.compile(r"reports_fts_|sqlite_")
_JSON = re.compile(r"\bJSON\b")
_HEAD = """\
# The tables of archive.db

Made by `make docs` from the database and `config/datasette.yml`; not edited by hand. The site shows the same words
beside each table, and `/archive` takes SQL.

**Missing values.** NULL means that there is no number or no text; it never means 0. Why a cell of the form has no
number is its `state` in `cells`: *blank* (the cell is there and empty), *na_mark* (“/”, “—”, 无), *unreadable*
(something is there and cannot be read) or *absent* (the document does not have the cell). Sums over a column leave
NULLs out, as SQL does: count the numbers beside the sum. Texts that the crawl or the form gives may also be the empty
string, which says the same as NULL: ask for `coalesce(column, '') = ''`. An empty `member` is a document that stands
for itself, not in a ZIP; an empty `raw` or section is what is printed there: nothing.

**Units** stand with each column: 件 are items or cases, 万元 is 10,000 yuan. Times are UTC, ISO 8601 with `Z`; dates
are ISO 8601. Places on a page are points (1/72 inch) from its top left corner. Confidences go from 0 to 1.

**Keys.** `report_key`, `sha256` and the keys of cells come from content and stay the same when the database is made
anew; `id` and what ends in `_id` may change with it, but for the ids of sites, runs and records.
"""


def document(db: sqlite3.Connection, descriptions: Mapping[str, Any]) -> str:
    """The page, in Markdown. ``descriptions``: of tables, as config/datasette.yml has them.

    Raises:
        SchemaError: a table or column is not described, or a table stands in no part.
    """
    shapes = {shape.name: shape for shape in shapes_of(db)}
    _demand_all(shapes, descriptions)
    lines = [_HEAD, _json_note(shapes, descriptions), *_contents(shapes)]
    for part in PARTS:
        names = [name for name in part.tables if name in shapes and not shapes[name].is_view]
        if names:
            lines += [f"## {part.title}", "", part.words, ""]
        for name in names:
            lines += _table(shapes[name], descriptions[name], f"Source: {part.tables[name]}.")
    lines += ["## Views", "", "Queries that are kept under a name; they hold nothing themselves.", ""]
    for shape in shapes.values():
        if shape.is_view:
            source = f"Made of: {', '.join(_link(name) for name in shape.reads)}."
            lines += _table(shape, descriptions[shape.name], source)
    return "\n".join(lines).rstrip("\n") + "\n"


def _demand_all(shapes: Mapping[str, Shape], descriptions: Mapping[str, Any]) -> None:
    placed = {name for part in PARTS for name in part.tables}
    faults = []
    for name, shape in shapes.items():
        told = descriptions.get(name, {})
        missing = [column.name for column in shape.columns if not told.get("columns", {}).get(column.name)]
        if not told.get("description") or missing:
            what = f"its columns {', '.join(missing)}" if missing else "it"
            faults.append(f"{name}: {what} must be described in config/datasette.yml")
        if not shape.is_view and name not in placed:
            faults.append(f"{name}: say where its rows come from, in PARTS of publish/schema_document.py")
    if faults:
        raise SchemaError("; ".join(faults))


def shapes_of(db: sqlite3.Connection) -> Iterator[Shape]:
    """Tables and views in the order in which they were made, but for those that SQLite and its search keep inside."""
    made = db.execute("select name, type, sql from sqlite_master where type in ('table', 'view') order by rowid")
    every = [(name, kind == "view", sql) for name, kind, sql in made.fetchall() if not _INNER.match(name)]
    names = [name for name, _, _ in every]
    for name, is_view, sql in every:
        reads = tuple(other for other in names if other != name and is_view and _is_read(other, sql))
        yield Shape(name, is_view, tuple(_columns(db, name)), tuple(_indexes(db, name)), reads)


def _is_read(name: str, sql: str) -> bool:
    return re.search(rf'\b(?:from|join)\s+"?{re.escape(name)}"?\b', sql, re.IGNORECASE) is not None


def _columns(db: sqlite3.Connection, table: str) -> Iterator[Column]:
    targets: dict[str, str] = {}
    for _, number, other, column, target, *_ in db.execute(f'pragma foreign_key_list("{table}")'):
        targets[column] = f"→ {_link(other)}" + (f" ({target})" if number or target not in (None, "id") else "")
    columns = db.execute(f'pragma table_info("{table}")').fetchall()
    is_single = sum(position > 0 for *_, position in columns) == 1
    for _, name, kind, _, _, position in columns:
        primary = "" if not position else "primary" if is_single else f"primary {position}"
        keys = [primary, targets.get(name, "")]
        yield Column(name, kind.lower(), ", ".join(key for key in keys if key))


def _indexes(db: sqlite3.Connection, table: str) -> Iterator[str]:
    for _, index, is_unique, origin, *_ in db.execute(f'pragma index_list("{table}")').fetchall():
        if origin != "pk":
            columns = ", ".join(f"`{row[2]}`" for row in db.execute(f'pragma index_info("{index}")'))
            yield f"{columns}{' (unique)' if is_unique else ''}"


def _json_note(shapes: Mapping[str, Shape], descriptions: Mapping[str, Any]) -> str:
    """Which columns hold JSON, by their descriptions."""
    found = []
    for shape in shapes.values():
        told = descriptions[shape.name]["columns"]
        names = [f"`{column.name}`" for column in shape.columns if _JSON.search(told[column.name])]
        if names:
            found.append(f"{_link(shape.name)}: {', '.join(names)}")
    return f"**JSON.** Text that holds JSON, for `json_each` and `json_extract`: {'; '.join(found)}.\n"


def _contents(shapes: Mapping[str, Shape]) -> Iterator[str]:
    for part in PARTS:
        if names := [_link(name) for name in part.tables if name in shapes and not shapes[name].is_view]:
            yield f"- {part.title}: {', '.join(names)}"
    yield f"- Views: {', '.join(_link(shape.name) for shape in shapes.values() if shape.is_view)}"
    yield ""


def _link(name: str) -> str:
    return f"[{name}](#{name})"


def _table(shape: Shape, told: Mapping[str, Any], source: str) -> list[str]:
    lines = [f"### {shape.name}", "", _cell(told["description"]), "", source, ""]
    has_keys = any(column.key for column in shape.columns)
    lines += [
        "| column | type |" + (" key |" if has_keys else "") + " what it is |",
        "|---|---|---|" + "---|" * has_keys,
    ]
    for column in shape.columns:
        key = f" {column.key} |" if has_keys else ""
        lines.append(f"| {column.name} | {column.kind or '-'} |{key} {_cell(told['columns'][column.name])} |")
    if shape.indexes:
        lines += ["", f"Indexes: {'; '.join(shape.indexes)}."]
    return [*lines, ""]


def _cell(text: str) -> str:
    """Text in Markdown: what would end a column or begin a tag is not that."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def described() -> Mapping[str, Any]:
    """The descriptions of tables and columns of config/datasette.yml."""
    told: Mapping[str, Any] = parse_metadata(DESCRIPTIONS.read_text("utf-8"))["databases"]["archive"]["tables"]
    return told


def new_database(folder: Path) -> Path:
    """A database as this version makes it, of an archive that holds nothing."""
    from crawler.archive import Archive  # noqa: PLC0415  # only to write the page
    from extract.pipeline import extract  # noqa: PLC0415  # as above

    Archive(folder / "archive", holds="sample")
    extract(folder / "archive", folder / "archive.db")
    return folder / "archive.db"


def main(arguments: Sequence[str] = ()) -> None:
    """Write docs/schema.md."""
    target = Path(arguments[0]) if arguments else DOCUMENT
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        path = new_database(Path(folder))
        with closing(sqlite3.connect(path)) as db:
            target.write_text(document(db, described()), "utf-8")


if __name__ == "__main__":
    main()
