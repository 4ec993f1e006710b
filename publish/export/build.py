"""One export: every file of it, in a folder that appears whole or not at all.

The same database gives the same bytes: there is no clock here but the newest capture's. Memory does not grow with the
number of reports: all is read in ranges of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publish.export import (
    applicants,
    cells,
    changes,
    checksums,
    codebook,
    datapackage,
    expected,
    findings,
    rollups,
    statistics,
)
from publish.export.citation import write_citation
from publish.export.coverage import Coverage
from publish.export.data_card import write_card
from publish.export.panel import Panel
from publish.export.panel_csv import write_panel
from publish.export.place import MARK, new_export
from publish.export.source import open_source
from publish.export.spill import Spill
from publish.export.variables import names, variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import Any

    from publish.export.columns import Column
    from publish.export.source import Source

    Step = Callable[[str], None]

INSTALL = "pip install 'gongkai[export]'"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to: the rows of each file, and in a line each what was left out and why."""

    rows: dict[str, int]
    reports: int
    withheld: int
    left_out: tuple[str, ...]


def build(database: Path, folder: Path, *, language: str = "zh", step: Step = lambda _: None) -> Exported:
    """Export the database into ``folder``; ``language`` (zh, en) is that of Stata's labels. ``step`` is told each file.

    Raises:
        ExportError: there is no such database, or ``folder`` holds something that is no export.
    """
    with open_source(database) as source, new_export(folder) as fresh:
        making = _Making(source, fresh, language, step)
        making.all()
        return making.made()


class _Making:
    """The files of one export, one after the other."""

    def __init__(self, source: Source, folder: Path, language: str, step: Step) -> None:
        self.source = source
        self.folder = folder
        self.language = language
        self.step = step
        self.release = source.release()
        self.columns = variables()
        self.coverage = Coverage()
        self.rows: dict[str, int] = {}
        self.tables: dict[str, Sequence[Column]] = {}
        self.left_out: list[str] = []

    def all(self) -> None:
        self._panel()
        self.step("requests_by_applicant.csv")
        self.rows["requests_by_applicant.csv"] = applicants.write_applicants(
            self.folder / "requests_by_applicant.csv", self.source
        )
        self._parquet()
        self._about()

    def made(self) -> Exported:
        return Exported(
            dict(self.rows), self.coverage.reports, sum(n for _, n in self.source.withheld()), tuple(self.left_out)
        )

    def _panel(self) -> None:
        self.step("panel.csv")
        header = names(self.columns)
        with Spill(self.folder, len(header)) as spill:
            for batch in write_panel(self.folder / "panel.csv", header, Panel(self.source, self.columns).batches()):
                spill.add(batch)
                self.coverage.add(batch)
            self.rows["panel.csv"] = spill.rows
            self._stata(spill)

    def _stata(self, spill: Spill) -> None:
        try:
            from publish.export.stata import write_dta  # noqa: PLC0415  # of an extra
        except ImportError as error:
            self._lacks("panel.dta", error)
            return
        self.step("panel.dta")
        write_dta(self.folder / "panel.dta", spill, self.columns, self.release, self.language)
        self.rows["panel.dta"] = spill.rows

    def _parquet(self) -> None:
        try:
            from publish.export import cell_batches, parquet  # noqa: PLC0415  # of an extra
        except ImportError as error:
            self._lacks("the Parquet files", error)
            return
        self._long("cells", cells.COLUMNS, cell_batches.batches(self.source))
        for module in (statistics, findings, changes, rollups, expected):
            batches = (parquet.batch(module.COLUMNS, rows) for rows in module.rows(self.source))
            self._long(module.__name__.rpartition(".")[2], module.COLUMNS, batches)

    def _long(self, name: str, columns: Sequence[Column], batches: Iterable[Any]) -> None:
        from publish.export import parquet  # noqa: PLC0415  # of an extra

        file = f"{name}.parquet"
        self.step(file)
        self.rows[file] = parquet.write(self.folder / file, columns, batches)
        self.tables[file] = columns

    def _about(self) -> None:
        """What says what the rest is; the checksums last, for they cover it."""
        self.step("README.md")
        of_applicants = applicants.columns(self.source)
        codebook.write_codebook(self.folder, self.columns, {"requests_by_applicant.csv": of_applicants, **self.tables})
        write_citation(self.folder / "CITATION.cff", self.release)
        write_card(self.folder / "README.md", self.source, self.coverage, self.release, self.rows)
        known = checksums.digests(self.folder)
        schemas = {name: datapackage.fields(columns) for name, columns in self.tables.items()}
        schemas["panel.csv"] = datapackage.panel_fields(self.columns)
        schemas["requests_by_applicant.csv"] = datapackage.fields(of_applicants)
        schemas["codebook.csv"] = datapackage.text_fields(codebook.HEADER)
        datapackage.write_datapackage(self.folder, self.release, known, schemas)
        checksums.write_checksums(self.folder, known | checksums.digests_of(self.folder, MARK))

    def _lacks(self, what: str, error: ImportError) -> None:
        self.left_out.append(f"{what} left out: {error.name or error} is not installed; install it with: {INSTALL}")
