"""The cells drawn, each with its name in words and where to look: what the sheets and sample.json are made of."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from extract.accuracy import FORMAT
from publish.accuracy.draw import Stratum, draw
from publish.accuracy.population import CHANGED, PopulationError, cells_of, of_stratum, report_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from publish.accuracy.population import Population, Row

TABLES = {"disclosure": "主动公开情况", "requests": "收到和处理申请情况", "disputes": "复议、诉讼情况"}
OLDER = "统计表（2014 年及以前格式）"
_FIGURES = {"year": "本年", "cumulative": "历年累计"}
_LABELS = """
    select key, table_key, group_zh, number_zh, row_label_zh, column_label_zh, unit from form_cells where form = ?"""
_IN_ITS_UNIT = "disclosure.procurement_amount"
"""The one cell whose unit no form fixes."""
_UNIT = "select procurement_unit from reading_disclosure where reading_id = ?"
_STATISTICS = "select position, label, unit from reading_statistics where reading_id = ?"


@dataclass(frozen=True, slots=True)
class Item:
    """One cell drawn. ``number`` counts from 1.

    ``table``, ``row``, ``column``: which cell, in the form's words (older statistics: as printed). ``unit``: 件, 万元.
    ``where``: where we found it, for people. ``picture``: the file to look at, below pictures/; ``document``: the whole
    original. ``state``, ``value`` (in the unit), ``raw`` and ``confidence``: as we read it, which the readers must not
    know.
    """

    number: int
    format: str
    band: str
    stratum_state: str
    report_key: str
    sha256: str
    member: str
    reader: str
    issuer: str
    year: int | None
    url: str
    key: str
    table: str
    row: str
    column: str
    unit: str
    where: str
    picture: str
    document: str
    state: str
    value: float | None
    raw: str | None
    confidence: float | None

    @property
    def stratum(self) -> Stratum:
        """What it was drawn as."""
        return Stratum(self.format, self.band, self.stratum_state)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands, as archive.db has it, and all that its table's cells say: for framing its row."""

    cell: Row
    cells: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stratum with its size in the whole and how many cells of it were drawn: a cell's chance is drawn / size."""

    stratum: Stratum
    size: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A draw, whole: enough to draw it again and to weight it back."""

    id: str
    seed: int
    drawn_on: str
    digest: str
    archive_id: str
    holds: str
    strata: tuple[Drawn, ...]
    items: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        """As sample.json and the published result keep it."""
        return {
            "format": FORMAT,
            "sample": self.id,
            "seed": self.seed,
            "drawn_on": self.drawn_on,
            "database": {"cells_sha256": self.digest, "archive_id": self.archive_id, "holds": self.holds},
            "strata": [{**asdict(one.stratum), "size": one.size, "drawn": one.drawn} for one in self.strata],
            "items": [asdict(item) for item in self.items],
        }


def sample_from(told: Mapping[str, Any]) -> Sample:
    """The sample that ``as_json`` gave.

    Raises:
        KeyError, TypeError, ValueError: it is none of this format.
    """
    if told["format"] != FORMAT:
        raise ValueError(f"format {told['format']}")
    database = told["database"]
    strata = tuple(
        Drawn(Stratum(one["format"], one["band"], one["state"]), int(one["size"]), int(one["drawn"]))
        for one in told["strata"]
    )
    items = tuple(Item(**item) for item in told["items"])
    return Sample(
        id=str(told["sample"]),
        seed=int(told["seed"]),
        drawn_on=str(told["drawn_on"]),
        digest=str(database["cells_sha256"]),
        archive_id=str(database["archive_id"]),
        holds=str(database["holds"]),
        strata=strata,
        items=items,
    )


def sample_of(
    db: sqlite3.Connection, population: Population, number: int, *, seed: int, drawn_on: str, archive: tuple[str, str]
) -> tuple[Sample, tuple[Place, ...]]:
    """The cells that this seed draws, with the place of each.

    Raises:
        DrawError: see ``draw``.
        PopulationError: the database changed while it was read.
    """
    rng = random.Random(seed)  # noqa: S311  # it must be drawn again by anybody, not be secret
    picked = draw(population.sizes, number, rng)
    found = list(_found(db, population, picked))
    items = tuple(replace(item, number=position) for position, (item, _) in enumerate(found, 1))
    strata = tuple(Drawn(stratum, population.sizes[stratum], len(at)) for stratum, at in picked.items())
    names = [[item.report_key, item.sha256, item.member, item.key] for item in items]
    name = hashlib.sha256(json.dumps([population.digest, seed, names]).encode()).hexdigest()[:8]
    sample = Sample(
        f"s{drawn_on.replace('-', '')}-{seed}-{name}", seed, drawn_on, population.digest, *archive, strata, items
    )
    return sample, tuple(place for _, place in found)


def _found(
    db: sqlite3.Connection, population: Population, picked: Mapping[Stratum, Sequence[int]]
) -> Iterator[tuple[Item, Place]]:
    """By report and key, so that who reads opens each document once."""
    wanted: dict[int, list[tuple[Stratum, int]]] = defaultdict(list)
    for stratum, positions in picked.items():
        for position in positions:
            at, own = population.at(stratum, position)
            wanted[at].append((stratum, own))
    reports = {report_id: report_of(db, report_id) for report_id in wanted}
    for report_id, report in sorted(reports.items(), key=lambda one: str(one[1]["report_key"])):
        cells = cells_of(db, report["reading_id"])
        names = _names(db, report)
        chosen = []
        for stratum, own in wanted[report_id]:
            alike = of_stratum(cells, stratum)
            if own >= len(alike):
                raise PopulationError(CHANGED)
            chosen.append((stratum, alike[own]))
        for stratum, cell in sorted(chosen, key=lambda one: str(one[1]["key"])):
            yield _item(report, stratum, cell, names), Place(cell, tuple(cells))


@dataclass(frozen=True, slots=True)
class _Name:
    """A cell in words."""

    table: str
    row: str
    column: str
    unit: str


def _item(report: Row, stratum: Stratum, cell: Row, names: Mapping[str, _Name]) -> Item:
    name = names.get(cell["key"]) or _Name("", cell["key"], "", "")
    return Item(
        number=0,
        format=stratum.format,
        band=stratum.band,
        stratum_state=stratum.state,
        report_key=report["report_key"],
        sha256=report["sha256"],
        member=report["member"],
        reader=report["reader"],
        issuer=report["issuer_printed"],
        year=report["year"],
        url=report["url"] or "",
        key=cell["key"],
        table=name.table,
        row=name.row,
        column=name.column,
        unit=name.unit,
        where=_where(cell),
        picture="",
        document="",
        state=cell["state"],
        value=cell["value"],
        raw=cell["raw"],
        confidence=cell["confidence"],
    )


def _names(db: sqlite3.Connection, report: Row) -> dict[str, _Name]:
    """What each cell of a report is called: by its form, or by the labels of its older statistics."""
    names = {}
    printed_unit = next(iter(db.execute(_UNIT, [report["reading_id"]])), {"procurement_unit": None})["procurement_unit"]
    for row in db.execute(_LABELS, [report["form"]]):
        above = f"{row['group_zh']} " if row["group_zh"] and row["table_key"] != "disputes" else ""
        label = row["group_zh"] if row["table_key"] == "disputes" else above + row["number_zh"] + row["row_label_zh"]
        table = TABLES.get(row["table_key"], row["table_key"])
        unit = (printed_unit or "") if row["key"] == _IN_ITS_UNIT else row["unit"]
        names[row["key"]] = _Name(table, label, row["column_label_zh"], unit)
    for row in db.execute(_STATISTICS, [report["reading_id"]]):
        for figure, column in _FIGURES.items():
            key = f"statistics.{row['position']}.{figure}"
            names[key] = _Name(OLDER, row["label"], column, row["unit"] or "")
    return names


def _where(cell: Row) -> str:
    """Where we read it, counted from 1 as people count."""
    if cell["page"] is not None:
        return f"第 {cell['page']} 页"
    if cell["table_index"] is not None:
        return f"第 {cell['table_index'] + 1} 个表格，第 {cell['row_index'] + 1} 行"
    return "正文" if cell["start"] is not None else "未记下位置，请在全文中找"
