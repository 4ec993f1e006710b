"""What earlier runs of a site learnt: where its columns are, which reports they listed, when it was searched last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.items import Listing, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEARCH_AGAIN_DAYS = 28
_SEARCH_AGAIN_DAYS_IN_SEASON = 7
_SEASON = (1, 2, 3, 4)  # months: reports are due by 31 January and 31 March (条例 article 49, 50)


@dataclass(frozen=True)
class Known:
    """From the last run that found reports; ``searched_at``: when the site's pages were last searched for columns."""

    columns: tuple[str, ...] = ()
    listed: Mapping[str, Listing] = field(default_factory=dict)
    searched_at: str = ""

    def should_discover(self, now: dt.datetime) -> bool:
        """Whether it is time to search the site for columns again: sites make new ones, most of them in season."""
        if not self.searched_at:
            return False
        days = _SEARCH_AGAIN_DAYS_IN_SEASON if now.month in _SEASON else _SEARCH_AGAIN_DAYS
        return now - dt.datetime.fromisoformat(self.searched_at) >= dt.timedelta(days=days)


NOTHING = Known()


def known_of(records: Iterable[object], current_run: str) -> Known:
    """From a site's records in stored order, those of the run that is under way left out."""
    runs: dict[str, Run] = {}
    listings: dict[str, list[Listing]] = {}
    for record in records:
        if isinstance(record, Run):
            runs[record.run_id] = record
        elif isinstance(record, Listing) and record.run_id != current_run:
            listings.setdefault(record.run_id, []).append(record)
    ended = [run for run in runs.values() if run.finished_at and run.run_id != current_run]
    last = next((run for run in reversed(ended) if run.counts.get("reports")), None)
    searched = next((run for run in reversed(ended) if run.counts.get("discovery")), None)
    told = listings.get(last.run_id, []) if last else []
    return Known(
        tuple(dict.fromkeys(listing.url for listing in told if listing.verdict == "column")),
        {listing.url: listing for listing in told if listing.verdict == "report"},
        searched.finished_at if searched else "",
    )
