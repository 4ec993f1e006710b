"""The manifest of the sample portal as records: what it holds, cell by cell, and what is no report.

The portal has two editions: that of the first day, and that of the next, when numbers were altered, a report is gone
and another is there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.items import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = Path(__file__).with_name("manifest.json")
DOCUMENTS = Path(__file__).with_name("documents")
_RECOGNISED = ("lanting-xz", "maipu")
_AGENCIES = {"lanting": "岚汀县人民政府", "maipu": "麦浦镇人民政府"}
"""Whose sites they are, where a site is one agency's; the others are of the whole county."""
FIRST_DAY, NEXT_DAY = 1, 2


@dataclass(frozen=True)
class SampleSite:
    """One site of the portal: a loopback address in the markup of one family. ``edition``: the day that it shows."""

    id: str
    name: str
    family: str
    address: str
    start_path: str
    edition: int = FIRST_DAY


@dataclass(frozen=True)
class SampleReport:
    """One report. ``cells``: key -> number, None where none is stated (``states`` says how).

    ``states``: blank, na_mark, or unreadable; then ``typed`` has what is printed.
    ``form``: 2014 (``statistics``: row -> number, and no cells), 2019, 2021, or empty: prose, or a picture of it.
    ``published_as``: html, pdf, docx, html+pdf, html+docx or image; ``page`` and ``attachments`` are paths, ``files``
    the attachments' files in sample/documents; ``twin``: what these print otherwise than the page.
    ``itself``: what the agency calls itself; ``voice``: (number, year), from which its sentences are chosen, so that
    two reports of one voice read alike; ``told``: numbers of the prose that are not those of the tables.
    """

    site: str
    issuer: str
    year: int
    form: str
    title: str
    published_on: str
    published_as: str
    style: str
    encoding: str
    itself: str
    voice: tuple[int, int]
    told: Mapping[str, int]
    page: str
    attachments: tuple[str, ...]
    files: tuple[str, ...]
    violations: tuple[Mapping[str, str], ...]
    states: Mapping[str, str]
    typed: Mapping[str, str]
    twin: Mapping[str, int]
    statistics: Mapping[str, int]
    cells: Mapping[str, int | float | None]

    @property
    def who(self) -> tuple[str, int]:
        """Whose report it is, of which year."""
        return self.issuer, self.year

    @property
    def has_tables(self) -> bool:
        """Whether the page itself prints the report."""
        return self.published_as.startswith("html")

    @property
    def as_attached(self) -> SampleReport:
        """The report as the file beside the page prints it."""
        return replace(self, cells={**self.cells, **self.twin})


@dataclass(frozen=True)
class Other:
    """A page that is no report (``what`` it is), or one that cannot be had (gone, blocked, robots)."""

    site: str
    path: str
    title: str
    what: str


@dataclass(frozen=True)
class Manifest:
    """One edition of it. ``altered``: (issuer, year) -> the cells that read otherwise the next day, and how.

    ``truths``: what must come out of comparing the reports, as lists of plain records (see sample/README.md).
    """

    sites: tuple[SampleSite, ...]
    reports: tuple[SampleReport, ...]
    decoys: tuple[Other, ...]
    unavailable: tuple[Other, ...]
    altered: Mapping[tuple[str, int], Mapping[str, int]]
    vanished: frozenset[tuple[str, int]]
    new: frozenset[tuple[str, int]]
    truths: Mapping[str, list[dict[str, Any]]]

    def of(self, site: str) -> list[SampleReport]:
        """A site's reports, newest first, as its lists show them."""
        return sorted(
            (r for r in self.reports if r.site == site), key=lambda r: (r.published_on, r.title), reverse=True
        )


def _report(fields: dict[str, Any]) -> SampleReport:
    lists = ("attachments", "files", "violations", "voice")
    values: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in fields.items()}
    return SampleReport(**values)


@cache
def load(edition: int = FIRST_DAY) -> Manifest:
    """The manifest as it stands in the repository: what the portal shows on the first day or the next."""
    data = json.loads(MANIFEST.read_text("utf-8"))
    next_day = data["next_day"]
    altered = {(item["issuer"], item["year"]): item["cells"] for item in next_day["altered"]}
    vanished, new = (frozenset((item["issuer"], item["year"]) for item in next_day[key]) for key in ("vanished", "new"))
    reports = [_report(report) for report in data["reports"]]
    if edition == FIRST_DAY:
        reports = [report for report in reports if report.who not in new]
    else:
        reports = [
            replace(report, cells={**report.cells, **altered.get(report.who, {})})
            for report in reports
            if report.who not in vanished
        ]
    return Manifest(
        tuple(SampleSite(**site, edition=edition) for site in data["sites"]),
        tuple(reports),
        tuple(Other(**decoy) for decoy in data["decoys"]),
        tuple(Other(o["site"], o["path"], o["title"], o["kind"]) for o in data["unavailable"]),
        altered,
        vanished,
        new,
        data["truths"],
    )


def registry(port: int) -> list[Site]:
    """The portal's lines for the crawler's registry; two sites leave their family to be recognised."""
    return [
        Site(
            id=site.id,
            name=site.name,
            agency=_AGENCIES.get(site.id, ""),
            level="township" if site.id == "maipu" else "county",
            region_code="990101102" if site.id == "maipu" else "990101",
            family="" if site.id in _RECOGNISED else site.family,
            start_url=f"http://{site.address}:{port}{site.start_path}",
        )
        for site in load().sites
    ]
