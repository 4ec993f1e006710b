"""What one number of a form has to do with another form's: config/concepts.json, and the view ``concepts`` made of it.

Each number bears how far it may be set beside those of the same concept in other forms: yes, partly, weak or no.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

CONFIG = Path(__file__).resolve().parent.parent.parent / "config" / "concepts.json"
COLUMNS = (
    "report_id",
    "report_key",
    "agency_id",
    "year",
    "scope",
    "form",
    "concept",
    "value",
    "comparable",
    "note",
    "note_en",
)
"""The columns of the view: whose number it is, what, how far it may be compared, and why (Chinese, English)."""

Comparable = Literal["yes", "partly", "weak", "no"]
_REPORT = "report_id, report_key, agency_id, year, scope, form"


class ConceptError(Exception):
    """config/concepts.json is no list of concepts; names what is missing."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where some forms state a concept: the sum of the cells ``keys`` (all of one table)."""

    forms: tuple[str, ...]
    keys: tuple[str, ...]
    comparable: Comparable
    note_zh: str
    note_en: str

    @property
    def table(self) -> str:
        """disclosure, requests, disputes or statistics."""
        return self.keys[0].partition(".")[0] if "." in self.keys[0] else "statistics"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that the forms count, in ``unit``."""

    id: str
    title_zh: str
    title_en: str
    unit: str
    sources: tuple[Source, ...]


@cache
def load_concepts(path: Path = CONFIG) -> tuple[Concept, ...]:
    """All concepts, in the order of the file.

    Raises:
        ConceptError: the file is no JSON, or lacks a field.
    """
    try:
        return tuple(_concept(item) for item in json.loads(path.read_text("utf-8"))["concepts"])
    except (KeyError, TypeError, ValueError) as error:
        raise ConceptError(f"{path.name}: not a list of concepts ({error!r}); compare it with that of git") from error


def _concept(item: dict[str, Any]) -> Concept:
    title_zh, title_en = item["title"]
    sources = tuple(_source(source, item) for source in item["sources"])
    return Concept(item["concept"], title_zh, title_en, item["unit"], sources)


def _source(source: dict[str, Any], item: dict[str, Any]) -> Source:
    """A source's own mark and note go before those of its concept."""
    note_zh, note_en = source.get("note", item["note"])
    mark = source.get("comparable", item["comparable"])
    return Source(tuple(source["forms"]), tuple(source["keys"]), mark, note_zh, note_en)


def view_sql(concepts: tuple[Concept, ...] | None = None) -> str:
    """The SQL of the view: one row a report and concept whose number is stated, of :data:`COLUMNS`.

    It reads the views disclosure, requests, disputes and statistics. One simple select a source, so that a filter on
    concept leaves out all others and one on year reaches the reports. A row of the older statistics that is printed
    twice (own level, and territory) states no one number, and is left out.
    """
    return "\nunion all\n".join(
        _select(concept, source)
        for concept in (load_concepts() if concepts is None else concepts)
        for source in concept.sources
    )


def _select(concept: Concept, source: Source) -> str:
    value, rows, count = _rows_of(source)
    head = ", ".join(
        f"{what} as {name}"
        for name, what in {
            "concept": _text(concept.id),
            "value": f"sum({value})" if count else value,
            "comparable": _text(source.comparable),
            "note": _text(source.note_zh),
            "note_en": _text(source.note_en),
        }.items()
    )
    forms = ", ".join(map(_text, source.forms))
    chosen = f"select {_REPORT}, {head} from {source.table} where form in ({forms}){rows}"
    if not count:
        return f"{chosen} and {value} is not null"
    # year and agency_id follow from report_id: named here, a filter on them is asked before the rows are grouped
    once = f" and count(distinct key) = {count}" if source.table == "statistics" and count > 1 else ""
    return f"{chosen} group by report_id, year, agency_id having count(*) = {count} and count({value}) = {count}{once}"


def _rows_of(source: Source) -> tuple[str, str, int]:
    """The value in each row, which rows, and how many of them must be there to be added; 0 where it is always one."""
    names = [key.rpartition(".")[2] if source.table != "requests" else key.split(".")[1] for key in source.keys]
    if source.table == "disclosure":
        return " + ".join(names), "", 0
    if source.table == "requests":
        return " + ".join(names), " and applicant = 'total'", 0
    if source.table == "statistics":
        return "value", f" and key in ({', '.join(map(_text, names))})", len(names)
    routes, results = zip(*(name.rsplit("_", 1) for name in names), strict=True)
    rows = f" and route in ({', '.join(map(_text, routes))})"
    return results[0], rows, len(routes) if len(routes) > 1 else 0


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
