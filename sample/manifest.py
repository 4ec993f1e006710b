"""The manifest of the sample portal as records: what it holds, cell by cell, and what is no report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.items import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = Path(__file__).with_name("manifest.json")
DOCUMENTS = Path(__file__).with_name("documents")
_RECOGNISED = ("lanting-xz", "maipu")


@dataclass(frozen=True)
class SampleSite:
    """One site of the portal: a loopback address in the markup of one family."""

    id: str
    name: str
    family: str
    address: str
    start_path: str


@dataclass(frozen=True)
class SampleReport:
    """One report. ``cells``: key -> number, None where nothing is stated (``states`` says blank or na_mark).

    ``published_as``: html, pdf, docx, html+pdf or html+docx; ``page`` and ``attachments`` are paths, ``files`` the
    attachments' files in sample/documents.
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
    page: str
    attachments: tuple[str, ...]
    files: tuple[str, ...]
    violations: tuple[Mapping[str, str], ...]
    states: Mapping[str, str]
    cells: Mapping[str, int | float | None]

    @property
    def has_tables(self) -> bool:
        """Whether the page itself prints the tables."""
        return self.published_as.startswith("html")


@dataclass(frozen=True)
class Other:
    """A page that is no report (``what`` it is), or one that cannot be had (gone, blocked, robots)."""

    site: str
    path: str
    title: str
    what: str


@dataclass(frozen=True)
class Manifest:
    """All of it."""

    sites: tuple[SampleSite, ...]
    reports: tuple[SampleReport, ...]
    decoys: tuple[Other, ...]
    unavailable: tuple[Other, ...]

    def of(self, site: str) -> list[SampleReport]:
        """A site's reports, newest first, as its lists show them."""
        return sorted(
            (r for r in self.reports if r.site == site), key=lambda r: (r.published_on, r.title), reverse=True
        )


def _report(fields: dict[str, Any]) -> SampleReport:
    lists = ("attachments", "files", "violations")
    values: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in fields.items()}
    return SampleReport(**values)


@cache
def load() -> Manifest:
    """The manifest as it stands in the repository."""
    data = json.loads(MANIFEST.read_text("utf-8"))
    return Manifest(
        tuple(SampleSite(**site) for site in data["sites"]),
        tuple(_report(report) for report in data["reports"]),
        tuple(Other(**decoy) for decoy in data["decoys"]),
        tuple(Other(o["site"], o["path"], o["title"], o["kind"]) for o in data["unavailable"]),
    )


def registry(port: int) -> list[Site]:
    """The portal's lines for the crawler's registry; two sites leave their family to be recognised."""
    return [
        Site(
            id=site.id,
            name=site.name,
            level="county",
            family="" if site.id in _RECOGNISED else site.family,
            start_url=f"http://{site.address}:{port}{site.start_path}",
        )
        for site in load().sites
    ]
