"""What the crawler learns: what a site says, what was received, what failed, and what came of it.

All times are UTC, ISO 8601 with a trailing ``Z``; all URLs are absolute. Each record is written into the archive,
so that archive and config are enough to build archive.db again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One line of the registry (config/sites.csv), as it was when a run used it.

    Only ``id`` and ``start_url`` are required; what else is empty is found out while crawling.
    ``start_url`` is the way in, usually the home page; ``entry_points`` are the known columns of yearly reports.
    ``evidence`` is an address on this site that was seen, and what it holds. ``confidence`` is of the entry points:
    ``high`` (an address that was seen), ``medium`` (derived by the family's rule), ``low`` (only the host is known).
    """

    id: str
    start_url: str
    name: str = ""
    agency: str = ""
    level: str = ""
    region_code: str = ""
    family: str = ""
    entry_points: tuple[str, ...] = ()
    evidence: str = ""
    confidence: str = ""


NO_LONGER_LISTED = "no longer listed where it was"
"""The reason of a report that an earlier run listed, and that this one had by its address alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a site says it has: one entry of a list, with the documents its page leads to.

    ``verdict`` is ``report`` (followed), ``skipped`` (kept with its ``reason``, never fetched) or ``column`` (a page
    that lists or links reports, from which later runs begin).
    ``attachments`` are the documents linked from the landing page, in page order.
    """

    run_id: str
    site_id: str
    url: str
    title: str
    found_on: str
    verdict: str
    reason: str = ""
    published_on: str = ""
    publisher: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relisted:
    """What a run found listed just as it was before, by address: the newest Listing of each still stands.

    A column that is crawled daily would else be noted in full each day. Written once, before the run's end.
    """

    run_id: str
    site_id: str
    entries: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response kept in the archive, and where its bytes are.

    ``sha256`` (hex) is that of the decoded body, Content-Encoding removed: the identity of a document.
    ``payload_digest`` is the WARC's own, over the body as received (RFC 9110 content, WARC 1.1 section 5.8).
    ``warc`` is relative to the archive's root; ``offset`` and ``length`` are bytes of the compressed record.
    ``location`` is where a redirect points, absolute.
    A capture whose body was stored before points at that first record and names it in ``revisit_of`` (its record id).
    """

    run_id: str
    site_id: str
    url: str
    fetched_at: str
    status: int
    claimed_type: str
    sniffed_type: str
    size: int
    sha256: str
    payload_digest: str
    warc: str
    offset: int
    length: int
    record_id: str
    location: str = ""
    revisit_of: str = ""
    truncated: bool = False


LISTED_AS = "; listed as "
"""What stands in a Failure's message before the title that a list gave the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An address that gave nothing to keep, or a wall: ``kind`` says which, ``message`` is for the person who reads it.

    Kinds: gone (404, 410), blocked (412, 521, 403 and the like), robots, refused (connection), timeout, truncated,
    server_error, too_large, unsafe_address, not_followed, other.
    """

    run_id: str
    site_id: str
    url: str
    failed_at: str
    kind: str
    message: str
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl of one site. Written at its start (``finished_at`` empty) and again at its end.

    ``counts`` holds what was above 0. Of what was stored: captures (new, unchanged, unverified), and pages: those that
    answered 2xx or 304, without robots.txt. Of what was listed: reports (each one listed, asked for again or not),
    unlisted (those that are there but NO_LONGER_LISTED), skipped, columns. Of what was not asked for: not_due (came
    from the archive). Of the search for columns: discovery (links asked for), discovery_left. Of what failed:
    failures, and each kind of Failure by its name (gone, blocked, ...).

    ``verdict``: ok, nothing_new, fewer (less than 0.7 of the reports of the run before), empty (no report ever),
    redesigned (there were reports before), moved (all leads to another host), blocked, robots, down, interrupted,
    archive_failed, not_run, cut (the budget of pages or minutes ended it; the next run goes on).
    """

    run_id: str
    site_id: str
    started_at: str
    code_version: str
    finished_at: str = ""
    finish_reason: str = ""
    verdict: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
