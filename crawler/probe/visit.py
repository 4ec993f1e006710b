"""The visit itself: a short, polite crawl into an archive that stays, a second one for what can say it has not changed.

What the archive holds of a site is not asked for again while its line in the registry stays the same: after a change in
a family the facts are told anew without a request. A visit that was cut off goes on where it was.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crawler.archive import Archive
from crawler.items import Capture, Failure, Listing, Relisted, Run, Site
from crawler.probe.access import has_validators
from crawler.probe.items import Answer, Probed
from crawler.run import crawl
from crawler.sniff import HTML, TEXT, XML

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

SETTINGS: Mapping[str, Any] = {
    "MOST_LEADS": 15,
    "CLOSESPIDER_PAGECOUNT": 30,
    "CLOSESPIDER_TIMEOUT": 900,
    "RETRY_TIMES": 1,
}
AGAIN: Mapping[str, Any] = {"MOST_LEADS": 1, "CLOSESPIDER_PAGECOUNT": 5}
_ENDINGS = {HTML: "html", XML: "xml", TEXT: "txt"}


def probe(
    sites: Sequence[Site],
    folder: Path,
    *,
    lines: Mapping[str, int],
    allow_addresses: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Probed]:
    """Visit the sites that were not visited yet, keep what came in ``folder``, and give it back.

    ``lines``: where each site stands in the registry. Robots are obeyed, thirty answers a site at most, and five more
    of a site that sends validators.

    Raises:
        CrawlError: no contact is set and a site is public.
        ArchiveError: the archive holds something else, cannot be written, or is damaged.
    """
    root = folder / "archive"
    chosen = {**SETTINGS, **(settings or {})}

    def visit(some: Sequence[Site], **more: Any) -> None:
        if some:
            crawl(
                some,
                archive_root=root,
                allow_addresses=allow_addresses,
                settings={**chosen, **more},
                on_progress=on_progress,
            )

    visit([site for site in sites if not (root.exists() and _Visits.of(Archive(root), site).finished)])
    archive = Archive(root)
    brought = [_brought(archive, site, lines.get(site.id, 0), folder) for site in sites]
    visit([one.site for one in brought if _can_be_asked_again(archive, one)], **AGAIN)
    return [_with_second(archive, one) for one in brought]


def lines_of(path: Path) -> dict[str, int]:
    """Site's id -> line of the registry that it ends in."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return {(row.get("id") or "").strip(): rows.line_num for row in rows}


@dataclass
class _Visits:
    """The runs of a site under its present line, in order, with what each of them noted."""

    runs: dict[str, Run] = field(default_factory=dict)
    notes: dict[str, list[Capture | Listing | Failure]] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: Archive, site: Site) -> _Visits:
        visits = cls()
        is_present = False
        for _, record in archive.records(site.id):
            if isinstance(record, Site):
                is_present = record == site
            elif isinstance(record, Run):
                if is_present or record.run_id in visits.runs:
                    visits.runs[record.run_id] = record
            elif not isinstance(record, Relisted):
                visits.notes.setdefault(record.run_id, []).append(record)
        return visits

    @property
    def finished(self) -> list[Run]:
        return [run for run in self.runs.values() if run.finished_at]


def _brought(archive: Archive, site: Site, line: int, folder: Path) -> Probed:
    visits = _Visits.of(archive, site)
    run = next(iter([*visits.finished, *visits.runs.values()]), None)
    if run is None:
        nothing = Run(run_id="", site_id=site.id, started_at="", code_version="", verdict="not_run")
        return Probed(site, line, nothing)
    if not run.finished_at:
        run = replace(run, verdict="interrupted")
    kept = _keep(archive, site, folder)
    notes = visits.notes.get(run.run_id, [])
    return Probed(
        site,
        line,
        run,
        tuple(_answer(archive, one, kept) for one in notes if isinstance(one, Capture)),
        tuple(one for one in notes if isinstance(one, Listing)),
        tuple(one for one in notes if isinstance(one, Failure)),
    )


def _answer(archive: Archive, capture: Capture, kept: Mapping[tuple[str, int], str]) -> Answer:
    """What came; where a later run had a 304, the page that it stands for."""
    return Answer(
        capture.url,
        200 if capture.status == 304 else capture.status,
        _headers(archive, capture),
        archive.get(capture),
        capture.sniffed_type,
        capture.location,
        kept.get((capture.warc, capture.offset), ""),
    )


def _headers(archive: Archive, capture: Capture) -> dict[str, str]:
    return {name.lower(): value for name, value in reversed(archive.headers(capture))}


def _can_be_asked_again(archive: Archive, brought: Probed) -> bool:
    visits = _Visits.of(archive, brought.site)
    is_first = len(visits.finished) == 1 and bool(brought.run.finished_at)
    return is_first and any(has_validators(one) for one in brought.pages)


def _with_second(archive: Archive, brought: Probed) -> Probed:
    visits = _Visits.of(archive, brought.site)
    later = visits.finished[1:2]
    notes = visits.notes.get(later[0].run_id, []) if later else []
    asked = tuple((one.url, one.status) for one in notes if isinstance(one, Capture))
    return replace(brought, again=asked)


def _keep(archive: Archive, site: Site, folder: Path) -> dict[tuple[str, int], str]:
    """Write each text that came as a fixture, numbered in the order received: names stay as more comes.

    Gives the place of each in the archive -> its path below ``folder``.
    """
    beneath = folder / "fixtures" / (site.family or "unknown") / site.id
    kept: dict[tuple[str, int], str] = {}
    for number, capture in enumerate(_texts(archive, site), 1):
        body = archive.get(capture)
        path = beneath / f"{number}.{_ending(capture, body)}"
        about = {
            "url": capture.url,
            "status": capture.status,
            "fetched_at": capture.fetched_at,
            "headers": archive.headers(capture),
        }
        beneath.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        path.with_suffix(".headers.json").write_text(json.dumps(about, ensure_ascii=False, indent=1), "utf-8")
        kept[capture.warc, capture.offset] = path.relative_to(folder).as_posix()
    return kept


def _texts(archive: Archive, site: Site) -> Iterable[Capture]:
    for _, record in archive.records(site.id):
        if isinstance(record, Capture) and not record.revisit_of and record.size and record.sniffed_type in _ENDINGS:
            yield record


def _ending(capture: Capture, body: bytes) -> str:
    if capture.sniffed_type == TEXT and body.lstrip()[:1] in (b"{", b"["):
        return "json"
    return _ENDINGS[capture.sniffed_type]
