"""One run of one site as it is written down: the spider, the handler and the pipeline all write through it.

A run that was killed is continued under its own id: what it stored is known, and nothing is written twice.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.archive import ArchiveError, RecordError
from crawler.archive.runs import newest_runs
from crawler.items import NO_LONGER_LISTED, Capture, Failure, Listing, Relisted, Run
from crawler.verdicts import judge_run, last_with_reports

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from crawler.archive import Archive, Exchange
    from crawler.items import Site

log = logging.getLogger(__name__)


class Recorder:
    """Opens the site's writer and the run; ``end`` closes both.

    ``reports``: addresses that this process listed as reports, those that a killed one had noted among them: they steer
    the walk, and a continued run must go the same ways. ``answers``: what this process had from the network, robots.txt
    aside. ``failed``: why the archive took no more. What is learnt after
    that is not noted, and the run has no end: the next crawl goes on from what is stored, and learns it again.

    Raises:
        SiteLockedError: another process writes this site.
        ArchiveWriteError: the run's beginning cannot be stored.
    """

    def __init__(self, archive: Archive, site: Site, *, now: Callable[[], dt.datetime], code_version: str) -> None:
        self.archive = archive
        self.site = site
        self.now = now
        self.counts: Counter[str] = Counter()
        self.reports: set[str] = set()
        self.failed: Exception | None = None
        self.answers = 0
        self.writer = archive.writer(site.id)
        self.writer.__enter__()
        try:
            self._begin(code_version)
        except BaseException:
            self.writer.__exit__(None, None, None)  # else the site stays locked as long as this process lives
            raise

    def _begin(self, code_version: str) -> None:
        unfinished = self.writer.unfinished_run()
        self.resumed = unfinished is not None
        self.captured: dict[str, Capture] = {}
        self._noted: set[tuple[str, str, str]] = set()
        self._again: list[Listing] = []
        if unfinished is not None:
            self.run = unfinished
            self._take_up()
        else:
            started = self._time()
            self.run = Run(
                run_id=f"{self.site.id}-{started.replace(':', '').replace('-', '')}",
                site_id=self.site.id,
                started_at=started,
                code_version=code_version,
            )
            self.writer.note(self.site, started)
            self.writer.note(self.run, started)

    def _take_up(self) -> None:
        """What the killed run did so far."""
        self.captured = self.writer.captures_of(self.run.run_id)
        for _, record in self.archive.records(self.site.id):
            if not hasattr(record, "run_id") or record.run_id != self.run.run_id:
                continue
            if isinstance(record, Listing | Failure):
                self._noted.add(_key(record))
                self._count(record)
            elif isinstance(record, Capture):
                self._count_capture(record)

    @property
    def is_blocked(self) -> bool:
        """Whether walls were all that this run met."""
        return bool(self.counts["blocked"]) and not self.counts["reports"]

    def keep(self, exchange: Exchange) -> Capture:
        """Store what was received."""
        with self._noticing_failure():
            capture = self.writer.put(exchange, self.run.run_id)
        self.captured[capture.url] = capture
        self.answers += not _is_rules(capture)
        self._count_capture(capture)
        if exchange.note:
            self.counts["unverified"] += 1
        return capture

    def note(self, record: Listing | Failure) -> None:
        """Store what was learnt; the same about the same address once a run, and a listing that stands by address."""
        if isinstance(record, Listing) and _count_of(record) == "reports":
            self.reports.add(record.url)
        key = _key(record)
        if key in self._noted or self.failed is not None:
            return
        self._noted.add(key)
        if isinstance(record, Listing) and self._stands(record):
            self._again.append(record)
        else:
            with self._noticing_failure():
                self.writer.note(record, self._time())
        self._count(record)

    def _stands(self, listing: Listing) -> bool:
        last = self.writer.last_listing(listing.url, column=listing.verdict == "column")
        return last is not None and replace(last, run_id=listing.run_id) == listing

    def _note_what_stands(self) -> None:
        if self._again:
            entries = tuple(one.url for one in self._again if one.verdict != "column")
            pages = tuple(one.url for one in self._again if one.verdict == "column")
            about = {"run_id": self.run.run_id, "site_id": self.site.id}
            self.writer.note(Relisted(**about, entries=entries, columns=pages), self._time())

    @contextmanager
    def _noticing_failure(self) -> Iterator[None]:
        try:
            yield
        except (ArchiveError, OSError) as error:
            self.failed = error
            raise

    def fail(self, url: str, kind: str, message: str, status: int | None = None) -> None:
        """Note an address that gave nothing to keep, or a wall."""
        self.note(
            Failure(
                run_id=self.run.run_id,
                site_id=self.site.id,
                url=url,
                failed_at=self._time(),
                kind=kind,
                message=message,
                status=status,
            )
        )

    def end(self, finish_reason: str) -> Run:
        """Note the run's end with its verdict, and close the writer.

        Raises:
            ArchiveWriteError: it could not be stored; the run can be continued.
        """
        try:
            return self._end("archive_failed" if self.failed else finish_reason)
        finally:
            self.writer.__exit__(None, None, None)

    def _end(self, finish_reason: str) -> Run:
        verdict = judge_run(finish_reason, self.counts, self._previous())
        if verdict != "interrupted":
            self.run = replace(
                self.run,
                finished_at=self._time(),
                finish_reason=finish_reason,
                verdict=verdict,
                counts=dict(sorted(self.counts.items())),
            )
            if verdict != "archive_failed":
                self._note_what_stands()
                self.writer.note(self.run, self.run.finished_at)
        return self.run

    def _previous(self) -> Run | None:
        """The run that this one is measured by; a damaged record of an old run must not cost this one its end."""
        runs = newest_runs(self.archive.root, self.site.id)
        try:
            return last_with_reports(run for run in runs if run.run_id != self.run.run_id)
        except RecordError as error:
            log.warning("%s: its earlier runs cannot be read (%s); this one is judged alone", self.site.id, error)
            return None

    def _count_capture(self, capture: Capture) -> None:
        self.counts["captures"] += 1
        if _is_page(capture):
            self.counts["pages"] += 1
        self.counts["new" if capture.size and not capture.revisit_of else "unchanged"] += 1  # a redirect is no news

    def _count(self, record: Listing | Failure) -> None:
        if isinstance(record, Failure):
            self.counts["failures"] += 1
            self.counts[record.kind] += 1
        else:
            self.counts[_count_of(record)] += 1

    def _time(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_page(capture: Capture) -> bool:
    """An answer, and not just the rules: what tells a site that is down from one that has changed."""
    answered = 200 <= capture.status < 300 or capture.status == 304
    return answered and not _is_rules(capture)


def _is_rules(capture: Capture) -> bool:
    return urlsplit(capture.url).path == "/robots.txt"


def _count_of(listing: Listing) -> str:
    """What is listed no more is counted apart: else a column that moved would look as if nothing had happened."""
    if listing.reason == NO_LONGER_LISTED:
        return "unlisted"
    return {"report": "reports", "column": "columns"}.get(listing.verdict, "skipped")


def _key(record: Listing | Failure) -> tuple[str, str, str]:
    """A column that is a report itself is listed as both."""
    return type(record).__name__, record.url, "column" if getattr(record, "verdict", "") == "column" else ""
